//! Which share of the inputs in a folder a target accepts: `cargo run -p fuzzing --example acceptance -- TARGET FOLDER`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [target, folder] = &arguments[..] else {
        eprintln!("usage: acceptance TARGET FOLDER");
        return ExitCode::from(2);
    };
    match count(target, folder) {
        Ok((accepted, all)) => {
            println!("{target}: {accepted} of {all} inputs accepted");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::from(2)
        }
    }
}

fn count(target: &str, folder: &str) -> std::io::Result<(usize, usize)> {
    let (mut accepted, mut all) = (0, 0);
    for file in std::fs::read_dir(folder)? {
        all += 1;
        accepted += usize::from(fuzzing::run(target, &std::fs::read(file?.path())?));
    }
    Ok((accepted, all))
}
