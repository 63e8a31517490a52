//! What an experiment is: a TOML file. A key that is not known is refused, as is one that makes no sense.

use crate::covering::Factors;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;

/// An experiment as its file says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The subject that the others are compared with; the last one unless given. If it is not installed, the last that is.
    pub baseline: Option<String>,
    /// Of the order, of hash seeds, of the intervals.
    #[serde(default = "one")]
    pub seed: u64,
    /// Processes for each program on each subject.
    pub invocations: usize,
    /// Turns within each process.
    pub iterations: usize,
    /// Seconds that a process may take.
    #[serde(default = "five_minutes")]
    pub timeout: f64,
    /// Whether subjects of ours write their event log.
    #[serde(default = "yes")]
    pub events: bool,
    /// Whether subjects are compared with the baseline; otherwise the run is about outputs alone.
    #[serde(default = "yes")]
    pub compare: bool,
    /// Programs that each subject runs, dealt out by the seed so that each comes up as often as any other; all unless given.
    pub each: Option<usize>,
    /// Interpreters of ours.
    #[serde(default, rename = "prism")]
    pub prisms: Vec<PrismDefinition>,
    /// Others.
    #[serde(default, rename = "python")]
    pub pythons: Vec<PythonDefinition>,
    /// What they run.
    #[serde(rename = "programs")]
    pub programs: Vec<ProgramsDefinition>,
    /// What is to be shown.
    #[serde(default)]
    pub claims: Vec<ClaimDefinition>,
}

/// Each `gc` with each `jit`, each `heap` and each setting of the axes is a subject, or only so many that all pairs of them are
/// there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrismDefinition {
    pub name: String,
    #[serde(default = "default_collectors")]
    pub gc: Vec<String>,
    #[serde(default = "default_jits")]
    pub jit: Vec<String>,
    /// Limits of the heap, as for `--heap`, or as multiples of a program's minimum: `2x`. Without one there is the
    /// interpreter's own.
    #[serde(default)]
    pub heap: Vec<String>,
    /// The collector whose minimum heap is meant; the first of `gc` unless given.
    pub minimum_gc: Option<String>,
    /// What else is combined.
    #[serde(default)]
    pub axes: Vec<Axis>,
    /// Not every combination, but a covering array of pairs, drawn by the definition's seed.
    #[serde(default)]
    pub pairs: bool,
    /// Options of two lists that do not go together, as `["--jit=off", "--deopt-every=7"]`.
    #[serde(default)]
    pub never: Vec<[String; 2]>,
    /// Options for all of them.
    #[serde(default)]
    pub options: Vec<String>,
    /// The cargo profile that it is built in; the one of the command line unless given. `dist` is `cargo xtask dist`.
    pub profile: Option<String>,
    /// Another binary than the one that the runner is told of.
    pub command: Option<String>,
}

/// A list of settings, of which a subject has one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// What is set.
    pub name: String,
    /// Options, separated by spaces; the empty text is a setting, too.
    pub values: Vec<String>,
}

/// A Python, by the first of its commands that is installed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PythonDefinition {
    pub name: String,
    pub commands: Vec<String>,
    #[serde(default)]
    pub options: Vec<String>,
}

/// Programs of one suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramsDefinition {
    pub suite: Suite,
    /// All of the suite's, unless given.
    pub names: Option<Vec<String>>,
    #[serde(default)]
    pub size: Size,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Suite {
    /// The project's own, in `experiments/programs`.
    Own,
    /// From the installed package.
    Pyperformance,
    /// CPython's own tests by `prism-test`, a file each: those of its suite `@core`.
    Conformance,
    /// Lox's test suite as a whole: one program.
    Lox,
}

impl Suite {
    pub fn name(self) -> &'static str {
        match self {
            Suite::Own => "own",
            Suite::Pyperformance => "pyperformance",
            Suite::Conformance => "conformance",
            Suite::Lox => "lox",
        }
    }
}

/// How much work an iteration is: `small`, milliseconds, to see that all works; `normal`, some tenths of a second on CPython; or
/// another size that a program of ours has, by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Size(String);

