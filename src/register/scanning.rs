//! What a scan means: which screen it meets, what the code says, and which product it leads to.

use chrono::NaiveDate;

use crate::database::FoundProduct;
use crate::domain::barcode::house::COLLECTION_CODE_LENGTH;
use crate::domain::barcode::in_store::{InStoreRules, InStoreValue};
use crate::domain::barcode::{Code, DocumentCode, HouseCode, parse_code};
use crate::domain::basket::{BasketError, LinePrice, LineRequest, Unanswered};
use crate::domain::device::{ScanSignal, Tone};
use crate::domain::ids::{BasketId, DeviceId, OrderNumber};
use crate::domain::money::Money;
use crate::domain::product::{PriceKind, Product, Unit};
use crate::domain::quantity::Quantity;
use crate::domain::scan::{Scan, ScanQuality, Symbology};
use crate::domain::settings::StoreSettings;

use super::intent::{CodeAsked, ConflictChoice, Recognition, Screen};
use super::sizes::is_named;
use super::snapshot::{NoticeKind, NoticeWeight};
use super::{Effect, Handled, LastRung, Refusal, Register, WAITING_SCANS_MAX};

/// A product found by a code, with what the code itself says.
pub(super) struct Resolved {
    pub product: Product,
    pub request: LineRequest,
    pub quantity: Stated,
}

/// Has anybody said how much it is?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stated {
    /// The code or a person has.
    Told,
    /// One was assumed, which is right for pieces only.
    Assumed,
}

/// A scan that waits until a card or a question is answered.
#[derive(Clone, Debug)]
pub(super) struct WaitingScan {
    scan: Scan,
    place: ScanPlace,
}

/// What a scan that waits was meant for: the screen it was made on says so.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ScanPlace {
    /// This sale.
    Sale(BasketId),
    /// Picking this order; no order was open when it is `None`.
    Order(Option<OrderNumber>),
    /// Looking up stock.
    LookUp,
}

impl WaitingScan {
    /// One that was saved with its sale.
    pub fn for_sale(scan: Scan, sale: BasketId) -> Self {
        Self { scan, place: ScanPlace::Sale(sale) }
    }

    /// The scan, when it was made for this sale: what is saved with it.
    pub fn scan_for(&self, sale: BasketId) -> Option<&Scan> {
        (self.place == ScanPlace::Sale(sale)).then_some(&self.scan)
    }
}

impl Register {
    /// A scanner read something.
    pub(super) fn scanned(&mut self, scan: Scan) -> Handled {
        match scan.quality {
            ScanQuality::Partial => return Err(NoticeKind::ScanBrokenOff.into()),
            ScanQuality::Garbage => return Err(NoticeKind::ScanGarbled.into()),
            ScanQuality::Whole | ScanQuality::Repeat => {}
        }
        let code = self.parse(&scan.payload, scan.symbology)?;
        let code = self.as_collection(code)?;
        // A badge signs in without a PIN: it is read at once or refused, and never waits, is shown or saved.
        if let Code::House(HouseCode::Badge(badge)) = &code {
            return self.badge_scanned(badge, &scan.device);
        }
        if self.operator.is_none() {
            return Err(NoticeKind::ScanBeforeSignIn.into());
        }
        if self.is_deciding() {
            return self.scanned_while_deciding(scan, code);
        }
        self.scanned_on(self.screen, &scan, &code)
    }

    /// Whoever shows their badge signs in, or agrees to the act that waits for somebody.
    fn badge_scanned(&mut self, badge: &str, device: &DeviceId) -> Handled {
        match (&self.operator, &self.approval) {
            (None, _) => self.badge_shown(badge),
            (Some(_), Some(_)) => {
                self.approve_by_badge(badge)?;
                self.scan_taken(device);
                Ok(())
            }
            (Some(_), None) => Err(NoticeKind::BadgeNotHere.into()),
        }
    }

