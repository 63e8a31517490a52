//! Compiled files: beside users' modules by CPython's rules, of the embedded library in a cache of its own.

use super::{code, prism, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that is gone at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }
    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.0.join(name), content).expect("writable");
    }
    fn has(&self, name: &str) -> bool {
        self.0.join(name).exists()
    }
    /// Runs `prism` in it, where compiled files are written unless something else is said.
    fn prism(&self, arguments: &[&str]) -> Command {
        let mut command = prism(arguments);
        command.current_dir(&self.0).env("XDG_CACHE_HOME", self.0.join("cache"));
        for name in ["PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPATH"] {
            command.env_remove(name);
        }
        command
    }
    fn run(&self, arguments: &[&str]) -> Output {
        self.prism(arguments).output().expect("prism starts")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Left over if it fails; the folder is the build's own.
        _ = std::fs::remove_dir_all(&self.0);
    }
}

#[track_caller]
fn prints(output: &Output, expected: &str) {
    assert_eq!((stdout(output).as_str(), code(output)), (expected, 0), "{}", stderr(output));
}

const PYC: &str = "__pycache__/m.prism-312.pyc";

#[test]
fn a_module_is_compiled_once_and_again_when_its_source_changes() {
    let folder = Folder::new("pyc");
    folder.write("m.py", "print('one')\n");
    prints(&folder.run(&["-c", "import m; print(m.__cached__.endswith('m.prism-312.pyc'))"]), "one\nTrue\n");
    let first = std::fs::read(folder.0.join(PYC)).expect("a compiled file");
    prints(
        &folder
            .run(&["-c", "import m, importlib.util as u; print(u.MAGIC_NUMBER == open(m.__cached__, 'rb').read(4))"]),
        "one\nTrue\n",
    );
    assert_eq!(first, std::fs::read(folder.0.join(PYC)).expect("a compiled file"));
    folder.write("m.py", "print('another')\n");
    prints(&folder.run(&["-c", "import m"]), "another\n");
    assert_ne!(first, std::fs::read(folder.0.join(PYC)).expect("a compiled file"));
    // Without its source, and as a script.
    std::fs::rename(folder.0.join(PYC), folder.0.join("n.pyc")).expect("it is there");
    prints(&folder.run(&["-c", "import n"]), "another\n");
    prints(&folder.run(&["n.pyc"]), "another\n");
}

#[test]
fn options_and_variables_say_where_compiled_files_go() {
    let folder = Folder::new("where");
    folder.write("m.py", "");
    for (options, variable) in [(&["-B"][..], None), (&[], Some("PYTHONDONTWRITEBYTECODE"))] {
        let arguments: Vec<&str> = options.iter().copied().chain(["-c", "import m"]).collect();
        let mut command = folder.prism(&arguments);
        variable.map(|name| command.env(name, "1"));
        prints(&command.output().expect("prism starts"), "");
        assert!(!folder.has("__pycache__"), "{options:?} {variable:?}");
    }
    let elsewhere = folder.0.join("elsewhere");
    let option = format!("pycache_prefix={}", elsewhere.display());
    prints(&folder.run(&["-X", &option, "-c", "import m; print('elsewhere' in m.__cached__)"]), "True\n");
    assert!(!folder.has("__pycache__") && elsewhere.is_dir());
}

#[test]
fn files_with_a_sum_of_their_source_are_checked_as_asked() {
    let folder = Folder::new("sums");
    folder.write("m.py", "print('old')\n");
    let compile = "import py_compile as p, sys; p.compile('m.py', doraise=True, invalidation_mode=p.PycInvalidationMode[sys.argv[1]])";
    for (mode, [by_default, always, never]) in
        [("CHECKED_HASH", ["new", "new", "old"]), ("UNCHECKED_HASH", ["old", "new", "old"])]
    {
        for (when, expected) in [("default", by_default), ("always", always), ("never", never)] {
            folder.write("m.py", "print('old')\n");
            prints(&folder.run(&["-c", compile, mode]), "");
            folder.write("m.py", "print('new')\n");
            let output = folder.run(&["-B", "--check-hash-based-pycs", when, "-c", "import m"]);
            prints(&output, &format!("{expected}\n"));
        }
    }
}

