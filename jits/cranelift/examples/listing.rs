//! Prints what the backend makes of the units in `.vir` files: `cargo run -p jit-cranelift --example listing FILE…`.

use jit_cranelift::Cranelift;
use vm_api::engine::Backend;
use vm_api::engine::backend::{CompileOptions, CompiledCode, Lowering, PlainCompileEnv, StackLowering};
use vm_api::vir::filetest::cases;
use vm_api::vir::{parse, verify};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = CompileOptions { listing: true, ..CompileOptions::default() };
    let environment = PlainCompileEnv { options, lowering: Lowering::new(true, StackLowering::default()) };
    let backend = Cranelift::new();
    for path in std::env::args().skip(1) {
        for case in cases(&std::fs::read_to_string(&path)?)? {
            // Files also hold what the verifier refuses.
            let Some(unit) = parse(&case.text).ok().filter(|unit| verify(unit).is_ok()) else { continue };
            if let CompiledCode::Native(code) = backend.compile(&unit, &environment)? {
                println!("{unit}\n{}", code.listing.unwrap_or_default());
                println!("; {} bytes, {} of stack\n", code.bytes.len(), code.stack);
            }
        }
    }
    Ok(())
}
