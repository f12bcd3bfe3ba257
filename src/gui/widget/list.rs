//! A virtual list: only the rows in view exist, so that 10,000 lines scroll like ten.
//!
//! The heights of all rows are known beforehand; a row is made when it comes into view. The list scrolls by wheel and
//! by dragging a finger, and follows one row (the newest line, the chosen order): when that row changes it comes into view.
//! Until somebody scrolls it, it shows whole rows only: none is cut in half under a head or above what stands below.

use iced::advanced::layout::{Limits, Node};
use iced::advanced::renderer::{self, Quad};
use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Renderer as _, Shell, mouse};
use iced::{Color, Event, Length, Point, Rectangle, Size, border, touch};

use super::super::theme::Theme;
use super::Element;

/// How far a finger moves before it scrolls instead of pressing, in logical pixels.
const DRAG_BEGINS_PX: f32 = 8.0;
/// How far one notch of the wheel goes, in logical pixels.
const WHEEL_STEP_PX: f32 = 48.0;

type RowView<'a, Message> = Box<dyn Fn(usize) -> Element<'a, Message> + 'a>;

/// A list of rows of known heights.
pub struct VirtualList<'a, Message> {
    heights: Vec<f32>,
    followed: Option<usize>,
    row: RowView<'a, Message>,
    visible: Vec<Element<'a, Message>>,
}

impl<'a, Message> VirtualList<'a, Message> {
    /// Rows of these heights, in logical pixels, each made by `row` when it comes into view.
    pub fn new(heights: Vec<f32>, row: impl Fn(usize) -> Element<'a, Message> + 'a) -> Self {
        Self { heights, followed: None, row: Box::new(row), visible: Vec::new() }
    }

    /// So many rows, all of one height.
    pub fn uniform(count: usize, height: f32, row: impl Fn(usize) -> Element<'a, Message> + 'a) -> Self {
        Self::new(vec![height; count], row)
    }

    /// Keeps this row in view when it changes.
    pub fn follow(mut self, row: Option<usize>) -> Self {
        self.followed = row;
        self
    }

    fn total_height(&self) -> f32 {
        self.heights.iter().sum()
    }

    /// Where the first row begins that begins there or below, in logical pixels from the top of the list.
    fn begins_from(&self, from: f32) -> f32 {
        let mut top = 0.0;
        for height in &self.heights {
            if top >= from - 0.5 {
                break;
            }
            top += height;
        }
        top
    }

    /// Where a row begins, in logical pixels from the top of the list.
    fn top_of(&self, row: usize) -> f32 {
        self.heights[..row.min(self.heights.len())].iter().sum()
    }
}

#[derive(Default)]
struct State {
    offset: f32,
    followed: Option<(usize, u32)>,
    /// Was it scrolled since another row was followed? Then it stands where it was scrolled to.
    by_hand: bool,
    finger: Option<Finger>,
}

#[derive(Clone, Copy)]
struct Finger {
    began_y: f32,
    last_y: f32,
    scrolling: bool,
}

impl State {
    /// Brings the followed row into view when another is followed, or its place has changed; and keeps it there, among whole
    /// rows, until somebody scrolls.
    fn follow<Message>(&mut self, list: &VirtualList<'_, Message>, view_height: f32) {
        let now = list.followed.filter(|row| *row < list.heights.len()).map(|row| {
            let top = list.top_of(row);
            (row, (top + list.heights[row]).to_bits(), top)
        });
        let key = now.map(|(row, bottom, _)| (row, bottom));
        if self.followed != key {
            self.followed = key;
            self.by_hand = false;
        }
        let last = (list.total_height() - view_height).max(0.0);
        if self.by_hand {
            self.offset = self.offset.clamp(0.0, last);
            return;
        }
        if let Some((row, _, top)) = now {
            let bottom = top + list.heights[row];
            self.offset = self.offset.max(bottom - view_height).min(top);
        }
        self.offset = list.begins_from(self.offset.min(last));
        if let Some((_, _, top)) = now {
            self.offset = self.offset.min(top);
        }
    }
}

