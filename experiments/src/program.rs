//! The programs of the suites, and what they must compute.
//!
//! Our own stand in `programs/`; `programs/checksums.txt` has a line `NAME SIZE N CHECKSUM` for each, made by CPython
//! (`programs/bless.py`). Those of pyperformance are in the installed package; `pyperformance/benchmarks.txt` says which
//! file with which options each is and how many loops an iteration has, and `pyperformance/digests.txt` what the checks
//! beside it must find.
//!
//! Others run by themselves, without the driver, and say by their exit status whether all was as it had to be: a file of CPython's
//! tests by `prism-test`, and Lox's suite by `--lox-suite`.

use crate::definition::{ProgramsDefinition, Size, Suite};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A program as it is run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// `SUITE/NAME`, and of other sizes than the normal one `SUITE/NAME/SIZE`.
    pub name: String,
    pub suite: Suite,
    /// What `drive.py` is told; of programs without it the command and its arguments, or the arguments alone.
    pub arguments: Vec<String>,
    /// What it must compute: digests or checksums, by what they are of.
    pub expected: BTreeMap<String, String>,
    /// Whether the last bit may depend on the C library: then a CPython on the same machine is right as well.
    pub libm: bool,
}

/// The name under which each iteration's checksum is expected.
pub const ITERATION: &str = "run";

/// The name under which the exit status is expected of programs that say nothing else.
pub const STATUS: &str = "status";

/// The files of CPython's tests: lines that begin with the suite's name.
const TESTS: (&str, &str) = ("../runtime/conformance/lists/suites.txt", "@core");

/// Lox's tests.
const LOX: &str = "../frontends/lox/tests/programs";

/// pyperformance's programs: name, file, loops of the small and the normal size, note; options of the file follow.
const BENCHMARKS: (&str, usize) = ("pyperformance/benchmarks.txt", 5);

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Library {
    /// The folder `experiments` of the project.
    pub folder: PathBuf,
    /// Folders with pyperformance's `bm_*`, the first that has one counts.
    pub pyperformance: Vec<PathBuf>,
    /// `prism-test`, or why it is not here.
    pub prism_test: Result<PathBuf, String>,
}

/// Programs, and those that are asked for and not there, with the reason.
pub type Chosen = (Vec<Program>, Vec<(String, String)>);

