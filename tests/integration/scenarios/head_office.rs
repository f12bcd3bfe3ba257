//! Head office as the scenarios need it: the books of the shop's stores, the orders and the cases, kept from the tills'
//! journals by the domain's own folds and told to the till as feed batches. Central's own store is held against the same
//! till elsewhere; this one is small enough to be read and believed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use till::domain::Timestamp;
use till::domain::conflict::{
    CaseState, ConflictCase, PassedOn, Served, case_due, case_passed_on, plan_passing, served,
};
use till::domain::event::{Entry, Event, movements, order_steps};
use till::domain::feed::{Change, FeedBatch, Scope, StockFigure, StoryLine};
use till::domain::ids::{CaseId, EntryId, JournalMark, OrderNumber, ProductId, RunId, StoreId};
use till::domain::money::Money;
use till::domain::quantity::Quantity;
use till::domain::stock::{MovementReason, OtherStoreStock, StockLevel};
use till::domain::transfer::{Transfer, TransferState};
use till::domain::web_order::{
    CollectionProof, LineQuantity, OrderStep, StepTaken, WantedLine, WantedOrder, WebOrder, remember,
};
use till::wire::entry::SealedEntry;

/// What head office knows, and what of it the till has not been told.
#[derive(Default)]
pub struct HeadOffice {
    stock: BTreeMap<ProductId, Books>,
    orders: BTreeMap<OrderNumber, WebOrder>,
    cases: Vec<ConflictCase>,
    transfers: BTreeMap<EntryId, Transfer>,
    news: bool,
    decisions: Vec<(OrderNumber, CaseState, String)>,
    taken: HashSet<EntryId>,
    marks: HashMap<RunId, u64>,
    receipts: Vec<u64>,
    company_news: Vec<Change>,
    stock_news: BTreeSet<ProductId>,
    order_news: BTreeSet<OrderNumber>,
    marks_told: HashMap<RunId, u64>,
    cursor: u64,
}

#[derive(Clone, Default)]
struct Books {
    on_hand: Quantity,
    safety: Quantity,
    story: Vec<StoryLine>,
    elsewhere: Vec<OtherStoreStock>,
    counted_at: Option<Timestamp>,
}

impl HeadOffice {
    /// A product, an operator or the settings change.
    pub fn announce(&mut self, change: Change) {
        self.company_news.push(change);
    }

    /// The books are set: the figure a product begins with.
    pub fn set_stock(&mut self, product: &ProductId, on_hand: Quantity, safety: Quantity) {
        let books = self.stock.entry(product.clone()).or_default();
        (books.on_hand, books.safety) = (on_hand, safety);
        self.stock_news.insert(product.clone());
    }

    /// Another store of the company has free units.
    pub fn set_elsewhere(&mut self, product: &ProductId, other: OtherStoreStock) {
        let books = self.stock.entry(product.clone()).or_default();
        books.elsewhere.retain(|s| s.store != other.store);
        books.elsewhere.push(other);
        books.elsewhere.sort_by_key(|s| s.distance_m);
        self.stock_news.insert(product.clone());
    }

    /// Stock moves without this till: another till of the store, a delivery.
    pub fn move_stock(&mut self, product: &ProductId, line: StoryLine) {
        let books = self.stock.entry(product.clone()).or_default();
        books.on_hand += line.quantity;
        books.story.insert(0, line);
        self.stock_news.insert(product.clone());
    }

    /// Another till of the store has counted a product.
    pub fn count_elsewhere(&mut self, product: &ProductId, found: Quantity, at: Timestamp) {
        let quantity = found - self.level(product).shelf();
        let workstation = Some("T01".to_owned());
        self.move_stock(product, StoryLine { quantity, reason: MovementReason::Adjustment, workstation, at });
        self.stock.entry(product.clone()).or_default().counted_at = Some(at);
    }

    /// An order arrives, or comes again with changes.
    pub fn receive_order(&mut self, order: WebOrder) {
        self.order_news.insert(order.number.clone());
        self.orders.insert(order.number.clone(), order);
    }

    /// Something is done to an order elsewhere: cancelled, lapsed.
    pub fn step(&mut self, number: &OrderNumber, step: &OrderStep, at: Timestamp) -> Result<(), String> {
        self.take_step(number, StepTaken::at_central(step, at))
    }

