//! Every option there is. Adding one is adding a line to [`OPTIONS`] (and a field to [`Options`]).

use super::{Action, Options, Program};
use python_objects::settings::Flags;
use std::ffi::OsStr;
use std::path::PathBuf;
use vm_api::heap::options::parse_size;
use vm_api::heap::stress::Stress;

/// Where an option stands in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Program,
    Components,
    Checks,
    Tools,
    General,
}

/// The groups in the order of the help.
pub(crate) const GROUPS: &[(Group, &str)] = &[
    (Group::Program, "What to run, and how"),
    (Group::Components, "Collector and JIT"),
    (Group::Checks, "Stress and checks"),
    (Group::Tools, "Other things to do"),
    (Group::General, "General"),
];

/// One option.
pub(crate) struct OptionSpec {
    /// `-O`
    pub(crate) short: Option<char>,
    /// `--heap`, without the hyphens
    pub(crate) long: Option<&'static str>,
    /// What its value is called, if it takes one.
    pub(crate) value: Option<&'static str>,
    /// May its value be left out? Then one that is given stands behind `=`.
    pub(crate) optional: bool,
    /// Does it end the options? What follows are arguments of the program.
    pub(crate) ends: bool,
    pub(crate) group: Group,
    pub(crate) about: &'static str,
    pub(crate) effect: Effect,
}

/// What an option does.
pub(crate) enum Effect {
    /// Anything. The value is empty if the option takes none. The error completes a sentence that begins with the option.
    Apply(fn(&mut Options, &OsStr) -> Result<(), String>),
    /// Counts in a field.
    Count(fn(&mut Flags) -> &mut u32),
    /// Sets a field.
    Set(fn(&mut Flags) -> &mut bool),
}

impl OptionSpec {
    pub(crate) fn apply(&self, options: &mut Options, value: &OsStr) -> Result<(), String> {
        match self.effect {
            Effect::Apply(apply) => return apply(options, value),
            Effect::Count(field) => *field(&mut options.flags) += 1,
            Effect::Set(field) => *field(&mut options.flags) = true,
        }
        Ok(())
    }
}

/// An option without a short name.
const fn long(
    name: &'static str,
    value: Option<&'static str>,
    group: Group,
    about: &'static str,
    apply: fn(&mut Options, &OsStr) -> Result<(), String>,
) -> OptionSpec {
    OptionSpec {
        short: None,
        long: Some(name),
        value,
        optional: false,
        ends: false,
        group,
        about,
        effect: Effect::Apply(apply),
    }
}

/// An option with a short name.
const fn short(
    name: char,
    value: Option<&'static str>,
    group: Group,
    about: &'static str,
    apply: fn(&mut Options, &OsStr) -> Result<(), String>,
) -> OptionSpec {
    OptionSpec { short: Some(name), long: None, ..long("", value, group, about, apply) }
}

/// An option that counts how often it is given.
const fn counting(name: char, about: &'static str, field: fn(&mut Flags) -> &mut u32) -> OptionSpec {
    OptionSpec { effect: Effect::Count(field), ..short(name, None, Group::Program, about, |_, _| Ok(())) }
}

/// An option that sets a flag.
const fn flag(name: char, about: &'static str, field: fn(&mut Flags) -> &mut bool) -> OptionSpec {
    OptionSpec { effect: Effect::Set(field), ..short(name, None, Group::Program, about, |_, _| Ok(())) }
}

