//! `_symtable`: what the compiler knows of the names of each block of a source.

use crate::support::{add, constants};
use python_builtins::compile::{CompileFlags, compile_error, parse_source};
use python_builtins::{file_name, source_text};
use python_compile::scope::{Kind, Resolution, Scope, usage};
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, string};
use python_syntax::Mode;
use vm_api::heap::RootedVec;

/// Where a symbol's flags say how it is looked up; below are the bits of its uses.
const SCOPE_OFFSET: i64 = 12;
/// Uses that programs see.
const USES: u16 = (1 << SCOPE_OFFSET) - 1;

static ENTRY: TypeSpec =
    TypeSpec::values("builtins", "symtable entry", 8, METHODS, "A block of a source, with its names.");
mod word {
    pub(super) const ID: usize = 1;
    pub(super) const NAME: usize = 2;
    pub(super) const SYMBOLS: usize = 3;
    pub(super) const PARAMETERS: usize = 4;
    pub(super) const CHILDREN: usize = 5;
    pub(super) const NESTED: usize = 6;
    pub(super) const TYPE: usize = 7;
    pub(super) const LINE: usize = 8;
}
static METHODS: &[Native] = &[
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::member("id", |py, args| field(py, args, word::ID), ""),
    Native::member("name", |py, args| field(py, args, word::NAME), ""),
    Native::member("symbols", |py, args| field(py, args, word::SYMBOLS), ""),
    Native::member("varnames", |py, args| field(py, args, word::PARAMETERS), ""),
    Native::member("children", |py, args| field(py, args, word::CHILDREN), ""),
    Native::member("nested", |py, args| field(py, args, word::NESTED), ""),
    Native::member("type", |py, args| field(py, args, word::TYPE), ""),
    Native::member("lineno", |py, args| field(py, args, word::LINE), ""),
];
static FUNCTIONS: &[Native] = &[Native::function(
    "symtable",
    "source, filename, startstr, /",
    symtable,
    "Return the outermost block of a source.\n\nThe last argument is a mode of compile().",
)];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    python_objects::class::add_flags(py.native_type(&ENTRY)?, python_objects::class::flag::NO_INSTANCES);
    constants(
        py,
        module,
        &[
            ("USE", usage::USE.into()),
            ("DEF_GLOBAL", usage::GLOBAL.into()),
            ("DEF_NONLOCAL", usage::NONLOCAL.into()),
            ("DEF_LOCAL", usage::LOCAL.into()),
            ("DEF_PARAM", usage::PARAMETER.into()),
            // The parser's tables have no such entries; CPython's name for the bit is there all the same.
            ("DEF_FREE", 32),
            ("DEF_FREE_CLASS", usage::FREE_CLASS.into()),
            ("DEF_IMPORT", usage::IMPORT.into()),
            ("DEF_BOUND", (usage::LOCAL | usage::PARAMETER | usage::IMPORT).into()),
            ("DEF_ANNOT", usage::ANNOTATED.into()),
        ],
    )?;
    for kind in [
        Kind::Function,
        Kind::Class,
        Kind::Module,
        Kind::Annotation,
        Kind::TypeVarBound,
        Kind::TypeAlias,
        Kind::TypeParameters,
    ] {
        let (name, number) = type_of(kind);
        add(py, module, name, Value::int(number))?;
    }
    constants(
        py,
        module,
        &[
            ("LOCAL", resolved(Resolution::Local)),
            ("GLOBAL_EXPLICIT", resolved(Resolution::GlobalExplicit)),
            ("GLOBAL_IMPLICIT", resolved(Resolution::GlobalImplicit)),
            ("FREE", resolved(Resolution::Free)),
            ("CELL", resolved(Resolution::Cell)),
            ("SCOPE_OFF", SCOPE_OFFSET),
            ("SCOPE_MASK", 0xF),
        ],
    )
}

