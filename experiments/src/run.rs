//! An experiment from its definition to its report.

use crate::analysis::{Analysis, Summary};
use crate::definition::{Definition, PrismDefinition, Suite};
use crate::interrupt::Interrupts;
use crate::invocation::Outcome::Incomplete;
use crate::invocation::{self, Record, Setting, Verdict};
use crate::minimum::{self, Found};
use crate::plan::Shard;
use crate::program::Library;
use crate::store::{self, Host, Manifest, Store};
use crate::subject::{self, LeftOut, Ours, Subject};
use crate::{pyperf, report, samples};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A pair that failed so often is not tried again in the same run.
const PATIENCE: usize = 2;

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Our interpreter; built with cargo unless given.
    pub prism: Option<PathBuf>,
    /// `prism-test`; built with cargo unless given.
    pub prism_test: Option<PathBuf>,
    /// The profile to build them in.
    pub profile: String,
    /// Where pyperformance's benchmarks are, besides the installed package.
    pub libraries: Vec<PathBuf>,
    /// Executables to take for subjects, by their names in the definition.
    pub executables: Vec<(String, String)>,
    pub out: Option<PathBuf>,
    /// Begin anew.
    pub fresh: bool,
    /// The part of the plan to run.
    pub shard: Shard,
    pub quiet: bool,
}

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    pub folder: PathBuf,
    pub summary: Summary,
    pub interrupted: bool,
}

/// The folder `experiments` of the project that this was built from.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The file of a definition: as given, or in `definitions/`, with or without `.toml`.
pub fn find_definition(name: &str) -> Result<PathBuf, String> {
    let definitions = folder().join("definitions");
    let candidates = [PathBuf::from(name), definitions.join(name), definitions.join(format!("{name}.toml"))];
    candidates
        .into_iter()
        .find(|path| path.is_file())
        .ok_or_else(|| format!("no definition {name}, neither here nor in experiments/definitions; `list` shows them"))
}

/// What a definition comes to on this machine.
pub fn resolve(definition: &Definition, options: &Options) -> Result<Manifest, String> {
    let mut definition = definition.clone();
    for (name, executable) in &options.executables {
        definition.put(name, executable)?;
    }
    let definition = &definition;
    let library = Library {
        folder: folder(),
        pyperformance: benchmarks(definition, &options.libraries)?,
        prism_test: prism_test(definition, options),
    };
    let (programs, missing) = library.choose(&definition.programs)?;
    if programs.is_empty() {
        let reasons: Vec<String> = missing.iter().map(|(name, reason)| format!("{name}: {reason}")).collect();
        return Err(format!("no program is here: {}", reasons.join("; ")));
    }
    let built = std::cell::RefCell::new(BTreeMap::new());
    let ours = |profile: Option<&str>| {
        let profile = profile.unwrap_or(&options.profile).to_owned();
        let mut built = built.borrow_mut();
        built.entry(profile.clone()).or_insert_with(|| find_ours(options, &profile)).clone()
    };
    let (subjects, mut left_out) = subject::find(definition, &ours)?;
    if subjects.is_empty() {
        let reasons: Vec<String> = left_out.iter().map(|left| format!("{}: {}", left.name, left.reason)).collect();
        return Err(format!("no subject is here: {}", reasons.join("; ")));
    }
    left_out.extend(missing.into_iter().map(|(name, reason)| LeftOut { name, reason }));
    Ok(Manifest {
        v: store::FORMAT_VERSION,
        definition: definition.clone(),
        subjects,
        left_out,
        programs,
        host: Host::here(),
        minima: BTreeMap::new(),
        began: invocation::now(),
    })
}

