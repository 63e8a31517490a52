//! Packages as `cargo metadata` describes them, cut down to what the rules need.
//!
//! `--no-deps` is enough (a dependency of ours says its path), so nothing is resolved and nothing is downloaded.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

/// One package of the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Package {
    pub name: String,
    /// The `description` of its manifest, empty if it has none.
    pub description: String,
    /// Its folder, relative to the root.
    pub folder: String,
    pub dependencies: Vec<Dependency>,
    /// The crate roots: what the package compiles.
    pub roots: Vec<Root>,
    /// Its Cargo features, sorted.
    pub features: Vec<String>,
}

/// A dependency on another package of the project or on one from a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub name: String,
    pub kind: DependencyKind,
    /// The folder of a dependency inside the project, `None` for one from elsewhere.
    pub folder: Option<String>,
}

/// Which table of the manifest names the dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DependencyKind {
    Normal,
    Build,
    Dev,
}

/// A crate root of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    /// The target's name; for libraries with `-` as `_`.
    pub name: String,
    /// Whether it is the library or a binary, whose tests are named after the package alone.
    pub main: bool,
    pub path: String,
}

/// All packages of the workspace, and of the manifests in the tree that stand outside it.
pub(crate) fn load(root: &Path, files: &BTreeMap<String, String>) -> Result<Vec<Package>, String> {
    let mut packages = parse(&metadata(root, "Cargo.toml")?, root)?;
    for manifest in files.keys().filter(|path| path.ends_with("/Cargo.toml")) {
        let folder = manifest.trim_end_matches("/Cargo.toml");
        if !packages.iter().any(|package| package.folder == folder) {
            packages.extend(parse(&metadata(root, manifest)?, root)?);
        }
    }
    packages.sort_by(|a, b| a.folder.cmp(&b.folder));
    packages.dedup_by(|a, b| a.folder == b.folder);
    Ok(packages)
}

/// Where cargo puts what it builds.
pub(crate) fn target_directory(root: &Path) -> Result<PathBuf, String> {
    Ok(PathBuf::from(string(&metadata(root, "Cargo.toml")?, "target_directory")?))
}

fn metadata(root: &Path, manifest: &str) -> Result<Json, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
        .arg(root.join(manifest))
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata of {manifest}: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata of {manifest}: {error}"))
}

fn parse(metadata: &Json, root: &Path) -> Result<Vec<Package>, String> {
    list(metadata, "packages")?.iter().map(|package| parse_package(package, root)).collect()
}

fn parse_package(package: &Json, root: &Path) -> Result<Package, String> {
    let manifest = relative(string(package, "manifest_path")?, root)?;
    let dependencies = list(package, "dependencies")?
        .iter()
        .map(|dependency| {
            let folder = match dependency.get("path").and_then(Json::as_str) {
                Some(path) => Some(relative(path, root)?),
                None => None,
            };
            let kind = match dependency.get("kind").and_then(Json::as_str) {
                Some("dev") => DependencyKind::Dev,
                Some("build") => DependencyKind::Build,
                _ => DependencyKind::Normal,
            };
            Ok(Dependency { name: string(dependency, "name")?.to_owned(), kind, folder })
        })
        .collect::<Result<_, String>>()?;
    let roots = list(package, "targets")?
        .iter()
        .map(|target| {
            let kinds = list(target, "kind")?;
            let main = !kinds
                .iter()
                .filter_map(Json::as_str)
                .any(|kind| matches!(kind, "test" | "bench" | "example" | "custom-build"));
            let path = relative(string(target, "src_path")?, root)?;
            Ok(Root { name: string(target, "name")?.to_owned(), main, path })
        })
        .collect::<Result<_, String>>()?;
    Ok(Package {
        name: string(package, "name")?.to_owned(),
        description: package.get("description").and_then(Json::as_str).unwrap_or_default().to_owned(),
        folder: manifest.trim_end_matches("Cargo.toml").trim_end_matches('/').to_owned(),
        dependencies,
        roots,
        features: package
            .get("features")
            .and_then(Json::as_object)
            .map(|features| features.keys().cloned().collect())
            .unwrap_or_default(),
    })
}

fn string<'a>(value: &'a Json, key: &str) -> Result<&'a str, String> {
    value.get(key).and_then(Json::as_str).ok_or_else(|| format!("cargo metadata has no string {key:?}"))
}

fn list<'a>(value: &'a Json, key: &str) -> Result<&'a [Json], String> {
    value
        .get(key)
        .and_then(Json::as_array)
        .map(Vec::as_slice)
        .ok_or_else(|| format!("cargo metadata has no list {key:?}"))
}

fn relative(path: &str, root: &Path) -> Result<String, String> {
    let inside = Path::new(path).strip_prefix(root).map_err(|_| format!("{path} is outside the project"))?;
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_folders_kinds_and_roots() {
        let metadata = r#"{"packages": [{
            "name": "gc-semispace", "manifest_path": "/p/gcs/semispace/Cargo.toml", "description": "copies",
            "features": {"verify": [], "default": ["verify"]},
            "dependencies": [
                {"name": "vm-heap", "kind": null, "path": "/p/vm-api/heap"},
                {"name": "proptest", "kind": "dev"}],
            "targets": [
                {"name": "gc_semispace", "kind": ["lib"], "src_path": "/p/gcs/semispace/src/lib.rs"},
                {"name": "it", "kind": ["test"], "src_path": "/p/gcs/semispace/tests/it/main.rs"}]}]}"#;
        let metadata = serde_json::from_str(metadata).expect("the sample is JSON");
        let packages = parse(&metadata, Path::new("/p")).expect("the sample is complete");
        assert_eq!(packages.len(), 1);
        let package = &packages[0];
        assert_eq!((package.name.as_str(), package.folder.as_str()), ("gc-semispace", "gcs/semispace"));
        assert_eq!(package.dependencies[0].folder.as_deref(), Some("vm-api/heap"));
        assert_eq!(package.dependencies[0].kind, DependencyKind::Normal);
        assert_eq!(
            (package.dependencies[1].folder.as_deref(), package.dependencies[1].kind),
            (None, DependencyKind::Dev)
        );
        assert_eq!(package.roots.iter().map(|root| root.main).collect::<Vec<_>>(), [true, false]);
        assert_eq!(package.features, ["default", "verify"]);
        assert_eq!(package.roots[1].path, "gcs/semispace/tests/it/main.rs");
    }

    #[test]
    fn a_path_outside_the_project_is_an_error() {
        assert!(relative("/elsewhere/src/lib.rs", Path::new("/p")).is_err());
    }
}