    /// What a scan means on a screen.
    fn scanned_on(&mut self, screen: Screen, scan: &Scan, code: &Code) -> Handled {
        if screen == Screen::Stock {
            self.get_count_untouched()?;
        }
        if let Some(document) = self.find_document(code)?.filter(|_| screen != Screen::Pay) {
            // Every slip has the order's number on it: whoever shows one has not shown the customer's code.
            if let (DocumentCode::Order(order), Screen::PickUps, Some(_)) = (&document, screen, &self.hand_over_asked) {
                return Err(NoticeKind::SlipIsNoCode { order: order.clone() }.into());
            }
            self.open_document(document)?;
            self.scan_taken(&scan.device);
            return Ok(());
        }
        match (code, screen) {
            (Code::House(HouseCode::Collection(collection)), Screen::PickUps) if self.hand_over_asked.is_some() => {
                self.hand_over_scanned(collection)?;
                self.scan_taken(&scan.device);
                Ok(())
            }
            (Code::House(HouseCode::Collection(collection)), screen) if screen != Screen::Pay => {
                self.open_order_by_code(collection)?;
                self.scan_taken(&scan.device);
                Ok(())
            }
            (_, Screen::Stock) => {
                let scanned = self.get_product(code, &scan.payload)?.product.id;
                self.scanned_on_stock(&scanned)?;
                self.scan_taken(&scan.device);
                Ok(())
            }
            (_, Screen::Sell | Screen::Receipts | Screen::Drawer | Screen::Devices | Screen::UnfinishedBusiness) => {
                self.scanned_to_sell(scan, code)
            }
            (_, Screen::PickUps) => {
                self.pick_scanned(code, &scan.payload)?;
                self.scan_taken(&scan.device);
                Ok(())
            }
            (_, Screen::Pay) => Err(NoticeKind::ScanNotHere.into()),
        }
    }

    fn scanned_to_sell(&mut self, scan: &Scan, code: &Code) -> Handled {
        if self.session.is_none() {
            return Err(NoticeKind::ScanBeforeFloat.into());
        }
        let products = self.list_products(code, &scan.payload)?;
        self.ring_code(code, products)?;
        self.enter(Screen::Sell);
        self.scan_taken(&scan.device);
        if scan.quality == ScanQuality::Repeat {
            let name = self.basket.lines.last().map(|l| l.name.clone()).unwrap_or_default();
            self.say(NoticeWeight::Mind, NoticeKind::ScannedTwice { name });
        }
        Ok(())
    }

    /// A scan never answers a card or a question: it waits, and the scanner says so. The one exception is the code that
    /// *hand over* is asking for.
    fn scanned_while_deciding(&mut self, scan: Scan, code: Code) -> Handled {
        let asked = self.collection_code_asked().filter(|_| self.question.is_none());
        if let (Code::House(HouseCode::Collection(collection)), Some(asked)) = (&code, asked) {
            let recognised = Recognition::Code(collection.clone());
            let CodeAsked { order, collector } = asked;
            self.answer_card(ConflictChoice::HandOver { order, recognised, collector })?;
            self.scan_taken(&scan.device);
            return Ok(());
        }
        if self.waiting_scans.len() >= WAITING_SCANS_MAX {
            return Err(NoticeKind::ScanLeftOut { code: printable(&scan.payload) }.into());
        }
        let place = match self.screen {
            Screen::PickUps => ScanPlace::Order(self.open_order.clone()),
            Screen::Stock => ScanPlace::LookUp,
            _ => ScanPlace::Sale(self.basket.id),
        };
        self.waiting_scans.push_back(WaitingScan { scan, place });
        self.save_draft();
        Err(NoticeKind::ScanWaits.into())
    }

    /// Lets in the scans that waited behind a card or a question, until one brings up the next. Behind the lock they wait
    /// on, as the basket does. What the act itself had to say stays on screen.
    pub(super) fn take_waiting_scans(&mut self) {
        let said = self.notice.clone().filter(|notice| notice.number > self.said_before);
        let mut refused = false;
        while self.operator.is_some() && !self.is_deciding() {
            let Some(waiting) = self.waiting_scans.pop_front() else { break };
            let device = waiting.scan.device.clone();
            if let Err(refusal) = self.let_in(&waiting) {
                self.refuse(refusal, Some(device));
                refused = true;
            }
        }
        if refused {
            self.save_draft();
        }
        if self.notice.is_none() {
            self.notice = said;
        }
    }

