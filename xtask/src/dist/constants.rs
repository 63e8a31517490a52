//! Where constants lie in the binary: those of the crates from which a start reads some lie together, so that the system maps
//! few of the others', which it does by 64 KiB as with functions.
//!
//! Most constants have no names by which a linker could order them one by one ([`order`](super::order) does so for functions).
//! Left alone it lays them out by crate, in the order of the alphabet, with megabytes of tables and compressed files between.

use std::path::Path;

/// The crates, those first of which a start reads much in relation to what they have. What is embedded comes last, because it
/// is big; a start reads the first of it.
const READ: &[&str] = &[
    "python_objects",
    "python_builtins",
    "stdlib_core",
    "stdlib_os",
    "python_vm",
    "gc_generational",
    "gc_toolkit",
    "vm_code",
    "vm_engine",
    "vm_heap",
    "runtime_compose",
    "runtime_core",
    "runtime_engines",
    "stdlib_system",
    "alloc",
    "core",
    "std",
    "runtime_cli",
    "python_semantics",
    "python_text",
    "python_compile",
    "python_syntax",
    "stdlib_frozen",
    "stdlib_library",
];

/// What else is linked and read: the binary's own crate, and the allocator in C.
const OTHERS: &str = "*.prism.*(.rodata .rodata.*) *libmimalloc_sys*(.rodata .rodata.*)";

/// Writes the script by which the linker does so. It leaves everything else where it is, and what it does not find out.
pub(super) fn write(script: &Path) -> Result<(), String> {
    std::fs::write(script, text()).map_err(|e| format!("{}: {e}", script.display()))
}

fn text() -> String {
    // Object files are called after the binary and their crate, with hashes.
    let crates: String = READ.iter().map(|name| format!("    *.{name}-*(.rodata .rodata.*)\n")).collect();
    format!("SECTIONS {{\n  .rodata.start : {{\n    {OTHERS}\n{crates}  }}\n}} INSERT BEFORE .rodata;\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crates_are_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let lock = std::fs::read_to_string(root.join("Cargo.lock")).expect("the lock file is there");
        let of_rust = ["alloc", "core", "std"];
        for name in READ.iter().filter(|name| !of_rust.contains(name)) {
            assert!(lock.contains(&format!("name = \"{}\"\n", name.replace('_', "-"))), "{name}");
        }
        assert!(
            text().ends_with("*.stdlib_library-*(.rodata .rodata.*)\n  }\n} INSERT BEFORE .rodata;\n"),
            "{}",
            text()
        );
    }
}