impl Size {
    pub fn small() -> Size {
        Size("small".to_owned())
    }
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl Default for Size {
    fn default() -> Size {
        Size("normal".to_owned())
    }
}

/// A bound that every subject (but the baseline, where it is compared with that) is to keep on every program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimDefinition {
    pub measure: Measure,
    pub at_most: f64,
}

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The pauses' share of the time of the processes.
    Paused,
    /// The 99th percentile of the minor collections' work, in milliseconds, in the worst invocation.
    MinorPause,
    /// Between a subject's programs: the largest time of the iterations for each byte allocated over the smallest.
    ByteCost,
    /// Time as a multiple of the baseline's.
    Time,
    /// Time from the start of the process as a multiple of the baseline's, at the lower end of its interval: what chance does not explain.
    /// Of programs that take the baseline a second or more.
    Slowdown,
}

impl Measure {
    /// Is it about collections?
    pub fn needs_events(self) -> bool {
        !matches!(self, Measure::Time | Measure::Slowdown)
    }
}

fn one() -> u64 {
    1
}

fn yes() -> bool {
    true
}

fn five_minutes() -> f64 {
    300.0
}

fn default_collectors() -> Vec<String> {
    vec!["generational".to_owned()]
}

fn default_jits() -> Vec<String> {
    vec!["off".to_owned()]
}

/// The most processes that a definition may ask for: more is a slip of the pen.
const PROCESSES_MAX: usize = 1_000_000;

impl Definition {
    /// Reads a file; the error says which file, and where in it.
    pub fn read(path: &Path) -> Result<Definition, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Definition::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    pub fn parse(text: &str) -> Result<Definition, String> {
        let definition: Definition = toml::from_str(text).map_err(|error| error.to_string())?;
        definition.check()?;
        Ok(definition)
    }

    fn check(&self) -> Result<(), String> {
        if self.name.is_empty() || self.name.contains(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))) {
            return Err(format!("name: {:?} is to be of letters, digits, - and _, for a folder bears it", self.name));
        }
        if self.invocations == 0 || self.iterations == 0 {
            return Err("invocations and iterations: at least one of each".to_owned());
        }
        if !(self.timeout.is_finite() && self.timeout > 0.0 && self.timeout <= 1e6) {
            return Err(format!("timeout: {} is no number of seconds", self.timeout));
        }
        if let Some(both) = self.prisms.iter().find(|prism| prism.profile.is_some() && prism.command.is_some()) {
            return Err(format!("prism {:?}: a command is not built in a profile", both.name));
        }
        if let Some(empty) = self.pythons.iter().find(|python| python.commands.is_empty()) {
            return Err(format!("python {:?}: commands is empty", empty.name));
        }
        if let Some(empty) = self.prisms.iter().find(|prism| prism.factors().iter().any(|factor| factor.is_empty())) {
            return Err(format!("prism {:?}: gc, jit or an axis is empty", empty.name));
        }
        for prism in &self.prisms {
            let factors = prism.factors();
            let known = |option: &&String| factors.iter().flatten().any(|setting| setting.options.contains(option));
            if let Some(unknown) = prism.never.iter().flatten().find(|option| !known(option)) {
                return Err(format!("prism {:?}: never: no setting has the option {unknown}", prism.name));
            }
        }
        if self.each == Some(0) {
            return Err("each: at least one program".to_owned());
        }
        let multiples = self.prisms.iter().flat_map(|prism| &prism.heap).filter_map(|heap| multiple(heap));
        for number in multiples {
            if !number.parse().is_ok_and(|number: f64| (1.0..=1000.0).contains(&number)) {
                return Err(format!("heap: {number}x is no multiple of the minimum, from 1x to 1000x"));
            }
        }
        let names = self.subjects();
        if names.is_empty() {
            return Err("there is no subject: write [[prism]] or [[python]]".to_owned());
        }
        if self.programs.is_empty() {
            return Err("there is no program: write [[programs]]".to_owned());
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(format!("two subjects have the name {twice:?}"));
        }
        if names.iter().any(|name| name.is_empty() || name.contains(|c: char| c.is_control())) {
            return Err("a subject's name is empty or not to be printed".to_owned());
        }
        if let Some(baseline) = self.baseline.as_ref().filter(|baseline| !names.contains(baseline)) {
            return Err(format!("baseline: there is no subject {baseline:?}, but {}", names.join(", ")));
        }
        if let Some(claim) = self.claims.iter().find(|claim| !(claim.at_most.is_finite() && claim.at_most >= 0.0)) {
            return Err(format!("claims: {} is no bound", claim.at_most));
        }
        if !self.compare && (self.baseline.is_some() || !self.claims.is_empty()) {
            return Err("compare: without it there is neither a baseline nor a claim".to_owned());
        }
        if !self.events && self.claims.iter().any(|claim| claim.measure.needs_events()) {
            return Err("claims: without events nothing is known of collections".to_owned());
        }
        if self.invocations.saturating_mul(names.len()) > PROCESSES_MAX || self.iterations > PROCESSES_MAX {
            return Err("invocations or iterations: that would not end".to_owned());
        }
        Ok(())
    }

    /// Gives an entry of the definition another executable.
    pub fn put(&mut self, name: &str, executable: &str) -> Result<(), String> {
        if let Some(python) = self.pythons.iter_mut().find(|python| python.name == name) {
            python.commands = vec![executable.to_owned()];
        } else if let Some(prism) = self.prisms.iter_mut().find(|prism| prism.name == name) {
            prism.command = Some(executable.to_owned());
            prism.profile = None;
        } else {
            return Err(format!("the definition has no [[prism]] and no [[python]] named {name:?}"));
        }
        Ok(())
    }

    /// The names of all subjects, in order.
    pub fn subjects(&self) -> Vec<String> {
        let ours = self.prisms.iter().flat_map(|prism| prism.expand(self.seed)).map(|configuration| configuration.name);
        ours.chain(self.pythons.iter().map(|python| python.name.clone())).collect()
    }
}

