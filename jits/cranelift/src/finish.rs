//! From what Cranelift made to what the VM takes.

use crate::symbols::Symbols;
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::ir::ExternalName;
use cranelift_codegen::{CompiledCode, FinalizedMachReloc, FinalizedRelocTarget};
use vm_api::engine::Bailout;
use vm_api::engine::backend::{Exit, NativeCode, Relocation, Target};
use vm_api::vir::{Ref, StateId};

/// What the translation gathers beside the function.
pub(crate) struct Tables {
    pub(crate) symbols: Symbols,
    pub(crate) exits: Vec<Exit>,
    pub(crate) sites: Vec<Option<StateId>>,
}

/// The frame pointer and the return address.
const LINKAGE_BYTES: u32 = 16;

/// Everything but the names of symbols is in `code`, which says where instructions stand if that was asked for.
pub(crate) fn native_code(code: &CompiledCode, tables: Tables, text: Option<String>) -> Result<NativeCode, Bailout> {
    let relocations: Result<_, _> = code.buffer.relocs().iter().map(|r| relocation(r, &tables.symbols)).collect();
    let mut origins: Vec<(u32, Ref)> = Vec::new();
    for place in code.buffer.get_srclocs_sorted() {
        let origin = Ref(place.loc.bits());
        if place.loc.is_default() || place.start == place.end || origins.last().is_some_and(|(_, v)| *v == origin) {
            continue;
        }
        match origins.last_mut() {
            Some((at, v)) if *at == place.start => *v = origin,
            _ => origins.push((place.start, origin)),
        }
    }
    let listing = text.map(|text| format!("{text}\n{}", code.vcode.as_deref().unwrap_or_default()));
    let frame = code.buffer.frame_layout().map_or(0, |layout| layout.frame_to_fp_offset);
    Ok(NativeCode {
        bytes: code.buffer.data().to_vec(),
        alignment: code.buffer.alignment.max(16),
        entry: 0,
        stack: frame + LINKAGE_BYTES,
        relocations: relocations?,
        exits: tables.exits,
        sites: tables.sites,
        maps: Vec::new(),
        origins,
        listing,
    })
}

fn relocation(r: &FinalizedMachReloc, symbols: &Symbols) -> Result<Relocation, Bailout> {
    if r.kind != Reloc::Abs8 {
        return Err(Bailout::Unsupported(format!("a relocation of kind {:?}", r.kind)));
    }
    let (target, more) = match &r.target {
        FinalizedRelocTarget::Func(offset) => (Some(Target::Code), i64::from(*offset)),
        FinalizedRelocTarget::ExternalName(ExternalName::User(name)) => (symbols.named(*name), 0),
        FinalizedRelocTarget::ExternalName(name) => {
            return Err(Bailout::Unsupported(format!("a call of {}", name.display(None))));
        }
    };
    let target = target.ok_or_else(|| Bailout::Invalid("a symbol that nobody declared".into()))?;
    Ok(Relocation { offset: r.offset, target, addend: r.addend + more })
}
