//! Two things side by side, such as words and their key cap: when there is little room the first gives way, never the second.

use iced::advanced::layout::{Limits, Node};
use iced::advanced::renderer;
use iced::advanced::widget::{Operation, Tree, Widget};
use iced::advanced::{Clipboard, Layout, Shell, mouse};
use iced::{Event, Length, Point, Rectangle, Size};

use super::super::theme::Theme;
use super::Element;

/// Words and a cap, side by side.
pub struct Keyed<'a, Message> {
    parts: [Element<'a, Message>; 2],
    spacing: f32,
    width: Length,
}

impl<'a, Message> Keyed<'a, Message> {
    /// As wide as both need, the cap right behind the words.
    pub fn new(words: impl Into<Element<'a, Message>>, cap: impl Into<Element<'a, Message>>, spacing: f32) -> Self {
        Self { parts: [words.into(), cap.into()], spacing, width: Length::Shrink }
    }

    /// As wide as there is room, the cap at its end.
    pub fn fill(mut self) -> Self {
        self.width = Length::Fill;
        self
    }
}

impl<Message> Widget<Message, Theme, iced::Renderer> for Keyed<'_, Message> {
    fn size(&self) -> Size<Length> {
        Size::new(self.width, Length::Shrink)
    }

    fn children(&self) -> Vec<Tree> {
        self.parts.iter().map(Tree::new).collect()
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(&self.parts);
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &iced::Renderer, limits: &Limits) -> Node {
        let limits = limits.width(self.width).loose();
        let [words, cap] = &mut self.parts;
        let [words_tree, cap_tree] = tree.children.as_mut_slice() else { return Node::new(Size::ZERO) };
        let cap = cap.as_widget_mut().layout(cap_tree, renderer, &limits);
        let left = limits.shrink(Size::new(cap.size().width + self.spacing, 0.0));
        let words = words.as_widget_mut().layout(words_tree, renderer, &left);
        let height = cap.size().height.max(words.size().height);
        let used = words.size().width + self.spacing + cap.size().width;
        let size = limits.resolve(self.width, Length::Shrink, Size::new(used, height));
        let middle = |node: &Node| (size.height - node.size().height) / 2.0;
        let words_at = Point::new(0.0, middle(&words));
        let cap_at = Point::new(size.width - cap.size().width, middle(&cap));
        Node::with_children(size, vec![words.move_to(words_at), cap.move_to(cap_at)])
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
        for ((part, tree), layout) in self.parts.iter().zip(&tree.children).zip(layout.children()) {
            part.as_widget().draw(tree, renderer, theme, style, layout, cursor, viewport);
        }
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
        for ((part, tree), layout) in self.parts.iter_mut().zip(&mut tree.children).zip(layout.children()) {
            part.as_widget_mut().update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
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
        self.parts
            .iter()
            .zip(&tree.children)
            .zip(layout.children())
            .map(|((part, tree), layout)| part.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer))
            .max()
            .unwrap_or_default()
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &iced::Renderer,
        operation: &mut dyn Operation,
    ) {
        operation.container(None, layout.bounds());
        operation.traverse(&mut |operation| {
            for ((part, tree), layout) in self.parts.iter_mut().zip(&mut tree.children).zip(layout.children()) {
                part.as_widget_mut().operate(tree, layout, renderer, operation);
            }
        });
    }
}

impl<'a, Message: 'a> From<Keyed<'a, Message>> for Element<'a, Message> {
    fn from(keyed: Keyed<'a, Message>) -> Self {
        Self::new(keyed)
    }
}
