//! `_locale`: the process's locale.
//!
//! As in CPython, the category of characters follows the environment from the start (UTF-8 where that says C), all others
//! are C's until a program sets them: here "the start" is the import of this module, before which nothing could tell.

use python_objects::{Args, Exc, Native, Object, Py, R, Stop, Value, string};
use std::cell::Cell;
use std::ffi::{CStr, CString};
use stdlib_core::support::{add, constants, decode_path, utf8};
use stdlib_system::locale::{self, Convention, Wide};

static FUNCTIONS: &[Native] = &[
    Native::function("setlocale", "category, locale=None, /", set_locale, "Set or tell the locale of a category."),
    Native::function("localeconv", "", conventions, "Return how numbers and sums of money are written, as a dict."),
    Native::function("strcoll", "os1, os2, /", collate, "Compare two strings as the locale sorts them."),
    Native::function("strxfrm", "string, /", sort_key, "Return a string that compares as the locale sorts this one."),
    Native::function("nl_langinfo", "key, /", information, "Return what the locale says of an item."),
    Native::function("gettext", "msg, /", gettext, "gettext(msg) -> string\n\nThe translation of a message."),
    Native::function(
        "dgettext",
        "domain, msg, /",
        dgettext,
        "dgettext(domain, msg) -> string\n\nThe translation of a message in a domain.",
    ),
    Native::function(
        "dcgettext",
        "domain, msg, category, /",
        dcgettext,
        "dcgettext(domain, msg, category) -> string\n\nThe translation of a message in a domain and a category.",
    ),
    Native::function("textdomain", "domain, /", text_domain, "Set the current domain of messages; return it."),
    Native::function("bindtextdomain", "domain, dir, /", bind_text_domain, "Set where a domain's messages are."),
    Native::function(
        "bind_textdomain_codeset",
        "domain, codeset, /",
        bind_text_domain_encoding,
        "Set the encoding of a domain's messages.",
    ),
    Native::function(
        "getencoding",
        "",
        |py, _| decoded(py, &locale::information(libc::CODESET)),
        "The encoding of the locale's characters.",
    ),
];

/// Items of `nl_langinfo`.
const ITEMS: &[(&str, i32)] = &[
    ("DAY_1", libc::DAY_1),
    ("DAY_2", libc::DAY_2),
    ("DAY_3", libc::DAY_3),
    ("DAY_4", libc::DAY_4),
    ("DAY_5", libc::DAY_5),
    ("DAY_6", libc::DAY_6),
    ("DAY_7", libc::DAY_7),
    ("ABDAY_1", libc::ABDAY_1),
    ("ABDAY_2", libc::ABDAY_2),
    ("ABDAY_3", libc::ABDAY_3),
    ("ABDAY_4", libc::ABDAY_4),
    ("ABDAY_5", libc::ABDAY_5),
    ("ABDAY_6", libc::ABDAY_6),
    ("ABDAY_7", libc::ABDAY_7),
    ("MON_1", libc::MON_1),
    ("MON_2", libc::MON_2),
    ("MON_3", libc::MON_3),
    ("MON_4", libc::MON_4),
    ("MON_5", libc::MON_5),
    ("MON_6", libc::MON_6),
    ("MON_7", libc::MON_7),
    ("MON_8", libc::MON_8),
    ("MON_9", libc::MON_9),
    ("MON_10", libc::MON_10),
    ("MON_11", libc::MON_11),
    ("MON_12", libc::MON_12),
    ("ABMON_1", libc::ABMON_1),
    ("ABMON_2", libc::ABMON_2),
    ("ABMON_3", libc::ABMON_3),
    ("ABMON_4", libc::ABMON_4),
    ("ABMON_5", libc::ABMON_5),
    ("ABMON_6", libc::ABMON_6),
    ("ABMON_7", libc::ABMON_7),
    ("ABMON_8", libc::ABMON_8),
    ("ABMON_9", libc::ABMON_9),
    ("ABMON_10", libc::ABMON_10),
    ("ABMON_11", libc::ABMON_11),
    ("ABMON_12", libc::ABMON_12),
    ("RADIXCHAR", libc::RADIXCHAR),
    ("THOUSEP", libc::THOUSEP),
    ("CRNCYSTR", libc::CRNCYSTR),
    ("D_T_FMT", libc::D_T_FMT),
    ("D_FMT", libc::D_FMT),
    ("T_FMT", libc::T_FMT),
    ("AM_STR", libc::AM_STR),
    ("PM_STR", libc::PM_STR),
    ("CODESET", libc::CODESET),
    ("T_FMT_AMPM", libc::T_FMT_AMPM),
    ("ERA", libc::ERA),
    ("ERA_D_FMT", libc::ERA_D_FMT),
    ("ERA_D_T_FMT", libc::ERA_D_T_FMT),
    ("ERA_T_FMT", libc::ERA_T_FMT),
    ("ALT_DIGITS", libc::ALT_DIGITS),
    ("YESEXPR", libc::YESEXPR),
    ("NOEXPR", libc::NOEXPR),
    // glibc's, which the crate of its declarations lacks.
    ("_DATE_FMT", 0x2006C),
];

