//! What can be said of the code itself, and what the sandbox does not know.

use super::{options, runner};
use jit_cranelift::Cranelift;
use vm_api::engine::backend::{CompileOptions, CompiledCode, Lowering, NativeCode, PlainCompileEnv, StackLowering};
use vm_api::engine::{Backend, Bailout, FeedbackSlot};
use vm_api::heap::Value;
use vm_api::heap::stress::Stress;
use vm_api::vir::filetest::Setup;
use vm_api::vir::{Inst, Ref, StateId, Terminator, Unit, parse, verify};
use vm_testkit::backend::{Ran, Runner};

fn unit(text: &str) -> Unit {
    let unit = parse(text).expect("a unit of this file");
    verify(&unit).expect("a unit of this file");
    unit
}

fn compile(unit: &Unit, options: CompileOptions) -> NativeCode {
    let environment = PlainCompileEnv { options, lowering: Lowering::new(true, StackLowering::default()) };
    match Cranelift::new().compile(unit, &environment) {
        Ok(CompiledCode::Native(code)) => code,
        other => panic!("{other:?}"),
    }
}

fn setup(arguments: &[i64], roots: &[i64]) -> Setup {
    let words = |ints: &[i64]| ints.iter().map(|i| Value::int(*i).bits()).collect();
    Setup {
        arguments: words(arguments),
        cells: Box::new([]),
        roots: words(roots),
        registers: Box::new([]),
        deopt_every: None,
        fuel: 0,
    }
}

fn run(unit: &Unit, setup: &Setup) -> Result<Ran, Bailout> {
    runner(gc_semispace::create, Stress::Alloc(1)).run(unit, setup)
}

/// A unit with so many guards at one state of eight registers.
fn guards(count: u32) -> Unit {
    let mut text = String::from(
        "unit \"guards\" code0 none registers 8 extent 8 function\n\
         fs0 = code0 none at 1 execute + 0 v1 {r0: v0, r1: v2, r2: v3, r3: v0, r4: v2, r5: v3, r6: v0, r7: v2}\n\
         block0(v0: tagged r0, v2: tagged r1, v3: tagged r2):\n  v1 = function\n  state fs0\n",
    );
    for i in 0..count {
        let v = 10 + i;
        text.push_str(&format!("  v{v} = is_word v{}, {:#x}\n  guard v{v}, false, rare, fs0\n", i % 2 * 2, 2 + 8 * i));
    }
    text.push_str("  return v0\n");
    unit(&text)
}

#[test]
fn guards_at_one_state_share_their_exit() {
    let (few, many) = (compile(&guards(4), CompileOptions::default()), compile(&guards(64), CompileOptions::default()));
    assert_eq!((few.exits.len(), many.exits.len()), (1, 1));
    let each = (many.bytes.len() - few.bytes.len()) / 60;
    // A constant, a comparison, a branch; writing the frame takes twice as much.
    assert!(each < 20, "{each} bytes for a guard");
}

#[test]
fn code_is_a_function_of_the_unit() {
    let unit = guards(7);
    let first = compile(&unit, CompileOptions::default());
    assert_eq!(first, compile(&unit, CompileOptions::default()));
    assert!(first.listing.is_none() && first.stack >= 16);
    let listed = compile(&unit, CompileOptions { listing: true, ..CompileOptions::default() });
    let listing = listed.listing.as_deref().unwrap_or_default();
    assert!(listing.contains("function u0:0") && listing.contains("retq") == cfg!(target_arch = "x86_64"), "{listing}");
    assert_eq!(NativeCode { listing: None, ..listed }, first);
    let counted = compile(&unit, CompileOptions { count_guards: true, ..CompileOptions::default() });
    assert!(counted.bytes.len() > first.bytes.len());
}

#[test]
fn origins_name_the_instructions_that_code_is_of() {
    let unit = guards(7);
    let code = compile(&unit, CompileOptions { origins: true, ..CompileOptions::default() });
    let kinds: Vec<&str> = code.origins.iter().map(|(_, v)| unit.inst(*v).name()).collect();
    assert!(kinds.iter().filter(|k| **k == "guard").count() >= 7, "{kinds:?}");
}

#[test]
fn what_is_too_large_is_refused() {
    let mut unit = Unit::new("large", vm_api::vir::UnitKind::Function, vm_api::vir::CodeRef(0), 1);
    let block = unit.add_block();
    let mut v = unit.add_entry(0);
    let environment =
        PlainCompileEnv { options: CompileOptions::default(), lowering: Lowering::new(true, StackLowering::default()) };
    (0..100_001).for_each(|_| v = unit.push(block, Inst::Function()));
    unit.terminate(block, Terminator::Return(v));
    assert_eq!(Cranelift::new().compile(&unit, &environment).err(), Some(Bailout::TooLarge));
    unit.insts.truncate(10);
    unit.blocks[0].insts.truncate(9);
    unit.terminate(block, Terminator::Return(Ref(9)));
    assert!(Cranelift::new().compile(&unit, &environment).is_ok());
    unit.extent = u32::MAX;
    assert_eq!(Cranelift::new().compile(&unit, &environment).err(), Some(Bailout::TooLarge));
}

