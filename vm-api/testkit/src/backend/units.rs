//! Random units that allocate, link and read objects, with collections everywhere.
//!
//! Each is a loop over a few iterations. Its variables are nodes and arrays of nodes (never anything else, so that no load can
//! fail) and a checksum. Every field of a node holds a node but the last, which holds a number. What a unit computes does not
//! depend on when collections happen or where objects are, so every heap must agree with the sandbox.

use vm_heap::ShapeIndex;
use vm_vir::filetest::Setup;
use vm_vir::{
    BlockId, CodeRef, Cond, FrameState, Inst, IntOp, List, Reason, Ref, Resume, StateId, StubCall, StubId,
    StubOperands, Terminator, Type, Unit, UnitKind, VectorRef,
};

/// [`crate::mock::Shapes::node`], since the mock registers its shapes in a fixed order.
const NODE: ShapeIndex = ShapeIndex(2);
/// [`crate::mock::Shapes::array`].
const ARRAY: ShapeIndex = ShapeIndex(5);
const ELEMENTS: i64 = 3;
const VARIABLES: usize = 4;

/// The unit that these bytes describe.
pub fn object_unit(data: &[u8]) -> Unit {
    let mut unit = Unit::new("objects", UnitKind::Function, CodeRef(0), 16);
    unit.feedback = VectorRef(0);
    let entry = unit.add_block();
    let stubs = ["collect", "sum", "first"];
    let stubs: Vec<StubId> = (0..).zip(stubs).map(|(i, n)| unit.use_stub(i, n == "first", n, effects(n))).collect();
    let iterations = unit.add_entry(0);
    let mut g = Generator { unit, block: entry, data: data.iter(), stubs, function: iterations, variables: Vec::new() };
    g.function = g.push(Inst::Function());
    let first = g.first_node();
    let second = g.node(first, first);
    let nodes = [first, second];
    let array = g.array(&nodes);
    let checksum = g.tagged(7);
    let count = g.push(Inst::UntagInt(iterations));
    let zero = g.push(Inst::ConstInt(0));
    // The loop's head: how often, a checksum, an array, nodes.
    let (head, body, exit) = (g.unit.add_block(), g.unit.add_block(), g.unit.add_block());
    let counter = g.unit.add_param(head, Type::I64);
    let sum = g.unit.add_param(head, Type::Tagged);
    let shelf = g.unit.add_param(head, Type::Tagged);
    let params: Vec<Ref> = (0..VARIABLES).map(|_| g.unit.add_param(head, Type::Tagged)).collect();
    let mut start = vec![count, checksum, array];
    start.extend((0..VARIABLES).map(|i| nodes[i % 2]));
    g.jump(head, &start);
    g.block = head;
    let more = g.push(Inst::IntCmp(Cond::Gt, counter, zero));
    g.end(Terminator::Branch(more, body, exit));
    g.block = exit;
    g.end(Terminator::Return(sum));
    g.block = body;
    g.variables = params;
    let mut vars = Variables { sum, shelf };
    for _ in 0..4 + g.below(12) {
        g.operation(&mut vars);
    }
    let one = g.push(Inst::ConstInt(1));
    let left = g.push(Inst::IntOp(IntOp::Sub, counter, one));
    let mut next = vec![left, vars.sum, vars.shelf];
    // Only the last few variables go round.
    next.extend(g.variables.iter().rev().take(VARIABLES));
    g.jump(head, &next);
    g.unit
}

/// How [`object_unit`] is run.
pub fn run_setup(data: &[u8], deopt_every: Option<u64>) -> Setup {
    let iterations = 1 + i64::from(data.len() as u32 % 5);
    Setup {
        arguments: Box::new([vm_heap::Value::int(iterations).bits()]),
        cells: Box::new([]),
        roots: Box::new([]),
        registers: Box::new([]),
        deopt_every,
        fuel: 100_000,
    }
}

fn effects(name: &str) -> vm_vir::Effects {
    let collects = name != "sum";
    vm_vir::Effects { collects, runs_language: false, writes: false, raises: false }
}

/// What changes in the loop besides the nodes.
struct Variables {
    sum: Ref,
    shelf: Ref,
}

struct Generator<'d> {
    unit: Unit,
    block: BlockId,
    data: std::slice::Iter<'d, u8>,
    stubs: Vec<StubId>,
    function: Ref,
    variables: Vec<Ref>,
}

