//! The folder of a run: `manifest.json` says what is run by whom and where, `journal.jsonl` has a line for each
//! invocation, written at once. All other files there are made from these two.
//!
//! Runners that share a run have a journal each, `journal-I-of-N.jsonl`, which nobody else writes. What is done is what
//! stands in any of them.

use crate::definition::Definition;
use crate::invocation::Record;
use crate::plan::{Shard, Task, plan};
use crate::program::Program;
use crate::subject::{LeftOut, Subject};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Version of the manifest, the journal and the summary.
pub const FORMAT_VERSION: u32 = 1;

const MANIFEST: &str = "manifest.json";
const JOURNAL: &str = "journal";
const LINES: &str = ".jsonl";

/// What a run is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub v: u32,
    pub definition: Definition,
    pub subjects: Vec<Subject>,
    pub left_out: Vec<LeftOut>,
    pub programs: Vec<Program>,
    pub host: Host,
    /// The minimum heaps found so far, in bytes, by entry of the definition and program; `null` where none suffices.
    #[serde(default)]
    pub minima: BTreeMap<String, BTreeMap<String, Option<u64>>>,
    /// Seconds since 1970.
    pub began: u64,
}

/// Where a run takes place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Host {
    pub system: String,
    pub processor: String,
    pub cores: usize,
    /// In bytes.
    pub memory: Option<u64>,
    /// What governs the processor's frequency, if the system tells it.
    pub governor: Option<String>,
    /// The counters that were asked for, each with the reason if it is not to be had.
    pub counters: BTreeMap<String, Option<String>>,
}