/// A kind of block: the name of its constant, and its number.
fn type_of(kind: Kind) -> (&'static str, i64) {
    match kind {
        Kind::Function => ("TYPE_FUNCTION", 0),
        Kind::Class => ("TYPE_CLASS", 1),
        Kind::Module => ("TYPE_MODULE", 2),
        Kind::Annotation => ("TYPE_ANNOTATION", 3),
        Kind::TypeVarBound => ("TYPE_TYPE_VAR_BOUND", 4),
        Kind::TypeAlias => ("TYPE_TYPE_ALIAS", 5),
        Kind::TypeParameters => ("TYPE_TYPE_PARAM", 6),
    }
}
fn resolved(resolution: Resolution) -> i64 {
    match resolution {
        Resolution::Unknown => 0,
        Resolution::Local => 1,
        Resolution::GlobalExplicit => 2,
        Resolution::GlobalImplicit => 3,
        Resolution::Free => 4,
        Resolution::Cell => 5,
    }
}

fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(py.native_self(args.at(0), &ENTRY)?.get(word))
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ENTRY)?;
    let name = string::to_rust(Object::of(o.get(word::NAME)));
    let id = py.str_text(o.get(word::ID))?;
    py.str(&format!("<symtable entry {name}({id}), line {}>", o.get(word::LINE).as_int()))
}

fn symtable(py: Py<'_>, args: Args<'_>) -> R {
    let filename = file_name(py, args.at(1))?;
    let Some(mode) = string::exact_or_payload(py, args.at(2)).map(string::to_rust) else {
        return py.type_error(&format!("symtable() argument 3 must be str, not {}", py.class_name(args.at(2))));
    };
    let (source, is_text) = source_text(py, args.at(0), "symtable", "string or bytes")?;
    let mode = match &*mode {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => return py.value_error("symtable() arg 3 must be 'exec' or 'eval' or 'single'"),
    };
    let mut flags = CompileFlags::new(py);
    flags.syntax.ignore_cookie = is_text;
    let tree = parse_source(py, &source, &filename, mode, &flags)?;
    let tables = match python_compile::symbol_tables(&tree) {
        Ok(tables) => tables,
        Err(e) => return Err(compile_error(py, &e, &filename)),
    };
    let entries = RootedVec::new(py.0.heap());
    for scope in &tables.scopes {
        entries.push(entry(py, scope, |symbol| tables.names.name(symbol))?.value());
    }
    for (i, scope) in tables.scopes.iter().enumerate() {
        let Some(of) = entries.get(i).and_then(Object::from_value) else { continue };
        for child in scope.children.iter().filter_map(|child| entries.get(*child)) {
            py.list_push(Object::of(of.get(word::CHILDREN)), child)?;
        }
    }
    Ok(entries.get(0).unwrap_or(Value::NONE))
}

/// The object of a block, without what is inside.
fn entry<'a>(py: Py<'_>, scope: &Scope, name: impl Fn(python_syntax::ast::Symbol) -> &'a str) -> R<Object> {
    let symbols = py.new_dict()?;
    for (symbol, entry) in scope.symbols.iter() {
        let flags = i64::from(entry.usage & USES) | resolved(entry.resolution) << SCOPE_OFFSET;
        py.dict_set_text(symbols, name(symbol), Value::int(flags))?;
    }
    let parameters = crate::support::strings(py, scope.parameters.iter().map(|symbol| name(*symbol)))?;
    let (title, children) = (py.str(name(scope.name))?, py.new_list(scope.children.len())?);
    // The block of the whole source stands nowhere.
    let line = if scope.kind == Kind::Module { 0 } else { i64::from(scope.span.lineno) };
    let o = py.new_native(&ENTRY)?;
    o.init(word::NAME, title);
    o.init(word::SYMBOLS, symbols.value());
    o.init(word::PARAMETERS, parameters);
    o.init(word::CHILDREN, children.value());
    o.init(word::NESTED, Value::int(scope.nested.into()));
    o.init(word::TYPE, Value::int(type_of(scope.kind).1));
    o.init(word::LINE, Value::int(line));
    let id = py.int_u64(py.identity(o.value()))?;
    py.store(o, word::ID, id);
    Ok(o)
}
