//! Which act an intent is, and what must be so for it: who is signed in, an open session, nothing left to answer.

use crate::domain::basket::BasketError;
use crate::domain::tender::TenderKind;

use super::intent::{EntryFault, Screen};
use super::snapshot::NoticeKind;
use super::{Handled, Intent, Register};

impl Register {
    /// Whoever is there, or nobody.
    pub(super) fn dispatch(&mut self, intent: Intent) -> Handled {
        match intent {
            Intent::Device(event) => self.device_said(event),
            Intent::Sync(event) => self.sync_said(event),
            Intent::TimePassed => self.time_passed(),
            Intent::PortsFound(found) => self.ports_found(found),
            Intent::PortKept(choice) => self.port_kept(choice),
            Intent::PortRefused(fault) => self.port_refused(fault),
            Intent::NoticeDismissed => {
                self.notice = None;
                Ok(())
            }
            Intent::OperatorChosen(operator) => self.operator_chosen(operator),
            Intent::PinEntered(pin) => self.pin_entered(&pin),
            // How the devices are, and how the window looks, is for whoever comes first.
            Intent::ScreenShown(screen @ (Screen::Sell | Screen::Devices)) if self.operator.is_none() => {
                self.enter(screen);
                Ok(())
            }
            other => {
                self.get_operator()?;
                self.dispatch_signed_in(other)
            }
        }
    }

    /// Somebody is signed in.
    fn dispatch_signed_in(&mut self, intent: Intent) -> Handled {
        match intent {
            Intent::SignedOut => self.sign_out(),
            Intent::SessionOpened { float } => self.open_session(float),
            Intent::ScreenShown(screen) => self.show_screen(screen),
            Intent::OrderOpened(number) => self.open_order(number),
            Intent::OrderSearchTyped(text) => self.search_orders(text),
            Intent::PickStarted => self.start_pick(),
            Intent::LinePicked { line } => self.pick_line(line),
            Intent::LineNotFound { line } => self.line_not_found(line),
            Intent::OrderStepUndone => self.undo_order_step(),
            Intent::OrderMadeReady { bay } => self.make_ready(bay),
            Intent::OrderSlipAsked => self.print_order_slip(),
            Intent::OrderPutBack => self.put_back(),
            Intent::TransferSent { looked } => self.send_transfer(looked),
            Intent::TransferWithdrawn(entry) => self.withdraw_transfer(entry),
            Intent::TransferSlipAsked(entry) => self.print_transfer_slip(entry),
            Intent::TransferClosed(entry) => self.close_transfer(entry),
            Intent::FalseAlarmReported(case) => self.report_false_alarm(case),
            Intent::ProposalTaken { case, from } => self.take_proposal(case, &from),
            Intent::RestoredBasketDecided(decision) => self.restored_basket_decided(decision),
            Intent::AgeChecked { old_enough } => self.age_checked(old_enough),
            Intent::AmountConfirmed { right } => self.amount_confirmed(right),
            Intent::HandOverAsked(asked) => self.ask_hand_over(asked),
            Intent::OrderHandedOver { recognised, collector, lines } => self.hand_over(recognised, collector, &lines),
            Intent::ReceiptSearched(text) => self.search_receipts(text),
            Intent::ReceiptOpened(number) => self.open_receipt(number),
            Intent::ReceiptCopied { receipt_number } => self.copy_receipt(receipt_number),
            Intent::GiftReceiptAsked { receipt_number } => self.print_gift_receipt(receipt_number),
            Intent::CloseReportAsked => self.print_close_report(),
            Intent::PrintDecided { job, decision } => self.decide_print(job, decision),
            Intent::PrinterTested => self.test_printer(),
            Intent::PortsAsked(device) => self.ask_ports(device),
            Intent::PortsLeft => self.leave_ports(),
            Intent::PortChosen(choice) => {
                self.get_undecided()?;
                self.choose_port(choice)
            }
            // Whoever sets a till up opens the drawer to see that it opens, and takes out of it what was counted.
            Intent::DrawerOpened { reason } => self.open_drawer(reason),
            Intent::ApproverChosen(operator) => self.choose_approver(operator),
            Intent::ApprovalPinEntered(pin) => self.approve(&pin),
            Intent::ApprovalGivenUp => self.give_up_approval(),
            Intent::CountAgreed => self.agree_to_count(),
            Intent::CountSentBack => self.send_count_back(),
            Intent::EntryRefused(fault) => Err(notice_of(fault).into()),
            Intent::StockSearched(text) => self.search_stock(text),
            Intent::ShelfCountBegun(product) => self.begin_shelf_count(&product),
            Intent::CountsLookedFor(looked_for) => self.look_for_counts(looked_for),
            Intent::ShelfFigureTyped(typed) => self.type_shelf_figure(typed),
            Intent::ShelfCountLeft => self.leave_shelf_count(),
            Intent::ShelfCounted { found, reason } => {
                self.get_undecided()?;
                self.count_shelf(found, reason)
            }
            other => {
                if self.session.is_none() {
                    return Err(NoticeKind::SessionNeeded.into());
                }
                self.dispatch_session(other)
            }
        }
    }

