//! What the dice make people do at a till: all of it through the real register, as the window would ask for it.

use till::domain::event::Event;
use till::domain::ids::{EntryId, OrderNumber, ProductId};
use till::domain::money::{Currency, Money};
use till::domain::quantity::Quantity;
use till::domain::tender::TenderKind;
use till::domain::transfer::{Transfer, TransferState};
use till::domain::web_order::{Fulfilment, OrderState, WebOrder};
use till::register::Intent;
use till::register::intent::{ConflictChoice, LinesChosen, Pin, Recognition, Screen};
use till::register::snapshot::{Access, ConflictCard, NoticeKind};

use super::dice::Dice;
use super::node::Node;
use super::shop::{OPERATOR, PIN, PRODUCTS, STORES};

/// So often a card may come up again for one basket before somebody gives up.
const CARDS_MAX: usize = 12;

impl Node {
    /// Something happens in the shop.
    pub fn act(&mut self, now_us: u64, dice: &mut Dice) -> &'static str {
        if let Some(product) = self.being_counted() {
            self.turn_clock(now_us);
            return self.finish_count(&product, dice);
        }
        if let Err(instead) = self.begin(now_us) {
            return instead;
        }
        // Not at once: what came stands on every till of the store before somebody presses, so that two may.
        if self.helps && self.list_arrived().is_some_and(|arrived| !arrived.is_empty()) && dice.chance(15) {
            return self.close_transfer(dice);
        }
        if let Some(owed) = self.owed().filter(|_| self.helps) {
            return self.send_at_once(&owed);
        }
        let stands_open = |n: &mut Self| n.snapshot().is_some_and(|shown| matches!(shown.access, Access::Open(_)));
        if self.counts && dice.chance(20) && stands_open(self) {
            return if dice.chance(15) { self.count_drawer(dice) } else { self.count_shelf(dice) };
        }
        match dice.below(20) {
            0..=9 => self.sell(dice),
            10 => {
                self.handle(Intent::DrawerOpened { reason: "change".to_owned() });
                "opens the drawer"
            }
            11..=17 => self.serve_order(dice),
            _ => self.close_transfer(dice),
        }
    }

    /// Somebody stands at the till and is signed in; or what they had to do instead.
    fn begin(&mut self, now_us: u64) -> Result<(), &'static str> {
        self.turn_clock(now_us);
        let Some(running) = &self.running else { return Err("nothing") };
        if running.register.next_deadline().is_some_and(|due| due <= self.clock(now_us)) {
            self.handle(Intent::TimePassed);
        }
        match self.snapshot().map(|shown| shown.access) {
            None => return Err("nothing"),
            Some(Access::SignIn(_)) => {
                self.handle(Intent::OperatorChosen(Some(OPERATOR.into())));
                self.handle(Intent::PinEntered(Pin(PIN.to_owned())));
                self.check_sign_in();
            }
            Some(Access::NeedsSession(_)) => {
                self.handle(Intent::SessionOpened { float: Money::new(20_000, Currency::EUR) });
                return Err("opens a session");
            }
            Some(Access::Open(_) | Access::Stopped(_)) => {}
        }
        self.handle(Intent::ScreenShown(Screen::Sell));
        Ok(())
    }

    /// Who cannot be signed in, because that is an entry too, is told why.
    fn check_sign_in(&mut self) {
        // The batch that names the people may not have reached the full disk either: then there is nobody to choose.
        let is_known = |n: &Self| {
            let view = n.running.as_ref().map(|running| running.reader.view());
            view.is_some_and(|view| view.find_operator(&OPERATOR.into()).unwrap().is_some())
        };
        let is_refused = |n: &Self| n.disk.is_full() && !n.disk.is_off() && is_known(n);
        let Some(shown) = self.snapshot().filter(|_| is_refused(self)) else { return };
        let says_so = shown.notice.as_ref().is_some_and(|notice| notice.kind == NoticeKind::DiskFull);
        if matches!(shown.access, Access::SignIn(_)) && !says_so {
            let notice = shown.notice;
            self.broken =
                Some(format!("{}: nobody can be signed in on a full disk, and it says {notice:?}", self.name));
        }
    }

    fn sell(&mut self, dice: &mut Dice) -> &'static str {
        for _ in 0..dice.between(1, 3) {
            self.handle(Intent::ProductChosen((*dice.pick(&PRODUCTS)).into()));
            self.answer_cards(dice);
        }
        if dice.chance(4) {
            self.handle(Intent::BasketVoided);
            return "gives a basket up";
        }
        self.pay(dice)
    }

    /// Whatever lies in the basket is paid; a till that cannot write it says so and keeps it.
    fn pay(&mut self, dice: &mut Dice) -> &'static str {
        let Some(shown) = self.snapshot() else { return "nothing" };
        if shown.basket.basket.is_empty() {
            return "sells nothing";
        }
        // The basket is one of before; the screen shows names, and no way to pay.
        if matches!(shown.access, Access::SignIn(_)) {
            return "cannot sell: nobody can be signed in";
        }
        self.handle(Intent::PayOpened);
        self.answer_cards(dice);
        let Some(shown) = self.snapshot() else { return "nothing" };
        if shown.basket.basket.is_empty() || shown.conflict.is_some() {
            return "sells nothing";
        }
        let (number, full) = (shown.till.next_receipt_number, self.disk.is_full());
        self.handle(Intent::Tendered { kind: TenderKind::Cash, amount: shown.basket.total, reference: None });
        if self.disk.is_off() {
            return "loses power in a sale";
        }
        let Some(after) = self.snapshot() else { return "nothing" };
        match (after.completed, after.notice) {
            (Some(done), _) if done.receipt_number == number => return "sells",
            (None, Some(notice)) if notice.kind == NoticeKind::DiskFull => {}
            (completed, notice) if full || self.disk.is_full() => {
                self.broken = Some(format!("{}: a full disk, and it says {completed:?}, {notice:?}", self.name));
            }
            _ => return "does not sell after all",
        }
        if after.basket.basket.is_empty() {
            self.broken =
                Some(format!("{}: the disk is full, and the customer's goods have left the basket", self.name));
        }
        "cannot sell: the disk is full"
    }

    fn answer_cards(&mut self, dice: &mut Dice) {
        for _ in 0..CARDS_MAX {
            let Some(card) = self.snapshot().and_then(|shown| shown.conflict) else { return };
            let choice = if self.helps && dice.chance(75) { find_another(&card, dice) } else { choose(&card, dice) };
            self.handle(Intent::ConflictAnswered { card: card.number, choice });
        }
        while let Some(card) = self.snapshot().and_then(|shown| shown.conflict)
            && !self.disk.is_off()
            && !self.disk.is_full()
        {
            self.handle(Intent::ConflictAnswered { card: card.number, choice: ConflictChoice::LineOut });
        }
    }

    /// The next step of an order this till knows of.
    fn serve_order(&mut self, dice: &mut Dice) -> &'static str {
        let Some(running) = &self.running else { return "nothing" };
        let mut orders = running.reader.view().list_orders(None).unwrap();
        orders.sort_by(|a, b| a.number.cmp(&b.number));
        if orders.is_empty() {
            return "no order";
        }
        let order = dice.pick(&orders).clone();
        self.handle(Intent::ScreenShown(Screen::PickUps));
        self.handle(Intent::OrderOpened(Some(order.number.clone())));
        if dice.chance(5) {
            self.handle(Intent::OrderPutBack);
            return "puts an order back";
        }
        match order.state {
            OrderState::Received | OrderState::Picking | OrderState::Short => self.pick(&order, dice),
            OrderState::Lapsed if dice.chance(60) => {
                self.handle(Intent::OrderPutBack);
                "puts a lapsed order back"
            }
            OrderState::Ready if dice.chance(10) => {
                self.handle(Intent::OrderStepUndone);
                "takes a step back"
            }
            _ if order.fulfilment == Fulfilment::Transfer => {
                self.handle(Intent::TransferSent { looked: true });
                "sends a transfer"
            }
            _ => self.hand_over(&order.number, dice),
        }
    }

    /// What another store has asked for and is still here.
    fn owed(&self) -> Option<WebOrder> {
        let mut orders = self.running.as_ref()?.reader.view().list_orders(None).unwrap();
        orders.retain(|order| order.fulfilment == Fulfilment::Transfer);
        orders.into_iter().min_by(|a, b| a.number.cmp(&b.number))
    }

    /// What another store has asked for is picked and leaves.
    fn send_at_once(&mut self, order: &WebOrder) -> &'static str {
        self.handle(Intent::ScreenShown(Screen::PickUps));
        self.handle(Intent::OrderOpened(Some(order.number.clone())));
        for line in &order.lines {
            for _ in 0..line.promised().thousandths() / 1_000 {
                self.handle(Intent::LinePicked { line: line.line });
            }
        }
        self.handle(Intent::TransferSent { looked: true });
        "picks and sends a transfer"
    }

    fn pick(&mut self, order: &WebOrder, dice: &mut Dice) -> &'static str {
        let open = order.lines.iter().find(|l| l.promised() > l.short);
        let Some(line) = open.map(|l| l.line) else {
            if order.lines.iter().all(|l| l.held().is_zero()) {
                self.handle(Intent::OrderPutBack);
                return "puts an order back";
            }
            // Another till may have it in the same bay.
            self.handle(Intent::OrderMadeReady { bay: "A1".to_owned() });
            return "makes an order ready";
        };
        match dice.below(10) {
            0 => {
                self.handle(Intent::LineNotFound { line });
                "does not find a line"
            }
            1 => {
                self.handle(Intent::PickStarted);
                "begins to pick"
            }
            2 => {
                self.handle(Intent::LinePicked { line });
                self.handle(Intent::OrderStepUndone);
                "picks and takes it back"
            }
            _ => {
                for _ in 0..order.line(line).map_or(0, |l| l.promised().thousandths() / 1_000) {
                    self.handle(Intent::LinePicked { line });
                }
                "picks"
            }
        }
    }

    fn hand_over(&mut self, order: &OrderNumber, dice: &mut Dice) -> &'static str {
        let recognised = Recognition::NameConfirmed;
        self.handle(Intent::OrderHandedOver { recognised, collector: None, lines: LinesChosen::All });
        let in_basket = |n: &Self| n.book.written.last().is_some_and(|w| w.event.kind() == "order_stepped");
        if in_basket(self) {
            return "hands an order over";
        }
        // One to be paid lies in the basket now.
        let Some(shown) = self.snapshot() else { return "nothing" };
        let mine = |l: &till::domain::basket::BasketLine| l.hand_over.as_ref().is_some_and(|h| h.order == *order);
        if shown.basket.basket.lines.iter().any(mine) { self.pay(dice) } else { "hands nothing over" }
    }

    /// What was asked of other stores and is somebody's turn here; nothing of a till that does not run.
    fn list_arrived(&self) -> Option<Vec<Transfer>> {
        let open = self.running.as_ref()?.reader.view().list_open_transfers().unwrap();
        let mut open: Vec<Transfer> = open.into_iter().map(|known| known.transfer).collect();
        open.retain(|t| t.to == self.id.store && (t.state == TransferState::Sent || t.state.is_refused()));
        Some(open)
    }

    /// What another store has sent is here, or it is understood that it does not come.
    fn close_transfer(&mut self, dice: &mut Dice) -> &'static str {
        let Some(open) = self.list_arrived() else { return "nothing" };
        if open.is_empty() {
            return self.sell(dice);
        }
        let entry = dice.pick(&open).entry;
        self.handle(Intent::TransferClosed(entry));
        "closes a transfer"
    }
}

