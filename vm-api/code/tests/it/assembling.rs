//! The builder.

use vm_code::builder::Paused;
use vm_code::code::code_flag;
use vm_code::fuzzing::{TABLE, op};
use vm_code::{BuildError, Builder, Constant, ExceptionEntry, Fault, SlotKind, text};

fn builder() -> Builder<'static> {
    let mut b = Builder::new(&TABLE, "f", "test");
    b.variable("x");
    b
}

#[test]
fn a_listing_of_all_that_it_does() {
    let mut b = builder();
    let (t, end) = (b.temporary(), b.label());
    b.jump(op::branch, 0, 0, 0, end);
    let c = b.constant(Constant::Float(-0.0));
    b.emit(op::constant, t, 0, 0, c);
    b.emit(op::suspend, t, t, 0, 99);
    b.bind(end);
    let name = b.name("n");
    b.emit(op::get_name, t, 0, 0, name);
    b.emit(op::give, t, 0, 0, 0);
    let code = b.finish().expect("right");
    let expected = r#"code 0 "f"
  qualified "f"
  source "test"
  line 0
  flags 0x1
  registers 2
  variables "x"
  names
    n0 "n"
  constants
    k0 float -0.0
  suspensions
    s0 live r0 dirty
  instructions
      0  branch           r0, L0, f0:branch
      1  constant         r1, k0                        # float -0.0
      2  suspend          r1, r1, s0
  L0:
      3  get_name         r1, n0, f1:shape              # "n"
      4  give             r1
"#;
    assert_eq!(text::print(&code, &TABLE), expected);
    assert_eq!(code.flags, code_flag::SUSPENDS);
    assert_eq!(*code.feedback, [SlotKind::Branch, SlotKind::Shape]);
    let slots: Vec<_> = code.slots().map(|s| (s.index, s.kind, s.at)).collect();
    assert_eq!(slots, [(0, SlotKind::Branch, 0), (1, SlotKind::Shape, 3)]);
}

#[test]
fn pools_are_interned_exactly() {
    let mut b = builder();
    let distinct = [
        Constant::Int(1),
        Constant::Float(1.0),
        Constant::Bool(true),
        Constant::Float(0.0),
        Constant::Float(-0.0),
        Constant::Str([97].into()),
        Constant::Bytes([97].into()),
        Constant::Tuple([Constant::Int(1)].into()),
        Constant::Tuple([Constant::Bool(true)].into()),
        Constant::FrozenSet([Constant::Int(1)].into()),
        Constant::Float(f64::NAN),
    ];
    let first: Vec<i32> = distinct.iter().map(|c| b.constant(c.clone())).collect();
    assert_eq!(first, (0..11).collect::<Vec<_>>());
    let again: Vec<i32> = distinct.into_iter().map(|c| b.constant(c)).collect();
    assert_eq!(again, first);
    assert_eq!([b.name("a"), b.name("b"), b.name("a")], [0, 1, 0]);
}

#[test]
fn registers_have_a_high_water_mark() {
    let mut b = builder();
    let window = b.temporaries(3);
    assert_eq!((window, b.top()), (1, 4));
    b.release_to(window);
    assert_eq!(b.temporary(), 1);
    b.emit(op::give, 0, 0, 0, 0);
    assert_eq!(b.finish().expect("right").registers, 4);
    // Registers that were not asked for count too.
    let mut b = builder();
    b.emit(op::unpack, 0, 5, 2, 0);
    b.emit(op::give, 6, 0, 0, 0);
    assert_eq!(b.finish().expect("right").registers, 7);
}

#[test]
fn regions_nest_and_pause() {
    let mut b = builder();
    let (exception, inner_handler, outer_handler) = (b.temporary(), b.label(), b.label());
    let nothing = |b: &mut Builder<'_>, n: u32| {
        for _ in 0..n {
            b.emit(op::nothing, 0, 0, 0, 0);
        }
    };
    let outer = b.begin_region(outer_handler, exception);
    nothing(&mut b, 2);
    let inner = b.begin_region(inner_handler, exception);
    nothing(&mut b, 3);
    let paused: Paused = b.pause_regions(outer);
    nothing(&mut b, 2);
    let line = b.begin_region(outer_handler, exception);
    nothing(&mut b, 1);
    b.end_region(line);
    b.resume_regions(paused);
    nothing(&mut b, 2);
    b.end_region(inner);
    b.end_region(outer);
    let empty = b.begin_region(outer_handler, exception);
    b.end_region(empty);
    b.bind(inner_handler);
    b.bind(outer_handler);
    b.emit(op::give, 0, 0, 0, 0);
    let code = b.finish().expect("right");
    let entry = |start, end| ExceptionEntry { start, end, handler: 10, register: exception };
    assert_eq!(*code.exceptions, [entry(2, 5), entry(0, 5), entry(7, 8), entry(8, 10), entry(8, 10)]);
}

#[test]
fn reachability() {
    let mut b = builder();
    let (l, m) = (b.label(), b.label());
    assert!(b.reachable());
    b.jump(op::branch, 0, 0, 0, l);
    assert!(b.reachable());
    b.jump(op::jump, 0, 0, 0, m);
    assert!(!b.reachable());
    b.bind(l);
    assert!(b.reachable() && b.is_bound(l) && !b.is_bound(m));
    b.emit(op::give, 0, 0, 0, 0);
    assert!(!b.reachable());
}

#[track_caller]
fn misused(build: impl FnOnce(&mut Builder<'_>)) {
    let mut b = builder();
    build(&mut b);
    b.emit(op::give, 0, 0, 0, 0);
    match b.finish() {
        Err(BuildError::Misuse(_)) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn misuse_is_reported_at_the_end() {
    misused(|b| {
        let l = b.label();
        b.jump(op::jump, 0, 0, 0, l);
    });
    misused(|b| {
        let l = b.bound_label();
        b.bind(l);
    });
    misused(|b| {
        let l = b.bound_label();
        b.jump(op::nothing, 0, 0, 0, l);
    });
    misused(|b| {
        b.temporary();
        b.variable("y");
    });
    misused(|b| {
        b.emit(999, 0, 0, 0, 0);
    });
    misused(|b| b.cell(1));
    misused(|b| b.release_to(5));
    misused(|b| {
        let l = b.bound_label();
        let _open = b.begin_region(l, 0);
    });
    misused(|b| {
        let l = b.bound_label();
        let outer = b.begin_region(l, 0);
        let inner = b.begin_region(l, 0);
        b.end_region(outer);
        b.end_region(inner);
    });
}

#[test]
fn too_large_and_refused() {
    let mut b = builder();
    b.temporaries(70_000);
    b.emit(op::give, 0, 0, 0, 0);
    assert_eq!(b.finish(), Err(BuildError::TooLarge("registers")));
    let mut b = builder();
    let mut deep = Constant::None;
    (0..600).for_each(|_| deep = Constant::Tuple([std::mem::replace(&mut deep, Constant::None)].into()));
    b.constant(deep);
    b.emit(op::give, 0, 0, 0, 0);
    assert_eq!(b.finish(), Err(BuildError::TooLarge("nesting of constants")));
    if cfg!(debug_assertions) {
        let mut b = builder();
        b.emit(op::give, 1, 0, 0, 0);
        match b.finish() {
            Err(BuildError::Refused(e)) => assert_eq!((e.at, e.fault), (Some(0), Fault::Uninitialised(1))),
            other => panic!("{other:?}"),
        }
    }
}