/// Runs what is left of an experiment, and writes its report.
pub fn run(definition: &Definition, options: &Options, interrupts: &Interrupts) -> Result<Outcome, String> {
    let manifest = resolve(definition, options)?;
    let folder = match &options.out {
        Some(out) => std::path::absolute(out).map_err(|error| format!("{}: {error}", out.display()))?,
        None => target().join("experiments").join(&definition.name),
    };
    if options.fresh {
        store::set_aside(&folder)?;
    }
    let mut store = Store::open(&folder, manifest, options.shard)?;
    let interrupted = execute(&mut store, options, interrupts)?;
    let summary = write_reports(&folder, &store.manifest, &store.records)?;
    Ok(Outcome { folder, summary, interrupted })
}

/// Runs the tasks that have no record yet; whether it was interrupted.
fn execute(store: &mut Store, options: &Options, interrupts: &Interrupts) -> Result<bool, String> {
    let done: BTreeSet<usize> = store.records.iter().map(|record| record.task).collect();
    let mut plan = store.manifest.plan();
    plan.retain(|task| options.shard.has(task));
    let scratch = store.folder.join(format!("scratch{}", options.shard.mark()));
    std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let definition = store.manifest.definition.clone();
    let folder = folder();
    let setting = Setting {
        folder: &folder,
        scratch: &scratch,
        iterations: definition.iterations,
        timeout: Duration::from_secs_f64(definition.timeout),
        events: definition.events,
        interrupts,
    };
    if seek_minima(store, &setting, options.quiet)? {
        return Ok(true);
    }
    let mine = plan.iter().filter(|task| done.contains(&task.index)).count();
    let progress = Progress::new(plan.len(), mine, options.quiet);
    for task in plan.iter().filter(|task| !done.contains(&task.index)) {
        if interrupts.raised() {
            return Ok(true);
        }
        let manifest = &store.manifest;
        let subject = manifest.subjects.iter().find(|subject| subject.name == task.subject);
        let program = manifest.programs.iter().find(|program| program.name == task.program);
        let (Some(subject), Some(program)) = (subject, program) else {
            return Err(format!("the plan names {} and {}, which there are not", task.subject, task.program));
        };
        progress.begin(&task.program, &task.subject);
        let analysis = Analysis::new(manifest, &store.records);
        let bad = |record: &&Record| !matches!(analysis.verdict(program, record), Verdict::Good | Verdict::GivenUp);
        let record = if analysis.of(&task.program, &task.subject).filter(bad).count() >= PATIENCE {
            Record::given_up(task)
        } else {
            let minimum =
                subject.heap.as_ref().map(|heap| manifest.minima.get(&heap.of)?.get(&program.name).copied()?);
            let heap = match (&subject.heap, minimum) {
                (Some(heap), Some(Some(bytes))) => Some((bytes as f64 * heap.factor) as u64),
                _ => None,
            };
            if minimum == Some(None) {
                Record { outcome: Incomplete("no heap is large enough".to_owned()), ..Record::given_up(task) }
            } else {
                match invocation::run(&setting, task, subject, program, heap)? {
                    Some(record) => record,
                    None => return Ok(true),
                }
            }
        };
        // Whatever C library: what differs here may still agree with a CPython that runs later.
        if let (false, Verdict::Wrong(what) | Verdict::Broken(what)) = (program.libm, record.verdict(program, None)) {
            progress.tell(&format!("{} on {}: {what}", task.program, task.subject));
        }
        store.add(record)?;
        progress.end();
    }
    progress.finish();
    // Nothing in it is of use any more; what cannot be removed does no harm.
    let _ = std::fs::remove_dir_all(&scratch);
    Ok(false)
}

