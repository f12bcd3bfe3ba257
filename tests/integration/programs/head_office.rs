//! Head office's commands as they are installed, on a company's data without a server.

use std::process::{Command, Output};

use tempfile::TempDir;

/// Central's data with the sample company in it.
struct Office {
    folder: TempDir,
}

impl Office {
    fn open() -> Self {
        let office = Self { folder: tempfile::tempdir().unwrap() };
        for kind in ["stores", "products", "stock"] {
            office.done(&["import", kind, &sample(&format!("{kind}.csv"))]);
        }
        office
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        command.args(arguments).arg("--data").arg(self.folder.path()).env("USER", "ana");
        command.output().unwrap()
    }

    /// Runs a command that must do well, and answers what it printed.
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must fail with this exit code, and answers what it complained of.
    fn refused(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.done(&[arguments, &["--json"]].concat())).unwrap()
    }
}

fn sample(name: &str) -> String {
    format!("{}/assets/sample/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn an_order_that_is_sent_goes_from_the_list_to_the_carrier() {
    let office = Office::open();
    office.done(&["order", "submit", &sample("orders/delivery.xml"), "--direct", "website"]);
    let orders = office.json(&["order", "list", "--state", "received"]);
    let number = orders[0]["number"].as_str().unwrap();
    assert_eq!(orders[0]["store"], "W001");
    let list = office.done(&["order", "pick-list", "--store", "W001"]);
    let label = ["Ines Moreau", "Birch Row 9 B", "00240 Lindholm", "FI"];
    for said in ["PICK LIST", number].iter().chain(&label) {
        assert!(list.contains(said), "{said}: {list}");
    }
    assert!(office.refused(&["order", "pack", number], 1).contains("pick it first"));
    let shown = office.done(&["order", "show", number]);
    assert!(shown.lines().any(|line| line.contains("(+0") && line.contains("order, ")), "whose time is it? {shown}");
    let whole = office.done(&["order", "show", number, "--documents"]);
    let sent = std::fs::read_to_string(sample("orders/delivery.xml")).unwrap();
    assert!(whole.contains(sent.trim_end()) && !shown.contains(sent.trim_end()), "{whole}");
    office.done(&["order", "submit", &sample("orders/pick-up-paid.xml"), "--direct", "website"]);
    let listed = office.done(&["order", "list", "--store", "S001"]);
    assert!(listed.lines().nth(1).unwrap().contains("(+0"), "whose time is it? {listed}");
    let picked = office.done(&["order", "pick", number, "--by", "ben"]);
    assert_eq!(picked, list, "the list that pick prints is the same");
    let twice = office.refused(&["order", "pick", number, "--by", "ana"], 1);
    assert!(twice.contains("ben has been picking it since 20") && twice.contains("(+0"), "{twice}");
    assert_eq!(office.done(&["order", "pick", number, "--by", "ana", "--take-over"]), list);
    assert!(office.refused(&["order", "pick", "W-1"], 1).contains("there is no order W-1"));
    assert!(
        office.refused(&["order", "short", number, "--line", "1", "--quantity", "0"], 2).contains("more than nothing")
    );
    assert_eq!(office.done(&["order", "pack", number]), format!("{number} packed\n"));
    let send = ["order", "dispatch", number, "--carrier", "PostNL", "--tracking", "3SABCD1234567"];
    assert_eq!(office.done(&send), format!("{number} dispatched\n"));
    assert!(office.refused(&["order", "cancel", number], 1).contains("dispatched already"));
    let note = office.done(&["order", "delivery-note", number]);
    for said in ["DELIVERY NOTE", "3SABCD1234567", "Deliver to"].iter().chain(&label) {
        assert!(note.contains(said), "{said}: {note}");
    }
    let collected = office.json(&["order", "list", "--store", "S001"])[0]["number"].as_str().unwrap().to_owned();
    assert!(office.refused(&["order", "delivery-note", &collected], 1).contains("collected in a store"));
    assert!(office.done(&["order", "show", number]).contains("to Ines Moreau, Birch Row 9 B, 00240 Lindholm, FI\n"));
    let order = office.json(&["order", "show", number]);
    assert_eq!((&order["state"], &order["carrier"]), (&"dispatched".into(), &"PostNL".into()));
    assert_eq!(order["delivery_address"], serde_json::json!(label));
    let acts: Vec<_> = order["acts"].as_array().unwrap().iter().map(|act| [&act["person"], &act["act"]]).collect();
    assert_eq!(acts, [["ben", "pick"], ["ana", "pick"], ["ana", "pack"], ["ana", "dispatch"]]);
    let proved = office.done(&["stock", "--prove"]);
    let levels = office.json(&["stock"]).as_array().unwrap().len();
    let expected = format!("{levels} levels are what their ledger says: ");
    assert!(proved.starts_with(&expected) && proved.contains(" movements and 1 open order"), "{proved}");
}

#[test]
fn tokens_of_head_office_are_made_listed_and_ended() {
    let office = Office::open();
    let token = office.done(&["office-token", "add", "ana", "--scope", "read", "--scope", "orders"]);
    assert!(token.trim().len() >= 32, "{token}");
    let listed = office.json(&["office-token", "list"]);
    assert_eq!(listed[0]["name"], "ana");
    assert_eq!(listed[0]["scopes"], serde_json::json!(["read", "orders"]));
    assert!(!listed.to_string().contains(token.trim()));
    office.done(&["office-token", "remove", "ana"]);
    assert!(office.refused(&["office-token", "remove", "ana"], 1).contains("no token of ana"));
}

#[test]
fn a_problem_order_is_shown_mended_or_dismissed() {
    let office = Office::open();
    let submit = ["order", "submit", &sample("orders/problem.xml"), "--direct", "website"];
    assert!(office.run(&submit).status.code() == Some(1), "it has problems");
    let listed = office.json(&["order", "problem", "list", "--state", "open"]);
    let name = listed[0]["problem"].as_str().unwrap();
    assert_eq!(office.json(&["order", "list", "--state", "problem"])[0]["problem"], name);
    for list in [&["order", "problem", "list"][..], &["order", "list", "--state", "problem"]] {
        assert!(office.done(list).lines().nth(1).unwrap().contains("(+0"), "whose time is it?");
    }
    let shown = office.done(&["order", "problem", "show", name]);
    assert!(shown.lines().next().unwrap().ends_with("), 1 times"), "{shown}");
    let lines: Vec<&str> = shown.lines().collect();
    let caret = lines.iter().position(|line| line.trim() == "^").unwrap();
    let column = lines[caret].len() - 1;
    assert!(column < lines[caret - 1].chars().count(), "{shown}");
    let document = office.done(&["order", "problem", "show", name, "--document"]);
    assert_eq!(document, std::fs::read_to_string(sample("orders/problem.xml")).unwrap());
    // A good document in its place comes in as the channel's order.
    let mended = office.done(&["order", "problem", "mend", name, &sample("orders/delivery.xml")]);
    assert!(mended.starts_with("IMPORTED W-"), "{mended}");
    assert!(office.done(&["order", "problem", "show", name]).contains("became W-"));
    assert!(office.refused(&["order", "problem", "mend", name], 1).contains("settled before"));
    assert_eq!(office.run(&submit).status.code(), Some(1));
    office.done(&["order", "problem", "dismiss", name, "--reason", "the store is closed"]);
    let settled = office.json(&["order", "problem", "list", "--state", "dismissed"]);
    assert_eq!((&settled[0]["reason"], &settled[0]["person"]), (&"the store is closed".into(), &"ana".into()));
    let counts = office.json(&["order", "problem", "counts"]);
    assert_eq!(
        (&counts[0]["received"], &counts[0]["imported"], &counts[0]["problems"]),
        (&3.into(), &1.into(), &2.into())
    );
}

#[test]
fn a_second_token_changes_no_channel_and_a_change_says_what() {
    let office = Office::open();
    for kind in ["customers", "prices"] {
        office.done(&["import", kind, &sample(&format!("{kind}.csv"))]);
    }
    let channel = |name: &str| {
        let listed = office.json(&["channel", "list"]);
        listed.as_array().unwrap().iter().find(|channel| channel["channel"] == name).unwrap().clone()
    };
    let add = ["channel", "add", "board", "--kind", "website"];
    let own = ["--store", "S001", "--call", "availability", "--accept-unknown"];
    let added = office.run(&[&add[..], &own].concat());
    assert!(added.status.success() && added.stderr.is_empty(), "{added:?}");
    let first = String::from_utf8(added.stdout).unwrap();
    let before = channel("board");
    let again = office.run(&add);
    let (second, told) = (String::from_utf8(again.stdout).unwrap(), String::from_utf8(again.stderr).unwrap());
    assert_ne!(first, second);
    assert_eq!(second.lines().count(), 1, "the token alone: {second}");
    for said in ["board was there already", "second token", "the one before is still good", "channel remove board"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let mut after = channel("board");
    assert_eq!((&before["tokens"], &after["tokens"]), (&1.into(), &2.into()));
    after["tokens"] = 1.into();
    assert_eq!(after, before, "nothing else of it changed");
    for other in [&["--store", "S002"][..], &["--call", "orders"], &["--customer", "C-2102"]] {
        let why = office.refused(&[&add[..], other].concat(), 1);
        assert!(why.contains("central channel change board"), "{why}");
    }
    assert_eq!(channel("board")["tokens"], 2, "what was refused gave no token");
    let third = String::from_utf8(office.run(&add).stderr).unwrap();
    assert!(third.contains("the oldest has ended"), "{third}");
    assert_eq!(channel("board")["tokens"], 2);

    office.done(&["channel", "change", "board", "--all-stores", "--call", "orders", "--unknown", "problem"]);
    let changed = channel("board");
    let told = [&changed["stores"], &changed["calls"], &changed["unknown"], &changed["kind"], &changed["tokens"]];
    let expected = [serde_json::json!([]), serde_json::json!(["orders"]), "problem".into(), "website".into(), 2.into()];
    assert_eq!(told.map(Clone::clone), expected);
    assert!(office.refused(&["channel", "change", "ghost", "--all-stores"], 1).contains("no channel ghost"));
    for typo in [
        &["channel", "change", "board", "--customer", "C-2l02"][..],
        &["channel", "change", "board", "--store", "S0O1"],
    ] {
        assert!(office.refused(typo, 1).contains("there is no"), "{typo:?}");
    }

    // A new folder of a channel with files leaves what it is and sees.
    let (one, two) = (office.folder.path().join("one"), office.folder.path().join("two"));
    std::fs::create_dir_all(&one).and_then(|()| std::fs::create_dir_all(&two)).unwrap();
    let files = ["channel", "add", "mall", "--kind", "marketplace", "--folder"];
    office.done(&[&files[..], &[one.to_str().unwrap(), "--store", "S001", "--accept-unknown"]].concat());
    office.done(&[&files[..], &[two.to_str().unwrap()]].concat());
    let mall = channel("mall");
    assert_eq!(mall["files"]["every_seconds"], 300, "five minutes when nobody says: {mall}");
    assert_eq!((&mall["stores"], &mall["unknown"]), (&serde_json::json!(["S001"]), &"hold".into()));
    assert!(mall["files"]["place"].as_str().unwrap().ends_with("two"), "{mall}");
}

#[test]
fn a_token_is_good_for_little_until_somebody_says_more() {
    let office = Office::open();
    office.done(&["import", "customers", &sample("customers.csv")]);
    let everything = serde_json::json!(["orders", "availability", "prices", "credits"]);
    let little = serde_json::json!(["orders", "availability"]);
    let add = |name: &str, options: &[&str]| office.done(&[&["channel", "add", name], options].concat());
    add("website", &["--kind", "website"]);
    add("mall", &["--kind", "marketplace"]);
    add("depot", &["--kind", "customer"]);
    add("hotel", &["--kind", "customer", "--customer", "C-2102"]);
    let typo = ["channel", "add", "inn", "--kind", "customer", "--customer", "C-2l02"];
    assert!(office.refused(&typo, 1).contains("there is no customer C-2l02"));
    for channel in office.json(&["channel", "list"]).as_array().unwrap() {
        let expected = if channel["channel"] == "hotel" { &everything } else { &little };
        assert_eq!(&channel["calls"], expected, "{channel}");
    }
}

#[test]
fn a_till_is_shut_out() {
    let office = Office::open();
    office.done(&["enrol-code", "--store", "S001", "--workstation", "T01"]);
    let shut_out = ["shut-out", "--store", "S001", "--workstation", "T01"];
    assert!(office.refused(&shut_out, 1).contains("there is no till S001/T01"), "it was never joined");
    assert_eq!(office.json(&["findings"]), serde_json::json!([]));
    assert!(office.done(&["findings"]).starts_with("KIND"));
}
