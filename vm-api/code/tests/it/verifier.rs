//! Each kind of fault, by the smallest listing that has it.

use crate::code;
use std::sync::Arc;
use vm_code::fuzzing::{TABLE, op};
use vm_code::{Code, Constant, Fault, Instruction, OpcodeInfo, Position, SlotKind, verify};

fn fault(code: &Code) -> Option<(Option<u32>, Fault)> {
    verify(code, &TABLE).err().map(|e| (e.at, e.fault))
}

/// Checks a listing with the given fault. A `*` marks the instruction that the error names.
#[track_caller]
fn refused(listing: &str, expected: Fault) {
    let body = listing.split("instructions\n").nth(1).expect("instructions");
    let lines = body.lines().filter(|l| !l.trim().is_empty() && !l.trim_end().ends_with(':'));
    let at = lines.clone().position(|l| l.trim_start().starts_with('*'));
    assert_eq!(fault(&code(&listing.replace('*', " "))), Some((at.map(|at| at as u32), expected)), "{listing}");
}

#[track_caller]
fn accepted(listing: &str) -> Code {
    let code = code(listing);
    assert_eq!(verify(&code, &TABLE), Ok(()), "{listing}");
    code
}

/// A code that has one of everything, to be damaged.
fn sample() -> Code {
    accepted(
        r#"
        flags 0x1
        parameters 1 0 0
        registers 4
        variables "x" "y"
        cells r0
        free "outer"
        names
          n0 "name"
        constants
          k0 int 1
        exceptions
          L0 L1 L1 r2
        suspensions
          s0 live r0 r1 dirty
        instructions
          L0:
            get_name r3, n0, f0:shape
            add r3, r3, r3, f1:operands
            suspend r3, r3, s0
          L1:
            give r0
        "#,
    )
}

#[track_caller]
fn damaged(damage: impl FnOnce(&mut Code), at: impl Into<Option<u32>>, expected: Fault) {
    let mut code = sample();
    damage(&mut code);
    assert_eq!(fault(&code), Some((at.into(), expected)));
}

#[test]
fn fields_out_of_range() {
    damaged(|c| c.instructions[1].op = 999, 1, Fault::Opcode(999));
    damaged(|c| c.instructions[1].c = 4, 1, Fault::Register(4));
    damaged(|c| c.instructions[3].a = 65535, 3, Fault::Register(65535));
    damaged(|c| c.instructions[0].d = 1, 0, Fault::NameIndex(1));
    damaged(|c| c.instructions[0].d = -1, 0, Fault::NameIndex(-1));
    damaged(|c| c.instructions[0].b = 1, 0, Fault::UnusedField('b'));
    damaged(|c| c.instructions[3].d = 7, 3, Fault::UnusedField('d'));
    damaged(|c| c.instructions[3].feedback = 0, 3, Fault::UnusedField('f'));
    let mut c = sample();
    c.instructions[0] = Instruction::new(op::constant, 3, 0, 0, 1);
    assert_eq!(fault(&c), Some((Some(0), Fault::ConstantIndex(1))));
    c.instructions[0] = Instruction::new(op::get_free, 3, 1, 0, 0);
    assert_eq!(fault(&c), Some((Some(0), Fault::FreeIndex(1))));
    c.instructions[0] = Instruction::new(op::closure_of, 3, 0, 0, 1);
    assert_eq!(fault(&c), Some((Some(0), Fault::FreeIndex(1))));
    c.instructions[0] = Instruction { feedback: 0, ..Instruction::new(op::add_constant, 3, 0, 1, 0) };
    assert_eq!(fault(&c), Some((Some(0), Fault::ConstantIndex(1))));
    c.instructions[0] = Instruction { feedback: 0, ..Instruction::new(op::set_name, 1, 0, 0, 0) };
    assert_eq!(fault(&c), Some((Some(0), Fault::NameIndex(1))));
}

#[test]
fn windows_outside_the_frame() {
    // Window of one plus two registers from r2 on.
    refused("registers 4\nvariables \"x\"\ninstructions\n* call r1, r2.., 2, 0, f0:call\ngive r1", Fault::Register(4));
    refused("registers 4\nvariables \"x\"\ninstructions\n* unpack r0, r2.., 3\ngive r0", Fault::Register(4));
    accepted("registers 4\nvariables \"x\"\ninstructions\nunpack r0, r2.., 2\ngive r3");
    // An empty window may begin at the frame's end.
    accepted("registers 1\nvariables \"x\"\ninstructions\nunpack r0, r1.., 0\ngive r0");
}