    fn take_step(&mut self, number: &OrderNumber, taken: StepTaken) -> Result<(), String> {
        let order = self.orders.get_mut(number).ok_or_else(|| format!("head office has no order {number}"))?;
        let anomalies = order.apply(&taken.step);
        remember(&mut order.history, taken);
        self.order_news.insert(number.clone());
        if anomalies.is_empty() { Ok(()) } else { Err(format!("{number}: {anomalies:?}")) }
    }

    /// The customer pays online.
    pub fn pay(&mut self, number: &OrderNumber) -> Result<(), String> {
        let order = self.orders.get(number).ok_or_else(|| format!("head office has no order {number}"))?;
        self.receive_order(WebOrder { paid: true, ..order.clone() });
        Ok(())
    }

    /// A till took so much for an order that was paid.
    pub fn owe_back(&mut self, number: &OrderNumber, amount: Money) -> Result<(), String> {
        let order = self.orders.get(number).ok_or_else(|| format!("head office has no order {number}"))?;
        self.receive_order(WebOrder { owed_back: Some(amount), ..order.clone() });
        Ok(())
    }

    /// Another till of the store has picked all of an order, and laid it into a bay.
    pub fn set_aside(&mut self, number: &OrderNumber, workstation: &str, at: Timestamp) -> Result<(), String> {
        let order = self.orders.get(number).ok_or_else(|| format!("head office has no order {number}"))?;
        let lines = order.lines.iter().map(|line| LineQuantity { line: line.line, quantity: line.promised() });
        let mut steps: Vec<OrderStep> = lines.map(|what| OrderStep::Picked { what, bay: None }).collect();
        steps.insert(0, OrderStep::PickStarted { operator: "ben".into() });
        steps.push(OrderStep::MadeReady { bay: "C-13".to_owned() });
        for step in steps {
            let taken = StepTaken { workstation: Some(workstation.into()), ..StepTaken::at_central(&step, at) };
            self.take_step(number, taken)?;
        }
        Ok(())
    }

    /// Another till of the store has handed over all that lay there for an order.
    pub fn hand_over(&mut self, number: &OrderNumber, workstation: &str, at: Timestamp) -> Result<(), String> {
        let order = self.orders.get(number).ok_or_else(|| format!("head office has no order {number}"))?;
        let held = order.lines.iter().map(|line| LineQuantity { line: line.line, quantity: line.held() });
        let (lines, collector) = (held.collect(), order.customer_name.clone());
        let step = OrderStep::HandedOver { lines, collector, proof: CollectionProof::Name };
        let taken = StepTaken { workstation: Some(workstation.into()), ..StepTaken::at_central(&step, at) };
        self.take_step(number, taken)
    }

    /// The customer changes their order: one product is wanted no more.
    pub fn drop_line(&mut self, number: &OrderNumber, product: &ProductId) -> Result<(), String> {
        let order = self.orders.get(number).ok_or_else(|| format!("head office has no order {number}"))?;
        let kept = order.lines.iter().filter(|line| line.product != *product && line.wanted().is_positive());
        let lines = kept.map(|line| WantedLine {
            product: line.product.clone(),
            name: line.name.clone(),
            quantity: line.wanted(),
            unit_price: line.unit_price,
            amount: line.amount,
            share: line.share,
            taxed: line.taxed.clone(),
            tax: line.tax,
            stocked: line.stocked,
        });
        let wanted = WantedOrder {
            customer_name: None,
            customer_phone: None,
            payment: None,
            collect_by: None,
            lines: lines.collect(),
            unmatched: order.unmatched.clone(),
            notes: String::new(),
        };
        let changed = order.changed(&wanted).map_err(|refusal| format!("{number}: {refusal:?}"))?;
        self.receive_order(changed);
        Ok(())
    }

    /// The till's entries arrive; what was taken before is passed over.
    pub fn take(&mut self, sealed: &SealedEntry) -> Result<(), String> {
        let entry = till::wire::open_entry(sealed).map_err(|error| error.to_string())?;
        let mark = self.marks.entry(entry.mark.run).or_default();
        if entry.mark.sequence > *mark + 1 {
            return Err(format!("entry {} of its run came after {mark}", entry.mark.sequence));
        }
        *mark = entry.mark.sequence.max(*mark);
        if !self.taken.insert(entry.id) {
            return Ok(());
        }
        self.fold(&entry);
        Ok(())
    }

