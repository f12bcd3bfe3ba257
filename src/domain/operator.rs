//! Operators: who may sign in, and what each role may do.

use super::ids::OperatorId;

/// What a person is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Rings sales.
    Cashier,
    /// Works on the shelves and on pick-ups.
    Stock,
    /// Approves, opens and closes the day.
    Supervisor,
    /// Everything in the store.
    Manager,
}

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Personnel number.
    pub id: OperatorId,
    /// As shown on the face and the receipt.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The PIN as a PHC string (argon2id); never the PIN.
    pub pin_hash: String,
    /// Text of the badge, when there is one. It is random, so that it needs no hash.
    pub badge: Option<String>,
    /// May sign in.
    pub active: bool,
}

/// An act that is not everyone's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Ring, tender, hand over.
    Sell,
    /// Take lines or whole baskets back before payment.
    Void,
    /// Change a price.
    OverridePrice,
    /// Give a discount.
    Discount,
    /// Take goods back, or give a customer money back that was taken already.
    Refund,
    /// Answer a conflict with *sell anyway*.
    SellPromised,
    /// Pay in or out, open the drawer without a sale.
    MoveCash,
    /// Open and close a session.
    OpenSession,
    /// See what the drawer should hold before it is counted: the report of an open session (X).
    InterimReport,
    /// Pick, put ready, put back.
    Pick,
    /// Print a receipt again.
    Reprint,
    /// Give up a document that the books or the law ask for: a report, a receipt where each sale comes with one.
    DropDocument,
    /// Change devices and settings of the till.
    Configure,
    /// Close a session that somebody else opened, or whose drawer differs by more than the store lets pass.
    CloseInDoubt,
    /// Book a count of a product that differs from the books by more than the store lets pass.
    CorrectStock,
}

/// What a role may do about an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Go ahead.
    Allow,
    /// Another operator must approve on the spot.
    Ask,
    /// No.
    Deny,
}

/// The house rules of roles. A supervisor or manager may do everything; a cashier sells and asks for prices, refunds, and counts that do not fit;
/// stock staff pick, hand over (which may take money) and sell when the queue is long, and ask for whatever moves money.
pub const fn permission(role: Role, act: Act) -> Permission {
    match (role, act) {
        (Role::Supervisor | Role::Manager, _) => Permission::Allow,
        (
            Role::Cashier,
            Act::OverridePrice
            | Act::Refund
            | Act::InterimReport
            | Act::DropDocument
            | Act::Configure
            | Act::CloseInDoubt
            | Act::CorrectStock,
        ) => Permission::Ask,
        (Role::Cashier, _) => Permission::Allow,
        (
            Role::Stock,
            Act::OverridePrice
            | Act::Discount
            | Act::Refund
            | Act::MoveCash
            | Act::InterimReport
            | Act::DropDocument
            | Act::Configure
            | Act::CloseInDoubt
            | Act::CorrectStock,
        ) => Permission::Ask,
        (Role::Stock, _) => Permission::Allow,
    }
}

/// How long a till waits after `failures` wrong PINs in a row for one operator, in seconds: nothing for the first two,
/// then 2, 4, 8 … up to five minutes. It slows guessing and never locks a shop out of its till.
pub const fn sign_in_delay_seconds(failures: u32) -> u32 {
    match failures {
        0..=2 => 0,
        3..=10 => 1 << (failures - 2),
        _ => 300,
    }
}

#[cfg(test)]
mod tests {
    use super::Permission::{Allow, Ask};
    use super::*;

    #[test]
    fn what_each_role_may_do() {
        #[rustfmt::skip]
        let table = [
            // act                cashier stock  supervisor and manager
            (Act::Sell,           Allow,  Allow, Allow),
            (Act::Void,           Allow,  Allow, Allow),
            (Act::OverridePrice,  Ask,    Ask,   Allow),
            (Act::Discount,       Allow,  Ask,   Allow),
            (Act::Refund,         Ask,    Ask,   Allow),
            (Act::SellPromised,   Allow,  Allow, Allow),
            (Act::MoveCash,       Allow,  Ask,   Allow),
            (Act::OpenSession,    Allow,  Allow, Allow),
            (Act::InterimReport,  Ask,    Ask,   Allow),
            (Act::Pick,           Allow,  Allow, Allow),
            (Act::Reprint,        Allow,  Allow, Allow),
            (Act::DropDocument,   Ask,    Ask,   Allow),
            (Act::Configure,      Ask,    Ask,   Allow),
            (Act::CloseInDoubt,   Ask,    Ask,   Allow),
            (Act::CorrectStock,   Ask,    Ask,   Allow),
        ];
        for (act, cashier, stock, above) in table {
            let expected = [cashier, stock, above, above];
            let roles = [Role::Cashier, Role::Stock, Role::Supervisor, Role::Manager];
            assert_eq!(roles.map(|role| permission(role, act)), expected, "{act:?}");
        }
    }

    #[test]
    fn wrong_pins_slow_down_and_never_lock_out() {
        let waits: Vec<u32> = (0..13).map(sign_in_delay_seconds).collect();
        assert_eq!(waits, [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(sign_in_delay_seconds(u32::MAX), 300);
    }
}