/// Number of the kept class of errors.
struct Kept(Cell<Option<u32>>);
fn kept(py: Py<'_>) -> std::rc::Rc<Kept> {
    py.state().data("_locale", || Kept(Cell::new(None)))
}

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    if locale::set(libc::LC_CTYPE, None).is_some_and(|now| is_c(&now)) {
        let own = locale::set(libc::LC_CTYPE, Some(c""));
        if own.is_none_or(|own| is_c(&own)) {
            locale::set(libc::LC_CTYPE, Some(c"C.UTF-8"));
        }
    }
    let error = stdlib_core::support::exception_class(py, "locale", "Error", Exc::Exception)?;
    kept(py).0.set(Some(py.keep(error.value())?));
    py.add_functions(module, FUNCTIONS)?;
    add(py, module, "Error", error.value())?;
    constants(
        py,
        module,
        &[
            ("LC_CTYPE", libc::LC_CTYPE.into()),
            ("LC_NUMERIC", libc::LC_NUMERIC.into()),
            ("LC_TIME", libc::LC_TIME.into()),
            ("LC_COLLATE", libc::LC_COLLATE.into()),
            ("LC_MONETARY", libc::LC_MONETARY.into()),
            ("LC_MESSAGES", libc::LC_MESSAGES.into()),
            ("LC_ALL", libc::LC_ALL.into()),
            ("CHAR_MAX", END.into()),
        ],
    )?;
    for (name, item) in ITEMS {
        add(py, module, name, Value::int((*item).into()))?;
    }
    Ok(())
}

/// `CHAR_MAX`: what is not available, and where grouping ends.
const END: u8 = 127;

fn is_c(name: &CStr) -> bool {
    matches!(name.to_bytes(), b"C" | b"POSIX")
}
#[cold]
fn error(py: Py<'_>, message: &str) -> R {
    let class = kept(py).0.get().map_or(py.root(Exc::Exception.root()), |number| py.kept(number));
    let message = py.str(message)?;
    let e = py.call(class, &[message])?;
    Err(py.throw(py.make_exception(e)?))
}
/// A text of the C library as a string; what is not in the locale's encoding is taken for UTF-8, other bytes are smuggled.
fn decoded(py: Py<'_>, text: &CStr) -> R {
    match locale::decode(text) {
        Some(points) => py.str_from_code_points(&points).map(Object::value),
        None => decode_path(py, text.to_bytes()),
    }
}
#[cold]
fn no_text(py: Py<'_>, v: Value, function: &str, position: usize, or: &str) -> Stop {
    let (class, at) = (py.class_name(v), if position == 0 { String::new() } else { format!(" {position}") });
    py.error(Exc::TypeError, &format!("{function}() argument{at} must be str{or}, not {class}"))
}
/// A string argument as C's functions take it.
fn text(py: Py<'_>, v: Value, function: &str, position: usize) -> R<CString> {
    match string::exact_or_payload(py, v) {
        // `utf8` refuses a NUL.
        Some(s) => Ok(CString::new(utf8(py, s)?).unwrap_or_default()),
        None => Err(no_text(py, v, function, position, "")),
    }
}
/// The same, or None.
fn text_or_none(py: Py<'_>, v: Value, function: &str, position: usize) -> R<Option<CString>> {
    if v == Value::NONE {
        return Ok(None);
    }
    if string::exact_or_payload(py, v).is_none() {
        return Err(no_text(py, v, function, position, " or None"));
    }
    text(py, v, function, position).map(Some)
}

