//! Where functions lie in the binary: those that a start executes first and together, so that the system maps few pages of
//! the others, which it does by 64 KiB whatever is asked for.
//!
//! The counts of a training say what was executed. They do not say all of a start: some code does not count (the standard
//! library, C), the binary that counts has no frozen library, and functions with equal code become one, under one of their names.
//! `start.txt` lists the rest: what callgrind met in the optimized binary, by names without the hashes that differ between
//! compilers, unless several functions have the name; `cargo xtask dist --starting` writes it anew. A line that no longer fits
//! does no harm. The rest of the code that does not count may be needed by anything and lies next; then what the training
//! executed; what it never did lies last.

use object::{Object, ObjectSymbol, SymbolKind};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;

use super::output;

/// The host whose linker (the LLD that comes with its Rust toolchain) orders functions, and whose binaries have a fixed place.
pub(super) const HOST: &str = "x86_64-unknown-linux-gnu";

/// What a start executes beyond what counts say.
const UNCOUNTED: &str = include_str!("start.txt");

/// Writes the linker's list of the functions of `binary` to `list`, by the merged counts of a start and of a training.
pub(super) fn write(tool: &Path, start: &Path, training: &Path, binary: &Path, list: &Path) -> Result<(), String> {
    let (start, training) = (executed(tool, start)?, executed(tool, training)?);
    let told = |e: std::io::Error| format!("{}: {e}", binary.display());
    let content = std::fs::read(binary).map_err(told)?;
    let parsed = object::File::parse(&content[..]).map_err(|e| format!("{}: {e}", binary.display()))?;
    let uncounted: BTreeSet<&str> = UNCOUNTED.lines().collect();
    let mut ranked: Vec<(u8, &str)> = Vec::new();
    for symbol in parsed.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition()) {
        let Ok(name) = symbol.name() else { continue };
        // What a module exports to others for the link's sake has a suffix.
        let base = name.split_once(".llvm.").map_or(name, |(base, _)| base);
        let is_listed = || uncounted.contains(base) || uncounted.contains(without_hashes(base).as_str());
        match (start.get(base), training.get(base)) {
            (Some(true), _) => ranked.push((0, name)),
            _ if is_listed() => ranked.push((1, name)),
            (_, None) => ranked.push((2, name)),
            (_, Some(true)) => ranked.push((3, name)),
            _ => {}
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let text: String = ranked.iter().flat_map(|(_, name)| [name, "\n"]).collect();
    std::fs::write(list, text).map_err(|e| format!("{}: {e}", list.display()))
}

/// A symbol's name without the hashes of crates (`Cs…_`, in the mangling of the standard library) and of instances (`17h…E`, in
/// the older one).
fn without_hashes(name: &str) -> String {
    let end = name.len().saturating_sub(20);
    let name = match name.get(end..) {
        Some(hash) if hash.starts_with("17h") && hash.ends_with('E') => &name[..end],
        _ => name,
    };
    let mut parts = name.split("Cs");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let hash = part.find(|c: char| !c.is_ascii_alphanumeric());
        match hash.filter(|at| *at > 0 && part.as_bytes()[*at] == b'_') {
            Some(at) => out = out + "C" + &part[at + 1..],
            None => out = out + "Cs" + part,
        }
    }
    out
}

/// Writes `start.txt` by what callgrind sees a start of `binary` execute.
pub(super) fn write_uncounted(tool: &Path, start: &Path, binary: &Path, work: &Path) -> Result<String, String> {
    let seen = work.join("callgrind.out");
    let mut callgrind = Command::new("valgrind");
    callgrind.args(["--tool=callgrind", "--demangle=no", "--compress-strings=no"]);
    output(callgrind.arg(format!("--callgrind-out-file={}", seen.display())).arg(binary).args(["-c", "pass"]))?;
    let text = std::fs::read_to_string(&seen).map_err(|e| format!("{}: {e}", seen.display()))?;
    let counted = executed(tool, start)?;
    let alike = alike(binary)?;
    let (mut ours, mut names) = (false, BTreeSet::new());
    for line in text.lines() {
        if let Some(object) = line.strip_prefix("ob=") {
            ours = Path::new(object) == binary;
        } else if let Some(name) = line.strip_prefix("fn=").filter(|_| ours) {
            // Calls of a function that runs already are counted under the name with a number.
            let name = name.split_once('\'').map_or(name, |(name, _)| name);
            let base = name.split_once(".llvm.").map_or(name, |(base, _)| base);
            if counted.get(base) != Some(&true) {
                let short = without_hashes(base);
                match alike.get(&short) {
                    Some(1) => names.insert(short),
                    Some(_) => names.insert(base.to_owned()),
                    // A place without a name.
                    None => false,
                };
            }
        }
    }
    Ok(names.into_iter().flat_map(|name| [name, "\n".to_owned()]).collect())
}

/// How many functions of the binary have a name, but for hashes.
fn alike(binary: &Path) -> Result<HashMap<String, usize>, String> {
    let told = |e: &dyn std::fmt::Display| format!("{}: {e}", binary.display());
    let content = std::fs::read(binary).map_err(|e| told(&e))?;
    let parsed = object::File::parse(&content[..]).map_err(|e| told(&e))?;
    let mut alike = HashMap::new();
    for symbol in parsed.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition()) {
        let name = symbol.name().map_err(|e| told(&e))?;
        let base = name.split_once(".llvm.").map_or(name, |(base, _)| base);
        *alike.entry(without_hashes(base)).or_default() += 1;
    }
    Ok(alike)
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

#[cfg(test)]
mod tests {
    use super::without_hashes;

    #[test]
    fn hashes_are_left_out_and_nothing_else() {
        for (name, without) in [
            ("_RNvNtCsjrHSEGnQ3l9_3std3env4__var", "_RNvNtC3std3env4__var"),
            ("_ZN9hashbrown3raw8RawTable4grow17h7eaedc8de7713998E", "_ZN9hashbrown3raw8RawTable4grow"),
            ("mi_malloc_aligned", "mi_malloc_aligned"),
            ("_ZN7CsvFile3getE", "_ZN7CsvFile3getE"),
        ] {
            assert_eq!(without_hashes(name), without);
        }
    }
}
