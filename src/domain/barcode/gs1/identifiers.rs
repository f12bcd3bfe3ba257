//! The table of application identifiers: what each one's value looks like, and what it may stand beside.

use std::sync::LazyLock;

/// The table that comes with the till; its head explains the columns.
const BUILT_IN: &str = include_str!("../../../../hardware/barcodes/gs1-identifiers.txt");

static TABLE: LazyLock<Vec<Identifier>> =
    LazyLock::new(|| parse_table(BUILT_IN).expect("built in, and parsed by a test")); // cannot fail: the text is part of the program

/// Which characters a component has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CharacterSet {
    /// Digits.
    Digits,
    /// GS1 AI encodable character set 82 (GS1 General Specifications, figure 7.11-1).
    Set82,
    /// Character set 39 (figure 7.11-2).
    Set39,
    /// Base 64 for files and addresses (figure 7.11-3).
    Base64,
}

impl CharacterSet {
    /// Does this byte belong to it?
    pub fn has(self, byte: u8) -> bool {
        match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Set82 => byte.is_ascii_alphanumeric() || b"!\"%&'()*+,-./:;<=>?_".contains(&byte),
            Self::Set39 => byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"#-/".contains(&byte),
            Self::Base64 => byte.is_ascii_alphanumeric() || b"-_=".contains(&byte),
        }
    }
}

/// What is checked of a component beyond its length and characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComponentCheck {
    /// Nothing.
    None,
    /// Its last digit is a check digit.
    CheckDigit,
    /// A date `YYMMDD`; day 00 is the end of the month.
    Date,
    /// A date `YYMMDD` with a day.
    Day,
    /// Zeros only.
    Zero,
    /// Not zeros only.
    NonZero,
    /// Piece and total, two digits each, the piece not above the total.
    PieceOfTotal,
}

/// One part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its characters.
    pub set: CharacterSet,
    /// At least.
    pub length_min: usize,
    /// At most.
    pub length_max: usize,
    /// May be left out when nothing is left of the value.
    pub optional: bool,
    /// What else is checked.
    pub check: ComponentCheck,
}

/// Where an identifier may stand in a Digital Link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkPlace {
    /// The key of a path, with the sequences of qualifiers it may have.
    pub key: Option<Vec<Vec<String>>>,
    /// An attribute of the query.
    pub attribute: bool,
}

/// One identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// Two to four digits.
    pub code: String,
    /// Every reader knows its length, so no separator need follow.
    pub fixed: bool,
    /// The parts of its value.
    pub components: Vec<Component>,
    /// Every group must be satisfied, by one of its alternatives, all members of which must be there.
    pub needs: Vec<Vec<Vec<String>>>,
    /// `needs` as written, a text for each group.
    pub needs_text: Vec<String>,
    /// Patterns that may not stand beside it.
    pub never_with: Vec<String>,
    /// Its place in a Digital Link.
    pub link: LinkPlace,
}

impl Identifier {
    /// The most characters a value may have.
    pub fn length_max(&self) -> usize {
        self.components.iter().map(|c| c.length_max).sum()
    }

    /// The least characters a value may have.
    pub fn length_min(&self) -> usize {
        self.components.iter().filter(|c| !c.optional).map(|c| c.length_min).sum()
    }
}

/// The identifier `code`, exactly.
pub fn find(code: &str) -> Option<&'static Identifier> {
    TABLE.iter().find(|identifier| identifier.code == code)
}

/// The identifier `data` begins with. No identifier is the beginning of another, so there is at most one.
pub fn find_prefix(data: &str) -> Option<&'static Identifier> {
    TABLE.iter().find(|identifier| data.starts_with(&identifier.code))
}

/// Does `code` fit `pattern`, in which `n` stands for any digit (`31nn`)?
pub fn matches_pattern(code: &str, pattern: &str) -> bool {
    code.len() == pattern.len() && code.bytes().zip(pattern.bytes()).all(|(c, p)| p == b'n' || c == p)
}

/// A row of the table that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct TableError {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub reason: &'static str,
}

/// The table of a text like the built-in one.
pub fn parse_table(text: &str) -> Result<Vec<Identifier>, TableError> {
    let mut table = Vec::new();
    for (index, row) in text.lines().enumerate() {
        if row.trim().is_empty() || row.starts_with('#') {
            continue;
        }
        let identifiers = parse_row(row).map_err(|reason| TableError { line: index + 1, reason })?;
        table.extend(identifiers);
    }
    Ok(table)
}

/// All identifiers of one row.
fn parse_row(row: &str) -> Result<Vec<Identifier>, &'static str> {
    let columns: Vec<_> = row.split_whitespace().collect();
    let [codes, end, value, needs, never_with, link] = columns[..] else { return Err("six columns are needed") };
    let fixed = match end {
        "fixed" => true,
        "open" => false,
        _ => return Err("the end is fixed or open"),
    };
    let components = value.split('/').map(parse_component).collect::<Result<Vec<_>, _>>()?;
    let needs_text: Vec<String> = listed(needs, ';');
    let needs: Vec<Vec<Vec<String>>> =
        needs_text.iter().map(|group| group.split(',').map(|alternative| listed(alternative, '+')).collect()).collect();
    let link = parse_link(link)?;
    let mut identifiers = Vec::new();
    for entry in codes.split(',') {
        let (family, codes) = expand_codes(entry)?;
        for code in codes {
            let never_with = listed(never_with, ',')
                .into_iter()
                .map(|pattern| if pattern == "self" { family.to_owned() } else { pattern })
                .collect();
            identifiers.push(Identifier {
                code,
                fixed,
                components: components.clone(),
                needs: needs.clone(),
                needs_text: needs_text.clone(),
                never_with,
                link: link.clone(),
            });
        }
    }
    Ok(identifiers)
}

