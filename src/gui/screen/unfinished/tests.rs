//! Keys of unfinished business: they meet the task that was looked at, wherever the list has moved it.

use std::sync::Arc;

use super::central::{link_words, what_does_not_work};
use super::*;
use crate::domain::device::{HealthState, PrintJobState};
use crate::domain::feed::{Link, SyncState};
use crate::gui::gallery;
use crate::gui::tests::window;
use crate::gui::window::{Look, Window};
use crate::register::PRINTER;

fn strike(window: &mut Window, keys: &[Key]) -> Vec<Intent> {
    keys.iter().flat_map(|key| window.strike(&Stroke::press(*key)).intents).collect()
}

fn with_tasks(till: &Window, tasks: Vec<Task>) -> Arc<Snapshot> {
    Snapshot { tasks: Arc::new(tasks), ..till.snapshot().clone() }.into()
}

#[test]
fn a_key_meets_the_task_that_was_marked_or_none() {
    let mut till = window(&gallery::find_exhibit("tasks-cases").unwrap(), Look::default());
    let tasks = till.snapshot().tasks.to_vec();
    let Some(Task::Case(marked)) = tasks.first().cloned() else { panic!("the first is a case") };
    let mut moved = tasks.clone();
    moved.swap(0, 1);
    let shown = with_tasks(&till, moved);
    till.show(shown);
    assert_eq!(strike(&mut till, &[Key::of('F')]), [Intent::FalseAlarmReported(marked.case)]);
    // It goes by itself.
    let mut till = window(&gallery::find_exhibit("tasks-cases").unwrap(), Look::default());
    let shown = with_tasks(&till, tasks[1..].to_vec());
    till.show(shown);
    assert_eq!(strike(&mut till, &[Key::of('F'), Key::of('T'), Key::of('D'), Key::of('C'), Key::Enter]), []);
    let Some(Task::Case(next)) = tasks.get(1).cloned() else { panic!("the second is a case") };
    assert_eq!(strike(&mut till, &[Key::Down, Key::of('F')]), [Intent::FalseAlarmReported(next.case)]);
}

#[test]
fn the_first_task_is_marked_when_one_comes_to_the_list() {
    let mut till = window(&gallery::find_exhibit("tasks-cases").unwrap(), Look::default());
    let sheet = till.snapshot().clone();
    let Some(Task::Case(first)) = sheet.tasks.first().cloned() else { panic!("the first is a case") };
    till.show(Snapshot { screen: Screen::Sell, ..sheet.clone() }.into());
    till.show(sheet.into());
    assert_eq!(strike(&mut till, &[Key::of('F')]), [Intent::FalseAlarmReported(first.case)]);
}

#[test]
fn what_central_put_aside_is_never_told_as_all_sent() {
    let exhibit = gallery::find_exhibit("unfinished").unwrap();
    let till = window(&exhibit, Look::default());
    let ui = till.ui(iced::Size::new(1280.0, 800.0));
    for link in [Link::Live, Link::Connecting, Link::Down, Link::Refused] {
        let sync = SyncState { quarantined: 2, ..SyncState::unknown(link) };
        assert_eq!(link_words(&ui, &sync).2, ui.text.quarantined(2), "{link:?}");
    }
}

#[test]
fn a_central_whose_disk_is_full_is_not_just_one_that_does_not_answer() {
    let exhibit = gallery::find_exhibit("unfinished").unwrap();
    let till = window(&exhibit, Look::default());
    let ui = till.ui(iced::Size::new(1280.0, 800.0));
    for full in [true, false] {
        let mut snapshot = till.snapshot().clone();
        snapshot.sync.central_is_full = full;
        let missing = what_does_not_work(&ui, &snapshot);
        assert_eq!(missing.contains(&ui.text.missing_central_full()), full, "{missing:?}");
    }
}

