//! `till demo`: a whole shop on this machine.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use till::central::store::{OrderFilter, Store};
use till::demo::counter::Counter;
use till::demo::customers::Customers;
use till::demo::run::{Options, run as play_day};
use till::demo::shop::{PRINTER_TO_WATCH, QUICK_PRINTER, Shop};
use till::demo::web::order_on_the_web;
use till::gui::{GuiError, WindowKind, check_display};
use till::terminal::CONFIG_FILE;
use tokio::sync::watch;

use crate::ending::Ending;
use crate::window;

/// Where central answers unless another program does already: where its commands look by themselves.
const CENTRAL_PORT: u16 = 50051;

/// How the demo runs.
#[derive(Args, Default)]
#[command(after_help = "\
Examples:
  till demo                                  a window with the till and its counter
  till demo --data shop                      the same, kept in `shop`: after a crash this opens it again, as it was
  till demo --headless --out day             plays the scripted day and leaves its receipts, screens and stock in `day`

Sign in as Ana with PIN 1111 (assets/sample/README.md has the others).")]
pub struct DemoArguments {
    /// Play the scripted day instead of opening a window; so it does by itself without a display.
    #[arg(long)]
    headless: bool,
    /// Where the scripted day leaves receipts, screens and central's stock [default: till-demo].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Which customers come, and what they order.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The printer is done at once, not so slow that its cable can be pulled in the middle of a receipt.
    #[arg(long)]
    quick_printer: bool,
}

/// Opens the shop, or plays its day.
pub fn run(arguments: &DemoArguments, data: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    // Kept until the end: a folder nobody named goes with the program.
    let scratch = tempfile::Builder::new().prefix("till-demo-").tempdir().context("making a folder for the shop")?;
    let folder = data.unwrap_or_else(|| scratch.path().to_owned());
    if !arguments.headless {
        match check_display() {
            Ok(()) => return open(arguments, folder),
            Err(GuiError::NoDisplay(why)) => {
                println!("There is no display ({why}): playing the scripted day instead.");
            }
            Err(error) => return Err(error.into()),
        }
    }
    play(arguments, folder)
}

fn play(arguments: &DemoArguments, data: PathBuf) -> anyhow::Result<ExitCode> {
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from("till-demo"));
    let options = Options { data, out: out.clone(), seed: arguments.seed };
    let report = play_day(&options, &mut |step| println!("{:>4}  {}", step.line, step.text))?;
    println!(
        "\nThe day came out as it should: {} steps, {} facts seen. {} receipts, {} screens and {} rows of central's stock are in {}.",
        report.steps,
        report.facts,
        report.receipts,
        report.screens,
        report.stock_rows,
        out.display()
    );
    Ok(ExitCode::SUCCESS)
}

fn open(arguments: &DemoArguments, folder: PathBuf) -> anyhow::Result<ExitCode> {
    let ending = Ending::listen()?;
    let (seen, changes) = watch::channel(0_u64);
    let pace = if arguments.quick_printer { QUICK_PRINTER } else { PRINTER_TO_WATCH };
    let mut shop = Shop::open(&folder, CENTRAL_PORT, pace, Arc::new(move || seen.send_modify(|count| *count += 1)))?;
    let speaker = window::start_speaker(&folder.join("till"), shop.config());
    shop.let_hear(Arc::clone(&speaker));
    let shop = Arc::new(shop);
    println!("The shop is open in {}. Central answers on {}.", folder.display(), central_words(&shop));
    println!("After a crash this opens it again: till demo --data {}", folder.display());
    println!("Send it an order of your own:\n  {}", order_command(&shop)?);
    let last = last_reference(&shop)?;
    let customers = Customers::new(arguments.seed)?;
    let arriving = order_on_the_web(shop.website().clone(), customers, last, chrono::Utc::now, tokio::time::sleep);
    let customers = shop.runtime().spawn(arriving);
    let counter = Counter::new(shop.clone(), changes)?;
    let file = folder.join("till").join(CONFIG_FILE);
    let (kind, counter) = (WindowKind::Windowed, Box::new(counter));
    let opened = window::open(shop.terminal()?, shop.config(), file, speaker, kind, Some(counter), &ending);
    customers.abort();
    opened?;
    Ok(ExitCode::SUCCESS)
}

/// One line to paste, with the `central` beside this program; where there is none, from the project's folder.
fn order_command(shop: &Shop) -> anyhow::Result<String> {
    let (token, order) = shop.open_own_channel()?;
    let built = std::env::current_exe().ok().map(|own| own.with_file_name("central")).filter(|path| path.exists());
    let central =
        built.map_or_else(|| "cargo run --release --bin central --".to_owned(), |path| path.display().to_string());
    let (token, order, address) = (token.display(), order.display(), central_words(shop));
    Ok(format!("CENTRAL_TOKEN=$(cat {token}) {central} order submit {order} --central {address}"))
}

fn central_words(shop: &Shop) -> String {
    shop.central_address().map_or_else(|| "no address".to_owned(), |address| format!("http://{address}"))
}

/// The last number the web shop gave an order of this shop, when it was open before.
fn last_reference(shop: &Shop) -> anyhow::Result<Option<u32>> {
    let Some(store) = shop.central_store() else { return Ok(None) };
    let filter = OrderFilter { channel: Some("website".into()), orders_max: 100_000, ..OrderFilter::default() };
    let orders = shop.runtime().block_on(store.list_orders(filter))?;
    Ok(orders.iter().filter_map(|order| order.reference.parse().ok()).max())
}
