//! Receipts at the till: found, looked at, copied.

use crate::database::{DatabaseError, SaleQuery, SaleRecord};
use crate::domain::barcode::DocumentCode;
use crate::domain::money::Money;
use crate::domain::receipt::receipt_for_sale;

use super::intent::Screen;
use super::snapshot::{NoticeKind, ReceiptList, ReceiptRow};
use super::{Handled, Register};

/// How many receipts one search shows.
const RECEIPTS_MAX: usize = 200;
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
        Ok(ReceiptList { search: self.receipt_search.clone(), rows, open })
    }

    /// A number is a receipt's or an amount, and so is what stands under its bars; anything else is a product's name.
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
