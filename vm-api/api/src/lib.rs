//! One name for every contract that a component plugs in behind.
//!
//! * [`heap`]: values, objects, layouts, collectors, barriers.
//! * [`code`]: register bytecode as data.
//! * [`vir`]: the intermediate representation between front halves and backends.
//! * [`engine`]: semantics, engines, threads, stubs.

pub use vm_code as code;
pub use vm_engine as engine;
pub use vm_heap as heap;
pub use vm_vir as vir;
