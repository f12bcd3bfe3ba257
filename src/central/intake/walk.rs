//! Leads a format's reader through a document: every element and every value with the path it stands at, whatever their
//! order, and a digest of all of it.

use sha2::{Digest, Sha256};

use super::draft::{AllowanceCharge, DraftLine, Value};
use super::problem::{Problem, ProblemCode};
use super::xml::{Item, Offset, Pass};

/// How many lines the orders of one document may have together.
pub const LINES_MAX: usize = 10_000;
/// How many identities of a party, and allowances of a line, are looked at.
pub const REPEATS_MAX: usize = 100;

/// What a format makes of elements and values. Paths are names below the first element, outermost first; elements of
/// namespaces that are not the format's are left out with all they hold.
pub trait Reader {
    /// Are the names of this namespace the format's?
    fn knows(&self, namespace: &str) -> bool;
    /// An element begins.
    fn begin(&mut self, _path: &[&str], _here: &mut Here<'_>) -> Result<(), Problem> {
        Ok(())
    }
    /// An element with a text, or an attribute: then the path ends in `@name`.
    fn take(&mut self, path: &[&str], found: &Found<'_>);
    /// An element has ended, `end` bytes into the text.
    fn end(&mut self, _path: &[&str], _here: &mut Here<'_>) {}
    /// Does the value change from one sending of the same order to the next?
    fn is_passing(&self, _path: &[&str]) -> bool {
        false
    }
}

/// Where the walk stands.
pub struct Here<'a> {
    /// Where the element begins.
    pub at: Offset,
    /// Where the walk has come to, in bytes.
    pub reached: usize,
    /// `/Order/OrderLine[2]`.
    pub path: &'a str,
    digest: &'a mut Sha256,
    lines: &'a mut usize,
    problem: &'a dyn Fn(ProblemCode, String) -> Problem,
}

impl Here<'_> {
    /// A line that begins here, unless the document has too many.
    pub fn line(&mut self) -> Result<DraftLine, Problem> {
        *self.lines += 1;
        if *self.lines > LINES_MAX {
            return Err((self.problem)(ProblemCode::XmlTooLarge, format!("more than {LINES_MAX} lines")));
        }
        Ok(DraftLine { at: self.at, path: self.path.to_owned(), ..DraftLine::default() })
    }

    /// The element itself, as a place to tell about.
    pub fn element(&self) -> Value {
        Value { text: String::new(), path: self.path.to_owned(), at: self.at }
    }

    /// What everything since the last call says, in 32 bytes.
    pub fn take_digest(&mut self) -> [u8; 32] {
        self.digest.finalize_reset().into()
    }

    /// What is wrong here.
    pub fn problem(&self, code: ProblemCode, message: impl Into<String>) -> Problem {
        (self.problem)(code, message.into())
    }
}

/// A value the walk has found.
pub struct Found<'a> {
    /// Its text, trimmed, never empty.
    pub text: &'a str,
    attributes: &'a [(String, String)],
    at: Offset,
    path: &'a str,
}

impl Found<'_> {
    /// With its place.
    pub fn value(&self) -> Value {
        Value { text: self.text.to_owned(), path: self.path.to_owned(), at: self.at }
    }

    /// An attribute of the element, without its prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let is = |key: &str| key == name || key.rsplit_once(':').is_some_and(|(_, local)| local == name);
        self.attributes.iter().find(|(key, _)| is(key)).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// An attribute of the element, as a value.
    pub fn attribute_value(&self, name: &str) -> Option<Value> {
        let text = self.attribute(name)?.to_owned();
        // Beside another attribute it is the same element's.
        let element = self.path.split("/@").next().unwrap_or_default();
        Some(Value { text, path: format!("{element}/@{name}"), at: self.at })
    }
}

struct Level {
    name: String,
    attributes: Vec<(String, String)>,
    trail: usize,
    known: bool,
}

