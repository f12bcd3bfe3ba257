//! The sale: a completed basket, as it stands in the journal for ever.

use super::Timestamp;
use super::basket::{Basket, BasketLine};
use super::conflict::ConflictFacts;
use super::ids::{BasketId, CaseId, OperatorId, OrderNumber, ProductId, SessionId, TillId};
use super::money::{self, Money};
use super::settings::StoreSettings;
use super::tax::{TaxCode, TaxMode, TaxTotal};
use super::tender::{Settlement, Tender, cash_in, settle};
use super::web_order::Collection;

/// A conflict the sale went through with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldAnyway {
    /// The case this opens.
    pub case: CaseId,
    /// What.
    pub product: ProductId,
    /// The order that falls short.
    pub order: OrderNumber,
    /// What was known.
    pub facts: ConflictFacts,
    /// Who else agreed to it, where the store asks for that.
    pub approved_by: Option<OperatorId>,
}

/// What the customer wants on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ReceiptChoice {
    /// The receipt: what happens when nobody says anything.
    #[default]
    Receipt,
    /// The receipt, and a second one without prices for whoever gets the goods as a present.
    WithGiftReceipt,
    /// Nothing: it can still be had later, as a marked copy.
    None,
}

/// A completed sale. Everything a receipt shows is in it, so that it can be printed again years later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// The basket it was.
    pub basket: BasketId,
    /// Where.
    pub till: TillId,
    /// Gapless per till.
    pub receipt_number: u64,
    /// In which session.
    pub session: SessionId,
    /// By whom.
    pub operator: OperatorId,
    /// As printed.
    pub operator_name: String,
    /// When the basket was begun.
    pub begun_at: Timestamp,
    /// When it was paid.
    pub completed_at: Timestamp,
    /// What was sold.
    pub lines: Vec<BasketLine>,
    /// How the prices stood to tax.
    pub tax_mode: TaxMode,
    /// Per rate.
    pub taxes: Vec<TaxTotal>,
    /// What it cost.
    pub total: Money,
    /// What was given.
    pub tenders: Vec<Tender>,
    /// Difference that paying in cash made.
    pub cash_rounding: Money,
    /// Given back.
    pub change: Money,
    /// Conflicts it went through with.
    pub sold_anyway: Vec<SoldAnyway>,
    /// Who collected the orders among the lines.
    pub collections: Vec<Collection>,
    /// What was wanted on paper; the receipt, until the customer said otherwise.
    pub receipt: ReceiptChoice,
}

impl Sale {
    /// The sum of all tax.
    pub fn tax_total(&self) -> Money {
        money::sum(self.total.currency(), self.taxes.iter().map(|t| t.tax))
    }

    /// The letter of the rate a line's goods are taxed at: that of its row in the tax table.
    pub fn tax_letter(&self, line: &BasketLine) -> TaxCode {
        let said = line.hand_over.as_ref().and_then(|hand_over| hand_over.taxed.first());
        let Some(percent) = said.map(|goods| goods.percent) else { return line.tax };
        let mut rows = self.taxes.iter().filter(|row| row.percent == percent);
        let own = self.taxes.iter().find(|row| row.code == line.tax && row.percent == percent);
        own.or_else(|| rows.next()).map_or(line.tax, |row| row.code)
    }

    /// What the drawer gained: cash given less change.
    pub fn cash_taken(&self) -> Money {
        cash_in(self.total.currency(), &self.tenders) - self.change
    }
}

/// Who and when, for [`complete`].
#[derive(Clone, Debug)]
pub struct SaleContext {
    /// Where.
    pub till: TillId,
    /// The next number.
    pub receipt_number: u64,
    /// The open session.
    pub session: SessionId,
    /// By whom.
    pub operator: OperatorId,
    /// As printed.
    pub operator_name: String,
    /// When the basket was begun.
    pub begun_at: Timestamp,
    /// Now.
    pub completed_at: Timestamp,
}

/// Why a basket is not a sale yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompleteError {
    /// Nothing in it.
    #[error("the basket is empty")]
    Empty,
    /// Money is still owed.
    #[error("not paid in full")]
    NotPaid(Money),
    /// More than cash alone was given too much of: a card cannot give change.
    #[error("only cash gives change")]
    ChangeWithoutCash,
}

/// Makes the sale of a basket that is paid.
pub fn complete(basket: &Basket, settings: &StoreSettings, context: SaleContext) -> Result<Sale, CompleteError> {
    if basket.is_empty() {
        return Err(CompleteError::Empty);
    }
    let taxes = basket.tax_table(&settings.tax_rates, settings.tax_mode);
    let total = money::sum(basket.currency, taxes.iter().map(|t| t.gross));
    let Settlement { remaining, change, cash_rounding, .. } = settle(total, &basket.tenders, settings.cash_rounding);
    if !remaining.is_zero() {
        return Err(CompleteError::NotPaid(remaining));
    }
    if change > cash_in(basket.currency, &basket.tenders) {
        return Err(CompleteError::ChangeWithoutCash);
    }
    let sold_anyway = basket
        .answered
        .iter()
        .filter(|a| basket.quantity_of(&a.product).is_positive())
        .filter_map(|a| {
            let order = a.short.clone()?;
            Some(SoldAnyway {
                case: a.case,
                product: a.product.clone(),
                order,
                facts: a.facts,
                approved_by: a.approved_by.clone(),
            })
        })
        .collect();
    Ok(Sale {
        basket: basket.id,
        till: context.till,
        receipt_number: context.receipt_number,
        session: context.session,
        operator: context.operator,
        operator_name: context.operator_name,
        begun_at: context.begun_at,
        completed_at: context.completed_at,
        lines: basket.lines.clone(),
        tax_mode: settings.tax_mode,
        taxes,
        total,
        tenders: basket.tenders.clone(),
        cash_rounding,
        change,
        sold_anyway,
        collections: basket.collections.clone(),
        receipt: ReceiptChoice::default(),
    })
}

#[cfg(test)]
mod tests;
