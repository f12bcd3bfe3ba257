//! Filling the snapshot. What seldom changes is kept between snapshots and read again only after it was forgotten.

use std::collections::HashMap;
use std::sync::Arc;

use crate::database::{DatabaseError, FeedOutcome, SpooledJob};
use crate::domain::Timestamp;
use crate::domain::feed::Scope;
use crate::domain::ids::{OperatorId, PrintJobId, ProductId};
use crate::domain::money;
use crate::domain::product::Product;
use crate::domain::quantity::Quantity;

use super::history::story_of;
use super::intent::Screen;
use super::sizes::{in_name_order, name_order};
use super::snapshot::{
    Access, BasketView, DevicesView, LineMark, ParkedBasket, PickUps, ProductHit, QuickKey, QuickKeyTab, SearchResults,
    SignInView, Snapshot, StockRow, StockView, Task, TillView,
};
use super::snapshot::{OperatorView, OrderRef};
use super::tasks::unprinted_task;
use super::{Handled, Register};

/// How many products a search shows.
const HITS_MAX: usize = 30;
/// How long a product's story is.
const STORY_MAX: usize = 10;
/// How many products the stock screen shows.
const STOCK_ROWS_MAX: usize = 50;

/// What seldom changes.
#[derive(Default)]
pub(super) struct ViewCache {
    quick_keys: Option<Arc<Vec<QuickKeyTab>>>,
    parked: Option<Arc<Vec<ParkedBasket>>>,
    pub pick_ups: Option<Arc<PickUps>>,
    operators: Option<Arc<Vec<OperatorView>>>,
    pub tasks: Option<Arc<Vec<Task>>>,
    /// The tasks of documents that are not on paper: a printer that is out of order all day leaves hundreds of them.
    pub unprinted: Option<Vec<Task>>,
    search: Option<Arc<SearchResults>>,
    /// When the next order in the queue lapses.
    pub lapses_at: Option<Timestamp>,
    hits: HashMap<ProductId, ProductHit>,
    /// Tasks to count, each until its product moves: the list is as long as the books are wrong.
    pub counts: HashMap<ProductId, Task>,
}

impl ViewCache {
    /// Everything is read again for the next snapshot.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Only the tasks are read again.
    pub fn forget_tasks(&mut self) {
        self.tasks = None;
    }

    /// The documents in the spool are read again, and the tasks.
    pub fn forget_prints(&mut self) {
        self.unprinted = None;
        self.tasks = None;
    }

    /// One more document is in the spool.
    pub fn add_print(&mut self, job: SpooledJob) {
        if let Some(unprinted) = &mut self.unprinted {
            unprinted.push(unprinted_task(job));
        }
        self.tasks = None;
    }

    /// A document needs nobody any more.
    pub fn remove_print(&mut self, done: PrintJobId) {
        if let Some(unprinted) = &mut self.unprinted {
            unprinted.retain(|task| !matches!(task, Task::Unprinted { job, .. } if *job == done));
        }
        self.tasks = None;
    }

    /// An order's time has passed, or what it lacks has changed: queue and tasks are read again.
    pub fn forget_orders(&mut self) {
        self.pick_ups = None;
        self.tasks = None;
    }

    /// The stock of these products has moved: their figures on keys and in results are read again.
    pub fn forget_products(&mut self, products: &[ProductId]) {
        for product in products {
            self.hits.remove(product);
            self.counts.remove(product);
        }
        self.quick_keys = None;
        self.search = None;
        self.tasks = None;
    }

    /// What a batch of the feed has changed is read again.
    pub fn forget_after(&mut self, outcome: &FeedOutcome) {
        if outcome.catalogue || outcome.people {
            return self.forget();
        }
        self.forget_products(&outcome.stock);
        if !outcome.orders.is_empty() {
            self.forget_orders();
        }
        if outcome.cases || outcome.transfers {
            self.forget_orders();
        }
    }
}

