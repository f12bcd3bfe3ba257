//! Writing answers: elements into memory, so that an answer is a few lines in its format.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::draft::Value;

/// Writes elements, two blanks deeper for each level.
pub struct ElementWriter {
    writer: Writer<Vec<u8>>,
    failed: bool,
}

impl ElementWriter {
    /// A document that begins with its declaration.
    pub fn new() -> Self {
        let mut writer = Self { writer: Writer::new_with_indent(Vec::new(), b' ', 2), failed: false };
        writer.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        writer
    }

    /// An element that holds others.
    pub fn within(&mut self, name: &str, attributes: &[(&str, &str)], inner: impl FnOnce(&mut Self)) {
        self.start(name, attributes);
        inner(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element with a text.
    pub fn value(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.start(name, attributes);
        self.event(Event::Text(BytesText::new(text)));
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element that repeats what the document said, when it said it.
    pub fn maybe(&mut self, name: &str, value: Option<&Value>) {
        if let Some(value) = value {
            self.value(name, &[], &value.text);
        }
    }

    /// A document type before the first element.
    pub fn document_type(&mut self, text: &str) {
        self.event(Event::DocType(BytesText::from_escaped(text)));
    }

    /// The document. Writing to memory cannot fail; should it, the answer is left out rather than the call.
    pub fn into_bytes(self) -> Vec<u8> {
        if self.failed { Vec::new() } else { self.writer.into_inner() }
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let mut start = BytesStart::new(name);
        for attribute in attributes {
            start.push_attribute(*attribute);
        }
        self.event(Event::Start(start));
    }

    fn event(&mut self, event: Event<'_>) {
        if let Err(error) = self.writer.write_event(event) {
            tracing::error!(%error, "an answer document could not be written");
            self.failed = true;
        }
    }
}
