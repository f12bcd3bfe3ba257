//! The basket: the open, unfinished sale. Every change is a method; totals are worked out, never kept.

mod draft;
mod hand_over;

use rust_decimal::Decimal;

use super::conflict::ConflictFacts;
use super::ids::{BasketId, CaseId, OperatorId, OrderNumber, ProductId};
use super::money::{self, AMOUNT_MINOR_MAX, Currency, Money};
use super::product::{PriceKind, Product, Unit};
use super::quantity::{QUANTITY_THOUSANDTHS_MAX, Quantity};
use super::tax::{TaxCode, TaxMode, TaxRate, TaxTotal, add_taxed, tax_table};
use super::tender::Tender;
use super::web_order::Collection;

pub use draft::{Draft, Unanswered};
pub use hand_over::{HandOverLine, TakenFor, taken_for};

/// How many lines a basket may have.
pub const LINES_MAX: usize = 10_000;

/// Where a line's price came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceSource {
    /// The price list.
    List,
    /// The code itself: the line's amount is fixed, its quantity follows (a scale's label).
    Label,
    /// Typed by the cashier, for an open price or instead of the list's.
    Typed,
    /// Agreed in a web order.
    Order,
}

/// Money off one line, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discount {
    /// Percent of the line, when it was given so: 10 for 10 %.
    pub percent: Option<Decimal>,
    /// Taken off: of the sign of the line's amount.
    pub amount: Money,
    /// As printed: `staff`.
    pub reason: String,
}

/// One line of a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasketLine {
    /// Its number in the basket, from 1, never given twice.
    pub line: u32,
    /// What.
    pub product: ProductId,
    /// As printed.
    pub name: String,
    /// How it is counted.
    pub unit: Unit,
    /// How much; below zero on a returned line.
    pub quantity: Quantity,
    /// For one unit.
    pub unit_price: Money,
    /// Before discount: fixed by the label, or quantity at unit price.
    pub amount: Money,
    /// Where the price came from.
    pub price_source: PriceSource,
    /// Taxed at.
    pub tax: TaxCode,
    /// Money off.
    pub discount: Option<Discount>,
    /// Does selling it move stock?
    pub stocked: bool,
    /// The code it was rung up with, as the look-up key.
    pub scanned: Option<String>,
    /// Batch, from a 2D code.
    pub batch: Option<String>,
    /// The age a buyer must have.
    pub age_limit: Option<u8>,
    /// Set when the line hands over a web order.
    pub hand_over: Option<HandOverLine>,
    /// Whose hand last set its price or discount.
    pub changed_by: Option<OperatorId>,
    /// Who else agreed to it, when it went beyond what that person may do.
    pub approved_by: Option<OperatorId>,
    /// What its price was typed for, as printed, when the list says another.
    pub price_reason: Option<String>,
}

impl BasketLine {
    fn after_discount(&self) -> Money {
        match &self.discount {
            Some(discount) => self.amount - discount.amount,
            None => self.amount,
        }
    }

    /// Is more taken off than `cap_percent`? Counted from what the line would cost at `list_price`, when a price was typed
    /// instead of the list's; from its own amount otherwise.
    pub fn exceeds_cap(&self, list_price: Option<Money>, cap_percent: Decimal) -> bool {
        let full = match self.price_source {
            PriceSource::Typed => list_price.and_then(|price| self.quantity.at(price)).unwrap_or(self.amount),
            PriceSource::List | PriceSource::Label | PriceSource::Order => self.amount,
        };
        let most = percent_of(full, cap_percent);
        full.minor() > 0 && most.is_some_and(|most| self.after_discount() < full - most)
    }

    /// Pieces: whole pieces count each, anything weighed or measured counts as one.
    pub const fn item_count(&self) -> i64 {
        match self.unit {
            Unit::Each => self.quantity.thousandths() / 1000,
            _ => 1,
        }
    }
}

