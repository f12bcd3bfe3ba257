//! Counting a product on its shelf, blind, while the shop goes on. What was found becomes an entry: the books follow, and the
//! task to count it is over. What is held for orders lies in its bay, and what lies in a basket is with a customer: neither is
//! on the shelf, and whoever counts is told so.
//!
//! What is a task to count is counted blind: the stock screen and the search tell nothing of its figures but to those who may
//! correct the books. Who counts something of their own accord has seen them there, and is told that this count is not blind.
//!
//! It stays blind: that the books say something else is told, and each figure that they do not say stands in the journal. On
//! which side it is off, is told with the reasons, once whoever counted lets their figure stand and it is counted no more;
//! by how much, when it is booked, which beyond what the store lets pass somebody else agrees to before.

use crate::database::{DatabaseError, View};
use crate::domain::basket::{Basket, BasketError};
use crate::domain::event::Event;
use crate::domain::ids::{OperatorId, ProductId};
use crate::domain::money::Money;
use crate::domain::operator::{Act as OperatorAct, Operator, Permission};
use crate::domain::product::Product;
use crate::domain::quantity::Quantity;

use super::intent::Screen;
use super::session::reason_given;
use super::snapshot::{CountFigures, CountSide, HeldPlace, NoticeKind, NoticeWeight, ShelfCountView};
use super::{Handled, Register};

/// A count that was begun.
#[derive(Clone, Debug)]
pub(super) struct ShelfCount {
    product: ProductId,
    /// Where it was begun, and where it ends.
    back: Screen,
    /// What the books said lay there, when it was begun or finished.
    books: Quantity,
    /// What was found, when that is not what the books say.
    unexplained: Option<Quantity>,
    /// It is what was found, and is not counted again: a reason is asked for.
    stands: bool,
    /// The figure that the journal heard of last.
    recorded: Option<Quantity>,
    /// Something is typed of it.
    typed: bool,
    /// The stock screen has told what the books say.
    books_seen: bool,
}

impl ShelfCount {
    /// Nothing was found yet.
    fn new(product: ProductId) -> Self {
        let (books, back) = (Quantity::ZERO, Screen::Stock);
        Self { product, back, books, unexplained: None, stands: false, recorded: None, typed: false, books_seen: false }
    }
}

/// A figure that stands and is not booked, and who found it.
pub(super) type StandingCount = (Option<OperatorId>, ShelfCount);

/// A shelf as the books have it.
struct Books {
    on_shelf: Quantity,
    in_baskets: Quantity,
}

impl Register {
    /// Somebody goes to count a product.
    pub(super) fn begin_shelf_count(&mut self, product: &ProductId) -> Handled {
        self.get_undecided()?;
        let Some(found) = self.database.view().find_product(product)? else { return Ok(()) };
        if !found.stocked {
            return Err(NoticeKind::NotCounted { name: found.name }.into());
        }
        let books = self.books_of(product)?.on_shelf;
        let back = self.shelf_count.as_ref().map_or(self.screen, |count| count.back);
        let recorded = self.shelf_count.as_ref().filter(|count| count.product == *product).and_then(|c| c.recorded);
        let books_seen = self.has_seen_books(product)?;
        let me = self.operator.as_ref().map(|operator| operator.id.clone());
        // What stands stands: whoever left it is asked for the reason, unless something has moved.
        let stands = |(counted_by, count): &&StandingCount| *counted_by == me && count.books == books;
        let standing = self.standing_counts.get(product).filter(stands).map(|(_, count)| count.clone());
        self.show_screen(Screen::Stock)?;
        self.shelf_count = Some(match standing {
            Some(count) => ShelfCount { back, ..count },
            None => ShelfCount { back, books, recorded, books_seen, ..ShelfCount::new(product.clone()) },
        });
        Ok(())
    }

    /// Does the count that is begun follow what the stock screen has told of the product? What is a task to count is told to those
    /// alone who may correct the books.
    fn has_seen_books(&self, product: &ProductId) -> Result<bool, DatabaseError> {
        if let Some(count) = &self.shelf_count {
            return Ok(count.product == *product && count.books_seen);
        }
        if self.screen != Screen::Stock || self.choosing_counts {
            return Ok(false);
        }
        let to_count = self.database.view().list_count_list()?;
        Ok(self.is_told_books() || to_count.iter().all(|row| row.product != *product))
    }

