//! Sizes: big functions are quick, bombs are refused.

use std::sync::Arc;
use std::time::{Duration, Instant};
use vm_code::fuzzing::{TABLE, op};
use vm_code::serial::{load, write};
use vm_code::{
    Builder, Code, Constant, ExceptionEntry, Fault, Instruction, Liveness, MAX_NESTING, Parameters, Position,
    TooComplex, text, verify,
};

fn small() -> Code {
    let mut b = Builder::new(&TABLE, "small", "test");
    b.variable("x");
    b.emit(op::give, 0, 0, 0, 0);
    b.finish().expect("right")
}

fn nested(levels: usize, wrap: impl Fn(Constant) -> Constant) -> Code {
    let mut code = small();
    let mut constant = Constant::None;
    (0..levels).for_each(|_| constant = wrap(std::mem::replace(&mut constant, Constant::None)));
    code.constants = [constant].into();
    code
}

/// Runs `f` on a small stack, such as a thread of a host program may have.
fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(f).expect("a thread");
    thread.join().expect("no panic");
}

#[test]
fn nesting_is_limited_and_fits_a_small_stack() {
    fn tuple(inner: Constant) -> Constant {
        Constant::Tuple([inner].into())
    }
    fn code(inner: Constant) -> Constant {
        let mut code = small();
        code.constants = [inner].into();
        Constant::Code(Arc::new(code))
    }
    for wrap in [tuple, code] {
        on_a_small_stack(move || {
            let deepest = nested(MAX_NESTING - 1, wrap);
            assert_eq!(verify(&deepest, &TABLE), Ok(()));
            assert_eq!(load(&write(&deepest, &TABLE), &TABLE).as_ref(), Ok(&deepest));
            assert_eq!(text::parse(&text::print(&deepest, &TABLE), &TABLE).as_ref(), Ok(&deepest));
            let deeper = nested(MAX_NESTING, wrap);
            assert_eq!(verify(&deeper, &TABLE).map_err(|e| e.fault), Err(Fault::Nesting));
            assert!(load(&write(&deeper, &TABLE), &TABLE).is_err());
            assert!(text::parse(&text::print(&deeper, &TABLE), &TABLE).is_err());
        });
    }
    // Far deeper input is refused on the way, before there is anything to drop.
    let listing = text::print(&nested(0, tuple), &TABLE).replace("k0 none", &format!("k0 {}", "(".repeat(1_000_000)));
    assert!(text::parse(&listing, &TABLE).is_err());
}

#[test]
fn a_code_shared_by_many_is_verified_once() {
    let code = nested(60, |inner| {
        let mut code = small();
        code.constants = [inner.clone(), inner].into();
        Constant::Code(Arc::new(code))
    });
    // Two to the power of sixty paths.
    assert_eq!(verify(&code, &TABLE), Ok(()));
}

fn timed<T>(what: &str, f: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = f();
    // Generous: an unoptimized build on a busy machine. Quadratic behaviour would take minutes.
    assert!(start.elapsed() < Duration::from_secs(20), "{what} took {:?}", start.elapsed());
    result
}

#[test]
fn big_functions_are_analysed_in_linear_time() {
    const STATEMENTS: u32 = 6_000;
    let mut b = Builder::new(&TABLE, "big", "test");
    b.parameters(Parameters { positional: 1, ..Parameters::default() });
    let x = b.variable("x");
    let (t, e) = (b.temporary(), b.temporary());
    for line in 0..STATEMENTS {
        b.position(Position { line, end_line: line, column: 4, end_column: 20 });
        let (handler, end, head) = (b.label(), b.label(), b.bound_label());
        let region = b.begin_region(handler, e);
        b.emit(op::add, t, x, x, 0);
        b.jump(op::branch, t, 0, 0, end);
        b.emit(op::suspend, t, t, 0, 0);
        b.jump(op::loop_back, 0, 0, 0, head);
        b.end_region(region);
        b.bind(handler);
        b.emit(op::copy, x, e, 0, 0);
        b.bind(end);
    }
    b.emit(op::give, x, 0, 0, 0);
    let code = timed("finish", || b.finish().expect("right"));
    timed("verify", || assert_eq!(verify(&code, &TABLE), Ok(())));
    let file = timed("write", || write(&code, &TABLE));
    assert_eq!(timed("load", || load(&file, &TABLE)).as_ref(), Ok(&code));
    let listing = timed("print", || text::print(&code, &TABLE));
    assert_eq!(timed("parse", || text::parse(&listing, &TABLE)).as_ref(), Ok(&code));
}

#[test]
fn deeply_nested_regions_and_loops() {
    const DEPTH: usize = 2000;
    let mut b = Builder::new(&TABLE, "deep", "test");
    let x = b.variable("x");
    let e = b.temporary();
    let (mut regions, mut heads) = (Vec::new(), Vec::new());
    for _ in 0..DEPTH {
        let handler = b.label();
        heads.push(b.bound_label());
        regions.push((b.begin_region(handler, e), handler));
        b.emit(op::add, x, x, x, 0);
    }
    while let Some((region, handler)) = regions.pop() {
        let (head, exit) = (heads.pop().expect("as many"), b.label());
        b.jump(op::branch, x, 0, 0, exit);
        b.jump(op::loop_back, 0, 0, 0, head);
        b.bind(exit);
        b.end_region(region);
        b.bind(handler);
        b.emit(op::nothing, 0, 0, 0, 0);
    }
    b.emit(op::give, x, 0, 0, 0);
    let code = timed("finish", || b.finish().expect("right"));
    timed("verify", || assert_eq!(verify(&code, &TABLE), Ok(())));
}

/// `n` times nothing in a frame of 65,535 registers.
fn bomb(n: usize, body: Instruction) -> Code {
    let mut instructions = vec![body; n];
    instructions.push(Instruction::new(op::give, 0, 0, 0, 0));
    Code {
        registers: 65_535,
        variables: ["x".into()].into(),
        positions: vec![Position::default(); n + 1].into(),
        instructions: instructions.into(),
        ..Code::default()
    }
}

#[test]
fn bombs_are_refused() {
    let nothing = Instruction::new(op::nothing, 0, 0, 0, 0);
    assert_eq!(verify(&bomb(1000, nothing), &TABLE), Ok(()));
    let large = bomb(1 << 20, nothing);
    assert_eq!(timed("verify", || verify(&large, &TABLE)).map_err(|e| e.fault), Err(Fault::TooComplex));
    assert_eq!(Liveness::compute(&large, &TABLE).err(), Some(TooComplex));
    let wide = bomb(10_000, Instruction::new(op::tuple, 1, 0, 1, 0));
    timed("verify", || assert_eq!(verify(&wide, &TABLE), Ok(())));
    // As many ranges as instructions, all alike.
    let mut ranges = bomb(10_000, nothing);
    ranges.registers = 1;
    ranges.exceptions = vec![ExceptionEntry { start: 0, end: 10_000, handler: 10_000, register: 0 }; 10_000].into();
    timed("verify", || assert_eq!(verify(&ranges, &TABLE), Ok(())));
}

#[test]
fn a_file_that_repeats_a_long_text_is_refused() {
    let mut code = small();
    code.free = vec!["y".repeat(1 << 16).into(); 600].into();
    assert!(load(&write(&code, &TABLE), &TABLE).is_err());
    code.free = vec!["y".repeat(1 << 10).into(); 600].into();
    assert_eq!(load(&write(&code, &TABLE), &TABLE), Ok(code));
}
