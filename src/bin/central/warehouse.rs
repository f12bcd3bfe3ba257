//! `central order pick`, `short`, `pack`, `dispatch`, `cancel`, `pick-list`, `delivery-note`: orders that are sent.

use anyhow::Context;
use clap::Args;
use till::central::intake::text::printable;
use till::central::store::sqlite::{SqliteStore, Word};
use till::central::store::{OrderActSubmission, Store};
use till::central::{Surroundings, papers};
use till::domain::Timestamp;
use till::domain::ids::{EntryId, OperatorId, OrderNumber, StoreId};
use till::domain::quantity::Quantity;
use till::domain::web_order::{Dispatch, Fulfilment, OrderState, OrderStep, WarehouseAct, WarehouseRefusal, WebOrder};

use crate::{Data, Outcome, print};

/// Whose name an act is done in.
#[derive(Args)]
pub struct Person {
    /// Who does it
    #[arg(long = "by", value_name = "NAME", env = "USER", default_value = "office")]
    pub name: String,
}

/// Which orders to pick.
#[derive(Args)]
#[command(after_help = "\
Example:
  central order pick W-10231 W-10232 --by ana --data shop | lp
  central order pick W-10231 --by ben --take-over --data shop | lp

Prints the pick list of those that can be picked; the exit code is 1 when one cannot. One that somebody is picking is left to
them, unless --take-over says otherwise; central order pick-list prints its list again.")]
pub struct Pick {
    /// Our numbers
    #[arg(required = true)]
    numbers: Vec<String>,
    /// Pick also what somebody else has begun to pick
    #[arg(long)]
    take_over: bool,
    #[command(flatten)]
    person: Person,
    #[command(flatten)]
    data: Data,
}

/// What was not found.
#[derive(Args)]
#[command(after_help = "\
Example:
  central order short W-10231 --line 2 --quantity 1 --data shop")]
pub struct Short {
    /// Our number
    number: String,
    /// The order's line
    #[arg(long)]
    line: u32,
    /// How many (all that are still to be picked when it is not said)
    #[arg(long, value_parser = parse_quantity)]
    quantity: Option<Quantity>,
    #[command(flatten)]
    person: Person,
    #[command(flatten)]
    data: Data,
}

/// Which order to pack.
#[derive(Args)]
#[command(after_help = "\
Example:
  central order pack W-10231 --by ana --data shop")]
pub struct Pack {
    /// Our number
    number: String,
    #[command(flatten)]
    person: Person,
    #[command(flatten)]
    data: Data,
}

/// With whom an order goes.
#[derive(Args)]
#[command(after_help = "\
Example:
  central order dispatch W-10231 --carrier PostNL --tracking 3SABCD1234567 --data shop")]
pub struct Send {
    /// Our number
    number: String,
    /// The carrier
    #[arg(long)]
    carrier: String,
    /// The carrier's number of the parcel
    #[arg(long)]
    tracking: String,
    #[command(flatten)]
    person: Person,
    #[command(flatten)]
    data: Data,
}

/// Which order to cancel.
#[derive(Args)]
#[command(after_help = "\
Example:
  central order cancel W-10231 --reason 'the customer called' --data shop

Its units are free again; one that is handed over or sent already cannot be cancelled.")]
pub struct Cancel {
    /// Our number
    number: String,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    person: Person,
    #[command(flatten)]
    data: Data,
}

/// What the list is of.
#[derive(Args)]
#[command(after_help = "\
Example:
  central order pick-list --store W001 --data shop | lp")]
pub struct PickList {
    /// Of one store (of every one when none is named)
    #[arg(long, value_name = "CODE")]
    store: Option<String>,
    /// Columns of the paper
    #[arg(long, default_value_t = papers::PICK_LIST_COLUMNS, value_parser = parse_columns)]
    columns: usize,
    #[command(flatten)]
    data: Data,
}

/// Which order the note is of.
#[derive(Args)]
#[command(after_help = "\
Example:
  central order delivery-note W-10231 --data shop | lp

It names the address the order was sent with, and no prices.")]
pub struct DeliveryNote {
    /// Our number
    number: String,
    /// Columns of the paper
    #[arg(long, default_value_t = papers::DELIVERY_NOTE_COLUMNS, value_parser = parse_columns)]
    columns: usize,
    #[command(flatten)]
    data: Data,
}

fn parse_columns(text: &str) -> Result<usize, String> {
    let range = papers::COLUMNS;
    let columns = text.parse().ok().filter(|columns| range.contains(columns));
    columns.ok_or_else(|| format!("from {} to {}", range.start(), range.end()))
}

fn parse_quantity(text: &str) -> Result<Quantity, String> {
    Quantity::parse(text)
        .filter(|quantity| quantity.is_positive())
        .ok_or_else(|| "more than nothing: 2 or 0.452".into())
}