    /// Is whoever is signed in told what the books say of what is a task to count?
    pub(super) fn is_told_books(&self) -> bool {
        let permission = |operator: &Operator| self.settings.permission(operator.role, OperatorAct::CorrectStock);
        self.operator.as_ref().is_some_and(|operator| permission(operator) == Permission::Allow)
    }

    /// Whoever counts one after the other looks for what they count next; or no more.
    pub(super) fn look_for_counts(&mut self, looked_for: bool) -> Handled {
        self.get_undecided()?;
        self.choosing_counts = looked_for && self.screen == Screen::Stock;
        self.search_stock(String::new())
    }

    /// A figure is being typed, or none any more.
    pub(super) fn type_shelf_figure(&mut self, typed: bool) -> Handled {
        if let Some(count) = &mut self.shelf_count {
            count.typed = typed;
        }
        Ok(())
    }

    /// A scan throws away nothing that was typed of a count, or found and not yet booked.
    pub(super) fn get_count_untouched(&self) -> Handled {
        match &self.shelf_count {
            Some(count) if count.typed || count.unexplained.is_some() => {
                Err(NoticeKind::CountFirst { name: self.name_of_counted().unwrap_or_default() }.into())
            }
            _ => Ok(()),
        }
    }

    /// What was scanned on the stock screen is looked at, or counted where somebody counts.
    pub(super) fn scanned_on_stock(&mut self, scanned: &ProductId) -> Handled {
        // Each scan would be one more at a counter, and this one opened the count: nobody can tell, so that none counts.
        if self.counts(scanned) {
            return Err(NoticeKind::CountByTyping { name: self.name_of_counted().unwrap_or_default() }.into());
        }
        // Whoever counts scans what they count next.
        if self.shelf_count.is_some() || self.choosing_counts {
            self.begin_shelf_count(scanned)?;
        }
        self.stock_search.clear();
        self.stock_scanned = Some(scanned.clone());
        Ok(())
    }

    /// Whoever was to agree wants it counted again, from the beginning.
    pub(super) fn count_shelf_again(&mut self) -> Handled {
        let Some(product) = self.product_counted() else { return Ok(()) };
        self.standing_counts.remove(&product);
        if let Some(count) = &mut self.shelf_count {
            (count.unexplained, count.stands, count.recorded) = Default::default();
        }
        self.begin_shelf_count(&product)
    }

    /// Whoever left the till while somebody was to agree to their count is back at it. `false` when nobody is to agree any more:
    /// something has moved, so that it is counted anew, or somebody else has counted it.
    pub(super) fn come_back_to_shelf(&mut self, count: ShelfCount) -> Result<bool, DatabaseError> {
        let me = self.operator.as_ref().map(|operator| operator.id.clone());
        if self.standing_counts.get(&count.product).is_none_or(|(counted_by, _)| *counted_by != me) {
            return Ok(false);
        }
        let Some(product) = self.database.view().find_product(&count.product)? else { return Ok(false) };
        let books = self.books_of(&count.product)?.on_shelf;
        let holds = books == count.books;
        self.enter(Screen::Stock);
        if holds {
            self.shelf_count = Some(count);
        } else {
            self.count_anew(product.name, count, books);
        }
        Ok(holds)
    }

    /// It is not counted after all.
    pub(super) fn leave_shelf_count(&mut self) -> Handled {
        self.get_undecided()?;
        match self.shelf_count.take() {
            Some(count) if count.back != Screen::Stock => self.show_screen(count.back),
            _ => Ok(()),
        }
    }

