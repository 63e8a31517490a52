//! `compile`, `eval`, `exec`.

use crate::compile::{CompileFlags, compile_source, compile_tree, parse_source};
use crate::tree;
use python_compile::FUTURE_FLAGS;
use python_compile::opcodes::flag;
use python_objects::kind::{Kind, shape};
use python_objects::native::Native;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, dict, string, tuple};
use python_syntax::Mode;

static FUNCTIONS: &[Native] = &[
    Native::function(
        "compile",
        "source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1",
        compile,
        "Compile source into a code object that can be executed by exec() or eval().",
    ),
    Native::function(
        "eval",
        "source, globals=None, locals=None, /",
        eval,
        "Evaluate the given source in the context of globals and locals.",
    ),
    Native::function(
        "exec",
        "source, globals=None, locals=None, /, *, closure=None",
        exec,
        "Execute the given source in the context of globals and locals.",
    ),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}

/// Flags of `compile()` beside those of the future statements.
mod compiler_flag {
    pub(super) const DONT_IMPLY_DEDENT: u32 = 0x200;
    pub(super) const ONLY_AST: u32 = 0x400;
    pub(super) const TYPE_COMMENTS: u32 = 0x1000;
    pub(super) const TOP_LEVEL_AWAIT: u32 = 0x2000;
    pub(super) const INCOMPLETE_INPUT: u32 = 0x4000;
    /// Obsolete, without effect.
    pub(super) const NESTED: u32 = 0x10;
    /// The features of `__future__`.
    pub(super) const FUTURE: u32 = 0x1FE_0000;
}

/// The source as bytes, and whether it is text. TypeError for what is neither.
pub fn source_text(py: Py<'_>, v: Value, function: &str, what: &str) -> R<(Vec<u8>, bool)> {
    if let Some(s) = string::exact_or_payload(py, v) {
        if let Some(at) = string::code_points(s).position(|c| char::from_u32(c).is_none()) {
            let at = at as i64;
            let e = py.exception_class(Exc::UnicodeEncodeError).value();
            let (encoding, reason) = (py.str("utf-8")?, py.str("surrogates not allowed")?);
            let e = py.call(e, &[encoding, s.value(), Value::int(at), Value::int(at + 1), reason])?;
            return Err(py.throw(Object::of(e)));
        }
        let mut text = Vec::new();
        string::push_wtf8(s, &mut text);
        return Ok((text, true));
    }
    match py.bytes_like(v) {
        Some(bytes) => Ok((bytes, false)),
        None => py.type_error(&format!("{function}() arg 1 must be a {what} object")),
    }
}

/// A file name from a string, bytes, or what has a `__fspath__`.
pub fn file_name(py: Py<'_>, v: Value) -> R<String> {
    if let Some(s) = string::exact_or_payload(py, v) {
        return Ok(string::to_rust(s));
    }
    if let Some(b) = py.as_bytes(v) {
        return Ok(String::from_utf8_lossy(python_objects::bytes::slice(b)).into_owned());
    }
    if let Some(p) = py.call_special(v, sym::FSPATH, &[])?
        && let Some(s) = string::exact_or_payload(py, p)
    {
        return Ok(string::to_rust(s));
    }
    py.type_error(&format!("expected str, bytes or os.PathLike object, not {}", py.class_name(v)))
}

/// Flags of the features that the running code was compiled with.
fn inherited(py: Py<'_>) -> u32 {
    py.running_function()
        .map_or(0, |f| py.ops().code(py.0, python_objects::function::code_index(f)).flags & FUTURE_FLAGS)
}