impl<Message> Widget<Message, Theme, iced::Renderer> for VirtualList<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn diff(&self, _tree: &mut Tree) {
        // The rows are made, and compared with the ones before, when the height of the list is known.
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &iced::Renderer, limits: &Limits) -> Node {
        let size = limits.resolve(Length::Fill, Length::Fill, Size::ZERO);
        let state = tree.state.downcast_mut::<State>();
        state.follow(self, size.height);
        let (offset, by_hand) = (state.offset, state.by_hand);
        let mut top = -offset;
        let mut places = Vec::new();
        self.visible.clear();
        for (row, height) in self.heights.iter().enumerate() {
            let is_cut = !by_hand && top > 0.5 && top + height > size.height + 0.5;
            if top >= size.height || is_cut {
                break;
            }
            if top + height > 0.0 {
                self.visible.push((self.row)(row));
                places.push((top, *height));
            }
            top += height;
        }
        tree.diff_children(&self.visible);
        let nodes = self
            .visible
            .iter_mut()
            .zip(&mut tree.children)
            .zip(places)
            .map(|((element, tree), (top, height))| {
                let limits = Limits::new(Size::new(size.width, height), Size::new(size.width, height));
                element.as_widget_mut().layout(tree, renderer, &limits).move_to(Point::new(0.0, top))
            })
            .collect();
        Node::with_children(size, nodes)
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut iced::Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds();
        let Some(clip) = bounds.intersection(viewport) else { return };
        renderer.with_layer(clip, |renderer| {
            for ((element, tree), layout) in self.visible.iter().zip(&tree.children).zip(layout.children()) {
                element.as_widget().draw(tree, renderer, theme, style, layout, cursor, &clip);
            }
            self.draw_thumb(tree.state.downcast_ref::<State>().offset, renderer, theme, bounds);
        });
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &iced::Renderer,
        operation: &mut dyn Operation,
    ) {
        operation.custom(None, layout.bounds(), &mut ScrolledRows);
        operation.traverse(&mut |operation| {
            for ((element, tree), layout) in self.visible.iter_mut().zip(&mut tree.children).zip(layout.children()) {
                element.as_widget_mut().operate(tree, layout, renderer, operation);
            }
        });
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &iced::Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds();
        let scrolled_px = scrolled_by(tree.state.downcast_mut::<State>(), event, bounds, cursor);
        if let Some(pixels) = scrolled_px {
            let state = tree.state.downcast_mut::<State>();
            let before = state.offset;
            state.offset = (before + pixels).clamp(0.0, (self.total_height() - bounds.height).max(0.0));
            if (state.offset - before).abs() > f32::EPSILON {
                state.by_hand = true;
                shell.invalidate_layout();
                shell.request_redraw();
            }
            shell.capture_event();
        }
        // A press that has become scrolling is over for the row under it.
        let lost = match (scrolled_px, event) {
            (Some(_), Event::Touch(touch::Event::FingerMoved { id, position })) => {
                Some(Event::Touch(touch::Event::FingerLost { id: *id, position: *position }))
            }
            _ => None,
        };
        let event = lost.as_ref().unwrap_or(event);
        let cursor = if cursor.is_over(bounds) || lost.is_some() { cursor } else { mouse::Cursor::Unavailable };
        for ((element, tree), layout) in self.visible.iter_mut().zip(&mut tree.children).zip(layout.children()) {
            element.as_widget_mut().update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &iced::Renderer,
    ) -> mouse::Interaction {
        if !cursor.is_over(layout.bounds()) {
            return mouse::Interaction::None;
        }
        self.visible
            .iter()
            .zip(&tree.children)
            .zip(layout.children())
            .map(|((element, tree), layout)| {
                element.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer)
            })
            .max()
            .unwrap_or_default()
    }
}

