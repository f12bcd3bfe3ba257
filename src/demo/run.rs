//! The scripted day without a display: plays it in a shop of its own and leaves what came of it as files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::catalogue::DAY;
use super::paper::draw_paper;
use super::player::{Album, Failure, PlayError, Player};
use super::script::{Step, parse};
use super::shop::{QUICK_PRINTER, Shop};
use crate::central::intake::text::spreadsheet_cell;
use crate::central::store::{Store, StoreError};
use crate::devices::simulated::printer::paper::text_of;
use crate::gui::picture::{self, PictureError};
use crate::gui::window::{Look, Window};

/// What a played day needs to know.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where central and the till keep their data; a new folder, so that the day begins as written.
    pub data: PathBuf,
    /// Where receipts, screens and central's stock are left.
    pub out: PathBuf,
    /// The customers' seed.
    pub seed: u64,
}

/// Why a day ended early.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The shop did not open.
    #[error("{0:#}")]
    Shop(#[from] anyhow::Error),
    /// A line did not come out as it should.
    #[error("{0}: {cause}", cause = .0.cause)]
    Step(#[from] Failure),
    /// The day cannot be read or begun.
    #[error(transparent)]
    Play(#[from] PlayError),
    /// A file could not be written.
    #[error("cannot write {path}: {cause}")]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The stock list could not be written.
    #[error("cannot write central's stock: {0}")]
    Csv(#[from] csv::Error),
    /// Central did not say its stock.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A picture was not drawn.
    #[error(transparent)]
    Picture(#[from] PictureError),
}

/// What a day came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Lines played.
    pub steps: usize,
    /// Facts that were seen.
    pub facts: usize,
    /// Pieces of paper.
    pub receipts: usize,
    /// Pictures of screens.
    pub screens: usize,
    /// Rows of central's stock.
    pub stock_rows: usize,
}

/// Plays the sample day. `tell` gets each heading and line as it is begun.
pub fn run(options: &Options, tell: &mut dyn FnMut(&Step)) -> Result<Report, RunError> {
    run_script(DAY, options, tell)
}

/// Plays a script in a shop of its own. Files are left also when a line fails: they show how far the day came.
pub fn run_script(script: &str, options: &Options, tell: &mut dyn FnMut(&Step)) -> Result<Report, RunError> {
    let steps = parse(script).map_err(PlayError::from)?;
    for folder in [options.out.join("screens"), options.out.join("receipts")] {
        fs::create_dir_all(&folder).map_err(|cause| RunError::Write { path: folder.clone(), cause })?;
    }
    let shop = Shop::open(&options.data, 0, QUICK_PRINTER, Arc::new(|| ()))?;
    let mut player = Player::new(shop, options.seed, album(options.out.join("screens")))?;
    let played = player.play_all(&steps, tell);
    let shop = player.into_shop();
    let receipts = write_receipts(&shop, &options.out.join("receipts"))?;
    let stock_rows = write_stock(&shop, &options.out.join("stock.csv"))?;
    played?;
    let screens = steps.iter().filter(|step| matches!(step.act, super::script::Act::Picture(_))).count();
    let facts = steps.iter().map(|step| step.facts.len()).sum();
    Ok(Report { steps: steps.len(), facts, receipts, screens, stock_rows })
}

/// Pictures of the screen, numbered in their order.
fn album(folder: PathBuf) -> Album {
    let mut count = 0;
    Box::new(move |name: &str, shop: &Shop| {
        let Ok(till) = shop.terminal() else { return Ok(()) };
        let snapshot = till.snapshots().borrow().clone();
        count += 1;
        let window = Window::new(snapshot, Look::default(), chrono::Utc::now());
        picture::draw(&window, 1280, 800)?.write_png(&folder.join(format!("{count:02}-{name}.png")))?;
        Ok(())
    })
}

/// Every piece of paper as text and as a picture.
fn write_receipts(shop: &Shop, folder: &Path) -> Result<usize, RunError> {
    let paper = shop.printer().paper();
    let pieces = paper.pieces();
    for (index, piece) in pieces.iter().enumerate() {
        let path = folder.join(format!("{:02}.txt", index + 1));
        fs::write(&path, text_of(piece)).map_err(|cause| RunError::Write { path: path.clone(), cause })?;
        draw_paper(piece, paper.line_dots).write_png(&path.with_extension("png"))?;
    }
    Ok(pieces.len())
}

/// Every figure central has, as a table.
fn write_stock(shop: &Shop, path: &Path) -> Result<usize, RunError> {
    let Some(central) = shop.central_store() else { return Ok(0) };
    let rows = shop.runtime().block_on(central.list_stock(None))?;
    let mut file = csv::Writer::from_path(path)?;
    file.write_record(["store", "sku", "name", "on_hand", "held", "promised", "safety", "free"])?;
    for row in &rows {
        let level = &row.level;
        let figures = [level.on_hand, level.held, level.promised, level.safety, level.free()];
        let names = [row.store.as_str(), row.product.as_str(), &row.name].map(spreadsheet_cell);
        file.write_record(names.into_iter().chain(figures.map(|figure| figure.to_string())))?;
    }
    file.flush().map_err(|cause| RunError::Write { path: path.to_owned(), cause })?;
    Ok(rows.len())
}
