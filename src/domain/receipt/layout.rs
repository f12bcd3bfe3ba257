//! Lays a document out in columns of equal width. Pure: the same document and width give the same lines.

use super::{Align, BarcodeKind, Block, ColumnKind, Document, Size, Style};

/// The narrowest paper that is laid out; a printer with fewer columns gets this many and wraps by itself.
const COLUMNS_MIN: usize = 12;
/// Between two columns of a table.
const GUTTER: usize = 1;

/// One thing the printer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperLine {
    /// A line of text, padded so that it stands where it should; never wider than the paper in its style.
    Text {
        /// Without trailing spaces, except on an inverted line, whose black ground is as wide as the paper.
        text: String,
        /// How it looks; one for the whole line.
        style: Style,
    },
    /// A barcode in the middle, its text below it.
    Barcode {
        /// Which kind.
        kind: BarcodeKind,
        /// What it says.
        data: String,
    },
    /// A QR code in the middle.
    Qr {
        /// What it says.
        data: String,
    },
    /// Feed to the cutter and cut.
    Cut,
}

impl Document {
    /// The document's lines on paper of so many columns of normal text.
    pub fn layout(&self, columns: usize) -> Vec<PaperLine> {
        Layout { columns: columns.max(COLUMNS_MIN), medium: Medium::Paper, lines: Vec::new() }.run(self)
    }

