//! Native modules that some files of tests need merely to load: what of `_testcapi` says nothing of a C API.
//!
//! They have names of their own. The driver gives a file the name that it asks for (`SHIMS` in `driver/driver.py`): where
//! CPython's own module were there for every file, many would use it at once for what Prism does not have.

use python_objects::module::NativeModule;
use python_objects::native::Native;
use python_objects::native_type::TypeSpec;
use python_objects::{Args, Exc, Object, Py, R, Value};

/// The modules, for the interpreter that this binary is.
pub(crate) static MODULES: &[NativeModule] = &[
    NativeModule { name: "_prism_testcapi", init: testcapi },
    NativeModule { name: "_prism_testinternalcapi", init: testinternalcapi },
];

/// Functions that tell what they were called with, of one kind of native function.
macro_rules! telling {
    ($kind:ident, $bound:literal, $first:literal, $at:literal) => {
        &[
            Native::$kind("meth_varargs", concat!($first, "*args"), tell::<$at, true, false>, ""),
            Native::$kind("meth_varargs_keywords", concat!($first, "*args, **kwargs"), tell::<$at, true, true>, ""),
            Native::$kind("meth_fastcall", concat!($first, "*args"), tell::<$at, true, false>, ""),
            Native::$kind("meth_fastcall_keywords", concat!($first, "*args, **kwargs"), tell::<$at, true, true>, ""),
            Native::$kind("meth_noargs", $bound, tell::<$at, false, false>, ""),
            Native::$kind("meth_o", concat!($first, "arg, /"), tell::<$at, true, false>, ""),
        ]
    };
}

static FUNCTIONS: &[Native] = telling!(function, "", "", 0);
static INSTANCE: TypeSpec = telling_type("MethInstance", telling!(method, "self, /", "self, /, ", 1));
static CLASS: TypeSpec = telling_type("MethClass", telling!(class_method, "cls, /", "cls, /, ", 1));
static STATIC: TypeSpec = telling_type("MethStatic", telling!(static_method, "", "", 0));

const fn telling_type(name: &'static str, methods: &'static [Native]) -> TypeSpec {
    TypeSpec::values("_testcapi", name, 1, methods, "").with_methods(NEW)
}

static NEW: &[Native] = &[Native::static_method("__new__", "cls, /", new, "")];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.alloc_instance(Object::of(args.at(0)))?.value())
}

/// What a method is bound to (None where it is to nothing), the arguments, the keywords.
fn tell<const FIRST: usize, const ARGUMENTS: bool, const KEYWORDS: bool>(py: Py<'_>, args: Args<'_>) -> R {
    let bound = if FIRST == 0 { Value::NONE } else { args.at(0) };
    match (ARGUMENTS, KEYWORDS) {
        (false, _) => Ok(bound),
        (true, false) => py.tuple(&[bound, args.at(FIRST)]),
        (true, true) => py.tuple(&[bound, args.at(FIRST), args.opt(FIRST + 1).unwrap_or(Value::NONE)]),
    }
}

static INTERNAL: &[Native] = &[
    Native::function("get_config", "", get_config, "What test.support asks of the configuration."),
    Native::function("get_recursion_depth", "", get_recursion_depth, "The number of frames."),
    Native::function("compiler_codegen", COMPILER, of_their_compiler, ""),
    Native::function("optimize_cfg", COMPILER, of_their_compiler, ""),
    Native::function("assemble_code_object", COMPILER, of_their_compiler, ""),
];

const COMPILER: &str = "*args, **kwargs";

fn testinternalcapi(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, INTERNAL)
}

/// `test.support.bytecode_helper` imports these by name, and its callers use them in a few of their cases.
fn of_their_compiler(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::NotImplementedError, "the steps of CPython's compiler are none of Prism's")
}

fn get_config(py: Py<'_>, _: Args<'_>) -> R {
    let config = py.new_dict()?;
    py.dict_set_text(config, "code_debug_ranges", Value::int(1))?;
    Ok(config.value())
}

fn get_recursion_depth(py: Py<'_>, _: Args<'_>) -> R {
    let mut depth = 0;
    py.ops().walk_frames(py.0, &mut |_, _, _| {
        depth += 1;
        true
    });
    py.int_usize(depth)
}

/// The limits of C's types, and what the tables of test_call are made of.
fn testcapi(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    for spec in [&INSTANCE, &CLASS, &STATIC] {
        set(py, module, spec.name, py.native_type(spec)?.value())?;
    }
    set(py, module, "LIMITED_API_AVAILABLE", Value::FALSE)?;
    for (name, number) in [
        ("CHAR_MAX", i64::from(i8::MAX)),
        ("CHAR_MIN", i64::from(i8::MIN)),
        ("SHRT_MAX", i64::from(i16::MAX)),
        ("SHRT_MIN", i64::from(i16::MIN)),
        ("INT_MAX", i64::from(i32::MAX)),
        ("INT_MIN", i64::from(i32::MIN)),
        ("LONG_MAX", i64::MAX),
        ("LONG_MIN", i64::MIN),
        ("LLONG_MAX", i64::MAX),
        ("LLONG_MIN", i64::MIN),
        ("PY_SSIZE_T_MAX", i64::MAX),
        ("PY_SSIZE_T_MIN", i64::MIN),
        ("UCHAR_MAX", i64::from(u8::MAX)),
        ("USHRT_MAX", i64::from(u16::MAX)),
        ("UINT_MAX", i64::from(u32::MAX)),
    ] {
        set(py, module, name, py.int(number)?)?;
    }
    for name in ["ULONG_MAX", "ULLONG_MAX"] {
        set(py, module, name, py.int_u64(u64::MAX)?)?;
    }
    Ok(())
}

fn set(py: Py<'_>, module: Object, name: &str, value: Value) -> R<()> {
    py.dict_set_text(py.module_dict(module), name, value)
}
