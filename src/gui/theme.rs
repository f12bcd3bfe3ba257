//! Colours by role: three palettes, day, night and high contrast. A screen names a role, never a colour.

use iced::theme::{Base, Mode, Palette as IcedPalette, Style};
use iced::{Color, color};

/// Which palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ThemeName {
    /// Light, for a bright shop.
    #[default]
    Day,
    /// Dark, for an evening market and tired eyes.
    Night,
    /// Black on white with heavy edges.
    HighContrast,
}

impl ThemeName {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Day, Self::Night, Self::HighContrast];

    /// The word in the configuration file: `day`, `night`, `high-contrast`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Night => "night",
            Self::HighContrast => "high-contrast",
        }
    }

    /// The theme with that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.word() == word)
    }
}

/// The colours of one theme. Each pair that is put on another is listed in [`Palette::pairs`] and held to its contrast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Behind everything.
    pub background: Color,
    /// Cards, keys, tiles.
    pub surface: Color,
    /// A quieter surface: function keys, the marked line.
    pub sunken: Color,
    /// Hairlines that only divide.
    pub rule: Color,
    /// Edges of what can be pressed: a hairline, as the design draws it. It is no control's only mark: what is pressed says so
    /// in words of full contrast beside its key cap, and high contrast draws its edges black.
    pub edge: Color,
    /// The edge of a key cap: it is read on every ground.
    pub cap_edge: Color,
    /// Words on what cannot be pressed now, opaque: paler than any other words, and still read.
    pub asleep: Color,
    /// The edge of what cannot be pressed now.
    pub asleep_edge: Color,
    /// What is under the finger.
    pub pressed: Color,
    /// Words and figures.
    pub text: Color,
    /// Second words: captions, unit prices.
    pub muted: Color,
    /// The top bar, whatever the theme.
    pub bar: Color,
    /// The open tab on it.
    pub bar_raised: Color,
    /// Words on the bar.
    pub bar_text: Color,
    /// Second words on the bar.
    pub bar_muted: Color,
    /// A count on the bar.
    pub bar_web: Color,
    /// A face on the bar.
    pub bar_done: Color,
    /// Words on either.
    pub on_bar_tone: Color,
    /// Done, and the one primary act.
    pub done: Color,
    /// The primary act under the finger.
    pub done_pressed: Color,
    /// Behind words about what is done.
    pub done_ground: Color,
    /// Words on the primary act.
    pub on_done: Color,
    /// Mind this.
    pub mind: Color,
    /// Behind it.
    pub mind_ground: Color,
    /// Its bar.
    pub mind_edge: Color,
    /// Stop and decide.
    pub stop: Color,
    /// Behind it.
    pub stop_ground: Color,
    /// Web orders.
    pub web: Color,
    /// Behind them.
    pub web_ground: Color,
    /// The edge of what is chosen or being typed into.
    pub focus: Color,
    /// Paper, whatever the theme.
    pub paper: Color,
    /// What is printed on it.
    pub paper_ink: Color,
    /// The cutting line on it.
    pub paper_faint: Color,
    /// The four hues of departments on tiles: decoration beside the name, never information alone.
    pub hues: [Color; 4],
}

const DAY: Palette = Palette {
    background: color!(0xF3F4F6),
    surface: color!(0xFFFFFF),
    sunken: color!(0xF8F9FB),
    rule: color!(0xE2E5EA),
    edge: color!(0xDDE1E7),
    cap_edge: color!(0xBEC6D0),
    asleep: color!(0x8A919B),
    asleep_edge: color!(0xDDE1E7),
    pressed: color!(0xE9ECF0),
    text: color!(0x141A22),
    muted: color!(0x5A6472),
    bar: color!(0x121821),
    bar_raised: color!(0x2A3440),
    bar_text: color!(0xF2F5F8),
    bar_muted: color!(0xA9B4C2),
    bar_web: color!(0x8FB2FF),
    bar_done: color!(0x2FB57B),
    on_bar_tone: color!(0x07140D),
    done: color!(0x0B7A4B),
    done_pressed: color!(0x086039),
    done_ground: color!(0xE3F4EB),
    on_done: color!(0xFFFFFF),
    mind: color!(0x9A5B00),
    mind_ground: color!(0xFFF3D6),
    mind_edge: color!(0xF0B429),
    stop: color!(0xB3261E),
    stop_ground: color!(0xFDECEA),
    web: color!(0x1B4FD1),
    web_ground: color!(0xE8EFFE),
    focus: color!(0x141A22),
    paper: color!(0xFDFCF8),
    paper_ink: color!(0x1C1C1C),
    paper_faint: color!(0x747474),
    hues: [color!(0x5B8DEF), color!(0xE0A030), color!(0x5FA777), color!(0xC07BC0)],
};

