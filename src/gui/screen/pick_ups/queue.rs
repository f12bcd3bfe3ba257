//! The queue of web orders: narrowed by state and by search, deadline first.

use iced::widget::{column, container, row};
use iced::{Length, Padding};

use super::super::super::keys::Key;
use super::super::super::measure::{Type, height, space as gap};
use super::super::super::style::{Press, Surface};
use super::super::super::theme::Ink;
use super::super::super::ui::Ui;
use super::super::super::widget::{
    Element, Reach, Searched, Segment, VirtualList, divider, key_cap, list_row, search_box, segments_that_wrap,
};
use super::super::conflict::state_badge;
use super::super::sell::Direction;
use super::{Message, PickUps};
use crate::domain::Timestamp;
use crate::domain::web_order::{OrderState, WebOrder};
use crate::register::snapshot::{OrderRow, Snapshot};

/// Which orders the queue shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Nobody has begun.
    #[default]
    ToPick,
    /// Being picked.
    Picking,
    /// Something was not found.
    Short,
    /// Waiting for their customer.
    Ready,
    /// Nobody came: to go back to the shelf.
    Lapsed,
    /// The order was cancelled: what was picked is to go back to the shelf.
    Cancelled,
    /// All.
    All,
}

impl Filter {
    const ALL: [Self; 7] =
        [Self::ToPick, Self::Picking, Self::Short, Self::Ready, Self::Lapsed, Self::Cancelled, Self::All];

    /// The one beside it.
    pub(super) fn moved(self, direction: Direction) -> Self {
        let at = Self::ALL.iter().position(|filter| *filter == self).unwrap_or_default();
        Self::ALL[direction.moved(at, Self::ALL.len())]
    }

    pub(super) fn shows(self, state: OrderState) -> bool {
        match self {
            Self::ToPick => state == OrderState::Received,
            Self::Picking => state == OrderState::Picking,
            Self::Short => state == OrderState::Short,
            Self::Ready => matches!(state, OrderState::Ready | OrderState::PartHandedOver),
            Self::Lapsed => state == OrderState::Lapsed,
            Self::Cancelled => state == OrderState::Cancelled,
            Self::All => true,
        }
    }

    /// Is an order listed under it? One that is over only among all.
    pub(super) fn lists(self, order: &WebOrder) -> bool {
        self.shows(order.state) && (self == Self::All || !order.is_over())
    }

    fn words(self, ui: &Ui<'_>) -> String {
        match self {
            Self::ToPick => ui.text.filter_to_pick(),
            Self::Picking => ui.text.filter_picking(),
            Self::Short => ui.text.filter_short(),
            Self::Ready => ui.text.filter_ready(),
            Self::Lapsed => ui.text.filter_lapsed(),
            Self::Cancelled => ui.text.filter_cancelled(),
            Self::All => ui.text.filter_all(),
        }
    }
}

impl PickUps {
    pub(super) fn shown<'s>(&self, snapshot: &'s Snapshot) -> Vec<&'s OrderRow> {
        // The open order keeps its place when a step of it takes it out of its filter: it is what keys meet.
        let open = snapshot.open_order.as_ref().map(|detail| &detail.order.number);
        let is_shown = |order: &&OrderRow| self.filter.shows(order.state) || Some(&order.number) == open;
        let over = snapshot.pick_ups.over.iter().filter(|_| self.filter == Filter::All);
        snapshot.pick_ups.orders.iter().filter(is_shown).chain(over).collect()
    }

    pub(super) fn queue<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let orders = &snapshot.pick_ups.orders;
        let tabs = Filter::ALL.into_iter().map(|filter| Segment {
            words: filter.words(&ui),
            count: (filter != Filter::All).then(|| orders.iter().filter(|order| filter.shows(order.state)).count()),
            open: filter == self.filter,
            message: Message::Filtered(filter),
        });
        let caps = row([Key::Left, Key::Right].map(|key| key_cap(&ui, key, Surface::KeyCap))).spacing(2);
        let tabs = segments_that_wrap(&ui, Press::SegmentOpenDark, Reach::LeftRight, tabs.collect(), caps);
        let search = search_box(
            &ui,
            Searched::of(self.search.as_ref(), &snapshot.pick_ups.search),
            ui.text.search_orders(),
            Key::Character('/'),
            Message::SearchToggled,
        );
        let shown = self.shown(snapshot);
        let open = snapshot.open_order.as_ref().map(|detail| &detail.order.number);
        let body: Element<'a, Message> = if shown.is_empty() {
            container(ui.label(Type::Body, ui.text.queue_empty()).muted()).center(Length::Fill).into()
        } else {
            let followed = shown.iter().position(|row| Some(&row.number) == open);
            VirtualList::uniform(shown.len(), height::ROW, move |position| {
                let row = shown[position];
                queue_row(&ui, row, self.filter, Some(&row.number) == open)
            })
            .follow(followed)
            .into()
        };
        column![
            container(search).padding(Padding { top: 10.0, bottom: 6.0, left: 10.0, right: 10.0 }),
            container(tabs).padding(Padding { top: 0.0, bottom: 6.0, left: gap::SMALL, right: gap::SMALL }),
            divider(),
            body,
        ]
        .into()
    }
}

