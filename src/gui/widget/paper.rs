//! Paper: a document as the printer puts it on paper, line by line.

use iced::widget::{Column, container};
use iced::{Alignment, Length};

use super::super::measure::{Type, space as gap};
use super::super::style::Surface;
use super::super::theme::Ink;
use super::super::ui::Ui;
use super::Element;
use crate::domain::receipt::{self, Document, PaperLine};

/// A document on paper of so many columns. Codes are shown by what they say.
pub fn paper<'a, Message: 'a>(ui: &Ui<'_>, document: &Document, columns: usize) -> Element<'a, Message> {
    let lines = document.layout(columns).into_iter().map(|line| match line {
        PaperLine::Text { text, style } => paper_text(ui, text, style),
        PaperLine::Barcode { data, .. } => {
            let words = format!("▌▐▌║▐▌ {data} ▌║▐▌▐");
            container(ui.label(Type::Paper, words).ink(Ink::Paper)).center_x(Length::Fill).into()
        }
        PaperLine::Qr { data } => {
            container(ui.label(Type::Paper, format!("▣ {data}")).ink(Ink::Paper)).center_x(Length::Fill).into()
        }
        PaperLine::Cut => {
            let dashes = "- ".repeat(columns / 2);
            ui.label(Type::Paper, dashes).ink(Ink::PaperFaint).into()
        }
    });
    container(Column::with_children(lines).align_x(Alignment::Start).width(Length::Shrink))
        .class(Surface::Paper)
        .padding(gap::LARGE)
        .into()
}

/// Text on paper in its style, an empty line as high as any other.
fn paper_text<'a, Message: 'a>(ui: &Ui<'_>, text: String, style: receipt::Style) -> Element<'a, Message> {
    let bold = style.weight == receipt::Weight::Bold;
    let role = match (style.size, bold) {
        (receipt::Size::Normal, false) => Type::Paper,
        (receipt::Size::Normal, true) => Type::PaperBold,
        (receipt::Size::Tall, _) => Type::PaperBold,
        (receipt::Size::Large, _) => Type::PaperLarge,
    };
    // An empty line still takes its place.
    let words = if text.is_empty() { " ".to_owned() } else { text };
    match style.ink {
        receipt::Ink::Black => ui.label(role, words).ink(Ink::Paper).into(),
        receipt::Ink::Inverted => {
            container(ui.label(role, words).ink(Ink::PaperInverted)).class(Surface::PaperInverted).into()
        }
    }
}
