//! Where each fact of a script is looked for, and what is there instead.

use super::super::script::{AccessFact, Fact, Figure, LinkFact, MarkFact, PrinterFact, QuestionFact, SessionFact};
use super::{PlayError, Player};
use crate::central::store::{CaseFilter, Store};
use crate::database::DatabaseReader;
use crate::devices::simulated::printer::paper::text_of;
use crate::domain::device::{HealthReason, HealthState};
use crate::domain::feed::Link;
use crate::domain::ids::{ProductId, StoreId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::StockLevel;
use crate::register::PRINTER;
use crate::register::snapshot::{Access, CaseTask, Document, LineMark, Question, Snapshot, Task};
use crate::terminal::DATABASE_FILE;

/// `None` when it is so; otherwise what is seen instead.
type Difference = Option<String>;

fn same<T: PartialEq + std::fmt::Debug>(expected: &T, seen: &T) -> Difference {
    (expected != seen).then(|| format!("{seen:?}"))
}

impl Player {
    pub(super) fn find_difference(&mut self, fact: &Fact) -> Result<Difference, PlayError> {
        match fact {
            Fact::Printed(number) => self.find_unprinted(*number),
            Fact::Paper(text) => {
                let paper = self.shop.printer().paper().to_text();
                Ok((!paper.contains(text.as_str())).then(|| tail(&paper)))
            }
            Fact::Order(label, state) => {
                let number = self.get_order(label)?;
                let seen = self.look_into_till()?.view().find_order(&number)?.map(|order| order.state);
                Ok(same(&Some(*state), &seen))
            }
            Fact::Till(product, figures) => {
                let level = self.look_into_till()?.view().stock_level(product)?;
                Ok(find_wrong_figure(figures, &level))
            }
            Fact::OrderAtCentral(..)
            | Fact::AtRisk(_)
            | Fact::Safe(_)
            | Fact::Case(_)
            | Fact::Decided(..)
            | Fact::Central(..)
            | Fact::Website(..) => self.find_difference_at_central(fact),
            Fact::Proposes(label, store) => {
                let number = self.get_order(label)?;
                let snapshot = self.get_snapshot()?;
                let seen: Vec<_> = snapshot.tasks.iter().filter_map(case_of).collect();
                let right = |case: &&CaseTask| {
                    case.order == number && case.proposal.as_ref().is_some_and(|other| other.store == *store)
                };
                Ok((!seen.iter().any(right)).then(|| format!("{seen:?}")))
            }
            Fact::Outcome(outcome) => Ok(same(&Some(*outcome), &self.outcome)),
            Fact::Open(label) => {
                let number = self.get_order(label)?;
                let open = self.get_snapshot()?.open_order.as_ref().map(|open| open.order.number.clone());
                Ok(same(&Some(number), &open))
            }
            Fact::Card(kind, labels) => {
                let numbers = labels.iter().map(|label| self.get_order(label)).collect::<Result<Vec<_>, _>>()?;
                let snapshot = self.get_snapshot()?;
                let card = snapshot.conflict.as_ref();
                let seen = card.map(|c| (c.kind, c.orders.iter().map(|o| o.number.clone()).collect::<Vec<_>>()));
                Ok(same(&Some((*kind, numbers)), &seen))
            }
            on_screen => Ok(find_difference_on_screen(on_screen, &*self.get_snapshot()?)),
        }
    }

    /// A receipt is out when one piece of paper says its number, is cut off, and is no copy.
    fn find_unprinted(&self, number: u64) -> Result<Difference, PlayError> {
        let title = format!("Receipt {number:05}");
        let paper = self.shop.printer().paper();
        let is_original = |text: &String| text.contains(&title) && !text.contains("COPY");
        let originals = paper.pieces().into_iter().map(text_of).filter(is_original).count();
        let is_waiting =
            |task: &Task| matches!(task, Task::Unprinted { document, .. } if *document == Document::Receipt(number));
        let waiting = self.get_snapshot()?.tasks.iter().any(is_waiting);
        Ok((originals != 1 || waiting).then(|| format!("{originals} on paper, waiting: {waiting}")))
    }

    fn look_into_till(&self) -> Result<DatabaseReader, PlayError> {
        Ok(DatabaseReader::open(&self.shop.till_folder(&self.at).join(DATABASE_FILE))?)
    }

    fn find_difference_at_central(&mut self, fact: &Fact) -> Result<Difference, PlayError> {
        match fact {
            Fact::OrderAtCentral(label, state) => {
                let number = self.get_order(label)?;
                let order = self.ask(async |central| central.find_order(number).await)?;
                Ok(same(&Some(*state), &order.map(|order| order.state)))
            }
            Fact::AtRisk(label) | Fact::Safe(label) => {
                let number = self.get_order(label)?;
                let order = self.ask(async |central| central.find_order(number).await)?;
                let wanted = matches!(fact, Fact::AtRisk(_));
                Ok(same(&Some(wanted), &order.map(|order| order.at_risk)))
            }
            Fact::Decided(label, state) => {
                let number = self.get_order(label)?;
                let cases = self.ask(async |central| central.list_cases(CaseFilter::All).await)?;
                let states = cases.iter().filter(|case| case.case.order == number).map(|case| case.case.state);
                Ok(same(&vec![*state], &states.collect()))
            }
            Fact::Case(label) => {
                let number = self.get_order(label)?;
                let cases = self.ask(async |central| central.list_cases(CaseFilter::Open).await)?;
                let count = cases.iter().filter(|case| case.case.order == number).count();
                Ok(same(&1, &count))
            }
            Fact::Central(store, product, figures) => self.find_wrong_central_figure(store, product, figures),
            Fact::Website(store, product, free) => {
                let seen = self.shop.runtime().block_on(self.shop.website().find_free(store, product))?;
                Ok(same(&Some(*free), &seen))
            }
            _ => Ok(None),
        }
    }

    fn find_wrong_central_figure(
        &self,
        store: &StoreId,
        product: &ProductId,
        figures: &[(Figure, Quantity)],
    ) -> Result<Difference, PlayError> {
        let of_store = Some(store.clone());
        let rows = self.ask(async |central| central.list_stock(of_store).await)?;
        match rows.iter().find(|row| row.product == *product) {
            Some(row) => Ok(find_wrong_figure(figures, &row.level)),
            None => Ok(Some("nothing".to_owned())),
        }
    }
}

fn find_wrong_figure(figures: &[(Figure, Quantity)], level: &StockLevel) -> Difference {
    let of = |figure| match figure {
        Figure::OnHand => level.on_hand,
        Figure::Held => level.held,
        Figure::Promised => level.promised,
        Figure::Free => level.free(),
    };
    let seen: Vec<(Figure, Quantity)> = figures.iter().map(|(figure, _)| (*figure, of(*figure))).collect();
    same(&figures.to_vec(), &seen)
}

fn find_difference_on_screen(fact: &Fact, snapshot: &Snapshot) -> Difference {
    let basket = &snapshot.basket.basket;
    match fact {
        Fact::Access(access) => same(access, &access_of(&snapshot.access)),
        Fact::Line(line, product, quantity, amount) => {
            let seen = basket.line(*line);
            let right = seen.is_some_and(|l| {
                l.product == *product && l.quantity == *quantity && amount.is_none_or(|a| l.to_pay() == a)
            });
            (!right).then(|| match seen {
                Some(l) => format!("{} {} {}", l.product, l.quantity, l.to_pay()),
                None => format!("{} lines; {:?}", basket.lines.len(), snapshot.notice),
            })
        }
        Fact::Lines(count) => same(count, &basket.lines.len()),
        Fact::Total(total) => same(total, &snapshot.basket.total),
        Fact::Mark(line, mark) => {
            let position = basket.lines.iter().position(|l| l.line == *line);
            let seen = position.and_then(|at| snapshot.basket.marks.get(at)).map(mark_of);
            same(&Some(*mark), &seen)
        }
        Fact::NoCard => snapshot.conflict.as_ref().map(|card| format!("a card for {}", card.product)),
        Fact::NoCase => snapshot.tasks.iter().find_map(case_of).map(|case| format!("a case of {}", case.order)),
        Fact::SetAside(_) | Fact::Transfer(_) | Fact::NoTransfer => {
            let seen: Vec<Fact> = snapshot.tasks.iter().filter_map(transfer_of).collect();
            let right = if *fact == Fact::NoTransfer { seen.is_empty() } else { seen.contains(fact) };
            (!right).then(|| format!("{seen:?}"))
        }
        Fact::Question(question) => same(&Some(*question), &snapshot.question.as_ref().map(question_of)),
        Fact::NoQuestion => snapshot.question.as_ref().map(|question| format!("{question:?}")),
        Fact::Due(due) => same(&Some(*due), &snapshot.pay.as_ref().map(|pay| pay.cash_due)),
        Fact::Change(change) => same(&Some(*change), &snapshot.completed.as_ref().map(|sale| sale.change)),
        Fact::Receipt(number) => same(&Some(*number), &snapshot.completed.as_ref().map(|sale| sale.receipt_number)),
        Fact::Printer(printer) => same(&Some(*printer), &printer_of(snapshot)),
        Fact::Drawer(position) => same(position, &snapshot.devices.drawer),
        Fact::Notice(name) => {
            let seen = snapshot.notice.as_ref().map(|notice| snake_case(&format!("{:?}", notice.kind)));
            same(&Some(name.clone()), &seen)
        }
        Fact::Link(link) => {
            let wanted = if *link == LinkFact::Live { Link::Live } else { Link::Down };
            same(&wanted, &snapshot.sync.link)
        }
        Fact::Unsent(Some(count)) => same(count, &snapshot.sync.unsent),
        Fact::Unsent(None) => (snapshot.sync.unsent == 0).then(|| "nothing unsent".to_owned()),
        Fact::Session(session) => {
            let seen = if snapshot.session.is_some() { SessionFact::Open } else { SessionFact::Closed };
            same(session, &seen)
        }
        // The others are not looked for on the screen.
        _ => None,
    }
}

fn case_of(task: &Task) -> Option<&CaseTask> {
    match task {
        Task::Case(case) => Some(case),
        _ => None,
    }
}

fn transfer_of(task: &Task) -> Option<Fact> {
    match task {
        Task::SetAside { state, .. } => Some(Fact::SetAside(*state)),
        Task::Transfer { state, .. } => Some(Fact::Transfer(*state)),
        _ => None,
    }
}

fn access_of(access: &Access) -> AccessFact {
    match access {
        Access::SignIn(_) => AccessFact::SignIn,
        Access::NeedsSession(_) => AccessFact::NeedsSession,
        // A till that did not start is played by nobody.
        Access::Open(_) | Access::Stopped(_) => AccessFact::Open,
    }
}

fn mark_of(mark: &LineMark) -> MarkFact {
    match mark {
        LineMark::None => MarkFact::None,
        LineMark::LastFree(_) => MarkFact::Last,
        LineMark::TakesPromised(_) => MarkFact::TakesPromised,
        LineMark::Deciding => MarkFact::Deciding,
        LineMark::SoldAnyway(_) => MarkFact::SoldAnyway,
        LineMark::Books { .. } => MarkFact::Books,
        LineMark::HandOver(_) | LineMark::OrderChanged(_) => MarkFact::HandOver,
    }
}

fn question_of(question: &Question) -> QuestionFact {
    match question {
        Question::Age { .. } => QuestionFact::Age,
        Question::MayBeSold { .. } => QuestionFact::MayBeSold,
        Question::Amount { .. } => QuestionFact::Amount,
        Question::OpenPrice { .. } => QuestionFact::OpenPrice,
        Question::HowMuch { .. } => QuestionFact::HowMuch,
        Question::WhichProduct { .. } => QuestionFact::Which,
    }
}

/// The printer's state in the script's words; `None` for one the scripts have no word for.
fn printer_of(snapshot: &Snapshot) -> Option<PrinterFact> {
    let device = snapshot.devices.devices.iter().find(|device| device.id.as_str() == PRINTER)?;
    match &device.health.state {
        HealthState::Ready => Some(PrinterFact::Ready),
        HealthState::Held(HealthReason::PaperOut) | HealthState::Offline(HealthReason::PaperOut) => {
            Some(PrinterFact::PaperOut)
        }
        HealthState::Held(HealthReason::CoverOpen) | HealthState::Offline(HealthReason::CoverOpen) => {
            Some(PrinterFact::CoverOpen)
        }
        HealthState::Gone => Some(PrinterFact::Gone),
        _ => None,
    }
}

/// The name of a variant in the script's spelling: `WrongItem { … }` is `wrong_item`.
fn snake_case(variant: &str) -> String {
    let mut name = String::new();
    for c in variant.chars().take_while(|c| c.is_ascii_alphanumeric()) {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

/// The last lines of the paper.
fn tail(paper: &str) -> String {
    let lines: Vec<&str> = paper.lines().collect();
    lines[lines.len().saturating_sub(6)..].join(" / ")
}
