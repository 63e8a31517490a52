//! Two stubs at once ([`StubPair`]): what the first makes only for the second to take need not be made.
//!
//! Where a call of the second takes what a call of the first has made, with nothing but computations and tests between them, the unit
//! tries the stub that does both, before either of them. It does so with the operands that the second will have if all tests between
//! them turn out as they do on the way from the one to the other:
//!
//! ```text
//!     X: …                              X: …, computations
//!        v = first(a)                      tests, else to S
//!        ok v, else …                      both(b, a), else to S; to Z
//!        computations, tests        =>  S: v = first(a)
//!        second(b, v)                      … as before
//!        ok, else …                        second(b, v)
//!     Z: …                              Z: …
//! ```
//!
//! # Invariants
//!
//! * The stub for both does all or nothing, and may neither collect nor raise: on the way through S everything happens that would have
//!   happened, in that order, with the frame states that are there.
//! * Behind the second nothing is used that was computed since the first. What is pure and stands before the first test is moved before
//!   the first, so that it may be; but no address, since those do not live across what may collect.

use std::collections::{HashMap, HashSet};
use vm_api::code::StubInfo;
use vm_api::engine::{Language, ShortForm, ShortOperand, Stub, StubPair, WindowStub};
use vm_api::heap::Value;
use vm_api::vir::{
    BlockId, Cond, FeedbackRef, Inst, List, Ref, StubCall, StubCallId, StubOperands, Terminator, Type, Unit,
};

/// Most blocks that are looked at behind a first stub.
const MOST_BLOCKS: usize = 12;
/// Most steps between the two.
const MOST_STEPS: usize = 48;

/// A pair by numbers in the language's table.
struct Numbers {
    first: u32,
    made: i64,
    second: u32,
    operand: usize,
    both: u32,
    info: &'static StubInfo,
    short: Vec<Short>,
}

/// A short form of the stub for both.
struct Short {
    operands: &'static [ShortOperand],
    number: u32,
    info: &'static StubInfo,
}

impl Short {
    /// `None`: the language's table lacks the stub.
    fn of<L: Language>(form: &'static ShortForm) -> Option<Short> {
        let is_it = |other: &Stub| matches!(other, Stub::Fixed(s) if std::ptr::eq(*s, form.stub));
        let number = L::stubs().iter().position(is_it)? as u32;
        let effects = form.stub.info.effects;
        assert!(!effects.collects && !effects.raises, "{} may fail or collect", form.stub.info.name);
        Some(Short { operands: form.operands, number, info: &form.stub.info })
    }
    /// The three operands that are given, if all are of this form.
    fn given(&self, unit: &Unit, operands: &[Ref]) -> Option<[Ref; 3]> {
        let fits = |(form, v): (&ShortOperand, &Ref)| match *form {
            ShortOperand::Given => true,
            ShortOperand::Same(i) => operands.get(i) == Some(v),
            ShortOperand::Is(value) => constant(unit, *v) == Some(value),
        };
        if self.operands.len() != operands.len() || !self.operands.iter().zip(operands).all(fits) {
            return None;
        }
        let is_given = |(form, v): (&ShortOperand, &Ref)| matches!(form, ShortOperand::Given).then_some(*v);
        let given: Vec<Ref> = self.operands.iter().zip(operands).filter_map(is_given).collect();
        given.try_into().ok()
    }
}

/// The value, no object, that a tagged value is known to be.
fn constant(unit: &Unit, v: Ref) -> Option<Value> {
    match unit.inst(v) {
        Inst::ConstWord(bits) => Some(Value::from_bits(bits)),
        Inst::TagInt(x) => match unit.inst(x) {
            Inst::ConstInt(x) => Value::try_int(x),
            _ => None,
        },
        _ => None,
    }
}

