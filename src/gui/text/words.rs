//! Every message of the catalogue, by name and arguments: the one list that all languages are held to.
//!
//! Size: one list, a line for each message, looked through by name.

use fluent_bundle::{FluentArgs, FluentValue};

use super::Catalogue;

/// Declares the messages: a method each, named as in the files with `_` for `-`.
macro_rules! messages {
    ($($name:ident($($argument:ident),*);)*) => {
        impl Catalogue {
            $(
                #[doc = concat!("The message `", stringify!($name), "`, with its arguments as the files name them.")]
                #[allow(clippy::extra_unused_lifetimes)] // a message without arguments borrows none
                pub fn $name<'w>(&self $(, $argument: impl Into<FluentValue<'w>>)*) -> String {
                    #[allow(unused_mut)] // a message without arguments sets none
                    let mut arguments = FluentArgs::new();
                    $(arguments.set(stringify!($argument), $argument);)*
                    self.message(&stringify!($name).replace('_', "-"), &arguments)
                }
            )*
        }

        /// Names and arguments of all messages.
        #[cfg(test)]
        const DECLARED: &[(&str, &[&str])] = &[$((stringify!($name), &[$(stringify!($argument)),*])),*];
    };
}

messages! {
    // Times.
    moment_today(time);
    moment_tomorrow(time);
    moment_yesterday(time);
    midnight();
    weekday(day);
    day_of_year(day, month, year);
    span_minutes(count);
    span_hours(count);
    span_days(count);

    // Frame.
    tab_sell();
    tab_pick_ups();
    tab_stock();
    tab_receipts();
    tab_drawer();
    till_number(number);
    act_lock();
    tasks_count(count);
    tasks_count_and_waiting(tasks, count);
    version(version);

    // Acts.
    act_back();
    act_cancel();
    act_confirm();
    act_sign_in();
    act_agree();
    act_other_page(page, pages);
    act_open();
    act_show_order();
    act_choose();
    act_undo();
    act_pay();
    act_park();
    act_recall(count);
    act_recall_first();
    act_set_quantity(quantity);
    act_quantity();
    act_price();
    act_discount();
    act_remove();
    act_undo_scan();
    act_void();
    act_keep_selling();

    // Selling.
    sale_title(number);
    sale_lines();
    quantity_prefixed(quantity);
    items(count);
    total();
    tax_included(amount);
    tax_excluded(amount);
    basket_empty();
    discount_reason();
    reason_of_discount(percent);
    reason_of_price(price);
    price_typed();
    price_from_label();
    price_open();
    unit_price(price, unit);
    favourites();
    quick_key_letters();
    quick_key_letters_brief();
    sizes();
    panel_why();
    panel_approved_by(name);
    panel_list_price();
    panel_price_typed_by(name);
    panel_price_agreed(order);
    panel_pack(count);
    panel_discount_by(discount, name);
    panel_not_stocked();
    panel_movements();
    panel_elsewhere();
    panel_nowhere();
    panel_hint();
    store_free_old(quantity, age);
    search_products();
    ask_quantity();
    ask_price();
    ask_discount();
    searching();
    search_nothing(text);
    hit_stock(shelf, free);
    hit_elsewhere(quantity);
    parked_title();
    parked_basket(time, operator);
    void_title();
    void_explained();
    sale_completed(number, amount);
    sale_by_card();
    change();
    next_sale_hint();
    receipt_printed();
    receipt_printing();
    receipt_waits();
    change_drawer_by_key();
    receipt_in_doubt();
    receipt_not_printed();
    mark_last_free(order, customer, when);
    mark_takes_promised(order, customer, when);
    mark_sold_anyway(order, customer);
    mark_deciding();
    mark_hand_over(order, customer);
    mark_order_changed(order);
    mark_books(quantity);

    // The till did not start.
    stopped_read_only();
    stopped_read_only_cure();
    stopped_full();
    stopped_full_cure();
    stopped_busy();
    stopped_busy_cure();
    stopped_newer();
    stopped_newer_cure();
    stopped_foreign();
    stopped_foreign_cure();
    stopped_settings();
    stopped_settings_cure(told);
    stopped_other();
    stopped_nothing_lost();
    stopped_file(file);
    act_try_again();
    act_close_window();

    // Sign in and session.
    sign_in_title();
    next_person();
    next_person_brief();
    sign_in_badge();
    sign_in_badge_of(count);
    sign_in_basket_waiting();
    sign_in_basket_of(name);
    sign_in_choose();
    pin_choose_first();
    sign_in_pin_of(name);
    sign_in_wrong_pin();
    act_close_till();
    close_till_title();
    close_till_kept();
    close_till_basket();
    close_till_session();
    close_till_unsent(count);
    approval_title();
    approval_asked_by(name);
    approval_count_asked_by(name);
    approval_asked_because(name, reason);
    act_see_count();
    approval_count_title(name);
    counted_by(name);
    count_should_hold();
    count_books();
    count_difference();
    count_worth();
    count_limit();
    count_reason();
    approval_choose();
    approval_discount(percent, name);
    approval_price(name, price);
    approval_sell_promised(quantity, product);
    approval_falls_short(order, customer);
    approval_paid_in(amount);
    approval_paid_out(amount);
    approval_to_safe(amount);
    approval_no_sale();
    approval_interim_report();
    approval_drop_document();
    approval_port(device, port);
    sign_in_wait(seconds);
    sign_in_not_tried(seconds);
    sign_in_too_early();
    open_session_title();
    open_session_day(date);
    open_session_without();
    act_open_session();

    // Questions.
    question_age(years);
    question_cash(amount, due);
    question_cash_change(change);
    question_float(amount);
    question_float_explained();
    question_born_by();
    act_old_enough();
    act_amount_right();
    act_too_young();
    question_price(name);
    act_take_price();
    question_weight(name);
    question_how_much(name);
    act_take_quantity();
    act_take_weight();
    question_which();
    question_may_be_sold();
    question_may_be_sold_why(begun);
    act_was_sold();
    act_was_sold_caption();
    act_was_not_sold();
    act_was_not_sold_caption();

    // Conflict.
    conflict_promised();
    conflict_promised_of(quantity, of);
    conflict_books_empty();
    conflict_all_held(held);
    conflict_too_few(shelf);
    as_of(when);
    as_of_live(time);
    as_of_old(when, age);
    as_of_never();
    figure_on_hand();
    figure_held();
    figure_held_in(bay);
    figure_promised();
    figure_in_basket();
    figure_shelf();
    figure_free();
    conflict_out_of_box();
    conflict_scan_waiting(what);
    conflict_order_changed();
    conflict_hand_over_one(name);
    conflict_hand_over_two(first, second);
    conflict_hand_over_any();
    conflict_sell_short(order);
    conflict_sell_asked(order);
    conflict_keep(order);
    conflict_keep_none();
    conflict_find_at(quantity, store, distance, when);
    conflict_find_none();
    distance_km(distance);
    act_hand_over_order();
    act_sell_anyway();
    act_keep();
    act_find_another();
    act_line_out();
    act_take_out(quantity, of);
    act_change_short();
    hand_over_title(order, name);
    hand_over_due(amount);
    hand_over_paid();
    hand_over_nothing();
    hand_over_code_hint();
    hand_over_code_shown();
    act_name_confirmed(name);
    act_hand_over();
    find_another_title();
    find_another_whom();
    act_without_name();
    act_name_customer();
    asked_for_whom(name);
    store_free(quantity, distance, when);
    story_sold();
    story_sold_at(till);
    story_returned();
    story_handed_over();
    story_dispatched();
    story_received();
    story_transferred();
    story_adjusted();
    story_opening();
    story_held(order);
    story_released(order);

    // Payment.
    to_pay();
    pay_cash();
    pay_exact();
    pay_change(amount);
    pay_still(amount);
    pay_part_hint();
    remaining();
    paid_in_cash(amount);
    paid_by_card(amount);
    still_to_pay(amount);
    card_unanswered(amount);
    take_back();
    act_take_back();
    take_back_title(amount);
    take_back_explained();
    act_card();
    act_receipt();
    act_gift_receipt();
    act_no_receipt();
    receipt_compulsory();
    receipt_no_printer();
    tender_cash();
    tender_card();
    tender_card_with(reference);
    card_title();
    card_explained();
    card_reference_hint();
    act_card_approved();
    act_card_declined();

    // Pick-ups.
    filter_to_pick();
    filter_picking();
    filter_short();
    filter_ready();
    filter_lapsed();
    filter_cancelled();
    filter_all();
    search_orders();
    queue_empty();
    order_none_open();
    order_paid();
    order_pays_on_collection();
    order_collects_by(when);
    order_collect_by(when);
    order_ordered(when);
    order_picker(name);
    order_at_risk();
    order_overdue();
    order_soon();
    order_due(amount);
    order_paid_in_full();
    order_goods();
    order_discount();
    order_charge();
    order_prepaid();
    order_tax();
    order_code_needed();
    order_to_store();
    state_to_pick();
    state_picking();
    state_short();
    state_ready();
    state_ready_in(bay);
    state_part_handed_over();
    state_handed_over();
    state_lapsed();
    state_put_back();
    state_cancelled();
    state_packed();
    state_dispatched();
    step_received();
    order_held(count);
    order_note(text);
    step_picking(picked, lines);
    step_ready();
    step_handed_over();
    picked_of(picked, ordered);
    line_shelf(shelf, promised);
    line_picked();
    line_scan_it();
    line_not_found();
    line_handed_over();
    line_taken_off();
    line_put_back(quantity);
    taken_off_by(channel);
    line_goes();
    line_stays();
    line_not_picked();
    act_start_picking();
    act_take_over(name);
    act_pick_by_hand();
    act_not_found();
    act_slip();
    act_put_back();
    act_leave_in_bay();
    put_back_title(order);
    put_back_explained(customer);
    send_title(bay);
    send_title_no_bay();
    send_explained(till);
    act_send_looked();
    act_send();
    act_has_come();
    ask_has_come(quantity, product, store);
    ask_has_come_explained();
    act_understood();
    act_ready();
    act_ready_in(bay);
    act_ready_without(quantity);
    act_customer_here();
    act_someone_else();
    bay_chosen(bay);
    bay_shared(bay, orders);
    bay_none();
    collector_typed(name);
    act_leave_here();
    act_take_along();
    history_title();
    history_by_central();
    history_ordered(channel);
    history_pick_started();
    history_picked(quantity);
    history_kept(bay, quantity);
    history_pick_undone(quantity);
    history_not_found(quantity);
    history_ready(bay);
    history_ready_undone();
    history_handed_over_code(quantity);
    history_handed_over_name(quantity);
    history_collector(name);
    history_sent(quantity);
    history_put_back();
    history_lapsed();
    history_cancelled();
    history_at_risk();
    history_packed();
    history_dispatched(carrier);
    history_paid_back(amount);

    // Stock and receipts.
    search_stock();
    stock_hint();
    stock_none_open();
    story_none();
    elsewhere_none();
    search_receipts();
    receipts_none();
    receipts_as_amount(amount, count);
    receipts_as_day(day, count);
    receipts_hint();
    act_print_copy();
    act_print_gift_receipt();
    act_yesterday();
    act_day_before();
    act_day_after();

    // Drawer.
    session_title(owner);
    session_none();
    drawer_hint();
    drawer_no_session();
    act_paid_in();
    act_paid_out();
    act_to_safe();
    act_no_sale();
    act_close_session();
    act_interim_report();
    act_last_report();
    act_go_on_counting();
    act_open_drawer();
    act_next_note();
    act_note_before();
    act_finish_count();
    paid_in_title();
    paid_out_title();
    to_safe_title();
    no_sale_title();
    count_title();
    count_how_many(worth);
    difference_title();
    difference_explained();
    act_count_again();
    act_close_so();
    counted();
    count_left(count);
    reason();
    reason_change();
    reason_correction();
    reason_post();
    reason_supplies();
    reason_refreshments();
    reason_too_much_cash();
    reason_end_of_shift();
    reason_give_change();
    reason_check();
    reason_mistake();
    reason_not_known();
    reason_wrong_change();
    reason_not_booked();
    reason_float_wrong();
    reason_drawer_test();
    fact_opened();
    fact_business_day();
    fact_float();
    fact_sales();
    fact_turnover();
    fact_by_card();

    // Devices.
    devices_title();
    device_scanner();
    device_printer();
    device_drawer();
    device_proof(proof);
    since(when);
    paper_low();
    drawer_closed();
    drawer_open();
    drawer_unknown();
    drawer_by_key();
    drawer_at_printer(pin);
    scanner_types();
    health_ready();
    health_opening();
    health_not_configured();
    health_not_configured_cure();
    health_gone();
    health_gone_torn();
    health_paper_out();
    health_cover_open();
    health_cutter();
    health_fault();
    health_hot();
    health_claimed();
    health_wrong_speed();
    health_unreadable();
    health_silent();
    health_busy();
    health_port(told);
    health_settings();
    health_settings_told(told);
    health_profile_unknown(name);
    device_set_by(place);
    device_nearest(names);
    act_test_page();
    act_choose_port();
    act_look_again();
    act_use_port();
    ports_title(device);
    ports_port();
    ports_profile();
    ports_none();
    ports_taken(device);
    ports_restart();
    look_title();
    act_theme_now(set);
    theme_day();
    theme_night();
    theme_high_contrast();
    act_text_size_now(set);
    text_size_normal();
    text_size_large();
    act_language_now(set);
    language_name();
    act_speak(language);
    act_tones_on();
    act_tones_off();
    tones_no_player();

    // Unfinished business.
    tasks_title();
    tasks_none();
    task_receipt(number);
    task_set_aside_slip(order);
    task_bag_slip(order);
    task_hand_over_slip(order);
    task_transfer_slip();
    task_close_report();
    task_interim_report();
    task_waits();
    task_waits_cure();
    task_waits_behind(document);
    task_waits_for(cause);
    task_printing();
    task_in_doubt();
    task_in_doubt_cure();
    task_case(order, quantity, product);
    task_case_of(order, customer, quantity, product);
    case_due(when);
    case_overdue(when);
    case_refused_by(store);
    case_proposal(quantity, store, when);
    case_no_proposal();
    act_false_alarm();
    act_take_proposal(quantity, store);
    act_no_proposal();
    task_set_aside(product, quantity, store);
    task_send(product, quantity, store);
    task_set_aside_cure(person);
    task_transfer(product, quantity, store);
    task_transfer_requested_cure();
    task_transfer_to_ask_cure();
    task_transfer_withdrawn_cure();
    task_transfer_none_free_cure();
    task_transfer_set_aside_cure();
    task_transfer_sent_cure();
    task_transfer_refused_cure();
    task_transfer_not_needed_cure();
    transfer_requested();
    transfer_to_ask();
    transfer_withdrawn();
    transfer_none_free();
    transfer_set_aside();
    transfer_sent();
    transfer_refused();
    transfer_closed();
    transfer_not_needed();
    request_title();
    request_for_nobody();
    request_whom();
    request_by();
    request_when();
    request_there();
    act_withdraw();
    ask_withdraw(quantity, product, store);
    ask_withdraw_explained();
    task_lapsed(order, customer);
    task_lapsed_cure();
    task_lapsed_cure_in(bay);
    task_cancelled(order, customer);
    task_cancelled_cure();
    task_cancelled_cure_in(bay);
    task_pay_back(order, customer, amount);
    task_pay_back_cure();
    task_to_pay_back();
    act_paid_back_cash();
    act_give(amount);
    act_paid_back_otherwise();
    ask_pay_back(amount, customer);
    ask_pay_back_explained();
    ask_paid_back_otherwise(amount, customer);
    ask_paid_back_otherwise_explained();
    task_count(product);
    task_count_cure(count);
    task_to_count();
    stock_to_count();
    shelf_count_not_blind();
    task_drawer();
    task_drawer_cure();
    case_open();
    case_awaiting_decision();
    case_re_sourced();
    case_back_ordered();
    case_substituted();
    case_cancelled();
    case_false_alarm();
    act_copy();
    act_drop();
    ask_drop(document);
    ask_drop_explained();
    link_live();
    link_connecting();
    link_not_enrolled();
    link_refused();
    link_down();
    link_down_heard(time);
    all_sent();
    unsent(count);
    unsent_oldest(count, time);
    quarantined(count);
    fact_unsent();
    fact_data_as_of();
    fact_live();
    fact_live_heard(when);
    fact_stock_and_orders();
    fact_products_and_people();
    fact_other_stores(store);
    fact_quarantined();
    fact_clock();
    seconds(count);
    everything_works();
    does_not_work();
    missing_other_stores();
    missing_central_full();
    missing_new_orders();
    missing_requests();
    missing_zone(name);
    named_state(name, state);

    // Notices.
    notice_code_unknown(code);
    notice_code_refused(code);
    notice_check_digit(code);
    notice_verifier();
    notice_zero_value();
    notice_add_on();
    notice_no_article();
    notice_two_articles();
    notice_scan_broken_off();
    notice_scan_garbled();
    notice_scanned_twice(name);
    notice_scan_waits();
    notice_answer_first();
    notice_scan_left_out(code);
    notice_amount_invalid();
    notice_amount_is_code();
    notice_access_ended(name);
    notice_receipt_unknown(number);
    notice_receipt_elsewhere(number, till);
    notice_badge_unknown();
    notice_badge_not_here();
    notice_scan_not_here();
    notice_scan_before_sign_in();
    notice_scan_before_float();
    notice_scan_before_order();
    notice_expired(name, date);
    notice_not_allowed();
    notice_session_needed();
    notice_supervisor_needed();
    notice_reason_needed();
    notice_above_cap(percent);
    notice_card_too_much(due);
    notice_card_taken_back(amount);
    notice_card_at_terminal(amount);
    notice_label_is_one(name);
    notice_tendered_already();
    notice_wrong_item(name);
    notice_picked_already(name);
    notice_picked_by(order, name);
    notice_taken_off(name);
    notice_order_cancelled(order);
    notice_nothing_to_put_back();
    notice_nothing_to_pick(order);
    notice_receipt_compulsory();
    notice_open_order_changed(order);
    notice_wrong_collection_code();
    notice_slip_is_no_code(order);
    notice_order_unknown();
    notice_order_not_here(order);
    notice_order_is_sent(order);
    notice_nothing_to_hand_over();
    notice_nothing_chosen();
    notice_items_held(count);
    notice_order_handed_over(order, customer);
    notice_kept_for_order(order, bay);
    notice_transfer_requested(store, quantity);
    notice_transfer_to_ask(store, quantity);
    notice_transfer_withdrawn(store);
    notice_transfer_to_withdraw(store);
    notice_set_aside_there(store);
    notice_on_its_way(store);
    notice_set_aside_elsewhere(till);
    notice_false_alarm_noted(order);
    notice_case_decided();
    notice_proposal_gone(order, store);
    notice_decided_before(order, decision);
    notice_transfer_sent(store);
    notice_transfer_not_here();
    notice_for_another_store();
    notice_order_changed(order);
    notice_in_basket_already(order);
    notice_order_parked(order);
    notice_basket_parked(key);
    notice_basket_restored();
    notice_basket_of(name, key);
    notice_print_lost();
    notice_no_printer();
    notice_disk_full();
    notice_disk_read_only();
    notice_file_set_aside(path);
    notice_basket_unreadable();
    notice_withdrawn(name);
    notice_numbers_go_on(number);
    notice_settings_of_before();
    notice_settings_lost();
    notice_not_saved();
    notice_zone_unknown(name);
    notice_basket_open();
    notice_drawer_by_key();
    notice_session_closed(counted, difference);
    notice_session_closed_exact(counted);
    notice_agreed(name);
    notice_devices_simulated();
    notice_port_not_kept(told);
    notice_copy_printing(number);
    notice_gift_receipt_printing(number);
    notice_interim_printing();
    notice_close_report_printing();
    notice_no_session_closed();
    refused_no_such_line();
    refused_quantity_invalid();
    refused_price_invalid();
    refused_price_needed();
    refused_discount_invalid();
    refused_full();
    refused_currency_mismatch();
    refused_quantity_fixed();

    // Counts and reasons.
    act_count();
    shelf_count_title();
    shelf_count_title_weighed();
    shelf_count_explained();
    shelf_count_bin(bin);
    shelf_count_not_here();
    shelf_count_held(quantity, order, bay);
    shelf_count_picked(quantity, order);
    shelf_count_baskets(quantity);
    shelf_count_nothing_else();
    act_take_count();
    shelf_count_differs();
    shelf_count_differs_explained(found);
    act_count_stands(found);
    shelf_count_surplus(found);
    shelf_count_loss(found);
    shelf_count_stands();
    count_hint();
    reason_found();
    reason_taken_back();
    reason_delivery_short();
    reason_miscounted();
    reason_gone();
    reason_damaged();
    reason_other_product();
    reason_delivery();
    reason_own();
    reason_left(count);
    act_give_reason();
    notice_stock_counted(name, found, expected, worth);
    notice_stock_counted_exact(name, found);
    notice_moved_while_counting(name, moved);
    notice_not_counted(name);
    notice_count_first(name);
    notice_count_by_typing(name);
    notice_count_again(approver);
    notice_reason_missing();
    notice_settings_unknown();
    approval_close_session(owner, counted);
    approval_count(name, found);
    session_counts(count);
    count_not_blind(name, when);
    count_anew();

    // The counter beside the till, in the demo.
    counter_title();
    counter_good_beep();
    counter_bad_beep();
    counter_code_hint();
    counter_tear_off();
    counter_drawer_open();
    counter_drawer_shut();
    counter_shut();
    counter_turn_key();
    counter_paper_in();
    counter_paper_take();
    counter_paper_out();
    counter_paper_load();
    counter_cover_shut();
    counter_cover_open_it();
    counter_cover_open();
    counter_cover_shut_it();
    counter_central_reached();
    counter_central_cut_it();
    counter_central_cut();
    counter_central_mend_it();
    counter_printer_plugged();
    counter_printer_pull();
    counter_printer_unplugged();
    counter_printer_plug();
    counter_scanner_plugged();
    counter_scanner_pull();
    counter_scanner_unplugged();
    counter_scanner_plug();
    counter_scanner_clear();
    counter_scanner_garble();
    counter_scanner_garbled();
    counter_scanner_mend();
    counter_goods();
    counter_customers();
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::Language;
    use super::DECLARED;

    /// Messages of a catalogue file with the arguments they use.
    fn messages_of(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut open = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once('=').filter(|_| line.starts_with(char::is_alphabetic)) {
                open = name.trim().to_owned();
                assert!(found.insert(open.clone(), BTreeSet::new()).is_none(), "{open} stands twice");
            }
            for variable in line.split('$').skip(1) {
                let end = variable.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(variable.len());
                found.entry(open.clone()).or_default().insert(variable[..end].to_owned());
            }
        }
        found
    }

    #[test]
    fn every_language_has_exactly_the_declared_messages_and_arguments() {
        let declared: BTreeMap<String, BTreeSet<String>> = DECLARED
            .iter()
            .map(|(name, arguments)| {
                (name.replace('_', "-"), arguments.iter().map(|argument| (*argument).to_owned()).collect())
            })
            .collect();
        let mut faults = Vec::new();
        for language in Language::ALL {
            let found = messages_of(language.source());
            for (name, arguments) in &declared {
                match found.get(name) {
                    None => faults.push(format!("{}: {name} is missing", language.code())),
                    Some(used) if used != arguments => {
                        faults.push(format!("{}: {name} uses {used:?}, declared {arguments:?}", language.code()));
                    }
                    Some(_) => {}
                }
            }
            for name in found.keys().filter(|name| !declared.contains_key(*name)) {
                faults.push(format!("{}: {name} is not declared", language.code()));
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn every_catalogue_is_well_formed() {
        for language in Language::ALL {
            let parsed = fluent_bundle::FluentResource::try_new(language.source().to_owned());
            assert!(parsed.is_ok(), "{}: {:?}", language.code(), parsed.err().map(|(_, errors)| errors));
        }
    }
}
