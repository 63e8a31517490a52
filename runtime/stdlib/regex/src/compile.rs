//! The module's functions and constants.

use crate::engine::assemble;
use crate::pattern::{self, PATTERN};
use crate::scanner::SCANNER;
use crate::template::{self, TEMPLATE};
use crate::{matched, subject};
use python_objects::{Args, Exc, Native, Object, Py, R, Value, class, int, list};
use python_text::unicode::{has_simple_case, to_simple_lower};

/// The version of the compiler's code.
const MAGIC: i64 = 20_221_023;
/// The greatest numbers of repetitions and of groups.
const MAX_REPEAT: i64 = 0xFFFF_FFFF;
const MAX_GROUPS: i64 = 0x3FFF_FFFF;
/// Bytes of a word of the code.
const CODE_SIZE: i64 = 4;

static FUNCTIONS: &[Native] = &[
    Native::function("compile", "pattern, flags, code, groups, groupindex, indexgroup", compile, ""),
    Native::function(
        "template",
        "pattern, template, /",
        template::template,
        "\n\n  template\n    A list containing interleaved literal strings (str or bytes) and group\n    indices (int), as returned by re._parser.parse_template():\n        [literal1, group1, ..., literalN, groupN]",
    ),
    Native::function("getcodesize", "", |_, _| Ok(Value::int(CODE_SIZE)), ""),
    Native::function(
        "ascii_iscased",
        "character, /",
        |py, a| character(py, a).map(|c| Value::bool(u8::try_from(c).is_ok_and(|c| c.is_ascii_alphabetic()))),
        "",
    ),
    Native::function(
        "ascii_tolower",
        "character, /",
        |py, a| character(py, a).map(|c| Value::int(u8::try_from(c).map_or(c, |c| i64::from(c.to_ascii_lowercase())))),
        "",
    ),
    Native::function(
        "unicode_iscased",
        "character, /",
        |py, a| character(py, a).map(|c| Value::bool(u32::try_from(c).is_ok_and(has_simple_case))),
        "",
    ),
    Native::function(
        "unicode_tolower",
        "character, /",
        |py, a| character(py, a).map(|c| Value::int(u32::try_from(c).map_or(c, |c| i64::from(to_simple_lower(c))))),
        "",
    ),
];

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let d = py.module_dict(m);
    for (name, number) in
        [("MAGIC", MAGIC), ("CODESIZE", CODE_SIZE), ("MAXREPEAT", MAX_REPEAT), ("MAXGROUPS", MAX_GROUPS)]
    {
        py.dict_set_text(d, name, Value::int(number))?;
    }
    for spec in [&PATTERN, &matched::MATCH, &SCANNER, &TEMPLATE] {
        class::add_flags(py.native_type(spec)?, class::flag::NO_INSTANCES);
    }
    py.add_functions(m, FUNCTIONS)
}

/// A code point as an argument: a C int.
fn character(py: Py<'_>, args: Args<'_>) -> R<i64> {
    py.index_i32(args.at(0)).map(i64::from)
}

fn compile(py: Py<'_>, args: Args<'_>) -> R {
    let (source, flags) = (args.at(0), py.index_i32(args.at(1))?);
    let Some(code) = py.as_list(args.at(2)) else {
        return py.type_error(&format!("compile() argument 'code' must be list, not {}", py.class_name(args.at(2))));
    };
    let groups = py.index_i64(args.at(3))?;
    let Some(names) = py.as_dict(args.at(4)) else {
        return py
            .type_error(&format!("compile() argument 'groupindex' must be dict, not {}", py.class_name(args.at(4))));
    };
    let Some(by_number) = py.as_tuple(args.at(5)) else {
        return py
            .type_error(&format!("compile() argument 'indexgroup' must be tuple, not {}", py.class_name(args.at(5))));
    };
    let mut words = Vec::with_capacity(list::length(code));
    for i in 0..list::length(code) {
        let v = list::item(code, i);
        let Some(word) = py.as_int(v) else { return py.type_error("an integer is required") };
        match int::to_i64(word).and_then(|w| u32::try_from(w).ok()) {
            Some(w) => words.push(w),
            None => return py.err(Exc::OverflowError, "regular expression code size limit exceeded"),
        }
    }
    let is_bytes =
        if source == Value::NONE { Value::NONE } else { Value::bool(subject::Subject::new(py, source)?.is_bytes()) };
    let Some(program) = usize::try_from(groups).ok().and_then(|g| assemble(&words, g).ok()) else {
        return py.err(Exc::RuntimeError, "invalid SRE code");
    };
    let program = py.bytes(&program)?;
    let names = py.dict_copy(names)?;
    let o = py.new_native(&PATTERN)?;
    o.init(pattern::word::SOURCE, source);
    o.init(pattern::word::FLAGS, Value::int(i64::from(flags)));
    o.init(pattern::word::PROGRAM, program.value());
    o.init(pattern::word::GROUP_INDEX, names.value());
    o.init(pattern::word::INDEX_GROUP, by_number.value());
    o.init(pattern::word::IS_BYTES, is_bytes);
    Ok(o.value())
}
