//! XML as intake wants it: one pass, nothing fetched, nothing expanded, limits on everything, and the place of every text.
//!
//! What comes out are *values*: the text of an element with its attributes, and the beginning and end of elements. Of one
//! that holds others the text between them is its own as well, and beside it stands everything in it as one text, for notes
//! with marks in them. Element order is nobody's business here; namespaces are.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::problem::{Place, Problem, ProblemCode};
use super::secrets;
use super::text::is_xml_character;

/// The largest document, in bytes as it was sent.
pub const DOCUMENT_BYTES_MAX: usize = 1024 * 1024;
/// Elements within one another.
pub const DEPTH_MAX: usize = 64;
/// The longest text or attribute, in bytes.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Attributes of one element, namespace declarations among them.
const ATTRIBUTES_MAX: usize = 64;
/// The longest name of an element, attribute or namespace, in bytes: the formats' own have up to 100.
const NAME_BYTES_MAX: usize = 512;
/// The longest path, in bytes of the names in it: each text that is kept carries its own.
const PATH_BYTES_MAX: usize = 1024;
/// Namespace declarations in force at one place.
const NAMESPACES_MAX: usize = 256;
/// How much of the document is shown where nothing else says what stands at a place, in bytes.
const SHOWN_BYTES_MAX: usize = 60;

/// The namespace every document has without saying so.
const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// An element's name, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its namespace; empty for none.
    pub namespace: String,
    /// Its name within.
    pub local: String,
}

/// Where something stands: an offset, made into line and column only when somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Offset(pub usize);

/// What the pass meets.
#[derive(Debug)]
pub enum Item {
    /// An element begins.
    Start {
        /// Its name.
        name: Name,
        /// Its attributes without namespace declarations: name as written, value.
        attributes: Vec<(String, String)>,
    },
    /// The element ends.
    End {
        /// Its own text, trimmed: of one that holds elements what stands between them.
        text: String,
        /// Of one that holds elements all text in it, theirs too, trimmed; empty where that is too long to keep.
        whole: String,
        /// Where the element began.
        at: Offset,
    },
    /// The document ends, and is well formed.
    Done,
}

struct Level {
    qualified: String,
    at: Offset,
    text: String,
    /// All text so far, once there is an element in it; nothing any more when it became too long.
    whole: Option<String>,
    namespaces_before: usize,
    /// How often each name has occurred among the children.
    children: Vec<(String, u32)>,
    /// Which of its name it is among its siblings.
    position: u32,
    local: String,
}

/// A pass over one document.
pub struct Pass<'a> {
    document: &'a str,
    reader: Reader<&'a [u8]>,
    levels: Vec<Level>,
    namespaces: Vec<(String, String)>,
    root_seen: bool,
    /// An empty element (`<a/>`) ends right after it began.
    end_pending: bool,
}

impl<'a> Pass<'a> {
    /// From the beginning.
    pub fn new(document: &'a str) -> Self {
        let mut reader = Reader::from_str(document);
        reader.config_mut().check_comments = true;
        Self { document, reader, levels: Vec::new(), namespaces: Vec::new(), root_seen: false, end_pending: false }
    }

    /// The next thing, or what is wrong with the document.
    pub fn next_item(&mut self) -> Result<Item, Problem> {
        if self.end_pending {
            self.end_pending = false;
            return Ok(self.end());
        }
        loop {
            let at = self.here();
            let event = self.reader.read_event().map_err(|error| {
                let place = Offset(usize::try_from(self.reader.error_position()).unwrap_or(at.0));
                self.problem(ProblemCode::XmlNotWellFormed, place, "", error.to_string())
            })?;
            match event {
                Event::Start(start) => return self.start(&start, at),
                Event::Empty(start) => {
                    self.end_pending = true;
                    return self.start(&start, at);
                }
                Event::End(_) => return Ok(self.end()),
                Event::Text(text) => self.text(&text, at)?,
                Event::CData(text) => {
                    let content = text.into_inner();
                    self.text(&content, at)?;
                }
                Event::GeneralRef(reference) => self.reference(&reference, reference.resolve_char_ref(), at)?,
                Event::DocType(declaration) => {
                    if declaration.contains('[') {
                        let message = "a document type definition inside the document is refused";
                        return Err(self.problem(ProblemCode::XmlDtdRefused, at, "", message));
                    }
                }
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => return self.done(at),
            }
        }
    }

