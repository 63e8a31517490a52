//! Bytes per second of the lexer and parser, with the tree built: `cargo bench -p python-syntax`.
//!
//! The source is this crate's own fixtures over and over, or, with `PRISM_STDLIB` set to a `Lib` of CPython 3.12, the
//! modules directly in it that are not empty, one after the other as they would be imported.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use python_syntax::{Mode, Options, parse};

fn sources() -> Vec<Vec<u8>> {
    let stdlib = std::env::var_os("PRISM_STDLIB");
    let folder = match &stdlib {
        Some(folder) => folder.into(),
        None => std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"),
    };
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of sources")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    paths.sort();
    let repeated = if stdlib.is_some() { 1 } else { 50 };
    paths.iter().filter_map(|path| Some(std::fs::read(path).ok()?.repeat(repeated))).collect()
}

fn benchmark(criterion: &mut Criterion) {
    let sources: Vec<Vec<u8>> =
        sources().into_iter().filter(|source| parse(source, "bench", Mode::Exec, Options::default()).is_ok()).collect();
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(sources.iter().map(|source| source.len() as u64).sum()));
    group.bench_function("sources", |bencher| {
        bencher.iter(|| {
            for source in &sources {
                let _ = black_box(parse(black_box(source), "bench", Mode::Exec, Options::default()));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