    /// A scan that waited goes where it was meant to go; where that is gone, it is told.
    fn let_in(&mut self, waiting: &WaitingScan) -> Handled {
        let WaitingScan { scan, place } = waiting;
        let code = self.parse(&scan.payload, scan.symbology)?;
        let screen = match place {
            ScanPlace::Sale(sale) if *sale == self.basket.id && self.screen == Screen::Pay => Screen::Pay,
            ScanPlace::Sale(sale) if *sale == self.basket.id => Screen::Sell,
            ScanPlace::Order(order) if self.screen == Screen::PickUps && *order == self.open_order => Screen::PickUps,
            ScanPlace::LookUp if self.screen == Screen::Stock => Screen::Stock,
            _ => return Err(NoticeKind::ScanLeftOut { code: printable(&scan.payload) }.into()),
        };
        self.scanned_on(screen, scan, &code)
    }

    /// A code was typed, or pasted into the search field, and Enter pressed.
    pub(super) fn code_typed(&mut self, text: &str) -> Handled {
        self.get_undecided()?;
        let text = text.trim();
        let parsed = self.parse(text.as_bytes(), None);
        match &parsed {
            Ok(Code::House(HouseCode::Collection(code))) => return self.open_order_by_code(code),
            Ok(Code::House(HouseCode::Badge(_))) => return Err(NoticeKind::BadgeNotHere.into()),
            _ => {}
        }
        if let Ok(code) = &parsed
            && let Some(document) = self.find_document(code)?
        {
            self.search_text.clear();
            return self.open_document(document);
        }
        // What is not a code is a name: the search shows it, and Enter takes the only hit.
        if let Ok(code) = &parsed {
            match self.list_products(code, text.as_bytes()) {
                Ok(products) => {
                    return self.ring_code(code, products);
                }
                Err(Refusal::Notice(_)) => {}
                // A file that cannot be read is no unknown code.
                Err(error) => return Err(error),
            }
        }
        let unknown = || NoticeKind::CodeUnknown { code: printable(text.as_bytes()) };
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            // A number is a whole code or none: what merely holds it somewhere is another product.
            return Err(parsed.err().unwrap_or_else(|| unknown().into()));
        }
        let hits = self.database.view().search_products(text, 2)?;
        match hits.as_slice() {
            [only] if is_named(only, text) => {
                let id = only.id.clone();
                self.search_text.clear();
                self.choose_product(&id)
            }
            [] => match parsed {
                Err(refusal) => Err(refusal),
                Ok(_) => Err(unknown().into()),
            },
            _ => {
                self.search_text = text.to_owned();
                Ok(())
            }
        }
    }

    /// The receipt or order a code on our own paper names. A document that is known is meant before a product whose number
    /// looks like one, so that nothing is sold that was not; one that is not known is a product's number where it can be.
    fn find_document(&self, code: &Code) -> Result<Option<DocumentCode>, Refusal> {
        let Code::Text(text) = code else { return Ok(None) };
        let Some(document) = DocumentCode::parse(text) else { return Ok(None) };
        let view = self.database.view();
        let known = match &document {
            DocumentCode::Receipt { till, receipt_number } => {
                *till == self.till && view.find_sale(*receipt_number)?.is_some()
            }
            DocumentCode::Order(number) => view.find_order(number)?.is_some(),
        };
        let sold = !known && view.find_product_by_keys(&code.lookup_keys())?.is_some();
        Ok(Some(document).filter(|_| !sold))
    }

    /// A web shop may print an order's collection code bare. It is that order's where no product has the same code.
    fn as_collection(&self, code: Code) -> Result<Code, Refusal> {
        let Code::Text(text) = &code else { return Ok(code) };
        let view = self.database.view();
        let is_bare = text.chars().count() == COLLECTION_CODE_LENGTH && view.find_order_by_code(text)?.is_some();
        if !is_bare || view.find_product_by_keys(&code.lookup_keys())?.is_some() {
            return Ok(code);
        }
        Ok(Code::House(HouseCode::Collection(text.to_ascii_uppercase())))
    }

    /// What the code says, or why it is none.
    pub(super) fn parse(&self, payload: &[u8], symbology: Option<Symbology>) -> Result<Code, Refusal> {
        let rules = &self.in_store_rules;
        parse_code(payload, symbology, rules, self.today())
            .map_err(|error| NoticeKind::CodeRefused { error, code: printable(payload) }.into())
    }

    /// What somebody scanned that waits: the product's name, or the code when there is none.
    pub(super) fn name_of_waiting(&self, waiting: &WaitingScan) -> String {
        let Scan { payload, symbology, .. } = &waiting.scan;
        let found = self.parse(payload, *symbology).and_then(|code| self.get_product(&code, payload));
        found.map_or_else(|_| printable(payload), |found| found.product.name)
    }

    /// The one product a code leads to; the first when it leads to several.
    pub(super) fn get_product(&self, code: &Code, payload: &[u8]) -> Result<FoundProduct, Refusal> {
        let mut products = self.list_products(code, payload)?;
        Ok(products.swap_remove(0))
    }

    /// The products a code leads to: at least one, or a refusal.
    pub(super) fn list_products(&self, code: &Code, payload: &[u8]) -> Result<Vec<FoundProduct>, Refusal> {
        let view = self.database.view();
        let mut products: Vec<FoundProduct> = Vec::new();
        match code {
            // Eight digits that are right as EAN-8 and as UPC-E may name two articles: a person chooses.
            Code::Gtin(read) if read.alternative.is_some() => {
                for key in code.lookup_keys() {
                    let found = view.find_product_by_keys(&[key])?;
                    products.extend(found.filter(|f| products.iter().all(|p| p.product.id != f.product.id)));
                }
            }
            _ => products.extend(view.find_product_by_keys(&code.lookup_keys())?),
        }
        if products.is_empty() {
            return Err(NoticeKind::CodeUnknown { code: printable(payload) }.into());
        }
        Ok(products)
    }

    fn ring_code(&mut self, code: &Code, mut products: Vec<FoundProduct>) -> Handled {
        self.get_untendered()?;
        let units = self.quantity_prefix;
        if products.len() > 1 {
            let scanned = products.first().map(|f| f.key.clone());
            let products = products.into_iter().map(|f| f.product.id).collect();
            return self.ask(Unanswered::Choice { products, quantity: units, scanned });
        }
        let found = products.swap_remove(0);
        let resolved = resolve(code, found, units, self.today())?;
        self.ring(resolved)
    }

    /// Rings up what was resolved; a weight nobody has said and an open price are asked for first.
    pub(super) fn ring(&mut self, resolved: Resolved) -> Handled {
        self.get_settings_known()?;
        self.get_untendered()?;
        let Resolved { product, request, quantity: stated } = resolved;
        if product.withdrawn {
            return Err(NoticeKind::Withdrawn { name: product.name }.into());
        }
        if product.unit != Unit::Each && stated == Stated::Assumed {
            self.quantity_prefix = None;
            return self.ask(Unanswered::Quantity { product: product.id, request: Box::new(request) });
        }
        if product.price_kind == PriceKind::Open && request.price == LinePrice::List {
            self.quantity_prefix = None;
            return self.ask(Unanswered::Price { product: product.id, request: Box::new(request) });
        }
        self.begin_basket_when_empty();
        let mut basket = (*self.basket).clone();
        let quantity = request.quantity;
        let typed = matches!(request.price, LinePrice::Typed(_));
        let line = basket.add(&product, request).map_err(NoticeKind::BasketRefused)?;
        if typed {
            let operator = self.get_operator()?.id.clone();
            basket.sign_change(line, &operator, None).map_err(NoticeKind::BasketRefused)?;
        }
        self.quantity_prefix = None;
        self.completed = None;
        self.forget_kept(&product.id);
        self.clear_notice();
        self.basket = basket.into();
        // Whatever led here, the next Enter is not to ring it again.
        self.search_text.clear();
        self.looked_at = None;
        self.selected = Some(line);
        self.last_rung = Some(LastRung { line, quantity });
        self.save_draft();
        self.ask_age();
        self.judge_product(&product.id)?;
        self.effects.push(Effect::Tone(Tone::Good));
        Ok(())
    }

    fn scan_taken(&mut self, device: &DeviceId) {
        self.effects.push(Effect::Signal { device: device.clone(), signal: ScanSignal::Good });
    }
}

