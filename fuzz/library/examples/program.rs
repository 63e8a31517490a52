//! Prints the Python program that a file's bytes generate: `cargo run -p fuzzing --example program -- FILE`.

fn main() -> std::io::Result<()> {
    for path in std::env::args_os().skip(1) {
        print!("{}", fuzzing::python::program(&std::fs::read(path)?));
    }
    Ok(())
}