    fn here(&self) -> Offset {
        Offset(usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX))
    }

    fn done(&self, at: Offset) -> Result<Item, Problem> {
        if let Some(open) = self.levels.last() {
            let message = format!("the document ends inside <{}>", open.qualified);
            return Err(self.problem(ProblemCode::XmlNotWellFormed, at, "", message));
        }
        if !self.root_seen {
            return Err(self.problem(ProblemCode::XmlNotWellFormed, at, "", "there is no element in it"));
        }
        Ok(Item::Done)
    }

    fn start(&mut self, start: &BytesStart<'_>, at: Offset) -> Result<Item, Problem> {
        if self.levels.is_empty() && self.root_seen {
            return Err(self.problem(
                ProblemCode::XmlNotWellFormed,
                at,
                "",
                "there is a second element beside the first",
            ));
        }
        if self.levels.len() >= DEPTH_MAX {
            let message = format!("more than {DEPTH_MAX} elements within one another");
            return Err(self.problem(ProblemCode::XmlTooDeep, at, "", message));
        }
        let path_bytes: usize = self.levels.iter().map(|level| level.qualified.len()).sum();
        let name_bytes = start.name().as_ref().len();
        if name_bytes > NAME_BYTES_MAX || path_bytes + name_bytes > PATH_BYTES_MAX {
            return Err(self.problem(ProblemCode::XmlTooLarge, at, "", "a name or a path of names is too long"));
        }
        self.root_seen = true;
        let namespaces_before = self.namespaces.len();
        let attributes = self.attributes(start, at)?;
        let qualified = start.name().as_ref().to_owned();
        if !is_name(&qualified) {
            return Err(self.problem(ProblemCode::XmlNotWellFormed, at, &qualified, "this is no name of an element"));
        }
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", &qualified));
        let namespace = self.namespace(prefix).ok_or_else(|| {
            let message = format!("the prefix {prefix:?} was never declared");
            self.problem(ProblemCode::XmlNotWellFormed, at, prefix, message)
        })?;
        let name = Name { namespace, local: local.to_owned() };
        let position = self.levels.last_mut().map_or(1, |parent| {
            if parent.children.is_empty() {
                parent.whole = Some(parent.text.clone());
            }
            match parent.children.iter_mut().find(|(known, _)| *known == name.local) {
                Some((_, count)) => {
                    *count += 1;
                    *count
                }
                None => {
                    // Beyond this many kinds of children the number in a path is not worth its memory.
                    if parent.children.len() < ATTRIBUTES_MAX {
                        parent.children.push((name.local.clone(), 1));
                    }
                    1
                }
            }
        });
        self.levels.push(Level {
            local: name.local.clone(),
            qualified,
            at,
            text: String::new(),
            whole: None,
            namespaces_before,
            children: Vec::new(),
            position,
        });
        Ok(Item::Start { name, attributes })
    }

    fn attributes(&mut self, start: &BytesStart<'_>, at: Offset) -> Result<Vec<(String, String)>, Problem> {
        let mut attributes: Vec<(String, String)> = Vec::new();
        let mut seen = 0;
        // The library compares every attribute with every other; here their number is bounded first.
        for attribute in start.attributes().with_checks(false) {
            let attribute =
                attribute.map_err(|error| self.problem(ProblemCode::XmlNotWellFormed, at, "", error.to_string()))?;
            seen += 1;
            let name: &str = attribute.key.as_ref();
            let is_namespace = name == "xmlns" || name.starts_with("xmlns:");
            let value_max = if is_namespace { NAME_BYTES_MAX } else { TEXT_BYTES_MAX };
            if seen > ATTRIBUTES_MAX || name.len() > NAME_BYTES_MAX || attribute.value.len() > value_max {
                return Err(self.problem(ProblemCode::XmlTooLarge, at, "", "too many or too long attributes"));
            }
            let key: &str = attribute.key.as_ref();
            let value = self.unescape(&attribute.value, at)?;
            let prefix = key.strip_prefix("xmlns").and_then(|rest| match rest {
                "" => Some(""),
                _ => rest.strip_prefix(':'),
            });
            match prefix {
                Some(prefix) => {
                    if self.namespaces.len() >= NAMESPACES_MAX {
                        return Err(self.problem(ProblemCode::XmlTooLarge, at, "", "too many namespaces"));
                    }
                    self.namespaces.push((prefix.to_owned(), value));
                }
                None if attributes.iter().any(|(known, _)| known == key) => {
                    return Err(self.problem(ProblemCode::XmlNotWellFormed, at, key, "an attribute is there twice"));
                }
                None => attributes.push((key.to_owned(), value)),
            }
        }
        Ok(attributes)
    }

    /// References in an attribute: the five and numbers, nothing else.
    fn unescape(&self, raw: &str, at: Offset) -> Result<String, Problem> {
        let mut value = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((before, after)) = rest.split_once('&') {
            value.push_str(before);
            let (name, after) = after
                .split_once(';')
                .ok_or_else(|| self.problem(ProblemCode::XmlNotWellFormed, at, raw, "an & that begins no reference"))?;
            value.push(self.resolve(name, numeric(name), at)?);
            rest = after;
        }
        value.push_str(rest);
        self.check_characters(&value, at)?;
        Ok(value)
    }

    fn reference(
        &mut self,
        name: &str,
        numeric: Result<Option<char>, quick_xml::Error>,
        at: Offset,
    ) -> Result<(), Problem> {
        let numeric =
            numeric.map_err(|error| self.problem(ProblemCode::XmlNotWellFormed, at, name, error.to_string()))?;
        let character = self.resolve(name, numeric, at)?;
        self.text(character.encode_utf8(&mut [0; 4]), at)
    }

    fn resolve(&self, name: &str, numeric: Option<char>, at: Offset) -> Result<char, Problem> {
        match (numeric, name) {
            (Some(character), _) if is_xml_character(character) => Ok(character),
            (_, "amp") => Ok('&'),
            (_, "lt") => Ok('<'),
            (_, "gt") => Ok('>'),
            (_, "quot") => Ok('"'),
            (_, "apos") => Ok('\''),
            (_, name) if name.starts_with('#') => {
                Err(self.problem(ProblemCode::XmlNotWellFormed, at, name, "a reference to no character of XML"))
            }
            (_, name) => Err(self.problem(ProblemCode::XmlDtdRefused, at, name, "an entity is refused")),
        }
    }

    fn text(&mut self, text: &str, at: Offset) -> Result<(), Problem> {
        self.check_characters(text, at)?;
        let too_long = match self.levels.last_mut() {
            None if text.trim().is_empty() => return Ok(()),
            None => {
                return Err(self.problem(ProblemCode::XmlNotWellFormed, at, text, "there is text outside the element"));
            }
            Some(level) if level.text.len() + text.len() > TEXT_BYTES_MAX => true,
            Some(level) => {
                // White space between elements is not kept, however much of it there is.
                let white = level.text.is_empty() && text.trim().is_empty();
                if !white {
                    level.text.push_str(text);
                    add_to_whole(level, text);
                }
                false
            }
        };
        if too_long {
            let message = format!("a text of more than {TEXT_BYTES_MAX} bytes");
            return Err(self.problem(ProblemCode::XmlTooLarge, at, "", message));
        }
        Ok(())
    }

    fn check_characters(&self, text: &str, at: Offset) -> Result<(), Problem> {
        match text.chars().find(|character| !is_xml_character(*character)) {
            Some(character) => {
                let message = format!("the character U+{:04X} may not stand in XML", u32::from(character));
                Err(self.problem(ProblemCode::XmlNotWellFormed, at, "", message))
            }
            None => Ok(()),
        }
    }

    fn end(&mut self) -> Item {
        // The library has checked that the end fits the beginning, so there is a level to leave.
        let Some(level) = self.levels.pop() else { return Item::Done };
        self.namespaces.truncate(level.namespaces_before);
        let holds_elements = !level.children.is_empty();
        let whole = if holds_elements { level.whole.unwrap_or_default().trim().to_owned() } else { String::new() };
        let text = level.text.trim().to_owned();
        if let Some(parent) = self.levels.last_mut() {
            let inner = if holds_elements { &whole } else { &text };
            if !inner.is_empty() {
                add_to_whole(parent, " ");
                add_to_whole(parent, inner);
                add_to_whole(parent, " ");
            }
        }
        Item::End { text, whole, at: level.at }
    }

    fn namespace(&self, prefix: &str) -> Option<String> {
        match self.namespaces.iter().rev().find(|(known, _)| known == prefix) {
            Some((_, uri)) => Some(uri.clone()),
            None if prefix.is_empty() => Some(String::new()),
            None => (prefix == "xml").then(|| XML_NAMESPACE.to_owned()),
        }
    }

    /// Where the innermost open element begins.
    pub fn position(&self) -> Offset {
        self.levels.last().map_or(Offset(0), |level| level.at)
    }

    /// The path to where the pass stands.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for level in &self.levels {
            path.push('/');
            path.push_str(&segment_of(level));
        }
        path
    }

    /// The last step of that path.
    pub fn segment(&self) -> String {
        self.levels.last().map_or_else(String::new, segment_of)
    }

    /// How far the pass has come, in bytes: behind what it met last.
    pub fn reached(&self) -> usize {
        self.here().0
    }

    /// Line and column of an offset, with the path to where the pass stands.
    pub fn place(&self, at: Offset) -> Place {
        let path = if self.levels.is_empty() { "/".to_owned() } else { self.path() };
        place(self.document, at, path)
    }

    fn problem(&self, code: ProblemCode, at: Offset, value: &str, message: impl Into<String>) -> Problem {
        match value {
            "" => Problem::new(code, self.place(at), &shown(self.document, at), message),
            value => Problem::new(code, self.place(at), value, message),
        }
    }
}

