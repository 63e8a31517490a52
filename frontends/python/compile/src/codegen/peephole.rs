//! The last pass over a finished code: jumps to jumps, jumps to the next instruction, and lines without instructions.
//!
//! Code generation leaves both where statements end inside others: the end of an `if` at the end of a loop, `else` of
//! nothing. Removing instructions moves what stands behind them, so jumps, positions and the exception table follow; the
//! feedback slots of removed branches and the suspension points of what cannot be reached go as well.

use crate::extra::Visit;
use crate::opcodes::{JUMP, LOOP_BACK, NOP, OPCODES, RETURN_K};
use vm_code::{Code, Instruction, Position, TooComplex};

/// Jumps followed in a chain at most: they may go round in a circle (`while True: pass`).
const MAX_CHAIN: usize = 16;

/// Shortens `code`. The lines whose `nop` is gone.
///
/// # Errors
/// What suspended frames keep would take too long to compute.
pub(super) fn shorten(code: &mut Code) -> Result<Vec<Visit>, TooComplex> {
    let mut instructions = std::mem::take(&mut code.instructions).into_vec();
    for at in 0..instructions.len() {
        thread(&mut instructions, &code.positions, at);
    }
    let mut keep = kept(code, &instructions);
    let mut visits = fold_lines(code, &instructions, &mut keep);
    if keep.iter().all(|&keep| keep) {
        code.instructions = instructions.into();
        return Ok(visits);
    }
    // New index of each instruction, and of the end; of a removed one, that of what follows it.
    let mut moved = Vec::with_capacity(keep.len() + 1);
    let mut next = 0u32;
    for &keep in &keep {
        moved.push(next);
        next += u32::from(keep);
    }
    moved.push(next);
    visits.iter_mut().for_each(|visit| visit.before = moved[visit.before as usize]);
    for at in 0..instructions.len() {
        if keep[at]
            && OPCODES[usize::from(instructions[at].op)].jumps()
            && let Some(target) = Code::target(at, &instructions[at])
        {
            instructions[at].d = moved[target] as i32 - moved[at] as i32 - 1;
        }
    }
    retain(&mut instructions, &keep);
    let mut positions = std::mem::take(&mut code.positions).into_vec();
    retain(&mut positions, &keep);
    code.positions = positions.into();
    let mut exceptions = std::mem::take(&mut code.exceptions).into_vec();
    for entry in &mut exceptions {
        entry.start = moved[entry.start as usize];
        entry.end = moved[entry.end as usize];
        entry.handler = moved[entry.handler as usize];
    }
    exceptions.retain(|entry| entry.start < entry.end);
    code.exceptions = exceptions.into();
    let mut feedback = Vec::new();
    for instruction in &mut instructions {
        if instruction.feedback != Instruction::NO_FEEDBACK {
            let slot = code.feedback[instruction.feedback as usize];
            instruction.feedback = feedback.len() as u32;
            feedback.push(slot);
        }
    }
    code.feedback = feedback.into();
    code.instructions = instructions.into();
    if !code.suspensions.is_empty() {
        code.number_suspensions(&OPCODES)?;
    }
    Ok(visits)
}

/// Takes away each `nop` that only stands for a line, where every way to the instruction behind it leads through it: that gets
/// the line as a visit. Both must be covered by the same handler, since what is raised by a tracer of the line goes there.
fn fold_lines(code: &Code, instructions: &[Instruction], keep: &mut [bool]) -> Vec<Visit> {
    let mut visits = Vec::new();
    if !instructions.iter().zip(&*keep).any(|(i, keep)| *keep && i.op == NOP) {
        return visits;
    }
    let mut reached = vec![false; instructions.len()];
    for (at, i) in instructions.iter().enumerate().filter(|(at, _)| keep[*at]) {
        if OPCODES[usize::from(i.op)].jumps()
            && let Some(to) = Code::target(at, i).and_then(|to| reached.get_mut(to))
        {
            *to = true;
        }
    }
    for entry in &code.exceptions {
        reached[entry.handler as usize] = true;
    }
    let mut following = instructions.len();
    for at in (0..instructions.len()).rev() {
        let folds = keep[at]
            && instructions[at].op == NOP
            && !reached[following]
            && code.positions[following].line > 0
            && code.handler(at as u32) == code.handler(following as u32);
        if folds {
            visits.push(Visit { before: following as u32, position: code.positions[at] });
            keep[at] = false;
        }
        if keep[at] {
            following = at;
        } else if following < instructions.len() {
            // Who came here comes there.
            reached[following] |= reached[at];
        }
    }
    visits.reverse();
    visits
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    items.retain(|_| keep.next().copied().unwrap_or(true));
}

