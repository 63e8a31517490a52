//! Where functions lie in the binary: those that a start executes first and together, so that the system maps few pages of
//! the others, which it does by 64 KiB whatever is asked for.
//!
//! The counts of a training say what was executed. Code that does not count (the standard library, C) may be needed by
//! anything and lies next; then what the training executed; what it never did lies last.

use object::{Object, ObjectSymbol, SymbolKind};
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use super::output;

/// The host whose linker (the LLD that comes with its Rust toolchain) orders functions, and whose binaries have a fixed place.
pub(super) const HOST: &str = "x86_64-unknown-linux-gnu";

/// Writes the linker's list of the functions of `binary` to `list`, by the merged counts of a start and of a training.
pub(super) fn write(tool: &Path, start: &Path, training: &Path, binary: &Path, list: &Path) -> Result<(), String> {
    let (start, training) = (executed(tool, start)?, executed(tool, training)?);
    let told = |e: std::io::Error| format!("{}: {e}", binary.display());
    let content = std::fs::read(binary).map_err(told)?;
    let parsed = object::File::parse(&content[..]).map_err(|e| format!("{}: {e}", binary.display()))?;
    let mut ranked: Vec<(u8, &str)> = Vec::new();
    for symbol in parsed.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition()) {
        let Ok(name) = symbol.name() else { continue };
        // What a module exports to others for the link's sake has a suffix.
        let base = name.split_once(".llvm.").map_or(name, |(base, _)| base);
        match (start.get(base), training.get(base)) {
            (Some(true), _) => ranked.push((0, name)),
            (_, None) => ranked.push((1, name)),
            (_, Some(true)) => ranked.push((2, name)),
            _ => {}
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let text: String = ranked.iter().flat_map(|(_, name)| [name, "\n"]).collect();
    std::fs::write(list, text).map_err(|e| format!("{}: {e}", list.display()))
}

/// The functions that count, and whether they were executed. Of functions with the same name, any.
fn executed(tool: &Path, counts: &Path) -> Result<HashMap<String, bool>, String> {
    let text = output(Command::new(tool).args(["show", "--all-functions", "--counts"]).arg(counts))?;
    let mut functions = HashMap::new();
    let mut name = None;
    for line in text.lines() {
        if let Some(blocks) = line.trim_start().strip_prefix("Block counts: [") {
            let name = name.take().ok_or_else(|| format!("{}: counts of no function", counts.display()))?;
            let any = blocks.trim_end_matches(']').split(", ").any(|count| count != "0");
            *functions.entry(name).or_default() |= any;
        } else if let Some(function) = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) {
            // A function that is not known outside its module is named with that.
            let function = function.trim_end_matches(':');
            name = Some(function.rsplit_once(';').map_or(function, |(_, name)| name).to_owned());
        }
    }
    if functions.is_empty() { Err(format!("{}: no function", counts.display())) } else { Ok(functions) }
}
