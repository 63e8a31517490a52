//! The instrument as a program: with our interpreter, and with stand-ins that behave badly on purpose.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const EXPERIMENTS: &str = env!("CARGO_BIN_EXE_experiments");

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(EXPERIMENTS).args(arguments).stdin(Stdio::null()).output().expect("the program starts");
    told(&output)
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn summary_of(run: &Path) -> serde_json::Value {
    let bytes = std::fs::read(run.join("summary.json")).expect("a run has a summary");
    serde_json::from_slice(&bytes).expect("the summary is JSON")
}

/// The interpreter beside the tests' own binaries; built if it is not there.
fn prism() -> PathBuf {
    let folder = Path::new(EXPERIMENTS).parent().expect("it lies in a folder");
    let prism = folder.join("prism");
    if !prism.exists() {
        let name = folder.file_name().expect("the folder has a name").to_str().expect("paths here are UTF-8");
        let profile = if name == "debug" { "dev" } else { name };
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--package", "runtime-cli", "--bin", "prism", "--profile", profile]);
        assert!(build.status().expect("the program starts").success());
    }
    prism
}

/// A folder with stand-ins for interpreters and a definition that uses them on one program of ours.
struct Bench(tempfile::TempDir);

/// Writes its records as it should, `$3` of them; what it computes and does besides is put in.
const STAND_IN: &str = "#!/bin/sh
case \"$1\" in -c) printf 'implementation\\tstand-in\\nversion\\t1.0\\n'; exit 0;; esac
turn=0
while [ $turn -lt \"$3\" ]; do
    echo \"{\\\"ns\\\": 100$turn, \\\"check\\\": \\\"CHECKSUM\\\"}\" >>\"$2\"
    turn=$((turn + 1))
done
BEHAVIOUR
echo '{\"end\": true}' >>\"$2\"
";

impl Bench {
    fn new(invocations: usize, stand_ins: &[(&str, bool, &str)]) -> Bench {
        let bench = Bench(tempfile::tempdir().expect("a folder for the test"));
        let table = include_str!("../../programs/checksums.txt");
        let right = table.lines().find_map(|line| line.strip_prefix("calls small ")).expect("the test's own files");
        let right = right.split_whitespace().nth(1).expect("the test's own files");
        let mut definition = format!("name = 't'\ndescription = ''\ninvocations = {invocations}\niterations = 3\n");
        for (name, computes, behaviour) in stand_ins {
            let path = bench.path(name);
            let checksum = if *computes { right } else { "1" };
            std::fs::write(&path, STAND_IN.replace("CHECKSUM", checksum).replace("BEHAVIOUR", behaviour))
                .expect("the test's own files");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("the test's own files");
            definition.push_str(&format!("[[python]]\nname = '{name}'\ncommands = ['{}']\n", path.display()));
        }
        definition.push_str("[[programs]]\nsuite = 'own'\nsize = 'small'\nnames = ['calls']\n");
        std::fs::write(bench.path("t.toml"), definition).expect("the test's own files");
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(EXPERIMENTS);
        command.arg("run").arg(self.path("t.toml")).arg("--out").arg(self.path("out")).stdin(Stdio::null());
        command
    }

    fn run(&self) -> (i32, String, String) {
        told(&self.command().output().expect("the program starts"))
    }
}

#[test]
fn every_program_of_ours_computes_what_it_must_on_prism() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let out = folder.path().join("out");
    let (prism, out_text) = (prism(), out.to_str().expect("paths here are UTF-8"));
    let (status, text, errors) =
        run(&["run", "smoke", "--prism", prism.to_str().expect("paths here are UTF-8"), "--out", out_text]);
    assert_eq!(status, 0, "{text}{errors}");
    let summary: serde_json::Value = summary_of(&out);
    assert_eq!(summary["failures"], serde_json::json!([]));
    assert_eq!(summary["done"], summary["planned"]);
    let cells =
        summary["programs"].as_array().expect("a list").iter().flat_map(|p| p["cells"].as_array().expect("a list"));
    for cell in cells {
        assert!(!cell["events"].is_null(), "{cell}");
    }
    let manifest = std::fs::read_to_string(out.join("manifest.json")).expect("the test's own files");
    assert!(manifest.contains("\"sha256\"") && manifest.contains("--gc=semispace"));
    let samples = std::fs::read_to_string(out.join("samples.csv")).expect("the test's own files");
    let rows = samples.lines().count() as u64;
    assert_eq!(rows, 1 + 2 * summary["done"].as_u64().expect("a number"));
    assert!(std::fs::read_to_string(out.join("report.html")).expect("the test's own files").contains("<svg"));
    assert!(out.join("pyperf/prism-generational.json").is_file());
    // All of that is made from the journal and can be made again.
    std::fs::remove_file(out.join("summary.json")).expect("the test's own files");
    assert_eq!(run(&["report", out_text]).0, 0);
    let again: serde_json::Value = summary_of(&out);
    assert_eq!(again, summary);
    assert_eq!(run(&["compare", out_text, out_text]).0, 0);
}