    /// The document as plain text of so many columns, for files and tests. Large text keeps its place and loses its
    /// size; a cut is a dashed line with scissors.
    pub fn to_text(&self, columns: usize) -> String {
        let columns = columns.max(COLUMNS_MIN);
        let layout = Layout { columns, medium: Medium::Screen, lines: Vec::new() };
        let mut text = String::new();
        for line in layout.run(self) {
            let line = match line {
                PaperLine::Text { text, .. } => text,
                PaperLine::Barcode { data, .. } => aligned(&format!("||| {data} |||"), columns, Align::Centre),
                PaperLine::Qr { data } => aligned(&format!("[QR {data}]"), columns, Align::Centre),
                PaperLine::Cut => format!("{}8<{}", "- ".repeat(2), "- ".repeat(columns.saturating_sub(6) / 2)),
            };
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Where the lines go: on paper a large character takes two columns, in a plain text one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Medium {
    Paper,
    Screen,
}

struct Layout {
    columns: usize,
    medium: Medium,
    lines: Vec<PaperLine>,
}

impl Layout {
    fn run(mut self, document: &Document) -> Vec<PaperLine> {
        for block in &document.blocks {
            self.block(block);
        }
        self.lines
    }

    /// Characters of a size that fit in a line.
    fn room(&self, size: Size) -> usize {
        match self.medium {
            Medium::Paper => self.columns / size.width_factor(),
            Medium::Screen => self.columns,
        }
    }

    fn put(&mut self, text: &str, style: Style) {
        self.lines.push(PaperLine::Text { text: text.trim_end().to_owned(), style });
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Text { text, align, style } => {
                let room = self.room(style.size);
                for line in wrap(text, room) {
                    self.put(&aligned(&line, room, *align), *style);
                }
            }
            Block::Row { left, right, style } => self.row(left, right, *style),
            Block::Table { columns, rows, style } => self.table(columns, rows, *style),
            Block::Rule => self.put(&"-".repeat(self.columns), Style::PLAIN),
            Block::Blank(count) => (0..*count).for_each(|_| self.put("", Style::PLAIN)),
            Block::Barcode { kind, data } => self.lines.push(PaperLine::Barcode { kind: *kind, data: data.clone() }),
            Block::Qr { data } => self.lines.push(PaperLine::Qr { data: data.clone() }),
            Block::Total { label, amount } => {
                let fits = text_width(label) + 1 + text_width(amount) <= self.room(Size::Large);
                self.row(label, amount, if fits { Style::LARGE } else { Style::TALL });
            }
            Block::Banner(text) => {
                let room = self.room(Size::Large);
                for line in wrap(text, room) {
                    let mut text = aligned(&line, room, Align::Centre);
                    text.push_str(&" ".repeat(room.saturating_sub(text_width(&text))));
                    self.lines.push(PaperLine::Text { text, style: Style::BANNER });
                }
            }
            Block::Cut => self.lines.push(PaperLine::Cut),
        }
    }

    fn row(&mut self, left: &str, right: &str, style: Style) {
        let room = self.room(style.size);
        // An amount wider than the paper in a large style is printed in normal width: smaller, but whole.
        if text_width(right) > room && style.size == Size::Large {
            return self.row(left, right, Style { size: Size::Tall, ..style });
        }
        let right_width = text_width(right);
        let mut lines = wrap(left, room);
        let last = lines.pop().unwrap_or_default();
        for line in &lines {
            self.put(line, style);
        }
        if text_width(&last) + GUTTER + right_width <= room || right.is_empty() {
            let gap = room.saturating_sub(text_width(&last) + right_width);
            self.put(&format!("{last}{}{right}", " ".repeat(gap)), style);
        } else if !last.is_empty() && self.wrapped_beside(&last, right, style) {
        } else {
            self.put(&last, style);
            self.put(&aligned(right, room, Align::Right), style);
        }
    }

    /// Tries to wrap a text narrower so that the figure fits beside its last line.
    fn wrapped_beside(&mut self, text: &str, right: &str, style: Style) -> bool {
        let room = self.room(style.size);
        let Some(narrow) = room.checked_sub(text_width(right) + GUTTER).filter(|narrow| *narrow * 2 >= room) else {
            return false;
        };
        let lines = wrap(text, narrow);
        let Some((last, first)) = lines.split_last() else { return false };
        for line in first {
            self.put(line, style);
        }
        let gap = room - text_width(last) - text_width(right);
        self.put(&format!("{last}{}{right}", " ".repeat(gap)), style);
        true
    }

    fn table(&mut self, columns: &[ColumnKind], rows: &[Vec<String>], style: Style) {
        let room = self.room(style.size);
        let rows: Vec<Vec<String>> = rows.iter().map(|row| fitted(row, columns.len())).collect();
        let rows = with_decimals_aligned(columns, rows);
        let natural: Vec<usize> =
            (0..columns.len()).map(|c| rows.iter().map(|row| text_width(&row[c])).max().unwrap_or(0)).collect();
        let Some(widths) = share(columns, &natural, room) else {
            return self.stacked(columns, &rows, style);
        };
        for row in &rows {
            let cells: Vec<Vec<String>> = row
                .iter()
                .zip(columns)
                .zip(&widths)
                .map(|((cell, kind), width)| match kind {
                    ColumnKind::Words => wrap(cell, *width),
                    ColumnKind::Figures | ColumnKind::Decimal => vec![cell.clone()],
                })
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..height {
                let mut text = String::new();
                for ((cell, kind), width) in cells.iter().zip(columns).zip(&widths) {
                    let part = cell.get(line).map_or("", String::as_str);
                    let align = if *kind == ColumnKind::Words { Align::Left } else { Align::Right };
                    let part = aligned(part, *width, align);
                    text.push_str(&part);
                    text.push_str(&" ".repeat(width.saturating_sub(text_width(&part)) + GUTTER));
                }
                self.put(&text, style);
            }
        }
    }

    /// The figures alone are wider than the paper: each cell gets its own line.
    fn stacked(&mut self, columns: &[ColumnKind], rows: &[Vec<String>], style: Style) {
        let room = self.room(style.size);
        for row in rows {
            for (cell, kind) in row.iter().zip(columns).filter(|(cell, _)| !cell.trim().is_empty()) {
                match kind {
                    ColumnKind::Words => wrap(cell, room).iter().for_each(|line| self.put(line, style)),
                    _ => self.put(&aligned(cell.trim(), room, Align::Right), style),
                }
            }
        }
    }
}

/// The row with exactly `count` cells.
fn fitted(row: &[String], count: usize) -> Vec<String> {
    let mut cells: Vec<String> = row.iter().take(count).cloned().collect();
    if let Some(last) = cells.last_mut() {
        for surplus in row.iter().skip(count) {
            last.push(' ');
            last.push_str(surplus);
        }
    }
    cells.resize(count, String::new());
    cells
}

/// Pads decimal figures at the right so that their points stand one below the other once aligned right.
fn with_decimals_aligned(columns: &[ColumnKind], mut rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    // A cell that ends in no digit (a unit, a mark) is aligned by its last separator all the same.
    let fraction = |cell: &str| cell.rfind(['.', ',']).map_or(0, |at| text_width(&cell[at..]));
    for (index, kind) in columns.iter().enumerate() {
        if *kind != ColumnKind::Decimal {
            continue;
        }
        let widest = rows.iter().map(|row| fraction(&row[index])).max().unwrap_or(0);
        for row in &mut rows {
            let missing = widest - fraction(&row[index]);
            if !row[index].is_empty() {
                row[index].push_str(&" ".repeat(missing));
            }
        }
    }
    rows
}

/// How wide each column is; figures get what they need, words share the rest. `None` when that is too little.
fn share(columns: &[ColumnKind], natural: &[usize], room: usize) -> Option<Vec<usize>> {
    const WORDS_MIN: usize = 6;
    let gutters = GUTTER * columns.len().saturating_sub(1);
    let is_words = |index: usize| columns[index] == ColumnKind::Words;
    let figures: usize = (0..columns.len()).filter(|i| !is_words(*i)).map(|i| natural[i]).sum();
    let mut left = room.checked_sub(gutters + figures)?;
    let mut widths = natural.to_vec();
    let mut words: Vec<usize> = (0..columns.len()).filter(|i| is_words(*i)).collect();
    // The narrow ones take what they need, the wide ones share what is left over.
    words.sort_by_key(|i| natural[*i]);
    for (position, index) in words.iter().enumerate() {
        let fair = left / (words.len() - position);
        let width = natural[*index].min(fair);
        if width < natural[*index].min(WORDS_MIN) {
            return None;
        }
        widths[*index] = width;
        left -= width;
    }
    // Whatever is left widens the last column of words, so that figures end at the paper's edge.
    if let Some(last) = (0..columns.len()).rev().find(|i| is_words(*i)) {
        widths[last] += left;
    }
    Some(widths)
}

/// The text in a space of `room`, at its place. A text wider than the space is left as it is.
fn aligned(text: &str, room: usize, align: Align) -> String {
    let free = room.saturating_sub(text_width(text));
    let before = match align {
        Align::Left => 0,
        Align::Centre => free / 2,
        Align::Right => free,
    };
    format!("{}{text}", " ".repeat(before))
}

/// Breaks a text at spaces into lines of at most `room` columns; a word longer than that is broken inside. Line breaks
/// in the text stay, blanks at the beginning indent every line; control characters are dropped, since they would be
/// commands to a printer. Gives at least one line.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let indent = paragraph.len() - paragraph.trim_start_matches(' ').len();
        let indent = if indent * 2 < room { " ".repeat(indent) } else { String::new() };
        lines.extend(wrap_words(paragraph, room - indent.len()).into_iter().map(|line| format!("{indent}{line}")));
    }
    lines
}

fn wrap_words(paragraph: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in paragraph.split([' ', '\t']) {
        let word: String = word.chars().filter(|c| !c.is_control()).collect();
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() && text_width(&line) + 1 + text_width(&word) > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for character in word.chars() {
            if text_width(&line) + cell_width(character) > room && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
    }
    lines.push(line);
    lines
}

/// Columns a text takes in normal width.
pub fn text_width(text: &str) -> usize {
    text.chars().map(cell_width).sum()
}

/// Columns a character takes: none for marks that sit on the one before, two for the wide scripts (Unicode UAX #11,
/// the ranges W and F that occur in names of goods), else one.
pub const fn cell_width(character: char) -> usize {
    match character as u32 {
        0x0300..=0x036F | 0x200B..=0x200F | 0x20D0..=0x20FF | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
