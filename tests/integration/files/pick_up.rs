//! Files on their way: taken when they are whole, each order once, each file where it belongs, whatever happens between.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use till::central::Surroundings;
use till::central::intake::files::connect;
use till::central::intake::files::look::{Look, PickUp};
use till::central::intake::files::remote::{Deadlines, Remote};
use till::central::intake::{Incoming, Intake};
use till::central::store::sqlite::{OpenAs, SqliteStore};
use till::central::store::{
    CallKind, ChannelKind, ChannelRecord, FileChannel, FileChannelState, OrderFilter, ProblemFilter, ProductRecord,
    Store, StoreKind, StoreRecord, UnknownPolicy,
};
use till::domain::web_order::WebOrder;
use tokio::sync::Notify;

use super::Side;
use super::faulty::{Deadly, Dies, Growing, Sizeless};
use crate::simulation::shop;

/// The tag of the one central most tests have.
const TAG: &str = "a1b2c3d4";

/// A central's store with one channel.
pub struct Desk {
    folder: TempDir,
    pub store: SqliteStore,
    settings: FileChannel,
}

impl Desk {
    pub async fn new(place: &str, tag: &str) -> Self {
        Self::within(tempfile::tempdir().unwrap(), place, tag, Some("out".to_owned())).await
    }

    async fn within(folder: TempDir, place: &str, tag: &str, outbound: Option<String>) -> Self {
        let store = open(folder.path());
        let settings = FileChannel {
            channel: "mall".into(),
            place: place.to_owned(),
            // What stood still from one look to the next has stood still for long enough.
            every_seconds: 0,
            fingerprint: None,
            outbound,
            tag: tag.to_owned(),
        };
        fill(&store).await;
        store.save_file_channel(channel_record(), settings.clone()).await.unwrap();
        Self { folder, store, settings }
    }

    /// As after a restart: nothing is remembered but what is on disk.
    fn pick_up(&self) -> PickUp<SqliteStore> {
        PickUp::new(self.store.clone(), Surroundings::of_the_machine().unwrap(), self.settings.clone(), Vec::new())
    }

    /// The file closed and opened again.
    fn restart(&mut self) {
        self.store = open(self.folder.path());
    }

    async fn orders(&self) -> Vec<WebOrder> {
        self.store.list_orders(OrderFilter { orders_max: 100_000, ..OrderFilter::default() }).await.unwrap()
    }

    /// The senders' numbers of all orders, sorted.
    async fn references(&self) -> Vec<String> {
        let mut references: Vec<String> = self.orders().await.into_iter().map(|order| order.reference).collect();
        references.sort();
        references
    }

    pub async fn state(&self) -> FileChannelState {
        self.store.list_file_channels().await.unwrap().remove(0).state
    }
}

pub fn open(folder: &Path) -> SqliteStore {
    let life = OpenAs::Server(uuid::Uuid::new_v4().into_bytes());
    SqliteStore::open(&folder.join("central.db"), life, chrono::Utc::now()).unwrap()
}

pub fn channel_record() -> ChannelRecord {
    ChannelRecord {
        channel: "mall".into(),
        kind: ChannelKind::Marketplace,
        customer: None,
        stores: Vec::new(),
        calls: vec![CallKind::Orders],
        unknown: UnknownPolicy::Problem,
        created_at: chrono::Utc::now(),
        tokens: 0,
    }
}

pub async fn fill(store: &SqliteStore) {
    let record = StoreRecord { settings: shop::settings("S001"), kind: StoreKind::Shop, gln: None, location: None };
    store.save_stores(vec![record]).await.unwrap();
    let product = ProductRecord { product: shop::product("jacket", 8_990), barcodes: Vec::new() };
    store.save_products(vec![product]).await.unwrap();
}

/// A plain document with an order for each number; of a number that begins with `bad` nobody sells the item.
pub fn document(numbers: &[&str]) -> String {
    let order = |number: &&str| {
        let sku = if number.starts_with("bad") { "no-such" } else { "jacket" };
        format!(
            "<order number=\"{number}\"><customer id=\"C-7\"/><store>S001</store>\n\
             <line><sku>{sku}</sku><quantity>1</quantity><price>89.90</price></line></order>\n"
        )
    };
    let orders: String = numbers.iter().map(order).collect();
    format!("<?xml version=\"1.0\"?>\n<orders currency=\"EUR\">\n{orders}</orders>\n")
}

