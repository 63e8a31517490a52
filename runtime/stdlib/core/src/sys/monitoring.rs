//! `sys.monitoring`: what tools say that they want to be told of (PEP 669).

use crate::support::{add, constants, set};
use python_objects::kind::{Kind, shape};
use python_objects::monitoring::{LOCAL_EVENTS, TOOLS, event};
use python_objects::{Args, Native, Object, Py, R, Value, string};
use vm_api::engine::CodeIndex;

static FUNCTIONS: &[Native] = &[
    Native::function("use_tool_id", "tool_id, name, /", use_tool_id, "Take a tool's number."),
    Native::function("free_tool_id", "tool_id, /", free_tool_id, "Give a tool's number back."),
    Native::function("get_tool", "tool_id, /", get_tool, "Return the name of the tool, or None."),
    Native::function("register_callback", "tool_id, event, func, /", register_callback, "Set who is told of an event."),
    Native::function("get_events", "tool_id, /", get_events, "Return the events that the tool wants everywhere."),
    Native::function(
        "set_events",
        "tool_id, event_set, /",
        set_events,
        "Set the events that the tool wants everywhere.",
    ),
    Native::function("get_local_events", "tool_id, code, /", get_local_events, "Return those that it wants in a code."),
    Native::function(
        "set_local_events",
        "tool_id, code, event_set, /",
        set_local_events,
        "Set the events that the tool wants in a code.",
    ),
    Native::function("restart_events", "", restart_events, "Forget what was disabled by a callback."),
    Native::function("_all_events", "", all_events, "Return a dict from events to the tools that want them."),
];

