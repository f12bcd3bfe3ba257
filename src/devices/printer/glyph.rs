//! Characters as dots, in the font of paper: for printers that lack one, and for the paper of the simulated printer.
//!
//! The font (DejaVu Sans Mono under a name of its own, see `assets/fonts/README.md`) has Latin, Greek, Cyrillic, Armenian and
//! Georgian letters, currency and other signs. It has no Hebrew, Arabic, Indic or East Asian script: those need more than one
//! glyph a character, or megabytes.

use std::collections::HashMap;

use swash::FontRef;
use swash::scale::{Render, ScaleContext, Source};
use swash::text::Codepoint;
use swash::zeno::{Format, Transform};

use super::charset::MISSING;
use super::raster::Bitmap;
use crate::domain::receipt::{Ink, Size, Style, Weight, cell_width};

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/TillPaper-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/TillPaper-Bold.ttf");

/// The font's measures, in units of which 2048 make the size: every advance, and the line's two parts.
const ADVANCE: f32 = 1233.0;
const ASCENT: f32 = 1901.0;
const DESCENT: f32 = 483.0;
const UNITS: f32 = 2048.0;

/// Dots of a character of font A: the same in nearly all printers (Epson TM-T88V, TM-T20III: 12 x 24).
pub const FONT_A: (usize, usize) = (12, 24);
/// Dots of a character of font B (Epson TM-T88V, TM-T20III: 9 x 17).
pub const FONT_B: (usize, usize) = (9, 17);

/// How much of a dot must be covered for it to be burnt. Below one half, since thin strokes fade on thermal paper.
const COVERED_MIN: u8 = 112;

/// Where a character stands, in dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cell {
    /// Left edge.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// How wide.
    pub width: usize,
    /// How high.
    pub height: usize,
}

/// Has the font this character?
pub fn has_glyph(character: char) -> bool {
    font(Weight::Plain).is_some_and(|font| font.charmap().map(character) != 0)
}

/// Letters followed by their marks as one character each, where there is one: printers and the font know them so.
pub fn compose(text: &str) -> String {
    let mut composed = String::with_capacity(text.len());
    for character in text.chars() {
        match composed.pop() {
            None => composed.push(character),
            Some(last) => match <char as Codepoint>::compose(last, character) {
                Some(both) => composed.push(both),
                None => composed.extend([last, character]),
            },
        }
    }
    composed
}

fn font(weight: Weight) -> Option<FontRef<'static>> {
    FontRef::from_index(if weight == Weight::Bold { BOLD } else { REGULAR }, 0)
}

/// The dots of one character in a cell whose upper left corner is 0, 0.
#[derive(Clone, Debug, Default)]
struct Glyph {
    dots: Vec<(i32, i32)>,
}

/// Draws characters, and remembers those it has drawn.
#[derive(Default)]
pub struct Pen {
    context: ScaleContext,
    drawn: HashMap<(char, Weight, usize, usize), Glyph>,
}

impl Pen {
    /// Draws a character into a cell. A character the font lacks leaves the cell white.
    pub fn draw(&mut self, onto: &mut Bitmap, character: char, weight: Weight, cell: Cell) {
        self.draw_enlarged(onto, character, weight, cell, (1, 1));
    }

    /// Draws it as printers draw large text: each dot of a character in `cell` so many dots wide and high.
    pub fn draw_enlarged(
        &mut self,
        onto: &mut Bitmap,
        character: char,
        weight: Weight,
        cell: Cell,
        (wider, higher): (usize, usize),
    ) {
        let Cell { x, y, width, height } = cell;
        let context = &mut self.context;
        let glyph = self
            .drawn
            .entry((character, weight, width, height))
            .or_insert_with(|| rasterise(context, character, weight, width, height));
        for (left, top) in &glyph.dots {
            let column = i32::try_from(x).ok().and_then(|x| usize::try_from(x + left * wider as i32).ok());
            let row = i32::try_from(y).ok().and_then(|y| usize::try_from(y + top * higher as i32).ok());
            if let (Some(column), Some(row)) = (column, row) {
                onto.blacken(column, row, wider, higher);
            }
        }
    }
}

