//! `central tills`: every till, and how far behind it central is.

use till::central::Surroundings;
use till::central::store::{Store, TillRecord};

use crate::arguments::Listing;
use crate::{Outcome, print};

/// Lists them.
pub async fn run(arguments: Listing, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open_to_look(&surroundings)?;
    let (tills, zones) = (store.list_tills().await?, print::Zones::of(&store.list_stores().await?));
    let (aside, forks) = (store.list_put_aside().await?, store.list_forks().await?);
    store.close();
    let counts = |till: &TillRecord| {
        let aside = aside.iter().find(|(of, _)| *of == till.till).map_or(0, |(_, entries)| *entries);
        (aside, forks.iter().filter(|fork| fork.till == till.till).count())
    };
    let rows: Vec<Vec<String>> = tills
        .iter()
        .map(|till| {
            let zone = zones.find(&till.till.store);
            let stamp = |at: Option<_>| at.map_or_else(String::new, |at| zone.stamp(at));
            let (aside, forks) = counts(till);
            vec![
                till.till.store.to_string(),
                till.till.workstation.to_string(),
                if till.revoked_at.is_some() { "shut out" } else { "" }.into(),
                till.unsent.map_or_else(|| "never heard".into(), |told| told.unsent.count.to_string()),
                stamp(till.unsent.and_then(|told| told.unsent.oldest_at)),
                stamp(till.unsent.map(|told| told.as_of)),
                aside.to_string(),
                forks.to_string(),
            ]
        })
        .collect();
    let values = tills.iter().map(|till| {
        let (aside, forks) = counts(till);
        serde_json::json!({
            "store": till.till.store.as_str(), "workstation": till.till.workstation.as_str(),
            "enrolled_at": till.enrolled_at.to_rfc3339(), "revoked_at": till.revoked_at.map(|at| at.to_rfc3339()),
            "seen_at": till.seen_at.map(|at| at.to_rfc3339()),
            "unsent": till.unsent.map(|told| told.unsent.count),
            "oldest_unsent_at": till.unsent.and_then(|told| told.unsent.oldest_at).map(|at| at.to_rfc3339()),
            "unsent_as_of": till.unsent.map(|told| told.as_of.to_rfc3339()),
            "quarantined": aside, "forks": forks,
        })
    });
    let headers = ["STORE", "TILL", "STATE", "UNSENT", "OLDEST UNSENT", "AS OF", "PUT ASIDE", "FORKS"];
    print::rows(&headers, &rows, arguments.json.then(|| values.collect()))?;
    Ok(Outcome::Done)
}
