//! The screens, one file or folder each, and which of them is in front.
//!
//! Each is a pure view of the snapshot plus what is being typed; what happens on it becomes intents. The front is decided
//! by the snapshot alone: who is signed in, a card or question that must be answered, then the screen.

pub mod approval;
pub mod basket;
mod collector;
pub mod conflict;
pub mod devices;
pub mod drawer;
pub mod line_panel;
pub mod notice;
pub mod open_session;
pub mod pay;
pub mod pick_ups;
pub mod question;
mod reason;
pub mod receipts;
pub mod sell;
pub mod sign_in;
pub mod stock;
pub mod stopped;
pub mod take_back;
pub mod unfinished;

use super::keys::Stroke;
use super::search::Unseen;
use super::text::Language;
use super::ui::Ui;
use super::widget::Element;
use crate::register::intent::{Intent, Screen};
use crate::register::snapshot::{Access, ApprovalSubject, ApprovalView, ConflictCard, Question, Snapshot};

/// What a screen wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Nothing beyond the screen.
    None,
    /// Tell the register.
    Tell(Intent),
    /// Tell the register, in this order.
    TellAll(Vec<Intent>),
    /// Change how the window looks.
    ChangeLook(LookChange),
    /// Close the window.
    Leave(Leave),
}

/// Why the window is closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leave {
    /// Nobody wants it any more.
    #[default]
    ForGood,
    /// The till is to start once more.
    ToTryAgain,
}

/// A change of the window's looks, and of what is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookChange {
    /// The next theme.
    Theme,
    /// The other size of type.
    TextSize,
    /// Another language.
    Language(Language),
    /// The till's own tones, on or off.
    Tones,
}

/// What is in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// The till did not start.
    Stopped,
    /// Nobody is signed in.
    SignIn,
    /// The float is asked.
    OpenSession,
    /// The conflict card.
    Conflict,
    /// A question.
    Question,
    /// An act that another person must agree to.
    Approval,
    /// One of the screens.
    Screen(Screen),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Session {
    Open,
    Needed,
}

fn is_about_card(approval: &ApprovalView) -> bool {
    matches!(approval.subject, ApprovalSubject::SellPromised { .. })
}

impl Front {
    /// What the snapshot puts in front.
    pub fn of(snapshot: &Snapshot) -> Self {
        let session = match &snapshot.access {
            Access::Stopped(_) => return Self::Stopped,
            // What is wrong with the devices can be seen by whoever comes first.
            Access::SignIn(_) if snapshot.screen == Screen::Devices => return Self::Screen(Screen::Devices),
            Access::SignIn(_) => return Self::SignIn,
            Access::NeedsSession(_) => Session::Needed,
            Access::Open(_) => Session::Open,
        };
        match (snapshot.screen, session) {
            // Who is too young goes without, whoever the unit is promised to: the age is asked first. Of a basket that was sold
            // nothing else is asked.
            _ if matches!(snapshot.question, Some(Question::Age { .. } | Question::MayBeSold { .. })) => Self::Question,
            // Somebody else is asked about an answer to the card.
            _ if snapshot.approval.as_deref().is_some_and(is_about_card) => Self::Approval,
            _ if snapshot.conflict.is_some() => Self::Conflict,
            _ if snapshot.question.is_some() => Self::Question,
            _ if snapshot.approval.is_some() => Self::Approval,
            // Money is taken in a session; everything else goes on without one.
            (Screen::Sell | Screen::Pay, Session::Needed) => Self::OpenSession,
            (screen, _) => Self::Screen(screen),
        }
    }
}

/// Declares the screens: their states, their messages, and the way to each.
macro_rules! screens {
    ($($front:pat => $field:ident: $variant:ident($module:ident::$state:ident),)*) => {
        /// What is being typed on each screen.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Screens {
            $(
                #[doc = concat!("Of [`", stringify!($module), "`].")]
                pub $field: $module::$state,
            )*
        }

        /// What happened, and on which screen.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Message {
            $(
                #[doc = concat!("On [`", stringify!($module), "`].")]
                $variant($module::Message),
            )*
        }

        impl Screens {
            /// What a key means on the screen in front.
            pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
                match Front::of(snapshot) {
                    $($front => self.$field.key(stroke, snapshot).map(Message::$variant),)*
                }
            }

            /// Takes what happened. A message from a screen that is no longer in front (a tap in the frame before) is
            /// left out: what it meant has gone.
            pub fn update(&mut self, message: Message, snapshot: &Snapshot, ui: &Ui<'_>) -> Action {
                match (message, Front::of(snapshot)) {
                    $((Message::$variant(message), $front) => self.$field.update(message, snapshot, ui),)*
                    $((Message::$variant(_), _) => Action::None,)*
                }
            }

            /// The screen in front.
            pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
                match Front::of(snapshot) {
                    $($front => self.$field.view(snapshot, ui).map(Message::$variant),)*
                }
            }

            /// Forgets what was typed on every screen but the one in front: also on the one that a card stood over, when
            /// another is in front after it.
            pub fn settle(&mut self, before: Front, now: Front, snapshot: &Snapshot) {
                // A card or a question passes; what was begun before it goes on after it.
                if matches!(now, Front::Conflict | Front::Question | Front::Approval) {
                    return;
                }
                // Half a drawer counted stays counted, whatever comes between; and whoever counts a shelf comes back to the tasks.
                let counted = self.drawer.take_count();
                let left = self.unfinished.take_left();
                $(
                    if !matches!(now, $front) {
                        self.$field = $module::$state::default();
                    }
                )*
                self.drawer.keep_count(counted);
                match now {
                    Front::Screen(Screen::UnfinishedBusiness) if before != now => {
                        self.unfinished = unfinished::Unfinished::coming(snapshot, left);
                    }
                    Front::Screen(Screen::UnfinishedBusiness | Screen::Stock) => self.unfinished.keep_left(left),
                    _ => {}
                }
            }
        }
    };
}

