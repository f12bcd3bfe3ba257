//! A real gRPC client in another language: Python, its classes made from the protos as they lie in this repository.

use std::path::PathBuf;
use std::process::Command;

use super::machine::Machine;

const PRODUCT: &str = "merino-crew-navy-m";

/// The Python that `tests/run` sets up, with the gRPC tools in it.
fn python() -> PathBuf {
    let python = std::env::var_os("TILL_TEST_PYTHON")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python"), PathBuf::from);
    assert!(python.exists(), "{} is not there: tests/run sets it up", python.display());
    python
}

#[test]
fn a_customers_system_in_python_orders_and_reads_back() {
    let shop = Machine::new();
    let token = shop.run(shop.central_tool(&["channel", "add", "website", "--kind", "website"])).stdout;
    let file = |name: &str| format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut client = Command::new(python());
    client
        .arg(file("tests/integration/programs/client.py"))
        .args([&file("proto"), shop.central_address(), String::from_utf8(token).unwrap().trim()])
        .args([&file("assets/sample/orders/pick-up-paid.xml"), &file("assets/sample/orders/problem.xml")])
        .args([PRODUCT, "S001"])
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let answers: serde_json::Value = serde_json::from_slice(&shop.run(client).stdout).unwrap();

    let expect = |key: &str, expected: serde_json::Value| assert_eq!(answers[key], expected, "{key} in {answers:#}");
    expect("taken", "OUTCOME_IMPORTED".into());
    expect("again", "OUTCOME_DUPLICATE".into());
    expect("state", "ORDER_STATE_AWAITING_PICKING".into());
    expect("store", "S001".into());
    expect("products", serde_json::json!([PRODUCT]));
    expect("watched", serde_json::json!([answers["number"]]));
    expect("problem", "OUTCOME_PROBLEM".into());
    expect("problem_codes", serde_json::json!(["ITEM_UNKNOWN", "STORE_UNKNOWN", "TOTAL_MISMATCH"]));
    expect("with_another_token", "UNAUTHENTICATED".into());
    // One unit is reserved at once, and only once.
    let free = |key: &str| answers[key].as_i64().unwrap();
    assert_eq!(free("free_after"), free("free_before") - 1000, "{answers:#}");
    assert_eq!(free("free_after_again"), free("free_after"), "{answers:#}");
    let response = answers["response_document"].as_str().unwrap();
    assert!(response.contains("OrderResponse") && response.contains(answers["number"].as_str().unwrap()), "{response}");
}
