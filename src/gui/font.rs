//! The fonts the till carries with it: no machine needs any installed. Where they come from: `assets/fonts/README.md`.

use std::borrow::Cow;

use iced::Font;

/// The family of all words and figures; its figures are tabular.
pub const TEXT: Font = Font::with_name("Till Sans");

/// The family of what stands on paper: every character as wide as the others.
pub const PAPER: Font = Font::with_name("Till Paper");

/// The family of the icons.
pub const ICONS: Font = Font::with_name("Till Icons");

/// The font files, to be loaded before the first picture.
pub fn files() -> Vec<Cow<'static, [u8]>> {
    [
        include_bytes!("../../assets/fonts/TillSans-Regular.ttf").as_slice(),
        include_bytes!("../../assets/fonts/TillSans-Medium.ttf"),
        include_bytes!("../../assets/fonts/TillSans-SemiBold.ttf"),
        include_bytes!("../../assets/fonts/TillSans-Bold.ttf"),
        include_bytes!("../../assets/fonts/TillPaper-Regular.ttf"),
        include_bytes!("../../assets/fonts/TillPaper-Bold.ttf"),
        include_bytes!("../../assets/icons/TillIcons.ttf"),
    ]
    .into_iter()
    .map(Cow::Borrowed)
    .collect()
}
