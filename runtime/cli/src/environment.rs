//! The interpreter's settings: what the options say, and the environment where they say nothing, by CPython's rules.
//!
//! Variables of CPython's that have no meaning here: PYTHONHOME and PYTHONPLATLIBDIR (the library is in the binary; `--stdlib`
//! names another), PYTHONCASEOK off macOS and Windows, PYTHONMALLOC and PYTHONMALLOCSTATS, PYTHONDUMPREFS, PYTHONCOERCECLOCALE
//! and PYTHONLEGACYWINDOWS*, PYTHONPERFSUPPORT, PYTHONTHREADDEBUG. Those that the library reads (PYTHONUSERBASE,
//! PYTHONASYNCIODEBUG, PYTHONSTARTUP, PYTHONBREAKPOINT, …) are read there.

use crate::options::Options;
use python_objects::settings::{Flags, Settings};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The fewest digits that a limit of conversions may have; 0: no limit.
const FEWEST_DIGITS: usize = 640;

/// What one run reads of the environment.
struct Environment<'a> {
    options: &'a Options,
}

impl Environment<'_> {
    /// A variable that is set and not empty, unless all of them are to be ignored.
    fn get(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name).filter(|v| !v.is_empty() && !self.options.flags.ignore_environment)
    }
    fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|v| v.to_string_lossy().into_owned())
    }
    /// A variable that counts as an option given so many times; 1 for what is no number.
    fn count(&self, name: &str) -> u32 {
        self.text(name).map_or(0, |v| v.trim().parse().unwrap_or(1))
    }
    /// The value of the last `-X name=value`; empty for `-X name` alone.
    fn x(&self, name: &str) -> Option<&str> {
        let found = self.options.implementation.iter().rev().find(|(key, _)| key == name)?;
        Some(found.1.as_deref().unwrap_or_default())
    }
}

/// The settings for a program with these arguments (`sys.argv`).
///
/// # Errors
/// What CPython ends with before it begins: a sentence for behind "Fatal Python error: ".
pub(crate) fn settings(options: &Options, arguments: Vec<OsString>) -> Result<Settings, String> {
    let env = Environment { options };
    let mut flags = options.flags.clone();
    for (count, name) in [
        (&mut flags.debug, "PYTHONDEBUG"),
        (&mut flags.verbose, "PYTHONVERBOSE"),
        (&mut flags.inspect, "PYTHONINSPECT"),
    ] {
        *count = (*count).max(env.count(name));
    }
    flags.optimize = flags.optimize.max(env.count("PYTHONOPTIMIZE").min(2) as u8);
    flags.dont_write_bytecode |= env.count("PYTHONDONTWRITEBYTECODE") > 0;
    flags.no_user_site |= env.count("PYTHONNOUSERSITE") > 0;
    flags.safe_path |= env.count("PYTHONSAFEPATH") > 0 || env.x("safe_path").is_some();
    flags.dev_mode = env.x("dev").is_some() || env.get("PYTHONDEVMODE").is_some();
    flags.warn_default_encoding =
        env.x("warn_default_encoding").is_some() || env.get("PYTHONWARNDEFAULTENCODING").is_some();
    flags.utf8_mode = utf8_mode(&env)?;
    flags.int_max_str_digits = most_digits(&env)?;
    refuse_what_is_absent(&env)?;
    let executable = executable();
    let (real, in_environment) = real_executable(&executable);
    Ok(Settings {
        unbuffered: options.unbuffered || env.count("PYTHONUNBUFFERED") > 0,
        warnings: warnings(&env, &flags),
        x_options: options
            .implementation
            .iter()
            .map(|(k, v)| v.as_ref().map_or_else(|| k.clone(), |v| format!("{k}={v}")))
            .collect(),
        hash_seed: hash_seed(&env)?,
        arguments,
        path: env
            .get("PYTHONPATH")
            .map_or_else(Vec::new, |paths| std::env::split_paths(&paths).map(PathBuf::into_os_string).collect()),
        library: options.stdlib.as_ref().map(|p| p.clone().into_os_string()),
        prefix: prefix(options.stdlib.as_deref(), &real),
        base_executable: in_environment.then(|| real.into_os_string()),
        executable: executable.into_os_string(),
        check_hash_based_pycs: options.check_hash_based_pycs.clone(),
        pycache_prefix: match env.x("pycache_prefix") {
            Some("") => None,
            Some(folder) => Some(folder.into()),
            None => env.get("PYTHONPYCACHEPREFIX"),
        },
        import_times: env.x("importtime").is_some() || env.get("PYTHONPROFILEIMPORTTIME").is_some(),
        fault_handler: env.x("faulthandler").is_some()
            || env.get("PYTHONFAULTHANDLER").is_some()
            || env.x("dev").is_some()
            || env.get("PYTHONDEVMODE").is_some(),
        no_debug_ranges: env.x("no_debug_ranges").is_some() || env.get("PYTHONNODEBUGRANGES").is_some(),
        stream_encoding: env.text("PYTHONIOENCODING").unwrap_or_default(),
        modules: options.modules,
        flags,
    })
}

