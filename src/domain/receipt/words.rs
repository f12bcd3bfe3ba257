//! Every word a document says by itself, in one language at a time.

/// The words of receipts, slips and reports. Everything else on them comes from the shop's own data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptWords {
    /// Before the receipt's number, of a sale.
    pub receipt: String,
    /// The same, when money went back to the customer.
    pub refund: String,
    /// The same, of the receipt without prices that goes with a present.
    pub gift_receipt: String,
    /// On that receipt: what it is good for.
    pub gift_return: String,
    /// Before the seller's tax number.
    pub tax_number: String,
    /// Before the till's name.
    pub till: String,
    /// Before the operator's name.
    pub served_by: String,
    /// Banner of a copy; its number follows.
    pub copy: String,
    /// Behind the number of one item.
    pub item: String,
    /// Behind the number of several.
    pub items: String,
    /// Before the sum.
    pub total: String,
    /// Tender: notes and coins.
    pub cash: String,
    /// Tender: a card.
    pub card: String,
    /// What paying in cash changed.
    pub cash_rounding: String,
    /// Given back.
    pub change: String,
    /// Head of the tax table: rate.
    pub tax: String,
    /// Head of the tax table: before tax.
    pub net: String,
    /// Head of the tax table: the tax.
    pub tax_amount: String,
    /// Head of the tax table: with tax.
    pub gross: String,
    /// Below the table in a shop whose prices hold the tax.
    pub prices_include_tax: String,
    /// Below the table in a shop whose prices do not.
    pub prices_exclude_tax: String,
    /// Before a batch.
    pub batch: String,
    /// Before the number of a web order.
    pub web_order: String,
    /// What an order takes off as a whole.
    pub order_discount: String,
    /// What an order puts on as a whole: shipping, a fee.
    pub order_charge: String,
    /// What was received for an order before.
    pub order_prepaid: String,
    /// Before the name of the person an order was handed to.
    pub collected_by: String,
    /// Behind that name: recognised by the code.
    pub proof_code: String,
    /// Behind that name: recognised by the name.
    pub proof_name: String,
    /// Head of a set-aside slip.
    pub set_aside: String,
    /// Head of the slip about what was asked for from another store.
    pub asked_for: String,
    /// Before the name of the store that was asked.
    pub asked_of: String,
    /// Before the time it was asked.
    pub asked_at: String,
    /// What that means for the customer.
    pub asked_means: String,
    /// Head of a slip for the bag of a ready order.
    pub pick_up: String,
    /// Head of the slip of a hand-over.
    pub handed_over: String,
    /// Before the place goods lie in.
    pub bay: String,
    /// Before the time an order is kept until.
    pub collect_by: String,
    /// An order that is paid.
    pub paid: String,
    /// Before what is still to be paid.
    pub to_pay: String,
    /// Above a line to sign on.
    pub signature: String,
    /// Head of a list of what is to be fetched from the shelves.
    pub pick_list: String,
    /// Head of the note that goes with a parcel.
    pub delivery_note: String,
    /// Before the address a parcel goes to.
    pub deliver_to: String,
    /// The customer's own number of an order.
    pub your_order: String,
    /// Head of a column: how many were ordered.
    pub ordered: String,
    /// Head of a column: how many are in the parcel.
    pub sent: String,
    /// Before the name of who takes the parcel.
    pub carrier: String,
    /// Before the parcel's number.
    pub tracking: String,
    /// Head of the report of a closed session.
    pub close_report: String,
    /// Head of the report of an open session.
    pub interim_report: String,
    /// The trading day.
    pub business_day: String,
    /// When a session began.
    pub opened: String,
    /// When it ended.
    pub closed: String,
    /// Before who opened it.
    pub session_of: String,
    /// Above the counts of its drawer.
    pub counts: String,
    /// Beside whoever was to agree to a count, and saw by how much it was off.
    pub difference_seen: String,
    /// Before who counted the drawer.
    pub counted_by: String,
    /// Before who agreed to that count.
    pub agreed_by: String,
    /// How many sales.
    pub sales: String,
    /// In the drawer at the start.
    pub float: String,
    /// Cash taken.
    pub cash_sales: String,
    /// Taken on cards.
    pub card_sales: String,
    /// Paid in, less paid out and dropped.
    pub cash_moved: String,
    /// What the drawer should hold.
    pub expected: String,
    /// What it held.
    pub counted: String,
    /// The one less the other.
    pub difference: String,
    /// Before a reason.
    pub reason: String,
}

impl ReceiptWords {
    /// English.
    // Size: a line a word.
    pub fn english() -> Self {
        let word = str::to_owned;
        Self {
            receipt: word("Receipt"),
            refund: word("Refund"),
            gift_receipt: word("Gift receipt"),
            gift_return: word("To exchange or return, bring this receipt."),
            tax_number: word("VAT no."),
            till: word("Till"),
            served_by: word("Served by"),
            copy: word("COPY"),
            item: word("item"),
            items: word("items"),
            total: word("TOTAL"),
            cash: word("Cash"),
            card: word("Card, separate slip"),
            cash_rounding: word("Cash rounding"),
            change: word("Change"),
            tax: word("VAT"),
            net: word("Net"),
            tax_amount: word("Tax"),
            gross: word("Gross"),
            prices_include_tax: word("Prices include VAT."),
            prices_exclude_tax: word("Prices exclude VAT."),
            batch: word("Batch"),
            web_order: word("Web order"),
            order_discount: word("Discount of the order"),
            order_charge: word("Charges of the order"),
            order_prepaid: word("Paid before"),
            collected_by: word("Collected by"),
            proof_code: word("by code"),
            proof_name: word("by name"),
            set_aside: word("SET ASIDE"),
            asked_for: word("ASKED FOR"),
            asked_of: word("From"),
            asked_at: word("Asked"),
            asked_means: word("It is not paid for. We tell you when it has come."),
            pick_up: word("PICK-UP"),
            handed_over: word("HANDED OVER"),
            bay: word("Bay"),
            collect_by: word("Collect by"),
            paid: word("PAID"),
            to_pay: word("To pay"),
            signature: word("Signature"),
            pick_list: word("PICK LIST"),
            delivery_note: word("DELIVERY NOTE"),
            deliver_to: word("Deliver to"),
            your_order: word("Your order"),
            ordered: word("Ordered"),
            sent: word("Sent"),
            carrier: word("Carrier"),
            tracking: word("Tracking no."),
            close_report: word("Z REPORT"),
            interim_report: word("X REPORT"),
            business_day: word("Business day"),
            opened: word("Opened"),
            closed: word("Closed"),
            session_of: word("Session of"),
            counts: word("Counts of the drawer"),
            difference_seen: word("SEEN"),
            counted_by: word("Counted by"),
            agreed_by: word("Agreed by"),
            sales: word("Sales"),
            float: word("Float"),
            cash_sales: word("Cash sales"),
            card_sales: word("Card sales"),
            cash_moved: word("Paid in, less paid out"),
            expected: word("Expected in drawer"),
            counted: word("Counted"),
            difference: word("Difference"),
            reason: word("Reason"),
        }
    }
}
