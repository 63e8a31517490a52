//! How long compiling takes, by the number of VIR instructions: `cargo run --release -p jit-cranelift --example compile_time FILE…`
//! for the units in files in the text form (`.vir` files, or what was dumped), without files for random units.

use jit_cranelift::{Cranelift, PASSES};
use std::time::{Duration, Instant};
use vm_api::engine::Backend;
use vm_api::engine::backend::{CompileOptions, CompiledCode, Lowering, PlainCompileEnv, StackLowering};
use vm_api::vir::{Unit, parse, verify};
use vm_testkit::backend::object_unit;

/// Each unit is compiled so often; the fastest time counts.
const ROUNDS: usize = 5;

/// The units of a text, each from its first line to the next one's, comments left out.
fn units(text: &str) -> Vec<Unit> {
    let mut texts: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with(';')) {
        if line.starts_with("unit") {
            texts.push(String::new());
        }
        if let Some(unit) = texts.last_mut() {
            unit.push_str(line);
            unit.push('\n');
        }
    }
    let units = texts.iter().filter_map(|text| parse(text).ok());
    units.filter(|unit| verify(unit).is_ok()).collect()
}

fn random_units() -> Vec<Unit> {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as u8
    };
    (0..200).map(|i| object_unit(&(0..i).map(|_| byte()).collect::<Vec<u8>>())).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut all = Vec::new();
    for path in std::env::args().skip(1) {
        all.extend(units(&std::fs::read_to_string(path)?));
    }
    if all.is_empty() {
        all = random_units();
    }
    // What is compiled: what stands in blocks.
    let size = |unit: &Unit| unit.blocks.iter().map(|b| b.insts.len() + 1).sum::<usize>();
    for without in [&[] as &[&str], PASSES] {
        let options = CompileOptions { without: without.iter().map(|p| (*p).into()).collect(), ..Default::default() };
        let environment = PlainCompileEnv { options, lowering: Lowering::new(true, StackLowering::default()) };
        let backend = Cranelift::new();
        let (mut total, mut longest, mut bytes, mut instructions) = (Duration::ZERO, (Duration::ZERO, 0), 0, 0);
        let mut refused = 0;
        for unit in &all {
            let mut fastest = Duration::MAX;
            for round in 0..ROUNDS {
                let start = Instant::now();
                let code = backend.compile(unit, &environment);
                fastest = fastest.min(start.elapsed());
                match code {
                    Ok(CompiledCode::Native(code)) if round == 0 => bytes += code.bytes.len(),
                    Ok(_) => {}
                    Err(e) => {
                        refused += usize::from(round == 0);
                        if round == 0 {
                            println!("{}: {e}", unit.name);
                        }
                    }
                }
            }
            instructions += size(unit);
            longest = longest.max((fastest, size(unit)));
            total += fastest;
        }
        println!(
            "without {without:?}: {} units ({refused} refused), {instructions} instructions, {bytes} bytes: {total:?} in all, \
             {:.2} µs and {:.1} bytes for an instruction, at most {:?} for a unit, of {} instructions",
            all.len(),
            total.as_secs_f64() * 1e6 / instructions as f64,
            bytes as f64 / instructions as f64,
            longest.0,
            longest.1,
        );
    }
    Ok(())
}
