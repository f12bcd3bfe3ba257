//! `central order match` and `central order tie`: what is held of orders until head office has said what it is.

use clap::Args;
use till::central::Surroundings;
use till::central::intake::Intake;
use till::central::intake::held::LineMatch;
use till::central::store::sqlite::Word;
use till::domain::ids::{CustomerId, OrderNumber, ProductId};
use till::domain::web_order::UnmatchedLine;

use crate::warehouse::Person;
use crate::{Data, Outcome, print};

/// What a held line is.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central order match W-10231 2 enamel-mug-moss --data shop
  central order match W-10231 2 enamel-mug-moss --remember --data shop

The line keeps its number, its text and the price it was sent with; its units are reserved at once. With --remember the
customer's own list gets to know the number too, and its next order needs nobody.")]
pub struct Match {
    /// Our number
    number: String,
    /// The order's line
    line: u32,
    /// Our article number
    product: String,
    /// Put it on the customer's own list
    #[arg(long)]
    remember: bool,
    #[command(flatten)]
    person: Person,
    #[command(flatten)]
    data: Data,
}

/// Who buys.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central order tie W-10231 C-2102 --data shop
  central order tie W-10231 C-2102 --remember --data shop")]
pub struct Tie {
    /// Our number
    number: String,
    /// The customer's number
    customer: String,
    /// Orders that name the same buyer are this customer's from now on
    #[arg(long)]
    remember: bool,
    #[command(flatten)]
    person: Person,
    #[command(flatten)]
    data: Data,
}

/// Matches a line.
pub async fn match_line(arguments: Match, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open(&surroundings)?;
    let intake = Intake::new(store.clone(), surroundings);
    let wanted = LineMatch {
        number: OrderNumber::new(&arguments.number),
        line: arguments.line,
        product: ProductId::new(&arguments.product),
        remember: arguments.remember,
        entry: None,
        person: arguments.person.name,
    };
    let matched = intake.match_line(wanted).await;
    drop(intake);
    store.close();
    let order = matched?.map_err(|refusal| anyhow::anyhow!("order {}: {refusal}", arguments.number))?;
    let held = order.held_words().map_or_else(String::new, |held| format!(", {held}"));
    print::text_out(&format!("{} {}{held}\n", order.number, order.state.word()))?;
    Ok(Outcome::Done)
}

/// Ties a buyer.
pub async fn tie(arguments: Tie, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let Tie { number, customer, remember, person, data } = arguments;
    let store = data.open(&surroundings)?;
    let intake = Intake::new(store.clone(), surroundings);
    let tied = intake.tie_buyer(OrderNumber::new(&number), CustomerId::new(&customer), remember, &person.name).await;
    drop(intake);
    store.close();
    tied?.map_err(|refusal| anyhow::anyhow!("order {number}: {refusal}"))?;
    print::text_out(&format!("{number} customer {customer}\n"))?;
    Ok(Outcome::Done)
}

/// A held line for a person.
pub fn line_text(line: &UnmatchedLine) -> String {
    let numbers = [
        line.gtin.as_ref().map(|number| format!("GTIN {number}")),
        line.sellers_number.as_ref().map(|number| format!("ours {number}")),
        line.buyers_number.as_ref().map(|number| format!("theirs {number}")),
    ];
    let numbers: Vec<String> = numbers.into_iter().flatten().collect();
    let unit = line.unit.as_deref().unwrap_or_default();
    format!(
        "{:>3}  {} {unit} x {}  at {}  {}\n",
        line.line,
        line.quantity,
        numbers.join(", "),
        line.unit_price,
        line.name
    )
}

/// A held line for a program.
pub fn line_value(line: &UnmatchedLine) -> serde_json::Value {
    serde_json::json!({
        "line": line.line, "name": line.name, "gtin": line.gtin, "sellers_number": line.sellers_number,
        "buyers_number": line.buyers_number, "quantity": line.quantity.to_string(), "unit": line.unit,
        "unit_price": line.unit_price.to_string(),
    })
}
