//! Customers with their price rules and credit notes. What counts is decided by `domain::price` and `domain::credit`.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::{
    Buyers, CreditAct, CreditExpiry, CreditImport, CreditStep, IdentityTaken, PriceHolder, PriceRecord, PricedProduct,
    StoreError,
};
use super::words::{self, Word, micros};
use super::{access, company};
use crate::domain::Timestamp;
use crate::domain::credit::{CreditHold, CreditNote, CreditRefusal, CreditSpending, CreditState, Holder};
use crate::domain::customer::Customer;
use crate::domain::ids::{ChannelId, CreditId, CustomerId, PriceGroup, ProductId};
use crate::domain::money::Money;
use crate::domain::price::{PriceBasis, PriceRule, RulePrice};
use crate::domain::quantity::Quantity;

/// How many open notes of one customer are answered.
const NOTES_MAX: i64 = 1000;

/// Adds or changes customers with what documents call them. An identity that is another customer's stays that one's and is
/// answered with its place.
pub fn save_customers(connection: &Connection, customers: &[Customer]) -> Result<Vec<IdentityTaken>, StoreError> {
    let mut save = connection.prepare_cached(
        "INSERT INTO customer (customer, name, price_group) VALUES (?1, ?2, ?3)
         ON CONFLICT (customer) DO UPDATE SET name = excluded.name, price_group = excluded.price_group",
    )?;
    let mut forget = connection.prepare_cached("DELETE FROM customer_identity WHERE customer = ?1")?;
    for customer in customers {
        let group = customer.group.as_ref().map(PriceGroup::as_str);
        save.execute(params![customer.id.as_str(), customer.name, group])?;
        forget.execute([customer.id.as_str()])?;
    }
    let mut call = connection
        .prepare_cached("INSERT INTO customer_identity (identity, customer) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    let mut owner = connection.prepare_cached("SELECT customer FROM customer_identity WHERE identity = ?1")?;
    let mut taken = Vec::new();
    for (place, customer) in customers.iter().enumerate() {
        for identity in &customer.identities {
            if call.execute([identity.as_str(), customer.id.as_str()])? > 0 {
                continue;
            }
            let owner = CustomerId::new(owner.query_row([identity], |row| row.get::<_, String>(0))?);
            if owner != customer.id {
                taken.push(IdentityTaken { place, identity: identity.clone(), owner });
            }
        }
    }
    Ok(taken)
}

/// Who buys, for each row of names: the customer of the first name that is a number or an identity of one; else the
/// channel's own.
pub fn find_buyers(connection: &Connection, channel: &ChannelId, names: &[Vec<String>]) -> Result<Buyers, StoreError> {
    let channel = access::read_channel(connection, channel)?;
    let own = channel.as_ref().and_then(|channel| channel.customer.clone());
    let mut called = connection.prepare_cached(
        "SELECT COALESCE((SELECT customer FROM customer WHERE customer = ?1),
                         (SELECT customer FROM customer_identity WHERE identity = ?1))",
    )?;
    let mut customers = Vec::with_capacity(names.len());
    for row in names {
        let mut known = None;
        for name in row {
            known = called.query_row([name], |row| row.get::<_, Option<String>>(0))?.map(CustomerId::new);
            if known.is_some() {
                break;
            }
        }
        customers.push(match known.or_else(|| own.clone()) {
            Some(customer) => find_customer(connection, &customer)?,
            None => None,
        });
    }
    Ok(Buyers { channel, customers })
}

