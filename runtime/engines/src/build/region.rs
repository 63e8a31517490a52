//! The walk over bytecode: runs handlers, forks, joins, inlines, and sends exceptions to their handlers.

use crate::build::edges::Leads;
use crate::build::emitter::{Call, CodeValue, Context, Emitter, Next, live_registers};
use crate::build::knowledge::{Facts, Form, Kind, raw_of};
use crate::build::loops::Targets;
use crate::build::words::box_operands;
use crate::build::{Build, EntryValues, Mode};
use runtime_core::CodeUnit;
use vm_api::engine::{After, Language};
use vm_api::heap::{Object, Value};
use vm_api::vir::{
    BlockId, Callee, CodeRef, Cond, Inst, Invoke, List, Reason, Ref, Resume, Terminator, UnitKind, VectorRef,
};

/// How control leaves a walked code.
pub(crate) enum Out {
    /// With a result.
    Return(BlockId, Ref, Box<Facts>),
    /// With this exception, or the pending one.
    Raise(BlockId, Option<Ref>),
}

/// Where a run of a handler left the emitter.
struct Leaf<'r> {
    place: Place,
    next: Next<'r>,
}

/// A block with what is known at its present end.
#[derive(Clone)]
struct Place {
    block: BlockId,
    registers: Vec<Option<Ref>>,
    /// `None`: nothing.
    facts: Option<Box<Facts>>,
}

impl Place {
    fn of(e: &Emitter<'_>) -> Place {
        let facts = (e.mode == Mode::Speculative).then(|| e.facts.clone());
        Place { block: e.block, registers: e.context.registers.clone(), facts }
    }
    /// Where the emitter stood, which is given another place next.
    fn left(e: &mut Emitter<'_>) -> Place {
        let knows = e.mode == Mode::Speculative || e.facts.knows_values();
        let facts = knows.then(|| e.take_facts());
        Place { block: e.block, registers: e.take_registers(), facts }
    }
    fn facts(&self) -> Box<Facts> {
        self.facts.clone().unwrap_or_default()
    }
    /// As it was, but for the block.
    fn restore(&self, e: &mut Emitter<'_>) {
        e.context.registers.clone_from(&self.registers);
        match &self.facts {
            Some(facts) => e.facts.clone_from(facts),
            None => e.facts.clear(),
        }
    }
    fn take(self, e: &mut Emitter<'_>) {
        e.block = self.block;
        e.put_registers(self.registers);
        match self.facts {
            Some(facts) => e.put_facts(facts),
            None => e.facts.clear(),
        }
    }
    /// Nobody goes on from here.
    fn discard(self, e: &mut Emitter<'_>) {
        e.discard_registers(self.registers);
        e.discard_facts(self.facts);
    }
}

/// What the walk over one code works with, kept from one instruction to the next.
struct Scratch<'r> {
    /// From where the handler is still to be run.
    work: Vec<Place>,
    leaves: Vec<Leaf<'r>>,
    /// The places that go on with the next instruction in line.
    falls: Vec<Place>,
}

impl<'r, L: Language> Build<'r, L> {
    /// Builds the whole unit but for its ends.
    pub(crate) fn function(&self, kind: UnitKind, entry: EntryValues<'_>) -> Vec<Out> {
        let start = match kind {
            UnitKind::Function if self.with(|e| e.context.code.suspends) => {
                return self.walk(|leads| self.resumptions(leads));
            }
            UnitKind::Function => 0,
            UnitKind::Osr { position } => position as usize,
        };
        self.with(|e| {
            let code = e.context.code;
            if e.mode == Mode::Baseline {
                // Calls that do not go through the interpreter leave it to the callee.
                if kind == UnitKind::Function && code.clear_from < code.clear_to {
                    let empty = e.raw(Inst::ConstWord(Value::EMPTY.bits()));
                    for r in code.clear_from..code.clear_to {
                        e.raw(Inst::SetReg(r as u16, empty));
                    }
                }
                if self.options.counts && kind == UnitKind::Function {
                    count(e, start);
                }
                return;
            }
            match kind {
                UnitKind::Function => {
                    for r in 0..code.clear_from {
                        e.context.registers[r as usize] = Some(e.unit.add_entry(r as u16));
                    }
                    clear_variables(e);
                }
                UnitKind::Osr { position } => {
                    for r in code.liveness().frame_in(position as usize).iter() {
                        e.context.registers[usize::from(r)] = Some(e.unit.add_entry(r));
                    }
                    test_entry(e, position as usize, entry);
                }
            }
        });
        self.walk(|leads| self.with(|e| e.edge(leads, start, false)))
    }

