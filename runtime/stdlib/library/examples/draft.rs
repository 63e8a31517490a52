//! Drafts an edit file: `cargo run -p stdlib-library --example draft -- BASE OTHER TARGET`.
//!
//! BASE is a dependency's file, OTHER the same file in the dependency's other version (or `-`), TARGET the file as
//! CPython 3.12.1 has it. The draft removes what TARGET does not have and takes from OTHER what it can. What neither
//! version has it leaves out and names in a remark: that is ours to write, in our own words.

#[path = "../tests/it/difference.rs"]
mod difference;

use std::error::Error;
use std::ops::Range;

use difference::difference;

/// The longest run of lines at the beginning of `wanted` that `other` has in one piece.
fn longest_run(wanted: &[&str], other: &[&str]) -> Range<usize> {
    let mut best = 0..0;
    for start in 0..other.len() {
        let length = wanted.iter().zip(&other[start..]).take_while(|(a, b)| a == b).count();
        if length > best.len() {
            best = start..start + length;
        }
    }
    // A blank line is shorter than a reference to one.
    if other[best.clone()].iter().all(|line| line.trim().is_empty()) { 0..0 } else { best }
}

/// Lines counted from 1, as edit files name them.
fn named(range: &Range<usize>) -> String {
    if range.len() == 1 { range.end.to_string() } else { format!("{}-{}", range.start + 1, range.end) }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, other, target] = arguments.as_slice() else {
        return Err("usage: draft BASE OTHER TARGET (OTHER may be -)".into());
    };
    let (base, target) = (std::fs::read_to_string(base)?, std::fs::read_to_string(target)?);
    let other = if other == "-" { String::new() } else { std::fs::read_to_string(other)? };
    let lines = |text| str::lines(text).collect::<Vec<_>>();
    let (base, other, target) = (lines(&base), lines(&other), lines(&target));

    for (removed, inserted) in difference(&base, &target) {
        if removed.is_empty() {
            println!("@ {}+ the form of 3.12.1", removed.end);
        } else {
            println!("@ {} the form of 3.12.1", named(&removed));
        }
        let mut at = inserted.start;
        while at < inserted.end {
            let run = longest_run(&target[at..inserted.end], &other);
            if !run.is_empty() {
                println!("& {}", named(&run));
                at += run.len();
            } else if target[at].trim().is_empty() {
                println!("|");
                at += 1;
            } else {
                println!("# to be written: line {} of the target", at + 1);
                at += 1;
            }
        }
    }
    Ok(())
}
