//! What head office does in the world: prices, counts, decisions on conflict cases; and the moments letters come in.

use till::central::store::{CaseDecision, CaseFilter, StockImport, StoreError};
use till::domain::conflict::CaseState;
use till::domain::ids::EntryId;
use till::domain::quantity::Quantity;

use super::sabotage::Sabotage;
use super::shop::{PRODUCTS, STORES};
use super::world::{Coming, MILLISECOND, SECOND, World};

/// How often central looks for orders whose customer did not come.
const LAPSE_EVERY_US: u64 = 5 * SECOND;

impl World {
    pub(super) fn office(&mut self) {
        let next = self.dice.between(1_500, 10_000) * MILLISECOND;
        self.schedule(next, Coming::Office);
        if !self.central.is_running() {
            return;
        }
        let done = match self.dice.below(20) {
            0..=2 => self.set_price(),
            3..=5 => self.count_stock(),
            6..=8 => self.decide_case(),
            _ => self.receive_letter(),
        };
        if let Err(error) = done {
            // A disk that is full or gone; whoever asked was told, and nothing is promised.
            self.note(format!("central: {error}"));
        }
        self.pump_company();
        self.pump_stores();
    }

    fn set_price(&mut self) -> Result<(), StoreError> {
        let price_minor = self.dice.between(100, 10_000) as i64;
        let product = *self.dice.pick(&PRODUCTS);
        self.note(format!("{product} costs {price_minor}"));
        self.central.set_price(product, price_minor)
    }

    fn count_stock(&mut self) -> Result<(), StoreError> {
        let figure = StockImport {
            entry: EntryId(self.dice.uuid()),
            store: (*self.dice.pick(&STORES)).into(),
            product: (*self.dice.pick(&PRODUCTS)).into(),
            on_hand: Some(Quantity::units(self.dice.below(7) as i64)),
            safety: None,
            counted_at: None,
        };
        self.note(format!("{} in {} are {:?}", figure.product, figure.store, figure.on_hand));
        let (entry, place) = (figure.entry, (figure.store.clone(), figure.product.clone()));
        let at = self.shown();
        if let Err(error) = self.central.import_stock(figure) {
            self.model.corrected(place, at, None);
            return Err(error);
        }
        let booked = self.central.list_imports().into_iter().find(|(id, ..)| *id == entry).map(|(.., by)| by);
        if let Some(by) = booked {
            self.model.imported(entry);
            self.model.corrected(place, at, Some(by));
        }
        Ok(())
    }

    fn decide_case(&mut self) -> Result<(), StoreError> {
        let open = self.central.list_cases(CaseFilter::Open);
        if open.is_empty() {
            return Ok(());
        }
        let found = self.dice.pick(&open);
        let states = [CaseState::AwaitingDecision, CaseState::ReSourced, CaseState::BackOrdered, CaseState::FalseAlarm];
        let decision = CaseDecision {
            store: found.store.clone(),
            case: found.case.case,
            state: *self.dice.pick(&states),
            owner: None,
            person: "head office".to_owned(),
            note: String::new(),
        };
        self.note(format!("a case of {} is {:?}", decision.store, decision.state));
        self.central.decide_case(decision)
    }

    /// Orders whose customer did not come in time lapse.
    pub(super) fn lapse(&mut self) {
        self.schedule(LAPSE_EVERY_US, Coming::Lapse);
        if self.central.is_running() {
            self.let_lapse();
            self.pump_stores();
        }
    }

    /// Central is woken for it by whatever may move the moment, and by the clock.
    pub(super) fn let_lapse(&mut self) {
        if self.is_broken(Sabotage::LapsesForgotten) || self.central.lapse_orders().is_ok() {
            // What is due by the right clock and not by a clock that is behind still waits.
            self.lapsed_us = self.now_us.min(self.now_us.saturating_add_signed(self.central_shift_us));
        }
    }
}
