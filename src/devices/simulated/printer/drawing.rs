//! The paper dot by dot: what a person sees and a scanner reads.

use super::paper::{BarText, Correction, Font, PaperItem, Setting, Span, Strip};
use crate::devices::printer::{Bitmap, Cell, FONT_A, FONT_B, Pen};
use crate::domain::receipt::{Align, Ink, Size, Weight, cell_width};

/// White around what can be printed on: 4 mm at 203 dpi.
const MARGIN_DOTS: usize = 32;
/// White above the first line and below the last.
const END_DOTS: usize = 40;
/// A cut, where the paper hangs together still: a row of dashes.
const CUT_DOTS: usize = 24;
const DASH_DOTS: usize = 8;

/// How wide a span is, in dots.
pub(super) fn width_of(span: &Span) -> usize {
    let (width, _) = cell_of(span);
    let cells: usize = span.text.chars().map(cell_width).sum();
    cells * width * span.style.size.width_factor()
}

const fn cell_of(span: &Span) -> (usize, usize) {
    match span.font {
        Font::A => FONT_A,
        Font::B => FONT_B,
    }
}

const fn height_factor(size: Size) -> usize {
    match size {
        Size::Normal => 1,
        Size::Tall | Size::Large => 2,
    }
}

/// Draws a piece of paper with its margins.
pub fn draw_piece(strips: &[Strip], line_dots: usize) -> Bitmap {
    let mut pen = Pen::default();
    let drawn: Vec<Bitmap> = strips.iter().map(|strip| draw_strip(&mut pen, strip, line_dots)).collect();
    let height: usize = drawn.iter().map(Bitmap::height_dots).sum();
    let mut paper = Bitmap::new(line_dots + 2 * MARGIN_DOTS, height + 2 * END_DOTS);
    let mut y = END_DOTS;
    for bitmap in &drawn {
        paper.stamp(bitmap, MARGIN_DOTS, y);
        y += bitmap.height_dots();
    }
    paper
}

fn draw_strip(pen: &mut Pen, strip: &Strip, line_dots: usize) -> Bitmap {
    let setting = &strip.setting;
    match &strip.item {
        PaperItem::Line(spans) => draw_line(pen, spans, setting, line_dots),
        PaperItem::Barcode { kind, data } => {
            match Bitmap::of_barcode(*kind, data, setting.bar_width, setting.bar_height) {
                // A real one prints nothing that does not fit.
                Some(bars) if bars.width_dots() <= line_dots => draw_bars(pen, &bars, data, setting, line_dots),
                _ => Bitmap::new(line_dots, 0),
            }
        }
        PaperItem::Qr { data } => draw_qr(data, setting, line_dots),
        PaperItem::Picture(picture) => place(picture, setting.align, line_dots),
        PaperItem::Feed(dots) => Bitmap::new(line_dots, *dots),
        PaperItem::Cut => {
            let mut row = Bitmap::new(line_dots, CUT_DOTS);
            (0..line_dots).step_by(2 * DASH_DOTS).for_each(|x| row.blacken(x, CUT_DOTS / 2, DASH_DOTS, 2));
            row
        }
    }
}

const fn left_of(width: usize, align: Align, line_dots: usize) -> usize {
    let room = line_dots.saturating_sub(width);
    match align {
        Align::Left => 0,
        Align::Centre => room / 2,
        Align::Right => room,
    }
}

fn place(picture: &Bitmap, align: Align, line_dots: usize) -> Bitmap {
    let mut line = Bitmap::new(line_dots, picture.height_dots());
    line.stamp(picture, left_of(picture.width_dots(), align, line_dots), 0);
    line
}

/// Characters of all sizes stand on the bottom of the line.
fn draw_line(pen: &mut Pen, spans: &[Span], setting: &Setting, line_dots: usize) -> Bitmap {
    let height = |span: &Span| cell_of(span).1 * height_factor(span.style.size);
    let tallest = spans.iter().map(height).max().unwrap_or(0);
    let mut line = Bitmap::new(line_dots, setting.line_spacing.max(tallest));
    let mut x = left_of(spans.iter().map(width_of).sum(), setting.align, line_dots);
    for span in spans {
        let (width, _) = cell_of(span);
        let enlarged = (span.style.size.width_factor(), height_factor(span.style.size));
        let y = tallest - height(span);
        let begins = x;
        for character in span.text.chars() {
            let cell = Cell { x, y, width, height: cell_of(span).1 };
            pen.draw_enlarged(&mut line, character, span.style.weight, cell, enlarged);
            x += width * enlarged.0 * cell_width(character);
        }
        if span.style.ink == Ink::Inverted {
            line.invert(begins, y, x - begins, height(span));
        }
    }
    line
}

fn draw_bars(pen: &mut Pen, bars: &Bitmap, text: &str, setting: &Setting, line_dots: usize) -> Bitmap {
    let (width, height) = FONT_A;
    let text_height = if setting.bar_text == BarText::Below { height + 4 } else { 0 };
    let mut strip = Bitmap::new(line_dots, bars.height_dots() + text_height);
    // The bitmap's width is whole bytes; the bars end before.
    let left = left_of(bars.width_dots(), setting.align, line_dots);
    strip.stamp(bars, left, 0);
    if setting.bar_text == BarText::Below {
        let middle = left + bars.width_dots() / 2;
        let mut x = middle.saturating_sub(text.chars().count() * width / 2);
        for character in text.chars() {
            let cell = Cell { x, y: bars.height_dots() + 4, width, height };
            pen.draw(&mut strip, character, Weight::Plain, cell);
            x += width;
        }
    }
    strip
}

fn draw_qr(data: &str, setting: &Setting, line_dots: usize) -> Bitmap {
    let level = match setting.qr_correction {
        Correction::L => qrcode::EcLevel::L,
        Correction::M => qrcode::EcLevel::M,
        Correction::Q => qrcode::EcLevel::Q,
        Correction::H => qrcode::EcLevel::H,
    };
    match Bitmap::of_qr_modules(data, level, setting.qr_module) {
        Some(code) if code.width_dots() <= line_dots => place(&code, setting.align, line_dots),
        _ => Bitmap::new(line_dots, 0),
    }
}
