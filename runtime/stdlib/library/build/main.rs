//! Packs the library: picks each file of `modules.txt` from where its row says, applies our edits, compresses.
//!
//! Sources are found through the `LIB_PATH` of the build dependencies, so nothing is downloaded or searched for here.
//! Each module is compressed on its own (an import unpacks one module, not the library). The script runs again only
//! when something in this folder changes: the dependencies' versions are pinned.

mod edits;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use table::{Row, Source};

/// The level at which more effort no longer shows in the size.
const LEVEL: u8 = 8;

fn main() -> Result<(), Box<dyn Error>> {
    for input in ["build", "modules.txt", "edits", "own"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let text = read_text(&here.join("modules.txt"))?;
    let rows = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(index, line)| Row::parse(line).map_err(|error| format!("modules.txt:{}: {error}", index + 1)))
        .collect::<Result<Vec<_>, _>>()?;
    check(&rows, &here)?;

    let mut blob = Vec::new();
    let mut modules = BTreeMap::new();
    for row in rows.iter().filter(|row| row.source != Source::Absent) {
        let source = source_of(row, &here)?;
        let packed = miniz_oxide::deflate::compress_to_vec(&source, LEVEL);
        let (name, is_package) = module_name(row.path);
        let at = blob.len();
        blob.extend_from_slice(&packed);
        let entry = format!(
            "    Packed {{ name: {name:?}, path: {:?}, is_package: {is_package}, start: {at}, end: {}, size: {} }},\n",
            row.path,
            blob.len(),
            source.len()
        );
        if modules.insert(name.clone(), entry).is_some() {
            return Err(format!("modules.txt: two files for {name}").into());
        }
    }

    let mut generated = String::from("const PACKED: &[Packed] = &[\n");
    modules.values().for_each(|entry| generated.push_str(entry));
    generated.push_str("];\nconst FILES: &[File] = &[\n");
    for row in &rows {
        writeln!(generated, "    {},", row.as_rust(edits::path_of(&here, row.path).exists()))?;
    }
    generated.push_str("];\n");
    writeln!(generated, "const CONTENT: u64 = {:#x};", hash(&blob))?;
    std::fs::write(out.join("library.rs"), generated)?;
    std::fs::write(out.join("library.deflate"), blob)?;
    std::fs::copy(Path::new(pylib_3_12::LIB_PATH).join("PSF-LICENSE"), out.join("license.txt"))?;
    Ok(())
}

/// FNV-1a: nobody chooses these inputs to collide.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, byte| (h ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// The bytes of a file as they will be imported.
fn source_of(row: &Row<'_>, here: &Path) -> Result<Vec<u8>, String> {
    let (older, newer) =
        (Path::new(pylib_3_12::LIB_PATH).join(row.path), Path::new(pylib_3_14::LIB_PATH).join(row.path));
    let (path, other) = match row.source {
        Source::Pylib312 => (older, newer),
        Source::Pylib314 => (newer, older),
        Source::Own => return read(&here.join("own").join(row.path)),
        Source::Absent => return Err(format!("{} has no source", row.path)),
    };
    let edits = edits::path_of(here, row.path);
    if !edits.exists() {
        return read(&path);
    }
    let other = if other.exists() { Some(read_text(&other)?) } else { None };
    edits::apply(&read_text(&path)?, other.as_deref(), &read_text(&edits)?)
        .map(String::into_bytes)
        .map_err(|error| format!("{}: {error}", edits.display()))
}

/// Every file of `edits/` and `own/` is used, and the rows stand in order.
fn check(rows: &[Row<'_>], here: &Path) -> Result<(), String> {
    if let Some(pair) = rows.windows(2).find(|pair| pair[0].path >= pair[1].path) {
        return Err(format!("modules.txt: {} must stand before {}", pair[1].path, pair[0].path));
    }
    let mut unused: BTreeSet<PathBuf> = files_in(&here.join("edits"))?.into_iter().collect();
    unused.extend(files_in(&here.join("own"))?);
    for row in rows {
        match row.source {
            Source::Own => unused.remove(&here.join("own").join(row.path)),
            Source::Absent => false,
            Source::Pylib312 | Source::Pylib314 => unused.remove(&edits::path_of(here, row.path)),
        };
    }
    match unused.first() {
        None => Ok(()),
        Some(path) => Err(format!("no row of modules.txt uses {}", path.display())),
    }
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(files),
        Err(error) => return Err(format!("cannot list {}: {error}", folder.display())),
    };
    for entry in entries {
        let path = entry.map_err(|error| format!("cannot list {}: {error}", folder.display()))?.path();
        if path.is_dir() {
            files.extend(files_in(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn read_text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The module that a file of the library holds, and whether it is a package.
fn module_name(path: &str) -> (String, bool) {
    let stem = path.strip_suffix(".py").unwrap_or(path);
    match stem.strip_suffix("/__init__") {
        Some(package) => (package.replace('/', "."), true),
        None => (stem.replace('/', "."), false),
    }
}