impl Generator<'_> {
    fn below(&mut self, n: usize) -> usize {
        usize::from(self.data.next().copied().unwrap_or(0)) % n
    }
    fn some(&mut self) -> Ref {
        let i = self.below(self.variables.len());
        self.variables[i]
    }
    fn push(&mut self, inst: Inst) -> Ref {
        self.unit.push(self.block, inst)
    }
    fn end(&mut self, terminator: Terminator) {
        self.unit.terminate(self.block, terminator);
    }
    fn jump(&mut self, target: BlockId, arguments: &[Ref]) {
        let list = self.unit.list(arguments);
        self.end(Terminator::Jump(target, list));
    }
    fn tagged(&mut self, n: i64) -> Ref {
        let n = self.push(Inst::ConstInt(n));
        self.push(Inst::TagInt(n))
    }
    /// A node that points to itself.
    fn first_node(&mut self) -> Ref {
        let p = self.push(Inst::Alloc(NODE, 4));
        let v = self.push(Inst::TagPtr(p));
        let n = self.tagged(1);
        self.push(Inst::Init(p, 8, v));
        self.push(Inst::Init(p, 16, v));
        self.push(Inst::Init(p, 24, n));
        v
    }
    fn node(&mut self, a: Ref, b: Ref) -> Ref {
        let number = self.below(100) as i64;
        let p = self.push(Inst::Alloc(NODE, 4));
        let n = self.tagged(number);
        self.push(Inst::Init(p, 8, a));
        self.push(Inst::Init(p, 16, b));
        self.push(Inst::Init(p, 24, n));
        self.push(Inst::TagPtr(p))
    }
    fn array(&mut self, elements: &[Ref]) -> Ref {
        let p = self.push(Inst::Alloc(ARRAY, 2 + ELEMENTS as u32));
        let length = self.push(Inst::ConstInt(ELEMENTS));
        self.push(Inst::InitWord(p, 8, length));
        for i in 0..ELEMENTS as usize {
            self.push(Inst::Init(p, 16 + 8 * i as u32, elements[i % elements.len()]));
        }
        self.push(Inst::TagPtr(p))
    }
    fn load(&mut self, v: Ref, at: u32) -> Ref {
        let p = self.push(Inst::UntagPtr(v));
        self.push(Inst::Load(p, at))
    }
    fn fixed(&mut self, stub: usize, operands: [Ref; 3], immediate: i32) -> Ref {
        self.call(stub, StubOperands::Fixed(operands), immediate)
    }
    fn call(&mut self, stub: usize, operands: StubOperands, immediate: i32) -> Ref {
        let feedback = vm_vir::FeedbackRef::NONE;
        let call = StubCall { stub: self.stubs[stub], operands, immediate, feedback, state: None };
        let call = self.unit.add_stub_call(call);
        self.push(Inst::Stub(call))
    }
    /// A frame state that mentions some variables, declared here.
    fn state(&mut self, vars: &Variables) -> StateId {
        let mut registers = vec![(0, vars.sum), (1, vars.shelf)];
        for r in 2..2 + self.below(4) as u16 {
            registers.push((r, self.some()));
        }
        let state = FrameState {
            caller: None,
            code: CodeRef(0),
            feedback: VectorRef(0),
            position: self.below(50) as u32,
            resume: Resume::Execute,
            offset: 0,
            function: self.function,
            registers: List::EMPTY,
        };
        let state = self.unit.add_state(state, &registers);
        self.push(Inst::State(state));
        state
    }
    /// The number of a node, raw.
    fn number(&mut self, v: Ref) -> Ref {
        let n = self.load(v, 24);
        self.push(Inst::UntagInt(n))
    }

    fn operation(&mut self, vars: &mut Variables) {
        let (a, b) = (self.some(), self.some());
        match self.below(12) {
            0 | 1 => {
                let v = self.node(a, b);
                self.variables.push(v);
            }
            2 => {
                let at = 8 + 8 * self.below(2) as u32;
                let v = self.load(a, at);
                self.variables.push(v);
            }
            3 => {
                let at = 8 + 8 * self.below(2) as u32;
                let p = self.push(Inst::UntagPtr(a));
                self.push(Inst::Store(p, at, b));
            }
            4 => {
                let (x, y) = (self.load(a, 24), self.load(b, 24));
                vars.sum = self.fixed(1, [vars.sum, x, y], 3);
            }
            5 => {
                let n = self.tagged(5);
                let p = self.push(Inst::UntagPtr(a));
                let at = self.push(Inst::ConstInt(24));
                self.push(Inst::StoreAt(p, at, n));
            }
            6 => {
                let minor = self.below(2) as i32;
                let v = self.fixed(0, [a, b, vars.sum], minor);
                self.variables.push(v);
            }
            7 => {
                let list = self.unit.list(&[a, b, a, vars.sum]);
                let v = self.call(2, StubOperands::Window(list), 0);
                self.variables.push(v);
            }
            8 => {
                let i = self.below(ELEMENTS as usize) as i64;
                let i = self.push(Inst::ConstInt(i));
                let p = self.push(Inst::UntagPtr(vars.shelf));
                let v = self.push(Inst::LoadElement(p, i));
                self.push(Inst::StoreElement(p, i, a));
                self.variables.push(v);
            }
            9 => vars.shelf = self.array(&[a, b]),
            10 => {
                let (yes, no, join) = (self.unit.add_block(), self.unit.add_block(), self.unit.add_block());
                let (x, y) = (self.number(a), self.number(b));
                let c = self.push(Inst::IntCmp(Cond::Lt, x, y));
                self.end(Terminator::Branch(c, yes, no));
                self.block = yes;
                self.jump(join, &[a]);
                self.block = no;
                let fresh = self.node(b, a);
                self.jump(join, &[fresh]);
                self.block = join;
                let v = self.unit.add_param(join, Type::Tagged);
                self.variables.push(v);
            }
            _ => {
                let state = self.state(vars);
                if self.below(3) == 0 {
                    self.push(Inst::Poll(state));
                    return;
                }
                if self.below(4) == 0 {
                    self.push(Inst::Count(state));
                    return;
                }
                let x = self.number(a);
                let limit = self.push(Inst::ConstInt(90));
                let c = self.push(Inst::IntCmp(Cond::Lt, x, limit));
                if self.below(2) == 0 {
                    self.fixed(0, [b, b, b], 0);
                }
                self.push(Inst::Guard(c, true, Reason::Speculation, state));
            }
        }
    }
}