    /// So much lies there. That the books say something else is told; said once more, the figure stands and its reason is asked.
    pub(super) fn count_shelf(&mut self, found: Quantity, reason: Option<String>) -> Handled {
        let Some(count) = self.shelf_count.clone() else { return Ok(()) };
        let Some(product) = self.database.view().find_product(&count.product)? else { return Ok(()) };
        if found.is_negative() {
            return Err(NoticeKind::BasketRefused(BasketError::QuantityInvalid).into());
        }
        if count.stands && count.unexplained != Some(found) {
            return Ok(());
        }
        let books = self.books_of(&count.product)?;
        // What moved since it was counted and explained has moved on the shelf too.
        let is_finished = count.unexplained == Some(found);
        if !is_finished && books.on_shelf != count.books {
            self.count_anew(product.name, count, books.on_shelf);
            return Ok(());
        }
        let differs = found != count.books;
        let reason = reason.and_then(|reason| reason_given(&reason)).filter(|_| differs);
        if differs && count.recorded != Some(found) {
            self.record_shelf_count(found)?;
        }
        self.forget_kept_count();
        if differs && reason.is_none() {
            self.leave_unexplained(ShelfCount { unexplained: Some(found), stands: is_finished, ..count }, found);
            return Ok(());
        }
        if self.is_large(&product, found - count.books) {
            self.get_permission(OperatorAct::CorrectStock)?;
        }
        let now_there = found + (books.on_shelf - count.books);
        let event = Event::StockCounted {
            product: count.product.clone(),
            found: now_there,
            expected: books.on_shelf,
            in_baskets: books.in_baskets,
            reason,
        };
        self.commit(|act| {
            act.record(event)?;
            act.tx.remove_from_count_list(&count.product)
        })?;
        self.shelf_count = None;
        self.standing_counts.remove(&count.product);
        if self.choosing_counts {
            // Whoever counts one after the other begins the next with nothing in the way.
            self.search_stock(String::new())?;
        }
        self.cache.forget_products(std::slice::from_ref(&count.product));
        if count.back != Screen::Stock {
            self.show_screen(count.back)?;
        }
        let worth = (found - count.books).at(product.price).unwrap_or(Money::zero(self.settings.currency));
        let (name, (_, agreed_by)) = (product.name, self.agreed_by());
        self.done(NoticeKind::StockCounted { name, found, expected: count.books, worth, agreed_by });
        self.judge_product(&count.product)
    }

    /// The journal hears of every figure that is not what the books say, whatever comes of it.
    fn record_shelf_count(&mut self, counted: Quantity) -> Handled {
        let Some(count) = &self.shelf_count else { return Ok(()) };
        let event = Event::ShelfCounted { product: count.product.clone(), expected: count.books, counted };
        self.commit(|act| act.record(event).map(|_| ()))?;
        if let Some(count) = &mut self.shelf_count {
            count.recorded = Some(counted);
        }
        Ok(())
    }

    /// The figure waits: to stand, or for its reason.
    fn leave_unexplained(&mut self, count: ShelfCount, found: Quantity) {
        let count = ShelfCount { recorded: Some(found), typed: false, ..count };
        // What a scan was refused for is done.
        self.notice.take_if(|notice| is_about_counting(&notice.kind));
        if count.stands {
            let me = self.operator.as_ref().map(|operator| operator.id.clone());
            self.standing_counts.insert(count.product.clone(), (me, count.clone()));
        }
        self.shelf_count = Some(count);
    }

    /// Something has moved, and may or may not have been counted along: only whoever stands there can tell. The next answer holds.
    fn count_anew(&mut self, name: String, count: ShelfCount, books: Quantity) {
        let ShelfCount { back, books_seen, product, .. } = count;
        self.shelf_count = Some(ShelfCount { back, books, books_seen, ..ShelfCount::new(product) });
        self.say(NoticeWeight::Mind, NoticeKind::MovedWhileCounting { name, moved: books - count.books });
    }

    /// Is a difference of a product more than the store lets pass?
    fn is_large(&self, product: &Product, difference: Quantity) -> bool {
        let limit = self.settings.difference_limits.stock_minor;
        difference.at(product.price).is_none_or(|worth| worth.minor().saturating_abs() > limit)
    }

    /// What is counted, when something is.
    pub(super) fn product_counted(&self) -> Option<ProductId> {
        self.shelf_count.as_ref().map(|count| count.product.clone())
    }

