//! The command line, parsed.
//!
//! Parsing is hand-written over one table ([`table::OPTIONS`]), from which the help text and `docs/command-line.md` are
//! made as well. An argument parser such as clap does not fit: as in CPython, short options bundle (`-OO`, `-Ic CODE`),
//! `-c` and `-m` end the options and take their value from the bundle or the next argument, the first argument that is
//! no option ends them too, and messages and exit codes are CPython's.
//!
//! | module | holds |
//! | --- | --- |
//! | [`table`] | every option: its names, value, help, effect |
//! | [`parse`](mod@parse) | arguments to [`Options`] |
//! | [`help`] | the table as text |

pub(crate) mod help;
pub(crate) mod parse;
pub(crate) mod table;

use python_objects::module::NativeModule;
use python_objects::settings::Flags;
use runtime_compose::{CollectorEntry, JITS, JitEntry, JitOptions, default_collector};
use std::ffi::OsString;
use std::path::PathBuf;
use vm_api::heap::HeapOptions;

/// What the command line asks for.
#[derive(Debug)]
pub(crate) struct Options {
    /// What to do.
    pub(crate) action: Action,
    /// The collector; `None` if the build has none.
    pub(crate) collector: Option<&'static CollectorEntry>,
    /// The engine.
    pub(crate) jit: &'static JitEntry,
    /// Limits and checks of the heap.
    pub(crate) heap: HeapOptions,
    /// `--gc-stress=budget:N` without a total: N collections, over as many allocations as a first run counts.
    pub(crate) uncounted_budget: Option<u64>,
    /// Where heap events go.
    pub(crate) gc_log: Option<PathBuf>,
    /// Where the heap's counters go at the end.
    pub(crate) gc_stats: Option<PathBuf>,
    /// Where goes what the JIT does.
    pub(crate) jit_log: Option<PathBuf>,
    /// Where a page about the run goes.
    pub(crate) explain: Option<PathBuf>,
    /// Is such a page asked for, and where it goes by `-o`: [`parse`](mod@parse) makes `explain` of them.
    pub(crate) explain_asked: bool,
    pub(crate) explain_file: Option<PathBuf>,
    /// Is `perf` told what is compiled?
    pub(crate) perf_map: bool,
    /// The folder for what it is told of the code itself.
    pub(crate) perf_dump: Option<PathBuf>,
    /// Every this many guards, one fails although its condition holds.
    pub(crate) deopt_every: Option<u64>,
    /// After every this many calls of compiled code it is left.
    pub(crate) invalidate_every: Option<u64>,
    /// Functions whose units are printed as they are compiled, as VIR and as machine code.
    pub(crate) dump_vir: Option<&'static str>,
    pub(crate) dump_code: Option<&'static str>,
    /// Entries and back edges before a JIT compiles a code; `None`: as many as suit the JIT.
    pub(crate) jit_threshold: Option<u32>,
    pub(crate) jit_background: Option<bool>,
    /// A CPython 3.12 `Lib` to use instead of the embedded one.
    pub(crate) stdlib: Option<PathBuf>,
    /// What the options say for `sys.flags`.
    pub(crate) flags: Flags,
    /// `-u`: what programs print is not buffered.
    pub(crate) unbuffered: bool,
    /// `-x`: the first line of the script is left out.
    pub(crate) skip_first_line: bool,
    /// `-R`: PYTHONHASHSEED is not looked at.
    pub(crate) random_hashes: bool,
    /// `--check-hash-based-pycs`
    pub(crate) check_hash_based_pycs: String,
    /// Was a JIT named by `--jit`? Then `-X jit` and `-X nojit` say nothing.
    pub(crate) jit_named: bool,
    /// `-X max-steps=N`: stop after this many instructions.
    pub(crate) max_steps: Option<u64>,
    /// `-W` options in their order.
    pub(crate) warnings: Vec<String>,
    /// `-X` options in their order.
    pub(crate) implementation: Vec<(String, Option<String>)>,
    /// Further native modules of the binary, which no argument names.
    pub(crate) modules: &'static [NativeModule],
    /// Index of the first argument that is no option (or of the bundle with `-c` or `-m` in it).
    pub(crate) program_at: usize,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Run a program with these arguments.
    Run(Program, Vec<OsString>),
    /// Print how to use the command.
    Help,
    /// Print the version, at this level of detail.
    Version(u8),
    /// List the collectors.
    ListCollectors,
    /// List the JITs.
    ListJits,
    /// Print the syntax tree of a file.
    Ast(PathBuf),
    /// Print the bytecode of a file.
    Dis(PathBuf),
    /// Run the Lox tests in a folder.
    LoxSuite(PathBuf),
}

/// Where the program is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// In a file.
    Script(PathBuf),
    /// On the command line (`-c`).
    Command(String),
    /// In a module of the library or `sys.path` (`-m`).
    Module(String),
    /// On standard input (`-`).
    Stdin,
    /// Nowhere: none was named.
    Interactive,
}

impl Options {
    /// What is said of the JIT.
    pub(crate) fn jit_options(&self) -> JitOptions {
        let Options { deopt_every, invalidate_every, jit_threshold: threshold, dump_vir, dump_code, .. } = *self;
        let background = self.jit_background;
        JitOptions { deopt_every, invalidate_every, threshold, dump_vir, dump_code, background }
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            action: Action::Run(Program::Interactive, Vec::new()),
            collector: default_collector(),
            jit: &JITS[0],
            heap: HeapOptions::default(),
            uncounted_budget: None,
            gc_log: None,
            gc_stats: None,
            jit_log: None,
            explain: None,
            explain_asked: false,
            explain_file: None,
            perf_map: false,
            perf_dump: None,
            deopt_every: None,
            invalidate_every: None,
            jit_threshold: None,
            jit_background: None,
            dump_vir: None,
            dump_code: None,
            stdlib: None,
            flags: Flags::default(),
            unbuffered: false,
            skip_first_line: false,
            random_hashes: false,
            check_hash_based_pycs: "default".to_owned(),
            jit_named: false,
            max_steps: None,
            warnings: Vec::new(),
            implementation: Vec::new(),
            modules: &[],
            program_at: 0,
        }
    }
}