const NIGHT: Palette = Palette {
    background: color!(0x0E131A),
    surface: color!(0x171E27),
    sunken: color!(0x121923),
    rule: color!(0x2A333F),
    edge: color!(0x2A333F),
    cap_edge: color!(0x465363),
    asleep: color!(0x717B87),
    asleep_edge: color!(0x2A333F),
    pressed: color!(0x2A333F),
    text: color!(0xE9EDF2),
    muted: color!(0x9AA6B5),
    bar: color!(0x0A0E14),
    bar_raised: color!(0x2A3440),
    bar_text: color!(0xE9EDF2),
    bar_muted: color!(0xA9B4C2),
    bar_web: color!(0x8FB2FF),
    bar_done: color!(0x2FB57B),
    on_bar_tone: color!(0x07140D),
    done: color!(0x2FB57B),
    done_pressed: color!(0x49C990),
    done_ground: color!(0x12301F),
    on_done: color!(0x07140D),
    mind: color!(0xF5C152),
    mind_ground: color!(0x33270C),
    mind_edge: color!(0xC98F1B),
    stop: color!(0xFF8078),
    stop_ground: color!(0x3A1714),
    web: color!(0x8FB2FF),
    web_ground: color!(0x16254A),
    focus: color!(0xE9EDF2),
    paper: color!(0xFDFCF8),
    paper_ink: color!(0x1C1C1C),
    paper_faint: color!(0x747474),
    hues: [color!(0x5B8DEF), color!(0xE0A030), color!(0x5FA777), color!(0xC07BC0)],
};

const HIGH_CONTRAST: Palette = Palette {
    background: color!(0xFFFFFF),
    surface: color!(0xFFFFFF),
    sunken: color!(0xF0F0F0),
    rule: color!(0x595959),
    edge: color!(0x000000),
    cap_edge: color!(0x000000),
    asleep: color!(0x666666),
    asleep_edge: color!(0xB5B5B5),
    pressed: color!(0xE0E0E0),
    text: color!(0x000000),
    muted: color!(0x2B2B2B),
    bar: color!(0x000000),
    bar_raised: color!(0x3D3D3D),
    bar_text: color!(0xFFFFFF),
    bar_muted: color!(0xE6E6E6),
    bar_web: color!(0xC4D6FF),
    bar_done: color!(0x9BE8C4),
    on_bar_tone: color!(0x000000),
    done: color!(0x00512E),
    done_pressed: color!(0x00331D),
    done_ground: color!(0xDDF7E8),
    on_done: color!(0xFFFFFF),
    mind: color!(0x5C3300),
    mind_ground: color!(0xFFF0C2),
    mind_edge: color!(0x8A5200),
    stop: color!(0x8A0F08),
    stop_ground: color!(0xFFE3E0),
    web: color!(0x0B2F94),
    web_ground: color!(0xDDE7FF),
    focus: color!(0x000000),
    paper: color!(0xFDFCF8),
    paper_ink: color!(0x1C1C1C),
    paper_faint: color!(0x747474),
    hues: [color!(0x0B2F94), color!(0x8A5200), color!(0x00512E), color!(0x6B1F6B)],
};

/// What a contrast must reach, by WCAG 2.2 §1.4.3 and §1.4.11.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Contrast {
    /// Words under 24 px: 4.5 to 1.
    Words,
    /// Large or bold figures, icons, edges that carry meaning: 3 to 1.
    Large,
}

impl Contrast {
    /// The ratio to reach.
    pub const fn ratio(self) -> f64 {
        match self {
            Self::Words => 4.5,
            Self::Large => 3.0,
        }
    }
}