/// Reads a part of the snapshot; a file that cannot be read shows as an empty part and in the log.
pub(super) fn shown<T: Default>(read: Result<T, DatabaseError>) -> T {
    read.unwrap_or_else(|error| {
        tracing::error!(%error, "a part of the screen cannot be read");
        T::default()
    })
}

/// Everything the screens show now.
pub(super) fn snapshot(register: &mut Register) -> Snapshot {
    let access = shown_access(register);
    let signed_in = !matches!(access, Access::SignIn(_));
    let quick_keys = shown(register.quick_keys());
    let parked = shown(register.parked());
    let pick_ups = shown(register.pick_ups());
    let tasks = shown(register.tasks());
    let search = shown(register.search());
    let on = |screen: Screen| signed_in && register.screen == screen;
    let receipts = on(Screen::Receipts).then(|| Arc::new(shown(register.receipt_list())));
    let tasks_shown = on(Screen::UnfinishedBusiness);
    let other_stores = tasks_shown.then(|| shown(register.database.view().find_longest_unheard_store())).flatten();
    let has_close_report = on(Screen::Drawer) && shown(register.has_close_report());
    let drawer = on(Screen::Drawer).then(|| shown(register.drawer_view())).flatten();
    let stock = on(Screen::Stock).then(|| Arc::new(shown(register.stock_view())));
    let open_order = shown(register.order_detail()).map(Arc::new);
    let line = shown(register.line_panel()).map(Arc::new);
    Snapshot {
        revision: register.revision,
        till: till_view(register),
        screen: register.screen,
        basket: basket_view(register),
        conflict: register.card_view().map(Arc::new),
        question: register.question.as_ref().map(|q| q.shown.clone()),
        approval: register.approval_view().map(Arc::new),
        pay: (register.screen == Screen::Pay).then(|| register.pay_view()),
        completed: register.completed.as_ref().map(|c| c.shown.clone()),
        line,
        search,
        quick_keys,
        parked,
        pick_ups,
        open_order,
        receipts,
        session: register.session.clone(),
        unexplained: register.unexplained,
        drawer,
        has_close_report,
        stock,
        devices: DevicesView {
            devices: register.devices.clone(),
            paper: register.paper,
            drawer: register.drawer,
            ports: register.ports.clone(),
            kept: register.kept,
        },
        sync: register.sync.clone(),
        other_stores,
        tasks,
        books_told: register.is_told_books(),
        notice: register.notice.clone(),
        access,
    }
}

fn till_view(register: &Register) -> TillView {
    TillView {
        store_name: register.settings.name.clone(),
        workstation: register.till.workstation.to_string(),
        country: register.settings.country.clone(),
        currency: register.settings.currency,
        tax_mode: register.settings.tax_mode,
        cash_rounding: register.settings.cash_rounding,
        time_zone: register.settings.time_zone.clone(),
        price_change_reasons: register.settings.price_changes.reasons.clone(),
        bays: register.settings.bays.clone(),
        business_day: register.business_day(),
        next_receipt_number: shown(register.database.view().next_receipt_number()),
    }
}

fn shown_access(register: &mut Register) -> Access {
    match &register.operator {
        Some(operator) => {
            let view = OperatorView { id: operator.id.clone(), name: operator.name.clone(), role: operator.role };
            if register.session.is_some() { Access::Open(view) } else { Access::NeedsSession(view) }
        }
        None => {
            let operators = shown(register.operators());
            let wait_until = register.chosen.clone().and_then(|id| shown(register.sign_in_wait_until(&id)));
            Access::SignIn(SignInView {
                operators,
                chosen: register.chosen.clone(),
                refused: register.sign_in_refused,
                wait_until,
                basket_waiting: !register.basket.is_empty(),
                basket_of: register.rung_by.as_ref().map(|id| register.operator_name(id)),
            })
        }
    }
}