/// A line of text as a printer would print it in its font A, as wide as the paper and as high as its characters:
/// each in the column it would have as text.
pub fn draw_line(pen: &mut Pen, text: &str, style: Style, line_dots: usize) -> Bitmap {
    let width = FONT_A.0 * style.size.width_factor();
    let height = FONT_A.1 * if style.size == Size::Normal { 1 } else { 2 };
    let mut bitmap = Bitmap::new(line_dots, height);
    let mut x = 0;
    for character in text.chars() {
        let cells = cell_width(character);
        let shown = if cells == 0 || has_glyph(character) { character } else { MISSING };
        // A mark that makes no letter of its own with what it follows stands over it.
        let x_drawn = if cells == 0 { usize::saturating_sub(x, width) } else { x };
        pen.draw(&mut bitmap, shown, style.weight, Cell { x: x_drawn, y: 0, width, height });
        x += width * cells;
    }
    if style.ink == Ink::Inverted {
        bitmap.invert(0, 0, x, height);
    }
    bitmap
}

fn rasterise(context: &mut ScaleContext, character: char, weight: Weight, width: usize, height: usize) -> Glyph {
    let Some(font) = font(weight) else { return Glyph::default() };
    let id = font.charmap().map(character);
    if id == 0 {
        return Glyph::default();
    }
    let size = width as f32 * UNITS / ADVANCE;
    let stretch = height as f32 / (size * (ASCENT + DESCENT) / UNITS);
    let baseline = (size * ASCENT / UNITS * stretch).round() as i32;
    let mut scaler = context.builder(font).size(size).build();
    let image = Render::new(&[Source::Outline])
        .format(Format::Alpha)
        .transform(Some(Transform::scale(1.0, stretch)))
        .render(&mut scaler, id);
    let Some(image) = image else { return Glyph::default() };
    let placement = image.placement;
    let columns = placement.width.max(1) as usize;
    let covered = image.data.iter().enumerate().filter(|(_, alpha)| **alpha >= COVERED_MIN);
    let dots = covered.map(|(index, _)| {
        (placement.left + (index % columns) as i32, baseline - placement.top + (index / columns) as i32)
    });
    Glyph { dots: dots.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A character as rows of dots.
    fn picture(character: char, weight: Weight, width: usize, height: usize) -> Vec<String> {
        let mut bitmap = Bitmap::new(width, height);
        Pen::default().draw(&mut bitmap, character, weight, Cell { x: 0, y: 0, width, height });
        (0..height).map(|y| (0..width).map(|x| if bitmap.is_black(x, y) { '#' } else { '.' }).collect()).collect()
    }

    fn black(rows: &[String]) -> usize {
        rows.iter().map(|row| row.matches('#').count()).sum()
    }

    #[test]
    fn the_font_has_the_scripts_it_is_said_to_have() {
        for character in "Aéžőș€ΩέЧґҮԱა₴№½✓".chars() {
            assert!(has_glyph(character), "{character}");
            assert!(black(&picture(character, Weight::Plain, 12, 24)) > 5, "{character}");
        }
        for character in "毛שعก".chars() {
            assert!(!has_glyph(character), "{character}");
            assert_eq!(black(&picture(character, Weight::Plain, 12, 24)), 0);
        }
    }

    #[test]
    fn letters_stand_on_one_line_and_inside_their_cell() {
        let last_row = |character| picture(character, Weight::Plain, 12, 24).iter().rposition(|row| row.contains('#'));
        for character in "HxEΩЖ1".chars() {
            assert_eq!(last_row(character), Some(18), "{character}");
        }
        assert!(last_row('g') > Some(20));
        let wide = picture('W', Weight::Bold, 12, 24);
        assert!(black(&wide) > black(&picture('W', Weight::Plain, 12, 24)));
        assert!(picture('Ű', Weight::Plain, 12, 24)[0..4].iter().any(|row| row.contains('#')));
    }

    #[test]
    fn a_letter_and_its_mark_become_one() {
        assert_eq!(compose("Cafe\u{301} Z\u{307}o\u{301}łc"), "Café Żółc");
        assert_eq!(compose("q\u{301}"), "q\u{301}");
        assert_eq!(compose(""), "");
    }
}
