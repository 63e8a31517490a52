//! What tests of native JITs share: a [`NativeRunner`], which installs what a backend makes and enters it in surroundings that
//! behave as the sandbox of `.vir` files does, on the heap of any collector and under any stress.
//!
//! The suites themselves are `vm_testkit::backend`'s. Beyond what these compare, the surroundings watch the convention of native
//! code (`vm_engine::backend`): that nothing of the frame is written but what the convention says (what is dead is filled with
//! a pattern, and looked at again), that sites say where they are, that feedback is recorded. The thread that code gets is none of
//! the VM's: its fields lie elsewhere, so code that does not ask [`Lowering`](vm_api::engine::backend::Lowering) where is found
//! out.
//!
//! | module | holds |
//! | --- | --- |
//! | `runner` | compiling, installing, entering; reading what came out |
//! | `surroundings` | the state that one run works on, and its checks |
//! | `functions` | what code calls; a panic in there ends the process, since nothing unwinds through native code |
//!
//! May import `vm-api`'s crates and the arena only.

mod functions;
mod runner;
mod surroundings;

pub use runner::{NativeRunner, Recorded};
