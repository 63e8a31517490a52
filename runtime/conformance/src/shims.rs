//! Native modules that some files of tests need merely to load: what of `_testcapi` says nothing of a C API.
//!
//! They have names of their own. The driver gives a file the name that it asks for (`SHIMS` in `driver/driver.py`): where
//! CPython's own module were there for every file, many would use it at once for what Prism does not have.

use python_objects::module::NativeModule;
use python_objects::{Object, Py, R, Value};

/// The modules, for the interpreter that this binary is.
pub(crate) static MODULES: &[NativeModule] = &[NativeModule { name: "_prism_testcapi", init: testcapi }];

/// The limits of C's types.
fn testcapi(py: Py<'_>, module: Object) -> R<()> {
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
