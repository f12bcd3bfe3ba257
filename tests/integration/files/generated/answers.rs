//! What an answer document says, read back: number, state and reasons, in whichever language it is written.

use till::central::intake::xml::{Item, Pass};

use super::documents::Wanted;
use super::model::Fate;

/// What became of an order, as its sender reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Taken,
    /// It stands otherwise than it was asked.
    Otherwise,
    /// Somebody has to find out first what is meant.
    Held,
    /// Taken before, and over since: nothing will come.
    Gone,
    Rejected,
}

/// How the sentence begins that says so.
const GONE: &str = "taken before as ";

/// What an answer says of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The sender's own number; cXML answers without it.
    pub number: Option<String>,
    pub said: Said,
    /// Our number, or the name the problem is kept under; a cXML answer to a problem has none.
    pub ours: String,
    pub codes: Vec<String>,
}

/// An element, without its namespace.
#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn list<'a>(&'a self, path: &[&str]) -> Vec<&'a Element> {
        path.iter().fold(vec![self], |found, name| {
            found.into_iter().flat_map(|element| element.children.iter().filter(|child| child.name == *name)).collect()
        })
    }

    fn text(&self, path: &[&str]) -> Option<String> {
        self.list(path).first().map(|element| element.text.clone())
    }

    fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    /// The attribute wherever it stands below.
    fn attributes_below(&self, name: &str) -> Vec<String> {
        let below = self.children.iter().flat_map(|child| child.attributes_below(name));
        self.attribute(name).into_iter().chain(below).collect()
    }
}

/// Reads all of it; what we answer is well formed.
fn parse(document: &[u8]) -> Element {
    let text = std::str::from_utf8(document).unwrap();
    let mut pass = Pass::new(text);
    let mut open = vec![Element::default()];
    loop {
        match pass.next_item().unwrap_or_else(|problem| panic!("{problem:?} in {text}")) {
            Item::Start { name, attributes } => {
                open.push(Element { name: name.local, attributes, ..Element::default() });
            }
            Item::End { text, .. } => {
                let element = Element { text, ..open.pop().unwrap() };
                open.last_mut().unwrap().children.push(element);
            }
            Item::Done => return open.pop().unwrap().children.pop().unwrap(),
        }
    }
}

/// What an answer says of each order it answers.
pub fn read(document: &[u8]) -> Vec<Told> {
    let root = parse(document);
    match root.name.as_str() {
        "answers" => root.list(&["answer"]).into_iter().map(read_plain).collect(),
        "OrderResponseSimple" | "OrderResponse" => vec![read_ubl(&root)],
        "cXML" => vec![read_cxml(root.list(&["Response", "Status"])[0])],
        "ORDERRESPONSE" => vec![read_opentrans(&root)],
        "ORDERRESPONSE_LIST" => root.list(&["ORDERRESPONSE"]).into_iter().map(read_opentrans).collect(),
        "orderResponseMessage" => root.list(&["orderResponse"]).into_iter().map(read_gs1).collect(),
        other => panic!("no answer begins with <{other}>"),
    }
}

fn read_plain(answer: &Element) -> Told {
    Told {
        number: answer.attribute("number"),
        said: match answer.attribute("outcome").unwrap().as_str() {
            "PROBLEM" => Said::Rejected,
            "DUPLICATE" if answer.text(&["note"]).is_some_and(|note| note.starts_with(GONE)) => Said::Gone,
            _ => Said::Taken,
        },
        ours: answer.attribute("order").unwrap(),
        codes: answer.list(&["problem"]).into_iter().map(|problem| problem.attribute("code").unwrap()).collect(),
    }
}

/// `ITEM_UNKNOWN: we do not sell …` begins with its code.
fn code_of(sentence: &str) -> String {
    sentence.split([':', ' ']).next().unwrap_or_default().to_owned()
}

fn read_ubl(root: &Element) -> Told {
    let simple = root.text(&["AcceptedIndicator"]);
    let reasons: Vec<&Element> = root.list(&["RejectionNote"]).into_iter().chain(root.list(&["Note"])).collect();
    let said = match (simple.as_deref(), root.text(&["OrderResponseCode"]).as_deref()) {
        (Some("false"), _) | (None, Some("RE")) if reasons.iter().any(|reason| reason.text.starts_with(GONE)) => {
            Said::Gone
        }
        (Some("true"), _) if root.text(&["Note"]).is_some_and(|note| note.starts_with("held")) => Said::Held,
        (Some("true"), _) | (None, Some("AP")) => Said::Taken,
        (Some("false"), _) | (None, Some("RE")) => Said::Rejected,
        (None, Some("CA")) => Said::Otherwise,
        (None, Some("AB")) => Said::Held,
        other => panic!("{other:?} is no verdict"),
    };
    Told {
        number: root.text(&["OrderReference", "ID"]),
        said,
        ours: root.text(&["ID"]).unwrap(),
        codes: reasons.into_iter().map(|reason| code_of(&reason.text)).collect(),
    }
}