/// One of ours: a collector, a JIT, a heap.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    pub name: String,
    pub arguments: Vec<String>,
    /// The heap's limit as a multiple of the minimum.
    pub multiple: Option<f64>,
}

/// The number of a heap such as `2.5x`.
fn multiple(heap: &str) -> Option<&str> {
    heap.strip_suffix('x')
}

impl PrismDefinition {
    /// The options under which the minimum heap is sought.
    pub fn for_minimum(&self) -> Vec<String> {
        let first = |list: &[String]| list.first().cloned().unwrap_or_default();
        let gc = self.minimum_gc.clone().unwrap_or_else(|| first(&self.gc));
        let mut arguments = vec![format!("--gc={gc}"), format!("--jit={}", first(&self.jit))];
        arguments.extend(self.options.iter().cloned());
        arguments
    }

    /// What is combined, each list by its settings.
    fn factors(&self) -> Vec<Vec<Setting>> {
        let one = |prefix: &str, value: &String| Setting {
            shown: value.clone(),
            options: vec![format!("--{prefix}={value}")],
            multiple: None,
        };
        let mut factors: Vec<Vec<Setting>> = vec![
            self.gc.iter().map(|gc| one("gc", gc)).collect(),
            self.jit.iter().map(|jit| one("jit", jit)).collect(),
        ];
        if !self.heap.is_empty() {
            let heaps = self.heap.iter().map(|heap| match multiple(heap) {
                None => one("heap", heap),
                number => Setting {
                    shown: heap.clone(),
                    options: Vec::new(),
                    multiple: number.and_then(|number| number.parse().ok()),
                },
            });
            factors.push(heaps.collect());
        }
        factors.extend(self.axes.iter().map(|axis| {
            let settings = axis.values.iter().map(|value| {
                let options: Vec<String> = value.split_whitespace().map(str::to_owned).collect();
                let shown: Vec<&str> = options.iter().map(|option| option.trim_start_matches('-')).collect();
                Setting { shown: shown.join("+"), options, multiple: None }
            });
            settings.collect()
        }));
        factors
    }

