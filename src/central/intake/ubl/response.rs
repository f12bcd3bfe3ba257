//! The answer to a UBL Order: an OrderResponseSimple (UBL 2.1, 2.6), accepted or rejected with the reasons.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::super::draft::{OrderDraft, Party, Value};
use super::super::problem::{Problem, Severity};
use super::{AGGREGATES, BASICS};
use crate::domain::Timestamp;

/// Namespace of the answer.
const RESPONSE: &str = "urn:oasis:names:specification:ubl:schema:xsd:OrderResponseSimple-2";
/// How many reasons a rejection names.
const REASONS_MAX: usize = 20;

/// The answer: `ours` is our order number, or the name the problem is kept under.
pub fn encode_response(draft: &OrderDraft, ours: &str, problems: &[Problem], now: Timestamp) -> Vec<u8> {
    let mut answer = Answer { writer: Writer::new_with_indent(Vec::new(), b' ', 2) };
    // Writing to memory cannot fail; should it, the answer is left out rather than the call.
    match answer.write(draft, ours, problems, now) {
        Ok(()) => answer.writer.into_inner(),
        Err(error) => {
            tracing::error!(%error, "an answer document could not be written");
            Vec::new()
        }
    }
}

struct Answer {
    writer: Writer<Vec<u8>>,
}

impl Answer {
    fn write(
        &mut self,
        draft: &OrderDraft,
        ours: &str,
        problems: &[Problem],
        now: Timestamp,
    ) -> Result<(), std::io::Error> {
        let errors: Vec<&Problem> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        self.writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let mut root = BytesStart::new("OrderResponseSimple");
        root.push_attribute(("xmlns", RESPONSE));
        root.push_attribute(("xmlns:cac", AGGREGATES));
        root.push_attribute(("xmlns:cbc", BASICS));
        self.writer.write_event(Event::Start(root))?;
        self.value("cbc:UBLVersionID", "2.1")?;
        self.maybe("cbc:CustomizationID", draft.customization.as_ref())?;
        self.maybe("cbc:ProfileID", draft.profile.as_ref())?;
        self.value("cbc:ID", ours)?;
        self.value("cbc:IssueDate", &now.format("%Y-%m-%d").to_string())?;
        self.value("cbc:IssueTime", &now.format("%H:%M:%SZ").to_string())?;
        self.value("cbc:AcceptedIndicator", if errors.is_empty() { "true" } else { "false" })?;
        for problem in errors.iter().take(REASONS_MAX) {
            let place = &problem.place;
            let text = format!("{}: {} ({} line {})", problem.code.as_str(), problem.message, place.path, place.line);
            self.value("cbc:RejectionNote", &text)?;
        }
        self.open("cac:OrderReference")?;
        self.value("cbc:ID", draft.number.as_ref().map_or("", |number| &number.text))?;
        if errors.is_empty() {
            self.value("cbc:SalesOrderID", ours)?;
        }
        self.close("cac:OrderReference")?;
        self.party("cac:SellerSupplierParty", &draft.seller)?;
        self.party("cac:BuyerCustomerParty", &draft.buyer)?;
        self.close("OrderResponseSimple")
    }

    fn party(&mut self, element: &str, party: &Party) -> Result<(), std::io::Error> {
        self.open(element)?;
        self.open("cac:Party")?;
        self.maybe("cbc:EndpointID", party.endpoint.as_ref())?;
        for identity in &party.identities {
            self.open("cac:PartyIdentification")?;
            self.value("cbc:ID", &identity.text)?;
            self.close("cac:PartyIdentification")?;
        }
        if let Some(name) = &party.name {
            self.open("cac:PartyName")?;
            self.value("cbc:Name", &name.text)?;
            self.close("cac:PartyName")?;
        }
        self.close("cac:Party")?;
        self.close(element)
    }

    fn maybe(&mut self, element: &str, value: Option<&Value>) -> Result<(), std::io::Error> {
        value.map_or(Ok(()), |value| self.value(element, &value.text))
    }

    fn value(&mut self, element: &str, text: &str) -> Result<(), std::io::Error> {
        self.open(element)?;
        self.writer.write_event(Event::Text(BytesText::new(text)))?;
        self.close(element)
    }

    fn open(&mut self, element: &str) -> Result<(), std::io::Error> {
        self.writer.write_event(Event::Start(BytesStart::new(element)))
    }

    fn close(&mut self, element: &str) -> Result<(), std::io::Error> {
        self.writer.write_event(Event::End(BytesEnd::new(element)))
    }
}
