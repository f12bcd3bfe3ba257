//! Receipts at the till: found, looked at, copied.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};

use crate::database::{DatabaseError, SaleQuery, SaleRecord};
use crate::domain::barcode::DocumentCode;
use crate::domain::money::Money;
use crate::domain::receipt::receipt_for_sale;

use super::intent::Screen;
use super::snapshot::{NoticeKind, ReceiptList, ReceiptRow};
use super::{Handled, Register};

/// How many receipts one search shows.
const RECEIPTS_MAX: usize = 200;
/// How many receipts of one day are shown: all that a till writes on a busy one.
const RECEIPTS_OF_A_DAY_MAX: usize = 1_000;
/// How many products a name is taken for.
const PRODUCTS_MAX: usize = 5;

impl Register {
    pub(super) fn search_receipts(&mut self, text: String) -> Handled {
        self.receipt_search = text;
        self.open_receipt = None;
        Ok(())
    }

    pub(super) fn open_receipt(&mut self, receipt_number: Option<u64>) -> Handled {
        self.open_receipt = receipt_number;
        Ok(())
    }

    /// A receipt or slip of ours was scanned: what it is about comes up. Nothing is sold by it, and nobody is recognised.
    pub(super) fn open_document(&mut self, document: DocumentCode) -> Handled {
        match document {
            DocumentCode::Order(number) => self.open_order_by_number(number),
            DocumentCode::Receipt { till, receipt_number } if till != self.till => {
                Err(NoticeKind::ReceiptElsewhere { receipt_number, till }.into())
            }
            DocumentCode::Receipt { receipt_number, .. } => {
                if self.database.view().find_sale(receipt_number)?.is_none() {
                    return Err(NoticeKind::ReceiptUnknown { receipt_number }.into());
                }
                self.show_screen(Screen::Receipts)?;
                self.open_receipt = Some(receipt_number);
                Ok(())
            }
        }
    }

    pub(super) fn receipt_list(&self) -> Result<ReceiptList, DatabaseError> {
        let records = self.find_receipts(self.receipt_search.trim())?;
        let opened = self.open_receipt.map(|number| self.database.view().find_sale(number)).transpose()?.flatten();
        let open = opened.map(|record| {
            let voice = self.voice();
            let number = record.sale.receipt_number;
            (number, receipt_for_sale(&record.sale, &self.settings, None, &voice))
        });
        let rows = records
            .into_iter()
            .map(|SaleRecord { sale, .. }| ReceiptRow {
                receipt_number: sale.receipt_number,
                completed_at: sale.completed_at,
                total: sale.total,
                item_count: sale.lines.iter().map(|l| l.item_count()).sum(),
                operator_name: sale.operator_name,
            })
            .collect();
        let day = self.day_looked_for(self.receipt_search.trim());
        Ok(ReceiptList { search: self.receipt_search.clone(), day, rows, open })
    }

    /// The day in the store that a text says; none when it says something else.
    fn day_looked_for(&self, text: &str) -> Option<NaiveDate> {
        day_of(text, self.settings.time_zone.day(self.now()))
    }

    /// A number is a receipt's or an amount, and so is what stands under its bars; a day is all that was sold on it; anything
    /// else is a product's name.
    fn find_receipts(&self, text: &str) -> Result<Vec<SaleRecord>, DatabaseError> {
        let view = self.database.view();
        if text.is_empty() {
            return view.list_sales(&SaleQuery::Latest, RECEIPTS_MAX);
        }
        let mut found = Vec::new();
        if let Some(DocumentCode::Receipt { till, receipt_number }) = DocumentCode::parse(text) {
            let own = if till == self.till { view.find_sale(receipt_number)? } else { None };
            return Ok(own.into_iter().collect());
        }
        if let Some(day) = self.day_looked_for(text) {
            let zone = &self.settings.time_zone;
            let from = zone.moment(day.and_time(NaiveTime::MIN));
            let until = zone.end_of_day(day) + TimeDelta::seconds(1);
            return view.list_sales(&SaleQuery::Between(from, until), RECEIPTS_OF_A_DAY_MAX);
        }
        if let Ok(number) = text.parse() {
            found.extend(view.find_sale(number)?);
        }
        if let Ok(total) = Money::parse(&text.replace(',', "."), self.settings.currency) {
            // Whole amounts are said without their cents: 115 is also what came to 115.70.
            let whole = text.bytes().all(|byte| byte.is_ascii_digit());
            let cents = 10_i64.pow(u32::from(self.settings.currency.minor_digits())) - 1;
            let until = total.minor().saturating_add(if whole { cents } else { 0 });
            found.extend(view.list_sales(&SaleQuery::Total(total.minor()..=until), RECEIPTS_MAX)?);
        } else {
            for product in view.search_products(text, PRODUCTS_MAX)? {
                found.extend(view.list_sales(&SaleQuery::Product(product.id), RECEIPTS_MAX)?);
            }
        }
        found.sort_by_key(|record| std::cmp::Reverse(record.sale.receipt_number));
        found.dedup_by_key(|record| record.sale.receipt_number);
        found.truncate(RECEIPTS_MAX);
        Ok(found)
    }
}

/// A day as people write it: `2026-11-24`, `24.11.2026`, `24.11.`, `24-11`. Without a year it is the last one that has been. What
/// may be an amount is none: `24.11`.
fn day_of(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let separator = text.chars().find(|character| !character.is_ascii_digit())?;
    if !matches!(separator, '.' | '-' | '/') {
        return None;
    }
    let numbers: Vec<&str> = text.strip_suffix('.').unwrap_or(text).split(separator).collect();
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    match numbers[..] {
        [year, month, day] if year.len() == 4 => {
            NaiveDate::from_ymd_opt(number(year)?.try_into().ok()?, number(month)?, number(day)?)
        }
        [day, month, year] => {
            let century = match year.len() {
                4 => 0,
                2 => today.year().div_euclid(100) * 100,
                _ => return None,
            };
            NaiveDate::from_ymd_opt(century + i32::try_from(number(year)?).ok()?, number(month)?, number(day)?)
        }
        [day, month] if separator != '.' || text.ends_with('.') => {
            let (day, month) = (number(day)?, number(month)?);
            // Eight years hold a 29th of February, also across 1900 and 2100.
            let mut years = (0..=8).filter_map(|ago| NaiveDate::from_ymd_opt(today.year() - ago, month, day));
            years.find(|day| *day <= today)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_people_write_them() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let check = |text: &str, expected| assert_eq!(day_of(text, day(2026, 11, 26)), expected, "{text}");
        for text in ["2026-11-24", "24.11.2026", "24.11.26", "24-11-2026", "24.11.", "24-11", "24/11", "24/11/2026"] {
            check(text, Some(day(2026, 11, 24)));
        }
        check("26.11.", Some(day(2026, 11, 26)));
        check("27.11.", Some(day(2025, 11, 27)));
        check("3.4.", Some(day(2026, 4, 3)));
        check("29.2.", Some(day(2024, 2, 29)));
        let others =
            ["24.11", "24,11", "115", "31.2.", "24.13.", "2026-11", "2026-11-31", "24.11.226", "24.", "-24-11"];
        for text in others.into_iter().chain(["", "jam", "24.x.", "+4.1.", "1.2.3.4", "24.11.2026-"]) {
            check(text, None);
        }
    }
}
