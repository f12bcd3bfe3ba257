//! All words and figures on screen: text of a named role that wraps, or ends in an ellipsis, and never overflows unseen. Large
//! type makes way for its words: where they only fit at the usual size, they are set in that.

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
    /// What is said where there is no room for all of it, each shorter than the one before.
    briefs: Vec<String>,
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
            briefs: Vec::new(),
            role,
            text_size,
            ink: None,
            icon: false,
            width: Length::Shrink,
            align: text::Alignment::Default,
            overflow: Overflow::Wrap,
            line_height: role.line_height(),
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

    /// Saying this where there is no room for all of it, nor for what was to be said in its place so far.
    pub fn or(mut self, brief: impl Into<String>) -> Self {
        self.briefs.push(brief.into());
        self
    }

    /// How many lines the words need in a width, in logical pixels.
    pub fn lines_in(&self, width: f32) -> u16 {
        let LaidOut { paragraph, .. } = self.lay_out(width.max(1.0));
        (paragraph.min_bounds().height / (paragraph.size().0 * self.line_height)).round() as u16
    }

    /// How wide the words are in one line, in logical pixels.
    pub fn width_of_words(&self) -> f32 {
        self.lay_out(f32::INFINITY).paragraph.min_bounds().width
    }

    fn size(&self) -> f32 {
        self.size_of(self.text_size)
    }

    fn size_of(&self, text_size: TextSize) -> f32 {
        let size = self.role.size(text_size);
        if self.icon { (size * 1.2).round() } else { size }
    }

    fn text<'a>(&self, content: &'a str, bounds: Size, size: f32) -> text::Text<&'a str> {
        text::Text {
            content,
            bounds,
            size: Pixels(size),
            line_height: LineHeight::Relative(self.line_height),
            font: if self.icon { super::super::font::ICONS } else { self.role.font() },
            align_x: self.align,
            align_y: alignment::Vertical::Top,
            shaping: Shaping::Advanced,
            wrapping: Wrapping::Word,
        }
    }

    /// Lays the words out in `max_width`: all of them, in the usual size of type when the large one has no room, in brief
    /// when even that has none, and with an ellipsis at last.
    fn lay_out(&self, max_width: f32) -> LaidOut<'_> {
        let lines_max = match self.overflow {
            Overflow::Wrap => None,
            Overflow::Shorten(lines) => Some(f32::from(lines)),
        };
        let bounds = Size::new(max_width, f32::INFINITY);
        let fits = |paragraph: &Paragraph| {
            let min = paragraph.min_bounds();
            let line = paragraph.size().0 * self.line_height;
            min.width <= max_width + 0.5 && lines_max.is_none_or(|lines| min.height <= lines * line + 1.0)
        };
        let (wanted, usual) = (self.size(), self.size_of(TextSize::Normal));
        let sizes = if wanted > usual { [Some(wanted), Some(usual)] } else { [Some(wanted), None] };
        for content in [&self.content].into_iter().chain(&self.briefs) {
            for size in sizes.into_iter().flatten() {
                let paragraph = Paragraph::with_text(self.text(content, bounds, size));
                if fits(&paragraph) {
                    return LaidOut { paragraph, fit: Fit::Whole, content };
                }
            }
        }
        let content = self.briefs.last().unwrap_or(&self.content);
        if lines_max.is_none() {
            let paragraph = Paragraph::with_text(self.text(content, bounds, wanted));
            return LaidOut { paragraph, fit: Fit::Overflows, content };
        }
        let cuts: Vec<usize> = content.char_indices().map(|(at, _)| at).collect();
        let (mut low, mut high) = (0, cuts.len());
        let mut best = Paragraph::with_text(self.text("…", bounds, wanted));
        let mut kept = 0;
        while low < high {
            let middle = (low + high).div_ceil(2);
            let Some(cut) = cuts.get(middle) else { break };
            let shortened = format!("{}…", content[..*cut].trim_end());
            let paragraph = Paragraph::with_text(self.text(&shortened, bounds, wanted));
            if fits(&paragraph) {
                best = paragraph;
                kept = *cut;
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        LaidOut { paragraph: best, fit: Fit::Shortened { kept }, content }
    }
}

/// Words with their place for each letter.
struct LaidOut<'l> {
    paragraph: Paragraph,
    fit: Fit,
    content: &'l str,
}

/// Whether a label shows all its words. Tests read it from the widget tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// All of them.
    Whole,
    /// It was allowed to end in an ellipsis, and does.
    Shortened {
        /// How many bytes of its words stand in front of it.
        kept: usize,
    },
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
            || state.paragraph.font() != self.text("", Size::ZERO, 1.0).font
        {
            let LaidOut { paragraph, fit, content } = self.lay_out(limits.max().width);
            state.needed = paragraph.min_bounds();
            state.paragraph = paragraph;
            state.fit = fit;
            content.clone_into(&mut state.content);
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
