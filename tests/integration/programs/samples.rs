//! The sample orders, sent as the README says: each comes to what a reader is told to expect.

use std::process::Stdio;

use super::machine::Machine;

#[test]
fn the_sample_orders_come_to_what_the_readme_says() {
    let shop = Machine::new();
    let token = shop.run(shop.central_tool(&["channel", "add", "website", "--kind", "website"])).stdout;
    let token = String::from_utf8(token).unwrap();
    let submit = |name: &str| -> Vec<String> {
        let file = format!("{}/assets/sample/orders/{name}", env!("CARGO_MANIFEST_DIR"));
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_central"));
        let url = format!("http://{}", shop.central_address());
        command.args(["order", "submit", &file, "--json", "--token", token.trim(), "--central", &url]);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let answers: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{output:?}"));
        answers.as_array().unwrap().iter().map(|answer| answer["outcome"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(submit("pick-up-paid.xml"), ["IMPORTED"]);
    assert_eq!(submit("pick-up-pay-on-collection.xml"), ["IMPORTED"]);
    assert_eq!(submit("delivery.xml"), ["IMPORTED"]);
    assert_eq!(submit("problem.xml"), ["PROBLEM"]);
    assert_eq!(submit("plain.xml"), ["IMPORTED", "IMPORTED"]);
    assert_eq!(submit("revised.xml"), ["CHANGED", "CANCELLED"]);
    assert_eq!(submit("plain.xml"), ["DUPLICATE", "DUPLICATE"]);
}
