//! How iced's own widgets look under our theme: a class per role, so that a screen says what a thing is, not how it looks.

use iced::widget::{button, container, rule, scrollable, text, text_input};
use iced::{Background, Border, Color, Shadow, border};

use super::measure::radius;
use super::theme::{Ink, Palette, Theme};

/// What a colour says; always beside words that say it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Nothing in particular.
    Quiet,
    /// Done.
    Done,
    /// Mind this.
    Mind,
    /// Stop and decide.
    Stop,
    /// Web orders.
    Web,
}

impl Tone {
    /// The ink of words in this tone.
    pub const fn ink(self) -> Ink {
        match self {
            Self::Quiet => Ink::Muted,
            Self::Done => Ink::Done,
            Self::Mind => Ink::Mind,
            Self::Stop => Ink::Stop,
            Self::Web => Ink::Web,
        }
    }

    const fn ground(self, p: &Palette) -> Color {
        match self {
            Self::Quiet => p.sunken,
            Self::Done => p.done_ground,
            Self::Mind => p.mind_ground,
            Self::Stop => p.stop_ground,
            Self::Web => p.web_ground,
        }
    }

    const fn edge(self, p: &Palette) -> Color {
        match self {
            Self::Quiet => p.muted,
            Self::Done => p.done,
            Self::Mind => p.mind_edge,
            Self::Stop => p.stop,
            Self::Web => p.web,
        }
    }
}

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Surface {
    /// No ground of its own.
    #[default]
    Clear,
    /// Behind everything.
    Background,
    /// A card.
    Card,
    /// A card that interrupts, under the bar along its top.
    Raised,
    /// The edge around it, which the bar is the top of.
    RaisedEdge,
    /// A figure's box inside a card.
    Sunken,
    /// The marked line of a list.
    Marked,
    /// The chosen row of a list.
    Chosen,
    /// A card, chosen.
    ChosenCard,
    /// The top bar.
    TopBar,
    /// The open tab on it.
    TopBarTab,
    /// The status bar.
    StatusBar,
    /// The search box while it takes what is typed.
    Focused,
    /// The search box at rest, a figure being typed.
    Field,
    /// A key cap.
    KeyCap,
    /// A key cap on an act that is asleep.
    KeyCapAsleep,
    /// A key cap on the primary act.
    KeyCapOnDone,
    /// A key cap on the top bar.
    KeyCapOnBar,
    /// A strip across a line.
    Strip(Tone),
    /// The bar at the left of a strip or line.
    Edge(Tone),
    /// The bar along the top of a card.
    TopEdge(Tone),
    /// The bar along the top of a tile, in one of four hues.
    Hue(usize),
    /// A badge of state.
    Badge(Tone),
    /// A count on a tab.
    Count,
    /// A face.
    Avatar(Tone),
    /// A face on the top bar.
    AvatarOnBar,
    /// A place in the shop.
    Bin,
    /// A PIN figure typed, a light that is on.
    Dot(Tone),
    /// A PIN figure to come.
    Ring,
    /// Paper.
    Paper,
    /// A black ground on it.
    PaperInverted,
}

/// How wide the edge is around a card that interrupts, in logical pixels.
pub const EDGE_OF_RAISED: f32 = 2.0;

impl container::Catalog for Theme {
    type Class<'a> = Surface;

    fn default<'a>() -> Self::Class<'a> {
        Surface::Clear
    }