    /// The subjects that the lists stand for. A name says only what differs between them.
    pub fn expand(&self, seed: u64) -> Vec<Configuration> {
        let factors = self.factors();
        let sizes: Vec<usize> = factors.iter().map(Vec::len).collect();
        let have = |option: &String| {
            let places = factors.iter().enumerate().flat_map(|(factor, settings)| {
                settings.iter().enumerate().map(move |(place, setting)| ((factor, place), setting))
            });
            places.filter(|(_, setting)| setting.options.contains(option)).map(|(at, _)| at).collect::<Vec<_>>()
        };
        let never: Vec<_> = self
            .never
            .iter()
            .flat_map(|[a, b]| {
                let (a, b) = (have(a), have(b));
                a.into_iter().flat_map(move |a| b.clone().into_iter().map(move |b| (a, b)))
            })
            .collect();
        let combined = Factors { sizes: &sizes, never: &never };
        let rows = if self.pairs { combined.covering(seed) } else { combined.all() };
        rows.into_iter()
            .map(|row| {
                let mut configuration =
                    Configuration { name: self.name.clone(), arguments: Vec::new(), multiple: None };
                for (factor, place) in factors.iter().zip(row) {
                    let setting = &factor[place];
                    if factor.len() > 1 && !setting.shown.is_empty() {
                        configuration.name.push('/');
                        configuration.name.push_str(&setting.shown);
                    }
                    configuration.arguments.extend(setting.options.iter().cloned());
                    configuration.multiple = configuration.multiple.or(setting.multiple);
                }
                configuration.arguments.extend(self.options.iter().cloned());
                configuration
            })
            .collect()
    }
}

/// One setting of what is combined.
struct Setting {
    /// Its part of a name.
    shown: String,
    options: Vec<String>,
    multiple: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "name = 'a'\ndescription = ''\ninvocations = 2\niterations = 3\n[[prism]]\nname = 'prism'\n\
                         [[programs]]\nsuite = 'own'\n";

    fn refusal(text: &str) -> String {
        Definition::parse(text).unwrap_err()
    }

    #[test]
    fn defaults_are_filled_in() {
        let definition = Definition::parse(SMALL).unwrap();
        assert_eq!(definition.seed, 1);
        assert_eq!(definition.subjects(), ["prism"]);
        assert_eq!(definition.prisms[0].expand(1)[0].arguments, ["--gc=generational", "--jit=off"]);
        assert_eq!(definition.programs[0].size.name(), "normal");
    }

    #[test]
    fn lists_are_multiplied_and_names_say_what_differs() {
        let text =
            SMALL.replace("name = 'prism'", "name = 'p'\ngc = ['a', 'b']\nheap = ['1M', '2M']\noptions = ['-X']");
        let definition = Definition::parse(&text).unwrap();
        assert_eq!(definition.subjects(), ["p/a/1M", "p/a/2M", "p/b/1M", "p/b/2M"]);
        assert_eq!(definition.prisms[0].expand(1)[3].arguments, ["--gc=b", "--jit=off", "--heap=2M", "-X"]);
    }

    #[test]
    fn heaps_are_multiples_of_the_minimum_of_one_collector() {
        let text = SMALL.replace("name = 'prism'", "name = 'p'\ngc = ['a', 'b']\nheap = ['1.5x']\nminimum_gc = 'c'");
        let prism = &Definition::parse(&text).unwrap().prisms[0];
        let (configurations, minimum) = (prism.expand(1), prism.for_minimum());
        assert_eq!(configurations[1].multiple, Some(1.5));
        assert_eq!(configurations[1].arguments, ["--gc=b", "--jit=off"]);
        assert_eq!(minimum, ["--gc=c", "--jit=off"]);
    }