fn compile(py: Py<'_>, args: Args<'_>) -> R {
    let filename = file_name(py, args.at(1))?;
    let Some(mode) = string::exact_or_payload(py, args.at(2)).map(string::to_rust) else {
        return py.type_error(&format!("compile() argument 'mode' must be str, not {}", py.class_name(args.at(2))));
    };
    let given = args.opt(3).map_or(Ok(0), |v| py.index_i32(v))? as u32;
    let dont_inherit = args.opt(4).map_or(Ok(false), |v| py.truth(v))?;
    let optimize = args.opt(5).map_or(Ok(-1), |v| py.index_i32(v))?;
    use compiler_flag as f;
    let known = f::FUTURE
        | f::NESTED
        | f::DONT_IMPLY_DEDENT
        | f::ONLY_AST
        | f::TYPE_COMMENTS
        | f::TOP_LEVEL_AWAIT
        | f::INCOMPLETE_INPUT;
    if given & !known != 0 {
        return py.value_error("compile(): unrecognised flags");
    }
    if !(-1..=2).contains(&optimize) {
        return py.value_error("compile(): invalid optimize value");
    }
    let only_tree = given & f::ONLY_AST != 0;
    let mode = match &*mode {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        "func_type" if only_tree => Mode::FunctionType,
        "func_type" => return py.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST"),
        _ if only_tree => {
            return py.value_error("compile() mode must be 'exec', 'eval', 'single' or 'func_type'");
        }
        _ => return py.value_error("compile() mode must be 'exec', 'eval' or 'single'"),
    };
    let mut flags = CompileFlags::new(py);
    flags.syntax.dont_imply_dedent = given & f::DONT_IMPLY_DEDENT != 0;
    flags.syntax.type_comments = given & f::TYPE_COMMENTS != 0;
    flags.syntax.allow_incomplete_input = given & f::INCOMPLETE_INPUT != 0;
    flags.code.top_level_await = given & f::TOP_LEVEL_AWAIT != 0;
    flags.code.inherited_flags = crate::types::future_flags(given) | if dont_inherit { 0 } else { inherited(py) };
    flags.syntax.barry_as_flufl = flags.code.inherited_flags & flag::FUTURE_BARRY_AS_BDFL != 0;
    if let Ok(level) = u8::try_from(optimize) {
        flags.code.optimize = level;
    }
    if tree::is_node(py, args.at(0))? {
        if only_tree {
            return Ok(args.at(0));
        }
        let ast = tree::from_object(py, args.at(0), mode)?;
        return Ok(compile_tree(py, &ast, &filename, &flags.code)?.value());
    }
    let (text, is_text) = source_text(py, args.at(0), "compile", "string, bytes or AST")?;
    flags.syntax.ignore_cookie = is_text;
    if only_tree {
        let ast = parse_source(py, &text, &filename, mode, &flags)?;
        return tree::to_objects(py, &ast);
    }
    Ok(compile_source(py, &text, &filename, mode, &flags)?.value())
}

/// Where code is to run: globals and namespace, from the arguments or the running frame.
fn scope(py: Py<'_>, args: Args<'_>) -> R<(Object, Value)> {
    let globals = match args.some(1) {
        Some(g) => Object::of(g),
        None => match py.running_globals() {
            Some(g) => g,
            None => return py.err(Exc::SystemError, "globals and locals cannot be NULL"),
        },
    };
    let namespace = match (args.some(2), args.some(1)) {
        (Some(l), _) => l,
        (None, Some(g)) => g,
        (None, None) => super::scope::locals(py)?,
    };
    if dict::get_symbol(py, globals, sym::BUILTINS).is_none() {
        py.dict_set_symbol(globals, sym::BUILTINS, py.root(root::BUILTINS_DICT))?;
    }
    Ok((globals, namespace))
}

/// Runs a code with a closure (an array of cells, or EMPTY).
fn run(py: Py<'_>, code: Object, globals: Object, namespace: Value, closure: Value) -> R {
    let index = py.index_of(code)?;
    // A function's code keeps its variables to itself.
    let own = py.ops().code(py.0, index).flags & flag::FUNCTION != 0;
    let f = py.new_function(code, globals, closure, if own { Value::EMPTY } else { namespace })?;
    py.call(f.value(), &[])
}