    /// Walks the context's code from where `begin` leads; returns its ends.
    fn walk(&self, begin: impl FnOnce(&mut Leads)) -> Vec<Out> {
        let code = self.with(|e| e.context.code);
        let targets = Targets::of::<L>(&code.code);
        let (mut leads, mut outs) = (Leads::default(), Vec::new());
        let mut scratch = Scratch { work: Vec::new(), leaves: Vec::new(), falls: Vec::new() };
        // In a loop an instruction may come after those that stand behind it.
        self.with(|e| e.context.runs_unseen |= targets.has_loops());
        begin(&mut leads);
        while let Some((mut position, lead)) = leads.take_first() {
            self.with(|e| {
                let written = match e.mode {
                    Mode::Speculative => targets.written::<L>(&code.code, position),
                    Mode::Baseline => None,
                };
                e.enter_lead(lead, position, written.as_ref());
            });
            loop {
                if self.with(|e| e.abandoned()) {
                    return outs;
                }
                self.instruction(position, &targets, &mut leads, &mut outs, &mut scratch);
                if self.with(|e| e.abandoned()) {
                    return outs;
                }
                if scratch.falls.is_empty() {
                    break;
                }
                self.with(|e| join(e, position + 1, &mut scratch.falls));
                position += 1;
            }
        }
        outs
    }

    /// Runs the handler at `position` until every decision has been taken both ways where needed.
    fn instruction(
        &self,
        position: usize,
        targets: &Targets,
        leads: &mut Leads,
        outs: &mut Vec<Out>,
        scratch: &mut Scratch<'r>,
    ) {
        let Scratch { work, leaves, falls } = scratch;
        work.push(self.with(|e| {
            box_operands::<L>(e, position);
            Place::left(e)
        }));
        while let Some(before) = work.pop() {
            self.runs(position, &before, leaves);
            for Leaf { place, next } in leaves.drain(..) {
                self.with(|e| place.take(e));
                let target = match next {
                    Next::Fall => position + 1,
                    Next::Jump(target) => target,
                    // One that has met others has no leaf.
                    Next::Exit | Next::Met => continue,
                    Next::Return(v) => {
                        outs.push(self.with(|e| {
                            say_end(e, &before);
                            Out::Return(e.block, v, e.take_facts())
                        }));
                        continue;
                    }
                    Next::End(state) => {
                        self.with(|e| e.unit.terminate(e.block, Terminator::Exit(state, Reason::Ends)));
                        continue;
                    }
                    Next::Raise(exception) => {
                        self.with(|e| raise(e, position, &before, exception, leads, outs));
                        continue;
                    }
                    Next::Call(call) => {
                        let (destination, after) = (call.destination, call.after);
                        let result = self.call_out(position, &before, call, leads, outs);
                        if self.with(|e| e.abandoned()) {
                            return;
                        }
                        let Some((place, v)) = result else { continue };
                        self.with(|e| {
                            place.take(e);
                            if e.mode == Mode::Baseline {
                                e.context.registers.clear();
                                e.raw(Inst::SetReg(destination, v));
                            }
                            e.hold(destination, v);
                        });
                        if after == After::Again {
                            self.with(|e| {
                                let mut facts = e.take_facts();
                                if facts.kind(&e.unit, v).is_none() {
                                    facts.set_kind(v, Kind::Bool);
                                }
                                work.push(Place { facts: Some(facts), ..Place::left(e) });
                            });
                            continue;
                        }
                        position + 1
                    }
                };
                if target != position + 1 || targets.contains(target) {
                    self.with(|e| {
                        if self.options.counts && target <= position {
                            count(e, target);
                        }
                        e.edge(leads, target, false);
                    });
                } else {
                    falls.push(self.with(|e| {
                        if e.mode == Mode::Baseline {
                            e.facts.keep_what_values_are();
                        }
                        Place::left(e)
                    }));
                }
            }
            self.with(|e| before.discard(e));
        }
    }

