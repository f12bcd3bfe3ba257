//! `central order`.

use anyhow::Context;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use till::central::Surroundings;
use till::central::intake::text as intake_text;
use till::central::store::sqlite::Word;
use till::central::store::{
    OrderActRecord, OrderDocument, OrderFilter, ProblemFilter, ProblemState, ProblemSummary, Store,
};
use till::domain::ids::{OrderNumber, StoreId};
use till::domain::money::{self, Money};
use till::domain::tax::Taxed;
use till::domain::web_order::{Fulfilment, OrderState, WebOrder};
use till::domain::zone::StoreZone;

use crate::{Data, Outcome, WrongUse, held, print, problem, submit, warehouse};

/// Web orders
#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  central order list --data shop
  central order show W-10231 --data shop
  central order pick W-10231 --data shop")]
pub enum Command {
    /// Sends order documents, to a central that runs or straight into its data
    Submit(submit::Submit),
    /// Lists orders, or the documents that are none yet (--state problem)
    List(List),
    /// Shows one order
    Show(Show),
    /// Documents that are no orders yet: mend or dismiss them
    #[command(subcommand)]
    Problem(problem::Command),
    /// Begins to pick orders that are sent, and prints the pick list
    Pick(warehouse::Pick),
    /// Says that units of a line are not to be found
    Short(warehouse::Short),
    /// Puts an order into its parcel: everything that was not reported missing
    Pack(warehouse::Pack),
    /// Gives a packed order to a carrier
    Dispatch(warehouse::Send),
    /// Cancels an order
    Cancel(warehouse::Cancel),
    /// Says which product a held line is; its units are reserved from then on
    Match(held::Match),
    /// Says which customer buys
    Tie(held::Tie),
    /// Prints what is to be fetched from the shelves
    PickList(warehouse::PickList),
    /// Prints the note that goes with a parcel
    DeliveryNote(warehouse::DeliveryNote),
}

/// Which orders.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central order list --data shop --state ready
  central order list --data shop --store S001 --held
  central order list --data shop --state problem --json