/// Why a change to a basket was refused. The basket is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasketError {
    /// No line with that number.
    #[error("the basket has no such line")]
    NoSuchLine,
    /// A quantity of nothing, beyond the limit, or a part of something counted in pieces.
    #[error("this quantity cannot be sold")]
    QuantityInvalid,
    /// A price below zero or beyond the limit.
    #[error("this price is out of range")]
    PriceInvalid,
    /// The product has an open price and none was typed.
    #[error("this product needs a price")]
    PriceNeeded,
    /// More off than the line costs, or percent outside 0 to 100.
    #[error("this discount is out of range")]
    DiscountInvalid,
    /// [`LINES_MAX`] reached.
    #[error("the basket is full")]
    Full,
    /// Prices of different currencies.
    #[error("the price is in another currency")]
    CurrencyMismatch,
    /// The label fixed quantity and price together, or an order did.
    #[error("this line's quantity is fixed")]
    QuantityFixed,
}

/// A conflict the cashier has answered in this basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredConflict {
    /// For which product.
    pub product: ProductId,
    /// What the facts were.
    pub facts: ConflictFacts,
    /// The case it opens when sold.
    pub case: CaseId,
    /// The order that falls short, when the answer was to sell anyway.
    pub short: Option<OrderNumber>,
    /// Who else agreed to that, where the store asks for it.
    pub approved_by: Option<OperatorId>,
}

/// The open, unfinished sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basket {
    /// Its identity, and that of the sale it becomes.
    pub id: BasketId,
    /// Priced in.
    pub currency: Currency,
    /// In the order they were rung.
    pub lines: Vec<BasketLine>,
    /// Given so far.
    pub tenders: Vec<Tender>,
    /// Conflicts already answered.
    pub answered: Vec<AnsweredConflict>,
    /// Who collects the orders among the lines.
    pub collections: Vec<Collection>,
    /// The highest age the buyer was checked for.
    pub age_checked: Option<u8>,
    next_line: u32,
}

/// What a new line needs to know beside its product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRequest {
    /// How much.
    pub quantity: Quantity,
    /// Where price and amount come from.
    pub price: LinePrice,
    /// The look-up key of the code.
    pub scanned: Option<String>,
    /// Batch, from a 2D code.
    pub batch: Option<String>,
    /// The order it hands over.
    pub hand_over: Option<HandOverLine>,
}

/// The price of a new line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinePrice {
    /// The product's own.
    List,
    /// For one unit, typed.
    Typed(Money),
    /// The whole line, from its label.
    Label(Money),
    /// Agreed in the order.
    Order {
        /// For one unit.
        unit_price: Money,
        /// For all of them.
        amount: Money,
    },
}

impl LineRequest {
    /// `quantity` at the list price, rung with `scanned`.
    pub fn listed(quantity: Quantity, scanned: Option<String>) -> Self {
        Self { quantity, price: LinePrice::List, scanned, batch: None, hand_over: None }
    }
}

impl Basket {
    /// An empty one.
    pub const fn new(id: BasketId, currency: Currency) -> Self {
        Self {
            id,
            currency,
            lines: Vec::new(),
            tenders: Vec::new(),
            answered: Vec::new(),
            collections: Vec::new(),
            age_checked: None,
            next_line: 1,
        }
    }

    /// A basket as it was saved: line numbers go on after the highest one.
    pub fn restored(mut self, next_line: u32) -> Self {
        let highest = self.lines.iter().map(|l| l.line).max().unwrap_or(0);
        self.next_line = next_line.max(highest.saturating_add(1));
        self
    }

    /// The number the next line will get.
    pub const fn next_line(&self) -> u32 {
        self.next_line
    }

    /// No lines?
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The line with this number.
    pub fn line(&self, line: u32) -> Option<&BasketLine> {
        self.lines.iter().find(|l| l.line == line)
    }

