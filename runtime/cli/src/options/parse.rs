//! Arguments to [`Options`], by CPython's rules.

use super::table::{OPTIONS, OptionSpec};
use super::{Action, Options, Program};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

/// What is wrong with a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It does not have the form of one: CPython's words, behind which usage is told.
    Usage(String),
    /// What it asks for is refused.
    Refused(String),
}

impl From<String> for Problem {
    fn from(why: String) -> Problem {
        Problem::Refused(why)
    }
}

/// Parses the arguments after the command's name.
///
/// # Errors
/// What is wrong.
pub(crate) fn parse(arguments: &[OsString]) -> Result<Options, Problem> {
    let mut options = Options::default();
    let mut at = 0;
    let mut ended = false;
    while !ended && let Some(argument) = arguments.get(at) {
        options.program_at = at;
        let bytes = argument.as_bytes();
        match bytes {
            b"-" | [] => break,
            b"--" => {
                at += 1;
                break;
            }
            [b'-', b'-', ..] => at = parse_long(&mut options, arguments, at)?,
            [b'-', ..] => (at, ended) = parse_bundle(&mut options, arguments, at)?,
            _ => break,
        }
    }
    let rest = arguments.get(at..).unwrap_or_default();
    if !ended {
        options.program_at = at;
    }
    let default_jit_only = options.deopt_every.is_some() && !options.jit.deoptimizes;
    let of_what_is_compiled = [
        (options.jit_log.is_some(), "--jit-log"),
        (options.perf_map, "--perf-map"),
        (options.perf_dump.is_some(), "--perf-dump"),
        (options.invalidate_every.is_some(), "--invalidate-every"),
    ];
    match &mut options.action {
        Action::Help | Action::Version(_) | Action::ListCollectors | Action::ListJits => return Ok(options),
        Action::Run(_, arguments) if ended => *arguments = rest.to_vec(),
        Action::Run(program, arguments) => {
            if let Some((first, rest)) = rest.split_first() {
                *program = if first == "-" { Program::Stdin } else { Program::Script(first.into()) };
                *arguments = rest.to_vec();
            }
        }
        _ => {
            if let Some(first) = rest.first() {
                return Err(Problem::Refused(format!("unexpected argument {}", first.display())));
            }
        }
    }
    place_explanation(&mut options)?;
    if default_jit_only {
        return Err(Problem::Refused(format!("--deopt-every: --jit={} never deoptimizes", options.jit.name)));
    }
    if let Some((_, name)) = of_what_is_compiled.iter().find(|(given, _)| *given && !options.jit.compiles()) {
        return Err(Problem::Refused(format!("{name}: --jit={} compiles nothing", options.jit.name)));
    }
    Ok(options)
}

/// Where the page of `--explain` goes: its own value, or that of `-o`, which may stand behind the program and its arguments.
fn place_explanation(options: &mut Options) -> Result<(), Problem> {
    let asked = options.explain_asked && options.explain.is_none();
    if !asked && options.explain_file.is_some() {
        return Err(Problem::Refused(
            "-o: names the page of --explain, which is not asked for or has a name".to_owned(),
        ));
    }
    if !asked {
        return Ok(());
    }
    options.explain = options.explain_file.take();
    if options.explain.is_none()
        && let Action::Run(_, arguments) = &mut options.action
        && let [.., flag, file] = arguments.as_slice()
        && flag == "-o"
        && !file.is_empty()
    {
        options.explain = Some(file.into());
        arguments.truncate(arguments.len() - 2);
    }
    if options.explain.is_none() {
        return Err(Problem::Usage(
            "--explain: no file for its page: --explain=FILE, or -o FILE at the end".to_owned(),
        ));
    }
    Ok(())
}

/// Applies the long option at `at`; returns where the next argument stands.
fn parse_long(options: &mut Options, arguments: &[OsString], at: usize) -> Result<usize, Problem> {
    let bytes = &arguments[at].as_bytes()[2..];
    let (name, inline) = match bytes.iter().position(|&byte| byte == b'=') {
        Some(equals) => (&bytes[..equals], Some(OsStr::from_bytes(&bytes[equals + 1..]))),
        None => (bytes, None),
    };
    let name = OsStr::from_bytes(name);
    let Some(spec) = OPTIONS.iter().find(|spec| spec.long.is_some_and(|long| name == long)) else {
        return Err(Problem::Usage(format!("unknown option --{}", name.display())));
    };
    let shown = format!("--{}", name.display());
    match (spec.value, inline) {
        (None, Some(_)) => Err(Problem::Usage(format!("the {shown} option takes no argument"))),
        (None, None) => apply(spec, options, &shown, OsStr::new("")).map(|()| at + 1),
        (Some(_), Some(value)) if spec.optional && value.is_empty() => {
            Err(Problem::Usage(format!("Argument expected for the {shown} option")))
        }
        (Some(_), None) if spec.optional => apply(spec, options, &shown, OsStr::new("")).map(|()| at + 1),
        (Some(_), Some(value)) => apply(spec, options, &shown, value).map(|()| at + 1),
        (Some(_), None) => {
            let value = arguments
                .get(at + 1)
                .ok_or_else(|| Problem::Usage(format!("Argument expected for the {shown} option")))?;
            apply(spec, options, &shown, value).map(|()| at + 2)
        }
    }
}

/// Applies the short options at `at`; returns where the next argument stands and whether the options end there.
fn parse_bundle(options: &mut Options, arguments: &[OsString], at: usize) -> Result<(usize, bool), Problem> {
    let bytes = &arguments[at].as_bytes()[1..];
    for (index, &byte) in bytes.iter().enumerate() {
        let Some(spec) = OPTIONS
            .iter()
            .find(|spec| spec.short == Some(if byte == b'?' { 'h' } else { char::from(byte) }) && byte.is_ascii())
        else {
            let rest = OsStr::from_bytes(&bytes[index..]).to_string_lossy();
            return Err(Problem::Usage(format!("Unknown option: -{}", rest.chars().next().unwrap_or_default())));
        };
        let shown = format!("-{}", char::from(byte));
        if spec.value.is_none() {
            apply(spec, options, &shown, OsStr::new(""))?;
            continue;
        }
        let rest = &bytes[index + 1..];
        if !rest.is_empty() {
            apply(spec, options, &shown, OsStr::from_bytes(rest))?;
            return Ok((at + 1, spec.ends));
        }
        let value =
            arguments.get(at + 1).ok_or_else(|| Problem::Usage(format!("Argument expected for the {shown} option")))?;
        apply(spec, options, &shown, value)?;
        return Ok((at + 2, spec.ends));
    }
    Ok((at + 1, false))
}

fn apply(spec: &OptionSpec, options: &mut Options, shown: &str, value: &OsStr) -> Result<(), Problem> {
    spec.apply(options, value).map_err(|problem| Problem::Refused(format!("{shown}: {problem}")))
}