/// A customer.
pub fn find_customer(connection: &Connection, id: &CustomerId) -> Result<Option<Customer>, StoreError> {
    let found = connection
        .prepare_cached("SELECT name, price_group FROM customer WHERE customer = ?1")?
        .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?)))
        .optional()?;
    let Some((name, group)) = found else { return Ok(None) };
    let mut called =
        connection.prepare_cached("SELECT identity FROM customer_identity WHERE customer = ?1 ORDER BY identity")?;
    let identities = called.query_map([id.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(Some(Customer { id: id.clone(), name, group: group.map(PriceGroup::new), identities }))
}

/// Which of these customers do not exist.
pub fn list_missing_customers(
    connection: &Connection,
    customers: &[CustomerId],
) -> Result<Vec<CustomerId>, StoreError> {
    let mut known = connection.prepare_cached("SELECT 1 FROM customer WHERE customer = ?1")?;
    let mut missing = Vec::new();
    for customer in customers {
        if !known.exists([customer.as_str()])? {
            missing.push(customer.clone());
        }
    }
    Ok(missing)
}

/// How a holder stands in the table: the kind and the name.
fn holder_words(holder: &PriceHolder) -> (PriceBasis, &str) {
    match holder {
        PriceHolder::Customer(customer) => (PriceBasis::Contract, customer.as_str()),
        PriceHolder::Group(group) => (PriceBasis::Group, group.as_str()),
        PriceHolder::Everyone => (PriceBasis::QuantityBreak, ""),
    }
}

/// Adds or changes price rules.
pub fn save_prices(connection: &Connection, prices: &[PriceRecord]) -> Result<(), StoreError> {
    let mut save = connection.prepare_cached(
        "INSERT OR REPLACE INTO price (product, basis, holder, minimum, valid_from, valid_until, price_minor, currency,
             percent_off)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for record in prices {
        let (basis, holder) = holder_words(&record.holder);
        let (amount, percent) = match record.rule.price {
            RulePrice::Amount(amount) => (Some(amount), None),
            RulePrice::PercentOff(percent) => (None, Some(percent.to_string())),
        };
        save.execute(params![
            record.product.as_str(),
            basis.word(),
            holder,
            record.rule.minimum.thousandths(),
            record.rule.valid_from.map_or(BEGINNING, micros),
            record.rule.valid_until.map(micros),
            amount.map(Money::minor),
            amount.map(|amount| amount.currency().code().to_owned()),
            percent
        ])?;
    }
    Ok(())
}

/// A rule without a beginning: a column of a key is never empty.
const BEGINNING: i64 = i64::MIN;

/// The products, in the order asked, with the rules that may count for the customer; `None` for one that does not exist.
pub fn list_prices(
    connection: &Connection,
    customer: Option<&Customer>,
    products: &[ProductId],
) -> Result<Vec<Option<PricedProduct>>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT basis, minimum, valid_from, valid_until, price_minor, currency, percent_off FROM price
         WHERE product = ?1 AND (basis = 'quantity_break' OR (basis = 'contract' AND holder = ?2)
           OR (basis = 'group' AND holder = ?3))",
    )?;
    let id = customer.map(|customer| customer.id.as_str());
    let group = customer.and_then(|customer| customer.group.as_ref()).map(PriceGroup::as_str);
    let mut priced = Vec::with_capacity(products.len());
    for product in products {
        let Some(found) = company::find_product(connection, product)? else {
            priced.push(None);
            continue;
        };
        let mut rows = statement.query(params![product.as_str(), id, group])?;
        let mut rules = Vec::new();
        while let Some(row) = rows.next()? {
            rules.push(rule_of_row(row)?);
        }
        priced.push(Some(PricedProduct { product: found.product, rules }));
    }
    Ok(priced)
}

fn rule_of_row(row: &Row<'_>) -> Result<PriceRule, StoreError> {
    let (amount, currency, percent): (Option<i64>, Option<String>, Option<String>) =
        (row.get(4)?, row.get(5)?, row.get(6)?);
    let price = match (amount, currency, percent) {
        (Some(minor), Some(currency), None) => RulePrice::Amount(Money::new(minor, words::currency(&currency)?)),
        (None, None, Some(percent)) => RulePrice::PercentOff(
            percent.parse().map_err(|_| StoreError::Damaged(format!("{percent:?} is no percentage")))?,
        ),
        _ => return Err(StoreError::Damaged("a price rule has no price, or two".into())),
    };
    let from: i64 = row.get(2)?;
    let until: Option<i64> = row.get(3)?;
    Ok(PriceRule {
        basis: PriceBasis::read(&row.get::<_, String>(0)?)?,
        minimum: Quantity::from_thousandths(row.get(1)?),
        price,
        valid_from: (from != BEGINNING).then(|| words::instant(from)).transpose()?,
        valid_until: until.map(words::instant).transpose()?,
    })
}

/// Adds or corrects credit notes. One that is held or spent, and would not be the same, stays as it is and is answered with its
/// place. Whoever held a note before it was corrected holds it no longer.
pub fn save_credits(
    connection: &Connection,
    credits: &[CreditImport],
    now: Timestamp,
) -> Result<Vec<(usize, CreditRefusal)>, StoreError> {
    let mut save = connection.prepare_cached(
        "INSERT INTO credit_note (credit, customer, amount_minor, currency, issued_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (credit) DO UPDATE SET customer = excluded.customer, amount_minor = excluded.amount_minor,
             currency = excluded.currency, issued_at = excluded.issued_at, expires_at = excluded.expires_at,
             hold_until = NULL",
    )?;
    let mut left = Vec::new();
    for (place, credit) in credits.iter().enumerate() {
        let known = find_note(connection, &credit.credit)?;
        let known = known.as_ref();
        let issued_at = credit.issued_at.or(known.map(|note| note.issued_at)).unwrap_or(now);
        let expires_at = match credit.expiry {
            CreditExpiry::Unsaid => known.and_then(|note| note.expires_at),
            CreditExpiry::Never => None,
            CreditExpiry::At(at) => Some(at),
        };
        if let Some(note) = known {
            let same = (&note.customer, note.amount, note.issued_at, note.expires_at)
                == (&credit.customer, credit.amount, issued_at, expires_at);
            match note.state(now) {
                _ if same => continue,
                CreditState::Held => left.push((place, CreditRefusal::Held)),
                CreditState::Spent => left.push((place, CreditRefusal::Spent)),
                CreditState::Open | CreditState::Expired => {}
            }
            if left.last().is_some_and(|(last, _)| *last == place) {
                continue;
            }
        }
        save.execute(params![
            credit.credit.as_str(),
            credit.customer.as_str(),
            credit.amount.minor(),
            credit.amount.currency().code(),
            micros(issued_at),
            expires_at.map(micros)
        ])?;
    }
    Ok(left)
}

