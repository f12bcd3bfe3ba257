//! Answers in the folder for them: what a sender reads there, in its own language, of every format and every fate.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::generated::answers::{self, Said, Told};
use super::generated::documents::{Act, Fault, Format, PLACES, Wanted, sample_items, write};
use super::pick_up::drop_file;
use crate::programs::central::Central;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A folder that central looks at, with one for answers in it.
struct Channel<'a> {
    central: &'a Central,
    name: &'static str,
    folder: tempfile::TempDir,
}

impl<'a> Channel<'a> {
    fn add(central: &'a Central, name: &'static str, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("out")).unwrap();
        let place = folder.path().display().to_string();
        let arguments = ["channel", "add", name, "--kind", "marketplace", "--folder", &place, "--outbound", "out"];
        central.say(&[&arguments[..], more].concat());
        Self { central, name, folder }
    }

    /// Puts a document down and reads the answer to it.
    fn ask(&self, file: &str, orders: &[Wanted]) -> Vec<Told> {
        drop_file(self.folder.path(), &format!("{file}.xml"), &write(orders).0);
        drop_file(self.folder.path(), &format!("{file}.xml.done"), "");
        self.central.say(&["channel", "poke", self.name]);
        let begun = Instant::now();
        loop {
            if let Some(answer) = find(&self.folder.path().join("out"), file) {
                // Filed away, and told beside it what was wrong, everything about it is done.
                if [format!("imported/{file}.xml"), format!("problem/{file}.xml.problem.txt")]
                    .iter()
                    .any(|done| self.has(done))
                {
                    return answers::read(&answer);
                }
            }
            assert!(begun.elapsed() < PATIENCE, "no answer to {file}\n{}", self.central.tail());
            std::thread::park_timeout(LOOK_AGAIN);
        }
    }

    fn has(&self, path: &str) -> bool {
        self.folder.path().join(path).exists()
    }
}

/// The answer to a file: `NAME.DIGITS.response.xml`.
fn find(folder: &Path, file: &str) -> Option<Vec<u8>> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with(&format!("{file}.")) && name.ends_with(".response.xml")
    };
    names.filter(is).map(|path| fs::read(path).unwrap()).next()
}

fn told(number: &Option<String>, said: Said, ours: &str) -> Told {
    Told { number: number.clone(), said, ours: ours.to_owned(), codes: Vec::new() }
}

#[test]
fn every_format_is_answered_in_its_own_language() {
    let mut central = Central::new();
    central.start();
    let mall = Channel::add(&central, "mall", &[]);
    let hold = Channel::add(&central, "hold", &["--accept-unknown"]);
    let items = sample_items(3);
    for format in Format::ALL {
        let called = |what: &str| format!("{format:?}-{what}").to_lowercase();
        let first = Wanted {
            format,
            act: Act::New,
            number: format!("{format:?}-1"),
            buyer: 7,
            place: PLACES[0],
            lines: vec![(items[0].clone(), 2), (items[1].clone(), 1)],
            note: called("note"),
            fault: None,
        };
        // cXML answers a request, and does not repeat its number.
        let number = (format != Format::Cxml).then(|| first.number.clone());
        let taken = mall.ask(&called("new"), std::slice::from_ref(&first));
        let ours = taken[0].ours.clone();
        assert!(ours.starts_with("W-"), "{taken:?}");
        assert_eq!(taken, [told(&number, Said::Taken, &ours)]);
        let change = Wanted { act: Act::Change, lines: vec![(items[2].clone(), 5)], ..first.clone() };
        assert_eq!(mall.ask(&called("change"), &[change]), [told(&number, Said::Taken, &ours)]);
        // The first one again: it stands otherwise now, where the language can say so.
        let again = mall.ask(&called("again"), std::slice::from_ref(&first));
        let plainly = matches!(format, Format::Plain | Format::Cxml);
        let said = if plainly { Said::Taken } else { Said::Otherwise };
        assert_eq!(again, [told(&number, said, &ours)], "{format:?}");
        let cancelled = mall.ask(&called("cancel"), &[Wanted { act: Act::Cancel, ..first.clone() }]);
        assert_eq!(cancelled, [told(&number, Said::Taken, &ours)]);
        // And the first one once more: it is over.
        let late = mall.ask(&called("late"), std::slice::from_ref(&first)).remove(0);
        assert_eq!((late.said, late.ours), (Said::Gone, ours), "{format:?}");

        let bad = Wanted { number: format!("{format:?}-2"), fault: Some(Fault::ItemUnknown), ..first.clone() };
        let rejected = mall.ask(&called("bad"), std::slice::from_ref(&bad)).remove(0);
        assert_eq!(
            (rejected.said, &rejected.codes[..]),
            (Said::Rejected, &["ITEM_UNKNOWN".to_owned()][..]),
            "{format:?}"
        );
        assert_eq!(rejected.number.is_some(), number.is_some());
        assert!(mall.has(&format!("problem/{}.xml.problem.txt", called("bad"))));
        // Where it is taken as it comes, its sender is told that somebody looks at it.
        let held = hold.ask(&called("held"), std::slice::from_ref(&bad)).remove(0);
        let said = if format == Format::Plain { Said::Taken } else { Said::Held };
        assert_eq!((held.said, held.ours.starts_with("W-")), (said, true), "{format:?}: {held:?}");

        if Format::OF_SEVERAL.contains(&format) {
            let third = Wanted { number: format!("{format:?}-3"), ..first.clone() };
            let several = mall.ask(&called("several"), &[third, bad]);
            let saids: Vec<Said> = several.iter().map(|told| told.said).collect();
            assert_eq!(saids, [Said::Taken, Said::Rejected], "{format:?}: {several:?}");
        }
    }
}
