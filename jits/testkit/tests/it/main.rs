//! The kit against code that was written by hand: right code passes, and each breach of the convention is found.
#![cfg(target_arch = "x86_64")]

use jit_testkit::NativeRunner;
use vm_api::engine::backend::{Capabilities, CompileEnv, CompiledCode, Exit, NativeCode, Relocation, Target};
use vm_api::engine::{Backend, Bailout};
use vm_api::heap::{HeapOptions, Value};
use vm_api::vir::filetest::Setup;
use vm_api::vir::{Reason, StateId, Unit, parse};
use vm_testkit::backend::{Ran, Runner};

/// "Compiles" every unit to the same code.
struct Fixed(NativeCode);

impl Backend for Fixed {
    fn capabilities(&self) -> Capabilities {
        Capabilities { name: "fixed", summary: "one code", native: true, in_memory: true, guards: true, osr: true }
    }
    fn compile(&self, _unit: &Unit, _environment: &dyn CompileEnv) -> Result<CompiledCode, Bailout> {
        Ok(CompiledCode::Native(self.0.clone()))
    }
}

/// `mov rdx, [rsi]; xor eax, eax; ret`: returns register 0.
const RETURN: &[u8] = &[0x48, 0x8B, 0x16, 0x31, 0xC0, 0xC3];

fn code(bytes: &[u8]) -> NativeCode {
    NativeCode { bytes: bytes.to_vec(), alignment: 16, stack: 8, ..NativeCode::default() }
}

/// These bytes, and what leaves at exit 0: `xor edx, edx; mov rax, exit; ret`.
fn leaving(bytes: &[u8]) -> NativeCode {
    let bytes = [bytes, &[0x31, 0xD2, 0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0xC3]].concat();
    let exit = Relocation { offset: bytes.len() as u32 - 9, target: Target::Exit(0), addend: 0 };
    let exits = vec![Exit { state: StateId(0), reason: Reason::Rare }];
    NativeCode { exits, relocations: vec![exit], ..code(&bytes) }
}

const UNIT: &str = r#"
unit "test" code0 none registers 2 extent 2 function
stub0 = 0 collect fixed collects
fs0 = code0 none at 3 execute + 0 v1 {r1: v0}
block0(v0: tagged r0):
  v1 = function
  return v0
"#;

fn run(code: NativeCode) -> Result<Ran, Bailout> {
    let unit = parse(UNIT).expect("the unit above");
    let setup = Setup {
        arguments: Box::new([Value::int(5).bits()]),
        cells: Box::new([]),
        roots: Box::new([]),
        registers: Box::new([]),
        deopt_every: None,
        fuel: 0,
    };
    let options = HeapOptions { limit: 8 << 20, ..HeapOptions::default() };
    NativeRunner::new(Fixed(code), gc_none::create, options).run(&unit, &setup)
}

fn refused(code: NativeCode, why: &str) {
    match run(code) {
        Err(Bailout::Invalid(what)) => assert!(what.contains(why), "{what}"),
        other => panic!("{other:?} instead of: {why}"),
    }
}

#[test]
fn right_code_passes() {
    assert_eq!(run(code(RETURN)), Ok((vec![], "return 5".into())));
    // mov rdx, [rsi]; mov [rsi + 8], rdx
    let ran = run(leaving(&[0x48, 0x8B, 0x16, 0x48, 0x89, 0x56, 0x08]));
    assert_eq!(ran, Ok((vec![], "exit rare | code0 at 3 + 0 r1: 5".into())));
}

#[test]
fn writes_to_dead_registers_are_found() {
    // mov qword [rsi + 8], 2
    let mut bytes = vec![0x48, 0xC7, 0x46, 0x08, 2, 0, 0, 0];
    bytes.extend(RETURN);
    refused(code(&bytes), "the word 2 of the frame was written");
}

#[test]
fn registers_that_are_not_written_back_are_found() {
    refused(leaving(&[]), "a dead register is used");
    // xor edx, edx; mov eax, 1; ret
    refused(code(&[0x31, 0xD2, 0xB8, 1, 0, 0, 0, 0xC3]), "it left with the status 1");
}

#[test]
fn calls_without_a_site_are_found() {
    // mov rax, stub; sub rsp, 8; xor esi, esi; mov edx, 2; mov ecx, 2; mov r8d, 2; xor r9d, r9d; call rax; add rsp, 8
    let mut bytes = vec![0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0x48, 0x83, 0xEC, 8, 0x31, 0xF6];
    bytes.extend([0xBA, 2, 0, 0, 0, 0xB9, 2, 0, 0, 0, 0x41, 0xB8, 2, 0, 0, 0, 0x45, 0x31, 0xC9, 0xFF, 0xD0]);
    // mov rdx, rax; xor eax, eax; ret
    bytes.extend([0x48, 0x83, 0xC4, 8, 0x48, 0x89, 0xC2, 0x31, 0xC0, 0xC3]);
    let relocations = vec![Relocation { offset: 2, target: Target::Stub(0), addend: 0 }];
    refused(NativeCode { relocations, ..code(&bytes) }, "there is no site");
}

#[test]
fn tables_that_cannot_be_right_are_refused() {
    let relocations = vec![Relocation { offset: 0, target: Target::Valid, addend: 0 }];
    refused(NativeCode { relocations, ..code(RETURN) }, "a relocation lies outside");
    refused(NativeCode { entry: 6, ..code(RETURN) }, "the entry lies outside");
    refused(NativeCode { alignment: 3, ..code(RETURN) }, "the alignment is no power of two");
    refused(NativeCode { sites: vec![Some(StateId(1))], ..code(RETURN) }, "a site has no state");
    refused(NativeCode { stack: 0, ..code(RETURN) }, "it says that it needs no stack");
}
