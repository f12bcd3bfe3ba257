//! Leads a format's reader through a document: every element and every value with the path it stands at, whatever their
//! order, and a digest of what an order says.
//!
//! What the digest is of, and so when a document says the same as an earlier one: every value under its name within its
//! element. The order of attributes, of elements of different names, prefixes, white space around values, comments, and
//! elements with nothing in them do not count. The order of elements of one name does: lines, notes and identities are
//! lists. A format may say that names mean the same, and that elements only group others ([`Reader::said`],
//! [`Reader::is_group`]): then how a value was called and wrapped does not count either. Elements of foreign namespaces say
//! nothing.

use std::borrow::Cow;

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
    /// Does the value, or all in the element, change from one sending of the same order to the next?
    fn is_passing(&self, _path: &[&str]) -> bool {
        false
    }
    /// Is the element a text for people? Then its text is everything in it, whatever elements mark or hold it.
    fn is_prose(&self, _path: &[&str]) -> bool {
        false
    }
    /// The name the last of the path counts under in the digest.
    fn said<'p>(&self, path: &[&'p str]) -> Cow<'p, str> {
        Cow::Borrowed(path.last().copied().unwrap_or_default())
    }
    /// Does the element only group what is in it, so that it may as well not be there?
    fn is_group(&self, _path: &[&str]) -> bool {
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
    /// What the element says, in 32 bytes, once it has ended.
    pub content: [u8; 32],
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
        Value::of_element(self.path.to_owned(), self.at)
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
        let scheme = self.attribute("schemeID").map(Box::from);
        Value { text: self.text.to_owned(), path: self.path.to_owned(), at: self.at, scheme }
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
        Some(Value { text, path: format!("{element}/@{name}"), at: self.at, scheme: None })
    }
}

struct Level {
    name: String,
    attributes: Vec<(String, String)>,
    trail: usize,
    known: bool,
    said: Said,
}

/// What an element says: its attributes and the elements in it.
#[derive(Default)]
struct Said(Vec<Saying>);

struct Saying {
    /// The name it counts under.
    name: String,
    /// The name as it is written, where that is another.
    written: String,
    content: [u8; 32],
}

impl Said {
    /// In 32 bytes, with the element's own text. `None` when it says nothing.
    fn content(mut self, text: &str) -> Option<[u8; 32]> {
        if self.0.is_empty() && text.is_empty() {
            return None;
        }
        // Stable: those of one name stay in their order.
        self.0.sort_by(|a, b| (&a.name, &a.written).cmp(&(&b.name, &b.written)));
        let mut digest = Sha256::new();
        let mut put = |part: &[u8]| {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        };
        put(text.as_bytes());
        for saying in &self.0 {
            put(saying.name.as_bytes());
            put(&saying.content);
        }
        Some(digest.finalize().into())
    }

    /// One more value or element, as the reader calls it.
    fn add(&mut self, reader: &impl Reader, path: &[&str], inner: Self, text: &str) {
        if reader.is_passing(path) {
            return;
        }
        if text.is_empty() && reader.is_group(path) {
            return self.0.extend(inner.0);
        }
        let Some(content) = inner.content(text) else { return };
        let name = reader.said(path).into_owned();
        let written = path.last().filter(|last| **last != name).map(|last| (*last).to_owned());
        self.0.push(Saying { name, written: written.unwrap_or_default(), content });
    }
}

/// Walks from the first element, which the pass has just entered, to the end of the document. Answers what all of it says.
pub fn walk(
    pass: &mut Pass<'_>,
    root_attributes: &[(String, String)],
    reader: &mut impl Reader,
) -> Result<[u8; 32], Problem> {
    let mut lines = 0;
    let mut levels: Vec<Level> = Vec::new();
    let mut trail = pass.path();
    let at = pass.position();
    let mut whole = take_attributes(reader, &[], root_attributes, at, &trail);
    let mut root_text = String::new();
    loop {
        match pass.next_item()? {
            Item::Start { name, attributes } => {
                let known = levels.last().is_none_or(|level| level.known) && reader.knows(&name.namespace);
                let said = Said::default();
                levels.push(Level { name: name.local, attributes, trail: trail.len(), known, said });
                trail.push('/');
                trail.push_str(&pass.segment());
                if known {
                    let at = pass.position();
                    let path = path_of(&levels);
                    let problem = |code, message: String| Problem::new(code, pass.place(pass.position()), "", message);
                    let content = [0; 32];
                    let reached = pass.reached();
                    let mut here = Here { at, reached, path: &trail, content, lines: &mut lines, problem: &problem };
                    reader.begin(&path, &mut here)?;
                    let attributes = levels.last().map(|level| level.attributes.as_slice()).unwrap_or_default();
                    let said = take_attributes(reader, &path, attributes, at, &trail);
                    if let Some(level) = levels.last_mut() {
                        level.said = said;
                    }
                }
            }
            Item::End { text, whole: prose, at } => {
                let said = levels.last_mut().map(|level| std::mem::take(&mut level.said));
                // The first element's own: the last to end.
                let Some(said) = said else {
                    root_text = text;
                    continue;
                };
                if levels.last().is_some_and(|level| level.known) {
                    let path = path_of(&levels);
                    let attributes = levels.last().map(|level| level.attributes.as_slice()).unwrap_or_default();
                    let told = if !prose.is_empty() && reader.is_prose(&path) { &prose } else { &text };
                    if !told.is_empty() {
                        reader.take(&path, &Found { text: told, attributes, at, path: &trail });
                    }
                    let mut around = Said::default();
                    around.add(reader, &path, said, &text);
                    let content = around.0.last().map(|saying| saying.content).unwrap_or_default();
                    let problem = |code, message: String| Problem::new(code, pass.place(at), "", message);
                    let reached = pass.reached();
                    let mut here = Here { at, reached, path: &trail, content, lines: &mut lines, problem: &problem };
                    reader.end(&path, &mut here);
                    let parent = levels.iter_mut().rev().nth(1).map_or(&mut whole, |level| &mut level.said);
                    parent.0.append(&mut around.0);
                }
                if let Some(level) = levels.pop() {
                    trail.truncate(level.trail);
                }
            }
            Item::Done => return Ok(whole.content(&root_text).unwrap_or_default()),
        }
    }
}

fn path_of(levels: &[Level]) -> Vec<&str> {
    levels.iter().map(|level| level.name.as_str()).collect()
}

fn take_attributes(
    reader: &mut impl Reader,
    path: &[&str],
    attributes: &[(String, String)],
    at: Offset,
    trail: &str,
) -> Said {
    let mut said = Said::default();
    for (name, text) in attributes {
        let text = text.trim();
        // A schema's location and the document's language say nothing about the order.
        if text.is_empty() || name.starts_with("xsi:") || name.starts_with("xml:") {
            continue;
        }
        let local = format!("@{}", name.rsplit_once(':').map_or(name.as_str(), |(_, local)| local));
        let path: Vec<&str> = path.iter().copied().chain([local.as_str()]).collect();
        said.add(reader, &path, Said::default(), text);
        reader.take(&path, &Found { text, attributes, at, path: &format!("{trail}/{local}") });
    }
    said
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
