//! Documents that mean harm, and good ones of any size beside them: for the tests, and for the figures of `cargo bench`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A good order is not made larger than this: none may have much more than a megabyte.
const GOOD_BYTES_MAX: usize = 1_000_000;

/// A file of the sample shop.
pub fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample").join(name);
    fs::read_to_string(path).unwrap()
}

/// Documents that want something fetched from this URL or this file, memory, or time; with the code each is refused by, and
/// `""` for one that is only asked to fetch something and may well be an order.
// Size: one table, read from top to bottom.
pub fn list_hostile(url: &str, file: &Path) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let file = format!("file://{}", file.display());
    let plain = sample("orders/plain.xml");
    let root = plain[plain.find("<orders").unwrap()..].to_owned();
    let ubl = sample("orders/pick-up-paid.xml");
    let begin = root.find(['>', ' ']).unwrap();
    let with = |attributes: &str| format!("{} {attributes}{}", &root[..begin], &root[begin..]);
    let inside = |text: &str| {
        let at = root.find('>').unwrap() + 1;
        format!("{}{text}{}", &root[..at], &root[at..])
    };
    let dtd = |inner: &str| format!("<!DOCTYPE order [{inner}]>{root}");
    let mut laughs = "<!ENTITY l0 'ha'>".to_owned();
    for level in 1..30 {
        let before = format!("&l{};", level - 1);
        laughs.push_str(&format!("<!ENTITY l{level} '{}'>", before.repeat(10)));
    }
    let xinclude = "xmlns:xi='http://www.w3.org/2001/XInclude'";
    let schema = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    let utf16: Vec<u8> = [0xFE, 0xFF].into_iter().chain(root.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    #[rustfmt::skip]
    let table: Vec<(&'static str, Vec<u8>, &'static str)> = vec![
        ("an external subset",       format!("<!DOCTYPE order SYSTEM '{url}'>{root}").into(),                    ""),
        ("a public one",             format!("<!DOCTYPE order PUBLIC '-//X//Y' '{url}'>{root}").into(),          ""),
        ("cXML's own",               format!("<!DOCTYPE cXML SYSTEM '{url}'><cXML/>").into(),                    ""),
        ("a name to look up",        format!("<!DOCTYPE order SYSTEM 'http://bait.invalid/a.dtd'>{root}").into(),""),
        ("an entity of a file",      dtd(&format!("<!ENTITY e SYSTEM '{file}'>")).into(),                        "XML_DTD_REFUSED"),
        ("an entity of a server",    dtd(&format!("<!ENTITY e SYSTEM '{url}'>")).into(),                         "XML_DTD_REFUSED"),
        ("a parameter entity",       dtd(&format!("<!ENTITY % e SYSTEM '{url}'> %e;")).into(),                   "XML_DTD_REFUSED"),
        ("a million laughs",         dtd(&laughs).into(),                                                        "XML_DTD_REFUSED"),
        ("one long entity, often",   dtd(&format!("<!ENTITY e '{}'>", "a".repeat(100_000))).into(),              "XML_DTD_REFUSED"),
        ("an entity nobody defined", inside("&e;").into(),                                                       "XML_DTD_REFUSED"),
        ("an inclusion",             inside(&format!("<xi:include {xinclude} href='{url}'/>")).into(),           ""),
        ("an inclusion of a file",   inside(&format!("<xi:include {xinclude} parse='text' href='{file}'/>")).into(), ""),
        ("a schema's place",         with(&format!("{schema} xsi:noNamespaceSchemaLocation='{url}'")).into(),    ""),
        ("schemas' places",          with(&format!("{schema} xsi:schemaLocation='urn:x {url}'")).into(),         ""),
        ("a stylesheet",             format!("<?xml-stylesheet href='{url}'?>{root}").into(),                    ""),
        ("a base",                   with(&format!("xml:base='{url}'")).into(),                                  ""),
        ("an attachment",            ubl.replacen("<cac:OrderLine>", &format!(
            "<cac:AdditionalDocumentReference><cac:Attachment><cac:ExternalReference><cbc:URI>{url}</cbc:URI>\
             </cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference><cac:OrderLine>"), 1).into(), ""),
        ("a deep one",               inside(&"<a>".repeat(200_000)).into(),                                      "XML_TOO_DEEP"),
        ("a deep one of itself",     root[..=root.find('>').unwrap()].repeat(20_000).into(),                     "XML_TOO_DEEP"),
        ("many attributes",          with(&(0..60_000).map(|n| format!("a{n}='' ")).collect::<String>()).into(), "XML_TOO_LARGE"),
        ("one long attribute",       with(&format!("a='{}'", "x".repeat(900_000))).into(),                       "XML_TOO_LARGE"),
        ("one long text",            inside(&"x".repeat(900_000)).into(),                                        "XML_TOO_LARGE"),
        ("more than may be",         inside(&"<!-- -->".repeat(400_000)).into(),                                 "XML_TOO_LARGE"),
        ("one name without an end",  format!("<{}", "a".repeat(900_000)).into(),                                 "XML_NOT_WELL_FORMED"),
        ("no end",                   root[..root.len() / 2].into(),                                              "XML_NOT_WELL_FORMED"),
        ("another encoding",         format!("<?xml version='1.0' encoding='UTF-7'?>{root}").into(),             "XML_ENCODING"),
        ("half a character",         utf16[..utf16.len() - 1].into(),                                            "XML_ENCODING"),
        ("no XML",                   vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3],                                   ""),
        ("nothing",                  Vec::new(),                                                                 ""),
    ];
    table
}

/// A good order of at least so many bytes, as far as an order may have so many: it has more lines, each with a note.
pub fn write_good(bytes: usize) -> Vec<u8> {
    let mut lines = String::new();
    let note = "Please wrap each of these by itself, and put the card for the grandparents on top of the others.";
    for number in 0.. {
        // Writing to a text cannot fail; `writeln!` only says so by its type.
        let _ = writeln!(
            lines,
            "<line sku=\"enamel-mug-moss\" quantity=\"1\" price=\"14.50\"><name>Mug {number}</name><note>{note}</note></line>"
        );
        if lines.len() >= bytes.min(GOOD_BYTES_MAX) {
            break;
        }
    }
    let begins = "<order number=\"G-1\" currency=\"EUR\"><customer id=\"C-1\"/><store>S001</store>";
    format!("<?xml version=\"1.0\"?>\n{begins}\n{lines}</order>\n").into_bytes()
}
