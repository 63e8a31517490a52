//! Packs the folder that `PRISM_FROZEN` names: what a finished `prism` left in its cache of the library
//! (`runtime/stdlib/core/src/import/cache.rs` tells its form). Without it nothing is frozen.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The file in that folder that names the modules of every start, if there is one.
const FIRST: &str = ".first";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=PRISM_FROZEN");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let (mut key, mut blob, mut index) = (0, Vec::new(), String::new());
    if let Some(folder) = std::env::var_os("PRISM_FROZEN").map(PathBuf::from) {
        println!("cargo::rerun-if-changed={}", folder.display());
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        key = u64::from_str_radix(name, 16).map_err(|_| format!("{name:?} is not the name of a cache's folder"))?;
        // What every start reads lies together.
        let first = match std::fs::read_to_string(folder.join(FIRST)) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            read => read?,
        };
        // What the import system itself consists of goes by names of its own.
        let is_first = |name: &str| {
            name.starts_with("frozen.")
                || first.lines().any(|module| name.rsplit_once('.').is_some_and(|(n, _)| n == module))
        };
        let mut ranges = BTreeMap::new();
        for early in [true, false] {
            for path in files(&folder)? {
                let name = path.file_name().and_then(|name| name.to_str()).ok_or("a name that is not UTF-8")?;
                if is_first(name) == early {
                    let start = blob.len();
                    blob.extend(std::fs::read(&path)?);
                    ranges.insert(name.to_owned(), start..blob.len());
                }
            }
        }
        for (name, range) in ranges {
            writeln!(index, "    Frozen {{ file: {name:?}, start: {}, end: {} }},", range.start, range.end)?;
        }
    }
    std::fs::write(out.join("frozen.bin"), blob)?;
    std::fs::write(
        out.join("frozen.rs"),
        format!("const FOLDER: u64 = {key:#x};\nconst FROZEN: &[Frozen] = &[\n{index}];\n"),
    )?;
    Ok(())
}

/// The cache's files, sorted by name, without those that were being written.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = entries.collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|path| !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")));
    files.sort();
    Ok(files)
}