/// What stands at a place, as far as its line goes: what a problem shows that has no value of its own.
pub fn shown(document: &str, at: Offset) -> String {
    let rest = document.as_bytes().get(at.0..).unwrap_or_default();
    if is_mark(rest) {
        return first_line(rest);
    }
    let masked = secrets::mask(document.as_bytes().to_vec());
    first_line(masked.get(at.0..).unwrap_or_default())
}

/// Does a whole mark stand here? It is no secret; any other place may be within one, and is shown masked, which moves nothing.
pub fn is_mark(rest: &[u8]) -> bool {
    let mark = &rest[..rest.len().min(SHOWN_BYTES_MAX)];
    mark.first() == Some(&b'<') && mark.contains(&b'>')
}

/// The beginning of the line, or the mark that stands there.
pub fn first_line(rest: &[u8]) -> String {
    let cut = &rest[..rest.len().min(SHOWN_BYTES_MAX)];
    let line = cut.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let text = String::from_utf8_lossy(line);
    // The cut may have gone through a character.
    let text = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
    match (text.starts_with('<'), text.find('>')) {
        (true, Some(end)) => text[..=end].to_owned(),
        _ => text.to_owned(),
    }
}

/// Marks and line ends between the elements of a text are one blank to whoever reads it.
fn add_to_whole(level: &mut Level, text: &str) {
    let Some(whole) = &mut level.whole else { return };
    let is_blank = text == " " && (whole.is_empty() || whole.ends_with(char::is_whitespace));
    if whole.len() + text.len() > TEXT_BYTES_MAX {
        level.whole = None;
    } else if !is_blank {
        // What only told the elements apart stands before no comma.
        if text.starts_with([',', '.', ';', ':', '!', '?', ')']) && whole.ends_with(' ') {
            whole.pop();
        }
        whole.push_str(text);
    }
}

/// A name, and which of its kind where there are several, or usually are.
fn segment_of(level: &Level) -> String {
    let repeats = level.local.ends_with("Line")
        || matches!(level.local.as_str(), "line" | "ItemOut" | "ORDER_ITEM" | "orderLineItem");
    match level.position > 1 || repeats {
        true => format!("{}[{}]", level.local, level.position),
        false => level.local.clone(),
    }
}

/// Line and column of an offset in a document.
pub fn place(document: &str, at: Offset, path: String) -> Place {
    let mut end = at.0.min(document.len());
    while !document.is_char_boundary(end) {
        end -= 1;
    }
    let before = &document[..end];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    // A document has at most a mebibyte: both fit.
    Place { path, line: line as u32, column: column as u32 }
}

fn numeric(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let number = match digits.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(number)
}

/// A name as XML knows it, close enough to tell it from rubbish: the library checks nothing.
fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    let first = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    let rest = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '\u{B7}');
    first && characters.all(rest) && !name.ends_with(':') && name.matches(':').count() <= 1
}