    /// All runs of one handler from one place.
    fn runs(&self, position: usize, place: &Place, leaves: &mut Vec<Leaf<'r>>) {
        let code = self.with(|e| {
            place.restore(e);
            e.block = place.block;
            e.begin(position);
            e.context.code
        });
        loop {
            // How the run ended stands in `next`.
            let _ = L::exec(self, &code.code.instructions[position]);
            let more = self.with(|e| {
                let next = e.end();
                if !matches!(next, Next::Met) {
                    leaves.push(Leaf { place: Place::left(e), next });
                }
                let more = !e.too_big && e.begin_next();
                if more {
                    place.restore(e);
                }
                more
            });
            if !more {
                leaves.extend(self.with(raising_leaf));
                return;
            }
        }
    }

    /// Emits a call, or walks the callee in place. `None` if it never returns; else where it does, and the result.
    fn call_out(
        &self,
        position: usize,
        before: &Place,
        call: Call<'r>,
        leads: &mut Leads,
        outs: &mut Vec<Out>,
    ) -> Option<(Place, Ref)> {
        let here = self.with(|e| Place::of(e));
        let mut returns: Vec<(BlockId, Ref, Box<Facts>)> = Vec::new();
        match call.code {
            CodeValue::Known(callee) if self.inlines(callee, &call) => {
                let saved = self.with(|e| enter_inlined(e, callee, &call, before));
                let ends = self.walk(|leads| self.with(|e| e.edge(leads, 0, false)));
                self.with(|e| {
                    e.context = saved;
                    e.come_back(position);
                    for end in ends {
                        match end {
                            Out::Return(block, v, facts) => returns.push((block, v, facts)),
                            Out::Raise(block, exception) => {
                                e.block = block;
                                raise(e, position, before, exception, leads, outs);
                            }
                        }
                    }
                });
            }
            _ => self.with(|e| {
                let v = emit_invoke(e, &call, before);
                let ok = e.raw(Inst::Ok(v));
                let (yes, no) = (e.unit.add_block(), e.unit.add_block());
                e.unit.terminate(e.block, Terminator::Branch(ok, yes, no));
                e.block = no;
                raise(e, position, before, None, leads, outs);
                let mut facts = here.facts();
                facts.forget_passing();
                returns.push((yes, v, facts));
            }),
        }
        let registers = here.registers;
        match returns.len() {
            0 => None,
            1 => {
                let (block, v, facts) = returns.pop().expect("one");
                Some((Place { block, registers, facts: Some(facts) }, v))
            }
            _ => self.with(|e| {
                let block = e.unit.add_block();
                let values: Vec<Ref> = returns.iter().map(|(_, v, _)| *v).collect();
                let form = common_form(e, &values);
                let p = e.unit.add_param(block, form.ty());
                for (from, v, known) in &mut returns {
                    let x = crossing(e, *from, known, form, *v);
                    let list = e.unit.list(&[x]);
                    e.unit.terminate(*from, Terminator::Jump(block, list));
                }
                let mut facts = returns[0].2.clone();
                returns.iter().for_each(|(_, _, known)| facts.retain(known));
                e.block = block;
                let v = e.retag(form, p);
                Some((Place { block, registers, facts: Some(facts) }, v))
            }),
        }
    }

