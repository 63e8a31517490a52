//! The embedded library as a part of `sys.path`: the finder that `sys.path_hooks` makes for its folder and those below, and
//! the loader of its modules.
//!
//! No file stands there: the sources are in the binary, their compiled form in a cache.

use super::{cache, system};
use crate::support::{expect_text, strings};
use python_builtins::compile::{CompileFlags, compile_source};
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, string};
use stdlib_library::ROOT;

// Words: dictionary, path.
static FINDER: TypeSpec = TypeSpec::values(
    "_library",
    "LibraryFinder",
    2,
    &[
        Native::getter("path", |py, a| Ok(this(py, a, &FINDER)?.get(2)), "The folder it looks into."),
        Native::method("find_spec", "self, fullname, target=None", find_spec, "Find a module of the library."),
        Native::method("iter_modules", "self, prefix=''", iter_modules, "Name the modules in the folder, for pkgutil."),
        Native::method("invalidate_caches", "self, /", |_, _| Ok(Value::NONE), "Nothing ever changes."),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    ],
    "Finder of modules in a folder of the embedded library.",
)
.weakly_referenced()
.with_dict(1);

// Words: dictionary, name, path.
static LOADER: TypeSpec = TypeSpec::values(
    "_library",
    "LibraryLoader",
    3,
    &[
        Native::getter("name", |py, a| Ok(this(py, a, &LOADER)?.get(2)), "The module's name."),
        Native::getter("path", |py, a| Ok(this(py, a, &LOADER)?.get(3)), "The path that its file seems to have."),
        Native::method("create_module", "self, spec", |_, _| Ok(Value::NONE), "Use the default."),
        Native::method("exec_module", "self, module", exec_module, "Run the module's code."),
        Native::method("load_module", "self, fullname=None", load_module, "Import the module."),
        Native::method("is_package", "self, fullname=None", is_package, "Is it a package?"),
        Native::method("get_filename", "self, fullname=None", get_filename, "Return the path."),
        Native::method("get_code", "self, fullname=None", get_code, "Return the module's code object."),
        Native::method("get_source", "self, fullname=None", get_source, "Return the source text."),
        Native::method("get_data", "self, path", get_data, "Return the content of a file of the library."),
        Native::method(
            "get_resource_reader",
            "self, name",
            get_resource_reader,
            "Return a reader of the package's files.",
        ),
    ],
    "Loader of a module of the embedded library.",
)
.weakly_referenced()
.with_dict(1);

static HOOK: &[Native] = &[Native::function("path_hook_for_library", "path, /", hook, "Make a finder, if it is ours.")];

/// The function for `sys.path_hooks`.
pub(super) fn path_hook(py: Py<'_>) -> R {
    let module = py.new_module("_library")?;
    py.add_functions(module, HOOK)?;
    Ok(py.module_item(module, "path_hook_for_library")?.unwrap_or(Value::NONE))
}

/// The dotted name of a folder below the root, empty for the root itself.
fn dotted(folder: &str) -> Option<String> {
    let rest = folder.strip_prefix(ROOT)?;
    (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_matches('/').replace('/', "."))
}

fn hook(py: Py<'_>, args: Args<'_>) -> R {
    let path = string::exact_or_payload(py, args.at(0)).map(string::to_rust);
    if path.as_deref().and_then(dotted).is_none() {
        return py.err(Exc::ImportError, "not a folder of the embedded library");
    }
    let o = py.new_native(&FINDER)?;
    py.store(o, 2, args.at(0));
    Ok(o.value())
}

