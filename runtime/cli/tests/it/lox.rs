//! Lox programs on every collector.

use super::*;

const PROGRAM: &str = "
class Node { init(value, next) { this.value = value; this.next = next; } }
fun build(n) { var list = nil; for (var i = 0; i < n; i = i + 1) list = Node(i, list); return list; }
fun sum(list) { var total = 0; while (list != nil) { total = total + list.value; list = list.next; } return total; }
var kept = build(200);
for (var round = 0; round < 20; round = round + 1) { build(100); }
print sum(kept);
print \"text \" + \"joined\";
";
const OUTPUT: &str = "19900\ntext joined\n";

#[test]
fn a_program_prints_the_same_on_every_collector_under_stress() {
    let program = Scratch::new("program.lox", PROGRAM);
    let checks = ["--gc-verify=pre,post", "--gc-poison", "--heap=256M"];
    for collector in collectors() {
        let gc = format!("--gc={collector}");
        for stress in ["off", "alloc:101", "safepoint:500", "budget:40", "once:1000", "random:7"] {
            let stress = format!("--gc-stress={stress}");
            let output = run(&[&[gc.as_str(), &stress], &checks[..], &[program.path()]].concat());
            assert_eq!(stdout(&output), OUTPUT, "{collector} {stress}: {}", stderr(&output));
            assert_eq!(code(&output), 0);
        }
        let output = run(&[&gc, "--gc-conservative-all", "--gc-stress=alloc:50", program.path()]);
        assert_eq!(stdout(&output), OUTPUT, "{collector}: {}", stderr(&output));
    }
}

fn agrees_under_forced_deoptimization(jit: &str) {
    let program = Scratch::new(&format!("{jit}.lox"), PROGRAM);
    let jit = [&format!("--jit={jit}"), "--jit-threshold=2", "--deopt-every=3"];
    for collector in collectors() {
        let gc = format!("--gc={collector}");
        let output = run(&[&jit[..], &[&gc, "--gc-stress=budget:40", "--gc-verify=post", program.path()]].concat());
        assert_eq!(stdout(&output), OUTPUT, "{collector}: {}", stderr(&output));
        assert_eq!(code(&output), 0);
    }
}

#[test]
fn the_evaluator_agrees_under_forced_deoptimization() {
    agrees_under_forced_deoptimization("eval");
}

#[test]
fn code_of_cranelift_agrees_under_forced_deoptimization() {
    agrees_under_forced_deoptimization("cranelift");
}

#[test]
fn bytecode_is_printed_and_reads_back() {
    let program = Scratch::new("dis.lox", "fun f(a) { return a + 1; } print f(2);");
    let output = run(&["--dis", program.path()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let listing = stdout(&output);
    assert!(listing.starts_with("code 0 "), "{listing}");
    let read = vm_api::code::text::parse(&listing, <::lox::Lox as vm_api::engine::Language>::OPCODES);
    assert!(read.is_ok(), "{:?}", read.err());
}

#[test]
fn a_budget_without_total_is_spent_in_full_and_shows_in_log_and_counters() {
    let program = Scratch::new("counted.lox", PROGRAM);
    let (log, counters) = (Scratch::new("gc.log", ""), Scratch::new("gc.json", ""));
    let output = run(&[
        "--gc=semispace",
        "--gc-stress=budget:100",
        "--gc-log",
        log.path(),
        "--gc-stats",
        counters.path(),
        program.path(),
    ]);
    assert_eq!(stdout(&output), OUTPUT, "{}", stderr(&output));
    let text = counters.text();
    assert!(text.starts_with("{\"v\":1,\"collector\":\"semispace\",\"allocations\":"), "{text}");
    assert!(text.contains("\"forced\":100,"), "{text}");
    let log = log.text();
    let forced = log.lines().filter(|line| line.contains("\"trigger\":\"stress\"")).count();
    assert_eq!(forced, 100, "{log}");
    assert!(log.lines().all(|line| line.starts_with("{\"v\":1,\"event\":\"") && line.ends_with('}')), "{log}");
}

#[test]
fn errors_have_their_exit_codes() {
    for (source, exit_code, error) in [
        ("print 1 +;", 65, "[line 1] Error at ';': Expect expression.\n"),
        ("print nil + 1;", 70, "Operands must be two numbers or two strings.\n[line 1] in script\n"),
    ] {
        let program = Scratch::new(&format!("error{exit_code}.lox"), source);
        let output = run(&[program.path()]);
        assert_eq!((code(&output), stderr(&output).as_str()), (exit_code, error));
    }
    let output = run(&["no such file.lox"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with("prism: can't open file 'no such file.lox': "), "{}", stderr(&output));
}

#[test]
fn endless_recursion_and_a_full_heap_are_errors_of_the_program() {
    let recursion = Scratch::new("recursion.lox", "fun f() { f(); } f();");
    let output = run(&[recursion.path()]);
    assert!(stderr(&output).starts_with("Stack overflow.\n"), "{}", stderr(&output));
    assert_eq!(code(&output), 70);
    let endless = "class N { init(n) { this.n = n; } } var a = nil; while (true) a = N(a);";
    let endless = Scratch::new("endless.lox", endless);
    for collector in collectors() {
        let output = run(&[&format!("--gc={collector}"), "--heap=2M", endless.path()]);
        assert!(stderr(&output).starts_with("Out of memory.\n"), "{collector}: {}", stderr(&output));
        assert_eq!(code(&output), 70, "{collector}");
    }
}

#[test]
fn our_own_tests_pass_on_every_collector() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontends/lox/tests/programs");
    for collector in collectors() {
        for folder in ["classes", "functions", "values"] {
            let folder = tests.join(folder);
            let folder = folder.to_str().expect("UTF-8");
            let gc = format!("--gc={collector}");
            let output = run(&["--lox-suite", folder, &gc, "--gc-stress=budget:20", "--gc-verify=post"]);
            assert_eq!(code(&output), 0, "{collector}: {}{}", stdout(&output), stderr(&output));
            assert!(stdout(&output).contains(" passed, 0 failed, "), "{}", stdout(&output));
        }
    }
    assert_eq!(code(&run(&["--lox-suite", concat!(env!("CARGO_MANIFEST_DIR"), "/src")])), 2, "no tests there");
}
