//! Writes the embedded library into a folder: `cargo run -p stdlib-library --example export -- FOLDER`.
//!
//! For looking at a module as it is imported, edits applied, and for running CPython on our library:
//! `python3.12 -I -S -X frozen_modules=off -c 'import sys; sys.path[0:0] = ["FOLDER"]; …'`.

use std::error::Error;
use std::path::PathBuf;

use stdlib_library::{ROOT, module, names};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: export FOLDER")?);
    let mut count = 0;
    for module in names().filter_map(module) {
        let path = folder.join(module.origin.trim_start_matches(ROOT).trim_start_matches('/'));
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, module.source)?;
        count += 1;
    }
    println!("{count} files in {}", folder.display());
    Ok(())
}
