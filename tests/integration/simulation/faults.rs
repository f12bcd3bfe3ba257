//! What befalls the world: cuts, crashes, old copies, clones, clocks; and what head office and the website do.

use till::central::store::{OrderSubmission, SubmittedLine};
use till::domain::money::{Currency, Money};
use till::domain::quantity::Quantity;
use till::domain::web_order::Fulfilment;
use till::sync::engine::{Answer, CallError, Reply};

use super::shop::{BEGINNING_US, PRODUCTS, STORES, instant};
use super::world::{Coming, MILLISECOND, SECOND, World};

/// How many kinds of fault there are.
pub const FAULTS: u64 = 11;

impl World {
    fn stop_central(&mut self, down_us: u64) {
        self.central.stop();
        // Some tills see the connection end, for others it is silent.
        for stream in std::mem::take(&mut self.streams).into_values() {
            if self.dice.chance(50) {
                let answer = Answer::Failed(CallError::Unreachable("connection reset".to_owned()));
                let reply = Reply { call: stream.call, answer };
                let (till, life) = (stream.till, stream.till_life);
                self.schedule(MILLISECOND, Coming::Reply { till, life, reply, frame: false });
            }
        }
        self.schedule(down_us, Coming::StartCentral);
    }

    pub(super) fn fault(&mut self) {
        let next = self.dice.between(1_000, 12_000) * MILLISECOND;
        self.schedule(next, Coming::Fault);
        if self.faults.is_empty() {
            return;
        }
        let till = self.dice.below(self.tills.len() as u64) as usize;
        let name = self.tills[till].name.clone();
        let while_us = self.dice.between(1_000, 25_000) * MILLISECOND;
        match *self.dice.pick(&self.faults) {
            0 => {
                self.note(format!("{name} is cut off for {} ms", while_us / MILLISECOND));
                self.tills[till].cut_until_us = self.now_us + while_us;
            }
            1 => {
                self.note(format!("{name} crashes"));
                self.tills[till].stop();
                self.schedule(while_us, Coming::StartTill { till });
            }
            2 if self.central.is_running() => {
                self.note("central crashes".to_owned());
                self.stop_central(while_us);
            }
            3 | 4 => {
                self.note(format!("{name} is copied"));
                self.tills[till].copy();
            }
            5 if self.tills[till].has_copy() => {
                self.note(format!("{name} is restored from an old copy"));
                self.tills[till].stop();
                self.tills[till].restore();
                self.model.forked(&self.tills[till].id);
                self.schedule(while_us, Coming::StartTill { till });
            }
            6 if self.tills.len() < 5 => self.clone_till(till),
            7 if self.central.is_running() => {
                self.note("central is copied".to_owned());
                let path = self.folder.path().join(format!("central-copy{}.db", self.central_copies.len()));
                self.central.copy_to(&path);
                self.central_copies.push(path);
                self.model.central_copied();
            }
            8 if self.central.is_running() && !self.central_copies.is_empty() => {
                self.note("central is restored from an old copy".to_owned());
                self.stop_central(while_us);
                let newest = self.central_copies.len() - 1;
                self.central.restore_from(&self.central_copies[newest]);
                self.model.central_restored(newest);
            }
            9 => {
                let shift_us = (self.dice.between(0, 2 * 86_400) as i64 - 86_400) * SECOND as i64;
                self.note(format!("{name}: the clock jumps by {} s", shift_us / SECOND as i64));
                self.tills[till].clock_shift_us = shift_us;
            }
            10 => {
                self.note("the connections of every feed die".to_owned());
                for stream in self.streams.values_mut() {
                    stream.silent = true;
                }
            }
            _ => {}
        }
    }

    fn clone_till(&mut self, till: usize) {
        let folder = self.folder.path().join(format!("till{}", self.tills.len()));
        if let Some(clone) = self.tills[till].clone_to(folder) {
            self.note(format!("{} is cloned", self.tills[till].name));
            self.model.forked(&clone.id);
            self.tills.push(clone);
            let till = self.tills.len() - 1;
            self.schedule(SECOND, Coming::StartTill { till });
            self.schedule(2 * SECOND, Coming::Act { till });
        }
    }

    /// Head office and the website: orders and prices.
    pub(super) fn office(&mut self) {
        let next = self.dice.between(3_000, 25_000) * MILLISECOND;
        self.schedule(next, Coming::Office);
        if !self.central.is_running() {
            return;
        }
        if self.dice.chance(25) {
            let price_minor = self.dice.between(100, 10_000) as i64;
            let product = *self.dice.pick(&PRODUCTS);
            self.note(format!("{product} costs {price_minor}"));
            self.central.set_price(product, price_minor);
            self.pump_company();
        } else {
            self.submit_order();
        }
    }

    fn submit_order(&mut self) {
        let now = instant(BEGINNING_US + self.now_us as i64);
        let line = |product: &str, units: u64| SubmittedLine {
            product: product.into(),
            name: product.to_owned(),
            quantity: Quantity::units(units as i64),
            unit_price: Money::new(1_000, Currency::EUR),
        };
        let lines =
            (0..self.dice.between(1, 2)).map(|_| line(self.dice.pick::<&str>(&PRODUCTS), self.dice.between(1, 3)));
        let order = OrderSubmission {
            channel: "website".into(),
            sender: String::new(),
            buyer: String::new(),
            reference: format!("{}-{}", self.seed, self.numbers),
            content: [0; 32],
            document: Vec::new(),
            notes: String::new(),
            fulfilment: Fulfilment::PickUp,
            lines: lines.collect(),
            unmatched: Vec::new(),
            stores: vec![(*self.dice.pick(&STORES)).into()],
            customer_name: "Karl M.".to_owned(),
            customer_phone: None,
            paid: true,
            ordered_at: now,
            collect_by: None,
        };
        self.note(format!("an order for {:?}", order.stores));
        let (seed, store) = (self.dice.next(), order.stores[0].clone());
        self.central.submit_order(order, seed);
        self.pump_store(&store);
    }
}