#[test]
fn feedback_slots() {
    damaged(|c| c.feedback[1] = SlotKind::Call, 1, Fault::FeedbackKind(1));
    damaged(|c| c.instructions[1].feedback = 2, 1, Fault::FeedbackKind(2));
    damaged(|c| c.instructions[1].feedback = Instruction::NO_FEEDBACK, 1, Fault::FeedbackKind(u32::MAX));
    damaged(
        |c| c.feedback = [SlotKind::Shape, SlotKind::Operands, SlotKind::Call].into(),
        None,
        Fault::FeedbackUnused(2),
    );
    let body = "add r0, r0, r0, f0:operands\n* add r0, r0, r0, f0:operands\nadd r0, r0, r0, f1:operands\ngive r0";
    refused(&format!("registers 1\nvariables \"x\"\ninstructions\n{body}"), Fault::FeedbackShared(0));
}

#[test]
fn control() {
    let x = "registers 1\nvariables \"x\"\ninstructions\n";
    refused(&format!("{x} L0:\n give r0\n * jump L0"), Fault::JumpDirection);
    refused(&format!("{x} L0:\n * branch r0, L0, f0:branch\n give r0"), Fault::JumpDirection);
    refused(&format!("{x} * loop_back L0\n L0:\n give r0"), Fault::JumpDirection);
    refused(&format!("{x} * branch r0, L0, f0:branch\n give r0\n L0:\n"), Fault::JumpTarget);
    refused(&format!("{x} nothing\n * add r0, r0, r0, f0:operands"), Fault::FallsOff);
    refused(&format!("{x} give r0\n * branch r0, L0, f0:branch\nL0:\n"), Fault::JumpTarget);
    accepted(&format!("{x} L0:\n loop_back L0"));
    accepted(&format!("{x} nothing\n throw r0"));
    let mut far = accepted(&format!("{x} L0:\n loop_back L0"));
    for d in [i32::MIN, -2, 0, i32::MAX] {
        far.instructions[0].d = d;
        assert_eq!(fault(&far), Some((Some(0), Fault::JumpTarget)), "{d}");
    }
    assert_eq!(fault(&Code::default()), Some((None, Fault::NoInstructions)));
}

#[test]
fn pairs() {
    let x = "registers 2\nvariables \"x\"\ninstructions\n";
    accepted(&format!(
        "{x} less_or_skip r1, r0, r0, L0, f0:operands\n branch r1, L0, f1:branch\n nothing\n L0:\n give r0"
    ));
    for second in ["branch r1, L1, f1:branch", "branch r0, L0, f1:branch", "nothing", "jump L0", "jump L0\n throw r0"] {
        let body =
            format!("* less_or_skip r1, r0, r0, L0, f0:operands\n {second}\n nothing\n L0:\n nothing\n L1:\n give r0");
        refused(&format!("{x} {body}"), Fault::Pair);
    }
}

#[test]
fn tables() {
    damaged(|c| c.positions = c.positions[1..].into(), None, Fault::PositionCount);
    let backwards = Position { line: 2, end_line: 1, column: 0, end_column: 0 };
    damaged(|c| c.positions[2] = backwards, 2, Fault::PositionLines);
    damaged(|c| c.parameters.positional = 3, None, Fault::RegisterCounts);
    damaged(|c| c.parameters.positional_only = 2, None, Fault::RegisterCounts);
    damaged(|c| c.registers = 1, None, Fault::RegisterCounts);
    damaged(|c| c.cells = [2].into(), None, Fault::Cells);
    damaged(|c| c.cells = [1, 0].into(), None, Fault::Cells);
    damaged(|c| c.cells = [1, 1].into(), None, Fault::Cells);
}

#[test]
fn what_was_caught() {
    damaged(|c| c.caught = Some(1), None, Fault::Caught(1));
    let with = |flags: &str, head: &str, body: &str| {
        let head = format!("{flags}parameters 1 0 0\nregisters 4\nvariables \"x\" \"y\" \"z\"\ncells r1\n{head}\n");
        format!("{head}exceptions\nL0 L1 L1 r3\ninstructions\nL0:\n{body}\nL1:\ngive r0")
    };
    accepted(&with("", "caught r2", "throw r1"));
    for (head, register) in
        [("caught r0", 0), ("caught r1", 1), ("caught r3", 3), ("variables \"x\" \"y\" \"z\" \"last\"\ncaught r2", 2)]
    {
        refused(&with("", head, "throw r1"), Fault::Caught(register));
    }
    refused(&with("flags 0x1\n", "caught r2", "throw r1"), Fault::Caught(2));
    refused(&with("", "caught r2", "* throw r2"), Fault::Caught(2));
    let handler = with("", "caught r2", "throw r1").replace("L1 r3", "L1 r2");
    refused(&handler, Fault::Caught(2));
}