impl Host {
    pub fn here() -> Host {
        let read = |path: &str| std::fs::read_to_string(path).map(|text| text.trim().to_owned()).ok();
        let field = |text: &Option<String>, name: &str| {
            let line = text.as_ref()?.lines().find(|line| line.starts_with(name))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let kilobytes =
            field(&read("/proc/meminfo"), "MemTotal").and_then(|text| text.strip_suffix(" kB")?.parse().ok());
        Host {
            system: format!(
                "{} {} {}",
                std::env::consts::OS,
                read("/proc/sys/kernel/osrelease").unwrap_or_default(),
                std::env::consts::ARCH
            ),
            processor: field(&read("/proc/cpuinfo"), "model name").unwrap_or_default(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: kilobytes.map(|kilobytes: u64| kilobytes * 1024),
            governor: read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            counters: crate::counters::availability(),
        }
    }
}

impl Manifest {
    pub fn plan(&self) -> Vec<Task> {
        let subjects: Vec<String> = self.subjects.iter().map(|subject| subject.name.clone()).collect();
        let programs: Vec<String> = self.programs.iter().map(|program| program.name.clone()).collect();
        plan(&subjects, &programs, self.definition.each, self.definition.invocations, self.definition.seed)
    }

    /// The subject that the others are compared with: the one that the definition names, or the last that there is; none, if outputs are
    /// all that counts.
    pub fn baseline(&self) -> Option<&str> {
        if !self.definition.compare {
            return None;
        }
        let named = self.definition.baseline.as_ref();
        let named = named.and_then(|name| self.subjects.iter().find(|subject| subject.name == *name));
        named.or(self.subjects.last()).map(|subject| subject.name.as_str())
    }

    /// Why measurements for one cannot be added to those for the other; `None` if they can.
    fn differs_from(&self, other: &Manifest) -> Option<String> {
        if self.definition != other.definition {
            return Some("its definition is another one".to_owned());
        }
        let names =
            |manifest: &Manifest| manifest.subjects.iter().map(|subject| subject.name.clone()).collect::<Vec<_>>();
        if names(self) != names(other) {
            return Some(format!("its subjects are {}, here are {}", names(self).join(", "), names(other).join(", ")));
        }
        let changed = self.subjects.iter().zip(&other.subjects).find(|(a, b)| a.sha256 != b.sha256);
        if let Some((subject, _)) = changed {
            return Some(format!("{} was another executable then", subject.name));
        }
        if self.programs != other.programs {
            return Some("its programs, or what is expected of them, are others".to_owned());
        }
        None
    }
}

/// An open run.
#[derive(Debug)]
pub struct Store {
    pub folder: PathBuf,
    pub manifest: Manifest,
    pub records: Vec<Record>,
    journal: File,
    /// The journal's name.
    name: String,
}

impl Store {
    /// Begins a run in a folder, or goes on with the one that is there if it is the same.
    pub fn open(folder: &Path, manifest: Manifest, shard: Shard) -> Result<Store, String> {
        let at = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
        std::fs::create_dir_all(folder).map_err(|error| at(folder, error))?;
        let path = folder.join(MANIFEST);
        let manifest = if path.exists() {
            let old = read_manifest(folder)?;
            if let Some(difference) = old.differs_from(&manifest) {
                return Err(format!(
                    "{} holds a run that cannot be gone on with: {difference}. Name another folder by --out, or begin \
                     anew with --fresh, which keeps the old one beside it",
                    folder.display()
                ));
            }
            old
        } else {
            if std::fs::read_dir(folder).map_err(|error| at(folder, error))?.next().is_some() {
                return Err(format!("{} is not empty and holds no run", folder.display()));
            }
            write_whole(&path, &json(&manifest)?)?;
            manifest
        };
        let name = format!("{JOURNAL}{}{LINES}", shard.mark());
        let path = folder.join(&name);
        let (_, whole) = read_journal(&path)?;
        let journal = OpenOptions::new().create(true).append(true).open(&path).map_err(|error| at(&path, error))?;
        // What a killed runner left half written is cut off.
        journal.set_len(whole).map_err(|error| at(&path, error))?;
        let records = read_journals(folder)?;
        Ok(Store { folder: folder.to_owned(), manifest, records, journal, name })
    }

    /// What a folder holds, for reading.
    pub fn read(folder: &Path) -> Result<(Manifest, Vec<Record>), String> {
        let manifest = read_manifest(folder)?;
        Ok((manifest, read_journals(folder)?))
    }

    /// Keeps a minimum heap.
    pub fn add_minimum(&mut self, of: &str, program: &str, bytes: Option<u64>) -> Result<(), String> {
        self.manifest.minima.entry(of.to_owned()).or_default().insert(program.to_owned(), bytes);
        write_json(&self.folder.join(MANIFEST), &self.manifest)
    }

    /// Adds a record, in one write.
    pub fn add(&mut self, record: Record) -> Result<(), String> {
        let mut line = serde_json::to_vec(&record).map_err(|error| error.to_string())?;
        line.push(b'\n');
        self.journal
            .write_all(&line)
            .map_err(|error| format!("{}: {error}", self.folder.join(&self.name).display()))?;
        self.records.push(record);
        Ok(())
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, String> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|error| error.to_string())?;
    text.push(b'\n');
    Ok(text)
}

/// Writes a file of a run as JSON.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<(), String> {
    write_whole(path, &json(value)?)
}

/// Writes a file so that it is there as a whole or not at all.
pub fn write_whole(path: &Path, contents: &[u8]) -> Result<(), String> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".new");
    let aside = PathBuf::from(aside);
    std::fs::write(&aside, contents)
        .and_then(|()| std::fs::rename(&aside, path))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn read_manifest(folder: &Path) -> Result<Manifest, String> {
    #[derive(Deserialize)]
    struct Versioned {
        v: u32,
    }
    let path = folder.join(MANIFEST);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let wrong = |error: serde_json::Error| format!("{}: {error}", path.display());
    let version = serde_json::from_str::<Versioned>(&text).map_err(wrong)?.v;
    if version != FORMAT_VERSION {
        return Err(format!("{} is of version {version}, not {FORMAT_VERSION}", path.display()));
    }
    serde_json::from_str(&text).map_err(wrong)
}

/// The records of all journals of a folder, each task's once, in the order of the plan.
fn read_journals(folder: &Path) -> Result<Vec<Record>, String> {
    let at = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(at)? {
        names.extend(entry.map_err(at)?.file_name().into_string());
    }
    names.retain(|name| name.starts_with(JOURNAL) && name.ends_with(LINES));
    names.sort_unstable();
    let mut records: Vec<Record> = Vec::new();
    for name in &names {
        records.extend(read_journal(&folder.join(name))?.0);
    }
    // One journal stands in the order in which it was written, as it always did.
    if names.len() > 1 {
        records.sort_by_key(|record| record.task);
        records.dedup_by_key(|record| record.task);
    }
    Ok(records)
}