impl Numbers {
    fn of<L: Language>(pair: &'static StubPair) -> Option<Numbers> {
        let number = |stub: &WindowStub| {
            let is_it = |other: &Stub| matches!(other, Stub::Window(s) if std::ptr::eq(*s, stub));
            L::stubs().iter().position(is_it).map(|number| number as u32)
        };
        let (first, second, both) = (number(pair.first)?, number(pair.second)?, number(pair.both)?);
        let effects = pair.both.info.effects;
        assert!(!effects.collects && !effects.raises, "{} may fail or collect", pair.both.info.name);
        assert!(L::keeps_shape(pair.made), "{} makes what may change its shape", pair.first.info.name);
        let (made, operand, info) = (i64::from(pair.made.0), pair.operand, &pair.both.info);
        let short = pair.short.iter().filter_map(Short::of::<L>).collect();
        Some(Numbers { first, made, second, operand, both, info, short })
    }
}

/// What stands between the two stubs, in order.
#[derive(Clone, Copy)]
enum Step {
    Compute(Ref),
    Test(Ref, bool),
    /// A parameter and what a jump gives it.
    Bind(Ref, Ref),
}

/// The way from the first stub to the second.
struct Way {
    /// Where the first stands.
    block: BlockId,
    at: usize,
    made: Ref,
    steps: Vec<Step>,
    /// The blocks of the way behind that of the first.
    blocks: Vec<BlockId>,
    /// The second, and where the unit goes on behind it.
    second: StubCallId,
    behind: BlockId,
}

/// Looks for pairs, and has each tried at once.
pub(super) fn join<L: Language>(unit: &mut Unit) {
    L::pairs().iter().filter_map(Numbers::of::<L>).for_each(|pair| join_pair(unit, &pair));
}

fn join_pair(unit: &mut Unit, pair: &Numbers) {
    let uses = |number: u32| unit.stubs.iter().any(|s| s.window && s.number == number);
    if !uses(pair.first) || !uses(pair.second) {
        return;
    }
    for block in unit.block_ids() {
        let Some(way) = find(unit, pair, block) else { continue };
        let moved = movable(unit, &way);
        if is_private(unit, &way, &moved) {
            rewrite(unit, pair, way, &moved);
        }
    }
}

/// The call of a stub with a window of operands.
fn call(unit: &Unit, v: Ref, number: u32) -> Option<(StubCallId, List)> {
    let Inst::Stub(id) = unit.inst(v) else { return None };
    let call = &unit.stub_calls[id.index()];
    match call.operands {
        StubOperands::Window(list) if unit.stubs[call.stub.index()].number == number => Some((id, list)),
        _ => None,
    }
}

/// Where control goes if the last instruction of a block, the test of call `v` before it, finds no exception.
fn after_success(unit: &Unit, block: BlockId, v: Ref) -> Option<BlockId> {
    let block = unit.block(block);
    match (&block.insts[..], block.terminator) {
        ([.., call, ok], Terminator::Branch(c, yes, _)) if *call == v && *ok == c && unit.inst(c) == Inst::Ok(v) => {
            Some(yes)
        }
        _ => None,
    }
}

/// A way from a first stub that ends `block`.
fn find(unit: &Unit, pair: &Numbers, block: BlockId) -> Option<Way> {
    let insts = &unit.block(block).insts;
    let at = insts.len().checked_sub(2)?;
    let made = insts[at];
    call(unit, made, pair.first)?;
    let next = after_success(unit, block, made)?;
    let mut search = Search {
        unit,
        pair,
        made,
        depend: vec![made],
        implied: Vec::new(),
        steps: Vec::new(),
        blocks: Vec::new(),
        looked_at: 0,
    };
    let (second, behind) = search.from(next)?;
    Some(Way { block, at, made, steps: search.steps, blocks: search.blocks, second, behind })
}

struct Search<'u> {
    unit: &'u Unit,
    pair: &'u Numbers,
    made: Ref,
    /// What the first has made, and what is computed from it.
    depend: Vec<Ref>,
    /// Conditions that hold if the stub for both does something: they say what the first has made.
    implied: Vec<Ref>,
    steps: Vec<Step>,
    blocks: Vec<BlockId>,
    looked_at: usize,
}