    fn style(&self, class: &Surface) -> container::Style {
        let p = &self.palette;
        let edged = |ground: Color, edge: Color, width: f32, corner: f32| container::Style {
            background: Some(ground.into()),
            border: Border { color: edge, width, radius: corner.into() },
            ..container::Style::default()
        };
        let plain = |ground: Color, corner: f32| edged(ground, Color::TRANSPARENT, 0.0, corner);
        match *class {
            Surface::Clear => container::Style::default(),
            Surface::Background => plain(p.background, 0.0),
            Surface::Card => edged(p.surface, p.edge, 1.0, radius::LARGE),
            // No shadow: it would lie outside of what is drawn again, and grow darker with every drawing.
            Surface::Raised => container::Style {
                border: border::rounded(border::bottom(radius::LARGE - EDGE_OF_RAISED)),
                ..plain(p.surface, 0.0)
            },
            Surface::RaisedEdge => {
                container::Style { border: border::rounded(border::bottom(radius::LARGE)), ..plain(p.edge, 0.0) }
            }
            Surface::Sunken => plain(p.sunken, radius::MEDIUM),
            Surface::Marked => plain(p.sunken, 0.0),
            Surface::Chosen => plain(p.web_ground, 0.0),
            Surface::ChosenCard => edged(p.web_ground, p.web, 2.0, radius::LARGE),
            Surface::TopBar => plain(p.bar, 0.0),
            Surface::TopBarTab => plain(p.bar_raised, radius::MEDIUM),
            Surface::StatusBar => edged(p.surface, Color::TRANSPARENT, 0.0, 0.0),
            Surface::Focused => edged(p.surface, p.focus, 2.0, radius::LARGE),
            Surface::Field => edged(p.surface, p.edge, 1.0, radius::LARGE),
            Surface::KeyCap => edged(Color::TRANSPARENT, p.cap_edge, 1.0, radius::SMALL),
            Surface::KeyCapAsleep => edged(Color::TRANSPARENT, p.asleep_edge, 1.0, radius::SMALL),
            Surface::KeyCapOnDone => edged(Color::TRANSPARENT, Color { a: 0.6, ..p.on_done }, 1.0, radius::SMALL),
            Surface::KeyCapOnBar => edged(Color::TRANSPARENT, Color { a: 0.35, ..p.bar_text }, 1.0, radius::SMALL),
            Surface::Strip(tone) => plain(tone.ground(p), radius::SMALL),
            Surface::Edge(tone) => {
                container::Style { border: border::rounded(border::left(radius::SMALL)), ..plain(tone.edge(p), 0.0) }
            }
            Surface::TopEdge(tone) => {
                container::Style { border: border::rounded(border::top(radius::LARGE)), ..plain(tone.edge(p), 0.0) }
            }
            Surface::Hue(hue) => container::Style {
                border: border::rounded(border::top(radius::LARGE)),
                ..plain(p.hues[hue % p.hues.len()], 0.0)
            },
            // On a chosen row of its own tone it needs a ground that is not the row's.
            Surface::Badge(Tone::Web) => edged(p.surface, p.web_ground, 1.0, radius::SMALL),
            Surface::Badge(tone) => plain(tone.ground(p), radius::SMALL),
            Surface::Count => plain(p.bar_web, 10.0),
            Surface::AvatarOnBar => plain(p.bar_done, 100.0),
            Surface::Bin => edged(p.sunken, p.edge, 1.0, radius::SMALL),
            Surface::Avatar(Tone::Done) => plain(p.done, 100.0),
            Surface::Avatar(tone) => plain(tone.ground(p), 100.0),
            Surface::Dot(tone) => plain(if tone == Tone::Quiet { p.text } else { tone.edge(p) }, 100.0),
            Surface::Ring => edged(Color::TRANSPARENT, p.muted, 2.0, 100.0),
            Surface::Paper => edged(p.paper, p.edge, 1.0, radius::SMALL),
            Surface::PaperInverted => plain(p.paper_ink, 0.0),
        }
    }
}

/// What a thing that is pressed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Press {
    /// The one primary act.
    Primary,
    /// Another act.
    #[default]
    Secondary,
    /// An act, chosen among its like.
    Chosen,
    /// A function key: quieter.
    Function,
    /// A row of a list, a tab: no edge.
    Row,
    /// A tab of segmented tabs, open.
    SegmentOpen,
    /// A tab of dark segmented tabs, open.
    SegmentOpenDark,
    /// What has looks of its own inside.
    Bare,
    /// On the top bar.
    OnBar,
    /// A face.
    Face,
    /// A face, chosen.
    FaceChosen,
}

impl button::Catalog for Theme {
    type Class<'a> = Press;

    fn default<'a>() -> Self::Class<'a> {
        Press::Secondary
    }

