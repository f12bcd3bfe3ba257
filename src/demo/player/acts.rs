//! What each act of a script does in the shop.

use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::super::cable::CableState;
use super::super::catalogue::{OPERATORS_CSV, STORE, ShelfItem, find_order_document};
use super::super::customers::ShopOrder;
use super::super::marketplace::CHANNEL;
use super::super::script::{
    Act, AnswerAct, Cut, Given, Label, OrderAct, OutcomeFact, Place, PrinterAct, Recognised, ScanAct,
};
use super::{GLANCE, PATIENCE, PlayError, Player, SentOrder};
use crate::central::store::sqlite::SqliteStore;
use crate::central::store::{StockImport, Store, StoreError};
use crate::devices::scanner::repeat::REPEAT_MS;
use crate::devices::simulated::printer::{Hands, Switch};
use crate::domain::ids::{EntryId, OperatorId, OrderNumber, ProductId, StoreId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::tender::TenderKind;
use crate::register::intent::{ConflictChoice, Intent, LinesChosen, Pin, Recognition, Screen};
use crate::register::snapshot::{Access, CaseTask, Snapshot, Task};
use crate::wire::trade::v1::Outcome;

impl Player {
    pub(super) fn act(&mut self, act: &Act) -> Result<(), PlayError> {
        match act {
            Act::Expect | Act::Picture(_) => {}
            Act::Stock(store, product, quantity) => self.bring_stock(store, product, *quantity)?,
            Act::Order(order) => self.send_order(order)?,
            Act::OrderByFile(order) => self.put_order_down(order)?,
            Act::OrderAgain(label) => {
                let document = self.orders.get(label).map(|sent| sent.document.clone());
                let document = document.ok_or_else(|| PlayError::Missing(format!("order {label:?}")))?;
                self.submit(&document)?;
            }
            Act::OrderFile(name) => {
                let document = find_order_document(name).ok_or_else(|| PlayError::Missing(name.clone()))?;
                self.submit(document)?;
            }
            Act::SignOn(operator, pin) => self.sign_on(operator, pin.as_deref())?,
            Act::Scan(scan) => self.scan(scan)?,
            Act::Answer(answer) => self.answer(answer)?,
            Act::Tender(kind, given) => self.tender(*kind, *given)?,
            Act::Network(Cut::Cut) => self.shop.set_cable(CableState::Cut),
            Act::Network(Cut::Mended) => self.shop.set_cable(CableState::Whole),
            Act::Printer(act) => self.switch_printer(*act),
            Act::DrawerShut => self.shop.printer().switch(Switch::DrawerShut),
            // Within one process the till can only be ended, not killed; the test of the whole programs kills it.
            Act::Restart => self.shop.open_till()?,
            Act::At(store) => {
                self.shop.open_other_till(store)?;
                self.at = store.clone();
            }
            Act::OpenSetAside => {
                let order = self.get_set_aside()?;
                self.tell(Intent::ScreenShown(Screen::PickUps))?;
                self.tell(Intent::OrderOpened(Some(order)))?;
            }
            // What the next line looks for may be true of the screen before.
            Act::Screen(place) => {
                let wanted = screen(*place);
                self.tell(Intent::ScreenShown(wanted))?;
                self.wait_until("screen that was asked for", |snapshot| snapshot.screen == wanted)?;
            }
            other => {
                let intent = self.intent(other)?;
                self.tell(intent)?;
            }
        }
        Ok(())
    }

    /// The acts that are one intent each.
    fn intent(&self, act: &Act) -> Result<Intent, PlayError> {
        let snapshot = self.get_snapshot()?;
        Ok(match act {
            Act::SignOff => Intent::SignedOut,
            Act::Float(float) => Intent::SessionOpened { float: *float },
            Act::Times(quantity) => Intent::QuantityPrefixed(Some(*quantity)),
            Act::Quantity(line, quantity) => Intent::QuantitySet { line: *line, quantity: *quantity },
            Act::Price(line, unit_price, reason) => {
                Intent::PriceSet { line: *line, unit_price: *unit_price, reason: reason.clone() }
            }
            Act::Discount(line, percent, reason) => {
                Intent::DiscountSet { line: *line, percent: *percent, reason: reason.clone() }
            }
            Act::Remove(line) => Intent::LineRemoved { line: *line },
            Act::Undo => Intent::ScanUndone,
            Act::Age(old_enough) => Intent::AgeChecked { old_enough: *old_enough },
            Act::OpenPrice(price) => Intent::OpenPriceEntered(Some(*price)),
            Act::HowMuch(quantity) => Intent::QuantityEntered(Some(*quantity)),
            Act::Tap(product) => Intent::ProductChosen(product.clone()),
            Act::Pay => Intent::PayOpened,
            Act::Park => Intent::Parked,
            Act::Recall => {
                let parked = snapshot.parked.last().ok_or_else(|| PlayError::Missing("parked basket".to_owned()))?;
                Intent::Recalled(parked.basket)
            }
            Act::Open(label) => Intent::OrderOpened(Some(self.get_order(label)?)),
            Act::StartPick => Intent::PickStarted,
            Act::NotFound(line) => Intent::LineNotFound { line: *line },
            Act::Ready => Intent::OrderMadeReady { bay: self.get_bay()? },
            Act::HandOver(recognised) => {
                let open = snapshot.open_order.as_ref().ok_or_else(|| PlayError::Missing("open order".to_owned()))?;
                let recognised = recognition(*recognised, &open.order.collection_code);
                Intent::OrderHandedOver { recognised, collector: None, lines: LinesChosen::All }
            }
            Act::PutBack => Intent::OrderPutBack,
            Act::PickLine(line) => Intent::LinePicked { line: *line },
            Act::Send => Intent::TransferSent { looked: false },
            Act::CloseTransfer => {
                let asked = |task: &Task| match task {
                    Task::Transfer { entry, .. } => Some(*entry),
                    _ => None,
                };
                let entry = snapshot.tasks.iter().find_map(asked);
                Intent::TransferClosed(entry.ok_or_else(|| PlayError::Missing("transfer asked for".to_owned()))?)
            }
            Act::Found(label) => Intent::FalseAlarmReported(self.get_case(label)?.case),
            Act::TakeProposal(label) => {
                let case = self.get_case(label)?;
                let other = case.proposal.ok_or_else(|| PlayError::Missing(format!("proposal for {label:?}")))?;
                Intent::ProposalTaken { case: case.case, from: other.store }
            }
            Act::UndoStep => Intent::OrderStepUndone,
            Act::Copy(receipt_number) => Intent::ReceiptCopied { receipt_number: *receipt_number },
            Act::Close(given) => {
                let reason = Some("not known".to_owned());
                Intent::SessionClosed { counted: self.get_counted(*given)?, reason }
            }
            other => return Err(PlayError::Missing(format!("way to do {other:?}"))),
        })
    }

    fn bring_stock(&mut self, store: &StoreId, product: &ProductId, quantity: Quantity) -> Result<(), PlayError> {
        let figure = StockImport {
            entry: EntryId(uuid::Uuid::now_v7()),
            store: store.clone(),
            product: product.clone(),
            on_hand: Some(quantity),
            safety: None,
            counted_at: None,
        };
        self.ask(async |central| central.import_stock(vec![figure], chrono::Utc::now()).await.map(drop))
    }

    fn send_order(&mut self, act: &OrderAct) -> Result<(), PlayError> {
        let document = self.order_of(act)?.to_document();
        let number = self.submit(&document)?;
        self.orders.insert(act.label.clone(), SentOrder { number, document });
        Ok(())
    }

    /// As a file, which is taken when central has looked at its folder.
    fn put_order_down(&mut self, act: &OrderAct) -> Result<(), PlayError> {
        let order = self.order_of(act)?;
        let document = order.to_document();
        let put_down = self.shop.marketplace()?.put_down(&order.reference, &document);
        put_down.map_err(anyhow::Error::from)?;
        let until = Instant::now() + PATIENCE;
        let number = loop {
            let reference = order.reference.clone();
            let found = self.ask(async |central| central.list_orders_by_reference(CHANNEL.into(), reference).await)?;
            match found.into_iter().next() {
                Some(taken) => break taken.number,
                None if Instant::now() >= until => {
                    return Err(PlayError::Missing(format!("order of the file {}", order.reference)));
                }
                None => std::thread::sleep(GLANCE),
            }
        };
        self.orders.insert(act.label.clone(), SentOrder { number: Some(number), document });
        Ok(())
    }

    fn order_of(&self, act: &OrderAct) -> Result<ShopOrder, PlayError> {
        let now = chrono::Utc::now();
        let lines = act.lines.iter().map(|(product, pieces)| {
            let line = self.customers.find_line(product.as_str(), *pieces);
            line.ok_or_else(|| PlayError::Missing(format!("product {product} on the website")))
        });
        let mut name = act.label.0.clone();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let kept = match act.kept_seconds {
            Some(seconds) => TimeDelta::seconds(seconds.into()),
            None => TimeDelta::hours(3 + self.orders.len() as i64),
        };
        Ok(ShopOrder {
            reference: format!("{}-{}", act.label.0, now.timestamp()),
            customer: format!("C-{}", act.label.0),
            first_name: name,
            family_name: "Kowalski".to_owned(),
            phone: "+358 40 555 0142".to_owned(),
            lines: lines.collect::<Result<_, _>>()?,
            paid: act.paid,
            pick_up: act.pick_up.then(|| StoreId::new(STORE)),
            ordered_at: now,
            collect_by: act.pick_up.then(|| now + kept),
        })
    }

    fn submit(&mut self, document: &str) -> Result<Option<crate::domain::ids::OrderNumber>, PlayError> {
        let submitted = self.shop.website().submit("", document);
        let answer = self.shop.runtime().block_on(submitted)?;
        self.outcome = match answer.outcome() {
            Outcome::Imported => Some(OutcomeFact::Imported),
            Outcome::Duplicate => Some(OutcomeFact::Duplicate),
            Outcome::Problem => Some(OutcomeFact::Problem),
            Outcome::Unspecified | Outcome::Changed | Outcome::Cancelled => None,
        };
        Ok((!answer.order_number.is_empty()).then(|| answer.order_number.into()))
    }

    fn sign_on(&mut self, operator: &OperatorId, pin: Option<&str>) -> Result<(), PlayError> {
        let row = OPERATORS_CSV.lines().find(|row| row.split(',').next() == Some(operator.as_str()));
        let pin = match pin {
            Some(pin) => pin.to_owned(),
            None => row
                .and_then(|row| row.split(',').nth(3))
                .ok_or_else(|| PlayError::Missing(format!("operator {operator}")))?
                .to_owned(),
        };
        // A person taps a face, and it is there as soon as central has said who works here.
        let has_face = |snapshot: &Snapshot| match &snapshot.access {
            Access::SignIn(faces) => faces.operators.iter().any(|face| face.id == *operator),
            Access::NeedsSession(_) | Access::Open(_) => true,
            Access::Stopped(_) => false,
        };
        self.wait_until(&format!("{operator} among the faces"), has_face)?;
        self.tell(Intent::OperatorChosen(Some(operator.clone())))?;
        self.tell(Intent::PinEntered(Pin(pin)))
    }

    fn scan(&mut self, scan: &ScanAct) -> Result<(), PlayError> {
        let text = match scan {
            ScanAct::Piece(product) => self.get_item(product)?.find_scan(&self.rules),
            ScanAct::Bag(product, weight) => self.get_item(product)?.find_weight_label(&self.rules, *weight),
            ScanAct::Pack(product) => {
                self.get_item(product)?.codes.iter().find(|code| code.pack > 1).map(|code| code.digits.clone())
            }
            ScanAct::Code(text) => Some(text.clone()),
            ScanAct::Collection(label) => {
                let code = self.get_collection_code(label)?;
                Some(crate::domain::barcode::HouseCode::Collection(code).encode())
            }
        };
        let text = text.ok_or_else(|| PlayError::Missing(format!("code to scan for {scan:?}")))?;
        // A person takes a moment for the next piece; the till takes the same code within it for the same piece.
        if let Some((before, at)) = &self.last_scan
            && *before == text
        {
            let pause = Duration::from_millis(REPEAT_MS + 50);
            std::thread::sleep(pause.saturating_sub(at.elapsed()));
        }
        self.shop.scan(&text);
        self.last_scan = Some((text, Instant::now()));
        Ok(())
    }

    fn answer(&mut self, answer: &AnswerAct) -> Result<(), PlayError> {
        let choice = match answer {
            AnswerAct::HandOver(label, recognised) => {
                let code = self.get_collection_code(label)?;
                let recognised = recognition(*recognised, &code);
                ConflictChoice::HandOver { order: self.get_order(label)?, recognised, collector: None }
            }
            AnswerAct::SellAnyway(label) => {
                ConflictChoice::SellAnyway { order: label.as_ref().map(|l| self.get_order(l)).transpose()? }
            }
            AnswerAct::Keep(label) => {
                ConflictChoice::Keep { order: label.as_ref().map(|l| self.get_order(l)).transpose()? }
            }
            AnswerAct::FindAnother(store) => {
                ConflictChoice::FindAnother { store: store.clone(), customer: String::new() }
            }
            AnswerAct::LineOut => ConflictChoice::LineOut,
        };
        let card = self.get_snapshot()?.conflict.as_ref().map_or(0, |card| card.number);
        self.tell(Intent::ConflictAnswered { card, choice })
    }

    fn tender(&mut self, kind: TenderKind, given: Given) -> Result<(), PlayError> {
        let amount = match given {
            Given::Amount(amount) => amount,
            Given::Exact => {
                let snapshot = self.get_snapshot()?;
                let pay = snapshot.pay.as_ref().ok_or_else(|| PlayError::Missing("payment".to_owned()))?;
                if kind == TenderKind::Cash { pay.cash_due } else { pay.settlement.remaining }
            }
        };
        self.tell(Intent::Tendered { kind, amount, reference: None })
    }

    fn switch_printer(&mut self, act: PrinterAct) {
        let hands = self.shop.printer().look(|core| core.hands());
        let switch = match act {
            PrinterAct::PaperOut => Switch::Hands(Hands { paper_out: true, ..hands }),
            PrinterAct::PaperIn => Switch::Hands(Hands { paper_out: false, ..hands }),
            PrinterAct::CoverOpen => Switch::Hands(Hands { cover_open: true, ..hands }),
            PrinterAct::CoverShut => Switch::Hands(Hands { cover_open: false, ..hands }),
            PrinterAct::Pulled => Switch::CableOut,
            PrinterAct::Plugged => Switch::CableIn,
        };
        self.shop.printer().switch(switch);
    }

    fn get_item(&self, product: &ProductId) -> Result<&ShelfItem, PlayError> {
        let found = self.items.iter().find(|item| item.product == *product);
        found.ok_or_else(|| PlayError::Missing(format!("product {product}")))
    }

    fn get_collection_code(&self, label: &Label) -> Result<String, PlayError> {
        let number = self.get_order(label)?;
        let found = self.ask(async |central| central.find_order(number).await)?;
        found.map(|order| order.collection_code).ok_or_else(|| PlayError::Missing(format!("order {label:?}")))
    }

    fn get_set_aside(&self) -> Result<OrderNumber, PlayError> {
        let owed = |task: &Task| match task {
            Task::SetAside { order, .. } => Some(order.clone()),
            _ => None,
        };
        let found = self.get_snapshot()?.tasks.iter().find_map(owed);
        found.ok_or_else(|| PlayError::Missing("task to set something aside".to_owned()))
    }

    fn get_case(&self, label: &Label) -> Result<CaseTask, PlayError> {
        let number = self.get_order(label)?;
        let of_order = |task: &Task| match task {
            Task::Case(case) if case.order == number => Some((**case).clone()),
            _ => None,
        };
        let found = self.get_snapshot()?.tasks.iter().find_map(of_order);
        found.ok_or_else(|| PlayError::Missing(format!("case of {label:?}")))
    }

    fn get_bay(&self) -> Result<String, PlayError> {
        let snapshot = self.get_snapshot()?;
        let open = snapshot.open_order.as_ref();
        let bay = open.and_then(|open| open.order.bay.clone().or_else(|| open.bay_offered.clone()));
        bay.ok_or_else(|| PlayError::Missing("free bay".to_owned()))
    }

    fn get_counted(&self, given: Given) -> Result<Money, PlayError> {
        let Given::Amount(amount) = given else {
            let session = self.get_snapshot()?.session.clone();
            let session = session.ok_or_else(|| PlayError::Missing("open session".to_owned()))?;
            return Ok(session.cash_expected());
        };
        Ok(amount)
    }

    pub(super) fn get_snapshot(&self) -> Result<std::sync::Arc<crate::register::Snapshot>, PlayError> {
        Ok(self.shop.terminal_of(&self.at)?.snapshots().borrow().clone())
    }

    fn tell(&self, intent: Intent) -> Result<(), PlayError> {
        self.shop.terminal_of(&self.at)?.intents().send(intent);
        Ok(())
    }

    /// Asks central's data something.
    pub(super) fn ask<T>(
        &self,
        question: impl AsyncFnOnce(SqliteStore) -> Result<T, StoreError>,
    ) -> Result<T, PlayError> {
        let store = self.shop.central_store().ok_or_else(|| PlayError::Missing("central".to_owned()))?;
        Ok(self.shop.runtime().block_on(question(store.clone()))?)
    }
}

fn recognition(recognised: Recognised, code: &str) -> Recognition {
    match recognised {
        Recognised::Code => Recognition::Code(code.to_owned()),
        // A right code read backwards is another's, or nobody's.
        Recognised::WrongCode => Recognition::Code(code.chars().rev().collect::<String>() + "X"),
        Recognised::Name => Recognition::NameConfirmed,
    }
}

fn screen(place: Place) -> Screen {
    match place {
        Place::Sell => Screen::Sell,
        Place::PickUps => Screen::PickUps,
        Place::Stock => Screen::Stock,
        Place::Receipts => Screen::Receipts,
        Place::Drawer => Screen::Drawer,
        Place::Devices => Screen::Devices,
        Place::Unfinished => Screen::UnfinishedBusiness,
    }
}
