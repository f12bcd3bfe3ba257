//! The panel of a line: why it costs what it costs, and what there is of it. Read only while someone looks at it.

use crate::database::DatabaseError;
use crate::domain::basket::BasketLine;
use crate::domain::feed::{Link, Scope};

use super::Register;
use super::history::story_of;
use super::intent::Screen;
use super::snapshot::{LinePanel, LineStock};

/// How long the story on the panel is.
const STORY_MAX: usize = 3;

impl Register {
    /// Opens the panel of a line; `None` closes it, and the newest line is the marked one again.
    pub(super) fn look_at_line(&mut self, line: Option<u32>) {
        self.looked_at = line.filter(|line| self.basket.line(*line).is_some());
        self.selected = self.looked_at.or_else(|| self.basket.lines.last().map(|line| line.line));
    }

    /// The panel that is open, in front of the quick keys.
    pub(super) fn line_panel(&self) -> Result<Option<LinePanel>, DatabaseError> {
        let looked_at = self.looked_at.filter(|_| self.screen == Screen::Sell && self.operator.is_some());
        let Some(line) = looked_at.and_then(|line| self.basket.line(line)) else { return Ok(None) };
        let view = self.database.view();
        let codes = view.list_barcodes(&line.product)?;
        let scanned = codes.into_iter().find(|code| Some(&code.key) == line.scanned.as_ref());
        Ok(Some(LinePanel {
            line: line.line,
            list_price: self.list_price_of(line.line)?,
            changed_by: line.changed_by.as_ref().map(|operator| self.operator_name(operator)),
            approved_by: line.approved_by.as_ref().map(|operator| self.operator_name(operator)),
            pack: scanned.map_or(1, |code| code.pack),
            stock: if line.stocked { Some(self.line_stock(line)?) } else { None },
        }))
    }

    fn line_stock(&self, line: &BasketLine) -> Result<LineStock, DatabaseError> {
        let view = self.database.view();
        Ok(LineStock {
            level: view.stock_level(&line.product)?,
            as_of: view.find_feed_as_of(Scope::Store)?,
            live: self.sync.link == Link::Live,
            story: story_of(view, &line.product, STORY_MAX)?,
            elsewhere: view.list_other_stores(&line.product)?,
        })
    }
}