    fn inlines(&self, callee: &CodeUnit, call: &Call<'_>) -> bool {
        let o = &self.options;
        self.with(|e| {
            let c = &e.context;
            e.mode == Mode::Speculative
                && c.depth < o.inline_depth
                && e.unit.insts.len() < o.inline_budget
                && !callee.suspends
                && callee.code.instructions.len() <= o.inline_size
                && callee.simple_parameters == call.arguments.len() as i32
                && c.ancestors.iter().filter(|a| **a == callee.index.0).count() < o.inline_recursion
        })
    }
}

/// Counts before the instruction at `position`, which the interpreter executes next if the unit has become hot.
fn count(e: &mut Emitter<'_>, position: usize) {
    let here = std::mem::replace(&mut e.position, position);
    let state = e.add_state(Resume::Execute, Vec::new());
    e.position = here;
    e.raw(Inst::State(state));
    e.raw(Inst::Count(state));
}

/// Leaves unless the numbers among the registers are of the kinds that they are of now, and the objects with own words of the shapes.
fn test_entry(e: &mut Emitter<'_>, position: usize, entry: EntryValues<'_>) {
    e.begin(position);
    for r in 0..e.context.registers.len() {
        let (Some(v), Some(now)) = (e.context.registers[r], entry(r as u16)) else { continue };
        let test = match now {
            now if now.is_int() => Inst::IsInt(v),
            now if now.is_float() => Inst::IsFloat(v),
            now if now.is_object() && e.has_own_words(Object::of(now).shape()) => Inst::IsObject(v),
            _ => continue,
        };
        let c = e.emit(test);
        // What the instruction has recorded does not speak of the entry.
        e.guard(c, true, Reason::Expected);
        if now.is_object() {
            let p = e.emit(Inst::UntagPtr(v));
            let (shape, known) = (e.emit(Inst::Shape(p)), e.emit(Inst::ConstInt(Object::of(now).shape().0.into())));
            let c = e.emit(Inst::IntCmp(Cond::Eq, shape, known));
            e.guard(c, true, Reason::Expected);
        }
    }
}

/// Variables that are no parameters begin unbound.
fn clear_variables(e: &mut Emitter<'_>) {
    let code = e.context.code;
    if code.clear_from < code.clear_to {
        let empty = e.raw(Inst::ConstWord(Value::EMPTY.bits()));
        for r in code.clear_from..code.clear_to {
            e.context.registers[r as usize] = Some(empty);
        }
    }
}

/// Makes the callee the context; returns the caller's.
fn enter_inlined<'r>(e: &mut Emitter<'r>, callee: &'r CodeUnit, call: &Call<'r>, before: &Place) -> Context<'r> {
    let caller = e.waiting_state(call.destination, call.after, &before.registers);
    let feedback = if call.feedback.is_null() { callee.feedback } else { call.feedback };
    let mut registers = vec![None; callee.registers as usize];
    for (r, v) in call.arguments.iter().enumerate() {
        registers[r] = Some(*v);
    }
    let c = &e.context;
    let mut ancestors = c.ancestors.clone();
    ancestors.push(callee.index.0);
    let context = Context {
        code: callee,
        feedback,
        vector: e.runtime.vector_ref(feedback),
        function: call.function,
        offset: call.offset,
        registers,
        // Where in the caller the callee stands, so that joins of several copies are told apart.
        path: c.path.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(e.position as u64 * 2 + 1),
        depth: c.depth + 1,
        ancestors,
        caller: Some(caller),
        runs_unseen: false,
    };
    e.unit.extent = e.unit.extent.max(call.offset + callee.registers);
    let saved = std::mem::replace(&mut e.context, context);
    clear_variables(e);
    saved
}

