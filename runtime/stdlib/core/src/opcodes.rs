//! `_opcode`: the instruction set as a table, and what the operands of a code's instructions stand for. For `opcode` and `dis`.

use crate::support::add;
use python_compile::opcodes::{DOCUMENTATION, OPCODES};
use python_objects::kind::Kind;
use python_objects::{Args, Native, Object, Py, R, Value};
use std::sync::Arc;
use vm_api::code::{Code, Immediate, OpcodeInfo, Operand};

static FUNCTIONS: &[Native] = &[
    Native::function("variables", "code, /", variables, "Return the names of the variables in the first registers."),
    Native::function(
        "constants",
        "code, nothing, /",
        constants,
        "Return the constants by index; nothing stands for that of no value.",
    ),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    let rows = py.new_list(OPCODES.len())?;
    for (info, text) in OPCODES.iter().zip(DOCUMENTATION) {
        let v = row(py, info, text)?;
        py.list_push(rows, v)?;
    }
    let rows = py.list_to_tuple(rows)?;
    add(py, module, "ROWS", rows)
}

/// Name, operands, immediate, (ends, raises, skips the next), description.
fn row(py: Py<'_>, info: &OpcodeInfo, text: &str) -> R {
    let name = py.str(&info.name.to_ascii_uppercase())?;
    let [a, b, c] = info.operands.map(|o| py.str(operand(o)));
    let operands = py.tuple(&[a?, b?, c?])?;
    let immediate = py.str(immediate(info.immediate))?;
    let facts = py.tuple(&[info.ends, info.may_raise(), info.skips_next].map(Value::bool))?;
    let text = py.str(text)?;
    py.tuple(&[name, operands, immediate, facts, text])
}

fn operand(operand: Operand) -> &'static str {
    match operand {
        Operand::Unused => "",
        Operand::Read => "read",
        Operand::Write => "write",
        Operand::ReadWrite => "read and write",
        Operand::Window { .. } => "window",
        Operand::WindowRead { .. } => "window read",
        Operand::WindowWrite { .. } => "window write",
        Operand::Count => "count",
        Operand::Number => "number",
        Operand::Name => "name",
        Operand::Constant => "constant",
        Operand::Free => "free",
    }
}

fn immediate(immediate: Immediate) -> &'static str {
    match immediate {
        Immediate::Unused => "",
        Immediate::Jump => "jump",
        Immediate::Branch => "branch",
        Immediate::LoopBack => "loop back",
        Immediate::Constant => "constant",
        Immediate::Name => "name",
        Immediate::Free => "free",
        Immediate::Suspension => "suspension",
        Immediate::Number => "number",
    }
}

fn code<'t>(py: Py<'t>, v: Value) -> R<&'t Arc<Code>> {
    match py.of_kind(v, Kind::CODE) {
        Some(code) => Ok(py.ops().code(py.0, py.index_of(code)?)),
        None => py.type_error("code must be a code object"),
    }
}

fn variables(py: Py<'_>, args: Args<'_>) -> R {
    let code = code(py, args.at(0))?;
    let names = py.new_list(code.variables.len())?;
    for name in &code.variables {
        let name = py.str(name)?;
        py.list_push(names, name)?;
    }
    py.list_to_tuple(names)
}

fn constants(py: Py<'_>, args: Args<'_>) -> R {
    let code = code(py, args.at(0))?;
    let all = py.new_list(code.constants.len())?;
    for constant in &code.constants {
        let v = py.constant(constant)?;
        py.list_push(all, if v.is_empty() { args.at(1) } else { v })?;
    }
    py.list_to_tuple(all)
}
