//! The sample shop and the day that is played in it.
//!
//! [`catalogue`] holds the shop's files (`assets/sample/`), compiled in, so that `till demo` needs nothing beside itself. Central
//! imports the very same bytes that `central import` would; this room reads them only for what stands on the counter: which codes a
//! simulated scanner can send. [`customers`] are the people on the web, whose orders come by a [`website`], as [`web`] has them
//! arrive, or, as files, by a [`marketplace`]; as [`collectors`] they come to the [`counter`], whose [`switches`] outlive the
//! program. [`script`] is the day as text (`assets/sample/day.txt`), [`cable`] can be cut.
//!
//! Absent here: rules. What is sold, promised and printed comes out of the real rooms, or the day fails.
//!
//! To add a product: a row in `assets/sample/products.csv` and its opening stock in `stock.csv`; the tests of [`catalogue`] say what
//! does not fit together.

pub mod cable;
pub mod catalogue;
pub mod chance;
pub mod collectors;
pub mod counter;
pub mod customers;
pub mod marketplace;
pub mod paper;
pub mod player;
pub mod run;
pub mod script;
pub mod shop;
pub mod switches;
pub mod web;
pub mod website;
