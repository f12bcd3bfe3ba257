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
    /// Text of the badge, when there is one, hashed like the PIN is not needed: it is random.
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
    /// Take goods back.
    Refund,
    /// Answer a conflict with *sell anyway*.
    SellPromised,
    /// Pay in or out, open the drawer without a sale.
    MoveCash,
    /// Open and close a session.
    OpenSession,
    /// Pick, put ready, put back.
    Pick,
    /// Print a receipt again.
    Reprint,
    /// Change devices and settings of the till.
    Configure,
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

/// The house rules of roles. A supervisor or manager may do everything; a cashier sells and asks for the rest; stock
/// staff pick but do not take money.
pub const fn permission(role: Role, act: Act) -> Permission {
    match (role, act) {
        (Role::Supervisor | Role::Manager, _) => Permission::Allow,
        (Role::Cashier, Act::Configure) | (Role::Stock, Act::Configure) => Permission::Ask,
        (Role::Cashier, Act::OverridePrice | Act::Refund) => Permission::Ask,
        (Role::Cashier, _) => Permission::Allow,
        (Role::Stock, Act::Pick | Act::Reprint) => Permission::Allow,
        (Role::Stock, Act::Sell | Act::SellPromised | Act::Void | Act::OpenSession) => Permission::Allow,
        (Role::Stock, Act::OverridePrice | Act::Discount | Act::Refund | Act::MoveCash) => Permission::Ask,
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