/// Within the hour, and where it lies.
fn order_soon(ui: &Ui<'_>, order: &OrderRow) -> String {
    let words = [Some(ui.text.order_soon()), order.bay.clone()];
    words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// One that is over: what became of it, and when.
fn over_row<'a>(ui: &Ui<'_>, order: &OrderRow, over_at: Timestamp, open: bool) -> Element<'a, Message> {
    let (_, state) = state_badge(ui, order.state, None);
    let facts = format!("{} · {}", order.number, ui.text.items(order.item_count));
    let content = column![
        row![
            ui.label(Type::Body, order.customer_name.as_str()).muted().fill().shorten(1),
            ui.label(Type::Label, ui.moment(over_at)).muted().right().shorten(1)
        ]
        .spacing(gap::SMALL),
        row![
            ui.label(Type::Caption, facts).or(order.number.as_str()).muted().fill().shorten(1),
            ui.label(Type::Caption, state).muted().right().shorten(1)
        ]
        .spacing(gap::SMALL),
    ]
    .spacing(3);
    list_row(content.into(), open, Message::OrderTapped(order.number.clone()))
}

fn queue_row<'a>(ui: &Ui<'_>, order: &OrderRow, filter: Filter, open: bool) -> Element<'a, Message> {
    if let Some(over_at) = order.over_at {
        return over_row(ui, order, over_at, open);
    }
    let due = order.collect_by.map(|at| ui.deadline(at)).unwrap_or_default();
    let overdue = order.collect_by.is_some_and(|at| at < ui.now);
    let soon = !overdue && order.collect_by.is_some_and(|at| (at - ui.now).num_minutes() < 60);
    let due = if overdue || soon {
        ui.label(Type::LabelStrong, due).ink(Ink::Stop)
    } else {
        ui.label(Type::Label, due).muted()
    };
    let paid = if order.paid { ui.text.order_paid() } else { ui.text.order_pays_on_collection() };
    // The name is what is looked for: it has a line of its own, and nothing stands before it.
    let facts = format!("{} · {} · {paid}", order.number, ui.text.items(order.item_count));
    let brief = format!("{} · {paid}", order.number);
    let state = match (&order.picker_name, order.at_risk, overdue) {
        _ if order.state == OrderState::Cancelled => {
            let words = [Some(ui.text.state_cancelled()), order.bay.clone()];
            ui.label(Type::CaptionStrong, words.into_iter().flatten().collect::<Vec<_>>().join(" · ")).ink(Ink::Mind)
        }
        (_, true, _) => ui.label(Type::CaptionStrong, ui.text.order_at_risk()).ink(Ink::Stop),
        (_, _, true) => ui.label(Type::CaptionStrong, ui.text.order_overdue()).ink(Ink::Stop),
        // It has got further, and stays here only as long as it is open.
        _ if !filter.shows(order.state) => ui.label(Type::Caption, state_badge(ui, order.state, None).1).muted(),
        _ if soon => ui.label(Type::CaptionStrong, order_soon(ui, order)).ink(Ink::Stop),
        (Some(name), ..) => ui.label(Type::Caption, ui.text.order_picker(name.as_str())).muted(),
        (None, ..) => ui.label(Type::Caption, order.bay.clone().unwrap_or_default()).muted(),
    };
    let name = ui.label(Type::BodyStrong, order.customer_name.as_str());
    let facts = ui.label(Type::Caption, facts).or(brief).or(order.number.as_str()).muted();
    let content = column![
        row![name.fill().shorten(1), due.right().shorten(1)].spacing(gap::SMALL),
        row![facts.fill().shorten(1), state.right().shorten(1)].spacing(gap::SMALL),
    ]
    .spacing(3);
    list_row(content.into(), open, Message::OrderTapped(order.number.clone()))
}