    /// Rings up a product. The same product rung again at the list price joins the newest line when that is where it
    /// already stands; otherwise it gets a line of its own, so that the newest line is always the last one rung.
    pub fn add(&mut self, product: &Product, request: LineRequest) -> Result<u32, BasketError> {
        check_quantity(request.quantity, product.unit)?;
        if product.price.currency() != self.currency {
            return Err(BasketError::CurrencyMismatch);
        }
        if let Some(line) = self.joinable_line(product, &request) {
            let quantity = line.quantity + request.quantity;
            let number = line.line;
            self.set_quantity(number, quantity)?;
            return Ok(number);
        }
        if self.lines.len() >= LINES_MAX {
            return Err(BasketError::Full);
        }
        let (unit_price, amount, price_source) = price_line(product, &request)?;
        let line = self.next_line;
        self.next_line += 1;
        self.lines.push(BasketLine {
            line,
            product: product.id.clone(),
            name: product.name.clone(),
            unit: product.unit,
            quantity: request.quantity,
            unit_price,
            amount,
            price_source,
            tax: product.tax,
            discount: None,
            stocked: product.stocked,
            scanned: request.scanned,
            batch: request.batch,
            age_limit: product.age_limit,
            hand_over: request.hand_over,
            changed_by: None,
            approved_by: None,
            price_reason: None,
        });
        Ok(line)
    }

    fn joinable_line(&self, product: &Product, request: &LineRequest) -> Option<&BasketLine> {
        let last = self.lines.last()?;
        let same = last.product == product.id
            && last.price_source == PriceSource::List
            && request.price == LinePrice::List
            && last.discount.is_none()
            && last.hand_over.is_none()
            && request.hand_over.is_none()
            && last.batch == request.batch
            && last.unit_price == product.price
            && product.unit == Unit::Each
            && (last.quantity.is_positive() == request.quantity.is_positive());
        same.then_some(last)
    }

    /// Sets how much of a line is sold. Discounts in percent follow; a discount in money stays when it still fits.
    pub fn set_quantity(&mut self, line: u32, quantity: Quantity) -> Result<(), BasketError> {
        let found = self.line_mut(line)?;
        check_quantity(quantity, found.unit)?;
        if matches!(found.price_source, PriceSource::Label | PriceSource::Order) {
            return Err(BasketError::QuantityFixed);
        }
        let amount = quantity.at(found.unit_price).ok_or(BasketError::PriceInvalid)?;
        let discount = rescale_discount(found.discount.as_ref(), amount)?;
        found.quantity = quantity;
        found.amount = amount;
        found.discount = discount;
        self.take_decisions_back();
        Ok(())
    }

    /// Takes so much less than all off a line. What bears a label of its own stays at the price its label asks for one
    /// unit: it has been opened, and the rest of it is still there.
    pub fn shorten(&mut self, line: u32, less: Quantity) -> Result<(), BasketError> {
        let found = self.line_mut(line)?;
        let (was, rest) = (found.quantity, found.quantity - less);
        if found.price_source != PriceSource::Label {
            return self.set_quantity(line, rest);
        }
        check_quantity(rest, found.unit)?;
        if !rest.is_positive() || rest > was {
            return Err(BasketError::QuantityInvalid);
        }
        let exact =
            Decimal::from(found.amount.minor()) * Decimal::from(rest.thousandths()) / Decimal::from(was.thousandths());
        let minor = money::round(exact).ok_or(BasketError::PriceInvalid)?;
        let amount = Money::new(minor, found.amount.currency());
        let discount = rescale_discount(found.discount.as_ref(), amount)?;
        (found.quantity, found.amount, found.discount) = (rest, amount, discount);
        self.take_decisions_back();
        Ok(())
    }

    /// A decision goes with the units it was about: what is rung again afterwards is asked about again.
    fn take_decisions_back(&mut self) {
        let mut answered = std::mem::take(&mut self.answered);
        answered.retain_mut(|answered| {
            answered.facts.basket = answered.facts.basket.min(self.quantity_of(&answered.product));
            answered.facts.basket.is_positive()
        });
        self.answered = answered;
    }

