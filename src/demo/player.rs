//! Plays a script in the shop: does what each line says with the shop's own hands, and waits until what it expects is true.
//!
//! A fact is looked for where it would be seen: on the till's screens, on the paper, at central, by the website. Nothing is waited
//! for by sleeping for a guess: every fact is asked again until it is true or its time is up, and then what was seen instead is told.

mod acts;
mod facts;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::catalogue::{CatalogueError, ShelfItem, list_shelf_items};
use super::script::{Act, Fact, Label, OutcomeFact, ScriptError, Step};
use super::shop::Shop;
use crate::central::store::StoreError;
use crate::database::DatabaseError;
use crate::domain::barcode::in_store::{InStoreRules, InStoreRulesError};
use crate::domain::ids::{OrderNumber, StoreId};
use crate::register::Snapshot;

/// How long a fact may take to become true: on a machine with every core busy, and an order's time to pass.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked for.
const GLANCE: Duration = Duration::from_millis(10);

/// Why a line was not played.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The shop, or a part of it, did not do its part.
    #[error("{0:#}")]
    Shop(#[from] anyhow::Error),
    /// The sample shop's files are broken.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The in-store layouts are broken.
    #[error(transparent)]
    InStore(#[from] InStoreRulesError),
    /// The script is not understood.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// Central's data did not answer.
    #[error(transparent)]
    Central(#[from] StoreError),
    /// The till's file did not answer.
    #[error(transparent)]
    Till(#[from] DatabaseError),
    /// A picture was not drawn.
    #[error("{0:#}")]
    Picture(anyhow::Error),
    /// What the line speaks of is not there.
    #[error("there is no {0}")]
    Missing(String),
    /// A fact did not come true in time.
    #[error("expected {expected}, saw {seen}")]
    NotSeen {
        /// What the script says.
        expected: String,
        /// What was there instead.
        seen: String,
    },
}

/// A line that did not come out as it should.
#[derive(Debug, thiserror::Error)]
#[error("line {line} did not come out as it should: {text}")]
pub struct Failure {
    /// Its number, from 1.
    pub line: usize,
    /// As written.
    pub text: String,
    /// Why.
    #[source]
    pub cause: Box<PlayError>,
}

/// Where the player puts a picture of the screen.
pub type Album = Box<dyn FnMut(&str, &Shop) -> anyhow::Result<()>>;

/// An order a script has sent.
#[derive(Clone, Debug)]
struct SentOrder {
    number: Option<OrderNumber>,
    document: String,
}

/// Plays lines in a shop.
pub struct Player {
    shop: Shop,
    items: Vec<ShelfItem>,
    rules: InStoreRules,
    customers: super::customers::Customers,
    orders: BTreeMap<Label, SentOrder>,
    outcome: Option<OutcomeFact>,
    last_scan: Option<(String, Instant)>,
    at: StoreId,
    album: Album,
}

impl Player {
    /// Ready to play in `shop`, with customers of a seed.
    pub fn new(shop: Shop, seed: u64, album: Album) -> Result<Self, PlayError> {
        Ok(Self {
            shop,
            items: list_shelf_items()?,
            rules: InStoreRules::for_country(super::catalogue::COUNTRY)?,
            customers: super::customers::Customers::new(seed)?,
            orders: BTreeMap::new(),
            outcome: None,
            last_scan: None,
            at: StoreId::new(super::catalogue::STORE),
            album,
        })
    }

    /// Plays lines until one does not come out as it should. `tell` gets each line as it is begun.
    pub fn play_all(&mut self, steps: &[Step], tell: &mut dyn FnMut(&Step)) -> Result<(), Failure> {
        for step in steps {
            tell(step);
            let failed = |cause| Failure { line: step.line, text: step.text.clone(), cause: Box::new(cause) };
            self.play(step).map_err(failed)?;
        }
        Ok(())
    }

    /// Plays one line: does it, and waits for everything it expects.
    pub fn play(&mut self, step: &Step) -> Result<(), PlayError> {
        match &step.act {
            Act::Picture(name) => (self.album)(name, &self.shop).map_err(PlayError::Picture)?,
            act => self.act(act)?,
        }
        for fact in &step.facts {
            self.wait_for(fact)?;
        }
        // When the till read it is not known, but by now it has.
        if let (Act::Scan(_), Some((_, at))) = (&step.act, &mut self.last_scan) {
            *at = Instant::now();
        }
        Ok(())
    }

    /// The shop, when the day is over.
    pub fn into_shop(self) -> Shop {
        self.shop
    }

    fn wait_for(&mut self, fact: &Fact) -> Result<(), PlayError> {
        let until = Instant::now() + PATIENCE;
        loop {
            let Some(seen) = self.find_difference(fact)? else { return Ok(()) };
            if Instant::now() >= until {
                return Err(PlayError::NotSeen { expected: format!("{fact:?}"), seen });
            }
            std::thread::sleep(GLANCE);
        }
    }

    fn wait_until(&self, what: &str, is_so: impl Fn(&Snapshot) -> bool) -> Result<(), PlayError> {
        let until = Instant::now() + PATIENCE;
        while !is_so(&*self.get_snapshot()?) {
            if Instant::now() >= until {
                return Err(PlayError::Missing(what.to_owned()));
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    fn get_order(&self, label: &Label) -> Result<OrderNumber, PlayError> {
        let sent = self.orders.get(label).and_then(|order| order.number.clone());
        sent.ok_or_else(|| PlayError::Missing(format!("order {label:?}")))
    }
}