/// Walks from the first element, which the pass has just entered, to the end of the document.
pub fn walk(
    pass: &mut Pass<'_>,
    root_attributes: &[(String, String)],
    reader: &mut impl Reader,
) -> Result<[u8; 32], Problem> {
    let mut digest = Sha256::new();
    let mut lines = 0;
    let mut levels: Vec<Level> = Vec::new();
    let mut trail = pass.path();
    let at = pass.position();
    take_attributes(reader, &mut digest, &[], root_attributes, at, &trail);
    loop {
        match pass.next_item()? {
            Item::Start { name, attributes } => {
                let known = levels.last().is_none_or(|level| level.known) && reader.knows(&name.namespace);
                levels.push(Level { name: name.local, attributes, trail: trail.len(), known });
                trail.push('/');
                trail.push_str(&pass.segment());
                if known {
                    let at = pass.position();
                    let path = path_of(&levels);
                    let problem = |code, message: String| Problem::new(code, pass.place(pass.position()), "", message);
                    let mut here = Here {
                        at,
                        reached: pass.reached(),
                        path: &trail,
                        digest: &mut digest,
                        lines: &mut lines,
                        problem: &problem,
                    };
                    reader.begin(&path, &mut here)?;
                    if let Some(level) = levels.last() {
                        take_attributes(reader, &mut digest, &path, &level.attributes, at, &trail);
                    }
                }
            }
            Item::End { text, at } => {
                if levels.last().is_some_and(|level| level.known) {
                    let path = path_of(&levels);
                    let attributes = levels.last().map(|level| level.attributes.as_slice()).unwrap_or_default();
                    if !text.is_empty() {
                        put_digest(reader, &mut digest, &path, &text);
                        reader.take(&path, &Found { text: &text, attributes, at, path: &trail });
                    }
                    let problem = |code, message: String| Problem::new(code, pass.place(at), "", message);
                    let mut here = Here {
                        at,
                        reached: pass.reached(),
                        path: &trail,
                        digest: &mut digest,
                        lines: &mut lines,
                        problem: &problem,
                    };
                    reader.end(&path, &mut here);
                }
                if let Some(level) = levels.pop() {
                    trail.truncate(level.trail);
                }
            }
            Item::Done => return Ok(digest.finalize().into()),
        }
    }
}

fn path_of(levels: &[Level]) -> Vec<&str> {
    levels.iter().map(|level| level.name.as_str()).collect()
}

fn take_attributes(
    reader: &mut impl Reader,
    digest: &mut Sha256,
    path: &[&str],
    attributes: &[(String, String)],
    at: Offset,
    trail: &str,
) {
    for (name, text) in attributes {
        // A schema's location and the document's language say nothing about the order.
        if text.trim().is_empty() || name.starts_with("xsi:") || name.starts_with("xml:") {
            continue;
        }
        let local = format!("@{}", name.rsplit_once(':').map_or(name.as_str(), |(_, local)| local));
        let path: Vec<&str> = path.iter().copied().chain([local.as_str()]).collect();
        put_digest(reader, digest, &path, text);
        reader.take(&path, &Found { text: text.trim(), attributes, at, path: &format!("{trail}/{local}") });
    }
}

/// Everything the document says, so that the same in other spacing, with other prefixes, is the same.
fn put_digest(reader: &impl Reader, digest: &mut Sha256, path: &[&str], text: &str) {
    if reader.is_passing(path) {
        return;
    }
    for part in path.iter().chain([&text]) {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
}

/// The first one counts; a second of the same is the next one's business.
pub fn put(field: &mut Option<Value>, found: &Found<'_>) {
    field.get_or_insert_with(|| found.value());
}

/// One more, as long as they are not too many to look at.
pub fn add(values: &mut Vec<Value>, value: Value) {
    if values.len() < REPEATS_MAX {
        values.push(value);
    }
}

/// Room for one more allowance or charge.
pub fn add_allowance(allowances: &mut Vec<AllowanceCharge>, allowance: AllowanceCharge) {
    if allowances.len() < REPEATS_MAX {
        allowances.push(allowance);
    }
}