fn set_locale(py: Py<'_>, args: Args<'_>) -> R {
    let category = py.index_i32(args.at(0))?;
    let name = text_or_none(py, args.opt(1).unwrap_or(Value::NONE), "setlocale", 2)?;
    match locale::set(category, name.as_deref()) {
        Some(now) => decoded(py, &now),
        None if name.is_some() => error(py, "unsupported locale setting"),
        None => error(py, "locale query failed"),
    }
}
fn conventions(py: Py<'_>, _: Args<'_>) -> R {
    let d = py.new_dict()?;
    for (name, field) in locale::conventions() {
        let v = match field {
            Convention::Text(text) => py.str_from_code_points(text.as_deref().unwrap_or_default())?.value(),
            Convention::Number(n) => Value::int(n.into()),
            Convention::Grouping(sizes) => {
                let list = py.new_list(sizes.len() + 1)?;
                // C's end of the text belongs to it, unless something else ends it.
                let end = sizes.last().filter(|last| **last != END).map(|_| 0);
                for size in sizes.iter().copied().chain(end) {
                    py.list_push(list, Value::int(size.into()))?;
                }
                list.value()
            }
        };
        py.dict_set_text(d, name, v)?;
    }
    Ok(d.value())
}
fn wide(py: Py<'_>, v: Value, function: &str, position: usize) -> R<Wide> {
    let Some(s) = string::exact_or_payload(py, v) else { return Err(no_text(py, v, function, position, "")) };
    match Wide::new(string::code_points(s)) {
        Some(wide) => Ok(wide),
        None => py.value_error("embedded null character"),
    }
}
fn collate(py: Py<'_>, args: Args<'_>) -> R {
    let (a, b) = (wide(py, args.at(0), "strcoll", 1)?, wide(py, args.at(1), "strcoll", 2)?);
    Ok(Value::int(locale::collate(&a, &b).into()))
}
fn sort_key(py: Py<'_>, args: Args<'_>) -> R {
    let text = wide(py, args.at(0), "strxfrm", 0)?;
    match locale::sort_key(&text) {
        Some(key) => py.str_from_code_points(&key).map(Object::value),
        None => Err(py.out_of_memory(vm_api::heap::OutOfMemory)),
    }
}
fn information(py: Py<'_>, args: Args<'_>) -> R {
    let item = py.index_i32(args.at(0))?;
    // Others may be of a type that is no text.
    if !ITEMS.iter().any(|(_, known)| *known == item) {
        return py.value_error("unsupported langinfo constant");
    }
    decoded(py, &locale::information(item))
}

fn gettext(py: Py<'_>, args: Args<'_>) -> R {
    let message = text(py, args.at(0), "gettext", 0)?;
    decoded(py, &locale::translated(None, &message, libc::LC_MESSAGES))
}
fn dgettext(py: Py<'_>, args: Args<'_>) -> R {
    let (domain, message) = (text_or_none(py, args.at(0), "dgettext", 1)?, text(py, args.at(1), "dgettext", 2)?);
    decoded(py, &locale::translated(domain.as_deref(), &message, libc::LC_MESSAGES))
}
fn dcgettext(py: Py<'_>, args: Args<'_>) -> R {
    let (domain, message) = (text_or_none(py, args.at(0), "dcgettext", 1)?, text(py, args.at(1), "dcgettext", 2)?);
    let category = py.index_i32(args.at(2))?;
    // Those that are no single category have no catalogs.
    if !(libc::LC_CTYPE..libc::LC_ALL).contains(&category) {
        return decoded(py, &message);
    }
    decoded(py, &locale::translated(domain.as_deref(), &message, category))
}
fn text_domain(py: Py<'_>, args: Args<'_>) -> R {
    let domain = text_or_none(py, args.at(0), "textdomain", 0)?;
    match locale::text_domain(domain.as_deref()) {
        Some(now) => decoded(py, &now),
        None => Err(py.os_error(&std::io::Error::last_os_error(), None)),
    }
}
fn bind_text_domain(py: Py<'_>, args: Args<'_>) -> R {
    let domain = text(py, args.at(0), "bindtextdomain", 1)?;
    if domain.is_empty() {
        return error(py, "domain must be a non-empty string");
    }
    let folder = match args.some(1) {
        None => None,
        Some(v) => {
            use std::os::unix::ffi::OsStringExt;
            let path = stdlib_core::support::path_argument(py, v, "")?.path;
            Some(CString::new(path.into_os_string().into_vec()).unwrap_or_default())
        }
    };
    match locale::bind_text_domain(&domain, folder.as_deref()) {
        Some(now) => decode_path(py, now.to_bytes()),
        None => Err(py.os_error(&std::io::Error::last_os_error(), None)),
    }
}
fn bind_text_domain_encoding(py: Py<'_>, args: Args<'_>) -> R {
    let domain = text(py, args.at(0), "bind_textdomain_codeset", 1)?;
    let encoding = text_or_none(py, args.at(1), "bind_textdomain_codeset", 2)?;
    match locale::bind_text_domain_encoding(&domain, encoding.as_deref()) {
        Some(now) => decoded(py, &now),
        None => Ok(Value::NONE),
    }
}
