//! The interpreter of heap programs.

use super::compare::raw_word;
use super::graph::{Fixed, Graph, Id, Kind, Val};
use crate::Create;
use crate::mock::{BITMAP_WORDS, LEAF_WORDS, MockVm, NODE_WORDS, WEAK_WORDS, checked};
use vm_heap::{CollectKind, Global, HeapOptions, Object, OutOfMemory, Trigger, Value};

/// Slots of the shadow stack that programs use.
const SLOTS: usize = 10;
/// Globals and weak root slots.
const NAMED: usize = 3;
/// Compared at least this often.
const SYNC_EVERY: usize = 8;

/// Runs `data` as a heap program on each collector. Panics where heap and model disagree.
pub fn heap_ops(collectors: &[Create], data: &[u8]) {
    for create in collectors {
        heap_ops_with(*create, data);
    }
}

/// Runs `data` as a heap program on one collector.
pub fn heap_ops_with(create: Create, data: &[u8]) {
    let mut bytes = Bytes { data, at: 0 };
    let flags = bytes.next();
    let options = HeapOptions {
        nursery: Some(32 << (10 + (flags & 3))),
        conservative_all: flags & 12 == 12,
        promotion_age: [None, Some(1), Some(2), None][usize::from(flags >> 5 & 3)],
        // Of the old generation either nothing moves or nearly everything.
        compaction: if flags & 128 == 0 { 0 } else { 100 },
        verify_pre: flags & 16 != 0,
        ..checked(48 << 20)
    };
    let mut machine = Machine::new(create, options, flags & 12 == 12);
    let mut since = 0;
    while !bytes.done() {
        let synced = machine.op(&mut bytes);
        since = if synced { 0 } else { since + 1 };
        if since == SYNC_EVERY {
            machine.settle(false, &mut bytes);
            since = 0;
        }
    }
    machine.settle(false, &mut bytes);
    machine.collect_fully(&mut bytes);
    machine.vm.heap.verify().unwrap_or_else(|e| panic!("at the end: {e}"));
}

/// The program, byte by byte; zeros after its end.
struct Bytes<'a> {
    data: &'a [u8],
    at: usize,
}

impl Bytes<'_> {
    fn done(&self) -> bool {
        self.at >= self.data.len()
    }
    fn next(&mut self) -> u8 {
        self.at += 1;
        self.data.get(self.at - 1).copied().unwrap_or(0)
    }
    fn below(&mut self, n: usize) -> usize {
        self.next() as usize % n.max(1)
    }
    /// A number below 65,536.
    fn wide(&mut self) -> usize {
        self.next() as usize | (self.next() as usize) << 8
    }
}

/// A heap and its model.
pub(super) struct Machine {
    pub(super) vm: MockVm,
    pub(super) graph: Graph,
    pub(super) globals: Vec<Global>,
    conservative: bool,
}

impl Machine {
    fn new(create: Create, options: HeapOptions, conservative: bool) -> Machine {
        let vm = MockVm::new(create, options);
        let mut graph = Graph::default();
        for _ in 0..SLOTS {
            vm.push(Value::NONE);
            graph.slots.push(Val::None);
        }
        let globals = (0..NAMED).map(|_| vm.heap.global(Value::NONE)).collect();
        for _ in 0..NAMED {
            vm.push_weak(Value::EMPTY);
            graph.weak_roots.push(Val::Empty);
            graph.globals.push(Val::None);
        }
        Machine { vm, graph, globals, conservative }
    }

    fn pick(&self, bytes: &mut Bytes<'_>) -> (usize, Val) {
        let slot = bytes.below(SLOTS);
        (slot, self.graph.slots[slot])
    }
    /// A slot with an object in it.
    fn pick_object(&self, bytes: &mut Bytes<'_>) -> Option<(usize, Id)> {
        match self.pick(bytes) {
            (slot, Val::Ref(id)) => Some((slot, id)),
            _ => None,
        }
    }
    fn set_slot(&mut self, slot: usize, real: Value, model: Val) {
        self.vm.set(slot, real);
        self.graph.slots[slot] = model;
    }

    /// Compares; a byte of the program decides whether a queued object is brought back.
    fn settle(&mut self, exact: bool, bytes: &mut Bytes<'_>) {
        let queued = self.sync(exact);
        let choice = bytes.below(queued.len() + 1);
        if let Some(id) = queued.get(choice).copied() {
            let back = self.vm.get(self.vm.depth() - queued.len() + choice);
            self.set_slot(choice % SLOTS, back, Val::Ref(id));
        }
        self.vm.truncate(SLOTS);
    }
    fn collect_fully(&mut self, bytes: &mut Bytes<'_>) {
        self.settle(false, bytes);
        self.vm.heap.collect(CollectKind::Full, Trigger::Explicit);
        // What ambiguous words keep beyond their objects is not the model's business; interior words keep no more.
        self.settle(true, bytes);
    }