fn basket_view(register: &Register) -> BasketView {
    let basket = &register.basket;
    let table = basket.tax_table(&register.settings.tax_rates, register.settings.tax_mode);
    let deciding = register.card.as_ref().map(|c| c.line);
    let marks = basket
        .lines
        .iter()
        .map(|line| {
            if deciding == Some(line.line) {
                return LineMark::Deciding;
            }
            if let Some(hand_over) = &line.hand_over {
                let collection = basket.collections.iter().find(|c| c.order == hand_over.order);
                let order = OrderRef {
                    number: hand_over.order.clone(),
                    customer_name: collection.map_or_else(String::new, |c| c.collector.clone()),
                    collect_by: None,
                };
                let changed = register.changed_orders.contains(&order.number);
                return if changed { LineMark::OrderChanged(order) } else { LineMark::HandOver(order) };
            }
            register.judgements.of(&line.product).map_or(LineMark::None, |j| j.mark(&line.product, basket))
        })
        .collect();
    BasketView {
        basket: basket.clone(),
        marks: Arc::new(marks),
        total: money::sum(basket.currency, table.iter().map(|t| t.gross)),
        tax_total: money::sum(basket.currency, table.iter().map(|t| t.tax)),
        item_count: basket.item_count(),
        selected: register.selected,
        quantity_prefix: register.quantity_prefix,
        remaining: register.settlement().remaining,
        at_terminal: register.at_terminal,
    }
}

impl Register {
    pub(super) fn operators(&mut self) -> Result<Arc<Vec<OperatorView>>, DatabaseError> {
        if let Some(kept) = &self.cache.operators {
            return Ok(kept.clone());
        }
        let operators = self.database.view().list_operators()?;
        let views = operators
            .into_iter()
            .filter(|o| o.active)
            .map(|o| OperatorView { id: o.id, name: o.name, role: o.role })
            .collect();
        Ok(self.cache.operators.insert(Arc::new(views)).clone())
    }

    fn quick_keys(&mut self) -> Result<Arc<Vec<QuickKeyTab>>, DatabaseError> {
        if let Some(kept) = &self.cache.quick_keys {
            return Ok(kept.clone());
        }
        let products = self.database.view().list_quick_keys()?;
        let mut tabs = vec![QuickKeyTab { name: String::new(), keys: Vec::new() }];
        for product in products {
            let key = self.quick_key(&product)?;
            if product.quick_key.is_some_and(|position| position < FAVOURITES) {
                add_key(&mut tabs[0], key.clone());
            }
            match tabs.iter_mut().skip(1).find(|t| t.name == product.department) {
                Some(tab) => add_key(tab, key),
                None => tabs.push(QuickKeyTab { name: product.department.clone(), keys: vec![key] }),
            }
        }
        Ok(self.cache.quick_keys.insert(Arc::new(tabs)).clone())
    }

    /// The key of a product: with those it shares its name with, it is one key.
    fn quick_key(&mut self, product: &Product) -> Result<QuickKey, DatabaseError> {
        let family = match &product.variant_of {
            Some(name) => self.database.view().list_variants(name)?,
            None => Vec::new(),
        };
        if family.len() < 2 {
            return Ok(QuickKey { hit: self.kept_hit(product)?, variants: Vec::new() });
        }
        let mut variants = family.iter().map(|variant| self.kept_hit(variant)).collect::<Result<Vec<_>, _>>()?;
        variants.sort_by_cached_key(|variant| name_order(&variant.name));
        let hit = self.kept_hit(product)?;
        let price = variants.iter().map(|variant| variant.price).min_by_key(|price| price.minor()).unwrap_or(hit.price);
        let name = product.variant_of.clone().unwrap_or_default();
        Ok(QuickKey { hit: ProductHit { name, price, ..hit }, variants })
    }

    fn kept_hit(&mut self, product: &Product) -> Result<ProductHit, DatabaseError> {
        if let Some(kept) = self.cache.hits.get(&product.id) {
            return Ok(kept.clone());
        }
        let hit = self.product_hit(product)?;
        self.cache.hits.insert(product.id.clone(), hit.clone());
        Ok(hit)
    }

