//! Terminals.

use super::{descriptor, none, ok, small};
use python_objects::struct_sequence::StructSequence;
use python_objects::{Args, Native, Py, R};
use stdlib_core::support::decode_path;
use stdlib_system::terminals;

pub(super) static TERMINAL_SIZE: StructSequence = StructSequence {
    name: "terminal_size",
    module: "os",
    fields: &["columns", "lines"],
    visible: 2,
    constructible: true,
    doc: "A tuple of (columns, lines) for holding terminal window size",
};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("get_terminal_size", "fd=1, /", get_terminal_size, "Return the size of the terminal."),
    Native::function("ctermid", "", |py, _| py.str("/dev/tty"), "Return the name of the process's terminal."),
    Native::function("ttyname", "fd, /", ttyname, "Return the name of a terminal."),
    Native::function("openpty", "", openpty, "Make a terminal; return both of its ends."),
    Native::function("login_tty", "fd, /", login_tty, "Make a terminal that of the process."),
    Native::function("tcgetpgrp", "fd, /", tcgetpgrp, "Return the group of processes in the foreground."),
    Native::function("tcsetpgrp", "fd, pgid, /", tcsetpgrp, "Set the group of processes in the foreground."),
];

fn get_terminal_size(py: Py<'_>, args: Args<'_>) -> R {
    let fd = args.opt(0).map_or(Ok(1), |v| py.index_i32(v))?;
    let (columns, lines) = ok(py, stdlib_system::terminal_size(fd))?;
    py.struct_sequence(&TERMINAL_SIZE, &[columns, lines].map(small))
}
fn ttyname(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    decode_path(py, &ok(py, py.blocking(|| terminals::name(fd)))?)
}
fn openpty(py: Py<'_>, _: Args<'_>) -> R {
    let (own, other) = ok(py, terminals::open_pair())?;
    py.tuple(&[small(own), small(other)])
}
fn login_tty(py: Py<'_>, args: Args<'_>) -> R {
    none(py, terminals::log_in(super::descriptor_of(py, args.at(0))?))
}
fn tcgetpgrp(py: Py<'_>, args: Args<'_>) -> R {
    py.int(ok(py, terminals::foreground(descriptor(py, args.at(0))?))?)
}
fn tcsetpgrp(py: Py<'_>, args: Args<'_>) -> R {
    none(py, terminals::set_foreground(descriptor(py, args.at(0))?, py.index_i32(args.at(1))?))
}