/// Finds the minimum heaps that subjects are given multiples of; whether it was interrupted.
fn seek_minima(store: &mut Store, setting: &Setting<'_>, quiet: bool) -> Result<bool, String> {
    let entries: Vec<PrismDefinition> = store.manifest.definition.prisms.clone();
    for entry in entries {
        let uses = |subject: &&Subject| subject.heap.as_ref().is_some_and(|heap| heap.of == entry.name);
        let Some(user) = store.manifest.subjects.iter().find(uses) else { continue };
        let subject = Subject { arguments: entry.for_minimum(), name: entry.name.clone(), heap: None, ..user.clone() };
        for program in store.manifest.programs.clone() {
            if store.manifest.minima.get(&entry.name).is_some_and(|known| known.contains_key(&program.name)) {
                continue;
            }
            let seed = store.manifest.plan().first().map_or(1, |task| task.hash_seed);
            let bytes = match minimum::seek(setting, &subject, &program, seed)? {
                Found::Interrupted => return Ok(true),
                Found::Bytes(bytes) => Some(bytes),
                Found::Nothing => None,
            };
            if !quiet {
                let told = bytes.map_or("none".to_owned(), |bytes| format!("{} KiB", bytes / 1024));
                eprintln!("minimum heap of {} on {}: {told}", program.name, entry.name);
            }
            store.add_minimum(&entry.name, &program.name, bytes)?;
        }
    }
    Ok(false)
}

/// All files that are made from the manifest and the journal.
pub fn write_reports(folder: &Path, manifest: &Manifest, records: &[Record]) -> Result<Summary, String> {
    let analysis = Analysis::new(manifest, records);
    let summary = analysis.summary();
    store::write_json(&folder.join("summary.json"), &summary)?;
    store::write_whole(&folder.join("samples.csv"), samples::csv(&analysis, records).as_bytes())?;
    store::write_whole(&folder.join("report.html"), report::html::page(&analysis, &summary).as_bytes())?;
    let pyperf_folder = folder.join("pyperf");
    std::fs::create_dir_all(&pyperf_folder).map_err(|error| format!("{}: {error}", pyperf_folder.display()))?;
    for subject in &manifest.subjects {
        if let Some(file) = pyperf::file(&analysis, &subject.name) {
            let name = subject.name.replace(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)), "-");
            store::write_json(&pyperf_folder.join(format!("{name}.json")), &file)?;
        }
    }
    Ok(summary)
}

/// The bar on a terminal; elsewhere a line now and then.
struct Progress {
    bar: Option<ProgressBar>,
    quiet: bool,
    total: usize,
    done: std::cell::Cell<usize>,
}

impl Progress {
    fn new(total: usize, done: usize, quiet: bool) -> Progress {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(total as u64).with_position(done as u64);
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed_precise} (~{eta} left) {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            // Steps that were done before are no sign of the pace.
            bar.reset_eta();
            bar
        });
        if !quiet && done > 0 {
            eprintln!("going on after {done} of {total}");
        }
        Progress { bar, quiet, total, done: std::cell::Cell::new(done) }
    }

    fn begin(&self, program: &str, subject: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{program} on {subject}"));
        }
    }

    fn tell(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.println(message),
            None if !self.quiet => eprintln!("{message}"),
            None => {}
        }
    }

    fn end(&self) {
        self.done.set(self.done.get() + 1);
        let (done, total) = (self.done.get(), self.total);
        match &self.bar {
            Some(bar) => bar.inc(1),
            None if !self.quiet && done * 20 / total != (done - 1) * 20 / total => eprintln!("{done} of {total}"),
            None => {}
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn project() -> PathBuf {
    folder().parent().map_or_else(|| PathBuf::from("."), Path::to_owned)
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project().join("target"), PathBuf::from)
}

/// Our interpreter: as given, or built now, so that what is measured is what stands in the tree.
fn find_ours(options: &Options, profile: &str) -> Result<Ours, String> {
    if let Some(path) = &options.prism {
        let given = path.to_str().ok_or_else(|| format!("{} is not UTF-8", path.display()))?;
        let executable = subject::which(given).ok_or_else(|| format!("there is no {given}"))?;
        return Ok(Ours { executable, built: BTreeMap::new() });
    }
    let executable = match profile {
        "dist" => {
            let mut command = cargo();
            finished(command.args(["xtask", "dist"]), "prism")?;
            // Not where cargo is told to build: this one is the project's.
            project().join("target/dist/prism")
        }
        other => build("prism", other, options.quiet)?,
    };
    if !executable.is_file() {
        return Err(format!("cargo built prism, but not as {}; give it by --prism", executable.display()));
    }
    let mut built = BTreeMap::from([("profile".to_owned(), profile.to_owned())]);
    let mut learn = |key: &str, program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(project()).stderr(Stdio::null()).output();
        let Ok(output) = output else { return };
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && !text.is_empty() {
            built.insert(key.to_owned(), text);
        }
    };
    learn("rustc", "rustc", &["--version"]);
    learn("binary", &executable.to_string_lossy(), &["-VV"]);
    learn("commit", "git", &["rev-parse", "HEAD"]);
    learn("changed files", "git", &["status", "--porcelain", "--untracked-files=no"]);
    let guided = built.get("binary").is_some_and(|text| text.contains("profile-guided: yes"));
    built.insert("profile-guided".to_owned(), if guided { "yes" } else { "no" }.to_owned());
    Ok(Ours { executable, built })
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(project()).stdin(Stdio::null());
    command
}

