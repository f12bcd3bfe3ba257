//! The icons, by name. An icon never stands without a word beside it.

/// An icon of the bundled set (`assets/icons/icons.txt`, by Lucide's names).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Icon {
    ShoppingBasket,
    PackageCheck,
    Package,
    PackageOpen,
    PackageX,
    Boxes,
    ReceiptText,
    Wallet,
    UserRound,
    Pause,
    Play,
    Search,
    Delete,
    OctagonAlert,
    Info,
    TriangleAlert,
    CircleAlert,
    Printer,
    ScanBarcode,
    CreditCard,
    Banknote,
    Ticket,
    Gift,
    BookUser,
    Undo2,
    CircleCheck,
    CircleDot,
    Circle,
    CircleX,
    X,
    Check,
    Clock,
    Lock,
    LogOut,
    Plug,
    Unplug,
    RefreshCw,
    ChevronRight,
    ChevronDown,
    ChevronLeft,
    ArrowLeft,
    Plus,
    Minus,
    Trash2,
    Tag,
    Percent,
    Split,
    CornerDownLeft,
    History,
    Store,
    Truck,
    Hand,
    KeyRound,
    Settings2,
    Scale,
    WifiOff,
    CloudOff,
    Cloud,
    ListChecks,
    Inbox,
    ArchiveRestore,
    Monitor,
    BadgeCheck,
    Sun,
    Moon,
    Contrast,
    ALargeSmall,
    Languages,
    MapPin,
    Calculator,
    Power,
    Eye,
    UsersRound,
    ShoppingBag,
    HandCoins,
    List,
}

impl Icon {
    /// All, with Lucide's names.
    pub const ALL: &'static [(Self, &'static str, char)] = &[
        (Self::ShoppingBasket, "shopping-basket", '\u{e4ea}'),
        (Self::PackageCheck, "package-check", '\u{e266}'),
        (Self::Package, "package", '\u{e129}'),
        (Self::PackageOpen, "package-open", '\u{e2cc}'),
        (Self::PackageX, "package-x", '\u{e26a}'),
        (Self::Boxes, "boxes", '\u{e2d0}'),
        (Self::ReceiptText, "receipt-text", '\u{e5ac}'),
        (Self::Wallet, "wallet", '\u{e204}'),
        (Self::UserRound, "user-round", '\u{e468}'),
        (Self::Pause, "pause", '\u{e12e}'),
        (Self::Play, "play", '\u{e13c}'),
        (Self::Search, "search", '\u{e151}'),
        (Self::Delete, "delete", '\u{e0ae}'),
        (Self::OctagonAlert, "octagon-alert", '\u{e127}'),
        (Self::Info, "info", '\u{e0f9}'),
        (Self::TriangleAlert, "triangle-alert", '\u{e193}'),
        (Self::CircleAlert, "circle-alert", '\u{e077}'),
        (Self::Printer, "printer", '\u{e141}'),
        (Self::ScanBarcode, "scan-barcode", '\u{e535}'),
        (Self::CreditCard, "credit-card", '\u{e0aa}'),
        (Self::Banknote, "banknote", '\u{e052}'),
        (Self::Ticket, "ticket", '\u{e20f}'),
        (Self::Gift, "gift", '\u{e0e1}'),
        (Self::BookUser, "book-user", '\u{e54d}'),
        (Self::Undo2, "undo-2", '\u{e2a1}'),
        (Self::CircleCheck, "circle-check", '\u{e226}'),
        (Self::CircleDot, "circle-dot", '\u{e345}'),
        (Self::Circle, "circle", '\u{e076}'),
        (Self::CircleX, "circle-x", '\u{e084}'),
        (Self::X, "x", '\u{e1b2}'),
        (Self::Check, "check", '\u{e06c}'),
        (Self::Clock, "clock", '\u{e087}'),
        (Self::Lock, "lock", '\u{e10b}'),
        (Self::LogOut, "log-out", '\u{e10e}'),
        (Self::Plug, "plug", '\u{e37f}'),
        (Self::Unplug, "unplug", '\u{e45d}'),
        (Self::RefreshCw, "refresh-cw", '\u{e145}'),
        (Self::ChevronRight, "chevron-right", '\u{e06f}'),
        (Self::ChevronDown, "chevron-down", '\u{e06d}'),
        (Self::ChevronLeft, "chevron-left", '\u{e06e}'),
        (Self::ArrowLeft, "arrow-left", '\u{e048}'),
        (Self::Plus, "plus", '\u{e13d}'),
        (Self::Minus, "minus", '\u{e11c}'),
        (Self::Trash2, "trash-2", '\u{e18e}'),
        (Self::Tag, "tag", '\u{e17f}'),
        (Self::Percent, "percent", '\u{e132}'),
        (Self::Split, "split", '\u{e440}'),
        (Self::CornerDownLeft, "corner-down-left", '\u{e0a1}'),
        (Self::History, "history", '\u{e1f5}'),
        (Self::Store, "store", '\u{e3e4}'),
        (Self::Truck, "truck", '\u{e194}'),
        (Self::Hand, "hand", '\u{e1d7}'),
        (Self::KeyRound, "key-round", '\u{e4a3}'),
        (Self::Settings2, "settings-2", '\u{e245}'),
        (Self::Scale, "scale", '\u{e212}'),
        (Self::WifiOff, "wifi-off", '\u{e1af}'),
        (Self::CloudOff, "cloud-off", '\u{e08d}'),
        (Self::Cloud, "cloud", '\u{e088}'),
        (Self::ListChecks, "list-checks", '\u{e1d0}'),
        (Self::Inbox, "inbox", '\u{e0f7}'),
        (Self::ArchiveRestore, "archive-restore", '\u{e2cd}'),
        (Self::Monitor, "monitor", '\u{e11d}'),
        (Self::BadgeCheck, "badge-check", '\u{e241}'),
        (Self::Sun, "sun", '\u{e178}'),
        (Self::Moon, "moon", '\u{e11e}'),
        (Self::Contrast, "contrast", '\u{e09d}'),
        (Self::ALargeSmall, "a-large-small", '\u{e587}'),
        (Self::Languages, "languages", '\u{e0fe}'),
        (Self::MapPin, "map-pin", '\u{e111}'),
        (Self::Calculator, "calculator", '\u{e1bc}'),
        (Self::Power, "power", '\u{e140}'),
        (Self::Eye, "eye", '\u{e0ba}'),
        (Self::UsersRound, "users-round", '\u{e46e}'),
        (Self::ShoppingBag, "shopping-bag", '\u{e15b}'),
        (Self::HandCoins, "hand-coins", '\u{e5b8}'),
        (Self::List, "list", '\u{e106}'),
    ];

    /// The character that draws it in the icon font.
    pub fn glyph(self) -> char {
        // The list is in the order of the enum; a test holds it to that.
        Self::ALL[self as usize].2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icons_are_exactly_those_listed_beside_the_font() {
        let listed: Vec<&str> = include_str!("../../assets/icons/icons.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        let named: Vec<&str> = Icon::ALL.iter().map(|(_, name, _)| *name).collect();
        assert_eq!(listed, named);
        for (position, (icon, name, _)) in Icon::ALL.iter().enumerate() {
            assert_eq!(*icon as usize, position, "{name}");
        }
    }
}
