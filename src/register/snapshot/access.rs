//! Who may sell here: the faces, the PIN, the float.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::domain::Timestamp;
use crate::domain::ids::OperatorId;
use crate::domain::money::Money;
use crate::domain::operator::Role;
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::session::CashMoveKind;
use crate::domain::web_order::WebOrder;

use super::devices::PortDevice;

/// Who may sell here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody is signed in.
    SignIn(SignInView),
    /// Signed in, and no session is open: where money is taken the float is asked first.
    NeedsSession(OperatorView),
    /// Signed in, session open.
    Open(OperatorView),
    /// The till did not start: there is nobody to sign in to it.
    Stopped(StartTrouble),
}

/// Why the till did not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartTrouble {
    /// What is the matter.
    pub kind: StartTroubleKind,
    /// Where its data lie, for whoever is called.
    pub file: String,
}

/// What keeps a till from starting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartTroubleKind {
    /// Its disk or its file cannot be written to.
    ReadOnly,
    /// Its disk has no room left.
    Full,
    /// Another program holds its file.
    Busy,
    /// A newer program has written its file.
    Newer,
    /// Its file is another till's, or another program's.
    Foreign,
    /// A line of its settings cannot be read.
    Settings {
        /// Which file and line, and what is wrong with it.
        told: String,
    },
    /// Something else.
    Other {
        /// In a sentence with a cure.
        told: String,
    },
}

/// The faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInView {
    /// Who may sign in.
    pub operators: Arc<Vec<OperatorView>>,
    /// Whose PIN is being typed.
    pub chosen: Option<OperatorId>,
    /// The last PIN was wrong.
    pub refused: bool,
    /// No PIN is taken before this.
    pub wait_until: Option<Timestamp>,
    /// An open basket waits behind the lock.
    pub basket_waiting: bool,
    /// Who worked on it last, when that is known.
    pub basket_of: Option<String>,
}

/// An act waits until another person agrees to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalView {
    /// To what.
    pub subject: ApprovalSubject,
    /// Who could.
    pub operators: Vec<OperatorView>,
    /// Whose PIN is being typed.
    pub chosen: Option<OperatorId>,
    /// The last PIN was wrong.
    pub refused: bool,
    /// No PIN is taken before this.
    pub wait_until: Option<Timestamp>,
    /// Why it is to be done, as whoever asks for it said. Of a count it is told with its figures.
    pub reason: Option<String>,
    /// The count that is to be agreed to, once somebody has shown who they are.
    pub count: Option<CountToAgree>,
}

/// A count as whoever is to agree to it sees it. Whoever counted sees none of this before: their count is blind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountToAgree {
    /// Who is to agree.
    pub approver: String,
    /// What was counted, and what the books say.
    pub figures: CountFigures,
    /// Why they differ, when they do.
    pub reason: Option<String>,
}

/// What was counted, and what the books say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountFigures {
    /// Of a drawer.
    Drawer {
        /// What was counted.
        counted: Money,
        /// What it should hold.
        expected: Money,
        /// What the store lets pass.
        limit: Money,
    },
    /// Of a shelf.
    Shelf {
        /// Counted in.
        unit: Unit,
        /// What was counted.
        found: Quantity,
        /// What the books say lies there.
        books: Quantity,
        /// What the difference is worth.
        worth: Money,
        /// What the store lets pass.
        limit: Money,
    },
}

/// What somebody else must agree to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApprovalSubject {
    /// Percent off a line.
    Discount {
        /// What is sold.
        name: String,
        /// How much off.
        percent: Decimal,
    },
    /// Another price.
    Price {
        /// What is sold.
        name: String,
        /// For one.
        unit_price: Money,
    },
    /// What a web order was promised is sold: what the card is about.
    SellPromised {
        /// What is sold.
        name: String,
        /// How many that were promised.
        quantity: Quantity,
        /// The order that falls short.
        order: Box<WebOrder>,
        /// How many others fall short with it.
        also_short: usize,
    },
    /// Cash moves without a sale.
    Cash {
        /// Which way.
        kind: CashMoveKind,
        /// How much.
        amount: Money,
    },
    /// The drawer opens without a sale.
    NoSale,
    /// The report of the open session (X) is printed.
    InterimReport,
    /// A session is closed that is another's, or whose drawer is not what it should hold by far.
    CloseSession {
        /// Who opened it.
        owner: String,
        /// What was counted.
        counted: Money,
    },
    /// A count is booked that is not what the books say by far.
    Count {
        /// Of what.
        name: String,
        /// What was found.
        found: Quantity,
    },
    /// A report, or a receipt that the law asks for, is given up.
    DropDocument,
    /// A device is put on another port.
    Port {
        /// Which.
        device: PortDevice,
        /// On which.
        port: String,
    },
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorView {
    /// Who.
    pub id: OperatorId,
    /// As on the face.
    pub name: String,
    /// At work.
    pub role: Role,
}
