//! A piece of paper from the simulated printer as a picture.

use chrono::{FixedOffset, Offset, Utc};
use iced::widget::{Column, Row, container};
use iced::{Alignment, Length, Size};

use crate::devices::simulated::printer::PaperItem;
use crate::domain::receipt::Style;
use crate::gui::measure::{TextSize, Type, space};
use crate::gui::picture::{OffScreen, Picture, PictureError};
use crate::gui::style::Surface;
use crate::gui::text::{Catalogue, Language};
use crate::gui::theme::{Ink, Theme, ThemeName};
use crate::gui::ui::Ui;
use crate::gui::widget::{Element, paper_text};

/// Paper of 80 mm with 42 columns, in pixels.
const WIDTH: u32 = 480;
/// One line of print.
const LINE_HEIGHT: u32 = 22;

/// Draws a piece of paper as it hangs from the printer.
pub fn draw_paper(items: &[PaperItem]) -> Result<Picture, PictureError> {
    let catalogue = Catalogue::new(Language::default());
    let height = LINE_HEIGHT * (items.len() as u32 + 4);
    let ui = Ui {
        text: &catalogue,
        text_size: TextSize::Normal,
        size: Size::new(WIDTH as f32, height as f32),
        now: Utc::now(),
        zone: FixedOffset::east_opt(0).unwrap_or_else(|| Utc.fix()),
    };
    let mut off_screen: OffScreen<'_, ()> = OffScreen::new(view(&ui, items), WIDTH, height)?;
    Ok(off_screen.draw(&Theme::new(ThemeName::default())))
}

/// The paper, line by line; codes by what they say.
pub fn view<'a, Message: 'a>(ui: &Ui<'_>, items: &[PaperItem]) -> Element<'a, Message> {
    let lines = items.iter().map(|item| line(ui, item));
    container(Column::with_children(lines).align_x(Alignment::Start).width(Length::Fill))
        .class(Surface::Paper)
        .padding(space::LARGE)
        .width(Length::Fill)
        .into()
}

fn line<'a, Message: 'a>(ui: &Ui<'_>, item: &PaperItem) -> Element<'a, Message> {
    let plain = |words: String| ui.label(Type::Paper, words).ink(Ink::Paper).into();
    match item {
        PaperItem::Line(spans) if spans.is_empty() => paper_text(ui, String::new(), Style::PLAIN),
        PaperItem::Line(spans) => {
            Row::with_children(spans.iter().map(|span| paper_text(ui, span.text.clone(), span.style))).into()
        }
        PaperItem::Barcode { data, .. } => plain(format!("▌▐▌║▐▌ {data} ▌║▐▌▐")),
        PaperItem::Qr { data } => plain(format!("▣ {data}")),
        PaperItem::Picture(bitmap) => plain(format!("[{} × {}]", bitmap.width_dots(), bitmap.height_dots())),
        PaperItem::Cut => ui.label(Type::Paper, "- ".repeat(21)).ink(Ink::PaperFaint).into(),
    }
}
