//! Where the lines of an order go and by when, in formats where each may say so itself.
//!
//! An order goes to one place. Where its head names none, the place is that of its lines; a line that goes elsewhere is told,
//! and stops the order: it is two orders.

use std::borrow::Cow;

use super::super::draft::{DraftAddress, DraftLine, LineDelivery, OrderDraft, Value};
use super::super::problem::ProblemCode;
use super::people::place_lines;
use super::when::{line_wanted_until, line_words, wanted_until};
use super::{Check, is_wanted};
use crate::domain::zone::{StoreZone, WrittenMoment};

/// A place as a document names it.
struct Place<'a> {
    /// By a store, a location, an address with a number.
    ids: [Option<&'a Value>; 3],
    /// By its address.
    lines: Vec<String>,
}

impl<'a> Place<'a> {
    fn new(ids: [&'a Option<Value>; 3], address: &DraftAddress) -> Option<Self> {
        let place = Self { ids: ids.map(Option::as_ref), lines: place_lines(address) };
        (place.id().is_some() || !place.lines.is_empty()).then_some(place)
    }

    fn of_order(draft: &'a OrderDraft) -> Option<Self> {
        Self::new([&draft.store, &draft.location, &draft.address], &draft.receiver.address)
    }

    fn of_line(delivery: &'a LineDelivery) -> Option<Self> {
        Self::new([&delivery.store, &delivery.location, &delivery.address], &delivery.receiver.address)
    }

    fn id(&self) -> Option<&'a Value> {
        self.ids.iter().flatten().next().copied()
    }

    /// By the numbers, where both have one.
    fn is_same(&self, other: &Self) -> bool {
        match (self.id(), other.id()) {
            (Some(own), Some(others)) => own.text == others.text,
            _ => self.lines == other.lines,
        }
    }
}

impl Check<'_> {
    /// The draft with the place of its lines, where its head names none.
    pub(super) fn with_place_of_lines<'d>(&mut self, draft: &'d OrderDraft) -> Cow<'d, OrderDraft> {
        let said = draft.lines.iter().filter(|line| is_wanted(draft, line));
        let mut said = said
            .filter_map(|line| Some((line, line.delivery.as_deref()?)))
            .filter_map(|(line, delivery)| Some((line, delivery, Place::of_line(delivery)?)));
        let of_order = Place::of_order(draft);
        let (place, adopted) = match of_order {
            Some(place) => (place, None),
            None => match said.next() {
                Some((_, delivery, place)) => (place, Some(delivery)),
                None => return Cow::Borrowed(draft),
            },
        };
        let others: Vec<_> = said.filter(|(_, _, other)| !other.is_same(&place)).collect();
        for (line, _, other) in others {
            let whole = Value::of_element(line.path.clone(), line.at);
            let message = "this line goes to another place than the others: send an order for each place";
            self.problem(ProblemCode::StoreUnknown, Some(other.id().unwrap_or(&whole)), message);
        }
        let Some(delivery) = adopted else { return Cow::Borrowed(draft) };
        let mut placed = draft.clone();
        (placed.store, placed.location) = (delivery.store.clone(), delivery.location.clone());
        placed.address.clone_from(&delivery.address);
        // Who receives it may stand in the head.
        let receiver = &mut placed.receiver;
        receiver.address.clone_from(&delivery.receiver.address);
        let own = &delivery.receiver;
        for (field, said) in [
            (&mut receiver.name, &own.name),
            (&mut receiver.registered_name, &own.registered_name),
            (&mut receiver.first_name, &own.first_name),
            (&mut receiver.family_name, &own.family_name),
            (&mut receiver.contact_name, &own.contact_name),
            (&mut receiver.telephone, &own.telephone),
        ] {
            *field = field.take().or_else(|| said.clone());
        }
        Cow::Owned(placed)
    }
}

/// By when all of it is wanted: as the head says, else as its lines do. What is sent has to be there for the first of them;
/// what is collected is kept for the last.
pub fn wanted_by(draft: &OrderDraft, is_sent: bool) -> Option<WrittenMoment> {
    let of_lines = || {
        let wanted = draft.lines.iter().filter(|line| is_wanted(draft, line)).filter_map(line_wanted_until);
        let at = |moment: &WrittenMoment| moment.in_zone(&StoreZone::universal());
        if is_sent { wanted.min_by_key(at) } else { wanted.max_by_key(at) }
    };
    wanted_until(draft).or_else(of_lines)
}

/// When all lines say that they are wanted, where they say the same and the head says nothing: then the order says it.
pub fn common_words(draft: &OrderDraft) -> Option<String> {
    let mut wanted = draft.lines.iter().filter(|line| is_wanted(draft, line));
    let first = wanted.next().filter(|line| draft.wanted_until.is_none() && line_wanted_until(line).is_some())?;
    let words = line_words(first);
    words.filter(|words| wanted.all(|line| line_words(line).as_ref() == Some(words)))
}

/// What a line says of its delivery and the order as a whole cannot: for people to read.
pub fn line_notes(line: &DraftLine, common: Option<&String>) -> Vec<String> {
    let words = line_words(line).filter(|words| Some(words) != common);
    let several = line.delivery.as_ref().is_some_and(|delivery| delivery.deliveries > 1);
    let several = several.then(|| "several deliveries are asked for, of which the first one counts".to_owned());
    words.into_iter().chain(several).collect()
}