#[test]
fn exception_table() {
    damaged(|c| c.exceptions[0].end = 0, None, Fault::ExceptionRange(0));
    damaged(|c| c.exceptions[0].handler = 2, None, Fault::ExceptionRange(0));
    damaged(|c| c.exceptions[0].handler = 4, None, Fault::ExceptionRange(0));
    damaged(|c| c.exceptions[0].end = 5, None, Fault::ExceptionRange(0));
    damaged(|c| c.exceptions[0].register = 4, None, Fault::ExceptionRegister(0));
    let with = |entries: &str| {
        let labels = (0..6).map(|k| format!("L{k}:\nnothing\n")).collect::<String>();
        format!("registers 2\nvariables \"x\"\nexceptions\n{entries}\ninstructions\n{labels}give r0")
    };
    accepted(&with("L0 L1 L5 r1\nL1 L2 L5 r1\nL0 L2 L5 r1\nL3 L4 L5 r1\nL0 L4 L5 r1\nL0 L4 L5 r1"));
    refused(&with("L0 L2 L5 r1\nL1 L3 L5 r1"), Fault::ExceptionOrder(1));
    refused(&with("L0 L2 L5 r1\nL1 L2 L5 r1"), Fault::ExceptionOrder(1));
    refused(&with("L2 L3 L5 r1\nL0 L1 L5 r1"), Fault::ExceptionOrder(1));
    refused(&with("L0 L1 L5 r1\nL1 L3 L5 r1\nL2 L4 L5 r1"), Fault::ExceptionOrder(2));
}

#[test]
fn uninitialised_temporaries() {
    let x = "registers 2\nvariables \"x\"\n";
    refused(&format!("{x}instructions\n* give r1"), Fault::Uninitialised(1));
    accepted(&format!("{x}instructions\ncopy r1, r0\ngive r1"));
    // Written on one path only.
    refused(
        &format!("{x}instructions\nbranch r0, L0, f0:branch\ncopy r1, r0\nL0:\n* give r1"),
        Fault::Uninitialised(1),
    );
    // Read around a loop before it is written there.
    let body = "L0:\nbranch r0, L1, f0:branch\n* copy r0, r1\ncopy r1, r0\nloop_back L0\nL1:\ngive r0";
    refused(&format!("{x}instructions\n{body}"), Fault::Uninitialised(1));
    // What cannot be reached may read anything.
    accepted(&format!("{x}instructions\ngive r0\ngive r1"));
    // ReadWrite reads.
    refused(&format!("{x}instructions\n* increment r1, 1, f0:operands\ngive r1"), Fault::Uninitialised(1));
}

#[test]
fn exceptional_edges_carry_the_registers_from_before() {
    let x = "registers 3\nvariables \"x\"\nexceptions\n L0 L1 L1 r2\ninstructions\nL0:\n";
    // The instruction that raises has not written its destination yet.
    refused(&format!("{x} add r1, r0, r0, f0:operands\n give r0\n L1:\n * give r1"), Fault::Uninitialised(1));
    // The one after it may raise only when the first has completed.
    refused(&format!("{x} copy r1, r0\n add r0, r0, r0, f0:operands\n give r0\n L1:\n * give r3"), Fault::Register(3));
    accepted(&format!("{x} copy r1, r0\n add r0, r0, r0, f0:operands\n give r0\n L1:\n give r1"));
    // The exception is there.
    accepted(&format!("{x} add r1, r0, r0, f0:operands\n give r0\n L1:\n give r2"));
    // Nothing raises: the handler cannot be reached.
    accepted(&format!("{x} copy r1, r0\n give r0\n L1:\n give r1"));
}

#[test]
fn callee_windows() {
    let x = "registers 6\nvariables \"x\"\n";
    let fill = (1..6).map(|r| format!("copy r{r}, r0\n")).collect::<String>();
    // r2 and r3 are the window; r1 is below, r4 above.
    let call = |after: &str| format!("{x}instructions\n{fill} * call r1, r2.., 1, 0, f0:call\n{after}");
    accepted(&call("give r1").replace('*', " "));
    refused(&call("give r2"), Fault::Clobbered(2));
    refused(&call("give r3"), Fault::Clobbered(3));
    refused(&call("give r5"), Fault::Clobbered(5));
    // The result may go anywhere.
    accepted(&format!("{x}instructions\n{fill} call r5, r2.., 1, 0, f0:call\ngive r5"));
    // A named variable survives everything.
    refused(&format!("{x}instructions\n{fill} * call r1, r0.., 1, 0, f0:call\ngive r1"), Fault::Clobbered(0));
    // A handler reads what the window covers.
    let handled = |read: u16| {
        let body = format!("L0:\n{fill} * call r1, r3.., 1, 0, f0:call\nL1:\ngive r1\nL2:\ngive r{read}");
        format!("{x}exceptions\nL0 L1 L2 r5\ninstructions\n{body}")
    };
    refused(&handled(4), Fault::Clobbered(4));
    accepted(&handled(2).replace('*', " "));
    // The handler's register receives the exception only afterwards.
    accepted(&handled(5).replace('*', " "));
    // A window that is only read stays.
    accepted(&format!("{x}instructions\n{fill} tuple r1, r2.., 2\ntuple r1, r2.., 4\ngive r1"));
}

