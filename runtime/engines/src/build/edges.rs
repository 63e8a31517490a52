//! Joins: where control may come from several places, registers that differ become block parameters.
//!
//! A target is entered when every forward edge to it is there, so that its parameters follow from all of them: a register that
//! holds the same value on each goes on holding it, and one whose values are all integers, floats or truth values crosses unboxed.
//! Facts that hold on each edge hold behind it. At a loop's head the back edges are still to come: what the loop's instructions write
//! is a parameter, and facts that may end stay outside. What a later edge contradicts is noted, and the build starts again; the notes
//! only grow, so this ends.

use crate::build::Mode;
use crate::build::emitter::Emitter;
use crate::build::knowledge::{Facts, Form, Kind, raw_of};
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
    parameters: Vec<(u16, Form)>,
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
        if !tagged && self.settled.unboxed.iter().any(|(path, at, _)| (*path, *at) == (self.context.path, target)) {
            self.unbox_words(target);
        }
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
        for (register, v) in &entered.kept {
            if self.context.registers[usize::from(*register)] != Some(*v) {
                self.settled.varying.insert((path, target, *register));
                self.again = true;
            }
        }
        let mut arguments = Vec::with_capacity(entered.parameters.len());
        for (register, form) in &entered.parameters {
            let Some(v) = self.context.registers[usize::from(*register)] else {
                panic!("{}: register {register} reaches {target} without a value", self.context.code.code.name);
            };
            let mut facts = self.take_facts();
            let own = self.form(&facts, v);
            if *form == Form::Tagged && own == Form::Word && self.settled.unboxed.insert((path, target, *register)) {
                self.again = true;
            }
            match self.in_form(self.block, &mut facts, *form, v) {
                Some(x) => arguments.push(x),
                None => {
                    let is_word = *form == Form::Int && own == Form::Word;
                    let settled = &mut self.settled;
                    let noted = if is_word { &mut settled.widened } else { &mut settled.tagged };
                    noted.insert((path, target, *register));
                    self.again = true;
                }
            }
            self.put_facts(facts);
        }
        // Behind what boxes words, which ends what is known of addresses.
        if !self.facts.include(&entered.facts) {
            self.settled.forgetful.insert((path, target));
            self.again = true;
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
            let place = (path, target, r);
            let tagged = edges.iter().any(|e| e.tagged) || self.settled.tagged.contains(&place);
            let form = if tagged { Form::Tagged } else { self.common_form(&edges, &values) };
            let is_wide = form == Form::Int && self.settled.widened.contains(&place);
            parameters.push((r, if is_wide { Form::Word } else { form }));
        }
        // Words that cross as values are boxed on the edges.
        let mut arguments: Vec<Vec<Ref>> = Vec::with_capacity(edges.len());
        for edge in &mut edges {
            let mut list = Vec::with_capacity(parameters.len());
            for (r, form) in &parameters {
                let v = edge.registers[usize::from(*r)].expect("the register has a value on each edge");
                list.push(self.in_form(edge.block, &mut edge.facts, *form, v).expect("the values' common form"));
            }
            arguments.push(list);
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
        for (edge, mut arguments) in edges.iter().zip(arguments) {
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
        for (r, form) in &parameters {
            let p = self.unit.add_param(lead.block, form.ty());
            self.context.registers[usize::from(*r)] = Some(self.retag(*form, p));
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

    /// How a value can cross, by all that is known of it.
    pub(crate) fn form(&self, facts: &Facts, v: Ref) -> Form {
        facts.kind(&self.unit, v).map_or(Form::Tagged, Kind::form)
    }
    /// The form in which all of `values` cross without boxing.
    fn common_form(&self, edges: &[Edge], values: &[Ref]) -> Form {
        let forms = edges.iter().zip(values).map(|(e, v)| self.form(&e.facts, *v));
        forms.reduce(Form::with).unwrap_or(Form::Tagged)
    }

    /// A value in the form in which it is to cross, made at the end of `block` if need be; `None` if it is not known to have it.
    fn in_form(&mut self, block: BlockId, facts: &mut Facts, form: Form, v: Ref) -> Option<Ref> {
        let own = self.form(facts, v);
        let is_in_form = own == form || own == Form::Int && form == Form::Word;
        match (form, raw_of(&self.unit, v)) {
            (Form::Tagged, _) => Some(self.as_operand(block, facts, v)),
            (_, Some(x)) if is_in_form => Some(x),
            (_, None) if is_in_form => Some(self.unit.push(
                block,
                match form {
                    Form::Float => Inst::UntagFloat(v),
                    Form::Bool => Inst::UntagBool(v),
                    // Words are always made of what is raw.
                    _ => Inst::UntagInt(v),
                },
            )),
            _ => None,
        }
    }

    /// The value of a parameter.
    pub(crate) fn retag(&mut self, form: Form, p: Ref) -> Ref {
        match form {
            Form::Int => self.raw(Inst::TagInt(p)),
            Form::Word => self.raw(Inst::TagWord(p)),
            Form::Float => self.raw(Inst::TagFloat(p)),
            Form::Bool => self.raw(Inst::TagBool(p)),
            Form::Tagged => p,
        }
    }
}