Times are those of the order's store; of documents that are no orders yet, universal time.")]
pub struct List {
    /// Where they stand; problem for the documents that are no orders yet
    #[arg(long, value_parser = parse_listed())]
    state: Option<Listed>,
    /// Of one store
    #[arg(long, value_name = "CODE")]
    store: Option<String>,
    /// Only those with items held for head office to match, or without a buyer
    #[arg(long)]
    held: bool,
    /// At most so many
    #[arg(long, default_value_t = 1000)]
    limit: usize,
    #[command(flatten)]
    data: Data,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Which order.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central order show W-10231 --data shop
  central order show W-10231 --data shop --documents > W-10231.txt")]
pub struct Show {
    /// Our number: W-10231
    number: String,
    /// Print every document its sender sent about it, as it came, each behind a line that says what it is
    #[arg(long)]
    documents: bool,
    #[command(flatten)]
    data: Data,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// Orders that stand there.
    Orders(OrderState),
    /// Documents that are no orders yet.
    Problems,
}

const PROBLEM: &str = "problem";

fn parse_listed() -> impl TypedValueParser<Value = Listed> {
    let words = OrderState::ALL.iter().map(|state| state.word()).chain([PROBLEM]);
    PossibleValuesParser::new(words).map(|word| OrderState::from_word(&word).map_or(Listed::Problems, Listed::Orders))
}

/// Runs the command.
pub async fn run(command: Command, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    match command {
        Command::Submit(arguments) => submit::run(arguments, surroundings).await,
        Command::List(arguments) if arguments.state == Some(Listed::Problems) => {
            list_problems(arguments, surroundings).await
        }
        Command::List(arguments) => list(arguments, surroundings).await,
        Command::Show(arguments) => show(arguments, surroundings).await,
        Command::Problem(command) => problem::run(command, surroundings).await,
        Command::Pick(arguments) => warehouse::pick(arguments, surroundings).await,
        Command::Short(arguments) => warehouse::short(arguments, surroundings).await,
        Command::Pack(arguments) => warehouse::pack(arguments, surroundings).await,
        Command::Dispatch(arguments) => warehouse::send(arguments, surroundings).await,
        Command::Cancel(arguments) => warehouse::cancel(arguments, surroundings).await,
        Command::Match(arguments) => held::match_line(arguments, surroundings).await,
        Command::Tie(arguments) => held::tie(arguments, surroundings).await,
        Command::PickList(arguments) => warehouse::pick_list(arguments, surroundings).await,
        Command::DeliveryNote(arguments) => warehouse::delivery_note(arguments, surroundings).await,
    }
}

async fn list(arguments: List, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let state = match arguments.state {
        Some(Listed::Orders(state)) => Some(state),
        Some(Listed::Problems) | None => None,
    };
    let store = arguments.data.open_to_look(&surroundings)?;
    let filter = OrderFilter {
        store: arguments.store.map(StoreId::new),
        state,
        held: arguments.held,
        orders_max: arguments.limit,
        ..OrderFilter::default()
    };
    let orders = store.list_orders(filter).await?;
    let zones = print::Zones::of(&store.list_stores().await?);
    store.close();
    let rows: Vec<Vec<String>> = orders
        .iter()
        .map(|order| {
            vec![
                order.number.to_string(),
                order.store.to_string(),
                order.state.word().into(),
                if order.at_risk { "at risk" } else { "" }.into(),
                order.held_words().unwrap_or_default(),
                order.channel.to_string(),
                reference_text(order),
                customer_text(order),
                order.collect_by.map_or_else(String::new, |by| zones.find(&order.store).stamp(by)),
            ]
        })
        .collect();
    let headers = ["NUMBER", "STORE", "STATE", "RISK", "HELD", "CHANNEL", "REFERENCE", "CUSTOMER", "COLLECT BY"];
    print::rows(&headers, &rows, arguments.json.then(|| orders.iter().map(order_value).collect()))?;
    Ok(Outcome::Done)
}

/// What the sender calls an order; of one from another of our stores, who asked.
fn reference_text(order: &WebOrder) -> String {
    match order.fulfilment {
        Fulfilment::Transfer => format!("asked by {}", order.reference),
        Fulfilment::PickUp | Fulfilment::Delivery => order.reference.clone(),
    }
}

/// Whose it is: a customer's, or another of our stores'.
fn customer_text(order: &WebOrder) -> String {
    match order.fulfilment {
        Fulfilment::Transfer => format!("store {}", order.customer_name),
        Fulfilment::PickUp | Fulfilment::Delivery => order.customer_name.clone(),
    }
}

async fn list_problems(arguments: List, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    if arguments.store.is_some() || arguments.held {
        let why = "documents that are no orders yet are of no store, and nothing of them is held: leave --store and --held out";
        anyhow::bail!(WrongUse(why.to_owned()));
    }
    let store = arguments.data.open_to_look(&surroundings)?;
    let open =
        ProblemFilter { state: Some(ProblemState::Open), problems_max: arguments.limit, ..ProblemFilter::default() };
    let problems = store.list_problems(open).await?;
    let zone = print::Zones::of(&store.list_stores().await?).shared();
    store.close();
    let mut rows = Vec::with_capacity(problems.len());
    let mut values = Vec::with_capacity(problems.len());
    for kept in &problems {
        let (value, summary) = problem_order_value(kept)?;
        rows.push(vec![
            uuid::Uuid::from_bytes(kept.problem).to_string(),
            kept.channel.to_string(),
            kept.reference.clone(),
            zone.stamp(kept.received_at),
            summary,
        ]);
        values.push(value);
    }
    let headers = ["PROBLEM", "CHANNEL", "REFERENCE", "RECEIVED", "WHY"];
    print::rows(&headers, &rows, arguments.json.then_some(values))?;
    Ok(Outcome::Done)
}

fn problem_order_value(kept: &ProblemSummary) -> anyhow::Result<(serde_json::Value, String)> {
    let problems: serde_json::Value = serde_json::from_str(&kept.problems)?;
    let first = &problems[0];
    let summary = format!(
        "{} line {}: {}",
        first["code"].as_str().unwrap_or_default(),
        first["line"],
        first["message"].as_str().unwrap_or_default()
    );
    let value = serde_json::json!({
        "problem": uuid::Uuid::from_bytes(kept.problem).to_string(), "channel": kept.channel.as_str(),
        "reference": kept.reference, "received_at": kept.received_at.to_rfc3339(), "times": kept.times,
        "problems": problems,
    });
    Ok((value, summary))
}

async fn show(arguments: Show, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open_to_look(&surroundings)?;
    let order = store.find_order(OrderNumber::new(&arguments.number)).await?;
    let documents = store.list_order_documents(OrderNumber::new(&arguments.number)).await?;
    let acts = store.list_order_acts(OrderNumber::new(&arguments.number)).await?;
    let parties = store.find_order_parties(OrderNumber::new(&arguments.number)).await?.unwrap_or_default();
    let addresses = store.list_delivery_addresses(vec![OrderNumber::new(&arguments.number)]).await?;
    let zones = print::Zones::of(&store.list_stores().await?);
    let address = addresses.values().next().map(|address| address.lines().to_vec()).unwrap_or_default();
    store.close();
    let order = order.with_context(|| format!("there is no order {}", arguments.number))?;
    if arguments.json {
        let mut value = order_value(&order);
        value["documents"] = documents.iter().map(|document| document_value(document, arguments.documents)).collect();
        value["delivery_address"] = address.into();
        value["buyer"] = parties.buyer.as_str().into();
        value["customer"] = parties.customer.as_ref().map(|customer| customer.as_str()).into();
        let acts = acts.iter().map(|act| {
            serde_json::json!({ "act": act.act, "person": act.person, "note": act.note, "at": act.at.to_rfc3339() })
        });
        value["acts"] = acts.collect();
        print::text_out(&format!("{value:#}\n"))?;
        return Ok(Outcome::Done);
    }
    let zone = zones.find(&order.store);
    let risk = if order.at_risk { ", at risk" } else { "" };
    let paid = match (order.paid, order.amount_due(), order.prepaid) {
        (true, ..) => "paid".to_owned(),
        (false, Some(due), None) => format!("{due} {} due", due.currency().code()),
        (false, Some(due), Some(before)) => format!("{due} {} due, {before} paid before", due.currency().code()),
        (false, None, _) => "not paid".to_owned(),
    };
    let mut text = format!("{} {}{risk}, {paid}\n", order.number, order.state.word());
    let code = Some(order.collection_code.as_str()).filter(|code| !code.is_empty()).unwrap_or("-");
    text.push_str(&format!("store {}  bay {}  code {code}\n", order.store, order.bay.as_deref().unwrap_or("-")));
    text.push_str(&format!("{} via {} ({})\n", customer_text(&order), order.channel, reference_text(&order)));
    if !address.is_empty() {
        text.push_str(&format!("to {}\n", address.join(", ")));
    }
    if let Some(dispatch) = &order.dispatch {
        text.push_str(&format!("sent with {} {}\n", dispatch.carrier, dispatch.tracking));
    }
    for line in &order.lines {
        text.push_str(&format!(
            "{:>3}  {} x {}  picked {}  handed over {}  {}\n",
            line.line, line.ordered, line.product, line.picked, line.handed_over, line.name
        ));
    }
    text.push_str(&sums_text(&order));
    if let Some(held) = order.held_words() {
        text.push_str(&format!("{held}: central order match {} LINE PRODUCT\n", order.number));
    }
    for line in &order.unmatched {
        text.push_str(&held::line_text(line));
    }
    if parties.is_held {
        let why = match parties.buyer.as_str() {
            "" => "nobody is named as the buyer".to_owned(),
            buyer => format!("no customer is called {buyer}"),
        };
        text.push_str(&format!("held: {why}: central order tie {} CUSTOMER\n", order.number));
    }
    if let Some(customer) = &parties.customer {
        text.push_str(&format!("customer {customer}\n"));
    }
    text.push_str(&history(&documents, &acts, &zone, arguments.documents));
    print::text_out(&text)?;
    Ok(Outcome::Done)
}

/// What the whole order comes to, and its tax by rate where its document says it.
fn sums_text(order: &WebOrder) -> String {
    let Some(currency) = order.currency() else { return String::new() };
    let nothing = Money::zero(currency);
    let goods = money::sum(currency, order.lines.iter().map(|line| line.amount));
    let beyond = money::sum(currency, order.lines.iter().map(|line| line.share));
    let mut rates: Vec<Taxed> = Vec::new();
    for one in order.lines.iter().flat_map(|line| &line.taxed) {
        match rates.iter_mut().find(|known| known.percent == one.percent) {
            Some(known) => (known.net, known.tax) = (known.net + one.net, known.tax + one.tax),
            None => rates.push(one.clone()),
        }
    }
    let mut text = format!("goods {goods}");
    if beyond != nothing {
        text.push_str(&format!(", {} {beyond}", if beyond < nothing { "taken off" } else { "put on" }));
    }
    for Taxed { percent, net, tax } in &rates {
        text.push_str(&format!(", tax {} % of {net} is {tax}", percent.normalize()));
    }
    text + "\n"
}

/// What was sent about an order, and what was done to it.
fn history(documents: &[OrderDocument], acts: &[OrderActRecord], zone: &StoreZone, whole: bool) -> String {
    let mut text = String::new();
    for document in documents {
        let at = zone.stamp(document.received_at);
        text.push_str(&format!("{at}  {}, {} bytes\n", document.kind.word(), document.document.len()));
        for note in document.notes.lines() {
            text.push_str(&format!("    “{note}”\n"));
        }
        for warning in read_warnings(document) {
            let text_of = |name: &str| warning[name].as_str().unwrap_or_default().to_owned();
            let line = &warning["line"];
            text.push_str(&format!("    {} (line {line}): {}\n", text_of("code"), text_of("message")));
        }
        if whole {
            text.push_str(&visible(&document.document));
            text.push('\n');
        }
    }
    for act in acts {
        text.push_str(&format!("{} {} {} {}\n", zone.stamp(act.at), act.person, act.act, act.note));
    }
    text
}

/// A document on a terminal: as it came, but for what would move the cursor or turn the direction of writing.
fn visible(document: &[u8]) -> String {
    let text = String::from_utf8_lossy(document);
    text.lines().map(printable_line).collect::<Vec<_>>().join("\n")
}

/// A line keeps its blanks.
fn printable_line(line: &str) -> String {
    line.chars().filter(|c| *c == '\t' || !intake_text::is_command(*c)).collect()
}

/// What was odd about a document, as it was kept.
fn read_warnings(document: &OrderDocument) -> Vec<serde_json::Value> {
    serde_json::from_str(&document.warnings).unwrap_or_default()
}

fn document_value(document: &OrderDocument, whole: bool) -> serde_json::Value {
    let mut value = serde_json::json!({
        "kind": document.kind.word(), "received_at": document.received_at.to_rfc3339(),
        "bytes": document.document.len(), "notes": document.notes, "warnings": read_warnings(document),
    });
    if whole {
        value["document"] = String::from_utf8_lossy(&document.document).into();
    }
    value
}

fn taxed_value(taxed: &Taxed) -> serde_json::Value {
    serde_json::json!({ "percent": taxed.percent.to_string(), "net": taxed.net.to_string(), "tax": taxed.tax.to_string() })
}

fn order_value(order: &WebOrder) -> serde_json::Value {
    let line = |line: &till::domain::web_order::OrderLine| {
        serde_json::json!({
            "line": line.line, "product": line.product.as_str(), "name": line.name,
            "ordered": line.ordered.to_string(), "picked": line.picked.to_string(),
            "handed_over": line.handed_over.to_string(), "short": line.short.to_string(),
            "cancelled": line.cancelled.to_string(), "unit_price": line.unit_price.to_string(),
            "amount": line.amount.to_string(), "share": line.share.to_string(),
            "taxed": line.taxed.iter().map(taxed_value).collect::<Vec<_>>(),
        })
    };
    serde_json::json!({
        "number": order.number.as_str(), "channel": order.channel.as_str(), "reference": order.reference,
        "store": order.store.as_str(), "fulfilment": order.fulfilment.word(), "state": order.state.word(),
        "at_risk": order.at_risk, "paid": order.paid, "prepaid": order.prepaid.map(|prepaid| prepaid.to_string()),
        "due": order.amount_due().map(|due| due.to_string()), "customer_name": order.customer_name,
        "collection_code": order.collection_code, "bay": order.bay,
        "carrier": order.dispatch.as_ref().map(|dispatch| &dispatch.carrier),
        "tracking_number": order.dispatch.as_ref().map(|dispatch| &dispatch.tracking),
        "ordered_at": order.ordered_at.to_rfc3339(), "collect_by": order.collect_by.map(|by| by.to_rfc3339()),
        "lines": order.lines.iter().map(line).collect::<Vec<_>>(),
        "held_lines": order.unmatched.iter().map(held::line_value).collect::<Vec<_>>(),
        "notes": order.notes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_of_another_store_is_told_from_a_customers() {
        let order = |fulfilment| WebOrder {
            number: "T-N88ZD8".into(),
            channel: "transfer".into(),
            reference: "Ana".to_owned(),
            store: "S002".into(),
            fulfilment,
            customer_name: "High Street".to_owned(),
            customer_phone: None,
            paid: true,
            prepaid: None,
            ordered_at: chrono::DateTime::UNIX_EPOCH,
            collect_by: None,
            collection_code: String::new(),
            state: OrderState::Received,
            bay: None,
            picker: None,
            at_risk: false,
            dispatch: None,
            owed_back: None,
            history: Vec::new(),
            unmatched: Vec::new(),
            notes: String::new(),
            lines: Vec::new(),
        };
        let words = |fulfilment| [customer_text(&order(fulfilment)), reference_text(&order(fulfilment))];
        assert_eq!(words(Fulfilment::Transfer), ["store High Street", "asked by Ana"]);
        assert_eq!(words(Fulfilment::PickUp), ["High Street", "Ana"]);
        assert_eq!(words(Fulfilment::Delivery), ["High Street", "Ana"]);
    }
}