impl Palette {
    /// Every pair of colours that screens put on one another: what, on what, how far apart they must be.
    pub const fn pairs(&self) -> [(&'static str, Color, Color, Contrast); 42] {
        use Contrast::{Large, Words};
        [
            ("text on background", self.text, self.background, Words),
            ("text on surface", self.text, self.surface, Words),
            ("text on sunken", self.text, self.sunken, Words),
            ("text on web ground", self.text, self.web_ground, Words),
            ("muted on background", self.muted, self.background, Words),
            ("muted on surface", self.muted, self.surface, Words),
            ("muted on sunken", self.muted, self.sunken, Words),
            ("muted on web ground", self.muted, self.web_ground, Words),
            ("bar text on bar", self.bar_text, self.bar, Words),
            ("bar text on open tab", self.bar_text, self.bar_raised, Words),
            ("bar muted on bar", self.bar_muted, self.bar, Words),
            ("bar muted on open tab", self.bar_muted, self.bar_raised, Words),
            ("words on primary act", self.on_done, self.done, Words),
            ("words on pressed primary act", self.on_done, self.done_pressed, Words),
            ("done on surface", self.done, self.surface, Words),
            ("done on its ground", self.done, self.done_ground, Words),
            ("done on sunken", self.done, self.sunken, Words),
            ("mind on surface", self.mind, self.surface, Words),
            ("mind on its ground", self.mind, self.mind_ground, Words),
            ("mind on sunken", self.mind, self.sunken, Words),
            ("stop on surface", self.stop, self.surface, Words),
            ("stop on its ground", self.stop, self.stop_ground, Words),
            ("stop on sunken", self.stop, self.sunken, Words),
            ("web on surface", self.web, self.surface, Words),
            ("web on its ground", self.web, self.web_ground, Words),
            ("text on pressed", self.text, self.pressed, Words),
            ("muted on pressed", self.muted, self.pressed, Words),
            ("done on pressed", self.done, self.pressed, Words),
            ("mind on pressed", self.mind, self.pressed, Words),
            ("stop on pressed", self.stop, self.pressed, Words),
            ("web on pressed", self.web, self.pressed, Words),
            ("words on a primary act asleep", self.muted, self.done_ground, Words),
            ("words asleep on surface", self.asleep, self.surface, Large),
            ("words asleep on sunken", self.asleep, self.sunken, Large),
            ("cutting line on paper", self.paper_faint, self.paper, Large),
            ("edge of an open filter on surface", self.muted, self.surface, Large),
            ("words on a count", self.on_bar_tone, self.bar_web, Words),
            ("words on a face on the bar", self.on_bar_tone, self.bar_done, Words),
            ("primary act on surface", self.done, self.surface, Large),
            ("focus edge on background", self.focus, self.background, Large),
            ("print on paper", self.paper_ink, self.paper, Words),
            ("focus edge on surface", self.focus, self.surface, Large),
        ]
    }
}

/// A palette with its name: what iced calls the theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Which.
    pub name: ThemeName,
    /// Its colours.
    pub palette: Palette,
}

impl Theme {
    /// The theme of that name.
    pub const fn new(name: ThemeName) -> Self {
        let palette = match name {
            ThemeName::Day => DAY,
            ThemeName::Night => NIGHT,
            ThemeName::HighContrast => HIGH_CONTRAST,
        };
        Self { name, palette }
    }

    /// The colour of an ink.
    pub const fn ink(&self, ink: Ink) -> Color {
        let p = &self.palette;
        match ink {
            Ink::Text => p.text,
            Ink::Muted => p.muted,
            Ink::Asleep => p.asleep,
            Ink::Done => p.done,
            Ink::Mind => p.mind,
            Ink::Stop => p.stop,
            Ink::Web => p.web,
            Ink::OnDone => p.on_done,
            Ink::OnBarTone => p.on_bar_tone,
            Ink::Bar => p.bar_text,
            Ink::BarMuted => p.bar_muted,
            Ink::Paper => p.paper_ink,
            Ink::PaperFaint => p.paper_faint,
            Ink::PaperInverted => p.paper,
        }
    }
}

/// What words are written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Ink {
    /// Words and figures.
    #[default]
    Text,
    /// Second words.
    Muted,
    /// On what cannot be pressed now.
    Asleep,
    /// Done.
    Done,
    /// Mind this.
    Mind,
    /// Stop and decide.
    Stop,
    /// Web orders.
    Web,
    /// On the primary act.
    OnDone,
    /// On a count or a face of the top bar.
    OnBarTone,
    /// On the top bar.
    Bar,
    /// Second words on the top bar.
    BarMuted,
    /// On paper.
    Paper,
    /// The cutting line on paper.
    PaperFaint,
    /// White on black on paper.
    PaperInverted,
}

