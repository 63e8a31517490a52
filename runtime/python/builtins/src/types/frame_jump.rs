//! Setting `f_lineno`: a trace function says where its frame goes on.
//!
//! It goes on with an instruction that begins the line, and whose live temporaries hold what could have got there: each is
//! live where the frame is, and all that may have written it reaches the target too. Nothing is unwound: what is left is
//! forgotten; who steps sees to the exception that was being handled.

use crate::warnings;
use python_compile::extra::{all_visits, visits};
use python_compile::opcodes::{ENTER_HANDLER, GET_AITER, GET_ITER, LOAD_SPECIAL, LOOP_BACK};
use python_objects::frame::Place;
use python_objects::tracing::{Event, Standing};
use python_objects::{Args, Exc, Object, Py, R, Value};
use vm_api::code::Code;
use vm_api::code::definitions::Definition;

const INTO_EXCEPT: &str = "can't jump into an 'except' block as there's no exception";

pub(super) fn set_line(py: Py<'_>, args: Args<'_>) -> R {
    let f = Object::of(args.at(0));
    let Some(wanted) = args.opt(1) else { return py.err(Exc::AttributeError, "cannot delete attribute") };
    let Some(place) = py.frame_place(f) else {
        return py.value_error("f_lineno can only be set in a trace function");
    };
    let Some(event) = py.traced_event(place.id) else {
        return py.value_error("f_lineno can only be set in a trace function");
    };
    if py.exact_int(wanted).is_none() {
        return py.value_error("lineno must be an integer");
    }
    match event {
        Event::Line => {}
        Event::Call if py.frame_position(f) < 0 => {
            return py.value_error("can't jump from the 'call' trace event of a new frame");
        }
        _ => return py.value_error("can only jump from a 'line' trace event"),
    }
    let wanted = py.index_i64(wanted)?;
    let code = py.ops().code(py.0, place.code).clone();
    if wanted < i64::from(code.first_line) {
        return py.value_error(&format!("line {wanted} comes before the current code block"));
    }
    let visited = all_visits(&code).map(|v| v.position);
    let lines = code.positions.iter().copied().chain(visited).map(|p| i64::from(p.line));
    let Some(line) = lines.filter(|line| *line >= wanted).min() else {
        return py.value_error(&format!("line {wanted} comes after the current code block"));
    };
    let to = match target(py, &code, place, line as u32) {
        Ok(to) => to,
        Err(message) => return py.value_error(message),
    };
    let unbound = py.unbound_locals(place);
    if unbound > 0 {
        let message = format!("assigning None to {unbound} unbound local{}", if unbound == 1 { "" } else { "s" });
        warnings::warn(py, Exc::RuntimeWarning, &message, 0)?;
        py.bind_unbound(place);
    }
    py.jump_to(to);
    Ok(Value::NONE)
}

/// Where to go on: of the instructions that begin the line, or stand behind it, and fit, one within most.
fn target(py: Py<'_>, code: &Code, place: Place, line: u32) -> Result<Standing, &'static str> {
    let at = |i: usize| code.positions[i].line;
    let begins = (0..code.positions.len()).filter_map(|i| {
        let i_op = code.instructions[i].op;
        if visits(code, i as u32).any(|v| v.position.line == line) {
            return Some(Standing { at: i as i64, visited: line });
        }
        let begins = at(i) == line && (i == 0 || at(i - 1) != line) && (i_op != LOOP_BACK || !is_end_of_loop(code, i));
        begins.then(|| Standing::at(i as u32))
    });
    let (mut best, mut refused) = (None, "cannot find bytecode for specified line");
    for i in begins {
        match fits(py, code, place, i.at as u32) {
            Ok(depth) if best.is_none_or(|(most, _)| depth > most) => best = Some((depth, i)),
            Ok(_) => {}
            Err(message) => refused = message,
        }
    }
    best.map(|(_, i)| i).ok_or(refused)
}

fn is_end_of_loop(code: &Code, at: usize) -> bool {
    let head = Code::target(at, &code.instructions[at]);
    head.is_some_and(|head| code.positions[head].line == code.positions[at].line)
}

/// May the frame go on there? How many temporaries are live, or why not.
fn fits(py: Py<'_>, code: &Code, place: Place, to: u32) -> Result<usize, &'static str> {
    let needed = py.ops().live_temporaries(py.0, place.code, to);
    let held = py.ops().live_temporaries(py.0, place.code, place.at);
    for &register in &needed {
        let there = py.ops().definitions(py.0, place.code, to, register);
        let here = py.ops().definitions(py.0, place.code, place.at, register);
        let could_be = |d: &Definition| there.iter().any(|other| is_alike(code, *d, *other));
        if !held.contains(&register) || !here.iter().all(could_be) {
            return Err(why_not(code, &there));
        }
    }
    Ok(needed.len())
}

/// Do the two make the same of a register? Beside one and the same that is so of iterators of loops and exit methods of `with`.
fn is_alike(code: &Code, a: Definition, b: Definition) -> bool {
    let (Definition::Instruction(at), Definition::Instruction(other)) = (a, b) else { return a == b };
    let (i, j) = (&code.instructions[at as usize], &code.instructions[other as usize]);
    at == other || i.op == j.op && i.a == j.a && i.c == j.c && matches!(i.op, GET_ITER | GET_AITER | LOAD_SPECIAL)
}

fn why_not(code: &Code, needed: &[Definition]) -> &'static str {
    let any = |test: &dyn Fn(u16) -> bool| {
        needed.iter().any(|d| matches!(d, Definition::Instruction(at) if test(code.instructions[*at as usize].op)))
    };
    if any(&|op| op == GET_ITER || op == GET_AITER) {
        "can't jump into the body of a for loop"
    } else if needed.iter().any(|d| matches!(d, Definition::Handler(_))) || any(&|op| op == ENTER_HANDLER) {
        INTO_EXCEPT
    } else {
        "incompatible stacks"
    }
}
