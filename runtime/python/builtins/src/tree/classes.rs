//! The classes of syntax trees, made from the front end's table when they are first asked for.

use python_objects::kind::{Kind, class as builtin};
use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Object, Py, R, Value, class, list, string, tuple};
use python_syntax::ast::{CLASSES, ClassInfo, FieldInfo, OPERATORS, Quantity};
use std::collections::HashMap;
use std::rc::Rc;

const POSITIONS: &[&str] = &["lineno", "col_offset", "end_lineno", "end_col_offset"];

/// The types of the grammar of trees, in the order of the module.
const SUMS: &[&str] = &[
    "mod",
    "stmt",
    "expr",
    "expr_context",
    "boolop",
    "operator",
    "unaryop",
    "cmpop",
    "comprehension",
    "excepthandler",
    "arguments",
    "arg",
    "keyword",
    "alias",
    "withitem",
    "match_case",
    "pattern",
    "type_ignore",
    "type_param",
];

macro_rules! class_info {
    ($sum:literal $name:literal $($field:literal: $kind:literal $quantity:ident),*) => {
        ClassInfo {
            name: $name,
            sum: $sum,
            fields: &[$( FieldInfo::new($field, $kind, Quantity::$quantity) ),*],
            located: false,
        }
    };
}

/// What has no node type in the front end.
static ROOTS: &[ClassInfo] = &[
    class_info!("mod" "Module" "body": "stmt" Many, "type_ignores": "type_ignore" Many),
    class_info!("mod" "Interactive" "body": "stmt" Many),
    class_info!("mod" "Expression" "body": "expr" One),
    class_info!("mod" "FunctionType" "argtypes": "expr" Many, "returns": "expr" One),
    class_info!("type_ignore" "TypeIgnore" "lineno": "int" One, "tag": "string" One),
];

static METHODS: &[Native] = &[
    Native::wrapper(
        "__init__",
        "self, /, *args, **kwargs",
        init,
        "Initialize self.  See help(type(self)) for accurate signature.",
    ),
    Native::method("__reduce__", "self, /", reduce, ""),
];

/// A class of the module.
struct Entry {
    name: &'static str,
    info: Option<&'static ClassInfo>,
    /// What its documentation says: the grammar's line for it.
    base: usize,
}

/// The classes, by number: the base of all is 0. The objects are in a list that the interpreter keeps.
pub(super) struct Classes {
    entries: Vec<Entry>,
    by_name: HashMap<&'static str, usize>,
    by_class: HashMap<u32, usize>,
    /// Number of the kept list: the classes, then an instance of each class without fields.
    kept: u32,
}