/// What the code itself says about quantity and price, put together with its product.
fn resolve(code: &Code, found: FoundProduct, units: Option<Quantity>, today: NaiveDate) -> Result<Resolved, Refusal> {
    let FoundProduct { mut product, key, pack } = found;
    let several = units.is_some_and(|units| units != Quantity::ONE);
    if several && says_its_own(code, &product) {
        return Err(NoticeKind::LabelIsOne { name: product.name }.into());
    }
    let mut told = stated(units);
    let units = units.unwrap_or(Quantity::ONE);
    let packs = Quantity::from_thousandths(units.thousandths().saturating_mul(i64::from(pack.max(1))));
    let currency = product.price.currency();
    let mut request = LineRequest::listed(packs, Some(key));
    match code {
        // A label that says nothing names the item alone: what it does not say is asked for, as for loose goods.
        Code::InStore(label) if label.value.is_zero() => {
            if matches!(label.value, InStoreValue::Price { .. }) && product.price.is_zero() {
                product.price_kind = PriceKind::Open;
                told = Stated::Told;
            }
        }
        Code::InStore(label) => {
            told = Stated::Told;
            match label.value {
                InStoreValue::Price { .. } => {
                    let amount = label.value.price(currency);
                    let amount = amount.ok_or(NoticeKind::BasketRefused(BasketError::PriceInvalid))?;
                    // A mark-down sticks on pieces too: it says what they cost, not how many they are.
                    request.quantity = match product.unit {
                        Unit::Each => packs,
                        _ => quantity_for(amount, product.price, packs),
                    };
                    request.price = LinePrice::Label(amount);
                }
                InStoreValue::Weight(weight) => request.quantity = weight,
                InStoreValue::Count(count) => request.quantity = Quantity::units(count),
            }
        }
        Code::Gs1(read) => {
            if let Some(date) = read.expiry.filter(|date| *date < today) {
                return Err(NoticeKind::Expired { name: product.name, date }.into());
            }
            request.batch.clone_from(&read.batch);
            if let Some(weight) = read.net_weight.filter(|_| product.unit == Unit::Kilogram) {
                request.quantity = weight;
                told = Stated::Told;
            }
            if let Some(price) = read.price {
                let amount =
                    price.in_local(currency).ok_or(NoticeKind::BasketRefused(BasketError::CurrencyMismatch))?;
                request.price = LinePrice::Label(amount);
                if product.unit == Unit::Kilogram && told == Stated::Assumed {
                    request.quantity = quantity_for(amount, product.price, packs);
                    told = Stated::Told;
                }
            }
        }
        Code::Gtin(_) | Code::House(_) | Code::Text(_) => {}
    }
    Ok(Resolved { product, request, quantity: told })
}