    /// Sets what one unit costs, instead of the list.
    pub fn set_price(&mut self, line: u32, unit_price: Money) -> Result<(), BasketError> {
        if unit_price.currency() != self.currency {
            return Err(BasketError::CurrencyMismatch);
        }
        if unit_price.is_negative() || unit_price.minor() > AMOUNT_MINOR_MAX {
            return Err(BasketError::PriceInvalid);
        }
        let found = self.line_mut(line)?;
        if found.price_source == PriceSource::Order {
            return Err(BasketError::PriceInvalid);
        }
        let amount = found.quantity.at(unit_price).ok_or(BasketError::PriceInvalid)?;
        let discount = rescale_discount(found.discount.as_ref(), amount)?;
        found.unit_price = unit_price;
        found.amount = amount;
        found.price_source = PriceSource::Typed;
        found.discount = discount;
        Ok(())
    }

    /// Gives money off a line in percent; zero takes the discount away.
    pub fn set_discount_percent(&mut self, line: u32, percent: Decimal, reason: &str) -> Result<(), BasketError> {
        if percent < Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
            return Err(BasketError::DiscountInvalid);
        }
        let found = self.line_mut(line)?;
        let discount = if percent.is_zero() {
            None
        } else {
            let amount = percent_of(found.amount, percent).ok_or(BasketError::DiscountInvalid)?;
            Some(Discount { percent: Some(percent), amount, reason: reason.to_owned() })
        };
        let before = std::mem::replace(&mut found.discount, discount);
        let Some(order) = found.hand_over.as_ref().map(|hand_over| hand_over.order.clone()) else { return Ok(()) };
        if !self.settle_discount(line, &order) {
            self.line_mut(line)?.discount = before;
            return Err(BasketError::DiscountInvalid);
        }
        Ok(())
    }

    /// Notes what a typed price is for; a line without a typed price has no such reason.
    pub fn set_price_reason(&mut self, line: u32, reason: Option<String>) -> Result<(), BasketError> {
        self.line_mut(line)?.price_reason = reason;
        Ok(())
    }

    /// Notes whose hand set the line's price or discount, and who agreed to it.
    pub fn sign_change(
        &mut self,
        line: u32,
        operator: &OperatorId,
        approver: Option<&OperatorId>,
    ) -> Result<(), BasketError> {
        let line = self.line_mut(line)?;
        line.changed_by = Some(operator.clone());
        line.approved_by = approver.cloned();
        Ok(())
    }

    /// Takes a line out and gives it back, for the journal. With the last line of an order goes who collects it; what was
    /// received for the order is used for the lines that stay.
    pub fn remove(&mut self, line: u32) -> Result<BasketLine, BasketError> {
        let position = self.lines.iter().position(|l| l.line == line).ok_or(BasketError::NoSuchLine)?;
        let order = self.lines[position].hand_over.as_ref().map(|hand_over| hand_over.order.clone());
        let received = order.as_ref().map(|order| self.received_for(order));
        let removed = self.lines.remove(position);
        if let Some((order, received)) = order.zip(received) {
            self.spread_received(&order, received);
        }
        let lines = &self.lines;
        self.collections.retain(|c| lines.iter().any(|l| l.hand_over.as_ref().is_some_and(|h| h.order == c.order)));
        self.take_decisions_back();
        Ok(removed)
    }

    /// All of a product that would leave the shelf: lines that hand over an order count apart.
    pub fn quantity_of(&self, product: &ProductId) -> Quantity {
        self.lines
            .iter()
            .filter(|l| l.product == *product && l.hand_over.is_none() && l.stocked)
            .map(|l| l.quantity)
            .sum()
    }

    /// The stocked products of the basket, each once, in the order rung.
    pub fn products(&self) -> Vec<ProductId> {
        let mut products: Vec<ProductId> = Vec::new();
        for line in self.lines.iter().filter(|l| l.stocked && l.hand_over.is_none()) {
            if !products.contains(&line.product) {
                products.push(line.product.clone());
            }
        }
        products
    }

    /// The highest age limit among the lines that has not been checked yet.
    pub fn age_to_check(&self) -> Option<u8> {
        let needed = self.lines.iter().filter(|l| l.quantity.is_positive()).filter_map(|l| l.age_limit).max()?;
        (self.age_checked.unwrap_or(0) < needed).then_some(needed)
    }

    /// The tax table of the lines: at the store's rates, and as the orders among them say where they do.
    pub fn tax_table(&self, rates: &[TaxRate], mode: TaxMode) -> Vec<TaxTotal> {
        let says = |line: &&BasketLine| line.hand_over.as_ref().is_some_and(|hand_over| !hand_over.taxed.is_empty());
        let ours = self.lines.iter().filter(|line| !says(line)).map(|line| (line.tax, line.to_pay()));
        let mut table = tax_table(self.currency, rates, mode, ours);
        let said = self.lines.iter().filter(says);
        add_taxed(&mut table, rates, said.flat_map(|line| line.taxed_to_pay().into_iter().map(|one| (line.tax, one))));
        table
    }

    /// What the customer pays: the sum of the tax table's gross column.
    pub fn total(&self, rates: &[TaxRate], mode: TaxMode) -> Money {
        money::sum(self.currency, self.tax_table(rates, mode).into_iter().map(|t| t.gross))
    }

    /// Pieces on the receipt's last line.
    pub fn item_count(&self) -> i64 {
        self.lines.iter().map(BasketLine::item_count).sum()
    }

    fn line_mut(&mut self, line: u32) -> Result<&mut BasketLine, BasketError> {
        self.lines.iter_mut().find(|l| l.line == line).ok_or(BasketError::NoSuchLine)
    }
}