/// A key asks, and another than it does what was asked; whatever else is struck is no answer.
#[test]
fn what_cannot_be_taken_back_is_asked_first() {
    let exhibit = gallery::find_exhibit("tasks-pay-back").unwrap();
    let mut till = window(&exhibit, Look::default());
    assert_eq!(strike(&mut till, &[Key::Enter]), [], "Enter pays nothing out unasked");
    assert_eq!(strike(&mut till, &[Key::of('O'), Key::of('D'), Key::of('C'), Key::Escape]), []);
    let order = OrderNumber::new("W-10231");
    let given = |source| [Intent::OrderPaidBack { order: order.clone(), source }];
    assert_eq!(strike(&mut till, &[Key::Enter, Key::Enter]), [], "nor does it when it is struck twice");
    assert_eq!(strike(&mut till, &[Key::of('+')]), given(PaidBackFrom::Drawer));
    assert_eq!(strike(&mut till, &[Key::of('O'), Key::of('+')]), given(PaidBackFrom::Elsewhere));
    // Meanwhile more is owed: that is another question.
    strike(&mut till, &[Key::Enter]);
    let mut tasks = till.snapshot().tasks.to_vec();
    if let Some(Task::PayBack { amount, .. }) = tasks.first_mut() {
        *amount = *amount + *amount;
    }
    let shown = with_tasks(&till, tasks);
    till.show(shown);
    assert_eq!(strike(&mut till, &[Key::of('+')]), [], "the new amount was not looked at yet");
    let mut till = window(&gallery::find_exhibit("tasks-transfers").unwrap(), Look::default());
    assert_eq!(strike(&mut till, &[Key::Enter]), [], "nor does it book goods");
    assert!(matches!(strike(&mut till, &[Key::of('+')])[..], [Intent::TransferClosed(_)]));
    let mut till = window(&gallery::find_exhibit("unfinished").unwrap(), Look::default());
    assert_eq!(strike(&mut till, &[Key::of('D')]), [], "a document is given up only when it is said twice");
    let dropped = strike(&mut till, &[Key::of('+')]);
    assert!(matches!(dropped[..], [Intent::PrintDecided { decision: PrintDecision::Drop, .. }]), "{dropped:?}");
}

/// Prices of the morning under stock of this minute are not told as one age.
#[test]
fn each_kind_of_data_says_how_old_it_is() {
    let exhibit = gallery::find_exhibit("unfinished").unwrap();
    let till = window(&exhibit, Look::default());
    let ui = till.ui(iced::Size::new(1280.0, 800.0));
    let (sync, others) = (&till.snapshot().sync, till.snapshot().other_stores.clone().unwrap());
    let told = [
        (ui.text.fact_stock_and_orders(), ui.moment(sync.fresh.store.unwrap())),
        (ui.text.fact_products_and_people(), ui.moment(sync.fresh.company.unwrap())),
        (ui.text.fact_other_stores(others.name.as_str()), ui.moment(others.as_of)),
    ];
    let words = crate::gui::tests::words_on(&till);
    for (kind, age) in &told {
        assert!(words.windows(2).any(|pair| pair == [kind.clone(), age.clone()]), "{kind}: {age}");
    }
    let ages: std::collections::HashSet<&String> = told.iter().map(|(_, age)| age).collect();
    assert_eq!(ages.len(), told.len(), "each has an age of its own");
}

/// Connected, with all sent, nothing is as old as the last change of it.
#[test]
fn what_central_tells_at_once_has_no_age() {
    let mut till = window(&gallery::find_exhibit("unfinished").unwrap(), Look::default());
    let (live, heard, store) = {
        let ui = till.ui(iced::Size::new(1280.0, 800.0));
        let others = till.snapshot().other_stores.clone().unwrap();
        let heard = ui.text.fact_live_heard(ui.moment(others.as_of));
        (ui.text.fact_live(), heard, ui.moment(till.snapshot().sync.fresh.store.unwrap()))
    };
    for (unsent, expected) in [(1, (0, false)), (0, (2, true))] {
        let mut shown = till.snapshot().clone();
        (shown.sync.link, shown.sync.unsent) = (Link::Live, unsent);
        till.show(shown.into());
        let words = crate::gui::tests::words_on(&till);
        let told = words.iter().filter(|words| **words == live).count();
        assert_eq!((told, words.contains(&heard)), expected, "{words:?}");
        assert_eq!(words.contains(&store), unsent > 0, "{words:?}");
    }
}