/// Begins to pick, and prints what to fetch.
pub async fn pick(arguments: Pick, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open(&surroundings)?;
    let zones = print::Zones::of(&store.list_stores().await?);
    let mut picking = Vec::new();
    for number in &arguments.numbers {
        let found = if arguments.take_over { None } else { store.find_order(OrderNumber::new(number)).await? };
        if let Some(order) = found
            && let Some((picker, since)) = find_picker(&order)
        {
            let since = zones.find(&order.store).stamp(since);
            eprintln!(
                "central: order {number}: {picker} has been picking it since {since}: leave it to them, or pick it with --take-over"
            );
            continue;
        }
        let act = WarehouseAct::Pick { picker: OperatorId::new(&arguments.person.name) };
        match act_on(&store, number, act, &arguments.person, "", &surroundings).await {
            Ok(order) => picking.push(order),
            Err(error) => eprintln!("central: {error:#}"),
        }
    }
    let list = papers::write_pick_lists(&store, &picking, papers::PICK_LIST_COLUMNS, surroundings.now()).await;
    store.close();
    print::text_out(&list?)?;
    Ok(if picking.len() == arguments.numbers.len() { Outcome::Done } else { Outcome::CheckFailed })
}

/// Who is picking it to be sent, and since when.
fn find_picker(order: &WebOrder) -> Option<(&OperatorId, Timestamp)> {
    if order.fulfilment != Fulfilment::Delivery || order.state != OrderState::Picking {
        return None;
    }
    order.history.iter().rev().find_map(|taken| match &taken.step {
        OrderStep::PickStarted { operator } => Some((operator, taken.at)),
        _ => None,
    })
}

/// Says that units are missing.
pub async fn short(arguments: Short, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let act = WarehouseAct::ReportShort { line: arguments.line, quantity: arguments.quantity };
    one(&arguments.data, &arguments.number, act, &arguments.person, "", &surroundings).await
}

/// Packs.
pub async fn pack(arguments: Pack, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    one(&arguments.data, &arguments.number, WarehouseAct::Pack, &arguments.person, "", &surroundings).await
}

/// Gives it to the carrier.
pub async fn send(arguments: Send, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let dispatch = Dispatch { carrier: printable(&arguments.carrier), tracking: printable(&arguments.tracking) };
    let act = WarehouseAct::Dispatch(dispatch);
    one(&arguments.data, &arguments.number, act, &arguments.person, "", &surroundings).await
}

/// Cancels.
pub async fn cancel(arguments: Cancel, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let Cancel { number, reason, person, data } = arguments;
    one(&data, &number, WarehouseAct::Cancel, &person, &reason, &surroundings).await
}

/// Prints the pick list.
pub async fn pick_list(arguments: PickList, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open_to_look(&surroundings)?;
    let (of, now) = (arguments.store.map(StoreId::new), surroundings.now());
    let mut after = None;
    loop {
        let (orders, next) = papers::list_to_pick(&store, of.clone(), after).await?;
        print::text_out(&papers::write_pick_lists(&store, &orders, arguments.columns, now).await?)?;
        if next.is_none() {
            break;
        }
        after = next;
    }
    store.close();
    Ok(Outcome::Done)
}

/// Prints the delivery note.
pub async fn delivery_note(arguments: DeliveryNote, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open_to_look(&surroundings)?;
    let order = store.find_order(OrderNumber::new(&arguments.number)).await?;
    let order = order.with_context(|| format!("there is no order {}", arguments.number))?;
    if order.fulfilment != Fulfilment::Delivery {
        anyhow::bail!("order {} goes in no parcel: {}", arguments.number, WarehouseRefusal::PickUp);
    }
    let text = papers::write_delivery_note(&store, &order, arguments.columns, surroundings.now()).await;
    store.close();
    print::text_out(&text?)?;
    Ok(Outcome::Done)
}

async fn one(
    data: &Data,
    number: &str,
    act: WarehouseAct,
    person: &Person,
    note: &str,
    surroundings: &Surroundings,
) -> anyhow::Result<Outcome> {
    let store = data.open(surroundings)?;
    let done = act_on(&store, number, act, person, note, surroundings).await;
    store.close();
    let order = done?;
    print::text_out(&format!("{} {}\n", order.number, order.state.word()))?;
    Ok(Outcome::Done)
}

async fn act_on(
    store: &SqliteStore,
    number: &str,
    act: WarehouseAct,
    person: &Person,
    note: &str,
    surroundings: &Surroundings,
) -> anyhow::Result<WebOrder> {
    let submission = OrderActSubmission {
        number: OrderNumber::new(number),
        act,
        entry: EntryId(surroundings.new_uuid()),
        person: printable(&person.name),
        note: printable(note),
    };
    let done = store.act_on_order(submission, surroundings.now()).await?;
    done.map_err(|refusal| anyhow::anyhow!("order {number}: {refusal}"))
}