    fn fold(&mut self, entry: &Entry) {
        // What a count comes to is seen from here: another till may have sold what this one has not heard of.
        if let Event::StockCounted { product, found, in_baskets, .. } = &entry.event {
            let quantity = *found + *in_baskets - self.level(product).shelf();
            let (workstation, reason, at) = (Some("T02".to_owned()), MovementReason::Adjustment, entry.recorded_at);
            self.move_stock(product, StoryLine { quantity, reason, workstation, at });
            self.stock.entry(product.clone()).or_default().counted_at = Some(at);
        }
        for movement in movements(entry).into_iter().filter(|_| !matches!(entry.event, Event::StockCounted { .. })) {
            let workstation = Some("T02".to_owned());
            let (quantity, reason, at) = (movement.quantity, movement.reason, movement.at);
            self.move_stock(&movement.product, StoryLine { quantity, reason, workstation, at });
        }
        for (number, step) in order_steps(entry) {
            if let Some(order) = self.orders.get_mut(&number) {
                let before = order.clone();
                order.apply(&step);
                remember(&mut order.history, StepTaken::at_till(entry, &step, &"T02".into()));
                let after = order.clone();
                self.order_news.insert(number);
                self.serve(&before, &after, entry.recorded_at);
            }
        }
        match &entry.event {
            Event::FalseAlarmReported { case, order, .. } => {
                let by = entry.operator.as_ref().map(ToString::to_string).unwrap_or_default();
                if let Some(case) = self.find_undecided(*case, order) {
                    self.settle(case, CaseState::FalseAlarm, by);
                }
            }
            Event::TransferRequested { product, quantity, from, case, order, customer } => {
                let state = match (case, order) {
                    (Some(case), Some(order)) => self.re_source(entry, *case, order, product, *quantity, from),
                    _ => {
                        self.promise_elsewhere(product, from, *quantity);
                        TransferState::Requested
                    }
                };
                let elsewhere = self.stock.get(product).and_then(|b| b.elsewhere.iter().find(|s| s.store == *from));
                let transfer = Transfer {
                    entry: entry.id,
                    order: None,
                    product: product.clone(),
                    quantity: *quantity,
                    from: from.clone(),
                    from_name: elsewhere.map_or_else(String::new, |s| s.name.clone()),
                    to: "S001".into(),
                    to_name: "High Street".to_owned(),
                    asked_by: "Anna".to_owned(),
                    asked_at: entry.recorded_at,
                    state,
                    case: *case,
                    for_order: order.clone(),
                    customer: customer.clone(),
                };
                self.transfers.insert(entry.id, transfer);
                self.news = true;
            }
            Event::TransferWithdrawn { transfer } => {
                if let Some(transfer) = self.transfers.get_mut(transfer)
                    && transfer.state == TransferState::Requested
                {
                    transfer.state = TransferState::Withdrawn;
                    let withdrawn = transfer.clone();
                    self.promise_elsewhere(&withdrawn.product, &withdrawn.from, -withdrawn.quantity);
                }
                self.news = true;
            }
            Event::TransferClosed { transfer, .. } => {
                if let Some(transfer) = self.transfers.get_mut(transfer) {
                    transfer.state = TransferState::Closed;
                    self.news = true;
                }
            }
            _ => {}
        }
        if let Event::SaleCompleted(sale) = &entry.event {
            self.receipts.push(sale.receipt_number);
            self.cases.extend(sale.sold_anyway.iter().map(|sold| ConflictCase {
                case: sold.case,
                product: sold.product.clone(),
                order: sold.order.clone(),
                quantity: sold.facts.missing(),
                state: CaseState::Open,
                opened_at: entry.recorded_at,
                due_at: case_due(entry.recorded_at, None),
            }));
        }
    }

