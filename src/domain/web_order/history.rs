//! What was done to an order, when, where and by whom: what a customer is told who asks what became of it, and why a shelf
//! is empty.

use super::super::Timestamp;
use super::super::event::Entry;
use super::super::ids::{OperatorId, OrderNumber, ProductId, WorkstationId};
use super::super::quantity::Quantity;
use super::{LineQuantity, OrderStep, WebOrder};

/// How many steps of an order are told: the latest. All of them stand in the journals.
pub const HISTORY_STEPS_MAX: usize = 48;

/// One step that was taken on an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTaken {
    /// When, by the clock of whoever took it.
    pub at: Timestamp,
    /// What was done. Who collected is told until persons are forgotten: [`forget_collectors`].
    pub step: OrderStep,
    /// Who was signed in; `None` for central and head office.
    pub operator: Option<OperatorId>,
    /// At which till of the store; `None` for central and head office.
    pub workstation: Option<WorkstationId>,
}

impl StepTaken {
    /// A step of a till's entry.
    pub fn at_till(entry: &Entry, step: &OrderStep, workstation: &WorkstationId) -> Self {
        Self {
            at: entry.recorded_at,
            step: step.clone(),
            operator: entry.operator.clone(),
            workstation: Some(workstation.clone()),
        }
    }

    /// A step that central took by its own clock, or head office.
    pub fn at_central(step: &OrderStep, at: Timestamp) -> Self {
        Self { at, step: step.clone(), operator: None, workstation: None }
    }
}

/// Who collected is told no more: the journal knows.
pub fn forget_collectors(history: &mut [StepTaken]) {
    for taken in history {
        if let OrderStep::HandedOver { collector, .. } = &mut taken.step {
            collector.clear();
        }
    }
}

/// Adds a step where its time puts it: a till that was offline brings old ones late. Beyond [`HISTORY_STEPS_MAX`] the oldest
/// go.
pub fn remember(history: &mut Vec<StepTaken>, taken: StepTaken) {
    let newer = history.iter().rev().take_while(|other| other.at > taken.at).count();
    history.insert(history.len() - newer, taken);
    let too_many = history.len().saturating_sub(HISTORY_STEPS_MAX);
    history.drain(..too_many);
}

/// Units of a product that were put aside for an order, or taken back from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// For which order.
    pub order: OrderNumber,
    /// How many; below zero when they went back.
    pub quantity: Quantity,
    /// At which till.
    pub workstation: Option<WorkstationId>,
    /// When the last of them was.
    pub at: Timestamp,
}

/// What was put aside of a product for an order, oldest first. What was picked unit by unit in one go is one.
pub fn list_holds(order: &WebOrder, history: &[StepTaken], product: &ProductId) -> Vec<Hold> {
    let mut holds: Vec<Hold> = Vec::new();
    let of_product =
        |what: &LineQuantity| order.line(what.line).is_some_and(|line| line.product == *product && line.stocked);
    for taken in history {
        let quantity = match &taken.step {
            OrderStep::Picked { what, .. } if of_product(what) => what.quantity,
            OrderStep::PickUndone { what } if of_product(what) => -what.quantity,
            _ => continue,
        };
        match holds.last_mut() {
            Some(last)
                if last.workstation == taken.workstation && last.quantity.is_negative() == quantity.is_negative() =>
            {
                last.quantity += quantity;
                last.at = taken.at;
            }
            _ => {
                let (order, workstation) = (order.number.clone(), taken.workstation.clone());
                holds.push(Hold { order, quantity, workstation, at: taken.at });
            }
        }
    }
    holds
}

#[cfg(test)]
mod tests {
    use super::super::super::specimen::{at_hour, order, order_line};
    use super::super::CollectionProof;
    use super::*;

    fn taken(hour: i64, workstation: &str, step: OrderStep) -> StepTaken {
        StepTaken { at: at_hour(hour), step, operator: Some("ben".into()), workstation: Some(workstation.into()) }
    }

    fn of(line: u32, units: i64) -> LineQuantity {
        LineQuantity { line, quantity: Quantity::units(units) }
    }

    fn picked(line: u32, units: i64) -> OrderStep {
        OrderStep::Picked { what: of(line, units), bay: None }
    }

    #[test]
    fn steps_stand_in_the_order_they_happened_and_the_latest_stay() {
        let mut history = Vec::new();
        for hour in [9, 11, 10, 11] {
            remember(&mut history, taken(hour, if hour == 10 { "T01" } else { "T02" }, picked(1, 1)));
        }
        assert_eq!(history.iter().map(|taken| taken.at).collect::<Vec<_>>(), [9, 10, 11, 11].map(at_hour));
        let last = HISTORY_STEPS_MAX as i64 + 20;
        for hour in 12..=last {
            remember(&mut history, taken(hour, "T02", OrderStep::PutAtRisk));
        }
        assert_eq!(history.len(), HISTORY_STEPS_MAX);
        assert_eq!(history.last().map(|taken| taken.at), Some(at_hour(last)));
        remember(&mut history, taken(0, "T01", OrderStep::PutBack));
        assert_eq!(history.len(), HISTORY_STEPS_MAX, "too old to be told");
        assert!(history.iter().all(|taken| taken.step != OrderStep::PutBack));
    }

    #[test]
    fn who_collected_is_not_told() {
        let step = OrderStep::HandedOver {
            lines: vec![of(1, 1)],
            collector: "Peter Kovac".to_owned(),
            proof: CollectionProof::Name,
        };
        let mut history = [StepTaken::at_central(&step, at_hour(1))];
        assert!(format!("{history:?}").contains("Kovac"));
        forget_collectors(&mut history);
        assert!(!format!("{history:?}").contains("Kovac"));
    }

    #[test]
    fn what_was_put_aside_of_a_product() {
        let order = order("W-1", vec![order_line(1, "jacket", 3), order_line(2, "mug", 1)]);
        let history = [
            taken(9, "T01", picked(1, 1)),
            taken(10, "T01", picked(2, 1)),
            taken(11, "T01", picked(1, 1)),
            taken(12, "T01", OrderStep::PickUndone { what: of(1, 1) }),
            taken(13, "T02", picked(1, 1)),
            taken(14, "T02", OrderStep::MadeReady { bay: "C-14".to_owned() }),
        ];
        let told = |product: &str| -> Vec<(i64, String, Timestamp)> {
            let holds = list_holds(&order, &history, &product.into());
            holds
                .into_iter()
                .map(|hold| {
                    let till = hold.workstation.map(|till| till.to_string()).unwrap_or_default();
                    (hold.quantity.thousandths() / 1000, till, hold.at)
                })
                .collect()
        };
        let till = |name: &str| name.to_owned();
        let jackets = [(2, till("T01"), at_hour(11)), (-1, till("T01"), at_hour(12)), (1, till("T02"), at_hour(13))];
        assert_eq!(told("jacket"), jackets);
        assert_eq!(told("mug"), [(1, till("T01"), at_hour(10))]);
        assert_eq!(told("pen"), []);
    }
}
