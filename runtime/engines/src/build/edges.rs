//! Joins: where control may come from several places, registers that differ become block parameters.
//!
//! A target is entered when every forward edge to it is there, so that its parameters follow from all of them: a register that
//! holds the same value on each goes on holding it, and one whose values are all integers, floats or truth values crosses unboxed.
//! Facts that hold on each edge hold behind it. At a loop's head the back edges are still to come: what the loop's instructions write
//! is a parameter, and facts that may end stay outside. What a later edge contradicts is noted, and the build starts again; the notes
//! only grow, so this ends.

use crate::build::Mode;
use crate::build::emitter::Emitter;
use crate::build::knowledge::Facts;
use crate::build::loops::Written;
use std::collections::BTreeSet;
use vm_api::heap::hashing::NumberMap;
use vm_api::vir::{BlockId, Inst, List, Ref, Terminator, Type};

/// A way to a target that has not been entered.
struct Edge {
    block: BlockId,
    registers: Vec<Option<Ref>>,
    facts: Box<Facts>,
    /// No register crosses unboxed.
    tagged: bool,
}

/// How a target was entered.
struct Entered {
    /// As having one predecessor.
    alone: bool,
    parameters: Vec<(u16, Type)>,
    /// What the other registers hold.
    kept: Vec<(u16, Ref)>,
    /// Own words that are parameters, behind those of registers.
    words: Vec<(Ref, u32)>,
    /// What holds besides on every edge.
    facts: Box<Facts>,
}

/// A target of control within one code.
pub(crate) struct Lead {
    block: BlockId,
    arriving: Vec<Edge>,
    entered: Option<Box<Entered>>,
}

/// The targets of one code, by position.
#[derive(Default)]
pub(crate) struct Leads {
    all: NumberMap<usize, Lead>,
    /// Those that are still to be walked.
    open: BTreeSet<usize>,
}

impl Leads {
    /// The first target that is still to be walked, which is to be entered now.
    pub(crate) fn take_first(&mut self) -> Option<(usize, &mut Lead)> {
        let at = self.open.pop_first()?;
        Some((at, self.all.get_mut(&at)?))
    }
}