fn finished(command: &mut Command, what: &str) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("cargo does not run: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{what} was not built; another binary is given by --{what} FILE"))
    }
}

/// Builds one of the project's binaries; where it is.
fn build(what: &str, profile: &str, quiet: bool) -> Result<PathBuf, String> {
    let mut command = cargo();
    // As `cargo build` there does it, so that what is built already need not be built again.
    command.args(["build", "--bin", what, "--profile", profile]);
    if quiet {
        command.arg("--quiet");
    }
    finished(&mut command, what)?;
    Ok(target().join(if profile == "dev" { "debug" } else { profile }).join(what))
}

/// `prism-test`, if the definition has use for it and it finds CPython's tests.
fn prism_test(definition: &Definition, options: &Options) -> Result<PathBuf, String> {
    if !definition.programs.iter().any(|programs| programs.suite == Suite::Conformance) {
        return Err("not asked for".to_owned());
    }
    let command = match &options.prism_test {
        Some(given) => std::path::absolute(given).map_err(|error| format!("{}: {error}", given.display()))?,
        // What starts it is given to it, so that the profile is only its own.
        None => {
            build("prism-test", if options.profile == "dist" { "release" } else { &options.profile }, options.quiet)?
        }
    };
    let output = Command::new(&command).args(["--list-tests", "test_bool"]).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{}: {error}", command.display()))?;
    let why = || String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("prism-test fails").to_owned();
    if output.status.success() { Ok(command) } else { Err(why()) }
}

/// Where pyperformance's benchmarks are: the given folders, then the installed package of any Python of the definition.
fn benchmarks(definition: &Definition, given: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for path in given {
        let within = ["", "data-files/benchmarks", "pyperformance/data-files/benchmarks"];
        let folder = within.iter().map(|inner| path.join(inner)).find(|folder| has_benchmarks(folder));
        let folder = folder.ok_or_else(|| format!("there are no bm_* folders under {}", path.display()))?;
        found.push(std::path::absolute(&folder).map_err(|error| format!("{}: {error}", folder.display()))?);
    }
    if !definition.programs.iter().any(|programs| programs.suite == Suite::Pyperformance) {
        return Ok(found);
    }
    let named = definition.pythons.iter().flat_map(|python| &python.commands).map(String::as_str);
    // Any Python may have it: the files are the same.
    let usual = ["python3", "python3.13", "python3.12", "python3.11"];
    for command in named.chain(usual) {
        let Some(path) = subject::which(command) else { continue };
        let script = "import importlib.util as u; s = u.find_spec('pyperformance'); print(s.origin if s else '')";
        let mut command = Command::new(path);
        command.args(["-c", script]).stdin(Stdio::null()).stderr(Stdio::null());
        let Ok(output) = command.output() else { continue };
        let origin = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let folder = Path::new(&origin).parent().map(|folder| folder.join("data-files/benchmarks"));
        if let Some(folder) = folder.filter(|folder| output.status.success() && has_benchmarks(folder)) {
            found.push(folder);
            break;
        }
    }
    Ok(found)
}

fn has_benchmarks(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("bm_"))
}