/// Emits a call that is not inlined.
fn emit_invoke(e: &mut Emitter<'_>, call: &Call<'_>, before: &Place) -> Ref {
    let values: Vec<Ref> = call.arguments.iter().map(|v| e.operand_here(*v)).collect();
    let state = e.waiting_state(call.destination, call.after, &before.registers);
    let arguments = e.unit.list(&values);
    let feedback = if call.feedback.is_null() { VectorRef::NONE } else { e.runtime.vector_ref(call.feedback) };
    let callee = match call.code {
        CodeValue::Known(code) => Callee::Known(CodeRef(code.index.0)),
        CodeValue::Computed(index) => Callee::Computed(index),
    };
    let invoke = e.unit.add_invoke(Invoke {
        callee,
        function: call.function,
        arguments,
        in_place: call.in_place,
        offset: call.offset,
        feedback,
        state,
    });
    e.raw(Inst::Invoke(invoke))
}

/// Where the handler that has been run ends with the pending exception: one leaf, however many ways lead there. What is known on them is
/// not asked for.
fn raising_leaf<'r>(e: &mut Emitter<'r>) -> Option<Leaf<'r>> {
    let block = match e.raising[..] {
        [] => return None,
        [only] => only,
        _ => e.unit.add_block(),
    };
    for from in e.raising.drain(..).filter(|from| *from != block) {
        e.unit.blocks[from.index()].cold = true;
        e.unit.terminate(from, Terminator::Jump(block, List::EMPTY));
    }
    Some(Leaf { place: Place { block, registers: Vec::new(), facts: None }, next: Next::Raise(None) })
}

/// The context's frame returns: if an exception has been caught in it, the language is told.
fn say_end(e: &mut Emitter<'_>, before: &Place) {
    let Some(r) = e.context.code.code.caught else { return };
    let empty = Value::EMPTY.bits();
    let caught = match e.mode {
        Mode::Baseline => e.raw(Inst::GetReg(r)),
        Mode::Speculative => match before.registers[usize::from(r)] {
            Some(v) if !matches!(e.unit.inst(v), Inst::ConstWord(bits) if bits == empty) => v,
            _ => return,
        },
    };
    let state = e.state_before(&before.registers);
    let nothing = e.raw(Inst::IsWord(caught, empty));
    let (on, told) = (e.unit.add_block(), e.unit.add_block());
    e.unit.terminate(e.block, Terminator::Branch(nothing, on, told));
    e.block = told;
    e.unit.blocks[told.index()].cold = true;
    e.raw(Inst::Trace(state));
    e.unit.terminate(told, Terminator::Jump(on, List::EMPTY));
    e.block = on;
    e.facts.forget_passing();
}

/// Sends an exception that leaves the instruction at `position` to the code's handler, or out.
fn raise(
    e: &mut Emitter<'_>,
    position: usize,
    before: &Place,
    mut exception: Option<Ref>,
    leads: &mut Leads,
    outs: &mut Vec<Out>,
) {
    if e.mode == Mode::Speculative {
        e.context.registers.clone_from(&before.registers);
        e.facts = before.facts();
        // What raised may have run anything.
        e.facts.forget_passing();
    }
    let code = e.context.code;
    let block = e.block.index();
    e.unit.blocks[block].cold |= exception.is_none();
    let handler = code.code.handler(position as u32);
    if handler.is_none() && e.is_ended_elsewhere() {
        if let Some(v) = exception {
            e.raw(Inst::Raise(v));
        }
        let registers = match e.mode {
            Mode::Speculative => live_registers(&before.registers, code.liveness().frame_in(position).iter()),
            Mode::Baseline => Vec::new(),
        };
        let state = e.add_state(Resume::Result { register: 0 }, registers);
        e.unit.terminate(e.block, Terminator::Exit(state, Reason::Ends));
        return;
    }
    if !code.is_hidden() {
        if let Some(v) = exception.take() {
            e.raw(Inst::Raise(v));
        }
        let state = e.state_before(&before.registers);
        let kept = e.raw(Inst::Trace(state));
        if let (Some(_), Some(r)) = (handler, code.code.caught) {
            match e.mode {
                Mode::Baseline => drop(e.raw(Inst::SetReg(r, kept))),
                Mode::Speculative => e.context.registers[usize::from(r)] = Some(kept),
            }
        }
    }
    let Some(entry) = handler else {
        outs.push(Out::Raise(e.block, exception));
        return;
    };
    let v = match exception {
        Some(v) => v,
        None => e.raw(Inst::TakeException()),
    };
    match e.mode {
        Mode::Baseline => drop(e.raw(Inst::SetReg(entry.register, v))),
        Mode::Speculative => e.context.registers[usize::from(entry.register)] = Some(v),
    }
    e.edge(leads, entry.handler as usize, true);
}

