//! What stands beside the tasks: the connection to central, how old the data is, and what does not work now.

use iced::widget::scrollable::{Direction, Scrollbar};
use iced::widget::{Column, column, container, row, scrollable};
use iced::{Alignment, Length, Padding};

use super::super::super::measure::{Type, space as gap};
use super::super::super::style::Tone;
use super::super::super::ui::Ui;
use super::super::super::widget::{Element, divider, dot, headline};
use super::super::devices;
use super::Message;
use crate::domain::Timestamp;
use crate::domain::device::HealthState;
use crate::domain::feed::{Link, SyncState};
use crate::register::snapshot::Snapshot;

/// The connection: its tone, its word, and what is still to be sent.
pub fn link_words(ui: &Ui<'_>, sync: &SyncState) -> (Tone, String, String) {
    let text = ui.text;
    let unsent = match (sync.unsent, sync.oldest_unsent_at) {
        (0, _) if sync.quarantined > 0 => text.quarantined(sync.quarantined as i64),
        (0, _) => text.all_sent(),
        (count, Some(oldest)) => text.unsent_oldest(count as i64, ui.time(oldest)),
        (count, None) => text.unsent(count as i64),
    };
    match sync.link {
        Link::Live if sync.quarantined > 0 => (Tone::Mind, text.link_live(), text.quarantined(sync.quarantined as i64)),
        Link::Live => (Tone::Done, text.link_live(), unsent),
        Link::Connecting => (Tone::Mind, text.link_connecting(), unsent),
        Link::NotEnrolled => (Tone::Quiet, text.link_not_enrolled(), unsent),
        Link::Refused => (Tone::Stop, text.link_refused(), unsent),
        Link::Down => {
            let words = match sync.fresh.last_heard() {
                Some(at) => text.link_down_heard(ui.lately(at)),
                None => text.link_down(),
            };
            (Tone::Mind, words, unsent)
        }
    }
}

pub fn central<'a>(ui: &Ui<'_>, snapshot: &Snapshot) -> Element<'a, Message> {
    let sync = &snapshot.sync;
    let (tone, link, unsent) = link_words(ui, sync);
    let fact = |name: String, value: String| -> Element<'a, Message> {
        row![
            ui.label(Type::Body, name).muted().fill().shorten(3),
            ui.label(Type::BodyStrong, value).fill().right().shorten(2)
        ]
        .spacing(gap::SMALL)
        .into()
    };
    // When central said something last is no age while it says everything at once.
    let is_live = sync.link == Link::Live && sync.unsent == 0 && sync.quarantined == 0;
    let age = |at: Option<Timestamp>| match at {
        None => ui.text.as_of_never(),
        Some(_) if is_live => ui.text.fact_live(),
        Some(at) => ui.moment(at),
    };
    let mut facts = vec![fact(ui.text.fact_unsent(), unsent)];
    if sync.quarantined > 0 {
        facts.push(fact(ui.text.fact_quarantined(), sync.quarantined.to_string()));
    }
    if let Some(ahead) = sync.clock_ahead_ms.filter(|ms| ms.abs() >= 2000) {
        facts.push(fact(ui.text.fact_clock(), ui.text.seconds(ahead / 1000)));
    }
    facts.push(ui.label(Type::BodyStrong, ui.text.fact_data_as_of()).into());
    facts.push(fact(ui.text.fact_stock_and_orders(), age(sync.fresh.store)));
    facts.push(fact(ui.text.fact_products_and_people(), age(sync.fresh.company)));
    if let Some(oldest) = &snapshot.other_stores {
        // What they tell central themselves may be older.
        let heard = ui.moment(oldest.as_of);
        let heard = if is_live { ui.text.fact_live_heard(heard) } else { heard };
        facts.push(fact(ui.text.fact_other_stores(oldest.name.as_str()), heard));
    }
    let missing = what_does_not_work(ui, snapshot);
    let missing_title = if missing.is_empty() { ui.text.everything_works() } else { ui.text.does_not_work() };
    let missing = missing.into_iter().map(|words| ui.label(Type::Body, words).fill().into());
    let told = column![
        container(Column::with_children(facts).spacing(gap::SMALL)).padding(gap::CARD),
        divider(),
        container(
            column![ui.label(Type::BodyStrong, missing_title), Column::with_children(missing).spacing(gap::SMALL)]
                .spacing(12)
        )
        .padding(Padding { top: gap::CARD, ..Padding::new(gap::CARD) }),
    ];
    // As narrow as that of the list beside it.
    let thumb = Scrollbar::new().width(4).scroller_width(4).margin(2);
    // In a small window with large letters all of it may be more than fits.
    column![
        container(row![dot(tone), headline(ui, link)].spacing(10).align_y(Alignment::Center)).padding(gap::CARD),
        divider(),
        scrollable(told).direction(Direction::Vertical(thumb)).height(Length::Fill).width(Length::Fill),
    ]
    .into()
}

/// What cannot be done now, and what goes on regardless.
pub(super) fn what_does_not_work(ui: &Ui<'_>, snapshot: &Snapshot) -> Vec<String> {
    let mut missing = Vec::new();
    let zone = &snapshot.till.time_zone;
    if !zone.is_known() {
        missing.push(ui.text.missing_zone(zone.name()));
    }
    if snapshot.sync.central_is_full {
        missing.push(ui.text.missing_central_full());
    }
    if snapshot.sync.link != Link::Live {
        missing.push(ui.text.missing_other_stores());
        missing.push(ui.text.missing_new_orders());
        missing.push(ui.text.missing_requests());
    }
    let is_torn = devices::has_torn_paper(snapshot);
    for device in &snapshot.devices.devices {
        // What is not there is nothing that has stopped working.
        let state = &device.health.state;
        let works = matches!(state, HealthState::Ready | HealthState::Opening | HealthState::NotConfigured);
        if !works {
            let (_, words) = devices::device_words(ui, device, is_torn);
            let (_, name) = devices::device_name(ui, device.id.as_str());
            missing.push(ui.text.named_state(name, words));
        }
    }
    missing
}