/// Every option.
pub(crate) static OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        ends: true,
        ..short('c', Some("CODE"), Group::Program, "Run CODE. Ends the options.", |o, v| {
            o.action = Action::Run(Program::Command(text(v)?.to_owned()), Vec::new());
            Ok(())
        })
    },
    OptionSpec {
        ends: true,
        ..short('m', Some("MODULE"), Group::Program, "Run a library module as a script. Ends the options.", |o, v| {
            o.action = Action::Run(Program::Module(text(v)?.to_owned()), Vec::new());
            Ok(())
        })
    },
    counting('b', "Warn of str() of bytes (of comparisons not yet); twice (-bb): raise.", |f| &mut f.bytes_warning),
    flag('B', "Do not write compiled files. Also: PYTHONDONTWRITEBYTECODE.", |f| &mut f.dont_write_bytecode),
    counting('d', "Set sys.flags.debug; nothing else. Also: PYTHONDEBUG.", |f| &mut f.debug),
    flag('E', "Ignore environment variables whose names begin with PYTHON.", |f| &mut f.ignore_environment),
    short(
        'i',
        None,
        Group::Program,
        "Prompt after the program, even if nobody sits there. Also: PYTHONINSPECT.",
        |o, _| {
            o.flags.inspect += 1;
            o.flags.interactive += 1;
            Ok(())
        },
    ),
    short('I', None, Group::Program, "Isolate from the user and the environment: -E, -P and -s.", |o, _| {
        let f = &mut o.flags;
        (f.isolated, f.ignore_environment, f.no_user_site, f.safe_path) = (true, true, true, true);
        Ok(())
    }),
    short(
        'O',
        None,
        Group::Program,
        "Leave out assert statements; twice (-OO): docstrings too. Also: PYTHONOPTIMIZE.",
        |o, _| {
            o.flags.optimize = (o.flags.optimize + 1).min(2);
            Ok(())
        },
    ),
    flag('P', "Leave the folder of the script out of sys.path. Also: PYTHONSAFEPATH.", |f| &mut f.safe_path),
    counting('q', "Do not greet at the prompt.", |f| &mut f.quiet),
    short('R', None, Group::Program, "Hash strings with a random key, whatever PYTHONHASHSEED says.", |o, _| {
        o.random_hashes = true;
        Ok(())
    }),
    flag('s', "Leave the user's own packages out of sys.path. Also: PYTHONNOUSERSITE.", |f| &mut f.no_user_site),
    flag('S', "Do not import site.", |f| &mut f.no_site),
    short('u', None, Group::Program, "Do not buffer what programs print. Also: PYTHONUNBUFFERED.", |o, _| {
        o.unbuffered = true;
        Ok(())
    }),
    counting('v', "Tell of each import; twice (-vv): of each look for a module. Also: PYTHONVERBOSE.", |f| {
        &mut f.verbose
    }),
    short('W', Some("FILTER"), Group::Program, "A filter of warnings, as in PYTHONWARNINGS.", |o, v| {
        o.warnings.push(text(v)?.to_owned());
        Ok(())
    }),
    short('x', None, Group::Program, "Leave out the first line of the script.", |o, _| {
        o.skip_first_line = true;
        Ok(())
    }),
    short(
        'X',
        Some("KEY[=VALUE]"),
        Group::Program,
        "An option of the implementation, kept in sys._xoptions. CPython's: dev, utf8, importtime, int_max_str_digits=N, \
         no_debug_ranges, pycache_prefix=DIR, warn_default_encoding, safe_path, faulthandler. Prism's: \
         jit=on, jit=off or nojit (unless --jit says otherwise); max-steps=N: stop after N calls and turns of loops with exit \
         code 75; crash-after=N: fail after N collections (a test of crash reports).",
        |o, v| {
            let (key, value) = match text(v)?.split_once('=') {
                Some((key, value)) => (key, Some(value.to_owned())),
                None => (text(v)?, None),
            };
            implementation_option(o, key, value.as_deref())?;
            o.implementation.push((key.to_owned(), value));
            Ok(())
        },
    ),
    long(
        "check-hash-based-pycs",
        Some("WHEN"),
        Group::Program,
        "Whether compiled files with a sum of their source are checked against it: always, default or never.",
        |o, v| {
            if !matches!(text(v)?, "always" | "default" | "never") {
                return Err("it must be one of 'default', 'always', or 'never'".to_owned());
            }
            o.check_hash_based_pycs = text(v)?.to_owned();
            Ok(())
        },
    ),
    long(
        "stdlib",
        Some("DIR"),
        Group::Program,
        "Use this CPython 3.12 Lib folder instead of the embedded library. Also: PRISM_STDLIB.",
        |o, v| {
            o.stdlib = Some(path(v)?);
            Ok(())
        },
    ),
    long("gc", Some("NAME"), Group::Components, "The collector; 'help' lists them.", |o, v| {
        if v == "help" {
            return act(o, Action::ListCollectors);
        }
        let name = text(v)?;
        let found = runtime_compose::collector(name);
        o.collector =
            Some(found.ok_or_else(|| format!("'{name}' is no collector of this build (--gc=help lists them)"))?);
        Ok(())
    }),
    long("jit", Some("NAME"), Group::Components, "The JIT, or 'off'; 'help' lists them.", |o, v| {
        if v == "help" {
            return act(o, Action::ListJits);
        }
        let name = text(v)?;
        let found = runtime_compose::jit(name);
        o.jit = found.ok_or_else(|| format!("'{name}' is no JIT of this build (--jit=help lists them)"))?;
        o.jit_named = true;
        Ok(())
    }),
    long("heap", Some("SIZE"), Group::Components, "Hard limit of the heap, such as 64M or 2G (default 4G).", |o, v| {
        o.heap.limit = size(v)?;
        Ok(())
    }),
    long(
        "nursery",
        Some("SIZE"),
        Group::Components,
        "Size of the young generation (default: the collector's own choice).",
        |o, v| {
            o.heap.nursery = Some(size(v)?);
            Ok(())
        },
    ),
    long(
        "promotion-age",
        Some("N"),
        Group::Components,
        "Collections that an object lives through before it is old, 1 or 2 (default: the collector's own choice).",
        |o, v| {
            let age = number(text(v)?)?;
            if !(1..=2).contains(&age) {
                return Err(format!("an age of {age} is neither 1 nor 2"));
            }
            o.heap.promotion_age = Some(age as usize);
            Ok(())
        },
    ),
    long(
        "compaction",
        Some("PERCENT"),
        Group::Components,
        "A full collection moves old objects out of blocks of which less than this lives (default 25; 0: none).",
        |o, v| {
            let percent = text(v)?;
            let parsed = percent.parse().ok().filter(|percent| *percent <= 100);
            o.heap.compaction = parsed.ok_or_else(|| format!("'{percent}' is no percentage"))?;
            Ok(())
        },
    ),
    long(
        "gc-log",
        Some("FILE"),
        Group::Components,
        "Write an event for every pause to FILE, as JSON lines; docs/formats.md describes them.",
        |o, v| {
            o.gc_log = Some(path(v)?);
            Ok(())
        },
    ),
    long(
        "gc-stats",
        Some("FILE"),
        Group::Components,
        "Write the heap's counters to FILE when the program ends, as one JSON object; docs/formats.md describes it.",
        |o, v| {
            o.gc_stats = Some(path(v)?);
            Ok(())
        },
    ),
    long(
        "jit-log",
        Some("FILE"),
        Group::Components,
        "Write to FILE what the JIT compiles, why it does not, and when its code is left, as JSON lines; docs/formats.md \
         describes them. Needs a JIT.",
        |o, v| {
            o.jit_log = Some(path(v)?);
            Ok(())
        },
    ),
    OptionSpec {
        optional: true,
        ..long(
            "explain",
            Some("FILE"),
            Group::Components,
            "Write a page for a browser to FILE when the program ends: where its time went, its hot functions, what was \
             compiled and what not, exits, and the collector's pauses. Without FILE, -o names it.",
            |o, v| {
                o.explain_asked = true;
                if !v.is_empty() {
                    o.explain = Some(path(v)?);
                }
                Ok(())
            },
        )
    },
    short(
        'o',
        Some("FILE"),
        Group::Components,
        "The FILE of --explain: among the options, or as the last two arguments (prism --explain script.py -o page.html).",
        |o, v| {
            o.explain_file = Some(path(v)?);
            Ok(())
        },
    ),
    long(
        "perf-map",
        None,
        Group::Components,
        "Write /tmp/perf-PID.map, by which the profiler perf names what the JIT compiles. Needs a JIT.",
        |o, _| {
            o.perf_map = true;
            Ok(())
        },
    ),
    long(
        "perf-dump",
        Some("DIR"),
        Group::Components,
        "Write what the JIT compiles, with its machine code, to DIR/jit-PID.dump, for perf record -k mono and perf inject \
         --jit. Needs a JIT.",
        |o, v| {
            o.perf_dump = Some(path(v)?);
            Ok(())
        },
    ),
    long(
        "gc-stress",
        Some("WHEN"),
        Group::Checks,
        "Force collections, every fourth of them full. alloc:N: at every N-th allocation. safepoint:N: at every N-th \
         safepoint. once:K: a full one, at allocation K. random:SEED: at one allocation in 64. budget:N:TOTAL: N of \
         them, spread over TOTAL allocations. budget:N: likewise, and a first run, whose output is dropped and whose \
         standard input is empty, counts the allocations (it finds PRISM_COUNTING_RUN=1 in its environment). count: none, \
         but count allocations for --gc-stats.",
        |o, v| {
            let when = text(v)?;
            match when.strip_prefix("budget:") {
                Some(count) if !count.contains(':') => {
                    o.uncounted_budget = Some(number(count)?);
                    o.heap.stress = Stress::Off;
                }
                _ => {
                    o.uncounted_budget = None;
                    o.heap.stress = Stress::parse(when)?;
                }
            }
            Ok(())
        },
    ),
    long(
        "gc-verify",
        Some("WHEN"),
        Group::Checks,
        "Check the whole heap before and after each collection: pre,post.",
        |o, v| {
            (o.heap.verify_pre, o.heap.verify_post) = (false, false);
            for when in text(v)?.split(',') {
                match when {
                    "pre" => o.heap.verify_pre = true,
                    "post" => o.heap.verify_post = true,
                    _ => return Err(format!("'{when}' is neither 'pre' nor 'post'")),
                }
            }
            Ok(())
        },
    ),
    long("gc-poison", None, Group::Checks, "Overwrite freed memory.", |o, _| {
        o.heap.poison = true;
        Ok(())
    }),
    long(
        "gc-conservative-all",
        None,
        Group::Checks,
        "Pin what precise roots reach, as if they were ambiguous.",
        |o, _| {
            o.heap.conservative_all = true;
            Ok(())
        },
    ),
    long(
        "jit-threshold",
        Some("N"),
        Group::Checks,
        "Compile what was entered or looped N times (1 or more); without it, as often as suits the JIT.",
        |o, v| {
            let entries = u32::try_from(number(text(v)?)?).ok().filter(|n| *n > 0);
            o.jit_threshold = Some(entries.ok_or("not a number of 1 to 4294967295")?);
            Ok(())
        },
    ),
    long(
        "jit-compile",
        Some("WHEN"),
        Group::Checks,
        "`background`: the program runs on while its code is compiled. `waiting`: it waits, and what is compiled when is the same \
         in every run. Without it, in the background where there are several processors and no other option says what is \
         compiled or left when, or looks at it.",
        |o, v| {
            o.jit_background = Some(match text(v)? {
                "background" => true,
                "waiting" => false,
                _ => return Err("not background or waiting".into()),
            });
            Ok(())
        },
    ),
    long(
        "dump-vir",
        Some("FUNC"),
        Group::Checks,
        "Print the units of FUNC (its name, qualified or not) in VIR's text form to standard error as they are compiled.",
        |o, v| {
            o.dump_vir = Some(text(v)?.to_owned().leak());
            Ok(())
        },
    ),
    long(
        "dump-code",
        Some("FUNC"),
        Group::Checks,
        "The same with what the JIT makes of it: its own form and machine code.",
        |o, v| {
            o.dump_code = Some(text(v)?.to_owned().leak());
            Ok(())
        },
    ),
    long("deopt-every", Some("N"), Group::Checks, "Let every N-th guard fail. Needs a JIT.", |o, v| {
        o.deopt_every = Some(number(text(v)?)?);
        Ok(())
    }),
    long(
        "invalidate-every",
        Some("N"),
        Group::Checks,
        "Leave compiled code after every N-th of its calls, as if it had become invalid meanwhile. Needs a JIT.",
        |o, v| {
            o.invalidate_every = Some(number(text(v)?)?);
            Ok(())
        },
    ),
    long(
        "ast",
        Some("FILE"),
        Group::Tools,
        "Print the syntax tree of FILE as ast.dump does with attributes.",
        |o, v| {
            let file = path(v)?;
            act(o, Action::Ast(file))
        },
    ),
    long("dis", Some("FILE"), Group::Tools, "Print the bytecode of FILE.", |o, v| {
        let file = path(v)?;
        act(o, Action::Dis(file))
    }),
    long(
        "lox-suite",
        Some("DIR"),
        Group::Tools,
        "Run the Lox tests below DIR, whose expectations stand in their comments; exit code 1 if one fails.",
        |o, v| {
            let folder = path(v)?;
            act(o, Action::LoxSuite(folder))
        },
    ),
    OptionSpec {
        long: Some("version"),
        ..short('V', None, Group::General, "Print the version; twice (-VV): also what is built in.", |o, _| {
            let level = if let Action::Version(level) = o.action { level } else { 0 };
            o.action = Action::Version(level.saturating_add(1));
            Ok(())
        })
    },
    OptionSpec {
        long: Some("help"),
        ..short('h', None, Group::General, "Print this text; -? as well.", |o, _| {
            o.action = Action::Help;
            Ok(())
        })
    },
];

