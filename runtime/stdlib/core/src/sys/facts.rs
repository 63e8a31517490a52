//! What `sys` says about the interpreter, the platform and how it was started.

use crate::support::{decode_path, set, strings};
use python_objects::struct_sequence::StructSequence;
use python_objects::{Object, Py, R, Value};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// The version of Python that programs see.
const VERSION: (i64, i64, i64) = (3, 12, 1);

static VERSION_INFO: StructSequence = StructSequence {
    name: "version_info",
    module: "sys",
    fields: &["major", "minor", "micro", "releaselevel", "serial"],
    visible: 5,
    constructible: false,
    doc: "sys.version_info\n\nVersion information as a named tuple.",
};
static FLAGS: StructSequence = StructSequence {
    name: "flags",
    module: "sys",
    fields: &[
        "debug",
        "inspect",
        "interactive",
        "optimize",
        "dont_write_bytecode",
        "no_user_site",
        "no_site",
        "ignore_environment",
        "verbose",
        "bytes_warning",
        "quiet",
        "hash_randomization",
        "isolated",
        "dev_mode",
        "utf8_mode",
        "warn_default_encoding",
        "safe_path",
        "int_max_str_digits",
    ],
    visible: 18,
    constructible: false,
    doc: "sys.flags\n\nFlags provided through command line arguments or environment vars.",
};
static FLOAT_INFO: StructSequence = StructSequence {
    name: "float_info",
    module: "sys",
    fields: &[
        "max",
        "max_exp",
        "max_10_exp",
        "min",
        "min_exp",
        "min_10_exp",
        "dig",
        "mant_dig",
        "epsilon",
        "radix",
        "rounds",
    ],
    visible: 11,
    constructible: true,
    doc: "sys.float_info\n\nThe limits and precision of floats.",
};
static INT_INFO: StructSequence = StructSequence {
    name: "int_info",
    module: "sys",
    fields: &["bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"],
    visible: 4,
    constructible: true,
    doc: "sys.int_info\n\nHow integers are represented.",
};
static HASH_INFO: StructSequence = StructSequence {
    name: "hash_info",
    module: "sys",
    fields: &["width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"],
    visible: 9,
    constructible: true,
    doc: "sys.hash_info\n\nParameters of the hashing of numbers and strings.",
};
static THREAD_INFO: StructSequence = StructSequence {
    name: "thread_info",
    module: "sys",
    fields: &["name", "lock", "version"],
    visible: 3,
    constructible: true,
    doc: "sys.thread_info\n\nHow threads are implemented.",
};

const COPYRIGHT: &str =
    "Copyright (c) the Prism developers.\nStandard library: Copyright (c) 2001 Python Software Foundation.";

pub(super) fn install(py: Py<'_>, d: Object) -> R<()> {
    let settings = &py.state().settings;
    let (major, minor, micro) = VERSION;
    let build = env!("CARGO_PKG_VERSION");
    for (name, text) in [
        ("version", format!("{major}.{minor}.{micro} (Prism {build}) [Prism {build}]").as_str()),
        ("copyright", COPYRIGHT),
        ("platform", std::env::consts::OS),
        ("byteorder", if cfg!(target_endian = "little") { "little" } else { "big" }),
        ("platlibdir", "lib"),
        ("float_repr_style", "short"),
        ("abiflags", ""),
    ] {
        let v = py.str(text)?;
        set(py, d, name, v)?;
    }
    let executable = path(py, &settings.executable)?;
    let base = settings.base_executable.as_deref().map_or(Ok(executable), |p| path(py, p))?;
    let prefix = path(py, settings.prefix.as_deref().unwrap_or(OsStr::new("/prism")))?;
    set(py, d, "executable", executable)?;
    set(py, d, "_base_executable", base)?;
    for name in ["prefix", "base_prefix", "exec_prefix", "base_exec_prefix"] {
        set(py, d, name, prefix)?;
    }
    for (name, n) in [
        ("hexversion", major << 24 | minor << 16 | micro << 8 | 0xf0),
        ("maxsize", i64::MAX),
        ("maxunicode", 0x10_FFFF),
        ("api_version", 1013),
    ] {
        let v = py.int(n)?;
        set(py, d, name, v)?;
    }
    let version_info = version_info(py)?;
    set(py, d, "version_info", version_info)?;
    set(py, d, "flags", flags(py)?)?;
    set(py, d, "float_info", float_info(py)?)?;
    set(py, d, "int_info", py.struct_sequence(&INT_INFO, &[30, 4, 4300, 640].map(Value::int))?)?;
    set(py, d, "hash_info", hash_info(py)?)?;
    let thread = [py.str("pthread")?, py.str("semaphore")?, Value::NONE];
    set(py, d, "thread_info", py.struct_sequence(&THREAD_INFO, &thread)?)?;
    set(py, d, "implementation", implementation(py, version_info)?)?;
    set(py, d, "dont_write_bytecode", Value::bool(settings.flags.dont_write_bytecode))?;
    let prefix = settings.pycache_prefix.as_deref().map_or(Ok(Value::NONE), |p| path(py, p))?;
    set(py, d, "pycache_prefix", prefix)?;
    let git = py.tuple(&[py.str("Prism")?, py.str("")?, py.str("")?])?;
    set(py, d, "_git", git)?;
    set(py, d, "argv", paths(py, settings.arguments.iter())?)?;
    set(py, d, "orig_argv", paths(py, std::env::args_os())?)?;
    set(py, d, "warnoptions", strings(py, settings.warnings.iter())?)?;
    set(py, d, "_xoptions", x_options(py)?)?;
    let library = settings.library.clone().unwrap_or_else(|| stdlib_library::ROOT.into());
    set(py, d, "path", paths(py, settings.path.iter().chain([&library]))?)?;
    let stdlib = path(py, &library)?;
    set(py, d, "_stdlib_dir", stdlib)?;
    set(py, d, "path_importer_cache", py.new_dict()?.value())
}

