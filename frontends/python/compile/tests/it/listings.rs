//! Listings of small sources. `PRISM_UPDATE=1 cargo test -p python-compile listings` rewrites them; read the difference
//! before committing it: the listing is the expectation, and each is there for a reason that its source states.

use python_compile::{Options, compile, opcodes::OPCODES};
use python_syntax::{Mode, parse};
use std::fs;
use std::path::Path;

#[test]
fn sources_compile_to_their_listings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/listings");
    let mut sources: Vec<_> = fs::read_dir(&folder).expect("the folder is there").flatten().map(|e| e.path()).collect();
    sources.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
    sources.sort();
    assert!(sources.len() >= 6, "{sources:?}");
    let mut wrong = Vec::new();
    for path in sources {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let source = fs::read(&path).expect("the source can be read");
        let parsed = parse(&source, &name, Mode::Exec, python_syntax::Options::default()).expect("the source parses");
        let options = Options { plain_module: true, ..Options::default() };
        let (code, _) = compile(&parsed.ast, &name, &options).expect("the source compiles");
        vm_code::verify(&code, &OPCODES).expect("what is compiled verifies");
        let listing = vm_code::text::print(&code, &OPCODES);
        let expected = path.with_extension("listing");
        if std::env::var_os("PRISM_UPDATE").is_some() {
            fs::write(&expected, &listing).expect("the listing can be written");
        } else if fs::read_to_string(&expected).ok().as_deref() != Some(&listing) {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}: see the module header");
}