/// The part of `-X` options that is decided while options are parsed.
fn implementation_option(options: &mut Options, key: &str, value: Option<&str>) -> Result<(), String> {
    match (key, value) {
        ("jit", Some("on")) if !options.jit_named => {
            let fastest = runtime_compose::fastest_jit();
            options.jit =
                fastest.ok_or("this build has no JIT that makes machine code (--jit=help lists what it has)")?;
        }
        ("jit", Some("off")) | ("nojit", None) if !options.jit_named => options.jit = runtime_compose::no_jit(),
        ("jit", Some("on" | "off")) | ("nojit", None) => {}
        ("jit", _) => return Err("jit is 'on' or 'off'".to_owned()),
        ("nojit", Some(_)) => return Err("nojit takes no value".to_owned()),
        ("max-steps", Some(steps)) => options.max_steps = Some(number(steps)?),
        ("max-steps", None) => return Err("max-steps needs a number: max-steps=N".to_owned()),
        _ => {}
    }
    Ok(())
}

/// Makes `action` what is to be done, unless something else is already.
fn act(options: &mut Options, action: Action) -> Result<(), String> {
    match options.action {
        Action::Run(Program::Interactive, _) => {
            options.action = action;
            Ok(())
        }
        // These are answered first, whatever else is asked.
        Action::Help | Action::Version(_) => Ok(()),
        _ => Err("does not go with another such option".to_owned()),
    }
}

fn text(value: &OsStr) -> Result<&str, String> {
    value.to_str().ok_or_else(|| "its value is not UTF-8".to_owned())
}

fn path(value: &OsStr) -> Result<PathBuf, String> {
    if value.is_empty() { Err("its value is empty".to_owned()) } else { Ok(value.into()) }
}

fn size(value: &OsStr) -> Result<usize, String> {
    let value = text(value)?;
    let bytes = parse_size(value).ok_or_else(|| format!("'{value}' is not a size such as 64M or 2G"))?;
    if bytes == 0 { Err("a size of 0 is none".to_owned()) } else { Ok(bytes) }
}

fn number(value: &str) -> Result<u64, String> {
    match value.parse() {
        Ok(0) => Err("it must be at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err(format!("'{value}' is not a number")),
    }
}
