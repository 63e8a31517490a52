//! Bytes in sections, labels across them, words that the VM fills in.
//!
//! Code is emitted once, front to back, but to several places: where blocks usually go on, cold blocks, and what is rarely
//! executed in the middle of an instruction. An assembler's own labels do not reach from one buffer to another, so labels are ours:
//! every jump to a label that is not placed yet has a 32-bit distance, which [`Code::finish`] fills in.

use crate::graph::NONE;
use dynasmrt::{AssemblyOffset, DynasmApi};
use vm_api::engine::backend::{Helper, Relocation, Target};
use vm_api::vir::Ref;

/// Where code goes, in the order in which it is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// The prologue, which is known last.
    Front = 0,
    /// What usually runs.
    Hot = 1,
    /// Cold blocks.
    Cold = 2,
    /// Slow paths and exits.
    Far = 3,
}

/// The place of 64-bit words behind the code.
const POOL: u32 = 4;
const SECTIONS: usize = 5;
/// Bits of an offset in a section.
const OFFSET_BITS: u32 = 28;

/// Bytes of one instruction or a few, as the assembler's macro writes them: they go to their section together. What is written where
/// is known to the compiler, so a chunk is put together in registers.
pub(super) struct Chunk<'c> {
    section: &'c mut Vec<u8>,
    bytes: u128,
    len: usize,
}

/// More than the longest instruction has.
const CHUNK: usize = 16;

impl Chunk<'_> {
    #[inline(always)]
    fn flush(&mut self) {
        let end = self.section.len() + self.len;
        self.section.extend_from_slice(&self.bytes.to_le_bytes());
        self.section.truncate(end);
        (self.bytes, self.len) = (0, 0);
    }
    #[inline(always)]
    pub(super) fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        bytes.into_iter().for_each(|b| self.push(b));
    }
}

impl Drop for Chunk<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.flush();
    }
}

impl Extend<u8> for Chunk<'_> {
    #[inline(always)]
    fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
        bytes.into_iter().for_each(|b| self.push(b));
    }
}

impl<'a> Extend<&'a u8> for Chunk<'_> {
    #[inline(always)]
    fn extend<T: IntoIterator<Item = &'a u8>>(&mut self, bytes: T) {
        bytes.into_iter().for_each(|b| self.push(*b));
    }
}

impl DynasmApi for Chunk<'_> {
    fn offset(&self) -> AssemblyOffset {
        AssemblyOffset(self.section.len() + self.len)
    }
    #[inline(always)]
    fn push(&mut self, byte: u8) {
        if self.len == CHUNK {
            self.flush();
        }
        self.bytes |= u128::from(byte) << (8 * self.len);
        self.len += 1;
    }
    #[inline(always)]
    fn push_i8(&mut self, value: i8) {
        self.push(value as u8);
    }
    #[inline(always)]
    fn push_i32(&mut self, value: i32) {
        self.put(value.to_le_bytes());
    }
    #[inline(always)]
    fn push_i64(&mut self, value: i64) {
        self.put(value.to_le_bytes());
    }
    fn align(&mut self, alignment: usize, with: u8) {
        while !self.offset().0.is_multiple_of(alignment) {
            self.push(with);
        }
    }
}

/// A place in the code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Label(u32);

/// No label.
pub(super) const NO_LABEL: Label = Label(NONE);

/// A 32-bit distance to fill in.
struct Fixup {
    section: Section,
    at: u32,
    label: Label,
}

/// See the module's description.
pub(super) struct Code {
    section: Section,
    buffers: [Vec<u8>; 4],
    /// Section and offset of each label.
    labels: Vec<u32>,
    fixups: Vec<Fixup>,
    /// Words behind the code.
    pool: Vec<Target>,
    /// Where they are known, by kind.
    stubs: Vec<Label>,
    cells: Vec<Label>,
    others: [Label; 14],
    /// Words in the code.
    immediates: Vec<(Section, u32, Target)>,
    /// Which code is of which instruction, if anybody wants to know.
    origins: Option<[Vec<(u32, Ref)>; 4]>,
}