/// A list column; `-` is the empty one.
fn listed(column: &str, separator: char) -> Vec<String> {
    if column == "-" { Vec::new() } else { column.split(separator).map(str::to_owned).collect() }
}

/// `310n:0-5` → the family `310n` and its codes; `91-99` → each; `01` → itself.
fn expand_codes(entry: &str) -> Result<(&str, Vec<String>), &'static str> {
    const WRONG: &str = "an identifier is digits, a family like 310n:0-5 or a range like 91-99";
    let bounds = |range: &str| -> Option<(u32, u32)> {
        let (first, last) = range.split_once('-')?;
        Some((first.parse().ok()?, last.parse().ok()?))
    };
    if let Some((family, range)) = entry.split_once(':') {
        let stem = family.strip_suffix('n').ok_or(WRONG)?;
        let (first, last) = bounds(range).ok_or(WRONG)?;
        return Ok((family, (first..=last).map(|digit| format!("{stem}{digit}")).collect()));
    }
    if let Some((first, last)) = bounds(entry) {
        return Ok((entry, (first..=last).map(|code| code.to_string()).collect()));
    }
    if entry.bytes().all(|b| b.is_ascii_digit()) { Ok((entry, vec![entry.to_owned()])) } else { Err(WRONG) }
}

/// `N13:check`, `X..20`, `[N4]`.
fn parse_component(text: &str) -> Result<Component, &'static str> {
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let optional = inner.is_some();
    let (shape, check) = inner.unwrap_or(text).split_once(':').unwrap_or((inner.unwrap_or(text), ""));
    let set = match shape.as_bytes().first() {
        Some(b'N') => CharacterSet::Digits,
        Some(b'X') => CharacterSet::Set82,
        Some(b'Y') => CharacterSet::Set39,
        Some(b'Z') => CharacterSet::Base64,
        _ => return Err("a component begins with N, X, Y or Z"),
    };
    let length = |text: &str| text.parse::<usize>().map_err(|_| "a component has a length");
    let (length_min, length_max) = match shape[1..].strip_prefix("..") {
        Some(most) => (1, length(most)?),
        None => (length(&shape[1..])?, length(&shape[1..])?),
    };
    let check = match check {
        "" => ComponentCheck::None,
        "check" => ComponentCheck::CheckDigit,
        "date" => ComponentCheck::Date,
        "day" => ComponentCheck::Day,
        "zero" => ComponentCheck::Zero,
        "nonzero" => ComponentCheck::NonZero,
        "part" => ComponentCheck::PieceOfTotal,
        _ => return Err("unknown check"),
    };
    Ok(Component { set, length_min, length_max, optional, check })
}

/// `key:22,10,21|235+attribute`.
fn parse_link(text: &str) -> Result<LinkPlace, &'static str> {
    let mut place = LinkPlace::default();
    for part in listed(text, '+') {
        match part.split_once(':').unwrap_or((&part, "")) {
            ("attribute", "") => place.attribute = true,
            ("key", "") => place.key = Some(Vec::new()),
            ("key", sequences) => place.key = Some(sequences.split('|').map(|s| listed(s, ',')).collect()),
            _ => return Err("the link is key, attribute or both"),
        }
    }
    Ok(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_whole_and_free_of_prefixes() {
        let table = parse_table(BUILT_IN).unwrap();
        assert_eq!(table.len(), 536);
        for one in &table {
            assert!(matches!(one.code.len(), 2..=4), "{one:?}");
            assert!(one.length_min() <= one.length_max() && one.length_max() <= 90, "{one:?}");
            assert_eq!(one.fixed, one.fixed && one.length_min() == one.length_max(), "{one:?}");
            let also = table.iter().filter(|other| one.code.starts_with(&other.code)).count();
            assert_eq!(also, 1, "{} begins with another identifier", one.code);
            for qualifier in one.link.key.iter().flatten().flatten() {
                assert!(table.iter().any(|other| other.code == *qualifier), "{} names {qualifier}", one.code);
            }
            for pattern in one.never_with.iter().chain(one.needs.iter().flatten().flatten()) {
                assert!(
                    table.iter().any(|other| matches_pattern(&other.code, pattern)),
                    "{} names {pattern}",
                    one.code
                );
            }
        }
    }

    #[test]
    fn a_wrong_row_is_named() {
        let check = |row: &str, expected: &str| {
            let error = parse_table(&format!("# head\n{row}")).unwrap_err();
            assert_eq!((error.line, error.reason.contains(expected)), (2, true), "{error}");
        };
        check("01 fixed N14", "six columns");
        check("01 maybe N14 - - -", "fixed or open");
        check("0x open N14 - - -", "identifier");
        check("310n:0 open N6 - - -", "identifier");
        check("01 open Q14 - - -", "begins with");
        check("01 open N14:what - - -", "unknown check");
        check("01 open N - - -", "length");
        check("01 open N1 - - path", "key, attribute");
    }
}
