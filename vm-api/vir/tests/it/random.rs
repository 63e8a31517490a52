//! Properties of random units, and of what becomes of them when something in them is changed.

use crate::model::{End, Tagged, model};
use proptest::prelude::*;
use vm_testkit::backend::{Choices, arithmetic_unit};
use vm_vir::eval::{Outcome, Program, Sandbox, Trap, evaluate};
use vm_vir::filetest::round_trip;
use vm_vir::fuzz::fuzz_vir;
use vm_vir::{Ref, Type, Unit, verify};

const FUEL: u64 = 500;

fn same(found: Result<Outcome, Trap>, expected: End) -> bool {
    match (found, expected) {
        (Ok(Outcome::Return(v)), End::Return(x)) => {
            // Which NaN comes out of arithmetic is up to the machine.
            let nan = |v: vm_heap::Value| v.is_float() && v.as_float().is_nan();
            v == x.value() || nan(v) && nan(x.value())
        }
        (Ok(Outcome::Exit { .. }), End::Exit) | (Err(Trap::Fuel), End::OutOfFuel) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_units_verify_and_round_trip(numbers in prop::collection::vec(any::<u32>(), 0..200)) {
        let unit = arithmetic_unit(&numbers, true);
        prop_assert!(verify(&unit).is_ok(), "{}\n{unit}", verify(&unit).expect_err("just seen"));
        prop_assert_eq!(round_trip(&unit), Ok(()));
        prop_assert_eq!(unit.canonical().canonical(), unit.canonical());
    }

    #[test]
    fn evaluation_agrees_with_the_model(
        numbers in prop::collection::vec(any::<u32>(), 0..200),
        x in -(1i64 << 49)..1 << 49,
        y in any::<f64>(),
        z in any::<bool>(),
    ) {
        let arguments = [Tagged::Int(x), Tagged::Float(if y.is_nan() { f64::NAN } else { y }), Tagged::Bool(z)];
        let program = Program::new(arithmetic_unit(&numbers, true)).expect("generated units verify");
        let found = evaluate(&program, &arguments.map(Tagged::value), &mut Sandbox::new(FUEL));
        let expected = model(program.unit(), arguments, FUEL);
        prop_assert!(same(found, expected), "{found:?} is not {expected:?}\n{}", program.unit());
        // The canonical unit means the same.
        let canonical = Program::new(program.unit().canonical()).expect("canonical units verify");
        let found = evaluate(&canonical, &arguments.map(Tagged::value), &mut Sandbox::new(FUEL));
        prop_assert!(same(found, expected), "canonical: {found:?} is not {expected:?}\n{}", canonical.unit());
    }

    #[test]
    fn an_operand_of_another_type_is_refused(
        numbers in prop::collection::vec(any::<u32>(), 0..200), which in any::<usize>(), other in any::<usize>(),
    ) {
        let mut unit = arithmetic_unit(&numbers, true);
        let mut uses = Vec::new();
        for v in unit.blocks.iter().flat_map(|b| &b.insts) {
            unit.inst(*v).each_ref(|ty, x| uses.push((*v, x, ty)));
        }
        let (at, operand, ty) = uses[which % uses.len()];
        let others: Vec<Ref> = (0..unit.insts.len() as u32).map(Ref).filter(|v| unit.ty(*v) != ty).collect();
        let replacement = others[other % others.len()];
        unit.insts[at.index()].each_ref_mut(|_, x| if *x == operand { *x = replacement });
        prop_assert!(verify(&unit).is_err(), "{at} accepts {replacement}\n{unit}");
    }

    #[test]
    fn any_change_is_refused_or_harmless(
        numbers in prop::collection::vec(any::<u32>(), 0..200), changes in prop::collection::vec(any::<u32>(), 4..12),
    ) {
        let mut unit = arithmetic_unit(&numbers, true);
        let mut choices = Choices::new(&changes);
        for _ in 0..1 + choices.below(2) {
            change(&mut unit, &mut choices);
        }
        if let Ok(program) = Program::new(unit) {
            prop_assert_eq!(round_trip(program.unit()), Ok(()));
            let arguments = [Tagged::Int(5), Tagged::Float(0.5), Tagged::Bool(true)].map(Tagged::value);
            let count = program.unit().entry.len().min(3);
            // A wrong tag may be found while running, but nothing may go wrong unnoticed.
            _ = evaluate(&program, &arguments[..count], &mut Sandbox::new(FUEL));
        }
    }

    #[test]
    fn changed_text_does_not_break_the_fuzz_target(
        numbers in prop::collection::vec(any::<u32>(), 0..120), at in any::<usize>(), byte in any::<u8>(), cut in 0usize..6,
    ) {
        let mut text = arithmetic_unit(&numbers, true).canonical().to_string().into_bytes();
        let at = at % text.len();
        text[at] = byte;
        text.drain(at..text.len().min(at + cut));
        fuzz_vir(&text);
    }
}

/// Changes something at random: mentions of values, ends, the order of instructions, operators.
fn change(unit: &mut Unit, choices: &mut Choices<'_>) {
    let count = unit.insts.len();
    match choices.below(6) {
        0 => {
            let mut mentions = 0;
            unit.each_ref_mut(|_| mentions += 1);
            let (which, new) = (choices.below(mentions), choices.below(count + 2));
            let mut i = 0;
            unit.each_ref_mut(|v| {
                if i == which {
                    *v = Ref(new as u32);
                }
                i += 1;
            });
        }
        1 => {
            let block = choices.below(unit.blocks.len());
            let (a, b) = (choices.number() as usize, choices.number() as usize);
            let insts = &mut unit.blocks[block].insts;
            if !insts.is_empty() {
                let n = insts.len();
                insts.swap(a % n, b % n);
            }
        }
        2 => {
            let (a, b) = (choices.below(unit.blocks.len()), choices.below(unit.blocks.len()));
            unit.blocks[a].terminator = unit.blocks[b].terminator;
        }
        3 => {
            let (a, b) = (choices.below(count), choices.below(count));
            unit.insts[a] = unit.insts[b];
        }
        4 => {
            let block = choices.below(unit.blocks.len());
            unit.blocks[block].insts.pop();
        }
        _ => {
            let block = choices.below(unit.blocks.len());
            unit.add_param(vm_vir::BlockId(block as u32), Type::I64);
        }
    }
}

#[test]
fn the_fuzz_target_takes_anything() {
    for bytes in
        [&b""[..], b"unit", b"\xff\xfe", b"unit \"\" code0 none registers 0 extent 0 function\nblock0():\n fail\n"]
    {
        fuzz_vir(bytes);
    }
}