    /// An order was served: its case closes, and whoever lacks the unit now has one.
    fn serve(&mut self, before: &WebOrder, after: &WebOrder, at: Timestamp) {
        let open: Vec<usize> = (0..self.cases.len()).filter(|at| self.cases[*at].state == CaseState::Open).collect();
        for position in open.iter().copied() {
            let case = self.cases[position].clone();
            if case.order != after.number {
                continue;
            }
            match served(case.quantity, &case.product, before, after) {
                Served::Not => {}
                Served::WantsNoMore => self.settle(position, CaseState::CancelledAndRefunded, "central".to_owned()),
                Served::By(units) => {
                    let standing: Vec<(&ConflictCase, Quantity)> = open
                        .iter()
                        .map(|at| &self.cases[*at])
                        .filter(|other| other.product == case.product)
                        .map(|other| (other, if other.case == case.case { units } else { Quantity::ZERO }))
                        .collect();
                    let orders: Vec<WebOrder> = self.orders.values().cloned().collect();
                    let level = self.level(&case.product);
                    let passed = plan_passing(&level, &orders, &case.product, &standing, Quantity::ZERO);
                    self.cases[position].quantity = case.quantity - units;
                    if units == case.quantity {
                        let alone = passed.is_empty();
                        let state = if alone { CaseState::FalseAlarm } else { CaseState::ReSourced };
                        self.settle(position, state, "central".to_owned());
                    }
                    for PassedOn { from, order, quantity } in passed {
                        self.pass_on(&case.product, case_passed_on(from, &order), order, quantity, at);
                    }
                }
            }
        }
    }

    fn pass_on(&mut self, product: &ProductId, case: CaseId, order: OrderNumber, quantity: Quantity, at: Timestamp) {
        let mut collect_by = None;
        if let Some(known) = self.orders.get_mut(&order) {
            known.apply(&OrderStep::PutAtRisk);
            self.order_news.insert(order.clone());
            collect_by = known.collect_by;
        }
        self.news = true;
        let open = |known: &&mut ConflictCase| known.order == order && known.state == CaseState::Open;
        if let Some(known) = self.cases.iter_mut().find(open) {
            known.quantity += quantity;
            return;
        }
        let due_at = case_due(at, collect_by);
        let (product, state) = (product.clone(), CaseState::Open);
        self.cases.push(ConflictCase { case, product, order, quantity, state, opened_at: at, due_at });
    }

    fn find_undecided(&self, case: CaseId, order: &OrderNumber) -> Option<usize> {
        let open = |found: &&ConflictCase| found.state == CaseState::Open;
        let position = self.cases.iter().position(|found| found.case == case);
        let of_order = || self.cases.iter().position(|found| found.order == *order && open(&found));
        position.or_else(of_order).filter(|position| open(&&self.cases[*position]))
    }

    fn settle(&mut self, position: usize, state: CaseState, by: String) {
        let case = &mut self.cases[position];
        case.state = state;
        self.decisions.push((case.order.clone(), state, by));
        if let Some(order) = self.orders.get_mut(&case.order) {
            order.at_risk = false;
            self.order_news.insert(order.number.clone());
        }
        self.news = true;
    }

    /// What is asked of another store is free there no more, and told; `false` when there was none free.
    fn promise_elsewhere(&mut self, product: &ProductId, from: &StoreId, quantity: Quantity) -> bool {
        let books = self.stock.entry(product.clone()).or_default();
        let free = books.elsewhere.iter_mut().find(|other| other.store == *from && other.free >= quantity);
        let Some(other) = free else { return false };
        other.free = other.free - quantity;
        self.stock_news.insert(product.clone());
        true
    }

    /// A till decides that another store serves the order.
    fn re_source(
        &mut self,
        entry: &Entry,
        case: CaseId,
        order: &OrderNumber,
        product: &ProductId,
        quantity: Quantity,
        from: &StoreId,
    ) -> TransferState {
        let Some(position) = self.find_undecided(case, order) else { return TransferState::NotNeeded };
        if !self.promise_elsewhere(product, from, quantity) {
            return TransferState::NoneFree;
        }
        self.settle(
            position,
            CaseState::ReSourced,
            entry.operator.as_ref().map(ToString::to_string).unwrap_or_default(),
        );
        TransferState::Requested
    }

    /// Another till of the store decides about the case of an order.
    pub fn decide(&mut self, order: &str, state: CaseState, by: &str) -> Result<(), String> {
        let open = self.cases.iter().position(|case| case.order.as_str() == order && case.state == CaseState::Open);
        self.settle(open.ok_or_else(|| format!("{order} has no open case"))?, state, by.to_owned());
        Ok(())
    }

    /// What was decided about cases, in central's order: whose, how, by whom.
    pub fn decisions(&self) -> &[(OrderNumber, CaseState, String)] {
        &self.decisions
    }

