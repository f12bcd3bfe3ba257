//! Where an order is sent: what the label of its parcel says.

/// The lines of a label, top to bottom: who receives it, street, place, country.
///
/// It is never part of a [`WebOrder`](super::WebOrder): tills are told the orders of their store, and none of them needs
/// to know where a customer lives. Central keeps it beside the order for the papers of the warehouse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryAddress {
    lines: Vec<String>,
}

impl DeliveryAddress {
    /// More lines than any label has.
    pub const LINES_MAX: usize = 12;

    /// Of these lines, without those that are empty or say what a line before them says. `None` when none is left.
    pub fn of_lines(wanted: impl IntoIterator<Item = String>) -> Option<Self> {
        let mut lines: Vec<String> = Vec::new();
        for line in wanted {
            if !line.is_empty() && lines.len() < Self::LINES_MAX && !lines.contains(&line) {
                lines.push(line);
            }
        }
        (!lines.is_empty()).then_some(Self { lines })
    }

    /// Its lines, one at least.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_repeats_nothing_and_is_never_empty() {
        let of = |lines: &[&str]| DeliveryAddress::of_lines(lines.iter().map(|line| (*line).to_owned()));
        let label = of(&["Ines Moreau", "", "Ines Moreau", "Quay 1", "00180 Lindholm"]).unwrap();
        assert_eq!(label.lines(), ["Ines Moreau", "Quay 1", "00180 Lindholm"]);
        assert_eq!(of(&["", ""]), None);
        let long: Vec<String> = (0..99).map(|number| number.to_string()).collect();
        assert_eq!(DeliveryAddress::of_lines(long).unwrap().lines().len(), DeliveryAddress::LINES_MAX);
    }
}