const TOOL_IDS: &[(&str, i64)] = &[("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)];

/// What is wanted where calls are: all or none.
const CALLS: u32 = 1 << event::CALL | CALL_ENDS;
const CALL_ENDS: u32 = 1 << event::C_RETURN | 1 << event::C_RAISE;
const ALL: u32 = (1 << event::NAMES.len()) - 1;

/// Makes the module, which is an attribute of `sys` only.
pub(super) fn install(py: Py<'_>, sys: Object) -> R<()> {
    let module = py.new_module("sys.monitoring")?;
    py.add_functions(module, FUNCTIONS)?;
    constants(py, module, TOOL_IDS)?;
    let events = py.new_dict()?;
    for (name, number) in event::NAMES.iter().zip(0..) {
        set(py, events, name, Value::int(1 << number))?;
    }
    set(py, events, "NO_EVENTS", Value::int(0))?;
    let events = py.new_object(shape::NAMESPACE, 2, &[events.value()])?;
    add(py, module, "events", events.value())?;
    let object = py.builtin_class(python_objects::kind::class::OBJECT).value();
    let (disable, missing) = (py.call(object, &[])?, py.call(object, &[])?);
    add(py, module, "DISABLE", disable)?;
    add(py, module, "MISSING", missing)?;
    py.start_monitoring(disable, missing)?;
    set(py, sys, "monitoring", module.value())
}

fn tool(py: Py<'_>, v: Value) -> R<usize> {
    let n = py.index_i32(v)?;
    match usize::try_from(n) {
        Ok(tool) if tool < TOOLS => Ok(tool),
        _ => py.value_error(&format!("invalid tool {n} (must be between 0 and {})", TOOLS - 1)),
    }
}

fn used_tool(py: Py<'_>, v: Value) -> R<usize> {
    let tool = tool(py, v)?;
    if py.monitoring_tool(tool).is_empty() {
        return py.value_error(&format!("tool {tool} is not in use"));
    }
    Ok(tool)
}

fn code(py: Py<'_>, v: Value) -> R<CodeIndex> {
    match py.of_kind(v, Kind::CODE) {
        Some(code) => py.index_of(code),
        None => py.type_error("code must be a code object"),
    }
}

/// A set of events, without those that go with calls.
fn event_set(py: Py<'_>, v: Value, what: &str, allowed: u32) -> R<u32> {
    let set = py.index_i32(v)? as u32;
    if set & !ALL != 0 {
        return py.value_error(&format!("invalid {what} 0x{set:x}"));
    }
    if set & CALL_ENDS != 0 && set & CALLS != CALLS {
        return py.value_error("cannot set C_RETURN or C_RAISE events independently");
    }
    let set = set & !CALL_ENDS;
    if set & !allowed != 0 {
        return py.value_error(&format!("invalid {what} 0x{set:x}"));
    }
    Ok(set)
}

fn use_tool_id(py: Py<'_>, args: Args<'_>) -> R {
    let tool = tool(py, args.at(0))?;
    if string::exact_or_payload(py, args.at(1)).is_none() {
        return py.value_error("tool name must be a str");
    }
    if !py.monitoring_tool(tool).is_empty() {
        return py.value_error(&format!("tool {tool} is already in use"));
    }
    py.set_monitoring_tool(tool, args.at(1));
    Ok(Value::NONE)
}

fn free_tool_id(py: Py<'_>, args: Args<'_>) -> R {
    // Its events and callbacks stay, as documented.
    py.set_monitoring_tool(tool(py, args.at(0))?, Value::EMPTY);
    Ok(Value::NONE)
}

fn or_none(v: Value) -> Value {
    if v.is_empty() { Value::NONE } else { v }
}

fn get_tool(py: Py<'_>, args: Args<'_>) -> R {
    Ok(or_none(py.monitoring_tool(tool(py, args.at(0))?)))
}

fn register_callback(py: Py<'_>, args: Args<'_>) -> R {
    let (tool, event) = (tool(py, args.at(0))?, py.index_i32(args.at(1))? as u32);
    if event.count_ones() != 1 {
        return py.value_error("The callback can only be set for one event at a time");
    }
    if event & ALL == 0 {
        return py.value_error(&format!("invalid event {}", event as i32));
    }
    let function = if args.at(2) == Value::NONE { Value::EMPTY } else { args.at(2) };
    super::audit::event(py, "sys.monitoring.register_callback", &[args.at(2)])?;
    Ok(or_none(py.set_monitoring_callback(tool, event.trailing_zeros(), function)))
}

fn get_events(py: Py<'_>, args: Args<'_>) -> R {
    let tool = tool(py, args.at(0))?;
    py.int(i64::from(py.state().monitoring.events(tool)))
}

fn set_events(py: Py<'_>, args: Args<'_>) -> R {
    let tool = tool(py, args.at(0))?;
    let set = event_set(py, args.at(1), "event set", ALL)?;
    let tool = used_tool(py, Value::int(tool as i64))?;
    py.set_monitoring_events(tool, None, set);
    Ok(Value::NONE)
}

fn get_local_events(py: Py<'_>, args: Args<'_>) -> R {
    let code = code(py, args.at(1))?;
    let tool = tool(py, args.at(0))?;
    py.int(i64::from(py.state().monitoring.local_events(tool, code)))
}

fn set_local_events(py: Py<'_>, args: Args<'_>) -> R {
    let code = code(py, args.at(1))?;
    let tool = used_tool(py, args.at(0))?;
    let set = event_set(py, args.at(2), "local event set", LOCAL_EVENTS)?;
    py.set_monitoring_events(tool, Some(code), set);
    Ok(Value::NONE)
}

fn restart_events(py: Py<'_>, _: Args<'_>) -> R {
    py.state().monitoring.restart();
    Ok(Value::NONE)
}

fn all_events(py: Py<'_>, _: Args<'_>) -> R {
    let d = py.new_dict()?;
    for (name, event) in event::NAMES.iter().zip(0u32..) {
        let wants = |tool: &usize| py.state().monitoring.events(*tool) >> event & 1 != 0;
        let tools = (0..TOOLS).filter(wants).fold(0, |all, tool| all | 1 << tool);
        if tools != 0 {
            set(py, d, name, Value::int(tools))?;
        }
    }
    Ok(d.value())
}
