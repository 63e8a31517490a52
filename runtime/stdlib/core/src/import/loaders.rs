//! The native finders and loaders: `BuiltinImporter`, `PathFinder`, and the loaders of sources and namespace packages.

use super::{find, load};
use crate::support::expect_text;
use python_builtins::compile::{CompileFlags, compile_source};
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, TypeSpec, Value, string};

/// A type of finders or loaders with so many fields behind the dictionary.
const fn spec(name: &'static str, fields: u32, methods: &'static [Native], doc: &'static str) -> TypeSpec {
    TypeSpec::values("_frozen_importlib_external", name, 1 + fields, methods, doc)
        .inheritable()
        .weakly_referenced()
        .with_dict(1)
}

static BUILTIN_IMPORTER: TypeSpec = spec(
    "BuiltinImporter",
    0,
    &[
        Native::static_method("find_spec", "fullname, path=None, target=None", find_builtin, "Find a native module."),
        Native::static_method("create_module", "spec", create_builtin, "Make a native module."),
        Native::static_method(
            "exec_module",
            "module",
            |_, _| Ok(Value::NONE),
            "Native modules are ready when they are made.",
        ),
        Native::static_method("load_module", "fullname", load_named, "Import a native module."),
        Native::static_method("is_package", "fullname", |_, _| Ok(Value::FALSE), "Native modules are no packages."),
        Native::static_method("get_code", "fullname", |_, _| Ok(Value::NONE), "Native modules have no code object."),
        Native::static_method("get_source", "fullname", |_, _| Ok(Value::NONE), "Native modules have no source."),
    ],
    "Finder and loader of native modules.",
);
static PATH_FINDER: TypeSpec = spec(
    "PathFinder",
    0,
    &[
        Native::static_method(
            "find_spec",
            "fullname, path=None, target=None",
            find_on_path,
            "Find a module on a path.",
        ),
        Native::static_method("invalidate_caches", "", |_, _| Ok(Value::NONE), "Nothing is cached."),
    ],
    "Finder of modules on sys.path and the paths of packages.",
);
// Words: dictionary, name, path.
static SOURCE_LOADER: TypeSpec = spec(
    "SourceFileLoader",
    2,
    &[
        Native::static_method("__new__", "cls, fullname, path", new_source_loader, ""),
        Native::wrapper("__init__", "self, fullname, path", |_, _| Ok(Value::NONE), ""),
        Native::getter("name", |py, a| Ok(this(py, a)?.get(2)), "The module's name."),
        Native::getter("path", |py, a| Ok(this(py, a)?.get(3)), "The file's path."),
        Native::method("create_module", "self, spec", |_, _| Ok(Value::NONE), "Use the default."),
        Native::method("exec_module", "self, module", exec_source, "Run the module's code."),
        Native::method("load_module", "self, fullname=None", load_named_by_self, "Import the module."),
        Native::method(
            "is_package",
            "self, fullname=None",
            |py, a| Ok(Value::bool(path_text(py, a)?.ends_with("/__init__.py"))),
            "Is it the file of a package?",
        ),
        Native::method(
            "get_filename",
            "self, fullname=None",
            |py, a| Ok(this(py, a)?.get(3)),
            "Return the file's path.",
        ),
        Native::method("get_code", "self, fullname=None", source_code, "Return the module's code object."),
        Native::method("get_source", "self, fullname=None", source_text, "Return the source text."),
        Native::method("get_data", "self, path", source_data, "Return the content of a file."),
    ],
    "Loader of source files and of the embedded library.",
);
// Words: dictionary, locations.
static NAMESPACE_LOADER: TypeSpec = spec(
    "NamespaceLoader",
    1,
    &[
        Native::method("create_module", "self, spec", |_, _| Ok(Value::NONE), "Use the default."),
        Native::method("exec_module", "self, module", |_, _| Ok(Value::NONE), "There is nothing to run."),
        Native::method("is_package", "self, fullname=None", |_, _| Ok(Value::TRUE), "Namespace packages are packages."),
        Native::method("get_source", "self, fullname=None", empty_text, "There is no source."),
    ],
    "Loader of namespace packages.",
);

/// The class, which is the finder itself.
pub(super) fn builtin_importer(py: Py<'_>) -> R<Object> {
    py.native_type(&BUILTIN_IMPORTER)
}
/// The class, which is the finder itself.
pub(super) fn path_finder(py: Py<'_>) -> R<Object> {
    py.native_type(&PATH_FINDER)
}
/// A loader of a source.
pub(super) fn source_loader(py: Py<'_>, name: &str, path: &str) -> R {
    let o = py.new_native(&SOURCE_LOADER)?;
    let (name, path) = (py.str(name)?, py.str(path)?);
    py.store(o, 2, name);
    py.store(o, 3, path);
    Ok(o.value())
}
/// A loader of a namespace package.
pub(super) fn namespace_loader(py: Py<'_>, locations: Value) -> R {
    let o = py.new_native(&NAMESPACE_LOADER)?;
    py.store(o, 2, locations);
    Ok(o.value())
}

/// Is it the loader of a namespace package?
pub(super) fn is_namespace(py: Py<'_>, loader: Value) -> bool {
    py.of_kind(loader, NAMESPACE_LOADER.kind).is_some()
}

