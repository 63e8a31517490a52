//! Gives the front end an identity: a hash of the sources that decide what bytecode a Python source becomes.

use std::error::Error;
use std::path::{Path, PathBuf};

/// The folders, seen from this package: this crate, the parser, the bytecode container.
const FOLDERS: [&str; 3] = ["src", "../syntax/src", "../../../vm-api/code/src"];

fn main() -> Result<(), Box<dyn Error>> {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let mut files = Vec::new();
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        list(&here.join(folder), &mut files)?;
    }
    files.sort();
    // FNV-1a: nobody chooses these inputs to collide.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files {
        for byte in std::fs::read(&file)? {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=PRISM_FRONT_END={hash:016x}");
    Ok(())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