/// What another store is to do is known here, and is no work of anybody here; what nobody there knows of says so.
#[test]
fn what_waits_for_another_store_is_not_counted_as_work() {
    let mut till = window(&gallery::find_exhibit("tasks-transfers").unwrap(), Look::default());
    let text = till.ui(iced::Size::new(1280.0, 800.0)).text;
    let counted = text.tasks_count_and_waiting(text.tasks_count(6).as_str(), 2);
    let to_ask = text.transfer_to_ask().to_uppercase();
    let missing = text.missing_requests();
    let mut tasks = till.snapshot().tasks.to_vec();
    let waiting = tasks.iter().filter(|task| task.waits_for_others()).count();
    assert_eq!((tasks.len(), waiting), (8, 2));
    assert!(crate::gui::tests::words_on(&till).contains(&counted));
    for task in &mut tasks {
        if let Task::Transfer { told, .. } = task {
            *told = false;
        }
    }
    let mut shown = (*with_tasks(&till, tasks)).clone();
    shown.sync.link = Link::Down;
    till.show(shown.into());
    // High enough for all of them.
    let words = crate::gui::tests::words_at(&till, (1280, 1000));
    assert!(words.contains(&to_ask) && words.contains(&missing), "{words:?}");
    let told = words.iter().filter(|word| **word == to_ask).count();
    assert_eq!(told, 6, "nobody was asked: {words:?}");
}

/// Whoever has done one goes on with the next; what goes by itself leaves none marked.
#[test]
fn after_a_task_that_was_done_here_the_next_is_marked() {
    let mut till = window(&gallery::find_exhibit("tasks-cases").unwrap(), Look::default());
    let tasks = till.snapshot().tasks.to_vec();
    let Some(Task::Case(first)) = tasks.first().cloned() else { panic!("the first is a case") };
    let Some(Task::Case(second)) = tasks.get(1).cloned() else { panic!("the second is a case") };
    assert_eq!(strike(&mut till, &[Key::of('F')]), [Intent::FalseAlarmReported(first.case)]);
    // A receipt that is coming out, and needs nobody, stands where the case stood.
    let sheet = gallery::find_exhibit("unfinished").unwrap().snapshot;
    let printing = sheet.tasks.iter().find(|task| task.comes_out()).cloned();
    let left: Vec<Task> = printing.into_iter().chain(tasks[1..].to_vec()).collect();
    assert_eq!(left.len(), tasks.len(), "something is coming out");
    let shown = with_tasks(&till, left);
    till.show(shown);
    assert_eq!(strike(&mut till, &[Key::of('F')]), [Intent::FalseAlarmReported(second.case)]);
    let mut till = window(&gallery::find_exhibit("tasks-cases").unwrap(), Look::default());
    let shown = with_tasks(&till, tasks[1..].to_vec());
    till.show(shown);
    assert_eq!(strike(&mut till, &[Key::of('F')]), [], "nobody here has done anything about it");
}

/// Paper that is coming out needs nobody; what waits for a printer that cannot print does, and what it has torn leads here.
#[test]
fn paper_that_is_coming_out_is_no_task_and_torn_paper_is_one() {
    let mut till = window(&gallery::find_exhibit("tasks-cases").unwrap(), Look::default());
    let text = till.ui(iced::Size::new(1280.0, 800.0)).text;
    let counted = |count| text.tasks_count(count);
    let (gone, torn) = (text.health_gone(), text.health_gone_torn());
    let (four, five) = (counted(4), counted(5));
    let sheet = gallery::find_exhibit("unfinished").unwrap().snapshot;
    let mut tasks: Vec<Task> = sheet.tasks.iter().find(|task| task.comes_out()).cloned().into_iter().collect();
    tasks.extend(till.snapshot().tasks.to_vec());
    let mut words_with = |tasks: &[Task], state: HealthState| {
        let mut shown = (*with_tasks(&till, tasks.to_vec())).clone();
        let printer = shown.devices.devices.iter_mut().find(|device| device.id.as_str() == PRINTER).unwrap();
        printer.health.state = state;
        till.show(shown.into());
        crate::gui::tests::words_on(&till)
    };
    assert!(words_with(&tasks, HealthState::Ready).contains(&four));
    let words = words_with(&tasks, HealthState::Gone);
    assert!(words.contains(&five) && words.contains(&gone), "{words:?}");
    let Some(Task::Unprinted { state, .. }) = tasks.first_mut() else { panic!("a document comes first") };
    *state = PrintJobState::Partial { confirmed: 1, blocks: 9 };
    let words = words_with(&tasks, HealthState::Gone);
    assert!(words.contains(&five) && words.contains(&torn) && !words.contains(&gone), "{words:?}");
    assert!(words_with(&tasks, HealthState::Ready).contains(&five), "plugged in it is torn still");
}