#[test]
fn what_goes_wrong_is_a_result_and_stands_first() {
    let stand_ins = [
        ("crashes", true, "echo about to crash; kill -SEGV $$"),
        ("lies", false, ""),
        ("gives-up", true, "exit 0"),
        ("good", true, ""),
    ];
    let bench = Bench::new(3, &stand_ins);
    let (status, text, errors) = bench.run();
    assert_eq!(status, 1, "{text}{errors}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].starts_with("WRONG: own/calls/small on lies, 2 of 3 invocations: run is 1, not "), "{text}");
    assert!(lines[2].starts_with("BROKEN: own/calls/small on crashes, 2 of 3"), "{text}");
    assert!(lines[2].ends_with("ended by signal 11") && lines[3].ends_with("| about to crash"), "{text}");
    assert!(text.contains("on gives-up, 2 of 3 invocations: ended after 3 of 3 iterations"), "{text}");
    let html = bench.text("out/report.html");
    let crash = html.find("ended by signal 11").expect("the test's own files");
    assert!(
        html.find("run is 1, not").expect("the test's own files") < crash
            && crash < html.find("<h2>Against").expect("the test's own files")
    );
    // What failed has no ratio, and is not written for pyperf.
    assert!(bench.path("out/pyperf/good.json").exists() && !bench.path("out/pyperf/lies.json").exists());
}

#[test]
fn a_process_that_does_not_end_is_ended() {
    let bench = Bench::new(1, &[("slow", true, "sleep 60"), ("good", true, "")]);
    let definition = bench.text("t.toml").replacen("iterations = 3", "iterations = 3\ntimeout = 0.5", 1);
    std::fs::write(bench.path("t.toml"), definition).expect("the test's own files");
    let began = Instant::now();
    let (status, text, _) = bench.run();
    assert!(status == 1 && text.contains("on slow, 1 of 1 invocation: not ended in time"), "{text}");
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[test]
fn an_interrupt_keeps_what_was_measured_and_the_run_goes_on() {
    let bench = Bench::new(6, &[("a", true, "sleep 0.2"), ("b", true, "sleep 0.2")]);
    let mut child = bench.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    while bench.text("out/journal.jsonl").lines().count() < 2 {
        assert!(Instant::now() < deadline && child.try_wait().expect("it is ours to wait for").is_none());
        std::thread::sleep(Duration::from_millis(20));
    }
    let number = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &number]).status().expect("the program starts").success());
    let (status, text, errors) = told(&child.wait_with_output().expect("it is ours to wait for"));
    assert_eq!(status, 130, "{text}{errors}");
    let before = bench.text("out/journal.jsonl");
    let done = before.lines().count();
    assert!((2..12).contains(&done), "{done}");
    assert!(bench.text("out/report.html").contains("Not complete"));

    let (status, text, errors) = bench.run();
    assert_eq!(status, 0, "{text}{errors}");
    assert!(errors.contains(&format!("going on after {done} of 12")), "{errors}");
    let after = bench.text("out/journal.jsonl");
    assert!(after.starts_with(&before) && after.lines().count() == 12);
    // Nothing is left to do, so nothing is done.
    assert_eq!(bench.run().0, 0);
    assert_eq!(bench.text("out/journal.jsonl"), after);
}