impl<Message> VirtualList<'_, Message> {
    /// Shows where one is in a list longer than its place.
    fn draw_thumb(&self, offset: f32, renderer: &mut iced::Renderer, theme: &Theme, bounds: Rectangle) {
        let total = self.total_height();
        if total <= bounds.height {
            return;
        }
        let height = (bounds.height * bounds.height / total).max(24.0);
        let top = (offset / (total - bounds.height)).min(1.0) * (bounds.height - height);
        let bounds = Rectangle { x: bounds.x + bounds.width - 6.0, y: bounds.y + top, width: 4.0, height };
        let quad = Quad { bounds, border: border::rounded(2), ..Quad::default() };
        renderer.fill_quad(quad, Color { a: 0.45, ..theme.palette.muted });
    }
}

/// How far an event scrolls the list, in logical pixels; `None` when it is none of its business.
fn scrolled_by(state: &mut State, event: &Event, bounds: Rectangle, cursor: mouse::Cursor) -> Option<f32> {
    match event {
        Event::Mouse(mouse::Event::WheelScrolled { delta }) if cursor.is_over(bounds) => Some(match delta {
            mouse::ScrollDelta::Lines { y, .. } => -y * WHEEL_STEP_PX,
            mouse::ScrollDelta::Pixels { y, .. } => -y,
        }),
        Event::Touch(touch::Event::FingerPressed { position, .. }) if bounds.contains(*position) => {
            state.finger = Some(Finger { began_y: position.y, last_y: position.y, scrolling: false });
            None
        }
        Event::Touch(touch::Event::FingerMoved { position, .. }) => {
            let finger = state.finger.as_mut()?;
            finger.scrolling |= (position.y - finger.began_y).abs() > DRAG_BEGINS_PX;
            let moved = finger.last_y - position.y;
            finger.last_y = position.y;
            finger.scrolling.then_some(moved)
        }
        Event::Touch(touch::Event::FingerLifted { .. } | touch::Event::FingerLost { .. }) => {
            state.finger = None;
            None
        }
        _ => None,
    }
}

/// What a list leaves for those who walk the widget tree: rows under it may be cut off at its edges.
pub struct ScrolledRows;

impl<'a, Message: 'a> From<VirtualList<'a, Message>> for Element<'a, Message> {
    fn from(list: VirtualList<'a, Message>) -> Self {
        Self::new(list)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use iced::widget::space;

    use super::*;
    use crate::gui::picture::OffScreen;

    /// Which rows of a list are made when it is shown in a place so high.
    fn rows_made(count: usize, followed: Option<usize>, height: u32) -> Vec<usize> {
        let made = RefCell::new(Vec::new());
        let row = |row| -> Element<'_, ()> {
            made.borrow_mut().push(row);
            space::vertical().into()
        };
        let list = VirtualList::uniform(count, 40.0, row).follow(followed);
        drop(OffScreen::new(list, 300, height).unwrap());
        made.into_inner()
    }

    #[test]
    fn of_a_hundred_thousand_rows_only_those_in_view_are_made() {
        assert_eq!(rows_made(100_000, None, 400), (0..10).collect::<Vec<_>>());
        assert_eq!(rows_made(100_000, Some(99_999), 400), (99_990..100_000).collect::<Vec<_>>());
        // None is cut in half, neither at the top nor at the foot.
        assert_eq!(rows_made(100_000, Some(50_000), 420), (49_991..=50_000).collect::<Vec<_>>());
        assert_eq!(rows_made(100_000, None, 420), (0..10).collect::<Vec<_>>());
        assert_eq!(rows_made(100_000, Some(99_999), 420), (99_990..100_000).collect::<Vec<_>>());
        // One that is higher than its place is seen as far as it goes.
        assert_eq!(rows_made(3, Some(1), 30), [1]);
        assert_eq!(rows_made(3, None, 400), [0, 1, 2]);
        assert_eq!(rows_made(0, None, 400), Vec::<usize>::new());
    }
}
