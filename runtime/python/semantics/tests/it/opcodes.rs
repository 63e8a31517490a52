//! Every opcode: that it has a handler, and `docs/opcodes.md`, which says which ways its handler has.

use std::collections::BTreeMap;
use std::fmt::Write;

use python_compile::opcodes::{DOCUMENTATION, OPCODES};
use vm_api::code::Instruction;

use crate::probe::Ways;

const HANDLERS: &str = include_str!("../../src/lib.rs");

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/opcodes.md");

/// The ways of an opcode's handler. Some look at the small numbers in their instruction, so several are tried.
fn ways(op: usize) -> Ways {
    let mut ways = Ways::default();
    for c in [0, 1, 3, 1000] {
        let op = u16::try_from(op).expect("opcodes are 16 bits wide");
        ways.explore(&Instruction { op, a: 1, b: 4, c, d: 1, feedback: 0 });
    }
    ways
}

/// How an opcode is executed, in the page's words.
fn kind(ways: &Ways) -> &'static str {
    match (ways.without, ways.with) {
        (true, false) => "inline",
        (true, true) => "fast path",
        (false, _) if ways.with_leaves && ways.with_code => "leaf stub",
        (false, _) => "stub",
    }
}

fn page() -> String {
    let all: Vec<Ways> = (0..OPCODES.len()).map(ways).collect();
    let count = |k: &str| all.iter().filter(|w| kind(w) == k).count();
    let mut out = format!(
        "# Python's opcodes\n\n\
         Made from the handlers themselves: a machine that computes nothing takes every way through each of them and notes\n\
         the stubs that it passes (`runtime/python/semantics/tests/it/probe.rs`). To make the page again:\n\n    \
         PRISM_BLESS=1 cargo test -p python-semantics\n\n\
         Of {} opcodes, {} are *inline* (no way passes a stub), {} have a *fast path* (some ways pass a stub, some none; the\n\
         stub may be there only to raise), {} have a *leaf stub* (on some ways a guard makes sure that what is called runs\n\
         no Python code, so that compiled code goes on as before), and {} are a *stub* in every case. What is done inline,\n\
         compiled code does without leaving itself, too. Registers are `a`, `b`, `c`; `d` is the immediate.\n\n\
         | opcode | what it does | executed | stubs |\n| --- | --- | --- | --- |\n",
        OPCODES.len(),
        count("inline"),
        count("fast path"),
        count("leaf stub"),
        count("stub"),
    );
    for ((info, text), ways) in OPCODES.iter().zip(DOCUMENTATION).zip(&all) {
        let text = text.replace("[`", "`").replace("`]", "`").replace('|', "\\|");
        let stubs: Vec<String> = ways.stubs.iter().map(|s| format!("`{s}`")).collect();
        let _ = writeln!(out, "| `{}` | {text} | {} | {} |", info.name, kind(ways), stubs.join(", "));
    }
    out
}

#[test]
fn the_page_of_opcodes_is_up_to_date() {
    let page = page();
    if std::env::var_os("PRISM_BLESS").is_some() {
        std::fs::write(PAGE, &page).expect("docs/opcodes.md can be written");
    }
    let written = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(written == page, "docs/opcodes.md is stale: run this test again with PRISM_BLESS=1");
}

/// The match over opcodes ends in an arm that promises to be unreachable, so its patterns must name every opcode.
#[test]
fn every_opcode_has_a_handler() {
    let numbers: BTreeMap<String, usize> =
        OPCODES.iter().enumerate().map(|(number, info)| (info.name.to_uppercase(), number)).collect();
    let number = |pattern: &str| {
        let name = pattern.trim().strip_prefix("op::").unwrap_or_else(|| panic!("a pattern {pattern:?}"));
        *numbers.get(name).unwrap_or_else(|| panic!("no opcode {name}"))
    };
    let (_, arms) = HANDLERS.split_once("match i.op {").expect("the match over opcodes");
    let (arms, _) = arms.split_once("_ => unsafe").expect("the arm that cannot be reached");
    let mut handled = vec![0; OPCODES.len()];
    // rustfmt begins each arm's line with its patterns.
    for patterns in arms.lines().filter_map(|line| line.trim().split_once("=>").map(|(patterns, _)| patterns)) {
        for pattern in patterns.split('|').filter(|p| p.trim().starts_with("op::")) {
            let (first, last) = pattern.split_once("..=").unwrap_or((pattern, pattern));
            handled[number(first)..=number(last)].iter_mut().for_each(|n| *n += 1);
        }
    }
    for (info, times) in OPCODES.iter().zip(handled) {
        assert_eq!(times, 1, "arms that handle {}", info.name);
    }
}

#[test]
fn the_probe_tells_the_kinds_apart() {
    let find = |name: &str| ways(OPCODES.iter().position(|info| info.name == name).expect("an opcode"));
    assert_eq!(kind(&find("move")), "inline");
    assert_eq!(kind(&find("matmul")), "stub");
    assert_eq!(kind(&find("load_slice")), "leaf stub");
    let add = find("add");
    assert_eq!(kind(&add), "fast path");
    assert_eq!(add.stubs.into_iter().collect::<Vec<_>>(), ["binary"]);
}