    /// A session is open.
    fn dispatch_session(&mut self, intent: Intent) -> Handled {
        match intent {
            Intent::SessionClosed { counted, reason } => self.close_session(counted, reason),
            Intent::CountResumed => {
                self.get_undecided()?;
                self.forget_drawer_count();
                Ok(())
            }
            Intent::DrawerCountAsked => self.ask_drawer_count(),
            Intent::InterimReportAsked => self.report_interim(),
            Intent::CashMoved { kind, amount, reason } => self.move_cash(kind, amount, reason),
            Intent::OrderPaidBack { order, source } => self.pay_back(&order, source),
            Intent::ConflictAnswered { card, choice } => self.answer_card_numbered(card, choice),
            Intent::CollectionCodeAsked(asked) => self.ask_collection_code(asked),
            Intent::OpenPriceEntered(price) => self.open_price_entered(price),
            Intent::QuantityEntered(quantity) => self.quantity_entered(quantity),
            Intent::ProductChosen(product) => self.choose_product(&product),
            Intent::ChoiceGivenUp => self.give_up_choice(),
            Intent::CodeTyped(code) => self.code_typed(&code),
            Intent::SearchTyped(text) => {
                self.search_text = text;
                Ok(())
            }
            Intent::ReceiptChosen(choice) => self.choose_receipt(choice),
            Intent::TenderTakenBack { index } => self.take_back_tender(index),
            Intent::PayLeft => self.leave_pay(),
            Intent::CardDeclined => self.end_card(),
            // The money is taken, whatever is asked meanwhile.
            Intent::Tendered { kind: TenderKind::Card, amount, reference } if self.at_terminal == Some(amount) => {
                self.take_approved(amount, reference)
            }
            other => {
                self.get_undecided()?;
                self.dispatch_basket(other)
            }
        }
    }

    /// Nothing waits for an answer.
    fn dispatch_basket(&mut self, intent: Intent) -> Handled {
        match intent {
            Intent::QuantityPrefixed(quantity) => {
                self.quantity_prefix = quantity.filter(|q| q.is_positive());
                Ok(())
            }
            Intent::LineSelected(line) => {
                self.look_at_line(line);
                Ok(())
            }
            Intent::QuantitySet { line, quantity } => self.set_quantity(line, quantity),
            Intent::PriceSet { line, unit_price, reason } => self.set_price(line, unit_price, reason),
            Intent::DiscountSet { line, percent, reason } => self.set_discount(line, percent, &reason),
            Intent::LineRemoved { line } => self.remove_line(line),
            Intent::ScanUndone => self.undo_scan(),
            Intent::BasketVoided => self.void_basket(),
            Intent::Parked => self.park(),
            Intent::Recalled(basket) => self.recall(basket),
            Intent::PayOpened => self.open_pay(),
            Intent::CardBegun { amount } => self.begin_card(amount),
            Intent::Tendered { kind, amount, reference } => self.tender(kind, amount, reference),
            // Every other variant was taken by the dispatchers before.
            _ => Ok(()),
        }
    }
}

/// What is said of a number that cannot be what was asked for.
fn notice_of(fault: EntryFault) -> NoticeKind {
    match fault {
        EntryFault::Amount => NoticeKind::AmountInvalid,
        EntryFault::Quantity => NoticeKind::BasketRefused(BasketError::QuantityInvalid),
        EntryFault::Barcode => NoticeKind::AmountIsCode,
        EntryFault::Percent => NoticeKind::BasketRefused(BasketError::DiscountInvalid),
    }
}