/// What [`Code::finish`] makes.
pub(super) struct Finished {
    pub(super) bytes: Vec<u8>,
    /// Where the code ends and the pool begins.
    pub(super) end: u32,
    pub(super) relocations: Vec<Relocation>,
    pub(super) origins: Vec<(u32, Ref)>,
}

impl Code {
    /// For so many stubs and cells. `origins`: keep which code is of which instruction.
    pub(super) fn new(stubs: usize, cells: usize, insts: usize, origins: bool) -> Code {
        let mut code = Code {
            section: Section::Hot,
            buffers: Default::default(),
            labels: Vec::with_capacity(insts / 2),
            fixups: Vec::with_capacity(insts / 2),
            pool: Vec::new(),
            stubs: vec![NO_LABEL; stubs],
            cells: vec![NO_LABEL; cells],
            others: [NO_LABEL; 14],
            immediates: Vec::new(),
            origins: origins.then(Default::default),
        };
        code.buffers[Section::Hot as usize].reserve(8 * insts);
        code
    }
    /// For the next bytes.
    #[inline(always)]
    pub(super) fn ops(&mut self) -> Chunk<'_> {
        Chunk { section: &mut self.buffers[self.section as usize], bytes: 0, len: 0 }
    }
    /// Goes on elsewhere; where it was.
    pub(super) fn switch(&mut self, section: Section) -> Section {
        std::mem::replace(&mut self.section, section)
    }
    fn here(&self) -> u32 {
        self.buffers[self.section as usize].len() as u32
    }
    /// Is there too much code for labels?
    pub(super) fn is_too_large(&self) -> bool {
        self.buffers.iter().any(|b| b.len() >= 1 << OFFSET_BITS)
    }
    /// What follows is the code of this instruction.
    #[inline]
    pub(super) fn origin(&mut self, v: Ref) {
        let at = self.here();
        let Some(origins) = &mut self.origins else { return };
        let origins = &mut origins[self.section as usize];
        match origins.last_mut() {
            Some((last, origin)) if *last == at => *origin = v,
            Some((_, origin)) if *origin == v => {}
            _ => origins.push((at, v)),
        }
    }

    // ---- labels

    pub(super) fn label(&mut self) -> Label {
        self.labels.push(NONE);
        Label(self.labels.len() as u32 - 1)
    }
    /// The label is here.
    pub(super) fn bind(&mut self, label: Label) {
        self.labels[label.0 as usize] = ((self.section as u32) << OFFSET_BITS) | self.here();
    }
    /// The 32 bits before this place are to be the distance to a label.
    pub(super) fn fixup(&mut self, label: Label) {
        let fixup = Fixup { section: self.section, at: self.here() - 4, label };
        self.fixups.push(fixup);
    }
    /// The short distance to a label from behind an instruction of two bytes, if there is one.
    fn short(&self, label: Label) -> Option<i8> {
        let place = self.labels[label.0 as usize];
        let here = ((self.section as u32) << OFFSET_BITS) | (self.here() + 2);
        let near = place != NONE && place >> OFFSET_BITS == self.section as u32;
        if near { i8::try_from(i64::from(place) - i64::from(here)).ok() } else { None }
    }
    pub(super) fn jump(&mut self, label: Label) {
        if let Some(distance) = self.short(label) {
            return self.ops().put([0xEB, distance as u8]);
        }
        self.ops().put([0xE9, 0, 0, 0, 0]);
        self.fixup(label);
    }
    /// Jumps on a condition code of the machine.
    pub(super) fn jump_if(&mut self, cc: u8, label: Label) {
        if let Some(distance) = self.short(label) {
            return self.ops().put([0x70 | cc, distance as u8]);
        }
        self.ops().put([0x0F, 0x80 | cc, 0, 0, 0, 0]);
        self.fixup(label);
    }

    // ---- words

    /// The label of the word behind the code that holds a target's address.
    pub(super) fn word(&mut self, target: Target) -> Label {
        let known = self.known(target).map(|l| *l);
        if let Some(known) = known.filter(|l| *l != NO_LABEL) {
            return known;
        }
        let label = Label(self.labels.len() as u32);
        self.labels.push((POOL << OFFSET_BITS) | (8 * self.pool.len() as u32));
        self.pool.push(target);
        if let Some(known) = self.known(target) {
            *known = label;
        }
        label
    }
    /// Where the word of a target is remembered; stubs are remembered by [`Code::stub`].
    fn known(&mut self, target: Target) -> Option<&mut Label> {
        match target {
            Target::Helper(helper) => self.others.get_mut(helper_number(helper)),
            Target::Valid => self.others.get_mut(9),
            Target::GuardCountdown => self.others.get_mut(10),
            Target::Heat => self.others.get_mut(11),
            Target::Cell(cell) => self.cells.get_mut(cell.index()),
            _ => None,
        }
    }
    /// The same for stub `i` of the unit, which is the language's stub `number`.
    pub(super) fn stub(&mut self, i: usize, number: u32) -> Label {
        if self.stubs[i] == NO_LABEL {
            self.stubs[i] = self.word(Target::Stub(number));
        }
        self.stubs[i]
    }
    /// The 64 bits before this place are to be a target's address.
    pub(super) fn immediate(&mut self, target: Target) {
        let at = self.here() - 8;
        self.immediates.push((self.section, at, target));
    }

    // ---- the end

    /// Puts everything together; `None` if the code is too large.
    pub(super) fn finish(mut self) -> Option<Finished> {
        if self.is_too_large() {
            return None;
        }
        let mut base = [0u32; SECTIONS];
        let mut bytes = std::mem::take(&mut self.buffers[0]);
        for (i, buffer) in self.buffers.iter().enumerate().skip(1) {
            base[i] = bytes.len() as u32;
            bytes.extend_from_slice(buffer);
        }
        let end = bytes.len() as u32;
        // What executes never runs into the words.
        bytes.resize(bytes.len().next_multiple_of(8), 0xCC);
        base[POOL as usize] = bytes.len() as u32;
        bytes.resize(bytes.len() + 8 * self.pool.len(), 0);
        for fixup in &self.fixups {
            let place = self.labels[fixup.label.0 as usize];
            assert!(place != NONE, "a label that is nowhere");
            let target = base[(place >> OFFSET_BITS) as usize] + (place & ((1 << OFFSET_BITS) - 1));
            let at = base[fixup.section as usize] + fixup.at;
            let distance = target.wrapping_sub(at + 4);
            bytes[at as usize..][..4].copy_from_slice(&distance.to_le_bytes());
        }
        let words = self.pool.iter().zip(0..).map(|(target, i)| (base[POOL as usize] + 8 * i, *target));
        let immediates = self.immediates.iter().map(|(section, at, target)| (base[*section as usize] + at, *target));
        let relocations = immediates.chain(words).map(|(offset, target)| Relocation { offset, target, addend: 0 });
        let mut origins: Vec<(u32, Ref)> = Vec::new();
        for (i, part) in self.origins.iter().flatten().enumerate() {
            for (at, v) in part.iter().map(|(at, v)| (base[i] + at, *v)).filter(|(at, _)| *at < end) {
                match origins.last_mut() {
                    Some((last, origin)) if *last == at => *origin = v,
                    _ => origins.push((at, v)),
                }
            }
        }
        Some(Finished { bytes, end, relocations: relocations.collect(), origins })
    }
}

fn helper_number(helper: Helper) -> usize {
    match helper {
        Helper::AllocSlow => 0,
        Helper::BarrierSlow => 1,
        Helper::ElementSlow => 2,
        Helper::WeakRead => 3,
        Helper::Poll => 4,
        Helper::Invoke => 5,
        Helper::Finish => 6,
        Helper::Trace => 7,
        Helper::Floor => 8,
        Helper::Pow => 12,
        Helper::BoxWord => 13,
    }
}