/// Counting.
impl Node {
    /// What somebody went to count, and has not come back from.
    fn being_counted(&mut self) -> Option<ProductId> {
        if !self.counts {
            return None;
        }
        Some(self.snapshot()?.stock.as_ref()?.count.as_ref()?.product.clone())
    }

    fn count_shelf(&mut self, dice: &mut Dice) -> &'static str {
        let any = ProductId::from(*dice.pick(&PRODUCTS));
        let product = self.asked_to_count.take().unwrap_or(any);
        if dice.chance(20) {
            self.handle(Intent::ProductChosen(product.clone()));
            self.answer_cards(dice);
        }
        self.handle(Intent::ShelfCountBegun(product.clone()));
        // The shop goes on, here and elsewhere, until they are back.
        if dice.chance(40) { "goes to count" } else { self.finish_count(&product, dice) }
    }

    /// So much lies there, as far as anybody can see; what lies in a basket is paid afterwards.
    fn finish_count(&mut self, product: &ProductId, dice: &mut Dice) -> &'static str {
        // What lies in a basket may be asked about meanwhile.
        self.answer_cards(dice);
        if self.being_counted().is_none() {
            return "does not count after all";
        }
        let Some(running) = &self.running else { return "nothing" };
        let books = running.reader.view().stock_level(product).unwrap().shelf().max(Quantity::ZERO);
        let found = if dice.chance(30) { books } else { Quantity::units(dice.below(8) as i64) };
        let written = self.book.written.len();
        // Counted, said again, and explained; what moved meanwhile is asked about once more.
        for reason in [None, None, Some("gone"), Some("gone"), Some("gone")] {
            if self.being_counted().is_some() && self.booked_since(written).is_none() {
                self.handle(Intent::ShelfCounted { found, reason: reason.map(str::to_owned) });
            }
        }
        if self.disk.is_off() {
            return "loses power in a count";
        }
        if let Some((booked, in_baskets)) = self.booked_since(written)
            && let Some(running) = &self.running
        {
            let shown = running.reader.view().stock_level(product).unwrap().shelf();
            if booked != found || shown != found + in_baskets {
                self.broken = Some(format!("{} counted {found} {product}, and shows {shown}", self.name));
            }
        } else if !self.disk.is_full() {
            let said = self.snapshot().and_then(|shown| shown.notice).map(|notice| notice.kind);
            self.broken = Some(format!("{} counted {found} {product}, and wrote nothing: {said:?}", self.name));
        }
        self.handle(Intent::ShelfCountLeft);
        self.handle(Intent::ScreenShown(Screen::Sell));
        self.pay(dice);
        "counts a shelf"
    }

    /// The count that was booked behind so many entries: what was found, and what lay in baskets.
    fn booked_since(&self, written: usize) -> Option<(Quantity, Quantity)> {
        self.book.written[written..].iter().find_map(|entry| match &entry.event {
            Event::StockCounted { found, in_baskets, .. } => Some((*found, *in_baskets)),
            _ => None,
        })
    }

    /// The drawer is counted, perhaps more than once, and its session closed.
    fn count_drawer(&mut self, dice: &mut Dice) -> &'static str {
        for _ in 0..dice.between(1, 2) {
            let counted = Money::new(dice.between(15_000, 40_000) as i64, Currency::EUR);
            self.handle(Intent::SessionClosed { counted, reason: None });
            self.handle(Intent::CountResumed);
        }
        let expected = self.snapshot().and_then(|shown| shown.session).map(|session| session.cash_expected());
        let Some(expected) = expected else { return "counts a drawer" };
        let counted = if dice.chance(50) { expected } else { expected + Money::new(5, Currency::EUR) };
        self.handle(Intent::SessionClosed { counted, reason: Some("miscounted".to_owned()) });
        "counts a drawer and closes its session"
    }
}

