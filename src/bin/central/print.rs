//! Lists on standard output: as columns for people, as JSON for programs.

use std::io::{self, Write};

use serde_json::Value;
use till::central::store::StoreRecord;
use till::domain::ids::StoreId;
use till::domain::zone::StoreZone;

/// The time zones of stores, for lists of several.
pub struct Zones(Vec<(StoreId, StoreZone)>);

impl Zones {
    /// Of these stores.
    pub fn of(stores: &[StoreRecord]) -> Self {
        let zone = |store: &StoreRecord| (store.settings.id.clone(), store.settings.time_zone.clone());
        Self(stores.iter().map(zone).collect())
    }

    /// A store's; universal time for one that is not in the list.
    pub fn find(&self, store: &StoreId) -> StoreZone {
        let found = self.0.iter().find(|(id, _)| id == store);
        found.map_or_else(StoreZone::universal, |(_, zone)| zone.clone())
    }

    /// The one that all stores are in, for what belongs to none of them; universal time where there are several.
    pub fn shared(&self) -> StoreZone {
        let Some((_, first)) = self.0.first() else { return StoreZone::universal() };
        if self.0.iter().all(|(_, zone)| zone == first) { first.clone() } else { StoreZone::universal() }
    }
}

/// Prints rows: JSON when asked for, else columns as wide as their widest cell.
pub fn rows(headers: &[&str], rows: &[Vec<String>], json: Option<Vec<Value>>) -> anyhow::Result<()> {
    let text = match json {
        Some(values) => format!("{}\n", serde_json::to_string_pretty(&values)?),
        None => table(headers, rows),
    };
    text_out(&text)
}

/// Prints text; a reader that has gone away (`| head`) is no error.
pub fn text_out(text: &str) -> anyhow::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn table(headers: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([headers[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headers.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{}\n", padded.join("  ").trim_end())
    };
    let mut text = line(&mut headers.iter().copied());
    for row in rows {
        text.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    text
}
