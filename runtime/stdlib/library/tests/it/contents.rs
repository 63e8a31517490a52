//! What the crate hands out.

use std::borrow::Cow;
use std::collections::BTreeSet;

use stdlib_library::{Fit, LICENSE, ROOT, Source, contains, files, module, names};

/// Modules that the first Python programs and the test harness import: there must be a file for each, or a row that
/// says why there is none.
const WANTED: &str = "__future__ abc _collections_abc collections collections.abc functools operator keyword heapq \
    bisect random reprlib types warnings string re enum copy copyreg weakref _weakrefset contextlib io os stat \
    posixpath genericpath codecs encodings linecache tokenize token traceback statistics fractions numbers decimal \
    _pydecimal hashlib struct argparse gettext locale textwrap shutil tempfile datetime _pydatetime json typing \
    dataclasses inspect dis ast importlib importlib._bootstrap importlib._bootstrap_external importlib.abc \
    importlib.machinery importlib.util importlib.resources asyncio queue threading unittest pprint bdb sched graphlib \
    timeit calendar base64 uuid glob fnmatch pathlib csv configparser logging html urllib http email xml sqlite3 \
    pickle subprocess selectors socket signal difflib doctest zipfile zoneinfo";

#[test]
fn a_module_of_each_kind() {
    let abc = module("abc").unwrap();
    assert!(!abc.is_package);
    assert_eq!(abc.origin, format!("{ROOT}/abc.py"));
    assert!(abc.source.windows(13).any(|words| words == b"class ABCMeta"));

    let collections = module("collections").unwrap();
    assert!(collections.is_package);
    assert_eq!(collections.origin, format!("{ROOT}/collections/__init__.py"));
    assert_eq!(contains("collections"), Some(true));
    assert_eq!(contains("collections.abc"), Some(false));

    let empty = module("urllib").unwrap();
    assert!(empty.is_package);
    assert!(matches!(empty.source, Cow::Borrowed(b"")));
}

#[test]
fn what_is_not_there_is_none() {
    for name in ["", ".", "abc.", "ABC", "collections.__init__", "nothing", "abc/py", "é"] {
        assert_eq!(module(name), None, "{name:?}");
        assert_eq!(contains(name), None, "{name:?}");
    }
    assert!(LICENSE.contains("PYTHON SOFTWARE FOUNDATION LICENSE"));
}

#[test]
fn every_module_unpacks_and_stands_in_its_package() {
    let all: Vec<_> = names().collect();
    assert!(all.is_sorted(), "lookup is by binary search");
    for &name in &all {
        assert!(module(name).is_some(), "{name}");
        if let Some((package, _)) = name.rsplit_once('.') {
            assert_eq!(contains(package), Some(true), "{name} needs its package");
        }
    }
}

#[test]
fn table_and_library_agree() {
    let embedded: BTreeSet<_> = names().map(|name| module(name).unwrap().origin).collect();
    let listed: BTreeSet<_> =
        files().filter(|file| file.source != Source::Absent).map(|file| format!("{ROOT}/{}", file.path)).collect();
    assert_eq!(embedded, listed);
    for file in files() {
        assert_eq!(file.note.is_empty(), file.fit == Fit::Same, "{}", file.path);
    }
}

#[test]
fn wanted_modules_are_there_or_accounted_for() {
    for name in WANTED.split_whitespace() {
        let path = name.replace('.', "/");
        let row = files().find(|file| file.path == format!("{path}.py") || file.path == format!("{path}/__init__.py"));
        assert!(row.is_some(), "modules.txt has no row for {name}");
    }
}
