//! `cargo xtask dist`: the binary for users, optimized by a profile and with its library compiled.
//!
//! It is built twice. The first binary counts what it executes (`training`) while it runs our programs and compiles the
//! embedded library into a cache of its own; the second one is optimized by these counts and linked with that cache
//! (`runtime/stdlib/frozen`). So no build compiles the front end for the build machine. Where the linker can do it, the
//! second one is linked again with its functions in the order of `order` and its constants as `constants` says. Folders: `target/dist-build` holds both builds,
//! `target/dist/prism` is the result.

mod constants;
mod order;
mod training;

use std::path::{Path, PathBuf};
use std::process::Command;

use training::Training;

/// Asks for the code of every module of the library, which leaves it in the cache.
const FREEZE: &str = "
import _imp, pkgutil, sys
def freeze(folder):
    finder = pkgutil.get_importer(folder)
    for name, is_package in finder.iter_modules():
        spec = finder.find_spec(name)
        spec.loader.get_code(name)
        if is_package:
            freeze(spec.submodule_search_locations[0])
for name in _imp._frozen_module_names():
    _imp.get_frozen_object(name)
freeze(next(path for path in sys.path if path.startswith('/prism/')))
";

/// Names the modules that a start loads.
const STARTED: &str = "import sys; print(*sys.modules, sep='\\n')";

/// Builds `target/dist/prism`; without training it needs nothing that a Rust toolchain lacks, and is slower.
pub(crate) fn run(root: &Path, trained: bool) -> Result<(), String> {
    let work = root.join("target/dist-build");
    let training = trained.then(|| Training::new(&work)).transpose()?;
    let frozen = emptied(&work.join("library"))?;

    let first = Build { root, folder: &work.join("first"), flags: training.as_ref().map(Training::counting) };
    let prism = first.run(None, &[])?;
    let mut freeze = Command::new(&prism);
    // Alone: nothing of the user's, no site, no environment.
    freeze.args(["-I", "-S", "-c", FREEZE]).env("XDG_CACHE_HOME", &frozen).env_remove("PRISM_STDLIB");
    if let Some(training) = &training {
        training.count(&mut freeze);
    }
    succeed(&mut freeze)?;
    let cache = only_entry(&frozen.join("prism/library"))?;
    let mut started = Command::new(&prism);
    started.args(["-c", STARTED]).env("XDG_CACHE_HOME", &frozen).env_remove("PRISM_STDLIB");
    if let Some(training) = &training {
        training.count(&mut started);
    }
    // The frozen library's build script looks for it.
    let first_names = cache.join(".first");
    std::fs::write(&first_names, output(&mut started)?).map_err(|e| format!("{}: {e}", first_names.display()))?;
    if let Some(training) = &training {
        training.start(&prism, &frozen)?;
        training.run(root, &prism)?;
    }

    let flags = training.as_ref().map(Training::counted).transpose()?;
    // Without flags nothing but the frozen library differs, so the second build goes on with the first one's folder.
    let folder = if trained { work.join("second") } else { work.join("first") };
    let second = Build { root, folder: &folder, flags };
    let mut built = second.run(Some(&cache), &[])?;
    if let Some(Training { tool, started, merged, .. }) = &training
        && host()? == order::HOST
    {
        let list = work.join("order.txt");
        order::write(tool, started, merged, &built, &list)?;
        let list = format!("-Clink-arg=-Wl,--symbol-ordering-file={},--no-warn-symbol-ordering", list.display());
        // At a fixed place its tables of pointers need no relocation at each start; what it needs of other libraries is looked
        // up when it is first called, as CPython has it.
        // Of libgcc_s nothing but the unwinder is used, which is smaller than the library's bookkeeping.
        let libraries = work.join("libraries");
        let script = libraries.join("libgcc_s.so");
        std::fs::create_dir_all(&libraries)
            .and_then(|()| std::fs::write(&script, "INPUT(-lgcc_eh)\n"))
            .map_err(|e| format!("{}: {e}", script.display()))?;
        let libraries = format!("-Clink-arg=-L{}", libraries.display());
        let script = work.join("constants.ld");
        constants::write(&script)?;
        let script = format!("-Clink-arg=-Wl,-T,{}", script.display());
        let place = ["-Crelocation-model=static", "-Crelro-level=partial"];
        built = second.run(Some(&cache), &[place[0], place[1], &libraries, &list, &script])?;
    }
    let result = root.join("target/dist/prism");
    std::fs::create_dir_all(root.join("target/dist"))
        .and_then(|()| std::fs::copy(&built, &result))
        .map_err(|e| format!("{}: {e}", result.display()))?;
    succeed(Command::new(&result).arg("-VV"))
}

/// Writes the list of what starts execute beyond what training counts, by the binary that is there.
pub(crate) fn write_starting(root: &Path) -> Result<(), String> {
    let work = root.join("target/dist-build");
    let training = Training::new(&work)?;
    let text = order::write_uncounted(&training.tool, &training.started, &root.join("target/dist/prism"), &work)?;
    let list = root.join("xtask/src/dist/start.txt");
    std::fs::write(&list, text).map_err(|e| format!("{}: {e}", list.display()))
}

/// A build of the whole; with flags, they are the compiler's for all crates that are linked into the binary.
struct Build<'a> {
    root: &'a Path,
    folder: &'a Path,
    flags: Option<String>,
}

impl Build<'_> {
    /// Builds, with further flags for the link alone.
    fn run(&self, frozen: Option<&Path>, linking: &[&str]) -> Result<PathBuf, String> {
        let host = host()?;
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // With a target named, flags do not concern what runs on the build machine: build scripts, macros.
        cargo.args(["rustc", "--profile", "dist", "--package", "runtime-cli", "--bin", "prism", "--target", &host]);
        cargo.current_dir(self.root).env("CARGO_TARGET_DIR", self.folder);
        if let Some(flags) = &self.flags {
            let users = std::env::var("RUSTFLAGS").unwrap_or_default();
            cargo.env("RUSTFLAGS", format!("{users} {flags}")).env("PRISM_TRAINED", "1");
        }
        match frozen {
            Some(folder) => cargo.env("PRISM_FROZEN", folder),
            None => cargo.env_remove("PRISM_FROZEN"),
        };
        succeed(cargo.arg("--").args(linking))?;
        Ok(self.folder.join(host).join("dist/prism"))
    }
}

/// The triple of the machine that builds, as the compiler names it.
fn host() -> Result<String, String> {
    let text = output(Command::new("rustc").arg("-vV"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| "rustc -vV names no host".to_owned())
}

fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().display().to_string();
    let output = command.output().map_err(|e| format!("{name}: {e}"))?;
    if !output.status.success() {
        return Err(format!("{name}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|e| format!("{name}: {e}"))
}

fn succeed(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{}: {status}", command.get_program().display())),
        Err(e) => Err(format!("{}: {e}", command.get_program().display())),
    }
}

/// The folder, with nothing in it.
fn emptied(folder: &Path) -> Result<PathBuf, String> {
    let empty = || {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)
    };
    empty().map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(folder.to_owned())
}

fn only_entry(folder: &Path) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.map(|e| Ok(e?.path())).collect());
    let entries: Vec<PathBuf> = entries.map_err(|e: std::io::Error| format!("{}: {e}", folder.display()))?;
    match &entries[..] {
        [only] => Ok(only.clone()),
        _ => Err(format!("{} entries in {}, not one", entries.len(), folder.display())),
    }
}
