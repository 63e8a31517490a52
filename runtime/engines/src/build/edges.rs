//! Joins: where control may come from several places, registers become block parameters.
//!
//! A parameter has the raw type that its first value has (integers and floats cross joins unboxed). When a later edge brings
//! a value of another kind, the register is noted as tagged there and the build starts again; the notes only grow, so this
//! ends. A target with a single predecessor keeps constants and facts instead, or inlining would lose its callees.

use crate::build::Mode;
use crate::build::emitter::Emitter;
use crate::build::knowledge::Facts;
use std::collections::BTreeMap;
use vm_api::vir::{BlockId, Inst, Ref, Terminator, Type};

/// A target of control within one code.
pub(crate) struct Lead {
    block: BlockId,
    parameters: Vec<(u16, Type)>,
    done: bool,
    /// Was it entered as having one predecessor?
    alone: bool,
    edges: usize,
    /// The first edge: its block, registers and facts.
    from: (BlockId, Vec<Option<Ref>>, Facts),
}

/// The targets of one code, by position.
pub(crate) type Leads = BTreeMap<usize, Lead>;

/// The first target that is still to be walked.
pub(crate) fn next_lead(leads: &Leads) -> Option<usize> {
    leads.iter().find(|(_, l)| !l.done).map(|(at, _)| *at)
}

impl Emitter<'_> {
    /// Goes from here to the instruction `target`. `tagged`: no register crosses unboxed (exceptional edges).
    pub(crate) fn edge(&mut self, leads: &mut Leads, target: usize, tagged: bool) {
        let path = self.context.path;
        let lead = leads.entry(target).or_insert_with(|| {
            let parameters = self.parameters_at(target, tagged);
            let block = self.unit.add_block();
            for (_, ty) in &parameters {
                self.unit.add_param(block, *ty);
            }
            let from = (self.block, self.context.registers.clone(), self.facts.clone());
            Lead { block, parameters, done: false, alone: false, edges: 0, from }
        });
        lead.edges += 1;
        if lead.alone {
            self.settled.joins.insert((path, target));
            self.again = true;
            return;
        }
        let (block, parameters) = (lead.block, lead.parameters.clone());
        let mut arguments = Vec::with_capacity(parameters.len());
        for (register, ty) in parameters {
            let Some(v) = self.context.registers[usize::from(register)] else {
                panic!("{}: register {register} reaches {target} without a value", self.context.code.code.name);
            };
            let converted = match (ty, self.unit.inst(v)) {
                (Type::Tagged, _) => Some(v),
                (Type::I64, Inst::TagInt(x)) | (Type::F64, Inst::TagFloat(x)) | (Type::Bool, Inst::TagBool(x)) => {
                    Some(x)
                }
                _ if self.kind(v).and_then(|k| k.raw_type()) == Some(ty) => Some(self.raw(match ty {
                    Type::I64 => Inst::UntagInt(v),
                    Type::F64 => Inst::UntagFloat(v),
                    _ => Inst::UntagBool(v),
                })),
                _ => None,
            };
            match converted {
                Some(x) => arguments.push(x),
                None => {
                    self.settled.tagged.insert((path, target, register));
                    self.again = true;
                    return;
                }
            }
        }
        let list = self.unit.list(&arguments);
        self.unit.terminate(self.block, Terminator::Jump(block, list));
    }

    /// The registers that cross into `target`, with the types they have here.
    fn parameters_at(&self, target: usize, tagged: bool) -> Vec<(u16, Type)> {
        if self.mode == Mode::Baseline {
            return Vec::new();
        }
        let path = self.context.path;
        let live = self.context.code.liveness().frame_in(target);
        let typed = |r: u16| {
            let v = self.context.registers[usize::from(r)]?;
            let raw = if tagged || self.settled.tagged.contains(&(path, target, r)) {
                None
            } else {
                self.kind(v).and_then(|k| k.raw_type())
            };
            Some((r, raw.unwrap_or(Type::Tagged)))
        };
        live.iter().filter_map(typed).collect()
    }

    /// Begins the walk of a target: sets block, registers and facts. `back`: a back edge may still come.
    pub(crate) fn enter_lead(&mut self, lead: &mut Lead, target: usize, back: bool) {
        lead.done = true;
        self.block = lead.block;
        let path = self.context.path;
        let join = back || lead.edges > 1 || self.settled.joins.contains(&(path, target));
        if self.mode == Mode::Speculative && !join {
            lead.alone = true;
            self.unit.blocks[lead.block.index()].params.clear();
            self.unit.terminate(lead.from.0, Terminator::Jump(lead.block, vm_api::vir::List::EMPTY));
            let live = self.context.code.liveness().frame_in(target);
            let from = &lead.from.1;
            self.context.registers =
                (0..from.len()).map(|r| if live.contains(r as u16) { from[r] } else { None }).collect();
            self.facts = lead.from.2.clone();
            return;
        }
        self.facts = Facts::default();
        self.context.registers.fill(None);
        let params = self.unit.block(lead.block).params.clone();
        for ((register, ty), p) in lead.parameters.clone().into_iter().zip(params) {
            let v = self.retag(ty, p);
            self.context.registers[usize::from(register)] = Some(v);
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