impl Base for Theme {
    fn default(preference: Mode) -> Self {
        Self::new(if preference == Mode::Dark { ThemeName::Night } else { ThemeName::Day })
    }

    fn mode(&self) -> Mode {
        if self.name == ThemeName::Night { Mode::Dark } else { Mode::Light }
    }

    fn base(&self) -> Style {
        Style { background_color: self.palette.background, text_color: self.palette.text }
    }

    fn palette(&self) -> Option<IcedPalette> {
        let p = &self.palette;
        Some(IcedPalette {
            background: p.background,
            text: p.text,
            primary: p.done,
            success: p.done,
            warning: p.mind,
            danger: p.stop,
        })
    }

    fn name(&self) -> &str {
        self.name.word()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance(colour: Color) -> f64 {
        let linear = |channel: f32| {
            let c = f64::from(channel);
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b)
    }

    fn contrast(a: Color, b: Color) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_pair_of_every_theme_can_be_read() {
        let mut faults = Vec::new();
        for name in ThemeName::ALL {
            for (what, ink, ground, needed) in Theme::new(name).palette.pairs() {
                let found = contrast(ink, ground);
                if found < needed.ratio() {
                    faults.push(format!("{}: {what} {found:.2} < {}", name.word(), needed.ratio()));
                }
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn high_contrast_reaches_seven_to_one_on_all_words() {
        for (what, ink, ground, needed) in Theme::new(ThemeName::HighContrast).palette.pairs() {
            if needed == Contrast::Words {
                assert!(contrast(ink, ground) >= 7.0, "{what}: {:.2}", contrast(ink, ground));
            }
        }
    }

    /// What cannot be pressed now can be read by those who need the contrast, and has no edge as heavy as what can.
    #[test]
    fn what_sleeps_in_high_contrast_is_read_and_looks_asleep() {
        let p = Theme::new(ThemeName::HighContrast).palette;
        for ground in [p.surface, p.sunken] {
            assert!(contrast(p.asleep, ground) >= 4.5, "{:.2}", contrast(p.asleep, ground));
        }
        assert!(contrast(p.asleep_edge, p.surface) * 3.0 < contrast(p.edge, p.surface));
    }

    /// The values of the design's table, by day and by night.
    #[test]
    fn day_and_night_are_the_colours_of_the_design() {
        #[rustfmt::skip]
        let table = |p: &Palette| [
            p.background, p.surface, p.sunken, p.rule, p.text, p.muted, p.bar, p.done, p.done_ground,
            p.mind, p.mind_ground, p.mind_edge, p.stop, p.stop_ground, p.web, p.web_ground,
        ];
        #[rustfmt::skip]
        let day = [
            0xF3F4F6, 0xFFFFFF, 0xF8F9FB, 0xE2E5EA, 0x141A22, 0x5A6472, 0x121821, 0x0B7A4B, 0xE3F4EB,
            0x9A5B00, 0xFFF3D6, 0xF0B429, 0xB3261E, 0xFDECEA, 0x1B4FD1, 0xE8EFFE,
        ];
        #[rustfmt::skip]
        let night = [
            0x0E131A, 0x171E27, 0x121923, 0x2A333F, 0xE9EDF2, 0x9AA6B5, 0x0A0E14, 0x2FB57B, 0x12301F,
            0xF5C152, 0x33270C, 0xC98F1B, 0xFF8078, 0x3A1714, 0x8FB2FF, 0x16254A,
        ];
        for (name, wanted) in [(ThemeName::Day, day), (ThemeName::Night, night)] {
            let palette = Theme::new(name).palette;
            let hex = |colour: Color| {
                let [red, green, blue, _] = colour.into_rgba8();
                (u32::from(red) << 16) | (u32::from(green) << 8) | u32::from(blue)
            };
            assert_eq!(table(&palette).map(hex), wanted, "{}", name.word());
        }
    }

    #[test]
    fn themes_are_found_by_their_word() {
        for name in ThemeName::ALL {
            assert_eq!(ThemeName::from_word(name.word()), Some(name));
        }
        assert_eq!(ThemeName::from_word("dawn"), None);
    }
}