fn read_cxml(status: &Element) -> Told {
    let taken = status.attribute("code").unwrap() == "200";
    let words: Vec<&str> = status.text.split("; ").collect();
    let is_held = words.iter().any(|word| word.starts_with("held"));
    let is_gone = words.iter().any(|word| word.starts_with(GONE));
    Told {
        number: None,
        said: match taken {
            true if is_held => Said::Held,
            true => Said::Taken,
            false if is_gone => Said::Gone,
            false => Said::Rejected,
        },
        ours: if taken || is_gone { words[0].split(' ').nth(1).unwrap().to_owned() } else { String::new() },
        codes: if taken || is_gone { Vec::new() } else { words.into_iter().map(code_of).collect() },
    }
}

fn read_opentrans(response: &Element) -> Told {
    let info = response.list(&["ORDERRESPONSE_HEADER", "ORDERRESPONSE_INFO"])[0];
    let remarks: Vec<String> = info.list(&["REMARKS"]).into_iter().map(|remark| remark.text.clone()).collect();
    let kept_as = remarks[0].strip_prefix("rejected, kept as ");
    let said = match remarks[0].as_str() {
        _ if kept_as.is_some() => Said::Rejected,
        "accepted" => Said::Taken,
        "accepted with changes" => Said::Otherwise,
        "nothing will come" => Said::Gone,
        held if held.starts_with("held") => Said::Held,
        other => panic!("{other:?} is no verdict"),
    };
    let of_lines = response.list(&["ORDERRESPONSE_ITEM_LIST", "ORDERRESPONSE_ITEM", "REMARKS"]);
    let sentences = remarks[1..].iter().chain(of_lines.into_iter().map(|remark| &remark.text));
    Told {
        number: info.text(&["ORDER_ID"]),
        said,
        ours: kept_as.map(str::to_owned).or_else(|| info.text(&["SUPPLIER_ORDER_ID"])).unwrap(),
        codes: sentences.map(|sentence| code_of(sentence)).collect(),
    }
}

fn read_gs1(response: &Element) -> Told {
    Told {
        number: response.text(&["originalOrder", "entityIdentification"]),
        said: match response.text(&["responseStatusCode"]).unwrap().as_str() {
            "ACCEPTED" => Said::Taken,
            "MODIFIED" => Said::Otherwise,
            "NO_ACTION" => Said::Held,
            "REJECTED" if response.attributes_below("attributeName").iter().any(|name| name == "LAST_WORD") => {
                Said::Gone
            }
            "REJECTED" => Said::Rejected,
            other => panic!("{other:?} is no code of GS1's"),
        },
        ours: response.text(&["orderResponseIdentification", "entityIdentification"]).unwrap(),
        codes: response.attributes_below("attributeName"),
    }
}

/// Does the answer say what became of each of these orders? `find_ours` knows our numbers, where they are known already.
pub fn check(
    answer: &[u8],
    orders: &[Wanted],
    fates: &[Fate],
    may_be_taken_already: bool,
    find_ours: impl Fn(&Wanted) -> Option<String>,
) -> Result<(), String> {
    let told = read(answer);
    if let ([], [Fate::Problem(code)], [one]) = (orders, fates, told.as_slice()) {
        let fits = one.said == Said::Rejected && one.codes.iter().any(|told| told == code);
        return if fits { Ok(()) } else { Err(format!("{one:?} of what nobody can read: {code}")) };
    }
    if told.len() != orders.len() {
        return Err(format!("{} orders are answered: {told:?}", told.len()));
    }
    for ((told, wanted), fate) in told.iter().zip(orders).zip(fates) {
        let same_number = told.number.as_deref().is_none_or(|number| number == wanted.number());
        let is_kept = || told.ours.is_empty() || uuid::Uuid::parse_str(&told.ours).is_ok();
        let is_ours = || find_ours(wanted).is_none_or(|ours| ours == told.ours) && told.ours.starts_with("W-");
        let fits = match (fate, told.said) {
            (Fate::Problem(code), Said::Rejected) => is_kept() && told.codes.iter().any(|told| told == code),
            // What was sent before may have been changed or cancelled since.
            (Fate::Duplicate, Said::Taken | Said::Otherwise | Said::Gone) => is_ours(),
            // Taken before, an order may have been changed by the end of its own document.
            (Fate::Imported, Said::Otherwise) => may_be_taken_already && is_ours(),
            (Fate::Imported | Fate::Changed | Fate::Cancelled, Said::Taken) => is_ours(),
            _ => false,
        };
        if !fits || !same_number {
            let ours = find_ours(wanted);
            return Err(format!("{told:?} of {} {ours:?}, which is {fate:?}", wanted.number()));
        }
    }
    Ok(())
}