    #[test]
    fn axes_are_combined_in_pairs_without_what_does_not_go_together() {
        let axes = "name = 'p'\ngc = ['a', 'b']\njit = ['off', 'c']\nnever = [['--jit=off', '--deopt=7']]\n\
                    [[prism.axes]]\nname = 'deopt'\nvalues = ['', '--deopt=7 --x']\n\
                    [[prism.axes]]\nname = 'y'\nvalues = ['', '-y']";
        let all = Definition::parse(&SMALL.replace("name = 'prism'", axes)).unwrap();
        let text = format!("pairs = true\n{axes}");
        let pairs = Definition::parse(&SMALL.replace("name = 'prism'", &text)).unwrap();
        assert_eq!(all.subjects().len(), 12);
        assert_eq!(all.subjects()[9], "p/b/c/y");
        assert_eq!(all.prisms[0].expand(1)[11].arguments, ["--gc=b", "--jit=c", "--deopt=7", "--x", "-y"]);
        assert!((4..8).contains(&pairs.subjects().len()), "{:?}", pairs.subjects());
        assert!(pairs.subjects().iter().all(|name| all.subjects().contains(name)));
    }

    #[test]
    fn errors_of_form_tell_the_line() {
        let unknown = refusal(&SMALL.replace("iterations = 3", "iterations = 3\nwarmpu = 1"));
        assert!(unknown.contains("line 5") && unknown.contains("warmpu"), "{unknown}");
        let kind = refusal(&SMALL.replace("= 2", "= 'two'"));
        assert!(kind.contains("line 3"), "{kind}");
        assert!(refusal("name = ").contains("line 1"));
        assert!(refusal(&SMALL.replace("suite = 'own'", "suite = 'spec'")).contains("pyperformance"));
        assert!(refusal(&SMALL.replace("invocations = 2\n", "")).contains("invocations"));
        assert!(refusal(&SMALL.replace("invocations = 2", "invocations = -2")).contains("line 3"));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (from, to, part) in [
            ("'a'", "'../a'", "name"),
            ("= 2", "= 0", "at least one"),
            ("= 2", "= 9000000", "not end"),
            ("[[prism]]", "timeout = -1.0\n[[prism]]", "timeout"),
            ("[[prism]]", "compare = false\nbaseline = 'prism'\n[[prism]]", "neither a baseline nor a claim"),
            ("[[prism]]", "each = 0\n[[prism]]", "at least one program"),
            ("name = 'prism'", "name = 'prism'\n[[prism.axes]]\nname = 'x'\nvalues = []", "axis is empty"),
            (
                "name = 'prism'",
                "name = 'prism'\nnever = [['--jit=off', '--jit=on']]",
                "no setting has the option --jit=on",
            ),
            ("[[prism]]", "timeout = nan\n[[prism]]", "timeout"),
            ("[[prism]]", "baseline = 'b'\n[[prism]]", "no subject \"b\""),
            ("name = 'prism'", "name = 'prism'\ngc = []", "empty"),
            ("[[prism]]", "[[claims]]\nmeasure = 'paused'\nat_most = nan\n[[prism]]", "no bound"),
            ("[[prism]]", "events = false\n[[claims]]\nmeasure = 'paused'\nat_most = 0.1\n[[prism]]", "without events"),
            ("name = 'prism'", "name = 'prism'\nprofile = 'dist'\ncommand = 'x'", "not built"),
            ("name = 'prism'", "name = 'prism'\nheap = ['0.5x']", "0.5x is no multiple"),
            ("name = 'prism'", "name = 'prism'\nheap = ['nanx']", "nanx is no multiple"),
            ("[[programs]]", "[[python]]\nname = 'prism'\ncommands = ['x']\n[[programs]]", "two subjects"),
            ("[[programs]]", "[[python]]\nname = 'q'\ncommands = []\n[[programs]]", "commands is empty"),
        ] {
            let message = refusal(&SMALL.replacen(from, to, 1));
            assert!(message.contains(part), "{message}");
        }
        let none = SMALL.replace("[[prism]]\nname = 'prism'\n", "");
        assert!(refusal(&none).contains("no subject"));
    }

    #[test]
    fn the_definitions_of_the_project_are_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("definitions");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let definition = Definition::read(&path).unwrap();
            assert_eq!(Some(definition.name.as_str()), path.file_stem().and_then(|stem| stem.to_str()));
            count += 1;
        }
        assert!(count >= 3);
    }
}
