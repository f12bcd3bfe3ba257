//! What was done to an order, as its screen tells it, and the story of a product: movements, and what was put aside.

use crate::database::{DatabaseError, View};
use crate::domain::ids::{OperatorId, ProductId};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{LineQuantity, OrderStep, StepTaken, WebOrder};

use super::snapshot::{HistoryRow, StoryItem};

/// The steps of an order, the latest first. What one person picks in one go is one row.
pub(super) fn history_rows(
    order: &WebOrder,
    history: Vec<StepTaken>,
    name_of: impl Fn(&OperatorId) -> String,
) -> Vec<HistoryRow> {
    let mut rows: Vec<HistoryRow> = Vec::new();
    for StepTaken { at, step, operator, workstation } in history {
        let lines = lines_of(&step);
        let quantity = lines.iter().map(|what| what.quantity).sum();
        let item = match lines {
            [what] => order.line(what.line).map(|line| line.name.clone()),
            _ => None,
        };
        let row = HistoryRow {
            at,
            step,
            quantity,
            item,
            operator_name: operator.as_ref().map(&name_of),
            workstation: workstation.map(|workstation| workstation.to_string()),
        };
        match rows.last_mut() {
            Some(last) if is_one_go(last, &row) => {
                last.at = row.at;
                last.quantity += row.quantity;
                last.item = last.item.take().filter(|item| Some(item) == row.item.as_ref());
            }
            _ => rows.push(row),
        }
    }
    rows.reverse();
    rows
}

fn lines_of(step: &OrderStep) -> &[LineQuantity] {
    match step {
        OrderStep::Picked { what, .. } | OrderStep::PickUndone { what } | OrderStep::ReportedShort { what } => {
            std::slice::from_ref(what)
        }
        OrderStep::HandedOver { lines, .. } | OrderStep::Sent { lines } => lines,
        _ => &[],
    }
}

fn is_one_go(before: &HistoryRow, row: &HistoryRow) -> bool {
    let is_pick = |row: &HistoryRow| matches!(row.step, OrderStep::Picked { bay: None, .. });
    let by = |row: &HistoryRow| (row.operator_name.clone(), row.workstation.clone());
    is_pick(before) && is_pick(row) && by(before) == by(row)
}

/// What happened to a product, the latest first: at most so many movements, and what was put aside for the orders that wait
/// for it.
pub(super) fn story_of(view: View<'_>, product: &ProductId, items_max: usize) -> Result<Vec<StoryItem>, DatabaseError> {
    let mut story: Vec<StoryItem> = view.list_story(product, items_max)?.into_iter().map(StoryItem::Moved).collect();
    let holds = view.list_holds(product)?.into_iter().filter(|hold| hold.quantity != Quantity::ZERO);
    story.extend(holds.map(StoryItem::Held));
    // What happened in the same moment stays as it was told.
    story.sort_by_key(|item| std::cmp::Reverse(item.at()));
    story.truncate(items_max);
    Ok(story)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::specimen::{at_hour, order, order_line};

    #[test]
    fn what_one_person_picks_in_one_go_is_one_row() {
        let order = order("W-1", vec![order_line(1, "jacket", 2), order_line(2, "mug", 1)]);
        let taken = |hour, operator: &str, step| StepTaken {
            at: at_hour(hour),
            step,
            operator: Some(operator.into()),
            workstation: Some("T01".into()),
        };
        let picked = |line| OrderStep::Picked { what: LineQuantity { line, quantity: Quantity::ONE }, bay: None };
        let history = vec![
            taken(8, "ben", picked(1)),
            taken(9, "ben", picked(1)),
            taken(10, "ana", picked(1)),
            taken(11, "ana", picked(2)),
            taken(12, "ana", OrderStep::MadeReady { bay: "C-14".to_owned() }),
        ];
        let rows = history_rows(&order, history, |operator| operator.as_str().to_uppercase());
        let told: Vec<_> =
            rows.iter().map(|row| (row.at, row.quantity, row.item.as_deref(), row.operator_name.as_deref())).collect();
        let two = Quantity::units(2);
        assert_eq!(
            told,
            [
                (at_hour(12), Quantity::ZERO, None, Some("ANA")),
                (at_hour(11), two, None, Some("ANA")),
                (at_hour(9), two, Some("jacket"), Some("BEN")),
            ]
        );
    }
}
