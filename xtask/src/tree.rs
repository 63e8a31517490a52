//! The project as the rules see it: its text files and its packages, in memory.
//!
//! Files are those that git tracks or would track, so build output never counts and an uncommitted file already does.
//! Rules take a [`Project`] and touch nothing else; their tests make one from literals.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::packages::{self, Package};

/// All that a rule may look at. Paths are relative to the root, with `/` between their parts.
pub(crate) struct Project {
    /// Where the tree stands; empty for a project made in a test.
    pub root: PathBuf,
    /// The text files by path. Files that are not UTF-8 are left out: no rule is about them.
    pub files: BTreeMap<String, String>,
    /// The workspace's packages and those of manifests outside it (fuzz targets).
    pub packages: Vec<Package>,
}

impl Project {
    /// Reads the tree that this program was built from.
    pub(crate) fn load() -> Result<Project, String> {
        let root = root()?;
        let mut files = BTreeMap::new();
        for path in tracked(&root)? {
            match std::fs::read(root.join(&path)) {
                Ok(bytes) => {
                    if let Ok(text) = String::from_utf8(bytes) {
                        files.insert(path, text);
                    }
                }
                // Deleted, and the deletion is not staged yet.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(format!("cannot read {path}: {error}")),
            }
        }
        let packages = packages::load(&root, &files)?;
        Ok(Project { root, files, packages })
    }

    /// The text of a file, if the project has it.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The files whose path ends in `.EXTENSION`.
    pub(crate) fn with_extension<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.rsplit_once('.').is_some_and(|(_, found)| found == extension))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The package whose folder holds `path`: the deepest one, since folders nest.
    pub(crate) fn package_of(&self, path: &str) -> Option<&Package> {
        self.packages
            .iter()
            .filter(|package| path.strip_prefix(&package.folder).is_some_and(|rest| rest.starts_with('/')))
            .max_by_key(|package| package.folder.len())
    }

    /// A project of these files and no packages.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Project {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Project { root: PathBuf::new(), files, packages: Vec::new() }
    }
}

/// The root of the tree that this program was built from.
pub(crate) fn root() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the xtask crate has no parent directory")?;
    Ok(root.to_path_buf())
}

fn tracked(root: &Path) -> Result<Vec<String>, String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run git: {error}"))?;
    if !output.status.success() {
        return Err(format!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let listing = String::from_utf8(output.stdout).map_err(|_| "a file name is not UTF-8")?;
    Ok(listing.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}