#[test]
fn damaged_compiled_files_are_compiled_again_or_an_exception() {
    let folder = Folder::new("damaged");
    folder.write("m.py", "def f(*, k=1):\n    return [g(x=k) for g in (dict,)]\nprint(f())\n");
    prints(&folder.run(&["-c", "import m"]), "[{'x': 1}]\n");
    let program = "
import marshal, random
good = open('__pycache__/m.prism-312.pyc', 'rb').read()[16:]
random.seed(5)
counts = {}
def attempt(data):
    try: name = type(marshal.loads(data)).__name__
    except (ValueError, EOFError, TypeError) as e: name = 'refused'
    counts[name] = counts.get(name, 0) + 1
for n in range(len(good)):
    attempt(good[:n])
    attempt(good[:n] + bytes([good[n] ^ 1 << random.randrange(8)]) + good[n + 1:])
for n in range(2000):
    attempt(b'c' + (100).to_bytes(4, 'little') + random.randbytes(100))
attempt(good)
print(counts.get('code'), counts['refused'] > 2000)
";
    prints(&folder.run(&["-c", program]), "1 True\n");
    // What is no compiled file at all is not looked at; what claims to be one is an error, as under CPython.
    let path = folder.0.join(PYC);
    let good = std::fs::read(&path).expect("a compiled file");
    for bad in [&b""[..], b"garbage", &good[..10], &[&[0; 16][..], &good[16..]].concat()] {
        std::fs::write(&path, bad).expect("writable");
        prints(&folder.run(&["-B", "-c", "import m"]), "[{'x': 1}]\n");
    }
    std::fs::write(&path, &good[..good.len() - 1]).expect("writable");
    let output = folder.run(&["-B", "-c", "import m"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).ends_with("EOFError: marshal data too short\n"), "{}", stderr(&output));
}

#[test]
fn the_library_is_compiled_into_a_cache_that_may_be_missing_or_damaged() {
    let folder = Folder::new("library");
    let program = ["-c", "import textwrap; print(textwrap.dedent('  a'))"];
    prints(&folder.run(&program), "a\n");
    let keys: Vec<_> = std::fs::read_dir(folder.0.join("cache/prism/library")).expect("a cache").flatten().collect();
    assert_eq!(keys.len(), 1);
    let module = keys[0].path().join("textwrap.0");
    assert!(module.is_file());
    for damage in [&b""[..], b"damage"] {
        std::fs::write(&module, damage).expect("writable");
        prints(&folder.run(&program), "a\n");
        assert!(std::fs::read(&module).expect("written again").len() > 100);
    }
    std::fs::remove_dir_all(folder.0.join("cache")).expect("it is there");
    folder.write("cache", "no folder");
    prints(&folder.run(&program), "a\n");
    prints(
        &folder.prism(&program).env_remove("XDG_CACHE_HOME").env_remove("HOME").output().expect("prism starts"),
        "a\n",
    );
}

#[test]
fn archives_are_scripts_and_part_of_the_path() {
    let folder = Folder::new("archives");
    let make = "
import zipfile
with zipfile.ZipFile('z.zip', 'w') as z:
    z.writestr('__main__.py', 'import inner; print(__name__, inner.__file__, inner.__loader__.__class__.__name__)')
    z.writestr('inner.py', '')
";
    // zipfile imports modules that another interpreter of the same Python may have to stand in for; ours stores only.
    let made = folder.run(&["-c", make]);
    prints(&made, "");
    prints(&folder.run(&["z.zip"]), "__main__ z.zip/inner.py zipimporter\n");
}