/// Lets the jump or branch at `at` lead to where the jumps at its target lead in the end.
fn thread(instructions: &mut [Instruction], positions: &[Position], at: usize) {
    let instruction = instructions[at];
    let info = &OPCODES[usize::from(instruction.op)];
    // A jump back is a safepoint, and stays one.
    if !info.jumps() || instruction.op == LOOP_BACK {
        return;
    }
    let Some(mut target) = Code::target(at, &instruction) else { return };
    let is_passed = |target: usize| positions[target].line == 0 || positions[target].line == positions[at].line;
    for _ in 0..MAX_CHAIN {
        match instructions.get(target) {
            // Only forward: what goes back must be a safepoint. And not past what tracers see: `break`, `continue`.
            Some(next) if next.op == JUMP && next.d > 0 && is_passed(target) => match Code::target(target, next) {
                Some(further) => target = further,
                None => break,
            },
            _ => break,
        }
    }
    if target <= at {
        return;
    }
    instructions[at].d = (target - at - 1) as i32;
    if instruction.op != JUMP {
        return;
    }
    match instructions.get(target) {
        Some(next) if next.op == LOOP_BACK => {
            // A jump into an empty loop from before it leads forward, and stays a jump.
            // So does one to a jump back that has a line of its own, which tracers see.
            let passed = |head: &usize| *head <= at && positions[target].line == positions[*head].line;
            if let Some(head) = Code::target(target, next).filter(passed) {
                instructions[at].op = LOOP_BACK;
                instructions[at].d = head as i32 - at as i32 - 1;
            }
        }
        // A return that has a line of its own stays where tracers see it.
        Some(next) if next.op == RETURN_K && positions[target].line == 0 => {
            instructions[at] = Instruction { op: RETURN_K, d: next.d, ..instruction }
        }
        _ => {}
    }
}

/// Which instructions can be reached, and are no jumps to the next one that is.
fn kept(code: &Code, instructions: &[Instruction]) -> Vec<bool> {
    let count = instructions.len();
    let mut reached = vec![false; count];
    let mut work = vec![0];
    let mut entries: Vec<bool> = vec![false; code.exceptions.len()];
    loop {
        while let Some(at) = work.pop() {
            if at >= count || std::mem::replace(&mut reached[at], true) {
                continue;
            }
            let info = &OPCODES[usize::from(instructions[at].op)];
            if info.falls_through() {
                work.push(at + 1);
            }
            if info.jumps() {
                work.extend(Code::target(at, &instructions[at]));
            }
        }
        for (entry, done) in code.exceptions.iter().zip(&mut entries) {
            let range = entry.start as usize..(entry.end as usize).min(count);
            if !*done && reached[range].iter().any(|&reached| reached) {
                *done = true;
                work.push(entry.handler as usize);
            }
        }
        if work.is_empty() {
            break;
        }
    }
    let mut keep = reached;
    // From the end, so that a jump over jumps that go is seen to be one to the next instruction.
    let mut following = count;
    let line = |at: usize| code.positions[at].line;
    for at in (0..count).rev() {
        // A `break` or `continue` is a line that tracers see.
        let is_seen = line(at) != 0 && at > 0 && line(at) != line(at - 1);
        if keep[at] && instructions[at].op == JUMP && Code::target(at, &instructions[at]) == Some(following) && !is_seen
        {
            keep[at] = false;
            // Who jumps here goes on to what follows.
            continue;
        }
        if keep[at] {
            following = at;
        }
    }
    keep
}