/// The records, and how long the journal is without a torn last line.
fn read_journal(path: &Path) -> Result<(Vec<Record>, u64), String> {
    let bytes = match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
        other => other.map_err(|error| format!("{}: {error}", path.display()))?,
    };
    let mut records = Vec::new();
    let mut whole = 0;
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if !line.ends_with(b"\n") {
            break;
        }
        let record =
            serde_json::from_slice(line).map_err(|error| format!("{}, line {}: {error}", path.display(), index + 1))?;
        records.push(record);
        whole += line.len() as u64;
    }
    Ok((records, whole))
}

/// Sets a folder aside under the first name that is free: NAME.1, NAME.2, and so on.
pub fn set_aside(folder: &Path) -> Result<(), String> {
    if !folder.exists() {
        return Ok(());
    }
    let mut number = 1;
    loop {
        let mut name = folder.as_os_str().to_owned();
        name.push(format!(".{number}"));
        if !Path::new(&name).exists() {
            return std::fs::rename(folder, &name).map_err(|error| format!("{}: {error}", folder.display()));
        }
        number += 1;
    }
}

/// Manifests and records for tests.
#[cfg(test)]
pub mod examples {
    use super::*;
    use crate::invocation::Outcome;
    use crate::program::ITERATION;
    use crate::subject::Build;

    /// A run of the subjects `a` and `b` (the baseline) on the programs `own/x` and `own/y`.
    pub fn manifest(invocations: usize) -> Manifest {
        let text = format!(
            "name = 't'\ndescription = 'A <test>.'\ninvocations = {invocations}\niterations = 3\n[[python]]\nname = 'a'\n\
             commands = ['a']\n[[python]]\nname = 'b'\ncommands = ['b']\n[[programs]]\nsuite = 'own'\n"
        );
        let subject = |name: &str, implementation: &str| Subject {
            name: name.to_owned(),
            ours: false,
            executable: PathBuf::from(name),
            arguments: Vec::new(),
            heap: None,
            sha256: format!("sum of {name}"),
            build: Build {
                implementation: implementation.to_owned(),
                summary: format!("{name}, built <well>"),
                ..Build::default()
            },
        };
        let program = |name: &str| Program {
            name: format!("own/{name}"),
            suite: crate::definition::Suite::Own,
            arguments: Vec::new(),
            expected: BTreeMap::from([(ITERATION.to_owned(), "7".to_owned())]),
            libm: false,
        };
        Manifest {
            v: FORMAT_VERSION,
            definition: Definition::parse(&text).unwrap(),
            subjects: vec![subject("a", "prism"), subject("b", "cpython")],
            left_out: vec![LeftOut { name: "c".to_owned(), reason: "not <installed>".to_owned() }],
            programs: vec![program("x"), program("y")],
            host: Host::default(),
            minima: BTreeMap::new(),
            began: 1_700_000_000,
        }
    }

    /// A record that went well.
    pub fn good(task: &Task, iterations: &[u64]) -> Record {
        let mut record = Record::given_up(task);
        record.outcome = Outcome::Completed;
        record.iterations = iterations.to_vec();
        record.computed = BTreeMap::from([(ITERATION.to_owned(), "7".to_owned())]);
        (record.wall, record.user, record.system) = (iterations.iter().sum(), iterations.iter().sum(), 1);
        record.peak = Some(1 << 20);
        record
    }