impl Emitter<'_> {
    /// Goes from here to the instruction `target`. `tagged`: no register crosses unboxed (exceptional edges). In baseline mode memory
    /// holds all that crosses.
    pub(crate) fn edge(&mut self, leads: &mut Leads, target: usize, tagged: bool) {
        let Leads { all, open } = leads;
        let lead = all.entry(target).or_insert_with(|| {
            open.insert(target);
            Lead { block: self.unit.add_block(), arriving: Vec::new(), entered: None }
        });
        if self.mode == Mode::Baseline {
            return self.unit.terminate(self.block, Terminator::Jump(lead.block, List::EMPTY));
        }
        match &lead.entered {
            None => {
                let (registers, facts) = (self.context.registers.clone(), self.facts.clone());
                lead.arriving.push(Edge { block: self.block, registers, facts, tagged });
            }
            Some(entered) => self.late_edge(lead.block, entered, target),
        }
    }

    /// Goes from here to a target that has been entered.
    fn late_edge(&mut self, block: BlockId, entered: &Entered, target: usize) {
        let path = self.context.path;
        if entered.alone {
            self.settled.joins.insert((path, target));
            self.again = true;
            return;
        }
        if !self.facts.include(&entered.facts) {
            self.settled.forgetful.insert((path, target));
            self.again = true;
        }
        for (register, v) in &entered.kept {
            if self.context.registers[usize::from(*register)] != Some(*v) {
                self.settled.varying.insert((path, target, *register));
                self.again = true;
            }
        }
        let mut arguments = Vec::with_capacity(entered.parameters.len());
        for (register, ty) in &entered.parameters {
            let Some(v) = self.context.registers[usize::from(*register)] else {
                panic!("{}: register {register} reaches {target} without a value", self.context.code.code.name);
            };
            match self.in_form(self.block, &Facts::clone(&self.facts), *ty, v) {
                Some(x) => arguments.push(x),
                None => {
                    self.settled.tagged.insert((path, target, *register));
                    self.again = true;
                }
            }
        }
        for (v, offset) in &entered.words {
            arguments.push(self.word_at(self.block, self.facts.word(*v, *offset), *v, *offset));
        }
        if !self.again {
            let list = self.unit.list(&arguments);
            self.unit.terminate(self.block, Terminator::Jump(block, list));
        }
    }

    /// Begins the walk of a target: sets block, registers and facts. `written`: by the loop whose head it is.
    pub(crate) fn enter_lead(&mut self, lead: &mut Lead, target: usize, written: Option<&Written>) {
        self.block = lead.block;
        if self.mode == Mode::Baseline {
            self.context.registers.clear();
            self.facts.clear();
            return;
        }
        let is_head = written.is_some();
        let path = self.context.path;
        let mut edges = std::mem::take(&mut lead.arriving);
        let registers = edges[0].registers.len();
        let alone = !is_head && edges.len() == 1 && !self.settled.joins.contains(&(path, target));
        let (mut parameters, mut kept) = (Vec::new(), Vec::new());
        for r in self.context.code.liveness().frame_in(target).iter() {
            let values: Option<Vec<Ref>> = edges.iter().map(|e| e.registers[usize::from(r)]).collect();
            let Some(values) = values else { continue };
            let varies = written.is_some_and(|w| w.contains(r)) || self.settled.varying.contains(&(path, target, r));
            if alone || !varies && values.iter().all(|v| *v == values[0]) {
                kept.push((r, values[0]));
                continue;
            }
            let tagged = edges.iter().any(|e| e.tagged) || self.settled.tagged.contains(&(path, target, r));
            parameters.push((r, if tagged { Type::Tagged } else { self.common_type(&edges, &values) }));
        }
        let mut facts = Box::<Facts>::default();
        if !self.settled.forgetful.contains(&(path, target)) {
            facts.clone_from(&edges[0].facts);
            edges[1..].iter().for_each(|e| facts.retain(&e.facts));
            if !alone && is_head {
                facts.forget_computed();
            }
        }
        let words = if is_head { self.own_words_at(&mut edges, &kept, &mut facts) } else { Vec::new() };
        for edge in &edges {
            let mut arguments = Vec::with_capacity(parameters.len() + words.len());
            for (r, ty) in &parameters {
                let v = edge.registers[usize::from(*r)].expect("the register has a value on each edge");
                arguments.push(self.in_form(edge.block, &edge.facts, *ty, v).expect("the values' common type"));
            }
            for (v, offset) in &words {
                arguments.push(edge.facts.word(*v, *offset).expect("the word was read on each edge"));
            }
            let list = if arguments.is_empty() { List::EMPTY } else { self.unit.list(&arguments) };
            self.unit.terminate(edge.block, Terminator::Jump(lead.block, list));
        }
        self.facts.clone_from(&facts);
        self.context.registers = vec![None; registers];
        for (r, v) in &kept {
            self.context.registers[usize::from(*r)] = Some(*v);
        }
        for (r, ty) in &parameters {
            let p = self.unit.add_param(lead.block, *ty);
            self.context.registers[usize::from(*r)] = Some(self.retag(*ty, p));
        }
        for (v, offset) in &words {
            let p = self.unit.add_param(lead.block, Type::I64);
            self.facts.set_word(*v, *offset, p);
        }
        lead.entered = Some(Box::new(Entered { alone, parameters, kept, words, facts }));
    }

    /// The own words, of objects that a loop keeps in registers, that are to be parameters of its head: each is read on every edge. What
    /// other words hold stays known: the loop has no instruction that could change them.
    fn own_words_at(&mut self, edges: &mut [Edge], kept: &[(u16, Ref)], facts: &mut Facts) -> Vec<(Ref, u32)> {
        let mut words = Vec::new();
        for (_, v) in kept {
            facts.forget_words(*v);
            for offset in edges.iter().map(|e| self.own_words(&e.facts, *v)).min_by_key(|w| w.len()).unwrap_or(&[]) {
                if words.contains(&(*v, *offset)) {
                    continue;
                }
                for edge in edges.iter_mut() {
                    let x = self.word_at(edge.block, edge.facts.word(*v, *offset), *v, *offset);
                    edge.facts.set_word(*v, *offset, x);
                }
                words.push((*v, *offset));
            }
        }
        words
    }
    /// What is in an own word at the end of a block, read there unless it is known.
    fn word_at(&mut self, block: BlockId, known: Option<Ref>, v: Ref, offset: u32) -> Ref {
        known.unwrap_or_else(|| {
            let p = self.unit.push(block, Inst::UntagPtr(v));
            self.unit.push(block, Inst::LoadWord(p, offset))
        })
    }

    /// The type in which all of `values` cross without boxing.
    fn common_type(&self, edges: &[Edge], values: &[Ref]) -> Type {
        let raw = |(e, v): (&Edge, &Ref)| e.facts.kind(&self.unit, *v).and_then(|k| k.raw_type());
        let mut types = edges.iter().zip(values).map(raw);
        let first = types.next().flatten();
        if types.all(|ty| ty == first) { first.unwrap_or(Type::Tagged) } else { Type::Tagged }
    }

    /// A tagged value in the form that crosses as `ty`, untagged at the end of `block` if need be; `None` if it is not known to be
    /// one.
    fn in_form(&mut self, block: BlockId, facts: &Facts, ty: Type, v: Ref) -> Option<Ref> {
        match (ty, self.unit.inst(v)) {
            (Type::Tagged, _) => Some(v),
            (Type::I64, Inst::TagInt(x)) | (Type::F64, Inst::TagFloat(x)) | (Type::Bool, Inst::TagBool(x)) => Some(x),
            _ if facts.kind(&self.unit, v).and_then(|k| k.raw_type()) == Some(ty) => Some(self.unit.push(
                block,
                match ty {
                    Type::I64 => Inst::UntagInt(v),
                    Type::F64 => Inst::UntagFloat(v),
                    _ => Inst::UntagBool(v),
                },
            )),
            _ => None,
        }
    }

    /// The tagged form of a parameter.
    pub(crate) fn retag(&mut self, ty: Type, p: Ref) -> Ref {
        match ty {
            Type::I64 => self.raw(Inst::TagInt(p)),
            Type::F64 => self.raw(Inst::TagFloat(p)),
            Type::Bool => self.raw(Inst::TagBool(p)),
            _ => p,
        }
    }
}
