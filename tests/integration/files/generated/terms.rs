//! What an order's document says of money and time beside its lines: shipping, discounts, tax, what was paid, until when. Which
//! of it a buyer's documents have follows from the buyer's number and the format alone, so that a change says it again.

use super::documents::{Act, Fault, Format, Item, Wanted};

/// How a document speaks of tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taxes {
    /// Not at all: the prices are what is paid.
    Unsaid,
    /// Its amount is named, and the prices have it in them.
    Within,
    /// It comes on top of the prices, at one rate.
    OnTop,
    /// The same, at a rate of its own for each line.
    OnTopByLine,
}

/// The rate of [`Taxes::OnTop`], and the other one of [`Taxes::OnTopByLine`], in tenths of a percent.
const RATES: [i64; 2] = [255, 135];
/// Off a line's amount, where a line has that.
pub const LINE_DISCOUNT_MINOR: i64 = 5;
/// What is wrong with a sum that is: more than any tax or discount here.
const WRONG_BY_MINOR: i64 = 10_000_007;
/// Until when an order is wanted: on this many days of June 2031.
const DAYS: u64 = 28;

impl Format {
    /// Can it speak of tax so?
    pub const fn knows(self, taxes: Taxes) -> bool {
        match self {
            Self::Cxml => matches!(taxes, Taxes::Unsaid | Taxes::OnTopByLine),
            Self::Ubl | Self::OpenTrans | Self::Gs1 | Self::Plain => true,
        }
    }
}

impl Wanted {
    pub const fn taxes(&self) -> Taxes {
        match (self.buyer % 5, self.format) {
            // A tax that cXML names is on top of its prices.
            (2, Format::Cxml) => Taxes::OnTopByLine,
            (2, _) => Taxes::Within,
            (3, Format::Cxml) | (4, _) => Taxes::OnTopByLine,
            (3, _) => Taxes::OnTop,
            _ => Taxes::Unsaid,
        }
    }

    /// What is put on the whole for bringing it.
    pub const fn shipping_minor(&self) -> i64 {
        if self.buyer.is_multiple_of(2) { 495 } else { 0 }
    }

    /// What is taken off the whole, in the formats that know that.
    pub const fn discount_minor(&self) -> i64 {
        match self.format {
            Format::Cxml => 0,
            _ if self.buyer.is_multiple_of(3) => 7,
            _ => 0,
        }
    }

    /// What is taken off the first line's amount, in the formats that know that.
    pub const fn line_discount_minor(&self, line: usize) -> i64 {
        match self.format {
            Format::Cxml => 0,
            _ if line == 0 && self.buyer % 7 == 2 => LINE_DISCOUNT_MINOR,
            _ => 0,
        }
    }

    /// Has the buyer paid all of it already?
    pub const fn is_paid(&self) -> bool {
        matches!(self.format, Format::Ubl | Format::Plain) && self.buyer.is_multiple_of(3)
    }

    /// What was received of it before, when that is not all.
    pub const fn prepaid_minor(&self) -> i64 {
        let knows = matches!(self.format, Format::Ubl | Format::Plain);
        if knows && !self.is_paid() && self.buyer % 4 == 1 { 100 } else { 0 }
    }

    /// The day of June 2031 until which it is wanted, when it says so.
    pub const fn day(&self) -> Option<u64> {
        if self.buyer % 4 == 3 { None } else { Some(1 + self.buyer % DAYS) }
    }

    /// In tenths of a percent; nothing where prices have it in them.
    pub const fn tax_tenths(&self, line: usize, item: &Item) -> i64 {
        match (self.taxes(), self.format) {
            (Taxes::Unsaid | Taxes::Within, _) => 0,
            (Taxes::OnTop, _) => RATES[0],
            // It has no place for a line's rate: the product's own counts.
            (Taxes::OnTopByLine, Format::Cxml) => item.tax_tenths,
            (Taxes::OnTopByLine, _) => RATES[line % 2],
        }
    }

    /// What a line comes to before tax.
    pub fn line_minor(&self, line: usize) -> i64 {
        let (item, pieces) = &self.lines[line];
        item.price_minor * i64::from(*pieces) - self.line_discount_minor(line)
    }

    /// The same as the customer pays it.
    pub fn taxed_line_minor(&self, line: usize) -> i64 {
        let item = &self.lines[line].0;
        rounded(self.line_minor(line) * (1000 + self.tax_tenths(line, item)))
    }

    /// What the lines come to before tax.
    pub fn lines_minor(&self) -> i64 {
        (0..self.lines().len()).map(|line| self.line_minor(line)).sum()
    }

    /// What all comes to without tax, or with it where prices have it in them.
    pub fn net_minor(&self) -> i64 {
        self.lines_minor() + self.shipping_minor() - self.discount_minor()
    }

    /// The tax that the document names: of all lines, and of shipping less discount at the first rate.
    pub fn tax_minor(&self) -> i64 {
        if self.taxes() == Taxes::Within {
            return rounded(self.net_minor() * RATES[0]);
        }
        let lines = self.lines().iter().enumerate();
        let of_lines: i64 = lines.map(|(line, (item, _))| self.line_minor(line) * self.tax_tenths(line, item)).sum();
        match self.taxes() {
            Taxes::Unsaid | Taxes::Within => 0,
            _ => rounded(of_lines + (self.shipping_minor() - self.discount_minor()) * RATES[0]),
        }
    }

    /// What is to be paid in all, as it is.
    pub fn total_minor(&self) -> i64 {
        match self.taxes() {
            Taxes::Unsaid | Taxes::Within => self.net_minor(),
            Taxes::OnTop | Taxes::OnTopByLine => self.net_minor() + self.tax_minor(),
        }
    }

    /// The same, or what the sender says when that is what is wrong.
    pub fn said_total_minor(&self) -> i64 {
        self.total_minor() + self.wrong_minor()
    }

    /// By how much a sum is wrong.
    pub fn wrong_minor(&self) -> i64 {
        if self.has(Fault::SumWrong) { WRONG_BY_MINOR } else { 0 }
    }

    /// The lines that the document has.
    pub fn lines(&self) -> &[(Item, u32)] {
        if self.has(Fault::LinesMissing) { &[] } else { &self.lines }
    }

    /// What shows that a run had everything in it.
    pub fn kind(&self) -> (Format, Act, Taxes) {
        (self.format, self.act, self.taxes())
    }
}

/// A thousandth of it, half a unit upwards.
const fn rounded(thousandths: i64) -> i64 {
    (thousandths + 500) / 1000
}

/// `12.50`.
pub fn amount(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", minor.abs() / 100, minor.abs() % 100)
}

/// `25.5`.
pub fn percent(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}
