//! A real gRPC client in another language: Python, its classes made from the protos as they lie in this repository.

use std::path::PathBuf;
use std::process::Command;

use super::machine::Machine;

const PRODUCT: &str = "merino-crew-navy-m";
const CUSTOMER: &str = "C-2102";

/// The Python that `tests/run` sets up, with the gRPC tools in it.
pub fn python() -> PathBuf {
    let python = std::env::var_os("TILL_TEST_PYTHON")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python"), PathBuf::from);
    assert!(python.exists(), "{} is not there: tests/run sets it up", python.display());
    python
}

#[test]
fn a_customers_system_in_python_orders_reads_back_asks_for_prices_and_uses_a_credit_note() {
    let shop = Machine::new();
    let file = |name: &str| format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    for terms in ["customers", "prices", "credits"] {
        shop.run(shop.central_tool(&["import", terms, &file(&format!("assets/sample/{terms}.csv"))]));
    }
    let mut channel = vec!["channel", "add", "website", "--kind", "website"];
    channel.extend(["orders", "availability", "prices", "credits"].iter().flat_map(|call| ["--call", call]));
    let token = shop.run(shop.central_tool(&channel)).stdout;
    let mut client = Command::new(python());
    client
        .arg(file("tests/integration/programs/client.py"))
        .args([&file("proto"), shop.central_address(), String::from_utf8(token).unwrap().trim()])
        .args([&file("assets/sample/orders/pick-up-paid.xml"), &file("assets/sample/orders/problem.xml")])
        .args([PRODUCT, "S001", CUSTOMER])
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let answers: serde_json::Value = serde_json::from_slice(&shop.run(client).stdout).unwrap();

    expect_orders(&answers);
    let expect = |key: &str, expected: serde_json::Value| assert_eq!(answers[key], expected, "{key} in {answers:#}");
    let everybody = |price: i64| serde_json::json!([price, "PRICE_RULE_LIST"]);
    // The trade's price, the trade's for many, and ten per cent off for this customer alone.
    let own = [(1305, "GROUP"), (1250, "GROUP"), (810, "CONTRACT")];
    expect("prices", own.map(|(price, rule)| serde_json::json!([price, format!("PRICE_RULE_{rule}")])).to_vec().into());
    expect("prices_of_everybody", [1450, 1450, 900].map(everybody).to_vec().into());
    expect("list_prices", serde_json::json!([1450, 1450, 900]));
    expect("currencies", serde_json::json!(["EUR"]));
    expect("unknown_products", serde_json::json!(["no-such-product"]));

    let note = |state: &str| serde_json::json!([["CN-1001", 4850, "EUR", format!("CREDIT_STATE_{state}")]]);
    expect("credits", note("OPEN"));
    expect("held", "CREDIT_STATE_HELD".into());
    expect("held_by_another", "FAILED_PRECONDITION".into());
    expect("given_back", "CREDIT_STATE_OPEN".into());
    expect("held_again", "CREDIT_STATE_HELD".into());
    expect("spent", "CREDIT_STATE_SPENT".into());
    expect("spent_again", "CREDIT_STATE_SPENT".into());
    // What is spent is open no more.
    expect("credits_after", serde_json::json!([]));
    expect("held_when_spent", "FAILED_PRECONDITION".into());
}

fn expect_orders(answers: &serde_json::Value) {
    let expect = |key: &str, expected: serde_json::Value| assert_eq!(answers[key], expected, "{key} in {answers:#}");
    expect("taken", "OUTCOME_IMPORTED".into());
    expect("again", "OUTCOME_DUPLICATE".into());
    expect("state", "ORDER_STATE_AWAITING_PICKING".into());
    expect("store", "S001".into());
    expect("pick_up", true.into());
    expect("lines", serde_json::json!([[PRODUCT, 1000, 0]]));
    expect("same_by_reference", true.into());
    assert_eq!(answers["collection_code"].as_str().unwrap().len(), 6, "{answers:#}");
    expect("watched", serde_json::json!([answers["number"]]));
    let streamed = [
        ("OUTCOME_DUPLICATE", &answers["number"]),
        ("OUTCOME_PROBLEM", &"".into()),
        ("OUTCOME_DUPLICATE", &answers["number"]),
    ];
    let streamed =
        (0..).zip(streamed).map(|(number, (outcome, ours))| serde_json::json!([number.to_string(), outcome, ours]));
    expect("streamed", streamed.collect());
    expect("problem", "OUTCOME_PROBLEM".into());
    expect("problem_codes", serde_json::json!(["ITEM_UNKNOWN", "STORE_UNKNOWN", "TOTAL_MISMATCH"]));
    expect("problem_is_kept", true.into());
    expect("with_another_token", "UNAUTHENTICATED".into());
    // One unit is reserved at once, and only once.
    let free = |key: &str| answers[key].as_i64().unwrap();
    assert_eq!(free("free_after"), free("free_before") - 1000, "{answers:#}");
    assert_eq!(free("free_after_again"), free("free_after"), "{answers:#}");
    let response = answers["response_document"].as_str().unwrap();
    assert!(response.contains("OrderResponse") && response.contains(answers["number"].as_str().unwrap()), "{response}");
}