impl Classes {
    pub(super) fn base(&self, py: Py<'_>) -> Object {
        Object::of(list::item(Object::of(py.kept(self.kept)), 0))
    }
    /// The class of a name in the table.
    pub(super) fn class(&self, py: Py<'_>, name: &str) -> Object {
        let number = self.by_name.get(name).copied().unwrap_or(0);
        Object::of(list::item(Object::of(py.kept(self.kept)), number))
    }
    /// The instance that stands for an operator or context.
    pub(super) fn operator(&self, py: Py<'_>, name: &str) -> Value {
        let number = self.by_name.get(name).copied().unwrap_or(0);
        list::item(Object::of(py.kept(self.kept)), self.entries.len() + number)
    }
    /// The class of the table that the object is an instance of, if its type is `sum`.
    pub(super) fn of(&self, py: Py<'_>, v: Value, sum: &str) -> Option<&'static ClassInfo> {
        tuple::items(class::mro(py.class_of(v))).find_map(|c| {
            let number = self.by_class.get(&class::number(Object::of(c)))?;
            self.entries[*number].info.filter(|info| info.sum == sum)
        })
    }
}

/// The classes, if they were made.
pub(super) fn known(py: Py<'_>) -> Option<Rc<Classes>> {
    let cell = py.state().data("_ast", std::cell::OnceCell::<Rc<Classes>>::new);
    cell.get().cloned()
}

/// The classes.
pub(super) fn classes(py: Py<'_>) -> R<Rc<Classes>> {
    if let Some(known) = known(py) {
        return Ok(known);
    }
    let made = Rc::new(make(py)?);
    let cell = py.state().data("_ast", std::cell::OnceCell::<Rc<Classes>>::new);
    Ok(cell.get_or_init(|| made).clone())
}

fn table() -> Vec<Entry> {
    let mut entries = vec![Entry { name: "AST", info: None, base: 0 }];
    for sum in SUMS {
        let members = || ROOTS.iter().chain(CLASSES).chain(OPERATORS).filter(|c| c.sum == *sum);
        let own = members().any(|c| c.name == *sum);
        let base = if own { 0 } else { entries.len() };
        if !own {
            entries.push(Entry { name: sum, info: None, base: 0 });
        }
        entries.extend(members().map(|c| Entry { name: c.name, info: Some(c), base }));
    }
    entries
}

fn make(py: Py<'_>) -> R<Classes> {
    let entries = table();
    let kept = py.new_list(2 * entries.len())?;
    let kept_number = py.keep(kept.value())?;
    let mut by_class = HashMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let c = make_class(py, kept, &entries, entry, number)?;
        by_class.insert(class::number(c), number);
        py.list_push(kept, c.value())?;
    }
    for number in 0..entries.len() {
        let o = py.alloc_instance(Object::of(list::item(kept, number)))?;
        py.list_push(kept, o.value())?;
    }
    let by_name = entries.iter().enumerate().map(|(i, e)| (e.name, i)).collect();
    Ok(Classes { entries, by_name, by_class, kept: kept_number })
}

fn names(py: Py<'_>, names: impl Iterator<Item = &'static str>) -> R {
    let l = py.new_list(4)?;
    for name in names {
        let name = py.intern(name)?;
        py.list_push(l, py.symbol_string(name).value())?;
    }
    py.list_to_tuple(l)
}

fn make_class(py: Py<'_>, kept: Object, entries: &[Entry], entry: &Entry, number: usize) -> R<Object> {
    let namespace = py.new_dict()?;
    let fields: &[FieldInfo] = entry.info.map_or(&[], |info| info.fields);
    let field_names = names(py, fields.iter().map(FieldInfo::name))?;
    for attribute in ["_fields", "__match_args__"] {
        py.dict_set_text(namespace, attribute, field_names)?;
    }
    let (module, doc) = (py.str("ast")?, documentation(entries, entry, number));
    py.dict_set_symbol(namespace, sym::MODULE, module)?;
    let doc = match doc {
        Some(doc) => py.str(&doc)?,
        None => Value::NONE,
    };
    py.dict_set_symbol(namespace, sym::DOC, doc)?;
    for field in fields.iter().filter(|f| f.quantity == Quantity::Optional) {
        py.dict_set_text(namespace, field.name(), Value::NONE)?;
    }
    let located = match entry.info {
        Some(info) => entry.base == 0 && info.located,
        // A type whose members have positions has the attributes itself.
        None => CLASSES.iter().any(|c| c.sum == entry.name && c.located),
    };
    if number == 0 || entry.base == 0 {
        let positions: &[&str] = match (located, entry.name) {
            (true, "type_param") | (true, "pattern") | (true, _) => POSITIONS,
            (false, _) => &[],
        };
        let attributes = names(py, positions.iter().copied())?;
        py.dict_set_text(namespace, "_attributes", attributes)?;
        // CPython's grammar lets the end be absent, but for patterns and type parameters.
        if located && !["pattern", "type_param"].contains(&entry.name) {
            for name in ["end_lineno", "end_col_offset"] {
                py.dict_set_text(namespace, name, Value::NONE)?;
            }
        }
    }
    let base = if number == 0 { py.object_class().value() } else { list::item(kept, entry.base) };
    let bases = Object::of(py.tuple(&[base])?);
    let (name, meta) = (py.new_str(entry.name)?, py.builtin_class(builtin::TYPE));
    let made = Object::of(py.type_new(meta, name, bases, namespace, Value::EMPTY)?);
    if number == 0 {
        py.add_methods(made, METHODS)?;
    }
    Ok(made)
}