impl Node {
    /// The goods somebody has just taken in here; a colleague at another till presses too.
    pub fn taken_in(&self) -> Option<EntryId> {
        match self.book.written.last().map(|written| &written.event) {
            Some(Event::TransferClosed { transfer, received, .. }) if received.is_positive() => Some(*transfer),
            _ => None,
        }
    }

    /// The colleague presses, before this till has heard of the other one. Answers whether it was still to be pressed here.
    pub fn take_in_too(&mut self, now_us: u64, transfer: EntryId) -> bool {
        if self.begin(now_us).is_err() {
            return false;
        }
        let Some(running) = &self.running else { return false };
        let open = running.reader.view().list_open_transfers().unwrap();
        let waits = open
            .iter()
            .map(|open| &open.transfer)
            .any(|open| open.entry == transfer && open.state == TransferState::Sent);
        if waits {
            self.handle(Intent::TransferClosed(transfer));
        }
        waits
    }
}

fn choose(card: &ConflictCard, dice: &mut Dice) -> ConflictChoice {
    let order = dice.pick(&card.orders).number.clone();
    let chosen = if dice.chance(30) { Some(order.clone()) } else { None };
    match dice.below(20) {
        0..=7 => ConflictChoice::SellAnyway { order: chosen },
        8..=10 => ConflictChoice::Keep { order: chosen },
        11..=15 => find_another(card, dice),
        16 | 17 => ConflictChoice::HandOver { order, recognised: Recognition::NameConfirmed, collector: None },
        _ => ConflictChoice::LineOut,
    }
}

fn find_another(card: &ConflictCard, dice: &mut Dice) -> ConflictChoice {
    let stated = card.elsewhere.first().map(|other| other.store.clone());
    let store = stated.unwrap_or_else(|| (*dice.pick(&STORES)).into());
    ConflictChoice::FindAnother { store, customer: String::new() }
}

/// Units a person may ask for.
pub fn units(dice: &mut Dice, most: u64) -> Quantity {
    Quantity::units(dice.between(1, most) as i64)
}