    /// The other store does something about what it was asked for. What it refuses puts an order at risk again.
    pub fn answer_transfers(&mut self, state: TransferState) {
        let over = |state: TransferState| state.is_refused() || state.is_over();
        let asked = |transfer: &&mut Transfer| transfer.to.as_str() == "S001" && !over(transfer.state);
        for transfer in self.transfers.values_mut().filter(asked) {
            transfer.state = state;
            let served = |case: &&mut ConflictCase| Some(case.case) == transfer.case;
            for case in self.cases.iter_mut().filter(served).filter(|_| state.is_refused()) {
                case.state = CaseState::Open;
                if let Some(order) = self.orders.get_mut(&case.order) {
                    order.at_risk = true;
                    self.order_news.insert(order.number.clone());
                }
            }
        }
        self.news = true;
    }

    /// Another store asks this one.
    pub fn ask_for_transfer(&mut self, order: WebOrder, entry: EntryId) {
        let line = &order.lines[0];
        let transfer = Transfer {
            entry,
            order: Some(order.number.clone()),
            product: line.product.clone(),
            quantity: line.ordered,
            from: "S001".into(),
            from_name: "High Street".to_owned(),
            to: "S002".into(),
            to_name: order.customer_name.clone(),
            asked_by: "Ana".to_owned(),
            asked_at: order.ordered_at,
            state: TransferState::Requested,
            case: None,
            for_order: None,
            customer: "Jo B.".to_owned(),
        };
        self.transfers.insert(entry, transfer);
        self.news = true;
        self.receive_order(order);
    }

    /// The marks head office holds, for the till to know what is still to be sent.
    pub fn marks(&self) -> Vec<JournalMark> {
        self.marks.iter().map(|(run, sequence)| JournalMark { run: *run, sequence: *sequence }).collect()
    }

    /// What the till has not been told yet, as batches of the feed.
    pub fn news(&mut self, as_of: Timestamp) -> Vec<FeedBatch> {
        let mut batches = Vec::new();
        let company = std::mem::take(&mut self.company_news);
        if !company.is_empty() {
            batches.push(self.batch(Scope::Company, company, Vec::new(), as_of));
        }
        let news = std::mem::take(&mut self.news) || !self.stock_news.is_empty() || !self.order_news.is_empty();
        if !news && self.marks == self.marks_told {
            return batches;
        }
        let mut changes: Vec<Change> = Vec::new();
        for product in std::mem::take(&mut self.stock_news) {
            let books = self.stock.get(&product).cloned().unwrap_or_default();
            let Books { on_hand, safety, story, elsewhere, counted_at } = books;
            changes.push(Change::Stock(StockFigure { product, on_hand, safety, story, elsewhere, counted_at }));
        }
        for number in std::mem::take(&mut self.order_news) {
            changes.extend(self.orders.get(&number).map(|order| Change::Order(Box::new(order.clone()))));
        }
        changes.extend(self.cases.iter().cloned().map(Change::Case));
        changes.extend(self.transfers.values().cloned().map(Change::Transfer));
        let contains = self.marks();
        self.marks_told = self.marks.clone();
        batches.push(self.batch(Scope::Store, changes, contains, as_of));
        batches
    }

    fn batch(&mut self, scope: Scope, changes: Vec<Change>, contains: Vec<JournalMark>, as_of: Timestamp) -> FeedBatch {
        self.cursor += 1;
        FeedBatch { scope, cursor: self.cursor, snapshot: false, changes, contains, as_of, left_out: 0 }
    }

    /// The figures of a product in the till's store, as head office has them.
    pub fn level(&self, product: &ProductId) -> StockLevel {
        let books = self.stock.get(product).cloned().unwrap_or_default();
        StockLevel {
            on_hand: books.on_hand,
            held: self.orders.values().map(|o| o.held_of(product)).sum(),
            promised: self.orders.values().map(|o| o.promised_of(product)).sum(),
            safety: books.safety,
        }
    }

    pub fn find_order(&self, number: &str) -> Option<&WebOrder> {
        self.orders.get(&OrderNumber::from(number))
    }

    pub fn cases(&self) -> &[ConflictCase] {
        &self.cases
    }

    /// How often a receipt arrived.
    pub fn count_receipt(&self, number: u64) -> usize {
        self.receipts.iter().filter(|n| **n == number).count()
    }
}

/// A movement another till of the store made.
pub fn sold_elsewhere(quantity: Quantity, workstation: &str, at: Timestamp) -> StoryLine {
    StoryLine { quantity: -quantity, reason: MovementReason::Sale, workstation: Some(workstation.to_owned()), at }
}