fn free_count(py: Py<'_>, code: Object) -> R<usize> {
    Ok(py.ops().code(py.0, py.index_of(code)?).free.len())
}

/// Compiles what `eval` or `exec` is given as text.
fn compile_text(py: Py<'_>, source: Value, function: &str, mode: Mode, is_global: bool) -> R<Object> {
    let (text, is_text) = source_text(py, source, function, "string, bytes or code")?;
    let text = match mode {
        Mode::Eval => {
            let start = text.iter().position(|b| *b != b' ' && *b != b'\t').unwrap_or(text.len());
            &text[start..]
        }
        _ => &text[..],
    };
    let mut flags = CompileFlags::new(py);
    flags.syntax.ignore_cookie = is_text;
    flags.code.inherited_flags = inherited(py);
    // In a namespace that is the globals, names can be found as globals at once.
    flags.code.plain_module = is_global;
    flags.syntax.barry_as_flufl = flags.code.inherited_flags & flag::FUTURE_BARRY_AS_BDFL != 0;
    compile_source(py, text, "<string>", mode, &flags)
}

/// Are names globals that no class of dictionaries looks up in its own way?
fn is_plain(globals: Object, namespace: Value) -> bool {
    namespace == globals.value() && globals.shape() == shape::DICT
}

fn is_mapping(py: Py<'_>, v: Value) -> bool {
    py.as_dict(v).is_some() || py.special(v, sym::GETITEM).is_some()
}

fn eval(py: Py<'_>, args: Args<'_>) -> R {
    if let Some(l) = args.some(2)
        && !is_mapping(py, l)
    {
        return py.type_error("locals must be a mapping");
    }
    if let Some(g) = args.some(1)
        && py.as_dict(g).is_none()
    {
        return py.type_error(if is_mapping(py, g) {
            "globals must be a real dict; try eval(code, {}, mapping)"
        } else {
            "globals must be a dict"
        });
    }
    let (globals, namespace) = scope(py, args)?;
    let code = match py.of_kind(args.at(0), Kind::CODE) {
        Some(code) if free_count(py, code)? > 0 => {
            return py.type_error("code object passed to eval() may not contain free variables");
        }
        Some(code) => code,
        None => compile_text(py, args.at(0), "eval", Mode::Eval, is_plain(globals, namespace))?,
    };
    run(py, code, globals, namespace, Value::EMPTY)
}

fn exec(py: Py<'_>, args: Args<'_>) -> R {
    if let Some(g) = args.some(1)
        && py.as_dict(g).is_none()
    {
        return py.type_error(&format!("exec() globals must be a dict, not {}", py.class_name(g)));
    }
    if let Some(l) = args.some(2)
        && !is_mapping(py, l)
    {
        return py.type_error(&format!("locals must be a mapping or None, not {}", py.class_name(l)));
    }
    let (globals, namespace) = scope(py, args)?;
    let closure = args.some(3);
    let Some(code) = py.of_kind(args.at(0), Kind::CODE) else {
        if closure.is_some() {
            return py.type_error("closure can only be used when source is a code object");
        }
        let code = compile_text(py, args.at(0), "exec", Mode::Exec, is_plain(globals, namespace))?;
        run(py, code, globals, namespace, Value::EMPTY)?;
        return Ok(Value::NONE);
    };
    let free = free_count(py, code)?;
    if free == 0 && closure.is_some() {
        return py.type_error("cannot use a closure with this code object");
    }
    let mut cells = Value::EMPTY;
    if free > 0 {
        let given = closure.and_then(|c| py.as_tuple(c));
        let given = given.filter(|t| t.length() == free && tuple::items(*t).all(|c| py.kind(c) == Kind::CELL));
        let Some(given) = given else {
            return py.type_error(&format!("code object requires a closure of exactly length {free}"));
        };
        let array = py.new_array(free)?;
        py.heap().copy_elements(given, 0, array, 0, free);
        cells = array.value();
    }
    run(py, code, globals, namespace, cells)?;
    Ok(Value::NONE)
}