/// Is it one of the native loaders, unchanged?
pub(super) fn is_native(py: Py<'_>, loader: Value) -> R<bool> {
    Ok(loader == builtin_importer(py)?.value()
        || [&SOURCE_LOADER, &NAMESPACE_LOADER].into_iter().any(|s| exact(py, loader, s)))
}

fn exact(py: Py<'_>, v: Value, spec: &'static TypeSpec) -> bool {
    py.of_kind(v, spec.kind).is_some() && py.native_type(spec).is_ok_and(|c| c == py.class_of(v))
}

/// `create_module` of a native loader; `None`: a plain module.
pub(super) fn create(py: Py<'_>, loader: Value, name: &str) -> R<Option<Object>> {
    if loader != builtin_importer(py)?.value() {
        return Ok(None);
    }
    create_native(py, name).map(Some)
}

/// The module object of a native module, made and filled at the first call.
pub(super) fn create_native(py: Py<'_>, name: &str) -> R<Object> {
    let cache = find::native_cache(py)?;
    let key = py.new_str(name)?;
    if let Some(m) = python_objects::dict::get_str(py, cache, key).and_then(|m| py.of_kind(m, Kind::MODULE)) {
        return Ok(m);
    }
    let Some(init) = py.native_module(name) else {
        return Err(load::import_error(
            py,
            Exc::ImportError,
            &format!("'{name}' is not a built-in module"),
            key.value(),
            Value::NONE,
        ));
    };
    let module = py.new_module(name)?;
    init(py, module)?;
    py.dict_set_str(cache, key, module.value())?;
    Ok(module)
}

/// `exec_module` of a native loader.
pub(super) fn execute(py: Py<'_>, loader: Value, module: Object) -> R<()> {
    match py.of_kind(loader, SOURCE_LOADER.kind) {
        Some(o) => {
            let path = py.str_text(o.get(3))?;
            load::run_source(py, &path, module)
        }
        None => Ok(()),
    }
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.of_kind(args.at(0), SOURCE_LOADER.kind) {
        Some(o) => Ok(o),
        None => py.type_error("a SourceFileLoader is required"),
    }
}

fn find_builtin(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "find_spec", 1)?;
    Ok(find::builtin_spec(py, &name)?.unwrap_or(Value::NONE))
}
fn create_builtin(py: Py<'_>, args: Args<'_>) -> R {
    let name = py.get_attribute_text(args.at(0), "name")?;
    let name = py.str_text(name)?;
    Ok(create_native(py, &name)?.value())
}
fn find_on_path(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "find_spec", 1)?;
    Ok(find::path_spec(py, &name, args.opt(1).unwrap_or(Value::NONE))?.unwrap_or(Value::NONE))
}
fn load_named(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "load_module", 1)?;
    Ok(super::import_name(py, &name)?.value())
}
fn load_named_by_self(py: Py<'_>, args: Args<'_>) -> R {
    let name = py.str_text(this(py, args)?.get(2))?;
    Ok(super::import_name(py, &name)?.value())
}
fn empty_text(py: Py<'_>, _: Args<'_>) -> R {
    py.str("")
}
fn new_source_loader(py: Py<'_>, args: Args<'_>) -> R {
    let Some(class) = py.of_kind(args.at(0), Kind::TYPE) else { return py.type_error("a class is required") };
    let o = py.alloc_instance(class)?;
    py.store(o, 2, args.at(1));
    py.store(o, 3, args.at(2));
    Ok(o.value())
}
fn path_text(py: Py<'_>, args: Args<'_>) -> R<String> {
    let path = this(py, args)?.get(3);
    py.str_text(path)
}
fn exec_source(py: Py<'_>, args: Args<'_>) -> R {
    let path = path_text(py, args)?;
    match py.of_kind(args.at(1), Kind::MODULE) {
        Some(m) => load::run_source(py, &path, m).map(|()| Value::NONE),
        None => py.type_error(&format!("exec_module() argument must be a module, not {}", py.class_name(args.at(1)))),
    }
}
fn source_code(py: Py<'_>, args: Args<'_>) -> R {
    let path = path_text(py, args)?;
    let source = find::source(py, &path)?;
    Ok(compile_source(py, &source, &path, python_syntax::Mode::Exec, &CompileFlags::module(py))?.value())
}
fn source_text(py: Py<'_>, args: Args<'_>) -> R {
    let path = path_text(py, args)?;
    let source = find::source(py, &path)?;
    match std::str::from_utf8(source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&source)) {
        Ok(text) => py.str(&text.replace("\r\n", "\n").replace('\r', "\n")),
        Err(_) => {
            let name = this(py, args)?.get(2);
            let text = "source not available through get_source()";
            Err(load::import_error(py, Exc::ImportError, text, name, Value::NONE))
        }
    }
}
fn source_data(py: Py<'_>, args: Args<'_>) -> R {
    let Some(path) = string::exact_or_payload(py, args.at(1)) else {
        return py.type_error(&format!("get_data() argument must be str, not {}", py.class_name(args.at(1))));
    };
    let source = find::source(py, &string::to_rust(path))?;
    Ok(py.bytes(&source)?.value())
}