    /// One operation. True if the heap was compared at its end.
    fn op(&mut self, bytes: &mut Bytes<'_>) -> bool {
        match bytes.below(28) {
            0..=5 => self.allocate(bytes),
            6..=8 => self.store(bytes),
            9 => self.load(bytes),
            10 => return self.load_weak(bytes),
            11 => {
                self.store_weak(bytes);
                return true;
            }
            12 | 13 => {
                let slot = bytes.below(SLOTS);
                self.set_slot(slot, Value::NONE, Val::None);
            }
            14 => {
                let ((_, v), (to, _)) = (self.pick(bytes), self.pick(bytes));
                let from = self.graph.slots.iter().position(|m| *m == v).unwrap_or(to);
                self.set_slot(to, self.vm.get(from), v);
            }
            15 => {
                let trigger = if bytes.next() & 1 == 0 { Trigger::Explicit } else { Trigger::Stress };
                self.vm.heap.collect(CollectKind::Minor, trigger);
            }
            16 => {
                self.collect_fully(bytes);
                return true;
            }
            17 => self.make_finalizable(bytes),
            18 => self.identity(bytes),
            19 => self.pin(bytes),
            20 => self.native_words(bytes),
            21 => self.move_elements(bytes),
            22 => self.vm.garbage((bytes.below(8) + 1) << 12),
            23 => self.vm.poll(),
            24 => {
                let (slot, v) = self.pick(bytes);
                let (weak, real) = (bytes.below(NAMED), self.vm.get(slot));
                let (real, v) = if matches!(v, Val::Ref(_)) { (real, v) } else { (Value::EMPTY, Val::Empty) };
                self.vm.set_weak(weak, real);
                self.graph.weak_roots[weak] = v;
            }
            25 => {
                let (slot, v) = self.pick(bytes);
                let g = bytes.below(NAMED);
                self.vm.heap.set_global(self.globals[g], self.vm.get(slot));
                self.graph.globals[g] = v;
            }
            26 => self.find(bytes),
            _ => self.vm.heap.verify().unwrap_or_else(|e| panic!("{e}")),
        }
        false
    }

    fn allocate(&mut self, bytes: &mut Bytes<'_>) {
        let to = bytes.below(SLOTS);
        let id = self.graph.nodes.len();
        let shapes = self.vm.shapes;
        let heap = &self.vm.heap;
        let (kind, result) = match bytes.below(12) {
            0..=3 => (Kind::Node, heap.alloc(shapes.node, NODE_WORDS)),
            4 => (Kind::Bitmap, heap.alloc(shapes.bitmap, BITMAP_WORDS)),
            5 | 6 => (Kind::Array, heap.alloc_array(shapes.array, 1 + bytes.below(30))),
            7 => {
                let n = if bytes.next() < 220 { 1 + bytes.below(200) } else { 1 + bytes.wide() % 3000 };
                (Kind::Array, heap.alloc_array(shapes.array, n))
            }
            8 => (Kind::Weak, heap.alloc(shapes.weak, WEAK_WORDS)),
            9 => {
                let n = if bytes.next() < 230 { 1 + bytes.below(20) } else { 1 + bytes.wide() % 2500 };
                (Kind::WeakArray, heap.alloc_array(shapes.weak_array, n))
            }
            10 => (Kind::Leaf, heap.alloc(shapes.leaf, LEAF_WORDS)),
            _ => {
                let n = if bytes.next() < 220 { 8 + bytes.below(100) } else { 8 + bytes.wide() % 24_000 };
                (Kind::Bytes(n), heap.alloc_array(shapes.bytes, n))
            }
        };
        let o = match result {
            Ok(o) => o,
            Err(OutOfMemory) => {
                assert!(!self.vm.heap.descriptor().collects, "programs are too small to fill the heap");
                return;
            }
        };
        let number = Value::int(id as i64);
        let (mut strong, mut weak) = (Vec::new(), Vec::new());
        match kind {
            Kind::Node => {
                o.init(3, number);
                strong = vec![Val::Empty; 2];
            }
            Kind::Bitmap => {
                o.init(5, number);
                o.set_word(2, raw_word(id));
                o.set_word(4, !raw_word(id));
                strong = vec![Val::Empty; 2];
            }
            Kind::Array => {
                o.init(2, number);
                strong = vec![Val::Empty; o.length() - 1];
            }
            Kind::Weak => {
                o.init(3, number);
                strong = vec![Val::Empty];
                weak = vec![Val::Empty];
            }
            Kind::WeakArray => {
                o.init(2, number);
                weak = vec![Val::Empty; o.length() - 1];
            }
            Kind::Leaf => {
                o.set_word(1, id as u64);
                o.set_word(2, raw_word(id));
            }
            Kind::Bytes(n) => {
                o.set_word(2, id as u64);
                for i in 8..n {
                    // SAFETY: byte i of n.
                    unsafe { o.bytes_address().add(i).write(id as u8) };
                }
            }
        }
        assert_eq!(self.graph.add(kind, strong, weak), id);
        // A fresh object is filled without barriers: nothing has been polled since.
        for i in 0..self.graph.nodes[id].strong.len().min(3) {
            let (slot, v) = self.pick(bytes);
            o.init(self.graph.nodes[id].strong_word(i), self.vm.get(slot));
            self.graph.nodes[id].strong[i] = v;
        }
        self.set_slot(to, o.value(), Val::Ref(id));
    }