    /// All records of a manifest: `a` takes twice as long as `b`.
    pub fn records(manifest: &Manifest) -> Vec<Record> {
        let records = manifest.plan().into_iter().map(|task| {
            let scale = if task.subject == "a" { 2000 } else { 1000 };
            let drift = 10 * task.block as u64;
            good(&task, &[scale * 3, scale + drift, scale + drift + 1])
        });
        records.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_gone_on_with_where_it_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = examples::manifest(2);
        let records = examples::records(&manifest);
        let mut store = Store::open(folder.path(), manifest.clone(), Shard::default()).unwrap();
        store.add(records[0].clone()).unwrap();
        store.add(records[1].clone()).unwrap();
        drop(store);
        // The runner was killed in the middle of a line.
        let path = folder.path().join("journal.jsonl");
        let mut torn = std::fs::read(&path).unwrap();
        torn.extend(b"{\"task\": 2, \"blo");
        std::fs::write(&path, torn).unwrap();
        let mut store = Store::open(folder.path(), manifest.clone(), Shard::default()).unwrap();
        assert_eq!(store.records, records[..2]);
        store.add(records[2].clone()).unwrap();
        assert_eq!(Store::read(folder.path()).unwrap(), (manifest, records[..3].to_vec()));
    }

    #[test]
    fn runners_that_share_a_run_see_what_the_others_did() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = examples::manifest(2);
        let records = examples::records(&manifest);
        let [mut first, mut second] =
            ["0/2", "1/2"].map(|shard| Store::open(folder.path(), manifest.clone(), shard.parse().unwrap()).unwrap());
        second.add(records[1].clone()).unwrap();
        first.add(records[0].clone()).unwrap();
        first.add(records[2].clone()).unwrap();
        let open = || Store::open(folder.path(), manifest.clone(), Shard::default()).unwrap();
        assert_eq!(open().records, records[..3]);
        // Somebody did by himself what a shard does again.
        open().add(records[3].clone()).unwrap();
        second.add(records[3].clone()).unwrap();
        assert_eq!(Store::read(folder.path()).unwrap().1, records[..4]);
    }

    #[test]
    fn a_run_of_something_else_is_not_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = examples::manifest(2);
        Store::open(folder.path(), manifest.clone(), Shard::default()).unwrap();
        let refusal = |change: &dyn Fn(&mut Manifest)| {
            let mut other = manifest.clone();
            change(&mut other);
            Store::open(folder.path(), other, Shard::default()).unwrap_err()
        };
        assert!(refusal(&|m| m.definition.seed = 9).contains("definition"));
        assert!(refusal(&|m| m.subjects[0].sha256.clear()).contains("a was another executable"));
        assert!(refusal(&|m| m.subjects.truncate(1)).contains("its subjects are a, b"));
        assert!(refusal(&|m| m.programs.truncate(1)).contains("programs"));
        // The time and the place may be others.
        let mut later = manifest.clone();
        later.began += 5;
        assert!(Store::open(folder.path(), later, Shard::default()).is_ok());
    }

    #[test]
    fn folders_with_other_things_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("thesis.tex"), "x").unwrap();
        assert!(Store::open(folder.path(), examples::manifest(1), Shard::default()).unwrap_err().contains("not empty"));
        assert!(Store::read(folder.path()).unwrap_err().contains(MANIFEST));
    }

    #[test]
    fn damage_is_told_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = examples::manifest(1);
        Store::open(folder.path(), manifest.clone(), Shard::default()).unwrap();
        std::fs::write(folder.path().join("journal.jsonl"), "nonsense\n").unwrap();
        assert!(
            Store::open(folder.path(), manifest.clone(), Shard::default())
                .unwrap_err()
                .contains("journal.jsonl, line 1")
        );
        write_json(&folder.path().join(MANIFEST), &serde_json::json!({"v": 99})).unwrap();
        assert!(Store::read(folder.path()).unwrap_err().contains("version 99"));
    }

    #[test]
    fn what_is_set_aside_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        for number in 1..3 {
            std::fs::create_dir(&run).unwrap();
            set_aside(&run).unwrap();
            assert!(!run.exists() && folder.path().join(format!("run.{number}")).is_dir());
        }
        set_aside(&run).unwrap();
    }

    #[test]
    fn without_the_named_baseline_the_last_subject_is_it() {
        let mut manifest = examples::manifest(1);
        assert_eq!(manifest.baseline(), Some("b"));
        manifest.definition.baseline = Some("a".to_owned());
        assert_eq!(manifest.baseline(), Some("a"));
        manifest.definition.baseline = Some("gone".to_owned());
        assert_eq!(manifest.baseline(), Some("b"));
    }
}