    fn style(&self, class: &Press, status: button::Status) -> button::Style {
        let p = &self.palette;
        let pressed = status == button::Status::Pressed;
        let style = |ground: Option<Color>, ink: Color, edge: Color, width: f32, corner: f32| button::Style {
            background: ground.map(Background::from),
            text_color: ink,
            border: Border { color: edge, width, radius: corner.into() },
            ..button::Style::default()
        };
        let resting = |ground: Color| if pressed { p.pressed } else { ground };
        let asleep = status == button::Status::Disabled;
        let mut found = match class {
            // It may say what is wanted yet, such as where an order will lie: its words stay as clear as any.
            Press::Primary if asleep => return style(Some(p.done_ground), p.muted, p.asleep_edge, 1.0, radius::LARGE),
            Press::Primary => {
                let ground = if pressed { p.done_pressed } else { p.done };
                style(Some(ground), p.on_done, Color::TRANSPARENT, 0.0, radius::LARGE)
            }
            Press::Secondary | Press::Face => style(Some(resting(p.surface)), p.text, p.edge, 1.0, radius::LARGE),
            Press::Chosen => style(Some(resting(p.surface)), p.text, p.web, 2.0, radius::LARGE),
            Press::FaceChosen => style(Some(resting(p.surface)), p.text, p.focus, 2.0, radius::LARGE),
            Press::Function => style(Some(resting(p.sunken)), p.text, p.edge, 1.0, radius::LARGE),
            Press::Row => style(pressed.then_some(p.pressed), p.text, Color::TRANSPARENT, 0.0, radius::MEDIUM),
            Press::SegmentOpen => style(Some(p.surface), p.text, p.edge, 1.0, radius::MEDIUM),
            Press::SegmentOpenDark => style(Some(p.bar), p.bar_text, p.muted, 1.0, radius::MEDIUM),
            Press::Bare => style(None, p.text, Color::TRANSPARENT, 0.0, 0.0),
            Press::OnBar => style(None, p.bar_text, Color::TRANSPARENT, 0.0, 0.0),
        };
        // Rows and bars only show; what they say stays as clear when they lead nowhere.
        let shows = matches!(class, Press::Row | Press::Bare | Press::OnBar);
        if asleep && !shows {
            found = asleep_like(found, p);
        }
        found
    }
}

/// How much is left of the ground of what cannot be pressed now.
const ASLEEP: f32 = 0.4;

/// What cannot be pressed now is paler, and stays where it is.
fn asleep_like(style: button::Style, p: &Palette) -> button::Style {
    button::Style {
        background: style.background.map(|b| match b {
            Background::Color(colour) => Background::Color(Color { a: colour.a * ASLEEP, ..colour }),
            gradient @ Background::Gradient(_) => gradient,
        }),
        text_color: p.asleep,
        border: Border { color: p.asleep_edge, ..style.border },
        ..style
    }
}

impl text::Catalog for Theme {
    type Class<'a> = Option<Ink>;

    fn default<'a>() -> Self::Class<'a> {
        None
    }

    fn style(&self, class: &Option<Ink>) -> text::Style {
        text::Style { color: class.map(|ink| self.ink(ink)) }
    }
}

/// Only beside the till, in the demo's counter: the till's own screens have no fields with a focus.
impl text_input::Catalog for Theme {
    type Class<'a> = ();

    fn default<'a>() -> Self::Class<'a> {}

    fn style(&self, _class: &(), status: text_input::Status) -> text_input::Style {
        let p = &self.palette;
        let focused = matches!(status, text_input::Status::Focused { .. });
        text_input::Style {
            background: p.surface.into(),
            border: Border {
                color: if focused { p.focus } else { p.edge },
                width: if focused { 2.0 } else { 1.0 },
                radius: radius::MEDIUM.into(),
            },
            icon: p.muted,
            placeholder: p.muted,
            value: p.text,
            selection: p.web_ground,
        }
    }
}

impl rule::Catalog for Theme {
    type Class<'a> = ();

    fn default<'a>() -> Self::Class<'a> {}

    fn style(&self, _class: &()) -> rule::Style {
        rule::Style { color: self.palette.rule, radius: 0.0.into(), fill_mode: rule::FillMode::Full, snap: true }
    }
}

impl scrollable::Catalog for Theme {
    type Class<'a> = ();

    fn default<'a>() -> Self::Class<'a> {}

    fn style(&self, _class: &(), _status: scrollable::Status) -> scrollable::Style {
        let p = &self.palette;
        let rail = scrollable::Rail {
            background: None,
            border: Border::default(),
            scroller: scrollable::Scroller {
                background: Color { a: 0.45, ..p.muted }.into(),
                border: border::rounded(radius::SMALL),
            },
        };
        scrollable::Style {
            container: iced::widget::container::Style::default(),
            vertical_rail: rail,
            horizontal_rail: rail,
            gap: None,
            auto_scroll: scrollable::AutoScroll {
                background: p.surface.into(),
                border: border::rounded(radius::MEDIUM),
                shadow: Shadow::default(),
                icon: p.text,
            },
        }
    }
}