impl Search<'_> {
    /// Looks for the second stub from the beginning of `block` on.
    fn from(&mut self, block: BlockId) -> Option<(StubCallId, BlockId)> {
        self.looked_at += 1;
        if self.looked_at > MOST_BLOCKS || self.blocks.contains(&block) {
            return None;
        }
        let (steps, blocks) = (self.steps.len(), self.blocks.len());
        self.blocks.push(block);
        let found = self.through(block);
        if found.is_none() {
            self.steps.truncate(steps);
            self.blocks.truncate(blocks);
        }
        found
    }
    /// Does a condition say what the first has made?
    fn is_implied(&self, inst: &Inst) -> bool {
        let unit = self.unit;
        match *inst {
            Inst::IsObject(v) => v == self.made,
            Inst::IntCmp(Cond::Eq, x, y) => match (unit.inst(x), unit.inst(y)) {
                (Inst::Shape(p), Inst::ConstInt(shape)) => {
                    unit.inst(p) == Inst::UntagPtr(self.made) && shape == self.pair.made
                }
                _ => false,
            },
            _ => false,
        }
    }
    fn through(&mut self, block: BlockId) -> Option<(StubCallId, BlockId)> {
        let unit = self.unit;
        for v in &unit.block(block).insts {
            if let Some((second, list)) = call(unit, *v, self.pair.second) {
                let is_right = |(i, x): (usize, &Ref)| match i == self.pair.operand {
                    true => *x == self.made,
                    false => !self.depend.contains(x),
                };
                let operands = unit.operands(list);
                let takes = self.pair.operand < operands.len() && operands.iter().enumerate().all(is_right);
                return after_success(unit, block, *v).filter(|_| takes).map(|behind| (second, behind));
            }
            let inst = unit.inst(*v);
            let mut depends = false;
            unit.each_operand(&inst, |_, x| depends |= self.depend.contains(&x));
            let step = match inst {
                Inst::State(_) => continue,
                Inst::Guard(c, expected, ..) => Step::Test(c, expected),
                Inst::Stub(_) | Inst::PendingException() => return None,
                _ if unit.facts(&inst).removable() => Step::Compute(*v),
                _ => return None,
            };
            match step {
                // Where nobody asks for it, it need not be computed.
                Step::Compute(v) if depends => {
                    self.depend.push(v);
                    if self.is_implied(&inst) {
                        self.implied.push(v);
                    }
                }
                Step::Test(c, true) if self.implied.contains(&c) => {}
                _ if depends || self.steps.len() > MOST_STEPS => return None,
                _ => self.steps.push(step),
            }
        }
        match unit.block(block).terminator {
            Terminator::Jump(_, list) if unit.operands(list).iter().any(|x| self.depend.contains(x)) => None,
            Terminator::Branch(c, yes, _) if self.implied.contains(&c) => self.from(yes),
            Terminator::Branch(c, ..) if self.depend.contains(&c) => None,
            Terminator::Jump(target, list) => {
                let params = unit.block(target).params.iter();
                self.steps.extend(params.zip(unit.operands(list)).map(|(p, x)| Step::Bind(*p, *x)));
                self.from(target)
            }
            Terminator::Branch(c, yes, no) => [(yes, true), (no, false)].into_iter().find_map(|(target, outcome)| {
                self.steps.push(Step::Test(c, outcome));
                let found = self.from(target);
                if found.is_none() {
                    self.steps.pop();
                }
                found
            }),
            _ => None,
        }
    }
}

/// What is moved before the first stub.
fn movable(unit: &Unit, way: &Way) -> HashSet<Ref> {
    let is_movable = |v: Ref| {
        let inst = unit.inst(v);
        let mut address = unit.ty(v) == Type::Ptr;
        inst.each_ref(|ty, _| address |= ty == Type::Ptr);
        unit.facts(&inst).is_pure() && !address
    };
    let before = way.steps.iter().map_while(|step| if let Step::Compute(v) = step { Some(*v) } else { None });
    let mut moved = HashSet::new();
    let mut stays = HashSet::new();
    for v in before {
        let mut relies = false;
        unit.inst(v).each_ref(|_, x| relies |= stays.contains(&x));
        if is_movable(v) && !relies {
            moved.insert(v);
        } else {
            stays.insert(v);
        }
    }
    moved
}