fn check_quantity(quantity: Quantity, unit: Unit) -> Result<(), BasketError> {
    let in_range = !quantity.is_zero() && quantity.thousandths().abs() <= QUANTITY_THOUSANDTHS_MAX;
    if !in_range || (unit == Unit::Each && !quantity.is_whole()) {
        return Err(BasketError::QuantityInvalid);
    }
    Ok(())
}

fn price_line(product: &Product, request: &LineRequest) -> Result<(Money, Money, PriceSource), BasketError> {
    let (unit_price, source) = match request.price {
        LinePrice::List if product.price_kind == PriceKind::Open => return Err(BasketError::PriceNeeded),
        LinePrice::List => (product.price, PriceSource::List),
        LinePrice::Typed(price) => (price, PriceSource::Typed),
        LinePrice::Label(amount) => {
            check_price(amount, product.price.currency())?;
            return Ok((product.price, amount, PriceSource::Label));
        }
        LinePrice::Order { unit_price, amount } => {
            check_price(unit_price, product.price.currency())?;
            check_price(amount, product.price.currency())?;
            return Ok((unit_price, amount, PriceSource::Order));
        }
    };
    check_price(unit_price, product.price.currency())?;
    let amount = request.quantity.at(unit_price).ok_or(BasketError::PriceInvalid)?;
    Ok((unit_price, amount, source))
}

fn check_price(price: Money, currency: Currency) -> Result<(), BasketError> {
    if price.currency() != currency {
        return Err(BasketError::CurrencyMismatch);
    }
    if price.is_negative() || price.minor() > AMOUNT_MINOR_MAX {
        return Err(BasketError::PriceInvalid);
    }
    Ok(())
}

fn percent_of(amount: Money, percent: Decimal) -> Option<Money> {
    let exact = Decimal::from(amount.minor()) * percent / Decimal::ONE_HUNDRED;
    Some(Money::new(money::round(exact)?, amount.currency()))
}

fn rescale_discount(discount: Option<&Discount>, amount: Money) -> Result<Option<Discount>, BasketError> {
    let Some(discount) = discount else { return Ok(None) };
    let off = match discount.percent {
        Some(percent) => percent_of(amount, percent).ok_or(BasketError::DiscountInvalid)?,
        None if discount.amount.minor() <= amount.minor() => discount.amount,
        None => return Err(BasketError::DiscountInvalid),
    };
    Ok(Some(Discount { amount: off, ..discount.clone() }))
}

#[cfg(test)]
mod tests;
