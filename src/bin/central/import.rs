//! `central import`.

use std::fs::File;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use till::central::Surroundings;
use till::central::import::{self, Kind};

use crate::{Data, Outcome, print};

/// Adds or changes what a CSV file names: stores, products, operators, stock, customers and their terms
#[derive(Args)]
#[command(after_help = "\
Columns (names in any order and case; several values between |):
  products   sku name price [barcode tax department unit age_limit variant_of bin stocked quick_key price_kind currency
             withdrawn]
  stores     store name currency time_zone [kind address tax_number receipt_footer country tax_mode tax_rates
             cash_rounding cash_rounding_tie promised_alert promised_sale drawer_difference
             stock_difference bays lock_after_minutes price_change_reasons
             discount_caps receipt_duty gln latitude longitude]
  operators  operator name role pin [badge active]
  stock      store sku on_hand [safety counted_at]
  customer-items  customer their_number sku
  customers  customer name [group identities]
  prices     sku price|percent_off [customer|group] [min_quantity valid_from valid_until currency]
  credits    credit customer amount [currency issued_at expires_at]
Of the prices that fit, the customer's own counts before its group's, the group's before everyone's (which needs a
min_quantity), and any before the list; of one kind the highest min_quantity that is reached, then the one that began last.
valid_until and expires_at name the last day; days are those of the company's first store (by code).
What a file has no column for stays as it is; an empty cell empties it. A product that is withdrawn (yes) is sold no more.
A barcode is one product's: another takes it once that one has given it up, in the same file at the latest.
A sale that takes what a web order was promised shows the card (promised_alert card, or a quieter strip); whoever sells may
sell it anyway (promised_sale anyone), or a supervisor agrees to it on the spot (supervisor).
An identity is what documents call a customer beside its number (GLN, DUNS, …): each is one customer's alone.
A count says in counted_at when the shelf was counted (2026-03-02 18:00 on the store's clocks): sales since then stay on top of
it, and sales from before that a till sends later are in it already. Without it the figure is what the books say now.
A barcode of a pack of six is written 5901234123457*6; tax rates A:VAT 21 %:21|B:VAT 9 %:9. The product exports of the usual
web-shop systems are known by their header.

Examples:
  central import stores stores.csv --data shop
  central import products export.csv --data shop --json

Bad rows are told with their line and left out; then the exit code is 1.")]
pub struct Arguments {
    /// What the file is about
    #[arg(value_enum)]
    kind: KindArgument,
    /// The CSV file
    file: PathBuf,
    #[command(flatten)]
    data: Data,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArgument {
    Products,
    Stores,
    Operators,
    Stock,
    CustomerItems,
    Customers,
    Prices,
    Credits,
}

/// Imports the file and reports.
pub async fn run(arguments: Arguments, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let Arguments { kind, file, data, json } = arguments;
    let kind = match kind {
        KindArgument::Products => Kind::Products,
        KindArgument::Stores => Kind::Stores,
        KindArgument::Operators => Kind::Operators,
        KindArgument::Stock => Kind::Stock,
        KindArgument::CustomerItems => Kind::CustomerItems,
        KindArgument::Customers => Kind::Customers,
        KindArgument::Prices => Kind::Prices,
        KindArgument::Credits => Kind::Credits,
    };
    let opened = File::open(&file).with_context(|| file.display().to_string())?;
    let bytes = opened.metadata().with_context(|| file.display().to_string())?.len();
    let bar = ProgressBar::new(bytes);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta}")?);
    let store = data.open(&surroundings)?;
    let report = import::import(&store, kind, opened, &surroundings, |read| bar.set_position(read)).await;
    bar.finish_and_clear();
    store.close();
    let report = report.with_context(|| file.display().to_string())?;
    if json {
        print::text_out(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    } else {
        for fault in &report.faults {
            let column = if fault.column.is_empty() { String::new() } else { format!(" {}:", fault.column) };
            eprintln!("{}:{}:{column} {}", file.display(), fault.line, fault.why);
        }
        if !report.unknown_columns.is_empty() {
            eprintln!("columns not used: {}", report.unknown_columns.join(", "));
        }
        print::text_out(&format!("{} rows, {} saved, {} left out\n", report.rows, report.saved, report.faulty))?;
    }
    Ok(if report.faulty == 0 { Outcome::Done } else { Outcome::CheckFailed })
}
