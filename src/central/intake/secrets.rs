//! What a sender proves itself with to a network, and what nobody here needs to keep: the shared secret of a cXML document.
//!
//! It is masked, character for character, before a document is kept: every place in the document stays where it is. It never
//! was part of what an order says, so that the same order under another secret is the same order.

/// The element that holds it (cXML User's Guide, *Sender*; cXML has no namespaces, and names in one case).
const ELEMENT: &str = "<SharedSecret";
const ROOT: &str = "<cXML";
const END: &str = "</SharedSecret";
/// What stands in its place.
const MASK: u8 = b'*';

/// The document with every shared secret masked. Of one that breaks off within a secret, everything behind it is masked.
pub fn mask(mut document: Vec<u8>) -> Vec<u8> {
    // UTF-16 shows by its zero bytes, before or behind every character of a name (XML 1.0, appendix F).
    for (width, offset) in [(1, 0), (2, 0), (2, 1)] {
        // Only a cXML document has one: a note of another that speaks of it stays what it is.
        if find(&document, 0, ROOT, width, offset).is_some() {
            mask_in(&mut document, width, offset);
        }
    }
    document
}

/// Masks where characters are `width` bytes wide and their own byte is the one at `offset` of them.
fn mask_in(document: &mut [u8], width: usize, offset: usize) {
    let mut at = 0;
    while let Some(begin) = find(document, at, ELEMENT, width, offset) {
        let Some(open) = find(document, begin, ">", width, offset) else { return };
        let from = open + width;
        // `<SharedSecret/>` holds nothing, and what is behind it is the order's.
        let is_empty = open.checked_sub(width).and_then(|at| document.get(at + offset)) == Some(&b'/');
        // Another element may begin with the same letters.
        let behind = document.get(begin + ELEMENT.len() * width + offset);
        if is_empty || !behind.is_some_and(|byte| matches!(byte, b'>' | b' ' | b'\t' | b'\r' | b'\n')) {
            at = from;
            continue;
        }
        let until = find(document, from, END, width, offset).unwrap_or(document.len());
        for position in (from..until).step_by(width) {
            let Some(character) = document.get_mut(position..position + width) else { break };
            // A line stays a line: places are told by lines.
            if !matches!(character[offset], b'\n' | b'\r') || character.iter().filter(|byte| **byte != 0).count() != 1 {
                character.fill(0);
                character[offset] = MASK;
            }
        }
        at = until;
    }
}

/// Where a name stands, in bytes.
fn find(document: &[u8], from: usize, name: &str, width: usize, offset: usize) -> Option<usize> {
    let spelled: Vec<u8> = name
        .bytes()
        .flat_map(|byte| (0..width).map(move |position| if position == offset { byte } else { 0 }))
        .collect();
    let rest = document.get(from..)?;
    Some(from + rest.windows(spelled.len()).position(|window| window == spelled.as_slice())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, expected: &str) {
        assert_eq!(String::from_utf8(mask(document.as_bytes().to_vec())).unwrap(), expected);
        let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        if document.is_ascii() {
            for bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
                assert_eq!(mask(wide(document, bytes)), wide(expected, bytes), "{document}");
            }
        }
    }

    #[test]
    fn a_secret_is_masked_and_every_place_stays() {
        check("<cXML><SharedSecret>s3cret</SharedSecret></cXML>", "<cXML><SharedSecret>******</SharedSecret></cXML>");
        check("<cXML><SharedSecret x=\"1\">\n s\n</SharedSecret>", "<cXML><SharedSecret x=\"1\">\n**\n</SharedSecret>");
        check("<cXML><SharedSecret><![CDATA[s]]></SharedSecret>", "<cXML><SharedSecret>*************</SharedSecret>");
        check(
            "<cXML><SharedSecret>s</SharedSecret><SharedSecret>t</SharedSecret>",
            "<cXML><SharedSecret>*</SharedSecret><SharedSecret>*</SharedSecret>",
        );
        check("<cXML><SharedSecret>broken off", "<cXML><SharedSecret>**********");
        check("<cXML><SharedSecret>", "<cXML><SharedSecret>");
        check("<cXML><SharedSecret/><b>s</b>", "<cXML><SharedSecret/><b>s</b>");
        check("<cXML><SharedSecrets>s</SharedSecrets>", "<cXML><SharedSecrets>s</SharedSecrets>");
        check(
            "<Order><Note><![CDATA[<SharedSecret>]]></Note></Order>",
            "<Order><Note><![CDATA[<SharedSecret>]]></Note></Order>",
        );
        check("<Order><Note>SharedSecret</Note></Order>", "<Order><Note>SharedSecret</Note></Order>");
    }
}
