//! Frames as text, straight to a descriptor. Nothing here runs Python code or allocates on the heap.

use python_objects::Py;
use python_objects::py::root;
use std::fmt::Write as _;
use vm_api::code::code::code_flag;
use vm_api::engine::Thread;

/// Frames of a thread that are shown, and threads.
const MOST: usize = 100;
/// Characters of a name that are shown.
const MOST_CHARACTERS: usize = 500;

/// A name in ASCII.
fn push_name(out: &mut String, name: &str) {
    for c in name.chars().take(MOST_CHARACTERS) {
        let written = match u32::from(c) {
            0x20..0x7F => {
                out.push(c);
                Ok(())
            }
            code @ 0..0x100 => write!(out, "\\x{code:02x}"),
            code @ 0..0x1_0000 => write!(out, "\\u{code:04x}"),
            code => write!(out, "\\U{code:08x}"),
        };
        debug_assert!(written.is_ok(), "strings take everything");
    }
    if name.chars().nth(MOST_CHARACTERS).is_some() {
        out.push_str("...");
    }
}

fn push_frames(py: Py<'_>, of: &Thread, out: &mut String) {
    let mut count = 0;
    py.ops().walk_places(of, &mut |_, code, at, _| {
        let code = py.ops().code(py.0, code);
        if code.flags & code_flag::HIDDEN != 0 {
            return true;
        }
        count += 1;
        if count > MOST {
            out.push_str("  ...\n");
            return false;
        }
        out.push_str("  File \"");
        push_name(out, &code.source);
        let line = code.positions.get(at as usize).map_or(0, |p| p.line);
        out.push_str("\", line ");
        out.push_str(&if line > 0 { line.to_string() } else { "???".to_owned() });
        out.push_str(" in ");
        push_name(out, &code.name);
        out.push('\n');
        true
    });
    if count == 0 {
        out.push_str("  <no Python frame>\n");
    }
}

/// Writes where the running thread stands, or all threads, those that were started last first. Those without a number are
/// the VM's own.
pub(super) fn write(py: Py<'_>, fd: i32, before: &str, all: bool) {
    let mut out = String::from(before);
    if all {
        let mut parts: Vec<String> = Vec::new();
        py.ops().each_thread(py.0, &mut |thread| {
            let ident = thread.root(root::THREAD_IDENT);
            if !ident.is_int() {
                return;
            }
            let own = if std::ptr::eq(thread, py.0) { "Current thread" } else { "Thread" };
            let mut part = format!("{own} 0x{:016x} (most recent call first):\n", ident.as_int());
            push_frames(py, thread, &mut part);
            parts.push(part);
        });
        parts.reverse();
        if parts.len() > MOST {
            parts.truncate(MOST);
            parts.push("...\n".into());
        }
        out.push_str(&parts.join("\n"));
    } else {
        out.push_str("Stack (most recent call first):\n");
        push_frames(py, py.0, &mut out);
    }
    let mut rest = out.as_bytes();
    while !rest.is_empty() {
        match stdlib_system::write(fd, rest) {
            Ok(n) => rest = &rest[n..],
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            // There is nobody else to tell.
            Err(_) => return,
        }
    }
}
