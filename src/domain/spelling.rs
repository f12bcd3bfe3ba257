//! How near a word that was typed is to one that is known.

/// How many typing errors lie between two words: letters missed, added, changed, or two neighbours swapped (the optimal
/// string alignment distance).
pub fn typing_errors(typed: &str, meant: &str) -> usize {
    let (typed, meant): (Vec<char>, Vec<char>) = (typed.chars().collect(), meant.chars().collect());
    let width = meant.len() + 1;
    let mut table = vec![0_usize; (typed.len() + 1) * width];
    for i in 0..=typed.len() {
        for j in 0..=meant.len() {
            table[i * width + j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = usize::from(typed[i - 1] != meant[j - 1]);
                let mut best = (table[(i - 1) * width + j] + 1)
                    .min(table[i * width + j - 1] + 1)
                    .min(table[(i - 1) * width + j - 1] + change);
                if i > 1 && j > 1 && typed[i - 1] == meant[j - 2] && typed[i - 2] == meant[j - 1] {
                    best = best.min(table[(i - 2) * width + j - 2] + 1);
                }
                best
            };
        }
    }
    table[typed.len() * width + meant.len()]
}

/// The known words that a mistyped one may mean, nearest first, at most `count`.
pub fn list_nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<String> {
    let mut near: Vec<(usize, &str)> = known.into_iter().map(|word| (typing_errors(typed, word), word)).collect();
    near.sort_unstable();
    near.into_iter().take(count).map(|(_, word)| word.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_counted() {
        let check = |typed: &str, meant: &str, expected: usize| {
            assert_eq!(typing_errors(typed, meant), expected, "{typed} {meant}");
            assert_eq!(typing_errors(meant, typed), expected, "{meant} {typed}");
        };
        check("merino", "merino", 0);
        check("meirno", "merino", 1);
        check("merno", "merino", 1);
        check("merrino", "merino", 1);
        check("marino", "merino", 1);
        check("marnio", "merino", 2);
        check("", "abc", 3);
    }

    #[test]
    fn the_nearest_come_first() {
        let known = ["generic-80", "epson-tm-t88v", "epson-tm-t20iii", "epson-tm-t20ii"];
        assert_eq!(list_nearest("epson-tm-t20x", known, 2), ["epson-tm-t20ii", "epson-tm-t20iii"]);
        assert_eq!(list_nearest("x", [], 2), Vec::<String>::new());
    }
}