/// Is nothing used behind the second stub that stays where it is?
fn is_private(unit: &Unit, way: &Way, moved: &HashSet<Ref>) -> bool {
    let mut own: HashSet<Ref> = unit.block(way.block).insts[way.at..].iter().copied().collect();
    for b in &way.blocks {
        let block = unit.block(*b);
        own.extend(block.params.iter().chain(&block.insts).filter(|v| !moved.contains(v)));
    }
    let mut seen = HashSet::from([way.block, way.behind]);
    let mut work = vec![way.behind];
    while let Some(b) = work.pop() {
        let block = unit.block(b);
        let mut good = true;
        let mut look = |v: Ref| good &= !own.contains(&v);
        for v in &block.insts {
            let inst = unit.inst(*v);
            unit.each_operand(&inst, |_, x| look(x));
            let state = if let Inst::State(s) = inst { Some(s) } else { unit.state_of(&inst) };
            state.into_iter().for_each(|s| unit.each_state_ref(s, &mut look));
        }
        unit.each_terminator_ref(&block.terminator, &mut look);
        if let Terminator::Exit(s, _) = block.terminator {
            unit.each_state_ref(s, &mut look);
        }
        if !good {
            return false;
        }
        work.extend(Unit::successors(&block.terminator).filter(|next| seen.insert(*next)));
    }
    true
}

fn rewrite(unit: &mut Unit, pair: &Numbers, way: Way, moved: &HashSet<Ref>) {
    let separate = unit.add_block();
    let rest = unit.blocks[way.block.index()].insts.split_off(way.at);
    let end = unit.block(way.block).terminator;
    unit.blocks[separate.index()].insts = rest;
    unit.terminate(separate, end);
    for b in &way.blocks {
        unit.blocks[b.index()].insts.retain(|v| !moved.contains(v));
    }
    let mut block = way.block;
    let mut names: HashMap<Ref, Ref> = HashMap::new();
    let now = |names: &HashMap<Ref, Ref>, v: Ref| names.get(&v).copied().unwrap_or(v);
    for step in &way.steps {
        match *step {
            Step::Compute(v) if moved.contains(&v) => unit.blocks[block.index()].insts.push(v),
            Step::Compute(v) => {
                let mut inst = unit.inst(v);
                inst.each_ref_mut(|_, x| *x = now(&names, *x));
                let copy = unit.push(block, inst);
                names.insert(v, copy);
            }
            Step::Test(c, outcome) => block = part(unit, block, now(&names, c), outcome, separate),
            Step::Bind(param, x) => _ = names.insert(param, now(&names, x)),
        }
    }
    let operands_of = |unit: &Unit, call: StubCallId| match unit.stub_calls[call.index()].operands {
        StubOperands::Window(list) => unit.operands(list).to_vec(),
        _ => Vec::new(),
    };
    let mut operands = operands_of(unit, way.second);
    operands.remove(pair.operand);
    operands.iter_mut().for_each(|v| *v = now(&names, *v));
    if let Inst::Stub(first) = unit.inst(way.made) {
        operands.extend(operands_of(unit, first));
    }
    let short = pair.short.iter().find_map(|form| Some((form, form.given(unit, &operands)?)));
    let (stub, operands) = match short {
        Some((form, given)) => {
            let stub = unit.use_stub(form.number, false, form.info.name, form.info.effects);
            (stub, StubOperands::Fixed(given))
        }
        None => {
            let stub = unit.use_stub(pair.both, true, pair.info.name, pair.info.effects);
            (stub, StubOperands::Window(unit.list(&operands)))
        }
    };
    let call = unit.add_stub_call(StubCall { stub, operands, immediate: 0, feedback: FeedbackRef::NONE, state: None });
    let done = unit.push(block, Inst::Stub(call));
    let done = unit.push(block, Inst::IsWord(done, Value::TRUE.bits()));
    let both = part(unit, block, done, true, separate);
    unit.terminate(both, Terminator::Jump(way.behind, List::EMPTY));
}