    /// Stores with the barrier that the layout wants.
    fn store_word(&self, id: Id, o: Object, word: usize, v: Value) {
        match self.graph.nodes[id].kind {
            Kind::Array | Kind::WeakArray => self.vm.heap.store_element(o, word - 2, v),
            _ => self.vm.heap.store(o, word, v),
        }
    }

    fn store(&mut self, bytes: &mut Bytes<'_>) {
        let Some((slot, id)) = self.pick_object(bytes) else { return };
        let n = self.graph.nodes[id].strong.len();
        if n == 0 {
            return;
        }
        let i = bytes.wide() % n;
        let (real, v) = match bytes.below(8) {
            0 => (Value::EMPTY, Val::Empty),
            1 => (Value::int(i as i64), Val::Int(i as i64)),
            _ => {
                let (slot, v) = self.pick(bytes);
                (self.vm.get(slot), v)
            }
        };
        self.store_word(id, self.vm.object(slot), self.graph.nodes[id].strong_word(i), real);
        self.graph.nodes[id].strong[i] = v;
    }

    fn load(&mut self, bytes: &mut Bytes<'_>) {
        let Some((slot, id)) = self.pick_object(bytes) else { return };
        let node = &self.graph.nodes[id];
        if node.strong.is_empty() {
            return;
        }
        let i = bytes.wide() % node.strong.len();
        let (real, v) = (self.vm.object(slot).get(node.strong_word(i)), node.strong[i]);
        let to = bytes.below(SLOTS);
        self.set_slot(to, real, v);
    }

    fn store_weak(&mut self, bytes: &mut Bytes<'_>) {
        // The callback of a target that died is the model's only while the slot shows it.
        self.settle(false, bytes);
        let Some((slot, id)) = self.pick_object(bytes) else { return };
        let n = self.graph.nodes[id].weak.len();
        if n == 0 {
            return;
        }
        let i = bytes.wide() % n;
        let (from, v) = self.pick(bytes);
        let (real, v) = if matches!(v, Val::Ref(_)) { (self.vm.get(from), v) } else { (Value::EMPTY, Val::Empty) };
        self.store_word(id, self.vm.object(slot), self.graph.nodes[id].weak_word(i), real);
        self.graph.nodes[id].weak[i] = v;
    }

    /// Reading a weak slot makes a strong reference of it, if the target is still there.
    fn load_weak(&mut self, bytes: &mut Bytes<'_>) -> bool {
        self.settle(false, bytes);
        let Some((slot, id)) = self.pick_object(bytes) else { return true };
        let node = &self.graph.nodes[id];
        if !node.weak.is_empty() {
            let i = bytes.wide() % node.weak.len();
            let (real, v) = (self.vm.object(slot).get(node.weak_word(i)), node.weak[i]);
            if let Some(target) = Object::from_value(real) {
                self.vm.heap.weak_read(target);
                let to = bytes.below(SLOTS);
                self.set_slot(to, real, v);
            }
        }
        true
    }

    fn make_finalizable(&mut self, bytes: &mut Bytes<'_>) {
        // Registration order is the model's only for objects that it knows to be waiting or not.
        self.settle(false, bytes);
        let Some((slot, id)) = self.pick_object(bytes) else { return };
        self.vm.heap.make_finalizable(self.vm.object(slot));
        if self.graph.nodes[id].finalizable.is_none() {
            self.graph.registrations += 1;
            self.graph.nodes[id].finalizable = Some(self.graph.registrations);
        }
    }