#[test]
fn replaced_operands() {
    let handled = |raising: &str, read: u16| {
        let x = "registers 3\nvariables \"x\"\nexceptions\nL0 L1 L1 r2\ninstructions\n";
        format!("{x}copy r1, r0\ncopy r2, r0\nL0:\n* {raising}, f0:operands\ngive r0\nL1:\ngive r{read}")
    };
    refused(&handled("increment r1, 1", 1), Fault::Replaced(1));
    accepted(&handled("increment r1, 1", 0).replace('*', " "));
    accepted(&handled("increment r0, 1", 0).replace('*', " "));
    accepted(&handled("increment r2, 1", 2).replace('*', " "));
    accepted(&handled("add r1, r1, r1", 1).replace('*', " "));
}

#[test]
fn suspensions() {
    damaged(|c| c.flags = 0, 2, Fault::SuspendsUnflagged);
    damaged(|c| c.instructions[2].d = 1, 2, Fault::SuspensionNumber(1));
    damaged(|c| c.instructions[2].d = -1, 2, Fault::SuspensionNumber(-1));
    damaged(|c| c.suspensions[0].live = [0].into(), 2, Fault::SuspensionLists(0));
    damaged(|c| c.suspensions[0].live = [0, 1, 3].into(), 2, Fault::SuspensionLists(0));
    damaged(|c| c.suspensions[0].dirty = [1].into(), 2, Fault::SuspensionLists(0));
    damaged(|c| c.suspensions = [(); 2].map(|()| c.suspensions[0].clone()).into(), None, Fault::SuspensionCount(1));
    let twice = "flags 0x1\nregisters 1\nvariables \"x\"\nsuspensions\ns0 live r0 dirty\ninstructions\n";
    refused(&format!("{twice} suspend r0, r0, s0\n * suspend r0, r0, s0\n give r0"), Fault::SuspensionCount(0));
}

#[test]
fn constants() {
    damaged(|c| c.constants[0] = Constant::Str([0xFF].into()), None, Fault::Text);
    damaged(|c| c.extra = [Constant::Tuple([Constant::Str([0xED, 0xA0].into())].into())].into(), None, Fault::Text);
    let big = |negative, digits: &[u32]| Constant::BigInt { negative, digits: digits.into() };
    for short in [big(false, &[]), big(false, &[1]), big(false, &[1, 2, 0]), big(true, &[0, 1 << 31])] {
        damaged(|c| c.constants[0] = short, None, Fault::Integer);
    }
    for right in [big(false, &[0, 1 << 31]), big(true, &[1, 1 << 31]), big(false, &[0, 0, 1])] {
        let mut c = sample();
        c.constants[0] = right;
        assert_eq!(fault(&c), None);
    }
}

#[test]
fn nested_codes_are_verified_wherever_they_stand() {
    let mut bad = accepted("registers 1\nvariables \"x\"\ninstructions\ngive r0");
    bad.qualified_name = "outer.bad".into();
    bad.registers = 0;
    let nested = Constant::FrozenSet([Constant::Code(Arc::new(bad))].into());
    for extra in [false, true] {
        let mut outer = sample();
        *(if extra { &mut outer.extra } else { &mut outer.constants }) = [Constant::None, nested.clone()].into();
        let mut outermost = sample();
        outermost.constants = [Constant::Code(Arc::new(outer))].into();
        let error = verify(&outermost, &TABLE).expect_err("a bad code inside");
        assert_eq!((&*error.code, error.fault), ("outer.bad", Fault::RegisterCounts));
    }
}

#[test]
fn total_on_odd_tables() {
    let odd = [OpcodeInfo { ends: false, ..TABLE[usize::from(op::jump)] }; 5];
    for table in [&[], &odd[..]] {
        assert!(verify(&sample(), table).is_err());
    }
}