/// Goes on in a new block if `c` has this outcome, and in `otherwise` if not.
fn part(unit: &mut Unit, block: BlockId, c: Ref, outcome: bool, otherwise: BlockId) -> BlockId {
    let (on, off) = (unit.add_block(), unit.add_block());
    unit.terminate(off, Terminator::Jump(otherwise, List::EMPTY));
    let (yes, no) = if outcome { (on, off) } else { (off, on) };
    unit.terminate(block, Terminator::Branch(c, yes, no));
    on
}

#[cfg(test)]
mod tests {
    use super::*;
    use vm_api::code::Effects;
    use vm_api::vir::{parse, verify};

    static BOTH: StubInfo = StubInfo { name: "both", effects: Effects::STORES };
    static FEW: StubInfo = StubInfo { name: "few", effects: Effects::STORES };

    /// A unit with `between` the two stubs and `behind` them, after the pair has been looked for; did it change?
    fn joined(between: &str, behind: &str) -> (String, bool) {
        joined_in_short(between, behind, "v0, v1", &[])
    }
    /// The same with other operands of the first, where the stub for both has these short forms.
    fn joined_in_short(
        between: &str,
        behind: &str,
        operands: &str,
        forms: &[&'static [ShortOperand]],
    ) -> (String, bool) {
        let text = format!(
            "unit \"f\" code1 fv0 registers 4 extent 4 function\n\
             stub0 = 7 make window collects raises\n\
             stub1 = 8 take window collects writes raises\n\
             fs0 = code1 fv0 at 5 execute + 0 v90 {{r0: v0, r1: v1, r2: v10}}\n\
             block0(v0: tagged r0, v1: tagged r1):\n  v90 = function\n  v91 = const_int 1\n  v92 = const_word 0x2\n  v93 = tag_int v91\n  v10 = stub make[{operands}]\n  v11 = ok v10\n  \
             branch v11, block1, block2\n\
             block1():\n{between}\
             block2():\n  fail\n\
             block3():\n{behind}  return v0\n"
        );
        let mut unit = parse(&text).unwrap_or_else(|e| panic!("{e:?}\n{text}")).canonical();
        assert!(verify(&unit).is_ok(), "{:?}\n{unit}", verify(&unit));
        let before = unit.to_string();
        let form = |(n, operands): (usize, &&'static [_])| Short { operands, number: 10 + n as u32, info: &FEW };
        let short = forms.iter().enumerate().map(form).collect();
        join_pair(&mut unit, &Numbers { first: 7, made: 12, second: 8, operand: 1, both: 9, info: &BOTH, short });
        assert!(verify(&unit).is_ok(), "{:?}\n{unit}", verify(&unit));
        let after = unit.canonical().to_string();
        let changed = after != before;
        (after, changed)
    }
    const TAKE: &str = "  v20 = stub take[v1, v10]\n  v21 = ok v20\n  branch v21, block3, block2\n";
    fn take(before: &str) -> String {
        format!("{before}{TAKE}")
    }

    #[test]
    fn a_pair_is_tried_at_once() {
        let (unit, changed) = joined(&take(""), "");
        assert!(changed);
        assert!(unit.contains("both["), "{unit}");
        assert!(unit.contains("make[") && unit.contains("take["), "{unit}");
    }
    #[test]
    fn operands_of_a_short_form_do_not_go_through_memory() {
        use ShortOperand::{Given, Is, Same};
        const NONE: ShortOperand = Is(Value::NONE);
        const ONE: ShortOperand = Is(Value::int(1));
        let short = |operands, forms: &[_]| joined_in_short(&take(""), "", operands, forms).0;
        // All of them are v1 and what the first is given.
        let unit = short("v0, v1, v92, v93", &[&[Given, Given, Given, ONE, NONE], &[Given, Given, Given, NONE, ONE]]);
        assert!(unit.contains("= 11 few fixed") && !unit.contains("both["), "{unit}");
        let unit = short("v0, v1, v92", &[&[Given, Given, Same(1), Given], &[Given, Given, Same(0), Given]]);
        assert!(unit.contains("= 11 few fixed") && !unit.contains("both["), "{unit}");
        let not: [&'static [_]; 3] = [&[Given, Given, Given], &[NONE, Given, Given, Given], &[Given; 4]];
        assert!(short("v0, v1, v92", &not).contains("both["));
    }
    #[test]
    fn tests_between_are_made_before() {
        let between = "  v30 = is_int v1\n  state fs0\n  guard v30, true, speculation, fs0\n  v31 = untag_int v1\n  \
                       v32 = int_arith add, v31, v91\n  v33 = overflow add, v31, v91, v32\n  guard v33, false, rare, fs0\n  \
                       v34 = tag_int v32\n  v20 = stub take[v34, v10]\n  v21 = ok v20\n  branch v21, block3, block2\n";
        let (unit, changed) = joined(between, "");
        assert!(changed, "{unit}");
        assert_eq!(unit.matches("guard").count(), 2, "{unit}");
        assert_eq!(unit.matches("overflow").count(), 2, "{unit}");
        // The test moves, and what rests on it is computed twice.
        assert_eq!(unit.matches("is_int").count(), 1, "{unit}");
    }
    #[test]
    fn what_is_used_behind_stays() {
        let between =
            take("  v30 = is_int v1\n  state fs0\n  guard v30, true, speculation, fs0\n  v31 = untag_int v1\n");
        assert!(joined(&between, "").1);
        assert!(!joined(&between, "  v40 = tag_int v31\n").1, "it is computed only between the two");
        assert!(!joined(&take(""), "  v40 = is_object v10\n").1, "the part is used again");
        let pure = take("  v30 = is_int v1\n");
        assert!(joined(&pure, "  state fs0\n").0.contains("take["), "a frame state mentions the part");
        assert!(!joined(&pure, "  state fs0\n").1);
        assert!(joined(&pure, "  v40 = not v30\n").1, "what is pure moves");
    }
    #[test]
    fn effects_between_keep_them_apart() {
        assert!(!joined(&take("  raise v1\n"), "").1);
        assert!(!joined(&take("  v30 = stub make[v1, v1]\n"), "").1);
        let other = "  v20 = stub take[v10, v10]\n  v21 = ok v20\n  branch v21, block3, block2\n";
        assert!(!joined(other, "").1, "it is taken twice");
        let computed = "  v30 = is_object v10\n  v31 = tag_bool v30\n  v20 = stub take[v31, v10]\n  v21 = ok v20\n  branch v21, block3, block2\n";
        assert!(!joined(computed, "").1, "an operand is computed from the part");
    }
    #[test]
    fn what_the_first_makes_is_known() {
        let test = "  v30 = is_object v10\n  branch v30, block4, block2\n\
                    block4():\n  v31 = untag_ptr v10\n  v32 = shape v31\n  v33 = const_int SHAPE\n  v34 = int_cmp eq, v32, v33\n  \
                    state fs0\n  guard v34, true, speculation, fs0\n";
        let (unit, changed) = joined(&take(&test.replace("SHAPE", "12")), "");
        assert!(changed);
        assert_eq!(unit.matches("is_object").count(), 1, "{unit}");
        assert!(!joined(&take(&test.replace("SHAPE", "13")), "").1, "another shape");
    }
    #[test]
    fn a_way_leads_through_joins() {
        let between = "  v30 = is_int v1\n  branch v30, block4, block5\n\
                       block4():\n  jump block6(v0)\n\
                       block5():\n  v31 = is_word v1, 0x2\n  branch v31, block7, block2\n\
                       block7():\n  jump block6(v1)\n\
                       block6(v40: tagged):\n  v20 = stub take[v40, v10]\n  v21 = ok v20\n  branch v21, block3, block2\n";
        let (unit, changed) = joined(between, "");
        assert!(changed, "{unit}");
        assert!(!joined(between, "  v50 = is_object v40\n").1);
    }
}