impl Library {
    /// The programs of a definition, in order. A name that no suite knows is an error; a benchmark that the installed
    /// pyperformance does not have is left out.
    pub fn choose(&self, definitions: &[ProgramsDefinition]) -> Result<Chosen, String> {
        let (mut found, mut left_out) = (Vec::new(), Vec::new());
        for definition in definitions {
            let all = self.names(definition.suite)?;
            let names = match &definition.names {
                Some(names) => names.clone(),
                None => self.names_of_size(definition.suite, &definition.size)?,
            };
            if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
                let suite = definition.suite.name();
                return Err(format!("the suite {suite} has no program {unknown:?}, but {}", all.join(", ")));
            }
            for name in &names {
                match definition.suite {
                    Suite::Own => found.push(self.own(name, &definition.size)?),
                    Suite::Pyperformance => match self.pyperformance(name, &definition.size)? {
                        Ok(program) => found.push(program),
                        Err(reason) => left_out.push((full_name(Suite::Pyperformance, name, &definition.size), reason)),
                    },
                    Suite::Conformance => match &self.prism_test {
                        Ok(command) => {
                            found.push(by_status(Suite::Conformance, name, vec![text(command)?, name.clone()]))
                        }
                        Err(reason) => {
                            left_out.push((full_name(Suite::Conformance, name, &Size::default()), reason.clone()))
                        }
                    },
                    Suite::Lox => {
                        let option = format!("--lox-suite={}", text(&self.folder.join(LOX))?);
                        found.push(by_status(Suite::Lox, name, vec![option]));
                    }
                }
            }
        }
        let mut names: Vec<&str> = found.iter().map(|program| program.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("the program {} is asked for twice", pair[0]));
        }
        Ok((found, left_out))
    }

    fn missing(&self, file: &str) -> String {
        if self.pyperformance.is_empty() {
            return "pyperformance is not installed for any Python here, and there is no --lib".to_owned();
        }
        format!("this pyperformance has no bm_{file}")
    }

    /// The names of a suite's programs.
    pub fn names(&self, suite: Suite) -> Result<Vec<String>, String> {
        let table = match suite {
            Suite::Own => self.table("programs/checksums.txt", 4)?,
            Suite::Pyperformance => self.table(BENCHMARKS.0, BENCHMARKS.1)?,
            Suite::Conformance => {
                let lines = self.table(TESTS.0, 2)?.into_iter().filter(|line| line[0] == TESTS.1);
                lines.flat_map(|line| line.into_iter().skip(1)).map(|name| vec![name]).collect()
            }
            Suite::Lox => vec![vec!["suite".to_owned()]],
        };
        let mut names: Vec<String> = Vec::new();
        for row in table {
            if !names.contains(&row[0]) {
                names.push(row[0].clone());
            }
        }
        Ok(names)
    }

    /// Those that have a size: of our own not all have all.
    fn names_of_size(&self, suite: Suite, size: &Size) -> Result<Vec<String>, String> {
        if suite != Suite::Own {
            return self.names(suite);
        }
        let rows = self.table("programs/checksums.txt", 4)?;
        Ok(rows.into_iter().filter(|row| row[1] == size.name()).map(|row| row[0].clone()).collect())
    }

    fn own(&self, name: &str, size: &Size) -> Result<Program, String> {
        let rows = self.table("programs/checksums.txt", 4)?;
        let row = rows.iter().find(|row| row[0] == name && row[1] == size.name());
        let row = row.ok_or_else(|| format!("programs/checksums.txt has no {} size of {name}", size.name()))?;
        let file = self.folder.join("programs").join(format!("{name}.py"));
        Ok(Program {
            name: full_name(Suite::Own, name, size),
            suite: Suite::Own,
            arguments: vec!["own".to_owned(), text(&file)?, row[2].clone()],
            expected: BTreeMap::from([(ITERATION.to_owned(), row[3].clone())]),
            libm: false,
        })
    }

    /// The program, or why it is not here.
    fn pyperformance(&self, name: &str, size: &Size) -> Result<Result<Program, String>, String> {
        let rows = self.table(BENCHMARKS.0, BENCHMARKS.1)?;
        let row = rows.iter().find(|row| row[0] == name).ok_or_else(|| format!("no benchmark {name}"))?;
        let path = format!("bm_{}/run_benchmark.py", row[1]);
        let Some(library) = self.pyperformance.iter().find(|library| library.join(&path).is_file()) else {
            return Ok(Err(self.missing(&row[1])));
        };
        let loops = match size.name() {
            "small" => &row[2],
            "normal" => &row[3],
            other => return Err(format!("the suite pyperformance has no size {other:?}, but small and normal")),
        };
        let mut expected = BTreeMap::new();
        // Whatever the size of what is timed, the check is the small one: it runs beside it.
        for row in self.table("pyperformance/digests.txt", 4)? {
            if row[0] == name && row[1] == "small" {
                expected.insert(row[2].clone(), row[3].clone());
            }
        }
        if expected.is_empty() {
            return Err(format!("pyperformance/digests.txt has nothing of {name}"));
        }
        let mut arguments = vec!["pyperformance".to_owned(), row[1].clone(), text(library)?, loops.clone()];
        arguments.extend_from_slice(&row[5..]);
        let libm = row[4] == "libm";
        let name = full_name(Suite::Pyperformance, name, size);
        Ok(Ok(Program { name, suite: Suite::Pyperformance, arguments, expected, libm }))
    }

    /// The rows of a table of words, lines that begin with # left out.
    fn table(&self, path: &str, columns: usize) -> Result<Vec<Vec<String>>, String> {
        let text = std::fs::read_to_string(self.folder.join(path)).map_err(|error| format!("{path}: {error}"))?;
        let mut rows = Vec::new();
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let row: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            if row.len() < columns {
                return Err(format!("{path}, line {}: {columns} words are wanted", index + 1));
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

/// A program that says by its exit status whether all was as it had to be.
fn by_status(suite: Suite, name: &str, arguments: Vec<String>) -> Program {
    Program {
        name: full_name(suite, name, &Size::default()),
        suite,
        arguments,
        expected: BTreeMap::from([(STATUS.to_owned(), "0".to_owned())]),
        libm: false,
    }
}

fn full_name(suite: Suite, name: &str, size: &Size) -> String {
    match size.name() {
        "normal" => format!("{}/{name}", suite.name()),
        size => format!("{}/{name}/{size}", suite.name()),
    }
}

fn text(path: &Path) -> Result<String, String> {
    path.to_str().map(str::to_owned).ok_or_else(|| format!("{} is not UTF-8", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(pyperformance: Vec<PathBuf>) -> Library {
        let prism_test = Err("not built".to_owned());
        Library { folder: PathBuf::from(env!("CARGO_MANIFEST_DIR")), pyperformance, prism_test }
    }

    fn asked(suite: Suite, names: Option<&[&str]>) -> ProgramsDefinition {
        let names = names.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        ProgramsDefinition { suite, names, size: Size::small() }
    }

    #[test]
    fn every_program_of_ours_has_its_file_and_both_sizes() {
        let library = library(Vec::new());
        let mut files: Vec<String> = std::fs::read_dir(library.folder.join("programs"))
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".py").map(str::to_owned))
            .filter(|name| name != "bless")
            .collect();
        let mut names = library.names(Suite::Own).unwrap();
        files.sort();
        names.sort();
        assert_eq!(names, files);
        for size in [Size::small(), Size::default()] {
            let all = ProgramsDefinition { suite: Suite::Own, names: None, size };
            assert_eq!(library.choose(&[all]).unwrap().0.len(), names.len());
        }
    }

    #[test]
    fn a_benchmark_that_is_not_installed_is_left_out_with_the_reason() {
        let (found, left_out) = library(Vec::new()).choose(&[asked(Suite::Pyperformance, Some(&["nbody"]))]).unwrap();
        assert!(found.is_empty());
        assert_eq!(left_out[0].0, "pyperformance/nbody/small");
        assert!(left_out[0].1.contains("not installed"));
    }

    #[test]
    fn files_of_tests_and_loxs_suite_are_programs() {
        let mut library = library(Vec::new());
        let tests = asked(Suite::Conformance, None);
        let (found, left_out) = library.choose(&[tests.clone(), asked(Suite::Lox, None)]).unwrap();
        assert_eq!((found.len(), found[0].name.as_str()), (1, "lox/suite"));
        assert!(Path::new(found[0].arguments[0].strip_prefix("--lox-suite=").unwrap()).is_dir());
        assert_eq!(left_out[0], ("conformance/test_grammar".to_owned(), "not built".to_owned()));
        library.prism_test = Ok(PathBuf::from("/x/prism-test"));
        let (found, _) = library.choose(&[tests]).unwrap();
        assert_eq!(
            (found.len(), &found[0].arguments[..]),
            (left_out.len(), &["/x/prism-test", "test_grammar"].map(str::to_owned)[..])
        );
    }

    #[test]
    fn digests_loops_and_the_librarys_part_are_found() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bm_nbody")).unwrap();
        std::fs::write(folder.path().join("bm_nbody/run_benchmark.py"), "").unwrap();
        let library = library(vec![folder.path().to_owned()]);
        let (found, _) = library.choose(&[asked(Suite::Pyperformance, Some(&["nbody"]))]).unwrap();
        assert!(found[0].libm && found[0].expected.contains_key("energy.before"));
    }

    #[test]
    fn a_file_gives_several_programs_by_its_options() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bm_pickle")).unwrap();
        std::fs::write(folder.path().join("bm_pickle/run_benchmark.py"), "").unwrap();
        let library = library(vec![folder.path().to_owned()]);
        let asked = asked(Suite::Pyperformance, Some(&["pickle_list", "unpickle_pure_python"]));
        let (found, left_out) = library.choose(&[asked]).unwrap();
        assert!(left_out.is_empty() && found.len() == 2);
        assert_eq!(found[0].arguments[1], "pickle");
        assert_eq!(found[0].arguments[4..], ["pickle_list"]);
        assert_eq!(found[1].arguments[4..], ["--pure-python", "unpickle"]);
    }

    #[test]
    fn every_program_has_a_check_and_digests_of_both_sizes() {
        let library = library(Vec::new());
        let digests = library.table("pyperformance/digests.txt", 4).unwrap();
        for row in library.table(BENCHMARKS.0, BENCHMARKS.1).unwrap() {
            let check = library.folder.join(format!("pyperformance/checks/check_{}.py", row[1]));
            assert!(check.is_file(), "{}", check.display());
            for size in ["small", "normal"] {
                assert!(digests.iter().any(|found| found[0] == row[0] && found[1] == size), "{} {size}", row[0]);
            }
        }
    }

    #[test]
    fn unknown_names_and_names_given_twice_are_refused() {
        let library = library(Vec::new());
        assert!(library.choose(&[asked(Suite::Own, Some(&["nothing"]))]).unwrap_err().contains("nothing"));
        let once = asked(Suite::Own, Some(&["calls"]));
        assert!(library.choose(&[once.clone(), once]).unwrap_err().contains("twice"));
    }
}
