//! Products in the order people look for them: by name, and of one name by size.

use crate::domain::product::Product;

/// Sizes in letters, as people count them.
const LETTERS: [&str; 8] = ["XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL"];

/// By what comes first among products: the name without its size, then the size. `navy, S` stands before `navy, M`, and
/// `grey 9` before `grey 10`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NameOrder {
    front: String,
    size: u32,
    name: String,
}

/// Where a product's name stands among others.
pub(super) fn name_order(name: &str) -> NameOrder {
    let name = name.to_lowercase();
    let (front, last) = name.rsplit_once([' ', ',']).unwrap_or((&name, ""));
    let letters = LETTERS.iter().position(|letters| last.eq_ignore_ascii_case(letters));
    // A range begins with its smaller size.
    let digits: String = last.chars().take_while(char::is_ascii_digit).collect();
    let size = letters.map(|at| at as u32 + 1).or_else(|| digits.parse().ok());
    match size {
        Some(size) => NameOrder { front: front.trim_end_matches([' ', ',']).to_owned(), size, name },
        None => NameOrder { front: name.clone(), size: 0, name },
    }
}

/// What was found, for whoever reads it from top to bottom: those whose name has every word that was typed, whole words first
/// (`navy m` is the M, and not the L of a merino), in their order, and then those that only come near it, the nearest first.
pub(super) fn in_name_order(products: Vec<Product>, typed: &str) -> Vec<Product> {
    let (mut named, near): (Vec<_>, Vec<_>) = products.into_iter().partition(|product| is_named(product, typed));
    named.sort_by_cached_key(|product| (!has_whole_words(product, typed), name_order(&product.name)));
    named.extend(near);
    named
}

fn has_whole_words(product: &Product, text: &str) -> bool {
    let (name, text) = (product.name.to_lowercase(), text.to_lowercase());
    let words = |text: &str| text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    let of_name = words(&name);
    words(&text).iter().all(|word| of_name.contains(word) || word.is_empty())
}

/// Does the product's name hold every word of a text? Half of its code, or a name nearly like it, is shown instead.
pub(super) fn is_named(product: &Product, text: &str) -> bool {
    let (name, text) = (product.name.to_lowercase(), text.to_lowercase());
    text.split(|c: char| !c.is_alphanumeric()).all(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::super::domain::specimen;
    use super::*;

    #[test]
    fn names_stand_by_name_then_by_size_and_near_misses_behind_them() {
        let named = |name: &str| Product { name: name.to_owned(), ..specimen::product(name, 100) };
        let found = [
            "Merino crew, navy, S",
            "Merino crew, navy, L",
            "Merino crew, navy, XL",
            "Marina scarf",
            "Merino crew, charcoal, M",
            "Merino socks, grey 41–43",
            "Merino socks, grey 9",
            "Merino crew, navy, M",
            "Merino beanie",
        ];
        let sorted = in_name_order(found.into_iter().map(named).collect(), "merino");
        let names: Vec<&str> = sorted.iter().map(|product| product.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Merino beanie",
                "Merino crew, charcoal, M",
                "Merino crew, navy, S",
                "Merino crew, navy, M",
                "Merino crew, navy, L",
                "Merino crew, navy, XL",
                "Merino socks, grey 9",
                "Merino socks, grey 41–43",
                "Marina scarf",
            ]
        );
        let sorted = in_name_order(sorted, "merino navy m");
        assert_eq!(sorted[0].name, "Merino crew, navy, M");
    }
}