/// Does the code itself say how much it is, or what all of it costs? Then it stands for the one piece it sticks on.
fn says_its_own(code: &Code, product: &Product) -> bool {
    match code {
        Code::InStore(label) => !label.value.is_zero(),
        Code::Gs1(read) => read.price.is_some() || (read.net_weight.is_some() && product.unit == Unit::Kilogram),
        Code::Gtin(_) | Code::House(_) | Code::Text(_) => false,
    }
}

/// A quantity said by a person is told; one that is missing is assumed to be one.
pub(super) fn stated(quantity: Option<Quantity>) -> Stated {
    if quantity.is_some() { Stated::Told } else { Stated::Assumed }
}

/// How much a label's price stands for: price over unit price, to the gram; one piece when the unit price is nothing.
fn quantity_for(amount: Money, unit_price: Money, packs: Quantity) -> Quantity {
    if unit_price.minor() <= 0 {
        return packs;
    }
    let exact = rust_decimal::Decimal::from(amount.minor()) * rust_decimal::Decimal::from(1000)
        / rust_decimal::Decimal::from(unit_price.minor());
    crate::domain::money::round(exact).map_or(packs, Quantity::from_thousandths)
}

/// The layouts of scales' labels in the store's country.
pub(super) fn in_store_rules(settings: &StoreSettings) -> InStoreRules {
    InStoreRules::for_country(&settings.country).unwrap_or_else(|error| {
        tracing::error!(%error, "the built-in layouts of in-store codes cannot be read");
        InStoreRules::none()
    })
}

/// A code as it may be shown: control characters and what is not ASCII as dots, at most 48 characters.
pub(super) fn printable(payload: &[u8]) -> String {
    payload.iter().take(48).map(|b| if (0x20..0x7f).contains(b) { char::from(*b) } else { '·' }).collect()
}