/// A path as programs see it.
fn path(py: Py<'_>, path: &OsStr) -> R {
    decode_path(py, path.as_bytes())
}

fn paths(py: Py<'_>, items: impl Iterator<Item = impl AsRef<OsStr>>) -> R {
    let list = py.new_list(4)?;
    for item in items {
        let s = path(py, item.as_ref())?;
        py.list_push(list, s)?;
    }
    Ok(list.value())
}

/// The names of native modules and of all others that come with the interpreter. Once all are registered.
pub(super) fn install_module_names(py: Py<'_>, d: Object) -> R<()> {
    let native = py.native_module_names();
    let list = strings(py, native.iter())?;
    set(py, d, "builtin_module_names", py.tuple_from(list)?.value())?;
    let top = stdlib_library::names().filter(|n| !n.contains('.')).map(str::to_owned);
    let all = strings(py, native.iter().map(|n| (*n).to_owned()).chain(top))?;
    let names = py.new_set(python_objects::kind::shape::FROZENSET)?;
    py.each(all, |name| py.set_add(names, name).map(|_| ()))?;
    set(py, d, "stdlib_module_names", names.value())
}

fn version_info(py: Py<'_>) -> R {
    let (major, minor, micro) = VERSION;
    let level = py.str("final")?;
    let fields = [Value::int(major), Value::int(minor), Value::int(micro), level, Value::int(0)];
    py.struct_sequence(&VERSION_INFO, &fields)
}

fn flags(py: Py<'_>) -> R {
    let settings = &py.state().settings;
    let f = &settings.flags;
    let (int, count) = (|b: bool| Value::int(i64::from(b)), |n: u32| Value::int(i64::from(n)));
    let fields = [
        count(f.debug),
        count(f.inspect),
        count(f.interactive),
        count(u32::from(f.optimize)),
        int(f.dont_write_bytecode),
        int(f.no_user_site),
        int(f.no_site),
        int(f.ignore_environment),
        count(f.verbose),
        count(f.bytes_warning),
        count(f.quiet),
        int(settings.hash_seed != Some(0)),
        int(f.isolated),
        Value::bool(f.dev_mode),
        int(f.utf8_mode),
        int(f.warn_default_encoding),
        Value::bool(f.safe_path),
        py.int_usize(f.int_max_str_digits)?,
    ];
    py.struct_sequence(&FLAGS, &fields)
}

fn float_info(py: Py<'_>) -> R {
    let fields = [
        Value::float(f64::MAX),
        Value::int(i64::from(f64::MAX_EXP)),
        Value::int(i64::from(f64::MAX_10_EXP)),
        Value::float(f64::MIN_POSITIVE),
        Value::int(i64::from(f64::MIN_EXP)),
        Value::int(i64::from(f64::MIN_10_EXP)),
        Value::int(i64::from(f64::DIGITS)),
        Value::int(i64::from(f64::MANTISSA_DIGITS)),
        Value::float(f64::EPSILON),
        Value::int(2),
        Value::int(1),
    ];
    py.struct_sequence(&FLOAT_INFO, &fields)
}

fn hash_info(py: Py<'_>) -> R {
    let modulus = py.int((1 << 61) - 1)?;
    let algorithm = py.str("siphash13")?;
    let [width, inf, nan, imag, bits, seed, cutoff] = [64, 314_159, 0, 1_000_003, 64, 128, 0].map(Value::int);
    py.struct_sequence(&HASH_INFO, &[width, modulus, inf, nan, imag, algorithm, bits, seed, cutoff])
}

fn implementation(py: Py<'_>, version_info: Value) -> R {
    let d = py.new_dict()?;
    let name = py.str("prism")?;
    set(py, d, "name", name)?;
    let tag = py.str(&format!("prism-{}{}", VERSION.0, VERSION.1))?;
    set(py, d, "cache_tag", tag)?;
    set(py, d, "version", version_info)?;
    let (major, minor, micro) = VERSION;
    set(py, d, "hexversion", Value::int(major << 24 | minor << 16 | micro << 8 | 0xf0))?;
    Ok(py.new_object(python_objects::kind::shape::NAMESPACE, 2, &[d.value()])?.value())
}

fn x_options(py: Py<'_>) -> R {
    let d = py.new_dict()?;
    for option in &py.state().settings.x_options {
        match option.split_once('=') {
            Some((name, value)) => {
                let value = py.str(value)?;
                set(py, d, name, value)?;
            }
            None => set(py, d, option, Value::TRUE)?,
        }
    }
    Ok(d.value())
}