/// The kit's thread has its own roots in the opposite order.
#[test]
fn roots_of_the_thread_are_not_those_that_threads_share() {
    let unit = unit(
        "unit \"roots\" code0 none registers 0 extent 0 function\n\
         stub0 = 0 sum fixed\n\
         block0():\n  v0 = root 0\n  v1 = root 2147483648\n  v2 = root 2147483649\n\
         v3 = stub sum(v0, v1, v2)\n  set_root 0, v2\n  set_root 2147483648, v3\n  v4 = const_word 0x2\n  set_root 1, v4\n\
         v5 = root 0\n  v6 = root 2147483648\n  v7 = root 2147483649\n  v8 = stub sum(v5, v6, v7)\n  v9 = root 1\n\
         v10 = is_word v9, 0x2\n  branch v10, block1, block2\n\
         block1():\n  return v8\n\
         block2():\n  return v9\n",
    );
    let ran = run(&unit, &setup(&[], &[1, 20, 300]));
    let calls = vec!["stub sum 0 1 300 20".into(), "stub sum 0 20 321 20".into()];
    assert_eq!(ran, Ok((calls, "return 361".into())));
}

/// The slot afterwards is what [`FeedbackSlot::fill`] makes of the same numbers.
#[test]
fn expected_numbers_are_recorded_as_slots_are_filled() {
    let unit = unit(
        "unit \"expected\" code0 fv0 registers 1 extent 1 function\n\
         block0(v0: tagged r0):\n  v1 = untag_int v0\n  v2 = const_int 2\n  v3 = const_int 1\n  jump block1(v2)\n\
         block1(v4: i64):\n  v5 = int_cmp lt, v4, v1\n  branch v5, block2, block3\n\
         block2():\n  v6 = int_op shr, v4, v3\n  record_expected fv0[1], v6\n  record fv0[1], 4\n\
         v7 = int_op add, v4, v3\n  jump block1(v7)\n\
         block3():\n  return v0\n",
    );
    for n in [2, 4, 6, 12, 17, 18, 19, 20, 21, 22, 40] {
        let mut runner = runner(gc_none::create, Stress::Off);
        runner.run(&unit, &setup(&[n], &[])).expect("it runs");
        let mut slot = FeedbackSlot { key: 0, ..FeedbackSlot::EMPTY };
        for key in (2..n as u64).map(|i| i >> 1) {
            if slot.key != key {
                slot.fill(key, Value::EMPTY);
            }
            slot.bits |= 4;
        }
        let found = runner.slots[&(0, 1)];
        assert_eq!((found.bits, found.count, found.key), (slot.bits, slot.count, slot.key), "after {n}");
    }
}

/// Where the allocation buffer has room, allocation calls nothing.
#[test]
fn allocation_is_inline() {
    let cases = vm_testkit::backend::load(&super::folder("testkit/vir")).expect("test files");
    let (_, case) = cases.iter().find(|(_, c)| c.text.contains("unit \"list\"")).expect("the list");
    let list = unit(&case.text);
    let mut runner = runner(gc_generational::create, Stress::Off);
    for (stress, slow) in [(Stress::Off, 0..=2), (Stress::Count, 60..=60)] {
        runner.options = options(stress);
        assert_eq!(runner.run(&list, &setup(&[60], &[])).map(|r| r.1), Ok("return 1770".into()));
        assert!(slow.contains(&runner.slow_allocations), "{} calls with {stress:?}", runner.slow_allocations);
    }
}

/// In units whose registers are in memory, calls without a state of their own happen where the last one was declared, if that is the
/// same on every path.
#[test]
fn sites_of_units_in_memory_say_where_the_frame_stands() {
    let unit = unit(
        "unit \"positions\" code0 none registers 1 extent 1 function in_memory\n\
         fs0 = code0 none at 0 execute + 0 v0 {}\n\
         fs1 = code0 none at 1 execute + 0 v0 {}\n\
         fs2 = code0 none at 2 execute + 0 v0 {}\n\
         block0():\n  v0 = function\n  v1 = alloc shape2, 4\n  state fs0\n  v2 = alloc shape2, 4\n\
         v3 = is_int v0\n  branch v3, block1, block2\n\
         block1():\n  v4 = alloc shape2, 5\n  jump block3\n\
         block2():\n  state fs1\n  v5 = alloc shape2, 6\n  jump block3\n\
         block3():\n  v6 = alloc shape2, 7\n  state fs2\n  v7 = poll fs2\n  jump block4\n\
         block4():\n  v8 = alloc shape2, 8\n  v9 = get_reg r0\n  return v9\n",
    );
    let code = compile(&unit, CompileOptions { origins: true, ..CompileOptions::default() });
    let (zero, one, two) = (StateId(0), StateId(1), StateId(2));
    // That of the poll is asked for at the beginning, where its address is kept.
    assert_eq!(code.sites, [Some(two), None, Some(zero), Some(one)]);
    // The first allocation and the one after the paths met share a number, since nothing is known of either.
    let allocations = (0..unit.insts.len() as u32).map(Ref).filter(|v| matches!(unit.inst(*v), Inst::Alloc(..)));
    assert_eq!(allocations.filter(|v| code.origins.iter().any(|(_, origin)| origin == v)).count(), 6);
}
