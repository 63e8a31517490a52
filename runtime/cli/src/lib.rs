//! The command line of `prism`, as a library: `prism-test` runs the same one in the processes that it starts.
//!
//! | module | holds |
//! | --- | --- |
//! | [`options`] | arguments, parsed by one table |
//! | [`native_stack`] | the thread that a VM runs on |
//! | [`crash`] | what is written when the VM itself fails |
//! | [`budget`] | the first run that counts allocations |
//! | [`session`] | the heap that the options ask for, its log and counters |
//! | [`statistics`] | the counters' format |
//! | [`lox`], [`python`], [`front_end`] | Lox programs; Python programs; `--ast` |
//! | [`command`] | what is done, by [`options::Action`] |
//!
//! May import everything below `runtime/` but no concrete collector or JIT: those come by name from the registry.

mod budget;
mod command;
mod crash;
mod environment;
mod explain;
mod front_end;
mod lox;
mod native_stack;
mod options;
mod prompt;
mod python;
mod session;
mod statistics;

use options::parse::{Problem, parse};
use python_objects::module::NativeModule;
use std::ffi::OsString;

pub use crash::EXIT_CODE as CRASHED;

/// Does what the arguments of a command line ask, without the name of the program; the exit code. `modules`: native modules beyond Python's.
pub fn main(arguments: &[OsString], modules: &'static [NativeModule]) -> u8 {
    let outcome = parse(arguments).and_then(|options| {
        let options = options::Options { modules, ..options };
        Ok(command::run(options, arguments)?)
    });
    exit_code(outcome)
}

/// The exit code, after telling what could not be begun.
fn exit_code(outcome: Result<u8, Problem>) -> u8 {
    outcome.unwrap_or_else(|problem| {
        match problem {
            Problem::Refused(why) => eprintln!("prism: {why}"),
            Problem::Usage(what) => {
                eprintln!("{what}\nusage: {}\nTry `prism -h' for more information.", options::help::USAGE);
            }
        }
        command::REFUSED
    })
}
