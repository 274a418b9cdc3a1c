//! Which case shows which promise. Each name is `module::case` of this crate, or begins with the path of another file of
//! the repository; that every one of them exists is a test itself.

use behaviour::BEHAVIOUR;
use contract::CONTRACT;
use traces::TRACES;

/// Rows of what MQTT.js does.
mod behaviour;
/// Rows of the contract.
mod contract;
/// Traces.
mod traces;

/// Whether a name stands for a function of its file.
fn exists(name: &str) -> bool {
    let (file, case) = name.rsplit_once("::").expect("a name has `::`");
    let file = if file.contains('/') { file.to_string() } else { format!("tests/conformance/{file}.rs") };
    let text = std::fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap_or_default();
    text.contains(&format!("#[test]\nfn {case}() {{\n")) || text.contains(&format!("#[test]\n    fn {case}() {{\n"))
}

#[test]
fn every_case_that_is_named_exists() {
    let rows = CONTRACT.iter().chain(BEHAVIOUR).map(|(_, cases)| cases).chain(TRACES.iter().map(|(_, cases)| cases));
    let missing: Vec<_> = rows.flat_map(|cases| cases.iter()).filter(|case| !exists(case)).collect();
    assert!(missing.is_empty(), "the map names what is not there: {missing:#?}");
    let traces: Vec<u8> = TRACES.iter().map(|(number, _)| *number).collect();
    assert_eq!(traces, (1..=40).filter(|number| *number != 4).collect::<Vec<_>>());
}
