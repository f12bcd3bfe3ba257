//! All words and figures on screen: text of a named role that wraps, or ends in an ellipsis, and never overflows unseen.

use iced::advanced::layout::{Limits, Node};
use iced::advanced::renderer;
use iced::advanced::text::{self, LineHeight, Paragraph as _, Shaping, Wrapping};
use iced::advanced::widget::text::Style;
use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Layout, mouse};
use iced::{Length, Pixels, Rectangle, Size, alignment};

use super::super::measure::{TextSize, Type};
use super::super::theme::{Ink, Theme};
use super::Element;

type Paragraph = <iced::Renderer as text::Renderer>::Paragraph;

/// What a label does when it does not fit its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// Goes on in the next line.
    Wrap,
    /// Ends in an ellipsis after this many lines.
    Shorten(u16),
}

/// Words of a role.
pub struct Label {
    content: String,
    role: Type,
    text_size: TextSize,
    ink: Option<Ink>,
    icon: bool,
    width: Length,
    align: text::Alignment,
    overflow: Overflow,
    line_height: f32,
}

impl Label {
    /// Words in a role of type, in the ink of what surrounds them.
    pub fn new(content: impl Into<String>, role: Type, text_size: TextSize) -> Self {
        Self {
            content: content.into(),
            role,
            text_size,
            ink: None,
            icon: false,
            width: Length::Shrink,
            align: text::Alignment::Default,
            overflow: Overflow::Wrap,
            line_height: 1.25,
        }
    }

    /// A character of the icon font, as large as the words it stands beside.
    pub fn icon(glyph: char, role: Type, text_size: TextSize) -> Self {
        Self { icon: true, line_height: 1.0, ..Self::new(glyph, role, text_size) }
    }

    /// In this ink.
    pub const fn ink(mut self, ink: Ink) -> Self {
        self.ink = Some(ink);
        self
    }

    /// In the ink of second words.
    pub const fn muted(self) -> Self {
        self.ink(Ink::Muted)
    }

    /// As wide as there is room.
    pub const fn fill(mut self) -> Self {
        self.width = Length::Fill;
        self
    }

    /// So wide.
    pub const fn width(mut self, width: f32) -> Self {
        self.width = Length::Fixed(width);
        self
    }

    /// At the right: figures.
    pub const fn right(mut self) -> Self {
        self.align = text::Alignment::Right;
        self
    }

    /// In the middle.
    pub const fn centred(mut self) -> Self {
        self.align = text::Alignment::Center;
        self
    }

    /// With an ellipsis when it does not fit so many lines.
    pub const fn shorten(mut self, lines_max: u16) -> Self {
        self.overflow = Overflow::Shorten(lines_max);
        self
    }

    /// How many lines the words need in a width, in logical pixels.
    pub fn lines_in(&self, width: f32) -> u16 {
        let (paragraph, _) = self.lay_out(width.max(1.0));
        (paragraph.min_bounds().height / (self.size() * self.line_height)).round() as u16
    }

    fn size(&self) -> f32 {
        let size = self.role.size(self.text_size);
        if self.icon { (size * 1.2).round() } else { size }
    }

    fn text<'a>(&self, content: &'a str, bounds: Size, wrapping: Wrapping) -> text::Text<&'a str> {
        text::Text {
            content,
            bounds,
            size: Pixels(self.size()),
            line_height: LineHeight::Relative(self.line_height),
            font: if self.icon { super::super::font::ICONS } else { self.role.font() },
            align_x: self.align,
            align_y: alignment::Vertical::Top,
            shaping: Shaping::Advanced,
            wrapping,
        }
    }

    /// Lays the words out in `max_width`: the paragraph, and whether it shows all of them within that width.
    fn lay_out(&self, max_width: f32) -> (Paragraph, Fit) {
        let lines_max = match self.overflow {
            Overflow::Wrap => None,
            Overflow::Shorten(lines) => Some(f32::from(lines)),
        };
        let bounds = Size::new(max_width, f32::INFINITY);
        let fits = |paragraph: &Paragraph| {
            let min = paragraph.min_bounds();
            let height_max = lines_max.map_or(f32::INFINITY, |lines| lines * self.size() * self.line_height + 1.0);
            min.width <= max_width + 0.5 && min.height <= height_max
        };
        let whole = Paragraph::with_text(self.text(&self.content, bounds, Wrapping::Word));
        if fits(&whole) {
            return (whole, Fit::Whole);
        }
        if lines_max.is_none() {
            return (whole, Fit::Overflows);
        }
        let cuts: Vec<usize> = self.content.char_indices().map(|(at, _)| at).collect();
        let (mut low, mut high) = (0, cuts.len());
        let mut best = Paragraph::with_text(self.text("…", bounds, Wrapping::Word));
        while low < high {
            let middle = (low + high).div_ceil(2);
            let Some(cut) = cuts.get(middle) else { break };
            let shortened = format!("{}…", self.content[..*cut].trim_end());
            let paragraph = Paragraph::with_text(self.text(&shortened, bounds, Wrapping::Word));
            if fits(&paragraph) {
                best = paragraph;
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        (best, Fit::Shortened)
    }
}

/// Whether a label shows all its words. Tests read it from the widget tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// All of them.
    Whole,
    /// It was allowed to end in an ellipsis, and does.
    Shortened,
    /// A word is wider than the room.
    Overflows,
}

/// What a label leaves in the widget tree.
pub struct LabelState {
    paragraph: Paragraph,
    laid_out_for: Option<(String, f32, f32)>,
    /// Whether it shows all its words.
    pub fit: Fit,
    /// What its words need, in logical pixels.
    pub needed: Size,
    /// Its words.
    pub content: String,
}

impl<Message> Widget<Message, Theme, iced::Renderer> for Label {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<LabelState>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(LabelState {
            paragraph: Paragraph::default(),
            laid_out_for: None,
            fit: Fit::Whole,
            needed: Size::ZERO,
            content: String::new(),
        })
    }

    fn size(&self) -> Size<Length> {
        Size::new(self.width, Length::Shrink)
    }

    fn layout(&mut self, tree: &mut Tree, _renderer: &iced::Renderer, limits: &Limits) -> Node {
        let state = tree.state.downcast_mut::<LabelState>();
        let limits = limits.width(self.width);
        let key = (self.content.clone(), limits.max().width, Self::size(self));
        // The alignment only matters for drawing; role and overflow of one place in the tree change with its words.
        if state.laid_out_for.as_ref() != Some(&key)
            || state.paragraph.align_x() != self.align
            || state.paragraph.font() != self.text("", Size::ZERO, Wrapping::Word).font
        {
            let (paragraph, fit) = self.lay_out(limits.max().width);
            state.needed = paragraph.min_bounds();
            state.paragraph = paragraph;
            state.fit = fit;
            state.content.clone_from(&self.content);
            state.laid_out_for = Some(key);
        }
        let size = limits.resolve(self.width, Length::Shrink, state.needed);
        Node::new(size)
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut iced::Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let state = tree.state.downcast_ref::<LabelState>();
        let appearance = Style { color: self.ink.map(|ink| theme.ink(ink)) };
        iced::advanced::widget::text::draw(renderer, style, layout.bounds(), &state.paragraph, appearance, viewport);
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        _renderer: &iced::Renderer,
        operation: &mut dyn Operation,
    ) {
        operation.text(None, layout.bounds(), &self.content);
        operation.custom(None, layout.bounds(), tree.state.downcast_mut::<LabelState>());
    }
}

impl<'a, Message: 'a> From<Label> for Element<'a, Message> {
    fn from(label: Label) -> Self {
        Self::new(label)
    }
}
