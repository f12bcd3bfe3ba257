//! What can be done next with an order in a store: may it be picked, may it be put ready.

use super::{Fulfilment, OrderState, WebOrder};

impl WebOrder {
    /// May units still be picked for it? Also for one that is ready or partly handed over: what was missing may have come.
    pub fn can_be_picked(&self) -> bool {
        self.state.is_unfulfilled() && self.state != OrderState::Packed && self.fulfilment != Fulfilment::Delivery
    }

    /// May it be put ready: is something there, has everything else been looked for, and is nothing held for head office?
    pub fn can_be_made_ready(&self) -> bool {
        let open = matches!(self.state, OrderState::Received | OrderState::Picking | OrderState::Short);
        let something = self.lines.iter().any(|line| line.held().is_positive());
        let all_seen = self.lines.iter().all(|line| line.promised() <= line.short);
        open && something && all_seen && self.unmatched.is_empty()
    }
}