const NOTE_COLUMNS: &str = "credit, customer, amount_minor, currency, issued_at, expires_at, hold_channel, hold_id,
    hold_until, spent_at, spent_for";

/// The notes of a customer that are not spent: first those that can be held at once, then the held ones, then the expired
/// ones; of each the newest first.
pub fn list_credits(
    connection: &Connection,
    customer: &CustomerId,
    now: Timestamp,
) -> Result<Vec<CreditNote>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {NOTE_COLUMNS} FROM credit_note WHERE customer = ?1 AND spent_at IS NULL
         ORDER BY COALESCE(expires_at <= ?3, 0), COALESCE(hold_until > ?3, 0), issued_at DESC, credit LIMIT ?2"
    ))?;
    let mut rows = statement.query(params![customer.as_str(), NOTES_MAX, micros(now)])?;
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        notes.push(note_of_row(row)?);
    }
    Ok(notes)
}

fn find_note(connection: &Connection, credit: &CreditId) -> Result<Option<CreditNote>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {NOTE_COLUMNS} FROM credit_note WHERE credit = ?1"))?;
    let mut rows = statement.query([credit.as_str()])?;
    rows.next()?.map(note_of_row).transpose()
}

fn note_of_row(row: &Row<'_>) -> Result<CreditNote, StoreError> {
    let moment = |column: usize| row.get::<_, Option<i64>>(column)?.map(words::instant).transpose();
    let (channel, hold): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
    let holder = channel.zip(hold).map(|(channel, hold)| Holder { channel: ChannelId::new(channel), hold });
    let spent_for: Option<String> = row.get(10)?;
    let spending = moment(9)?.zip(holder.clone()).map(|(at, holder)| CreditSpending {
        holder,
        reference: spent_for.unwrap_or_default(),
        at,
    });
    let until = moment(8)?;
    Ok(CreditNote {
        id: CreditId::new(row.get::<_, String>(0)?),
        customer: CustomerId::new(row.get::<_, String>(1)?),
        amount: Money::new(row.get(2)?, words::currency(&row.get::<_, String>(3)?)?),
        issued_at: words::instant(row.get(4)?)?,
        expires_at: moment(5)?,
        hold: holder.map(|holder| CreditHold { holder, until }),
        spending,
    })
}

/// Holds a note or ends a hold: one transaction decides and writes, so that of many at once one wins.
pub fn act_on_credit(
    connection: &Connection,
    act: &CreditAct,
    now: Timestamp,
) -> Result<Result<CreditNote, CreditRefusal>, StoreError> {
    let visible = |note: &CreditNote| act.customer.as_ref().is_none_or(|customer| *customer == note.customer);
    let found = find_note(connection, &act.credit)?.filter(visible);
    let mut note = found.ok_or_else(|| StoreError::NotFound(format!("credit note {}", act.credit)))?;
    let answer = match &act.step {
        CreditStep::Hold { until } => note.take(&act.holder, *until, now),
        CreditStep::End(end) => note.end_hold(&act.holder, end, now),
    };
    if let Err(refusal) = answer {
        return Ok(Err(refusal));
    }
    let hold = note.hold.as_ref();
    connection
        .prepare_cached(
            "UPDATE credit_note SET hold_channel = ?2, hold_id = ?3, hold_until = ?4, spent_at = ?5, spent_for = ?6
             WHERE credit = ?1",
        )?
        .execute(params![
            note.id.as_str(),
            hold.map(|hold| hold.holder.channel.as_str()),
            hold.map(|hold| hold.holder.hold.as_str()),
            hold.and_then(|hold| hold.until).map(micros),
            note.spending.as_ref().map(|spent| micros(spent.at)),
            note.spending.as_ref().map(|spent| spent.reference.as_str())
        ])?;
    Ok(Ok(note))
}
