//! Who sends, who buys, who comes for it, and where it goes.

use super::super::draft::{DraftAddress, OrderDraft, Party, Value};
use super::name;
use crate::domain::web_order::DeliveryAddress;

/// The sender as the document names it.
pub fn sender_of(draft: &OrderDraft) -> Option<String> {
    draft.buyer.endpoint.as_ref().map(|endpoint| name(&endpoint.text)).filter(|text| !text.is_empty())
}

/// Who the order number belongs to: the first identity given, else the name.
pub fn buyer_of(draft: &OrderDraft) -> Option<String> {
    buyer_value(draft).map(|value| name(&value.text))
}

/// The same where it stands.
pub fn buyer_value(draft: &OrderDraft) -> Option<&Value> {
    let party = &draft.buyer;
    let named =
        [party.identities.first(), party.endpoint.as_ref(), party.name.as_ref(), party.registered_name.as_ref()];
    let people = [party.family_name.as_ref(), party.contact_name.as_ref()];
    named.into_iter().chain(people).flatten().find(|value| !name(&value.text).is_empty())
}

/// Everything the buyer is called by: its identities; its name when it has none.
pub fn buyer_names(draft: &OrderDraft) -> Vec<String> {
    let buyer = &draft.buyer;
    let mut names: Vec<String> =
        buyer.identities.iter().chain(&buyer.endpoint).map(|identity| name(&identity.text)).collect();
    names.dedup();
    if names.is_empty() {
        names.extend(buyer_of(draft));
    }
    names
}

/// First name and initial of whoever comes for it; a company keeps its name.
pub fn customer_name(draft: &OrderDraft) -> Option<String> {
    let called = [&draft.receiver, &draft.buyer].into_iter().find_map(person_name);
    called.or_else(|| draft.buyer.identities.first().map(|identity| name(&identity.text)))
}

/// The same, when the document names somebody: a number says who buys, a company's registered name where, and neither who
/// comes for it.
pub fn person_named(draft: &OrderDraft) -> Option<String> {
    let names_somebody = |party: &&Party| {
        let parts = [&party.first_name, &party.contact_name, &party.name];
        parts.into_iter().flatten().any(|part| !name(&part.text).is_empty())
    };
    [&draft.receiver, &draft.buyer].into_iter().filter(names_somebody).find_map(person_name)
}

fn person_name(party: &Party) -> Option<String> {
    let text = |value: &Option<Value>| value.as_ref().map(|value| name(&value.text)).filter(|text| !text.is_empty());
    if let Some(first) = text(&party.first_name) {
        let initial = text(&party.family_name).and_then(|family| family.chars().next());
        return Some(initial.map_or(first.clone(), |initial| format!("{first} {initial}.")));
    }
    if let Some(contact) = text(&party.contact_name) {
        return Some(shorten(&contact));
    }
    let company = text(&party.registered_name);
    match (text(&party.name), company) {
        (Some(name), Some(_)) => Some(name),
        (Some(name), None) => Some(shorten(&name)),
        (None, company) => company,
    }
}

/// `Anna Maria Kovács` is `Anna K.`
fn shorten(full: &str) -> String {
    let mut words = full.split(' ');
    let first = words.next().unwrap_or_default();
    match words.next_back().and_then(|last| last.chars().next()) {
        Some(initial) => format!("{first} {initial}."),
        None => first.to_owned(),
    }
}

/// What the label of its parcel says: the whole name, unlike on a till's screen, and the place. `None` when the document
/// names no place: a name alone is no address.
pub fn delivery_address(draft: &OrderDraft) -> Option<DeliveryAddress> {
    let place = place_lines(&draft.receiver.address);
    if place.is_empty() {
        return None;
    }
    let mut names = full_names(&draft.receiver);
    if names.is_empty() {
        names = full_names(&draft.buyer);
    }
    DeliveryAddress::of_lines(names.into_iter().chain(place))
}

fn full_names(party: &Party) -> Vec<String> {
    let company = party.name.as_ref().or(party.registered_name.as_ref());
    let person = [&party.first_name, &party.family_name].map(|part| text_of(part.as_ref())).join(" ");
    let others = party.address.names.iter().map(|value| name(&value.text));
    let names = std::iter::once(text_of(company))
        .chain(others)
        .chain([person.trim().to_owned(), text_of(party.contact_name.as_ref())]);
    names.filter(|line| !line.is_empty()).collect()
}

/// Where it is; nothing of an address that names no more than a country.
pub fn place_lines(address: &DraftAddress) -> Vec<String> {
    let joined = |parts: [&Option<Value>; 2]| name(&parts.map(|part| text_of(part.as_ref())).join(" "));
    let more = address.more.iter().map(|value| name(&value.text));
    let lines = std::iter::once(joined([&address.street, &address.house])).chain(more).chain([
        joined([&address.postal_code, &address.city]),
        text_of(address.region.as_ref()),
        text_of(address.country.as_ref()),
    ]);
    let country_alone = address.street.is_none() && address.city.is_none() && address.more.is_empty();
    if country_alone { Vec::new() } else { lines.filter(|line| !line.is_empty()).collect() }
}

fn text_of(value: Option<&Value>) -> String {
    value.map_or_else(String::new, |value| name(&value.text))
}

/// The number to call.
pub fn telephone(draft: &OrderDraft) -> Option<String> {
    let found = draft.receiver.telephone.as_ref().or(draft.buyer.telephone.as_ref())?;
    Some(name(&found.text)).filter(|number| !number.is_empty())
}

/// `06 1234 4412` is `06·· ··· 412`, and `+358 40 …` is `+35·· ··· 628`: enough to recognise one's own.
pub fn mask_phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 {
        return "···".into();
    }
    let (head, tail): (String, String) = (digits[..2].iter().collect(), digits[digits.len() - 3..].iter().collect());
    let abroad = if number.trim_start().starts_with('+') { "+" } else { "" };
    format!("{abroad}{head}·· ··· {tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_and_numbers_masked() {
        let check = |full: &str, expected: &str| assert_eq!(shorten(full), expected);
        check("Anna Maria Kovács", "Anna K.");
        check("Cher", "Cher");
        check("", "");
        let check = |number: &str, expected: &str| assert_eq!(mask_phone(number), expected);
        check("06 1234 4412", "06·· ··· 412");
        check("+49 (0)171 555-0123", "+49·· ··· 123");
        check("112", "···");
    }
}
