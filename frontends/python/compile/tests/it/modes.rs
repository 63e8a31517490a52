//! Modes and options of `compile()`.

use python_compile::opcodes::{self, flag};
use python_compile::{CompileError, Options, compile};
use python_syntax::{Mode, parse};
use vm_code::code::code_flag;
use vm_code::{Code, Constant};

fn code(source: &str, mode: Mode, options: Options) -> Result<Code, CompileError> {
    let parsed = parse(source.as_bytes(), "<source>", mode, python_syntax::Options::default()).expect("it parses");
    let (code, _) = compile(&parsed.ast, "<source>", &options)?;
    vm_code::verify(&code, &opcodes::OPCODES).expect("what is compiled verifies");
    Ok(code)
}

fn count(code: &Code, op: u16) -> usize {
    code.instructions.iter().filter(|instruction| instruction.op == op).count()
}

#[test]
fn eval_returns_and_single_prints() {
    let value = code("x + 1", Mode::Eval, Options::default()).expect("it compiles");
    assert_eq!((count(&value, opcodes::RETURN), count(&value, opcodes::ADD_K)), (1, 1));
    let entry = code("x; 1; y = 2\n", Mode::Single, Options::default()).expect("it compiles");
    assert_eq!(count(&entry, opcodes::PRINT_EXPR), 2);
    let compound = code("if x:\n  y\n", Mode::Single, Options::default()).expect("it compiles");
    assert_eq!(count(&compound, opcodes::PRINT_EXPR), 1);
    let inner = code("def f():\n  y\n", Mode::Single, Options::default()).expect("it compiles");
    let Some(Constant::Code(f)) = inner.constants.iter().find(|constant| matches!(constant, Constant::Code(_))) else {
        panic!("{:?}", inner.constants);
    };
    assert_eq!(count(f, opcodes::PRINT_EXPR), 0);
}

#[test]
fn optimization_drops_assertions_then_documentation() {
    let source = "def f():\n  'text'\n  assert x\n  if __debug__: g()\n";
    for (optimize, asserts, documented) in [(0, true, true), (1, false, true), (2, false, false)] {
        let module = code(source, Mode::Exec, Options { optimize, ..Options::default() }).expect("it compiles");
        let Some(Constant::Code(f)) = module.constants.iter().find(|constant| matches!(constant, Constant::Code(_)))
        else {
            panic!("{:?}", module.constants);
        };
        assert_eq!(count(f, opcodes::LOAD_ASSERTION_ERROR) == 1, asserts, "{optimize}");
        assert_eq!(count(f, opcodes::CALL) == 1, asserts, "{optimize}");
        assert_eq!(f.flags & flag::HAS_DOCSTRING != 0, documented, "{optimize}");
        assert_eq!(f.extra.len(), usize::from(documented), "{optimize}");
    }
}

#[test]
fn names_of_plain_modules_are_globals() {
    let source = "x = 1\ny = x\ndel x\n[x for _ in y]\nclass C:\n  z = x\n";
    let options = Options { plain_module: true, ..Options::default() };
    let plain = code(source, Mode::Exec, options).expect("it compiles");
    assert_eq!(count(&plain, opcodes::LOAD_NAME) + count(&plain, opcodes::STORE_NAME), 0);
    assert_eq!(count(&plain, opcodes::DELETE_GLOBAL), 1);
    let general = code(source, Mode::Exec, Options::default()).expect("it compiles");
    assert_eq!(count(&general, opcodes::LOAD_GLOBAL) + count(&general, opcodes::STORE_GLOBAL), 0);
    assert_eq!(count(&general, opcodes::DELETE_NAME), 1);
}

#[test]
fn top_level_await_makes_a_coroutine() {
    let refused = code("await x\n", Mode::Exec, Options::default());
    assert!(matches!(refused, Err(CompileError::Syntax(_))), "{refused:?}");
    let options = Options { top_level_await: true, ..Options::default() };
    let module = code("await x\nasync for y in z: pass\n", Mode::Exec, options).expect("it compiles");
    assert_ne!(module.flags & flag::COROUTINE, 0);
    assert_ne!(module.flags & code_flag::SUSPENDS, 0);
    let plain = code("x\n", Mode::Exec, options).expect("it compiles");
    assert_eq!(plain.flags & code_flag::SUSPENDS, 0);
}

#[test]
fn future_flags_are_inherited_and_passed_on() {
    let options = Options { inherited_flags: flag::FUTURE_ANNOTATIONS, ..Options::default() };
    let inherited = code("x: a.b\n", Mode::Exec, options).expect("it compiles");
    assert!(inherited.constants.contains(&Constant::Str(b"a.b".as_slice().into())));
    assert_ne!(inherited.flags & flag::FUTURE_ANNOTATIONS, 0);
    let own = code("from __future__ import annotations\n", Mode::Exec, Options::default()).expect("it compiles");
    assert_ne!(own.flags & flag::FUTURE_ANNOTATIONS, 0);
}
