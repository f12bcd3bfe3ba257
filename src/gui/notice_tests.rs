//! Every notice fits where it is shown: all of its words, in every language and both sizes of type, in the smallest window.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::gallery;
use super::measure::{TextSize, Type};
use super::screen::notice;
use super::tests::{SIZES, walk, window};
use super::text::Language;
use super::widget::Label;
use super::window::{Look, Window};
use crate::domain::barcode::CodeError;
use crate::domain::basket::BasketError;
use crate::domain::conflict::CaseState;
use crate::domain::ids::{EntryId, TillId};
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;
use crate::register::snapshot::{Notice, NoticeKind, NoticeWeight};

/// Declares the notices with what each is given; one that is left out does not compile.
macro_rules! notices {
    ($($variant:ident $({ $($field:ident: $value:expr),* })? $(($argument:ident of $all:expr))?;)*) => {
        fn all() -> Vec<NoticeKind> {
            [$(notices!(@list $variant $({ $($field: $value),* })? $(($argument of $all))?)),*].concat()
        }

        /// One that is not in the list has no arm, and this does not compile.
        fn is_listed(kind: &NoticeKind) -> bool {
            match kind {
                $(NoticeKind::$variant { .. } => true,)*
            }
        }
    };
    (@list $variant:ident) => { vec![NoticeKind::$variant] };
    (@list $variant:ident { $($field:ident: $value:expr),* }) => { vec![NoticeKind::$variant { $($field: $value),* }] };
    (@list $variant:ident ($argument:ident of $all:expr)) => {
        $all.into_iter().map(|$argument| NoticeKind::$variant($argument)).collect::<Vec<_>>()
    };
}

// As long as they come: the longest of the sample catalogue's names, an order's number, a code of thirteen digits.
const NAME: &str = "Merino jumper navy, extra long";
const PERSON: &str = "Alexandra Johannesen";
const STORE: &str = "Station Road";
const CODE: &str = "4006381333931";
const ORDER: &str = "W-10231";

fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

notices! {
    CodeUnknown { code: CODE.into() };
    Withdrawn { name: NAME.into() };
    CodeRefused { error: CodeError::CheckDigitWrong, code: CODE.into() };
    ScanBrokenOff;
    ScanGarbled;
    ScannedTwice { name: NAME.into() };
    ScanWaits;
    AnswerFirst;
    ScanLeftOut { code: CODE.into() };
    ScanNotHere;
    BadgeUnknown;
    BadgeNotHere;
    ScanBeforeSignIn;
    ScanBeforeFloat;
    ScanBeforeOrder;
    Expired { name: NAME.into(), date: NaiveDate::from_ymd_opt(2026, 12, 24).unwrap() };
    BasketRefused(error of [
        BasketError::NoSuchLine, BasketError::QuantityInvalid, BasketError::PriceInvalid, BasketError::PriceNeeded,
        BasketError::DiscountInvalid, BasketError::Full, BasketError::CurrencyMismatch, BasketError::QuantityFixed,
    ]);
    AmountInvalid;
    NotAllowed;
    AccessEnded { name: PERSON.into() };
    SupervisorNeeded;
    ReasonNeeded;
    AboveCap { percent: Decimal::new(125, 1) };
    CardTooMuch { due: euro(123_450) };
    DrawerByKey;
    CardTakenBack { amount: euro(123_450) };
    TenderedAlready;
    CardAtTerminal { amount: euro(123_450) };
    LabelIsOne { name: NAME.into() };
    WrongItem { name: NAME.into() };
    PickedAlready { name: NAME.into() };
    TakenOffOrder { name: NAME.into() };
    ReceiptCompulsory;
    NothingToPutBack;
    OrderCancelled { order: ORDER.into() };
    OpenOrderChanged { order: ORDER.into() };
    WrongCollectionCode;
    OrderUnknown;
    ReceiptElsewhere { receipt_number: 12_345, till: TillId { store: "S001".into(), workstation: "T02".into() } };
    OrderNotHere { order: ORDER.into() };
    OrderIsSent { order: ORDER.into() };
    SessionNeeded;
    ReceiptUnknown { receipt_number: 12_345 };
    NothingToHandOver;
    ItemsHeld { items: 12 };
    OrderHandedOver { order: ORDER.into(), customer_name: PERSON.into() };
    KeptForOrder { order: ORDER.into(), product: "jumper".into(), bay: "C-14".into() };
    TransferRequested { store_name: STORE.into(), quantity: Quantity::units(12) };
    TransferToAsk { transfer: EntryId::from_bytes([0; 16]), store_name: STORE.into(), quantity: Quantity::units(12) };
    SlipIsNoCode { order: ORDER.into() };
    TransferWithdrawn { store_name: STORE.into() };
    TransferToWithdraw { store_name: STORE.into() };
    SetAsideThere { store_name: STORE.into() };
    OnItsWay { store_name: STORE.into() };
    SetAsideElsewhere { workstation: "T02".into() };
    FalseAlarmNoted { order: ORDER.into() };
    CaseDecided;
    ProposalGone { order: ORDER.into(), store_name: STORE.into() };
    DecidedBefore { order: ORDER.into(), state: CaseState::AwaitingDecision };
    TransferSent { store_name: STORE.into() };
    TransferNotHere;
    ForAnotherStore;
    InBasketAlready { order: ORDER.into() };
    OrderParked { order: ORDER.into() };
    PickedBy { order: ORDER.into(), name: PERSON.into() };
    NothingToPick { order: ORDER.into() };
    OrderChanged { order: ORDER.into() };
    BasketRestored;
    BasketOf { name: PERSON.into() };
    BasketUnreadable;
    PrintLost;
    NoPrinter;
    DiskFull;
    DiskReadOnly;
    FileSetAside { path: "/var/lib/till/till-2026-03-24.damaged".into() };
    NumbersGoOn { next: 12_345 };
    NotSaved;
    ZoneUnknown { name: "America/Argentina/Buenos_Aires".into() };
    BasketParked;
    BasketOpen;
    SessionClosed { counted: euro(123_450), difference: euro(-123_450), agreed_by: Some(PERSON.into()) };
    DevicesSimulated;
    PortNotKept { told: "Permission denied (os error 13)".into() };
    InterimPrinting;
    CopyPrinting { receipt_number: 12_345 };
    GiftReceiptPrinting { receipt_number: 12_345 };
    CloseReportPrinting;
    NoSessionClosed;
    AmountIsCode;
    NothingChosen;
    SettingsOfBefore;
    SettingsLost;
    StockCounted {
        name: NAME.into(),
        found: Quantity::units(12),
        expected: Quantity::units(15),
        worth: euro(-17_700),
        agreed_by: Some(PERSON.into())
    };
    CountFirst { name: NAME.into() };
    CountByTyping { name: NAME.into() };
    CountAgain { approver: PERSON.into() };
    MovedWhileCounting { name: NAME.into(), moved: Quantity::units(-12) };
    NotCounted { name: NAME.into() };
    ReasonMissing;
    SettingsUnknown;
}