/// Whoever counts one product after the other comes back to the list where they left it: at the next, or at the one that is not
/// done yet. Whoever comes from elsewhere begins at the first.
#[test]
fn whoever_is_back_from_a_count_goes_on_with_the_next() {
    let count =
        |product: &str| Task::Count { product: product.into(), product_name: product.to_owned(), bin: None, times: 1 };
    let tasks = ["jam", "mug", "notebook"].map(count).to_vec();
    let begun = |product: &str| [Intent::ShelfCountBegun(product.into())];
    let away = |till: &mut Window, screen| {
        let shown = Snapshot { screen, ..till.snapshot().clone() };
        till.show(shown.into());
    };
    let back = |till: &mut Window, tasks: &[Task]| {
        let shown = (*with_tasks(till, tasks.to_vec())).clone();
        till.show(Snapshot { screen: Screen::UnfinishedBusiness, ..shown }.into());
    };
    let mut till = window(&gallery::find_exhibit("unfinished").unwrap(), Look::default());
    away(&mut till, Screen::Sell);
    back(&mut till, &tasks);
    assert_eq!(strike(&mut till, &[Key::Down, Key::Enter]), begun("mug"));
    away(&mut till, Screen::Stock);
    back(&mut till, &tasks);
    assert_eq!(strike(&mut till, &[Key::Enter]), begun("mug"), "it was left");
    away(&mut till, Screen::Stock);
    back(&mut till, &[tasks[0].clone(), tasks[2].clone()]);
    assert_eq!(strike(&mut till, &[Key::Enter]), begun("notebook"), "it was counted");
    away(&mut till, Screen::Stock);
    back(&mut till, &tasks[..1]);
    assert_eq!(strike(&mut till, &[Key::Enter]), begun("jam"), "the last of the list was counted");
    away(&mut till, Screen::Stock);
    away(&mut till, Screen::Sell);
    away(&mut till, Screen::Stock);
    back(&mut till, &tasks[1..]);
    assert_eq!(strike(&mut till, &[Key::Enter]), begun("mug"), "the first");
}

/// Whoever looks for a slip that did not come out knows which, and of which order.
#[test]
fn a_document_is_called_by_what_it_is() {
    let order = OrderNumber::new("W-1003");
    for (document, name) in [
        (Document::Receipt(41), "Receipt 00041"),
        (Document::SetAsideSlip(order.clone()), "Set-aside slip, W-1003"),
        (Document::BagSlip(order.clone()), "Bag slip, W-1003"),
        (Document::HandOverSlip(order), "Hand-over slip, W-1003"),
        (Document::TransferSlip, "Slip of a request to another store"),
        (Document::CloseReport, "Z report"),
        (Document::InterimReport, "X report"),
    ] {
        let mut till = window(&gallery::find_exhibit("unfinished").unwrap(), Look::default());
        let mut tasks = till.snapshot().tasks.to_vec();
        let Some(Task::Unprinted { document: shown, .. }) = tasks.first_mut() else { panic!("a document comes first") };
        *shown = document;
        let shown = with_tasks(&till, tasks);
        till.show(shown);
        let words = crate::gui::tests::words_on(&till);
        assert!(words.iter().any(|words| words == name), "{name}: {words:?}");
    }
}