fn utf8_mode(env: &Environment<'_>) -> Result<bool, String> {
    match env.x("utf8") {
        Some("" | "1") => return Ok(true),
        Some("0") => return Ok(false),
        Some(_) => return Err("preconfig_init_utf8_mode: invalid -X utf8 option value".to_owned()),
        None => {}
    }
    match env.text("PYTHONUTF8").as_deref() {
        None | Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(_) => Err("preconfig_init_utf8_mode: invalid PYTHONUTF8 environment variable value".to_owned()),
    }
}

fn most_digits(env: &Environment<'_>) -> Result<usize, String> {
    let allowed = |text: &str| text.parse().ok().filter(|n| *n == 0 || *n >= FEWEST_DIGITS && *n <= i32::MAX as usize);
    let refused = |what: &str| {
        format!("config_init_int_max_str_digits: {what}: invalid limit; must be >= {FEWEST_DIGITS} or 0 for unlimited.")
    };
    if let Some(text) = env.x("int_max_str_digits") {
        return allowed(text).ok_or_else(|| refused("-X int_max_str_digits"));
    }
    match env.text("PYTHONINTMAXSTRDIGITS") {
        Some(text) => allowed(&text).ok_or_else(|| refused("PYTHONINTMAXSTRDIGITS")),
        None => Ok(env.options.flags.int_max_str_digits),
    }
}

fn hash_seed(env: &Environment<'_>) -> Result<Option<u32>, String> {
    match env.text("PYTHONHASHSEED").filter(|_| !env.options.random_hashes) {
        None => Ok(None),
        Some(text) if text == "random" => Ok(None),
        Some(text) => match text.parse() {
            Ok(seed) => Ok(Some(seed)),
            Err(_) => Err("config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; \
                           4294967295]"
                .to_owned()),
        },
    }
}

/// Options that would change how a program runs and that nothing stands behind.
fn refuse_what_is_absent(env: &Environment<'_>) -> Result<(), String> {
    for (name, variable) in [("tracemalloc", "PYTHONTRACEMALLOC"), ("perf", "PYTHONPERFSUPPORT")] {
        let wanted = |text: &str| text != "0";
        if env.x(name).is_some_and(wanted) || env.text(variable).as_deref().is_some_and(wanted) {
            return Err(format!("-X {name} (or {variable}): Prism has no such support"));
        }
    }
    Ok(())
}

/// `sys.warnoptions`, the strongest last.
fn warnings(env: &Environment<'_>, flags: &Flags) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    if flags.dev_mode {
        all.push("default".to_owned());
    }
    if let Some(list) = env.text("PYTHONWARNINGS") {
        all.extend(list.split(',').map(str::to_owned));
    }
    all.extend(env.options.warnings.iter().cloned());
    match flags.bytes_warning {
        0 => {}
        1 => all.push("default::BytesWarning".to_owned()),
        _ => all.push("error::BytesWarning".to_owned()),
    }
    all
}

/// Where this program is, as it was called: a link in a virtual environment stays one.
fn executable() -> PathBuf {
    let called = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    let found = if called.components().count() > 1 { std::path::absolute(&called).ok() } else { in_path(&called) };
    // `exec` may be told any name: then only the system knows.
    let found = found.filter(|path| path.exists());
    found.or_else(|| std::env::current_exe().ok()).unwrap_or_default()
}

fn in_path(name: &Path) -> Option<PathBuf> {
    if name.as_os_str().is_empty() {
        return None;
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// The executable that a virtual environment was made from, if `executable` is in one; else it itself. And whether it is.
fn real_executable(executable: &Path) -> (PathBuf, bool) {
    let beside = executable.parent().into_iter().chain(executable.parent().and_then(Path::parent));
    let in_environment = beside.into_iter().any(|folder| folder.join("pyvenv.cfg").is_file());
    match executable.canonicalize() {
        Ok(real) if in_environment => (real, true),
        _ => (executable.to_owned(), false),
    }
}

/// `sys.prefix`: of the library if that is a folder of an installation, else of the executable if that is.
fn prefix(library: Option<&Path>, executable: &Path) -> Option<OsString> {
    let of_library = library.filter(|l| l.ends_with("lib/python3.12")).and_then(|l| l.ancestors().nth(2));
    let folder = executable.parent().filter(|folder| folder.file_name() == Some(OsStr::new("bin")));
    of_library.or_else(|| folder.and_then(Path::parent)).map(|p| p.as_os_str().to_owned())
}