/// What lies in a folder, by name.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// The same with the digits of a claim replaced: `mixed.#.xml`.
fn shapes(folder: &Path) -> Vec<String> {
    let shape = |name: String| {
        let is_digits = |part: &&str| part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        name.split('.').map(|part| if is_digits(&part) { "#" } else { part }).collect::<Vec<_>>().join(".")
    };
    names(folder).into_iter().map(shape).collect()
}

async fn look(pick_up: &mut PickUp<SqliteStore>, remote: &mut dyn Remote) -> Look {
    let look = pick_up.look(remote).await.unwrap();
    assert_eq!(look.faults, Vec::<String>::new());
    look
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_all_the_way_on_every_kind_of_place() {
    for (kind, side) in Side::all() {
        let desk = Desk::new(&side.place().to_text(), TAG).await;
        let disk = side.disk();
        side.make_folder("out");
        let (mut pick_up, mut remote) = (desk.pick_up(), side.connect().await);
        fs::write(disk.join("a.xml"), document(&["1"])).unwrap();
        fs::write(disk.join("unfinished.xml.part"), document(&["9"])).unwrap();
        let first = look(&mut pick_up, &mut remote).await;
        assert_eq!((first.received, first.waiting, first.oldest_waiting_at.is_some()), (0, 1, true), "{kind}");
        // It grows between the looks: a partial upload.
        fs::write(disk.join("a.xml"), document(&["1", "2"])).unwrap();
        assert_eq!(look(&mut pick_up, &mut remote).await.received, 0, "{kind}");
        assert_eq!(look(&mut pick_up, &mut remote).await.imported, 2, "{kind}");
        assert_eq!(desk.references().await, ["1", "2"], "{kind}");
        assert_eq!(shapes(&disk.join("imported")), ["a.xml"], "{kind}");
        assert_eq!(shapes(&disk.join("out")), ["a.#.response.xml"], "{kind}");

        // A marker says that it is whole; poison delays nobody; the same name again, and the same content again.
        fs::write(disk.join("a.xml"), document(&["3", "bad-4", "5", "bad-6"])).unwrap();
        fs::write(disk.join("b.xml"), document(&["1", "2"])).unwrap();
        fs::write(disk.join("empty.xml"), "").unwrap();
        fs::write(disk.join("huge.xml"), vec![b'x'; 1_100_000]).unwrap();
        fs::write(disk.join("poison.xml"), "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>").unwrap();
        fs::write(disk.join("z.xml"), document(&["7"])).unwrap();
        for (name, ending) in
            [("a", "done"), ("b", "ok"), ("empty", "ok"), ("huge", "ok"), ("poison", "ok"), ("z", "ok")]
        {
            fs::write(disk.join(format!("{name}.xml.{ending}")), "").unwrap();
        }
        let taken = look(&mut pick_up, &mut remote).await;
        assert_eq!((taken.received, taken.imported, taken.duplicates, taken.problems), (6, 3, 2, 5), "{kind}");
        assert_eq!(desk.references().await, ["1", "2", "3", "5", "7"], "{kind}");
        assert_eq!(shapes(&disk.join("imported")), ["a.#.xml", "a.xml", "b.xml", "z.xml"], "{kind}");
        let problem = disk.join("problem");
        let expected = [
            "a.#.xml",
            "a.#.xml.problem.txt",
            "empty.xml",
            "empty.xml.problem.txt",
            "huge.xml",
            "huge.xml.problem.txt",
            "poison.xml",
            "poison.xml.problem.txt",
        ];
        assert_eq!(shapes(&problem), expected, "{kind}");
        assert_eq!(fs::metadata(problem.join("huge.xml")).unwrap().len(), 1_100_000, "{kind}");
        let report = fs::read_to_string(problem.join("poison.xml.problem.txt")).unwrap();
        assert!(report.contains("XML_DTD_REFUSED") && report.contains("What to do:"), "{kind}: {report}");
        let rejected = names(&problem).into_iter().find(|name| name.starts_with("a.")).unwrap();
        let report = fs::read_to_string(problem.join(format!("{rejected}.problem.txt"))).unwrap();
        assert!(report.starts_with("2 of the 4 orders in a.xml could not be taken."), "{kind}: {report}");
        for part in ["Order bad-4", "ITEM_UNKNOWN", "/orders/order[2]", "line 6", "no-such"] {
            assert!(report.contains(part), "{kind}: {part} is not in {report}");
        }
        assert!(!report.contains("Order 3"), "{kind}: {report}");

        // The part with problems is a file of its own: mended and put back, it is all that is left to take.
        let mended = fs::read_to_string(problem.join(&rejected)).unwrap().replace("no-such", "jacket");
        fs::write(disk.join("mended.xml"), mended).unwrap();
        fs::write(disk.join("mended.xml.done"), "").unwrap();
        assert_eq!(look(&mut pick_up, &mut remote).await.imported, 2, "{kind}");
        assert_eq!(desk.references().await, ["1", "2", "3", "5", "7", "bad-4", "bad-6"], "{kind}");
        assert_eq!(names(&disk.join("processing")), BTreeSet::new(), "{kind}");
        let left: BTreeSet<String> = names(&disk);
        let expected = ["imported", "out", "problem", "processing", "unfinished.xml.part"];
        assert_eq!(left, expected.map(str::to_owned).into(), "{kind}: markers are gone");
        let state = desk.state().await;
        assert_eq!((state.received, state.imported, state.duplicates, state.problems), (8, 7, 2, 5), "{kind}");
    }
}

/// Kills central at one step of a look, starts it again, and expects everything where it belongs. Answers whether the
/// step was ever reached.
async fn die_at(side: &Side, step: usize, dies: Dies) -> bool {
    let (place, disk) = side.place_within(&format!("{dies:?}-{step}"));
    let mut desk = Desk::new(&place.to_text(), TAG).await;
    for name in ["out", "problem"] {
        make_open_folder(&disk.join(name));
    }
    // The name is taken already, so that another has to be chosen on the way.
    fs::write(disk.join("problem/broken.xml"), "of last week").unwrap();
    for (name, text) in [
        ("good.xml", document(&["1"])),
        ("mixed.xml", document(&["2", "bad-3"])),
        ("broken.xml", "<orders>".to_owned()),
    ] {
        fs::write(disk.join(name), text).unwrap();
        fs::write(disk.join(format!("{name}.done")), "").unwrap();
    }
    // An answer that is of no file waits as well.
    dismiss_one(&desk).await;
    let dead = Arc::new(Notify::new());
    let remote = side.connect_to(&place, Deadlines::default()).await;
    let mut remote = Deadly { remote, steps_left: step, dies, dead: dead.clone(), goes_on: None };
    let mut pick_up = desk.pick_up();
    let died = tokio::select! {
        looked = pick_up.look(&mut remote) => { looked.unwrap(); false }
        () = dead.notified() => true,
    };
    drop((pick_up, remote));
    desk.restart();
    let (mut pick_up, mut remote) = (desk.pick_up(), side.connect_to(&place, Deadlines::default()).await);
    // A file whose marker went and whose claim did not is taken when it has stood still.
    for _ in 0..2 {
        look(&mut pick_up, &mut remote).await;
    }
    let context = format!("dead {dies:?} step {step}");
    assert_eq!(desk.references().await, ["1", "2"], "{context}");
    assert_eq!(shapes(&disk.join("imported")), ["good.xml", "mixed.xml"], "{context}");
    let expected = ["broken.#.xml", "broken.#.xml.problem.txt", "broken.xml", "mixed.#.xml", "mixed.#.xml.problem.txt"];
    assert_eq!(shapes(&disk.join("problem")), expected, "{context}");
    assert_eq!(fs::read_to_string(disk.join("problem/broken.xml")).unwrap(), "of last week", "{context}");
    let mut answers = shapes(&disk.join("out"));
    let told = answers.pop().unwrap();
    assert!(told.starts_with("problem-") && told.ends_with(".response.xml"), "{context}: {told}");
    assert_eq!(answers, ["good.#.response.xml", "mixed.#.response.xml"], "{context}");
    let left = names(&disk);
    assert_eq!(left, ["imported", "out", "problem", "processing"].map(str::to_owned).into(), "{context}");
    assert_eq!(names(&disk.join("processing")), BTreeSet::new(), "{context}");
    let state = desk.state().await;
    assert_eq!((state.received, state.imported, state.duplicates, state.problems), (3, 2, 0, 2), "{context}");
    assert_eq!(desk.store.list_unfiled("mall".into()).await.unwrap(), Vec::<String>::new(), "{context}");
    assert_eq!(desk.store.list_channel_answers("mall".into()).await.unwrap(), Vec::new(), "{context}");
    remote.close().await;
    died
}

fn make_open_folder(path: &Path) {
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
}

/// A problem order that came by no file, and that head office makes nothing of.
async fn dismiss_one(desk: &Desk) {
    let intake = Intake::new(desk.store.clone(), Surroundings::of_the_machine().unwrap());
    let bytes = document(&["bad-9"]).into_bytes();
    let incoming = Incoming { channel: "mall".into(), content_type: String::new(), bytes };
    let problem = intake.take(incoming, None).await.unwrap().problem.unwrap();
    intake.dismiss(problem, "Eva", "sold out for good").await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_any_two_steps_each_order_is_taken_once() {
    for (kind, side) in Side::all() {
        for dies in [Dies::Before, Dies::After] {
            let mut step = 0;
            while die_at(&side, step, dies).await {
                step += 1;
            }
            assert!(step > 27, "{kind} {dies:?}: only {step} steps were tried");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_size_than_was_listed_is_told_and_taken_when_they_agree() {
    for (kind, side) in Side::all() {
        let desk = Desk::new(&side.place().to_text(), TAG).await;
        side.make_folder("out");
        let file = drop_file(&side.disk(), "a.xml", &document(&["1"]));
        fs::write(side.disk().join("a.xml.done"), "").unwrap();
        drop_file(&side.disk(), "b.xml", &document(&["2"]));
        fs::write(side.disk().join("b.xml.done"), "").unwrap();
        let mut pick_up = desk.pick_up();
        let mut remote = Growing { remote: side.connect().await, file, grows: true };
        let looked = pick_up.look(&mut remote).await.unwrap();
        assert_eq!((looked.received, looked.faults.len()), (1, 1), "{kind}: {looked:?}");
        assert!(
            looked.faults[0].contains("a.xml was listed with") && looked.faults[0].contains("bytes and has"),
            "{looked:?}"
        );
        assert_eq!(desk.references().await, ["2"], "{kind}: it holds up no other");
        look(&mut pick_up, &mut remote).await;
        assert_eq!(desk.references().await, ["1", "2"], "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_server_that_tells_no_sizes_is_taken_when_it_reads_the_same_twice() {
    for (kind, side) in Side::all() {
        let desk = Desk::new(&side.place().to_text(), TAG).await;
        side.make_folder("out");
        let file = drop_file(&side.disk(), "a.xml", &document(&["1"]));
        let (mut pick_up, mut remote) = (desk.pick_up(), Sizeless(side.connect().await));
        assert_eq!(look(&mut pick_up, &mut remote).await.waiting, 1, "{kind}");
        // It is claimed now, and its sender writes on all the same.
        let mut sender = fs::OpenOptions::new().append(true).open(&file).unwrap();
        let waits = look(&mut pick_up, &mut remote).await;
        assert_eq!((waits.received, waits.waiting, waits.oldest_waiting_at.is_some()), (0, 1, true), "{kind}");
        std::io::Write::write_all(&mut sender, b"<!-- and more -->").unwrap();
        let waits = look(&mut pick_up, &mut remote).await;
        assert_eq!((waits.received, waits.waiting), (0, 1), "{kind}: it reads otherwise than before");
        assert_eq!(look(&mut pick_up, &mut remote).await.imported, 1, "{kind}");
        assert_eq!(desk.references().await, ["1"], "{kind}");
        let filed = fs::read_to_string(side.disk().join("imported/a.xml")).unwrap();
        assert!(filed.ends_with("<!-- and more -->"), "{kind}");
        assert_eq!(look(&mut pick_up, &mut remote).await.waiting, 0, "{kind}");
    }
}

/// Leaves a channel room for so many more problems: the others are put there from outside.
fn leave_room(folder: &Path, room: usize) {
    let file = rusqlite::Connection::open(folder.join("central.db")).unwrap();
    file.execute(
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)
         INSERT INTO problem_order (problem, channel, reference, problems, state, received_at, times)
         SELECT randomblob(16), 'mall', '', '[]', 'open', 0, 1 FROM number",
        [10_000 - room as i64],
    )
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_channel_with_too_many_problems_loses_no_good_order() {
    for (kind, side) in Side::all() {
        let desk = Desk::new(&side.place().to_text(), TAG).await;
        let disk = side.disk();
        side.make_folder("out");
        leave_room(desk.folder.path(), 1);
        for (name, numbers) in [("a.xml", &["1", "bad-2", "bad-3", "4"][..]), ("b.xml", &["bad-5"]), ("c.xml", &["6"])]
        {
            drop_file(&disk, name, &document(numbers));
            drop_file(&disk, &format!("{name}.done"), "");
        }
        let (mut pick_up, mut remote) = (desk.pick_up(), side.connect().await);
        let looked = pick_up.look(&mut remote).await.unwrap();
        assert_eq!((looked.received, looked.imported, looked.problems), (2, 3, 2), "{kind}: {looked:?}");
        // One of which nothing can be taken or kept waits, and is told.
        assert!(looked.faults.len() == 1 && looked.faults[0].starts_with("b.xml: "), "{kind}: {looked:?}");
        assert_eq!(desk.references().await, ["1", "4", "6"], "{kind}");
        assert_eq!(shapes(&disk.join("imported")), ["a.xml", "c.xml"], "{kind}");
        // Both that could not be taken lie beside it, and it says of which head office knows nothing.
        let problem = disk.join("problem");
        assert_eq!(shapes(&problem), ["a.#.xml", "a.#.xml.problem.txt"], "{kind}");
        let [part, report] = names(&problem).into_iter().collect::<Vec<_>>().try_into().unwrap();
        let part = fs::read_to_string(problem.join(part)).unwrap();
        assert!(part.contains("bad-2") && part.contains("bad-3") && !part.contains("\"4\""), "{kind}: {part}");
        let report = fs::read_to_string(problem.join(report)).unwrap();
        let (second, third) = report.split_once("Order bad-3").unwrap();
        assert!(
            second.contains("At head office it is problem") && !second.contains("TOO_MANY_PROBLEMS"),
            "{kind}: {report}"
        );
        assert!(!third.contains("At head office") && third.contains("TOO_MANY_PROBLEMS"), "{kind}: {report}");
        let answer = fs::read_to_string(disk.join("out").join(names(&disk.join("out")).pop_first().unwrap())).unwrap();
        assert!(answer.contains("TOO_MANY_PROBLEMS"), "{kind}: {answer}");
        // Head office makes room: what waits is taken by itself, and what lies in problem/ once somebody puts it back.
        let open =
            desk.store.list_problems(ProblemFilter { problems_max: 2, ..ProblemFilter::default() }).await.unwrap();
        let intake = Intake::new(desk.store.clone(), Surroundings::of_the_machine().unwrap());
        for summary in open {
            intake.dismiss(summary.problem, "Eva", "of last year").await.unwrap().unwrap();
        }
        fs::write(disk.join("again.xml"), &part).unwrap();
        fs::write(disk.join("again.xml.done"), "").unwrap();
        let looked = look(&mut pick_up, &mut remote).await;
        assert_eq!((looked.received, looked.problems), (2, 3), "{kind}: {looked:?}");
        assert_eq!(names(&disk.join("processing")), BTreeSet::new(), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_name_cannot_be_asked_for_is_told_with_its_name() {
    let side = Side::Folder(tempfile::tempdir().unwrap());
    let desk = Desk::new(&side.place().to_text(), TAG).await;
    side.make_folder("out");
    let name = OsStr::from_bytes(b"M\xe4rz.xml");
    fs::write(side.disk().join(name), document(&["1"])).unwrap();
    let (mut pick_up, mut remote) = (desk.pick_up(), side.connect().await);
    let looked = pick_up.look(&mut remote).await.unwrap();
    assert!(looked.faults.len() == 1 && looked.faults[0].starts_with("M\\xe4rz.xml: "), "{looked:?}");
    fs::rename(side.disk().join(name), side.disk().join("März.xml")).unwrap();
    look(&mut pick_up, &mut remote).await;
    look(&mut pick_up, &mut remote).await;
    assert_eq!(desk.references().await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_the_disk_has_lost_is_made_again() {
    let side = Side::Folder(tempfile::tempdir().unwrap());
    let disk = side.disk();
    let desk = Desk::new(&side.place().to_text(), TAG).await;
    side.make_folder("out");
    let (mut pick_up, mut remote) = (desk.pick_up(), side.connect().await);
    fs::write(disk.join("mixed.xml"), document(&["1", "bad-2"])).unwrap();
    fs::write(disk.join("mixed.xml.done"), "").unwrap();
    look(&mut pick_up, &mut remote).await;
    let answer = names(&disk.join("out")).pop_first().unwrap();
    let digits = answer.split('.').nth(1).unwrap();
    // As after a power cut: the record is on disk, the move is not.
    fs::rename(disk.join("imported/mixed.xml"), disk.join(format!("processing/{TAG}-{digits}-mixed.xml"))).unwrap();
    look(&mut pick_up, &mut remote).await;
    assert_eq!(shapes(&disk.join("imported")), ["mixed.xml"]);
    assert_eq!(shapes(&disk.join("problem")), ["mixed.#.xml", "mixed.#.xml.problem.txt"]);
    assert_eq!(desk.state().await.received, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_centrals_on_one_folder_take_each_file_once() {
    const FILES: usize = 60;
    for (kind, side) in Side::all() {
        let disk = side.disk();
        let one = Desk::new(&side.place().to_text(), TAG).await;
        let other = Desk::new(&side.place().to_text(), "ffff0000").await;
        side.make_folder("out");
        side.make_folder("processing");
        // A third one's, which is at work.
        let third = "processing/cccc1111-0123456789ab-x.xml";
        fs::write(disk.join(third), document(&["x"])).unwrap();
        for number in 0..FILES {
            let name = format!("{number:02}.xml");
            fs::write(disk.join(&name), document(&[&format!("{number:02}")])).unwrap();
            fs::write(disk.join(format!("{name}.done")), "").unwrap();
        }
        let work = |desk: &Desk| {
            let mut pick_up = desk.pick_up();
            let connecting = side.connect();
            async move {
                let mut remote = connecting.await;
                let mut others = 0;
                for _ in 0..3 {
                    others += look(&mut pick_up, &mut remote).await.others_claims;
                }
                assert!(others > 0, "the third one's claim was not seen");
            }
        };
        tokio::join!(work(&one), work(&other));
        let (a, b) = (one.references().await, other.references().await);
        let all: BTreeSet<&String> = a.iter().chain(&b).collect();
        assert_eq!((all.len(), a.len() + b.len()), (FILES, FILES), "{kind}: {a:?} {b:?}");
        assert_eq!(names(&disk.join("imported")).len(), FILES, "{kind}");
        assert_eq!(names(&disk.join("processing")).len(), 1, "{kind}");
        assert!(disk.join(third).exists(), "{kind}");
        assert_eq!(names(&disk).len(), 4, "{kind}: markers are gone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_dealt_with_holds_up_no_other() {
    let side = Side::Folder(tempfile::tempdir().unwrap());
    let disk = side.disk();
    let desk = Desk::new(&side.place().to_text(), TAG).await;
    let (mut pick_up, mut remote) = (desk.pick_up(), side.connect().await);
    for (name, number) in [("a.xml", "1"), ("b.xml", "2")] {
        fs::write(disk.join(name), document(&[number])).unwrap();
        fs::write(disk.join(format!("{name}.ok")), "").unwrap();
    }
    // Nobody has made the folder for answers.
    let looked = pick_up.look(&mut remote).await.unwrap();
    assert_eq!((looked.received, looked.imported, looked.faults.len()), (2, 2, 2), "{looked:?}");
    assert_eq!(desk.references().await, ["1", "2"]);
    assert_eq!(names(&disk.join("processing")).len(), 2, "what is not finished is not filed");
    side.make_folder("out");
    look(&mut pick_up, &mut remote).await;
    assert_eq!(shapes(&disk.join("imported")), ["a.xml", "b.xml"]);
    assert_eq!(names(&disk.join("out")).len(), 2);
    assert_eq!(desk.state().await.received, 2, "taken once");
}

/// A folder that need not wait for a disk: each file is a transaction of its own, and a disk takes some milliseconds for one.
fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// So many files are taken in two looks, and lie where they belong.
async fn expect_all_are_taken(kind: &str, side: &Side, files: usize) {
    let disk = side.disk();
    let desk = Desk::within(in_memory(), &side.place().to_text(), TAG, None).await;
    for number in 0..files {
        fs::write(disk.join(format!("{number:05}.xml")), document(&[&format!("{number:05}")])).unwrap();
    }
    let (mut pick_up, mut remote) = (desk.pick_up(), side.connect().await);
    assert_eq!(look(&mut pick_up, &mut remote).await.waiting as usize, files, "{kind}");
    let begun = std::time::Instant::now();
    let taken = look(&mut pick_up, &mut remote).await;
    println!("{files} files in {:?} ({kind})", begun.elapsed());
    assert_eq!((taken.imported as usize, taken.waiting), (files, 0), "{kind}");
    assert_eq!(names(&disk.join("imported")).len(), files, "{kind}");
    assert_eq!(names(&disk), ["imported", "problem", "processing"].map(str::to_owned).into(), "{kind}");
    assert_eq!(names(&disk.join("processing")), BTreeSet::new(), "{kind}");
    assert_eq!((desk.state().await.imported as usize, desk.references().await.len()), (files, files), "{kind}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_files_are_taken_in_two_looks() {
    expect_all_are_taken("folder", &Side::Folder(in_memory()), 10_000).await;
}

/// Each file is some ten questions and answers with the server: `PICKED_UP_FILES=10000` has as many of them taken over the
/// network as from a folder.
#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_files_of_a_server_are_taken_in_two_looks() {
    let files = std::env::var("PICKED_UP_FILES").map_or(500, |number| number.parse().unwrap());
    for (kind, side) in Side::all().into_iter().filter(|(kind, _)| *kind != "folder") {
        expect_all_are_taken(kind, &side, files).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_in_mid_look_loses_nothing() {
    let mut side = Side::Sftp(super::SshServer::start());
    let disk = side.disk();
    let desk = Desk::new(&side.place().to_text(), TAG).await;
    side.make_folder("out");
    for number in 0..20 {
        fs::write(disk.join(format!("{number:02}.xml")), document(&[&format!("{number:02}")])).unwrap();
        fs::write(disk.join(format!("{number:02}.xml.ok")), "").unwrap();
    }
    let (dead, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let mut remote = Deadly {
        remote: side.connect().await,
        steps_left: 25,
        dies: Dies::Before,
        dead: dead.clone(),
        goes_on: Some(go_on.clone()),
    };
    let mut pick_up = desk.pick_up();
    let looking = tokio::spawn(async move {
        let looked = pick_up.look(&mut remote).await;
        (looked.is_err(), pick_up)
    });
    dead.notified().await;
    if let Side::Sftp(server) = &mut side {
        server.start_with_another_key();
    }
    go_on.notify_one();
    let (failed, mut pick_up) = looking.await.unwrap();
    let (place, pinned, secret) = (side.place(), side.fingerprint(), side.secret());
    let mut remote = connect(&place, pinned.as_deref(), &secret, Deadlines::default()).await.unwrap();
    for _ in 0..2 {
        look(&mut pick_up, &mut remote).await;
    }
    assert!(failed, "the server that went away was not missed");
    assert_eq!((desk.references().await.len(), names(&disk.join("imported")).len()), (20, 20));
    assert_eq!(names(&disk.join("processing")), BTreeSet::new());
}

/// For tests that put files down by the path central has no part in.
pub fn drop_file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let (hidden, path) = (folder.join(format!(".{name}")), folder.join(name));
    fs::write(&hidden, text).unwrap();
    fs::rename(&hidden, &path).unwrap();
    path
}