/// Makes one place of those that go on at `target`: registers that differ become parameters.
fn join(e: &mut Emitter<'_>, target: usize, falls: &mut Vec<Place>) {
    if falls.len() == 1 {
        falls.pop().expect("one").take(e);
        return;
    }
    let block = e.unit.add_block();
    if e.mode == Mode::Baseline {
        for fall in falls.drain(..) {
            e.unit.terminate(fall.block, Terminator::Jump(block, List::EMPTY));
            fall.discard(e);
        }
        e.block = block;
        e.context.registers.clear();
        e.facts.clear();
        return;
    }
    let mut registers = vec![None; falls[0].registers.len()];
    let mut arguments: Vec<Vec<Ref>> = vec![Vec::new(); falls.len()];
    let mut parameters = Vec::new();
    for r in e.context.code.liveness().frame_in(target).iter() {
        let values: Option<Vec<Ref>> = falls.iter().map(|f| f.registers[usize::from(r)]).collect();
        let Some(values) = values else { continue };
        if values.iter().all(|v| *v == values[0]) {
            registers[usize::from(r)] = Some(values[0]);
            continue;
        }
        let form = common_form(e, &values);
        let p = e.unit.add_param(block, form.ty());
        for (fall, (list, v)) in falls.iter_mut().zip(arguments.iter_mut().zip(values)) {
            let facts = fall.facts.get_or_insert_default();
            list.push(crossing(e, fall.block, facts, form, v));
        }
        parameters.push((r, form, p));
    }
    for (fall, list) in falls.iter().zip(arguments) {
        let list = if list.is_empty() { List::EMPTY } else { e.unit.list(&list) };
        e.unit.terminate(fall.block, Terminator::Jump(block, list));
    }
    e.block = block;
    e.facts = falls[0].facts();
    falls[1..].iter().for_each(|f| match &f.facts {
        Some(facts) => e.facts.retain(facts),
        None => e.facts.clear(),
    });
    falls.clear();
    for (r, form, p) in parameters {
        registers[usize::from(r)] = Some(e.retag(form, p));
    }
    e.context.registers = registers;
}

/// The form in which all of `values` can cross a join without boxing.
fn common_form(e: &Emitter<'_>, values: &[Ref]) -> Form {
    values.iter().map(|v| Form::made(&e.unit, *v)).reduce(Form::with).unwrap_or(Form::Tagged)
}

/// A value in such a form, at the end of `block`.
fn crossing(e: &mut Emitter<'_>, block: BlockId, facts: &mut Facts, form: Form, v: Ref) -> Ref {
    match (form, raw_of(&e.unit, v)) {
        (Form::Tagged, _) | (_, None) => e.as_operand(block, facts, v),
        (_, Some(x)) => x,
    }
}

impl Emitter<'_> {
    /// Ends the unit's own frame at each of its outs.
    pub(crate) fn finish(&mut self, outs: Vec<Out>) {
        for out in outs {
            match out {
                Out::Return(block, v, mut facts) => {
                    let v = self.as_operand(block, &mut facts, v);
                    self.unit.terminate(block, Terminator::Return(v));
                }
                Out::Raise(block, exception) => {
                    self.block = block;
                    if let Some(v) = exception {
                        self.raw(Inst::Raise(v));
                    }
                    self.unit.terminate(block, Terminator::Fail);
                }
            }
        }
    }
}
