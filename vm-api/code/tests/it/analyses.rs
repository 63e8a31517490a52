//! Liveness and suspensions of small listings, worked out by hand.

use crate::code;
use vm_code::fuzzing::TABLE;
use vm_code::{Code, Liveness, Registers, verify};

fn list(set: Registers<'_>) -> Vec<u16> {
    set.iter().collect()
}

fn live(code: &Code) -> Liveness {
    Liveness::compute(code, &TABLE).expect("small")
}

#[test]
fn straight_line_and_both_views() {
    let c = code("registers 4\nvariables \"x\" \"y\"\ninstructions\ncopy r2, r0\nadd r3, r2, r2, f0:operands\ngive r3");
    let live = live(&c);
    assert_eq!([0, 1, 2].map(|at| list(live.live_in(at))), [vec![0], vec![2], vec![3]]);
    assert_eq!([0, 1, 2].map(|at| list(live.live_out(at))), [vec![2], vec![3], vec![]]);
    assert_eq!([0, 1, 2].map(|at| list(live.frame_in(at))), [vec![0, 1], vec![0, 1, 2], vec![0, 1, 3]]);
    assert_eq!(list(live.frame_out(2)), [0, 1]);
    assert!(live.live_in(2).contains(3) && !live.live_in(2).contains(2));
    assert_eq!((list(live.live_in(3)), list(live.live_out(3))), (vec![], vec![]));
}

#[test]
fn branches_and_loops() {
    let c = code(
        "registers 4\nvariables \"x\"\ninstructions
         copy r1, r0
         copy r2, r0
       L0:
         branch r1, L1, f0:branch
         copy r3, r2
         copy r1, r3
         loop_back L0
       L1:
         give r0",
    );
    let live = live(&c);
    assert_eq!(list(live.live_in(2)), [0, 1, 2], "r2 is read in the next round");
    assert_eq!(list(live.live_out(2)), [0, 2], "both ways: r2 in the body, r0 behind");
    assert_eq!(list(live.live_out(5)), [0, 1, 2], "a jump back leads to the head");
    assert_eq!(list(live.live_in(4)), [0, 2, 3]);
    assert_eq!(list(live.live_in(6)), [0]);
}

#[test]
fn handlers_see_registers_from_before() {
    let c = code(
        "registers 4\nvariables \"x\"\nexceptions\nL0 L1 L2 r3\ninstructions
         copy r1, r0
         copy r2, r0
       L0:
         copy r1, r2
         add r1, r2, r2, f0:operands
       L1:
         give r1
       L2:
         add r1, r1, r3, f1:operands
         give r1",
    );
    let live = live(&c);
    assert_eq!(list(live.live_in(5)), [1, 3]);
    assert_eq!(list(live.live_in(3)), [1, 2], "r1 for the handler, although the instruction writes it");
    assert_eq!(list(live.live_out(3)), [1]);
    assert_eq!(list(live.live_in(2)), [2], "a copy does not raise: the old r1 is dead");
}

#[test]
fn windows() {
    let c = code(
        "registers 6\nvariables \"x\"\ninstructions
         unpack r0, r1.., 4
         tuple r1, r2.., 2
         call r1, r3.., 1, 0, f0:call
         give r1",
    );
    let live = live(&c);
    assert_eq!(list(live.live_in(2)), [3, 4], "one argument and the callee");
    assert_eq!(list(live.live_in(1)), [2, 3, 4]);
    assert_eq!(list(live.live_in(0)), [0]);
}

/// Lists of the suspension point `k` after assembling them anew.
fn suspensions(listing: &str, lists: &str) {
    let c = code(&listing.replace("instructions", &format!("suspensions\n{lists}\ninstructions")));
    assert_eq!(verify(&c, &TABLE), Ok(()));
}

#[test]
fn what_suspended_frames_keep() {
    // r2 is live across the first point and not assigned between them, so it is dirty only there. r1 is assigned by
    // resuming. r0 is never assigned: the object has it from the beginning.
    suspensions(
        "flags 0x1\nparameters 1 0 0\nregisters 3\nvariables \"x\" \"y\"\ninstructions
         copy r2, r0
         suspend r1, r0, s0
         suspend r0, r2, s1
         give r2",
        "s0 live r0 r1 r2 dirty r2\ns1 live r0 r1 r2 dirty r1",
    );
    // A loop: the counter is dirty, what came before the loop is dirty too, since the first round stores it.
    suspensions(
        "flags 0x1\nregisters 4\nvariables \"x\"\ninstructions
         copy r1, r0
         copy r2, r0
       L0:
         add r2, r1, r2, f0:operands
         suspend r3, r2, s0
         branch r3, L1, f1:branch
         loop_back L0
       L1:
         give r0",
        "s0 live r0 r1 r2 dirty r1 r2",
    );
}

#[test]
fn a_point_may_raise_into_its_handler() {
    // Thrown into, the frame needs r2 in the handler; the exception is assigned there, so the second point stores it.
    suspensions(
        "flags 0x1\nregisters 4\nvariables \"x\"\nexceptions\nL0 L1 L1 r3\ninstructions
         copy r2, r0
       L0:
         suspend r1, r0, s0
         give r0
       L1:
         suspend r1, r3, s1
         add r1, r2, r3, f0:operands
         give r1",
        "s0 live r0 r2 dirty r2\ns1 live r0 r2 r3 dirty r3",
    );
}