    /// A count for whoever is to agree to it: what was found, and what the books say.
    pub(super) fn shelf_figures(&self, found: Quantity) -> Option<CountFigures> {
        let count = self.shelf_count.as_ref()?;
        let product = super::view::shown(self.database.view().find_product(&count.product))?;
        let currency = product.price.currency();
        let worth = (found - count.books).at(product.price).unwrap_or(Money::zero(currency));
        let limit = Money::new(self.settings.difference_limits.stock_minor, currency);
        Some(CountFigures::Shelf { unit: product.unit, found, books: count.books, worth, limit })
    }

    /// The name of what is counted, for whoever is to agree to it.
    pub(super) fn name_of_counted(&self) -> Option<String> {
        let count = self.shelf_count.as_ref()?;
        super::view::shown(self.database.view().find_product(&count.product)).map(|product| product.name)
    }

    /// What the books of this till say lies on the shelf now.
    fn books_of(&self, product: &ProductId) -> Result<Books, DatabaseError> {
        let view = self.database.view();
        let in_baskets = quantity_in(&self.basket, product) + in_parked(view, product)?;
        Ok(Books { on_shelf: view.stock_level(product)?.shelf() - in_baskets, in_baskets })
    }

    /// Have the books fewer of a product on the shelf than were just taken from it? Then they are wrong about it.
    pub(super) fn has_fewer_on_shelf(&self, product: &ProductId, taken: Quantity) -> Result<bool, DatabaseError> {
        let stocked = self.database.view().find_product(product)?.is_some_and(|product| product.stocked);
        Ok(stocked && self.books_of(product)?.on_shelf < taken)
    }

    /// Do the books say that so much of it lies on the shelf?
    pub(super) fn has_on_shelf(&self, product: &ProductId, wanted: Quantity) -> Result<bool, DatabaseError> {
        let stocked = self.database.view().find_product(product)?.is_some_and(|product| product.stocked);
        Ok(stocked && self.books_of(product)?.on_shelf >= wanted)
    }

    /// Is this product being counted?
    pub(super) fn counts(&self, product: &ProductId) -> bool {
        self.shelf_count.as_ref().is_some_and(|count| count.product == *product)
    }

    /// The count, as the screen shows it: nothing of what the books say lies there.
    pub(super) fn shelf_count_view(&self) -> Result<Option<ShelfCountView>, DatabaseError> {
        let Some(count) = &self.shelf_count else { return Ok(None) };
        let view = self.database.view();
        let Some(product) = view.find_product(&count.product)? else { return Ok(None) };
        let mut held = Vec::new();
        for order in view.orders_concerning(&count.product)? {
            let quantity = order.held_of(&count.product);
            if quantity.is_positive() {
                held.push(HeldPlace { order: order.number, quantity, bay: order.bay });
            }
        }
        Ok(Some(ShelfCountView {
            product: product.id,
            name: product.name,
            unit: product.unit,
            bin: product.bin,
            held,
            in_baskets: self.books_of(&count.product)?.in_baskets,
            unexplained: count.unexplained,
            side: count.unexplained.filter(|_| count.stands).map(|found| CountSide::of(found, count.books)),
            books_seen: count.books_seen,
        }))
    }
}

/// Does it say what a scan or a movement has to do with a count that is not taken yet?
const fn is_about_counting(kind: &NoticeKind) -> bool {
    matches!(
        kind,
        NoticeKind::CountFirst { .. }
            | NoticeKind::CountByTyping { .. }
            | NoticeKind::CountAgain { .. }
            | NoticeKind::MovedWhileCounting { .. }
    )
}

/// How much of a product lies in a basket and has come from its shelf: what hands an order over has come from its bay.
fn quantity_in(basket: &Basket, product: &ProductId) -> Quantity {
    let from_shelf = |quantity: &Quantity| quantity.is_positive();
    let lines = basket.lines.iter().filter(|line| line.product == *product && line.hand_over.is_none());
    lines.map(|line| line.quantity).filter(from_shelf).sum()
}

fn in_parked(view: View<'_>, product: &ProductId) -> Result<Quantity, DatabaseError> {
    Ok(view.list_parked()?.iter().map(|parked| quantity_in(&parked.draft.basket, product)).sum())
}
