//! Receipts at the till: found, looked at, copied.

use std::collections::HashSet;

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use crate::database::{DatabaseError, SaleQuery, SaleRecord};
use crate::domain::barcode::DocumentCode;
use crate::domain::day::parse_day;
use crate::domain::money::Money;
use crate::domain::receipt::receipt_for_sale;

use super::intent::Screen;
use super::snapshot::{NoticeKind, ReceiptList, ReceiptRow, TwoReadings};
use super::{Handled, Register};

/// How many receipts one search shows.
const RECEIPTS_MAX: usize = 200;
/// How many receipts of one day are shown: all that a till writes on a busy one.
const RECEIPTS_OF_A_DAY_MAX: usize = 1_000;
/// How many products a name is taken for.
const PRODUCTS_MAX: usize = 5;

/// What a search of receipts finds, and what it was read as.
#[derive(Default)]
struct FoundReceipts {
    records: Vec<SaleRecord>,
    day: Option<NaiveDate>,
    readings: Option<TwoReadings>,
}

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
        let FoundReceipts { records, day, readings } = self.find_receipts(self.receipt_search.trim())?;
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
        Ok(ReceiptList { search: self.receipt_search.clone(), day, readings, rows, open })
    }

    /// What is looked for, by what it says: a number is a receipt's or an amount, and so is what stands under its bars; a day is
    /// all that was sold on it; what says an amount and a day finds both, the amount first; anything else is a product's name.
    fn find_receipts(&self, text: &str) -> Result<FoundReceipts, DatabaseError> {
        let view = self.database.view();
        if text.is_empty() {
            return Ok(FoundReceipts {
                records: view.list_sales(&SaleQuery::Latest, RECEIPTS_MAX)?,
                ..Default::default()
            });
        }
        if let Some(DocumentCode::Receipt { till, receipt_number }) = DocumentCode::parse(text) {
            let own = if till == self.till { view.find_sale(receipt_number)? } else { None };
            return Ok(FoundReceipts { records: own.into_iter().collect(), ..Default::default() });
        }
        let zone = &self.settings.time_zone;
        let day = parse_day(text, zone.day(self.now()));
        let mut of_day = Vec::new();
        if let Some(day) = day {
            let from = zone.moment(day.and_time(NaiveTime::MIN));
            let until = zone.end_of_day(day) + TimeDelta::seconds(1);
            of_day = view.list_sales(&SaleQuery::Between(from, until), RECEIPTS_OF_A_DAY_MAX)?;
        }
        let mut found = Vec::new();
        if let Ok(number) = text.parse() {
            found.extend(view.find_sale(number)?);
        }
        let amount = Money::parse(&text.replace(',', "."), self.settings.currency).ok();
        if let Some(total) = amount {
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
        let readings = match (amount, day) {
            (Some(amount), Some(day)) => {
                Some(TwoReadings { amount, of_amount: found.len(), day, of_day: of_day.len() })
            }
            _ => None,
        };
        let both: HashSet<u64> = found.iter().map(|record| record.sale.receipt_number).collect();
        found.extend(of_day.into_iter().filter(|record| !both.contains(&record.sale.receipt_number)));
        Ok(FoundReceipts { records: found, day, readings })
    }
}