/// The grammar's text for a class; for a type, its members, each on a line.
fn documentation(entries: &[Entry], entry: &Entry, number: usize) -> Option<String> {
    let one = |info: &ClassInfo| {
        if info.fields.is_empty() && info.sum != info.name {
            return info.name.to_owned();
        }
        let field = |f: &FieldInfo| {
            let mark = match f.quantity {
                Quantity::One => "",
                Quantity::Optional => "?",
                Quantity::Many => "*",
            };
            format!("{}{mark} {}", f.kind, f.name())
        };
        format!("{}({})", info.name, info.fields.iter().map(field).collect::<Vec<_>>().join(", "))
    };
    if number == 0 {
        return None;
    }
    let Some(info) = entry.info else {
        let members: Vec<_> = entries.iter().filter(|e| e.base == number).filter_map(|e| e.info).collect();
        let separator = if members.iter().all(|m| m.fields.is_empty()) {
            " | ".to_owned()
        } else {
            format!("\n{} | ", " ".repeat(entry.name.len()))
        };
        let members: Vec<_> = members.into_iter().map(one).collect();
        return Some(format!("{} = {}", entry.name, members.join(&separator)));
    };
    Some(one(info))
}

/// Fills the module `_ast`.
pub fn fill_module(py: Py<'_>, module: Object) -> R<()> {
    let classes = classes(py)?;
    let d = py.module_dict(module);
    let add = |number: usize| {
        let c = list::item(Object::of(py.kept(classes.kept)), number);
        py.dict_set_text(d, classes.entries[number].name, c)
    };
    add(0)?;
    for (name, flag) in
        [("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000), ("PyCF_ONLY_AST", 0x400), ("PyCF_TYPE_COMMENTS", 0x1000)]
    {
        py.dict_set_text(d, name, Value::int(flag))?;
    }
    (1..classes.entries.len()).try_for_each(add)
}

/// `_fields` of an object's class.
fn fields_of(py: Py<'_>, node: Value) -> R<Object> {
    match super::attribute(py, py.class_of(node).value(), "_fields")? {
        Some(fields) => py.tuple_from(fields),
        None => Ok(Object::of(py.empty_tuple())),
    }
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let (node, positional) = (args.at(0), Object::of(args.at(1)));
    let fields = fields_of(py, node)?;
    let (given, most) = (positional.length(), fields.length());
    if given > most {
        let s = if most == 1 { "" } else { "s" };
        return py
            .type_error(&format!("{} constructor takes at most {most} positional argument{s}", py.class_name(node)));
    }
    let set = |name: Value, v: Value| match py.symbol_of_value(name)? {
        Some(name) => py.set_attribute(node, name, Some(v)),
        None => py.type_error("attribute name must be string"),
    };
    for i in 0..given {
        set(fields.element(i), positional.element(i))?;
    }
    let Some(keywords) = args.opt(2) else { return Ok(Value::NONE) };
    let (names, values) = py.split_keywords(Object::of(keywords))?;
    for (i, name) in tuple::items(names).enumerate() {
        let twice = string::exact_or_payload(py, name).is_some_and(|name| {
            let is_name = |f: Value| string::exact_or_payload(py, f).is_some_and(|f| string::equal(f, name));
            tuple::items(fields).take(given).any(is_name)
        });
        if twice {
            let message = format!("{} got multiple values for argument '{}'", py.class_name(node), py.str_text(name)?);
            return py.type_error(&message);
        }
        set(name, values.element(i))?;
    }
    Ok(Value::NONE)
}

fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let node = args.at(0);
    let (class, nothing) = (py.class_of(node).value(), py.empty_tuple());
    let d = match Object::from_value(node) {
        Some(o) if py.kind(node) == Kind::OBJECT => py.instance_dict(o)?,
        _ => None,
    };
    match d {
        Some(d) => py.tuple(&[class, nothing, d.value()]),
        None => py.tuple(&[class, nothing]),
    }
}