impl Screens {
    /// Does a key mean what the register has not shown yet?
    pub fn waits(&self, stroke: &Stroke, snapshot: &Snapshot) -> bool {
        match Front::of(snapshot) {
            Front::Screen(Screen::PickUps) => self.pick_ups.waits(stroke, snapshot),
            Front::Screen(Screen::Sell) => self.sell.waits(stroke, snapshot),
            Front::Screen(Screen::Stock) => self.stock.waits(stroke, snapshot),
            Front::Screen(Screen::Receipts) => self.receipts.waits(stroke, snapshot),
            _ => false,
        }
    }

    /// What a key means that had to wait for the register: nobody had seen what came when it was struck.
    pub fn unseen(&self, stroke: &Stroke, snapshot: &Snapshot) -> Unseen {
        match Front::of(snapshot) {
            Front::Screen(Screen::Sell) => self.sell.unseen(stroke, snapshot),
            Front::Screen(Screen::Stock) => self.stock.unseen(stroke, snapshot),
            _ => Unseen::Clear,
        }
    }

    /// Another card came up: what was begun on the one before is no answer to it, and what was typed on Sell is done with. The
    /// same card with other orders keeps what still has its order.
    pub fn settle_card(&mut self, before: Option<&ConflictCard>, now: Option<&ConflictCard>) {
        match now.filter(|card| before.is_some_and(|before| before.number == card.number)) {
            Some(card) => self.conflict.settle(card),
            None => {
                self.conflict = conflict::Conflict::new();
                if now.is_some() {
                    self.sell.forget_typed();
                }
            }
        }
    }

    /// What is open, marked or looked up is another order, task, product or session: what was begun or marked on the one before
    /// is nothing to it.
    pub fn settle_order(&mut self, before: &Snapshot, now: &Snapshot) {
        self.pick_ups.settle(before, now);
        self.unfinished.settle(before, now);
        self.stock.settle(before.stock.as_deref(), now.stock.as_deref());
        self.drawer.settle(now.session.as_ref().map(|session| session.id));
    }

    /// A question came up over the sell screen: a number typed before it is the number it asks for.
    pub fn answer_with_typed(&mut self, snapshot: &Snapshot) {
        if matches!(snapshot.question, Some(Question::HowMuch { .. } | Question::OpenPrice { .. })) {
            self.question = question::Asking::with(self.sell.take_typed());
        }
    }
}

screens! {
    Front::Stopped => stopped: Stopped(stopped::Stopped),
    Front::SignIn => sign_in: SignIn(sign_in::SignIn),
    Front::OpenSession => open_session: OpenSession(open_session::OpenSession),
    Front::Conflict => conflict: Conflict(conflict::Conflict),
    Front::Question => question: Question(question::Asking),
    Front::Approval => approval: Approval(approval::Approval),
    Front::Screen(Screen::Sell) => sell: Sell(sell::Sell),
    Front::Screen(Screen::Pay) => pay: Pay(pay::Pay),
    Front::Screen(Screen::PickUps) => pick_ups: PickUps(pick_ups::PickUps),
    Front::Screen(Screen::Stock) => stock: Stock(stock::Stock),
    Front::Screen(Screen::Receipts) => receipts: Receipts(receipts::Receipts),
    Front::Screen(Screen::Drawer) => drawer: Drawer(drawer::Drawer),
    Front::Screen(Screen::Devices) => devices: Devices(devices::Devices),
    Front::Screen(Screen::UnfinishedBusiness) => unfinished: Unfinished(unfinished::Unfinished),
}

#[cfg(test)]
mod tests {
    use super::super::gallery;
    use super::super::keys::Key;
    use super::super::tests::window;
    use super::super::window::Look;
    use super::*;

    #[test]
    fn without_a_session_every_screen_but_the_ones_that_take_money_is_reached() {
        let mut exhibit = gallery::find_exhibit("open-session").unwrap();
        let mut front = |screen| {
            exhibit.snapshot.screen = screen;
            Front::of(&exhibit.snapshot)
        };
        assert_eq!(front(Screen::Sell), Front::OpenSession);
        assert_eq!(front(Screen::Pay), Front::OpenSession);
        let all = [
            (2, Screen::PickUps),
            (3, Screen::Stock),
            (4, Screen::Receipts),
            (5, Screen::Drawer),
            (6, Screen::UnfinishedBusiness),
            (7, Screen::Devices),
        ];
        for (key, screen) in all {
            assert_eq!(front(screen), Front::Screen(screen));
            let shown = window(&gallery::find_exhibit("open-session").unwrap(), Look::default());
            let struck = { shown }.strike(&Stroke::press(Key::Function(key)));
            assert_eq!(struck.intents, [Intent::ScreenShown(screen)]);
        }
    }
}
