//! Repository chores that are not the product: `cargo xtask tidy`, `cargo xtask generate` and what else the usage names.
//!
//! It exists so that the rules of the project are code with tests and not review remarks. It depends on none of our
//! crates (so that it builds in seconds and can judge a tree whose crates do not compile) and reads the tree as
//! text: `lexer` tells code from strings and comments, `modules` follows `mod` declarations. What it therefore cannot
//! see (types behind aliases, names made by macros) each rule says in its header.

mod callgrind;
mod dist;
mod generate;
mod lexer;
mod modules;
mod packages;
mod policy;
mod tidy;
mod tree;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask tidy [RULE...]      check the rules (all of them by default)
       cargo xtask tidy --list         name the rules
       cargo xtask generate            rewrite the generated regions of the documents
       cargo xtask callgrind [--bless] compare (or write) the instruction counts of .ci/callgrind.txt
       cargo xtask dist [--untrained]  build target/dist/prism, optimized by a profile, its library frozen into it
       cargo xtask dist --starting     write by callgrind what a start of that executes of code that does not count
       cargo xtask components          list the Cargo features of runtime/compose that are components
       cargo xtask tests               list the tests by the names that features.txt uses";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => return Err(format!("no command given\n{USAGE}")),
    };
    match command {
        "tidy" if rest.first().is_some_and(|first| first == "--list") => {
            for rule in tidy::RULES {
                println!("{:<18} {}", rule.name, rule.about);
            }
            Ok(ExitCode::SUCCESS)
        }
        "tidy" => {
            let project = tree::Project::load()?;
            tidy::run(&project, rest)
        }
        "generate" if rest.is_empty() => {
            let project = tree::Project::load()?;
            for path in generate::write_all(&project)? {
                println!("rewrote {path}");
            }
            Ok(ExitCode::SUCCESS)
        }
        "tests" if rest.is_empty() => {
            let project = tree::Project::load()?;
            for name in modules::Modules::of(&project).tests.into_keys() {
                println!("{name}");
            }
            Ok(ExitCode::SUCCESS)
        }
        "callgrind" if rest.is_empty() || rest == ["--bless"] => {
            let well = callgrind::run(&tree::root()?, !rest.is_empty())?;
            Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        "dist" if rest == ["--starting"] => {
            dist::write_starting(&tree::root()?)?;
            Ok(ExitCode::SUCCESS)
        }
        "dist" if rest.is_empty() || rest == ["--untrained"] => {
            dist::run(&tree::root()?, rest.is_empty())?;
            Ok(ExitCode::SUCCESS)
        }
        "components" if rest.is_empty() => {
            let project = tree::Project::load()?;
            let compose = project
                .packages
                .iter()
                .find(|package| package.folder == "runtime/compose")
                .ok_or("there is no runtime/compose")?;
            for feature in compose.features.iter().filter(|name| name.starts_with("gc-") || name.starts_with("jit-")) {
                println!("{feature}");
            }
            Ok(ExitCode::SUCCESS)
        }
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => Err(format!("unknown command or argument: {}\n{USAGE}", arguments.join(" "))),
    }
}
