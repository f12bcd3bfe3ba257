//! Layout: what stays whole, what is wrapped, where figures stand.

use proptest::prelude::*;

use super::*;
use crate::domain::receipt::{Block, ColumnKind, Document, Style};

fn check(columns: usize, block: Block, expected: &str) {
    let document = Document { blocks: vec![block], ..Document::new() };
    let text = document.to_text(columns);
    assert_eq!(text.trim_end_matches('\n'), expected, "\n{text}");
}

fn row(left: &str, right: &str) -> Block {
    Block::Row { left: left.into(), right: right.into(), style: Style::PLAIN }
}

#[test]
fn a_row_keeps_its_figure_whole_and_at_the_right() {
    check(20, row("Wool socks", "9.00"), "Wool socks      9.00");
    check(20, row("Merino crew neck navy M", "118.00"), "Merino crew neck\nnavy M        118.00");
    check(20, row("Merinocrewnecknavy", "118.00"), "Merinocrewnec\nknavy         118.00");
    check(20, row("Exactly it all fits", "1"), "Exactly it all\nfits               1");
    check(12, row("TOTAL", "1,000,000,000.00"), "TOTAL\n1,000,000,000.00");
    check(20, row("no figure", ""), "no figure");
}

#[test]
fn texts_wrap_at_words_and_long_words_are_broken() {
    let text = |text: &str, align| Block::Text { text: text.into(), align, style: Style::PLAIN };
    check(12, text("one two three four", Align::Left), "one two\nthree four");
    check(12, text("one two three four", Align::Centre), "  one two\n three four");
    check(12, text("one two", Align::Right), "     one two");
    check(12, text("Donaudampfschiff", Align::Left), "Donaudampfsc\nhiff");
    check(12, text("a\nb", Align::Left), "a\nb");
    check(12, text("a\u{1b}@b\u{7}", Align::Left), "a@b");
    check(12, text("毛糸の靴下です", Align::Left), "毛糸の靴下で\nす");
}

#[test]
fn decimal_points_stand_one_below_the_other() {
    let rows = [["Apples", "1.25"], ["Screws", "100"], ["Rope", "0.452"]];
    let table = Block::Table {
        columns: vec![ColumnKind::Words, ColumnKind::Decimal],
        rows: rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect(),
        style: Style::PLAIN,
    };
    check(18, table, "Apples       1.25\nScrews     100\nRope         0.452");
}

#[test]
fn a_table_too_wide_for_the_paper_is_stacked_not_cut() {
    let cells = ["A 21 %", "1000000.00", "210000.00", "1210000.00"];
    let table = Block::Table {
        columns: vec![ColumnKind::Words, ColumnKind::Figures, ColumnKind::Figures, ColumnKind::Figures],
        rows: vec![cells.iter().map(|cell| (*cell).to_owned()).collect()],
        style: Style::PLAIN,
    };
    check(20, table, "A 21 %\n          1000000.00\n           210000.00\n          1210000.00");
}

#[test]
fn a_total_too_wide_for_large_print_is_printed_smaller() {
    let size_of = |amount: &str| {
        let block = Block::Total { label: "TOTAL EUR".into(), amount: amount.into() };
        match (Document { blocks: vec![block], ..Document::new() }).layout(32).remove(0) {
            PaperLine::Text { style, .. } => style.size,
            line => panic!("{line:?}"),
        }
    };
    assert_eq!(size_of("126.10"), Size::Large);
    assert_eq!(size_of("1126.10"), Size::Tall);
}

fn any_block() -> impl Strategy<Value = Block> {
    let style = prop_oneof![Just(Style::PLAIN), Just(Style::TALL), Just(Style::LARGE), Just(Style::BANNER)];
    let text = "[a-zé毛 ]{0,60}";
    let figure = "-?[0-9]{1,14}\\.[0-9]{2}";
    prop_oneof![
        (text, style.clone()).prop_map(|(text, style)| Block::Text { text, align: Align::Centre, style }),
        (text, figure, style.clone()).prop_map(|(left, right, style)| Block::Row { left, right, style }),
        (text, figure).prop_map(|(label, amount)| Block::Total { label, amount }),
        text.prop_map(Block::Banner),
        proptest::collection::vec((text, figure, figure), 1..4).prop_map(|rows| Block::Table {
            columns: vec![ColumnKind::Words, ColumnKind::Decimal, ColumnKind::Figures],
            rows: rows.into_iter().map(|(a, b, c)| vec![a, b, c]).collect(),
            style: Style::PLAIN,
        }),
    ]
}

proptest! {
    /// On any paper from 20 columns up no line is wider than the paper, and each figure stands whole in one line.
    #[test]
    fn nothing_is_clipped(block in any_block(), columns in 20_usize..64) {
        let figures: Vec<String> = match &block {
            Block::Row { right, .. } => vec![right.clone()],
            Block::Total { amount, .. } => vec![amount.clone()],
            Block::Table { rows, .. } => rows.iter().flat_map(|row| row[1..].to_vec()).collect(),
            _ => Vec::new(),
        };
        let lines = Document { blocks: vec![block], ..Document::new() }.layout(columns);
        let mut texts = Vec::new();
        for line in &lines {
            if let PaperLine::Text { text, style } = line {
                prop_assert!(text_width(text) * style.size.width_factor() <= columns, "{text:?} {style:?}");
                texts.push(text.clone());
            }
        }
        for figure in figures {
            prop_assert!(texts.iter().any(|text| text.contains(&figure)), "{figure} is missing in {texts:?}");
        }
    }
}