#[test]
fn a_killed_run_goes_on_too() {
    let bench = Bench::new(4, &[("a", true, "sleep 0.2"), ("b", true, "")]);
    let mut child = bench.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    while bench.text("out/journal.jsonl").lines().count() < 2 {
        assert!(Instant::now() < deadline && child.try_wait().expect("it is ours to wait for").is_none());
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("it is ours to kill");
    child.wait().expect("it is ours to wait for");
    let before = bench.text("out/journal.jsonl");
    // As if it had been in the middle of a line.
    std::fs::write(bench.path("out/journal.jsonl"), format!("{before}{{\"task\": 7, ")).expect("the test's own files");
    assert_eq!(bench.run().0, 0);
    let after = bench.text("out/journal.jsonl");
    assert!(after.starts_with(&before) && after.lines().count() == 8);
}

#[test]
fn another_interpreter_does_not_go_on_with_the_run() {
    let bench = Bench::new(2, &[("a", true, ""), ("b", true, "")]);
    assert_eq!(bench.run().0, 0);
    let changed = format!("{}# Changed.\n", bench.text("a"));
    std::fs::write(bench.path("a"), changed).expect("the test's own files");
    let (status, _, errors) = bench.run();
    assert!(status == 2 && errors.contains("a was another executable then"), "{errors}");
    let fresh = bench.command().arg("--fresh").output().expect("the program starts");
    assert_eq!(told(&fresh).0, 0);
    assert!(bench.path("out.1/journal.jsonl").is_file());
}

#[test]
fn a_subject_is_given_another_executable() {
    let bench = Bench::new(2, &[("a", true, ""), ("b", true, "")]);
    std::fs::rename(bench.path("a"), bench.path("elsewhere")).expect("the test's own files");
    let (status, text, _) = bench.run();
    assert!(status == 0 && text.contains("left out: a: "), "{text}");
    let given = format!("a={}", bench.path("elsewhere").display());
    let output = bench.command().args(["--fresh", "--subject", &given]).output().expect("the program starts");
    let (status, text, errors) = told(&output);
    assert!(status == 0 && !text.contains("left out"), "{text}{errors}");
    let output = bench.command().args(["--fresh", "--subject", "nobody=x"]).output().expect("the program starts");
    assert!(told(&output).0 == 2 && told(&output).2.contains("nobody"));
}

#[test]
fn what_cannot_be_run_is_refused_with_the_reason() {
    let bench = Bench::new(1, &[("a", true, "")]);
    let good = bench.text("t.toml");
    for (definition, reason) in [
        (good.replace("iterations = 3", "iteratoins = 3"), "iteratoins"),
        (good.replace("'calls'", "'nothing'"), "no program \"nothing\""),
        (good.replace("/a'", "/gone'"), "no subject is here"),
        (good.replace("iterations = 3", "iterations = 0"), "at least one"),
    ] {
        std::fs::write(bench.path("t.toml"), definition).expect("the test's own files");
        let (status, text, errors) = bench.run();
        assert!(status == 2 && errors.contains(reason), "{text}{errors}");
        assert!(!bench.path("out").exists());
    }
    let missing = run(&["run", "no-such-definition"]);
    assert!(missing.0 == 2 && missing.2.contains("`list` shows them"));
    let empty = bench.path("empty");
    assert_eq!(run(&["report", empty.to_str().expect("paths here are UTF-8")]).0, 2);
    assert_eq!(
        run(&["compare", empty.to_str().expect("paths here are UTF-8"), empty.to_str().expect("paths here are UTF-8")])
            .0,
        2
    );
}

#[test]
fn what_there_is_can_be_listed() {
    let (status, text, errors) = run(&["list"]);
    assert_eq!(status, 0, "{errors}");
    for name in ["smoke", "speed", "suite", "bigints", "deltablue"] {
        assert!(text.contains(name), "{text}");
    }
    // Somebody has read enough.
    let mut child =
        Command::new(EXPERIMENTS).arg("list").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    assert_eq!(told(&child.wait_with_output().expect("it ends")), (0, String::new(), String::new()));
    let bench = Bench::new(2, &[("a", true, "")]);
    let path = bench.path("t.toml");
    let (status, text, _) = run(&["list", path.to_str().expect("paths here are UTF-8")]);
    assert!(status == 0 && text.contains("subject a (the baseline): stand-in 1.0"), "{text}");
}

#[test]
fn heaps_are_multiples_of_the_minimum_that_is_found() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (definition, out) = (folder.path().join("t.toml"), folder.path().join("out"));
    let text = "name = 't'\ndescription = ''\ninvocations = 2\niterations = 1\n[[prism]]\nname = 'p'\nheap = ['1.5x', '4x']\n\
                gc = ['generational', 'semispace']\nminimum_gc = 'marksweep'\n[[programs]]\nsuite = 'own'\nsize = 'small'\n\
                names = ['heap']\n";
    std::fs::write(&definition, text).expect("the test's own files");
    let paths = [&definition, &prism(), &out].map(|path| path.to_str().expect("paths here are UTF-8").to_owned());
    let (status, text, errors) = run(&["run", &paths[0], "--prism", &paths[1], "--out", &paths[2]]);
    // A collector may not come through in one and a half times the least heap of another: that is a result, too.
    assert!(status <= 1 && errors.contains("minimum heap of own/heap/small on p: "), "{text}{errors}");
    let summary = summary_of(&out);
    let minimum = summary["minima"]["p"]["own/heap/small"].as_u64().expect("a number");
    assert!((1 << 16..1 << 30).contains(&minimum), "{minimum}");
    let cells = summary["programs"][0]["cells"].as_array().expect("a list");
    let roomy = cells.iter().find(|cell| cell["subject"] == "p/generational/4x").expect("it is in the definition");
    assert!(roomy["overhead"]["process"]["value"].as_f64().expect("a number") > 0.9, "{roomy}");
    assert!(roomy["events"]["allocated"].as_u64().expect("a number") > 100_000, "{roomy}");
    let manifest = std::fs::read_to_string(out.join("manifest.json")).expect("a run has a manifest");
    // What is known is not sought again.
    let (_, _, errors) = run(&["run", &paths[0], "--prism", &paths[1], "--out", &paths[2]]);
    assert!(!errors.contains("minimum heap"), "{errors}");
    assert_eq!(std::fs::read_to_string(out.join("manifest.json")).expect("a run has a manifest"), manifest);
}