    fn parked(&mut self) -> Result<Arc<Vec<ParkedBasket>>, DatabaseError> {
        if let Some(kept) = &self.cache.parked {
            return Ok(kept.clone());
        }
        let parked = self.database.view().list_parked()?;
        let views = parked
            .into_iter()
            .map(|p| ParkedBasket {
                basket: p.draft.basket.id,
                parked_at: p.parked_at,
                operator_name: p.operator.as_ref().map_or_else(String::new, |id| self.operator_name(id)),
                item_count: p.draft.basket.item_count(),
                total: p.draft.basket.total(&self.settings.tax_rates, self.settings.tax_mode),
            })
            .collect();
        Ok(self.cache.parked.insert(Arc::new(views)).clone())
    }

    fn search(&mut self) -> Result<Option<Arc<SearchResults>>, DatabaseError> {
        if self.search_text.trim().is_empty() {
            self.cache.search = None;
            return Ok(None);
        }
        if let Some(kept) = self.cache.search.as_ref().filter(|s| s.text == self.search_text) {
            return Ok(Some(kept.clone()));
        }
        let products = self.database.view().search_products(&self.search_text, HITS_MAX)?;
        let hits = products.iter().map(|p| self.product_hit(p)).collect::<Result<_, _>>()?;
        let results = Arc::new(SearchResults { text: self.search_text.clone(), hits });
        self.cache.search = Some(results.clone());
        Ok(Some(results))
    }

    /// The product that was scanned, or those that what was typed finds.
    fn stock_view(&self) -> Result<StockView, DatabaseError> {
        let view = self.database.view();
        let products = match &self.stock_scanned {
            Some(scanned) => view.find_product(scanned)?.into_iter().collect(),
            None if self.stock_search.trim().is_empty() => Vec::new(),
            None => in_name_order(view.search_products(&self.stock_search, STOCK_ROWS_MAX)?, &self.stock_search),
        };
        let mut rows = Vec::with_capacity(products.len());
        for product in products {
            rows.push(StockRow {
                hit: self.product_hit(&product)?,
                story: story_of(view, &product.id, STORY_MAX)?,
                elsewhere: view.list_other_stores(&product.id)?,
                as_of: view.find_feed_as_of(Scope::Store)?,
            });
        }
        let search = match (&self.stock_scanned, rows.first()) {
            (Some(_), Some(row)) => row.hit.name.clone(),
            _ => self.stock_search.clone(),
        };
        Ok(StockView {
            search,
            scanned: self.stock_scanned.clone(),
            rows,
            choosing: self.choosing_counts,
            count: self.shelf_count_view()?,
        })
    }

    pub(super) fn search_stock(&mut self, text: String) -> Handled {
        self.stock_search = text;
        self.stock_scanned = None;
        Ok(())
    }

    /// A product with its figures, as search, keys and questions show it.
    pub(super) fn product_hit(&self, product: &Product) -> Result<ProductHit, DatabaseError> {
        let (level, elsewhere) = if product.stocked {
            let others = self.database.view().list_other_stores(&product.id)?;
            let elsewhere = others.iter().map(|s| s.free.max(Quantity::ZERO)).sum();
            (self.database.view().stock_level(&product.id)?, elsewhere)
        } else {
            Default::default()
        };
        Ok(ProductHit {
            product: product.id.clone(),
            name: product.name.clone(),
            department: product.department.clone(),
            price: product.price,
            price_kind: product.price_kind,
            unit: product.unit,
            stocked: product.stocked,
            level,
            elsewhere,
        })
    }

    pub(super) fn operator_name(&self, id: &OperatorId) -> String {
        shown(self.database.view().find_operator(id)).map_or_else(|| id.to_string(), |o| o.name)
    }
}

/// Quick keys below this position are favourites; the others stand in their department's tab only.
const FAVOURITES: u16 = 100;

/// A family has one key a tab, however many of its products are given one.
fn add_key(tab: &mut QuickKeyTab, key: QuickKey) {
    let known = !key.variants.is_empty() && tab.keys.iter().any(|other| other.variants == key.variants);
    if !known {
        tab.keys.push(key);
    }
}