    fn identity(&mut self, bytes: &mut Bytes<'_>) {
        let Some((slot, id)) = self.pick_object(bytes) else { return };
        let identity = self.vm.heap.identity(self.vm.object(slot));
        let known = self.graph.nodes[id].identity.get_or_insert(identity);
        assert_eq!(*known, identity, "identity of {id}");
        let same = self.graph.nodes.iter().filter(|n| n.identity == Some(identity)).count();
        assert_eq!(same, 1, "two objects have the identity {identity:#x}");
    }

    fn pin(&mut self, bytes: &mut Bytes<'_>) {
        if bytes.next() & 1 == 0
            && let Some((slot, id)) = self.pick_object(bytes)
        {
            self.vm.heap.pin(self.vm.object(slot));
            self.graph.pins.push(Fixed { id, address: self.vm.get(slot).bits() });
        } else if !self.graph.pins.is_empty() {
            let i = bytes.below(self.graph.pins.len());
            let fixed = self.graph.pins.swap_remove(i);
            assert!(self.vm.heap.unpin(Object::of(Value::from_bits(fixed.address))), "the pin was lost");
        }
    }

    fn native_words(&mut self, bytes: &mut Bytes<'_>) {
        self.graph.natives.clear();
        let mut words = vec![0x1234, u64::MAX];
        for _ in 0..bytes.below(5) {
            let Some((slot, id)) = self.pick_object(bytes) else { continue };
            let o = self.vm.object(slot);
            let size = 8 * o.size_words(self.vm.heap.layouts());
            // Strictly inside: both ends could belong to a neighbour as well, of which the model knows nothing.
            words.push(o.address() + 1 + (bytes.wide() % (size - 1)) as u64);
            self.graph.natives.push(Fixed { id, address: o.address() });
        }
        self.vm.set_native(&words);
    }

    fn move_elements(&mut self, bytes: &mut Bytes<'_>) {
        let (Some((a, from_id)), Some((b, to_id))) = (self.pick_object(bytes), self.pick_object(bytes)) else { return };
        let (nodes, vm) = (&mut self.graph.nodes, &self.vm);
        if nodes[from_id].kind != Kind::Array || nodes[to_id].kind != Kind::Array {
            return;
        }
        let (n, m) = (nodes[from_id].strong.len(), nodes[to_id].strong.len());
        let from = bytes.wide() % (n + 1);
        let to = bytes.wide() % (m + 1);
        let count = bytes.wide() % ((n - from).min(m - to) + 1);
        let (from_array, to_array) = (vm.object(a), vm.object(b));
        // The first element of an array is none of its slots.
        if from_id != to_id {
            let mut moved = nodes[from_id].strong[from..from + count].to_vec();
            if count > 0 && bytes.below(3) == 0 {
                moved.reverse();
                vm.heap.copy_reversed(from_array, from + count, to_array, 1 + to, count);
            } else {
                vm.heap.copy_elements(from_array, 1 + from, to_array, 1 + to, count);
            }
            nodes[to_id].strong[to..to + count].copy_from_slice(&moved);
            return;
        }
        let slots = &mut nodes[to_id].strong;
        match bytes.below(5) {
            0 => {
                vm.heap.reverse_elements(to_array, 1 + to, 1 + to + count);
                slots[to..to + count].reverse();
            }
            1 if to < n => {
                let real = to_array.element(1 + to);
                assert_eq!(vm.heap.remove_element(to_array, 1 + to, 1 + n), real);
                slots.remove(to);
                slots.push(Val::Empty);
            }
            // What was last is overwritten.
            2 if to < n && from < n => {
                vm.heap.insert_element(to_array, 1 + to, n, to_array.element(1 + from));
                let v = slots[from];
                slots.pop();
                slots.insert(to, v);
            }
            _ => {
                vm.heap.move_elements(to_array, 1 + from, 1 + to, count);
                slots.copy_within(from..from + count, to);
            }
        }
    }

    fn find(&self, bytes: &mut Bytes<'_>) {
        let Some((slot, _)) = self.pick_object(bytes) else { return };
        let o = self.vm.object(slot);
        let inside = bytes.wide() % (8 * o.size_words(self.vm.heap.layouts()));
        assert_eq!(
            self.vm.heap.find_object(o.address() + inside as u64),
            Some(o),
            "conservative: {}",
            self.conservative
        );
    }
}
