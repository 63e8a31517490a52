//! Every module of the library parses with our own front end.

use python_syntax::{Mode, Options, parse};
use stdlib_library::{module, names};

#[test]
fn every_module_parses() {
    let mut refused = Vec::new();
    for name in names() {
        let module = module(name).unwrap();
        if let Err(error) = parse(&module.source, &module.origin, Mode::Exec, Options::default()) {
            refused.push(format!("{}:{:?}: {}", module.origin, error.lineno, error.message));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
