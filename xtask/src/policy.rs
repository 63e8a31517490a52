//! The decisions that the rules of `tidy` enforce, as tables: what a change of policy edits.
//!
//! Every exception has its reason beside it, and one that no longer excuses anything is itself a finding, so the
//! lists shrink.

/// A folder pattern (`*` stands for one whole path component) and what packages in it may depend on.
pub(crate) struct Edges {
    pub folder: &'static str,
    /// For `[dependencies]` and `[build-dependencies]`: groups of folder patterns.
    pub may_use: &'static [&'static [&'static str]],
}

const CONTRACTS: &[&str] = &["vm-api/*"];
const PYTHON_FRONT_END: &[&str] = &["frontends/python/*"];
const FRONT_ENDS: &[&str] = &["frontends/lox", "frontends/python/*"];
const COMPONENTS: &[&str] = &["gcs/*", "jits/*"];
const ENGINES: &[&str] = &["runtime/core", "runtime/engines"];
const PYTHON_ALGORITHMS: &[&str] = &["runtime/python/numbers", "runtime/python/text", "runtime/python/algorithms"];
const PYTHON: &[&str] = &["runtime/python/*", "runtime/stdlib/*"];
const COMPOSE: &[&str] = &["runtime/compose"];
/// Components and a language that guides walk through: see `docs/writing-a-collector.md` and its like.
const GUIDES: &[&str] = &["examples/guides/*"];

/// The dependency edges of the architecture. The first pattern that fits a folder counts.
///
/// Normal and build dependencies obey this table strictly. Development dependencies may also name [`FOR_TESTS`].
pub(crate) const EDGES: &[Edges] = &[
    // The contracts, from values upwards.
    Edges { folder: "vm-api/heap", may_use: &[] },
    Edges { folder: "vm-api/code", may_use: &[&["vm-api/heap"]] },
    Edges { folder: "vm-api/vir", may_use: &[&["vm-api/heap", "vm-api/code"]] },
    Edges { folder: "vm-api/engine", may_use: &[&["vm-api/heap", "vm-api/code", "vm-api/vir"]] },
    Edges { folder: "vm-api/*", may_use: &[CONTRACTS] },
    // Front ends know no collector, no JIT, no runtime, and not each other.
    Edges { folder: "frontends/lox", may_use: &[CONTRACTS] },
    Edges { folder: "frontends/python/*", may_use: &[CONTRACTS, PYTHON_FRONT_END] },
    // A collector knows no language and no other collector; a JIT no language, no other JIT, no collector.
    Edges { folder: "gcs/*", may_use: &[CONTRACTS, &["gcs/toolkit"]] },
    // The small components of the guides know what components know.
    Edges { folder: "examples/guides/*", may_use: &[CONTRACTS, &["gcs/toolkit"]] },
    // The kit that tests JITs installs their code.
    Edges { folder: "jits/testkit", may_use: &[CONTRACTS, &["runtime/arena"]] },
    Edges { folder: "jits/*", may_use: &[CONTRACTS, &["jits/toolkit"]] },
    // Maps memory and holds bytes.
    Edges { folder: "runtime/arena", may_use: &[] },
    // Addresses and how often they were executed.
    Edges { folder: "runtime/sampler", may_use: &[] },
    // The runtime, one way. Only `compose` names concrete collectors and JITs.
    Edges { folder: "runtime/core", may_use: &[CONTRACTS, &["gcs/toolkit", "jits/toolkit", "runtime/arena"]] },
    Edges { folder: "runtime/engines", may_use: &[CONTRACTS, &["runtime/core", "runtime/arena", "runtime/sampler"]] },
    // Algorithms on plain data: no values, no heap.
    Edges { folder: "runtime/python/algorithms", may_use: &[] },
    Edges { folder: "runtime/python/numbers", may_use: &[&["runtime/python/algorithms"]] },
    Edges {
        folder: "runtime/python/text",
        may_use: &[PYTHON_FRONT_END, &["runtime/python/algorithms", "runtime/python/numbers"]],
    },
    Edges { folder: "runtime/python/objects", may_use: &[CONTRACTS, PYTHON_FRONT_END, ENGINES, PYTHON_ALGORITHMS] },
    Edges {
        folder: "runtime/python/semantics",
        may_use: &[CONTRACTS, PYTHON_FRONT_END, ENGINES, PYTHON_ALGORITHMS, &["runtime/python/objects"]],
    },
    // The interpreter as a whole: it puts the native modules in.
    Edges { folder: "runtime/python/vm", may_use: &[CONTRACTS, PYTHON_FRONT_END, ENGINES, PYTHON] },
    Edges { folder: "runtime/python/*", may_use: &[CONTRACTS, PYTHON_FRONT_END, ENGINES, &["runtime/python/*"]] },
    // Sources as bytes, and empty packages that stand in for dependencies of a dependency. Its tests parse.
    Edges { folder: "runtime/stdlib/library", may_use: &[PYTHON_FRONT_END] },
    Edges { folder: STAND_INS, may_use: &[] },
    Edges { folder: "runtime/stdlib/*", may_use: &[CONTRACTS, PYTHON_FRONT_END, ENGINES, PYTHON] },
    Edges { folder: "runtime/compose", may_use: &[CONTRACTS, FRONT_ENDS, COMPONENTS, GUIDES, ENGINES, PYTHON] },
    Edges { folder: "runtime/cli", may_use: &[CONTRACTS, FRONT_ENDS, ENGINES, PYTHON, COMPOSE, &["gcs/debug-alloc"]] },
    // Runs the command line in processes of its own, with native modules that only CPython's tests ask for.
    Edges { folder: "runtime/conformance", may_use: &[CONTRACTS, PYTHON, &["runtime/cli"]] },
    Edges { folder: "fuzz", may_use: &[CONTRACTS, FRONT_ENDS, ENGINES, PYTHON, COMPOSE, &["fuzz/*"]] },
    Edges { folder: "fuzz/*", may_use: &[CONTRACTS, FRONT_ENDS, ENGINES, PYTHON, COMPOSE] },
    // These look at the project from outside.
    Edges { folder: "xtask", may_use: &[] },
    Edges { folder: "experiments", may_use: &[] },
    Edges { folder: "experiments/*", may_use: &[] },
];

/// Packages that are empty on purpose, in place of dependencies that a dependency names and does not use.
pub(crate) const STAND_INS: &str = "runtime/stdlib/library/stand-ins/*";

/// What any package may name for its tests, benches and examples besides its normal edges: the test kit, Lox (the
/// small language that drives first tests) and concrete components, those of the guides included. Still closed to tests: the
/// command line, the composition, and everything of Python's outside its own folders.
pub(crate) const FOR_TESTS: &[&[&str]] = &[CONTRACTS, &["frontends/lox"], COMPONENTS, GUIDES, ENGINES];

/// The packages that `unsafe` is for, by folder pattern, each with what it does there.
pub(crate) const UNSAFE: &[(&str, &str)] = &[
    ("vm-api/heap", "reads and writes object memory: headers, slots, barriers"),
    ("vm-api/engine", "hands values and frame windows between engines and stubs"),
    ("vm-api/testkit", "its mock VM owns a heap"),
    ("gcs/*", "collectors map, trace, move and free memory"),
    ("frontends/lox", "reads the strings and feedback slots that its stubs are handed"),
    ("examples/guides/*", "hands a language its state and its stubs their feedback slots"),
    ("jits/toolkit", "emits machine code"),
    ("jits/testkit", "enters machine code, and is called by it"),
    ("runtime/arena", "maps memory and makes it executable"),
    (
        "runtime/sampler",
        "asks the kernel for samples, reads them from memory that it shares, and tells profilers of files",
    ),
    ("runtime/core", "owns stacks, scans native frames, installs code"),
    ("runtime/engines", "executes register frames"),
    ("runtime/cli", "hands a language its state, which must outlive the thread"),
    ("runtime/python/objects", "gives object layouts their accessors"),
    ("runtime/python/vm", "hands Python its state, which must outlive the thread"),
    ("runtime/python/semantics", "hands values and feedback slots from engines to its stubs"),
    ("runtime/stdlib/system", "calls the C library"),
];

/// Containers that live on the Rust heap: a collector neither sees nor updates what is in them.
pub(crate) const RUST_HEAP_CONTAINERS: &[&str] = &[
    "Arc",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Box",
    "FxHashMap",
    "FxHashSet",
    "HashMap",
    "HashSet",
    "IndexMap",
    "IndexSet",
    "LazyLock",
    "LinkedList",
    "OnceLock",
    "Rc",
    "SmallVec",
    "ThinVec",
    "Vec",
    "VecDeque",
];

/// Files that may keep a `Value` in a Rust-heap container, with the reason why no collection can go wrong on it.
pub(crate) const RUST_HEAP_VALUES: &[(&str, &str)] = &[
    ("gcs/toolkit/src/list.rs", "collectors' own work lists and remembered sets, kept right by each collection"),
    ("vm-api/testkit/src/model/compare.rs", "the comparison's work lists: nothing can collect while they exist"),
    ("vm-api/testkit/src/mock.rs", "the mock VM's shadow stack and weak slots: its root source shows them"),
    ("vm-api/heap/src/roots.rs", "the heap's own root table: every collection shows these slots to the collector"),
    ("vm-api/heap/src/registering.rs", "handed to the collector, and emptied, before anything may move"),
    ("vm-api/heap/src/collector.rs", "what a collection leaves to do: the heap roots it until the language takes it"),
    ("vm-api/engine/src/thread.rs", "the language's roots of a thread: the runtime shows them as precise slots"),
    ("runtime/engines/src/build/emitter.rs", "cells of the unit being built: building allocates nothing in the heap"),
    ("runtime/engines/src/build/mod.rs", "cells of a built unit: installed before anything may collect"),
    ("runtime/engines/src/tier/cells.rs", "the cells of units: the tier shows them as precise slots"),
    ("runtime/engines/src/tier/mod.rs", "keeps units, with their cells"),
    ("runtime/engines/src/tier/eval/mod.rs", "the evaluator's slots: the tier shows them as precise slots"),
    ("runtime/engines/src/tier/eval/environment.rs", "names the type of the evaluator's slots"),
    ("runtime/core/src/unit.rs", "the constant cells of code: the runtime shows them as precise slots"),
    (
        "runtime/core/src/runtime.rs",
        "the runtime itself, whose pending exception and result are shown as precise slots",
    ),
    ("runtime/core/src/threads.rs", "hands the runtime of a thread that begins to it, shown as above"),
];

/// Files that may be longer than [`FILE_LINES_MAX`].
pub(crate) const LONG_FILES: &[(&str, &str)] = &[];

/// Files longer than this are listed.
pub(crate) const FILE_LINES_LISTED: usize = 800;

/// Files longer than this fail.
pub(crate) const FILE_LINES_MAX: usize = 1200;

/// Whether a folder fits a pattern, in which `*` stands for one whole component.
pub(crate) fn fits(pattern: &str, folder: &str) -> bool {
    let (mut pattern, mut folder) = (pattern.split('/'), folder.split('/'));
    loop {
        match (pattern.next(), folder.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_one_component() {
        assert!(fits("gcs/*", "gcs/semispace"));
        assert!(fits("xtask", "xtask"));
        assert!(!fits("gcs/*", "gcs"));
        assert!(!fits("gcs/*", "gcs/a/b"));
        assert!(!fits("gcs/toolkit", "gcs/semispace"));
    }
}