fn this(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R<Object> {
    match py.of_kind(args.at(0), spec.kind) {
        Some(o) => Ok(o),
        None => py.type_error(&format!("a {} is required", spec.name)),
    }
}

/// What a finder's folder is called.
fn folder(py: Py<'_>, args: Args<'_>) -> R<String> {
    py.str_text(this(py, args, &FINDER)?.get(2))
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let folder = py.repr_text(this(py, args, &FINDER)?.get(2))?;
    py.str(&format!("LibraryFinder({folder})"))
}

fn find_spec(py: Py<'_>, args: Args<'_>) -> R {
    let full = expect_text(py, args.at(1), "find_spec", 1)?;
    let tail = full.rsplit('.').next().unwrap_or_default();
    let mut name = dotted(&folder(py, args)?).unwrap_or_default();
    if !name.is_empty() {
        name.push('.');
    }
    name.push_str(tail);
    let Some(is_package) = stdlib_library::contains(&name) else { return Ok(Value::NONE) };
    let base = format!("{ROOT}/{}", name.replace('.', "/"));
    let path = py.str(&if is_package { format!("{base}/__init__.py") } else { format!("{base}.py") })?;
    let loader = py.new_native(&LOADER)?;
    py.store(loader, 2, args.at(1));
    py.store(loader, 3, path);
    let class = system::bootstrap_item(py, "ModuleSpec")?;
    let spec = py.call(class, &[args.at(1), loader.value()])?;
    let put = |name: &str, v: Value| py.set_attribute(spec, py.intern(name)?, Some(v));
    put("origin", path)?;
    put("_set_fileattr", Value::TRUE)?;
    if is_package {
        put("submodule_search_locations", strings(py, [base].iter())?)?;
    }
    Ok(spec)
}

fn iter_modules(py: Py<'_>, args: Args<'_>) -> R {
    let prefix = args.opt(1).map_or(Ok(String::new()), |v| py.str_text(v))?;
    let parent = dotted(&folder(py, args)?).unwrap_or_default();
    let found = py.new_list(0)?;
    for name in stdlib_library::names() {
        let (own, tail) = name.rsplit_once('.').unwrap_or(("", name));
        if own == parent {
            let shown = py.str(&format!("{prefix}{tail}"))?;
            let entry = py.tuple(&[shown, Value::bool(stdlib_library::contains(name) == Some(true))])?;
            py.list_push(found, entry)?;
        }
    }
    py.iter(found.value())
}

/// The module of the library whose source a path is.
fn module_of(path: &str) -> Option<String> {
    let rest = path.strip_prefix(ROOT)?.strip_prefix('/')?.strip_suffix(".py")?;
    let name = rest.strip_suffix("/__init__").unwrap_or(rest).replace('/', ".");
    let is_package = stdlib_library::contains(&name)?;
    (is_package == rest.ends_with("/__init__")).then_some(name)
}

/// The content of a source file: of the embedded library or the file system's.
pub(crate) fn source_bytes(path: &str) -> std::io::Result<Vec<u8>> {
    match module_of(path).and_then(|name| stdlib_library::module(&name)) {
        Some(module) => Ok(module.source.into_owned()),
        None => std::fs::read(path),
    }
}

/// The code object of a module of the library under this file name; `None` if the library has no such module.
pub(super) fn code(py: Py<'_>, name: &str, file: &str) -> R<Option<Object>> {
    let kept = if file.starts_with('<') { format!("frozen.{name}") } else { name.to_owned() };
    let flags = CompileFlags::module(py);
    if let Some(code) = cache::read(py, &kept, flags.code.optimize) {
        return py.link(code).map(Some);
    }
    let Some(module) = stdlib_library::module(name) else { return Ok(None) };
    let code = compile_source(py, &module.source, file, python_syntax::Mode::Exec, &flags)?;
    cache::write(py, &kept, flags.code.optimize, &py.unlinked(code)?);
    Ok(Some(code))
}

fn path_text(py: Py<'_>, args: Args<'_>) -> R<String> {
    py.str_text(this(py, args, &LOADER)?.get(3))
}

/// A loader loads its own module only: ImportError for another.
fn own_name(py: Py<'_>, args: Args<'_>) -> R<()> {
    let own = this(py, args, &LOADER)?.get(2);
    let Some(asked) = args.some(1) else { return Ok(()) };
    if py.equal(own, asked)? {
        return Ok(());
    }
    let text = format!("loader for {} cannot handle {}", py.str_text(own)?, py.str_text(asked)?);
    Err(super::import_error(py, Exc::ImportError, &text, asked, Value::NONE))
}

fn own_code(py: Py<'_>, args: Args<'_>) -> R<Object> {
    let path = path_text(py, args)?;
    let found = match module_of(&path) {
        Some(name) => code(py, &name, &path)?,
        None => None,
    };
    match found {
        Some(code) => Ok(code),
        None => py.err(Exc::ImportError, &format!("the library has no file {path}")),
    }
}

fn exec_module(py: Py<'_>, args: Args<'_>) -> R {
    let code = own_code(py, args)?.value();
    let d = py.get_attribute(args.at(1), sym::DICT)?;
    let builtins = Object::of(py.root(root::BUILTINS_DICT));
    let exec = py.intern("exec")?;
    let Some(exec) = python_objects::dict::get_symbol(py, builtins, exec) else {
        return py.err(Exc::ImportError, "exec not found");
    };
    // By the function whose frames tracebacks leave out.
    let call = system::bootstrap_item(py, "_call_with_frames_removed")?;
    py.call(call, &[exec, code, d])
}

fn load_module(py: Py<'_>, args: Args<'_>) -> R {
    own_name(py, args)?;
    let shim = system::bootstrap_item(py, "_load_module_shim")?;
    let o = this(py, args, &LOADER)?;
    py.call(shim, &[o.value(), o.get(2)])
}
fn is_package(py: Py<'_>, args: Args<'_>) -> R {
    own_name(py, args)?;
    Ok(Value::bool(path_text(py, args)?.ends_with("/__init__.py")))
}
fn get_filename(py: Py<'_>, args: Args<'_>) -> R {
    own_name(py, args)?;
    Ok(this(py, args, &LOADER)?.get(3))
}
fn get_code(py: Py<'_>, args: Args<'_>) -> R {
    own_name(py, args)?;
    Ok(own_code(py, args)?.value())
}

fn data(py: Py<'_>, path: &str, shown: Value) -> R<Vec<u8>> {
    match module_of(path).and_then(|name| stdlib_library::module(&name)) {
        Some(module) => Ok(module.source.into_owned()),
        // ENOENT
        None => Err(py.os_error(&std::io::Error::from_raw_os_error(2), Some(shown))),
    }
}

fn get_source(py: Py<'_>, args: Args<'_>) -> R {
    own_name(py, args)?;
    let shown = this(py, args, &LOADER)?.get(3);
    let path = py.str_text(shown)?;
    let source = data(py, &path, shown)?;
    match python_syntax::decode(&source, &path).ok().and_then(|text| String::from_utf8(text).ok()) {
        Some(text) => py.str(&text),
        None => {
            let name = this(py, args, &LOADER)?.get(2);
            let text = "source not available through get_source()";
            Err(super::import_error(py, Exc::ImportError, text, name, Value::NONE))
        }
    }
}

fn get_data(py: Py<'_>, args: Args<'_>) -> R {
    let path = expect_text(py, args.at(1), "get_data", 0)?;
    Ok(py.bytes(&data(py, &path, args.at(1))?)?.value())
}

fn get_resource_reader(py: Py<'_>, args: Args<'_>) -> R {
    let path = path_text(py, args)?;
    let Some(folder) = path.strip_suffix("/__init__.py") else { return Ok(Value::NONE) };
    let readers = super::import_name(py, "_library_reader")?;
    let reader = py.get_attribute_text(readers.value(), "LibraryReader")?;
    let o = this(py, args, &LOADER)?;
    let folder = py.str(folder)?;
    py.call(reader, &[o.value(), folder])
}