/// Every way in which a code is refused has a sentence of its own.
fn all_with_codes() -> Vec<NoticeKind> {
    let errors = [
        CodeError::Unreadable,
        CodeError::VerifierWrong,
        CodeError::ZeroValue,
        CodeError::AddOnOnly,
        CodeError::NoArticle,
        CodeError::TwoArticles,
    ];
    let refused = errors.into_iter().map(|error| NoticeKind::CodeRefused { error, code: CODE.into() });
    let exact = NoticeKind::SessionClosed {
        counted: euro(123_450),
        difference: Money::zero(Currency::EUR),
        agreed_by: Some(PERSON.into()),
    };
    all().into_iter().chain(refused).chain([exact]).collect()
}

/// The least room a notice has for its words on any screen, and on which.
fn narrowest(text_size: TextSize) -> (f32, &'static str) {
    let look = Look { text_size, ..Look::default() };
    let mut widths = Vec::new();
    for mut exhibit in gallery::exhibits() {
        exhibit.snapshot.notice =
            Some(Notice { number: 1, weight: NoticeWeight::Refused, kind: NoticeKind::AnswerFirst });
        let seen = walk(&window(&exhibit, look), SIZES[1]);
        let notice = seen.labels.into_iter().find(|label| label.words == "Answer the question first.");
        widths.extend(notice.map(|label| (label.bounds.width, exhibit.name)));
    }
    assert!(widths.len() > 50, "notices are seen on {} screens only", widths.len());
    widths.into_iter().min_by(|one, other| one.0.total_cmp(&other.0)).unwrap()
}

#[test]
fn every_notice_fits_where_it_is_shown() {
    assert!(all_with_codes().iter().all(is_listed));
    let mut faults = Vec::new();
    for text_size in [TextSize::Normal, TextSize::Large] {
        let (width, screen) = narrowest(text_size);
        for language in Language::ALL {
            let look = Look { language, text_size, ..Look::default() };
            let shown = Window::new(gallery::find_exhibit("sell").unwrap().snapshot.into(), look, gallery::now());
            let ui = shown.ui(iced::Size::new(SIZES[1].0 as f32, SIZES[1].1 as f32));
            for kind in all_with_codes() {
                let words = notice::words(&ui, &kind);
                let lines = Label::new(words.as_str(), Type::LabelStrong, text_size).lines_in(width);
                if lines > notice::LINES_MAX {
                    faults.push(format!("{screen} {} {}: {lines} lines: {words}", language.code(), text_size.word()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
