//! What a Lox program has besides its heap: symbols, shapes of instances, the names of globals, the output.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::Write;
use std::time::Instant;

use vm_engine::{CodeIndex, Thread};
use vm_heap::{Global, Layout, Object, OutOfMemory, ShapeIndex, Value};

use crate::object::{GLOBAL, GLOBAL_NAME, INSTANCE_WORDS, new_string};

/// The number of a property's name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Symbol(pub u32);

impl Symbol {
    /// As code holds it.
    pub fn value(self) -> Value {
        Value::int(i64::from(self.0))
    }
    /// From what code holds.
    pub fn of(v: Value) -> Symbol {
        Symbol(v.as_int() as u32)
    }
}

/// How many calls of a stack trace are kept.
const MAX_TRACE: usize = 64;

/// The state of one program.
pub struct State {
    symbols: RefCell<Symbols>,
    shapes: RefCell<HashMap<ShapeIndex, InstanceShape>>,
    globals: RefCell<HashMap<Box<str>, Global>>,
    /// The calls that a runtime error left, innermost first, and how many more there were.
    pub(crate) trace: RefCell<(Vec<(CodeIndex, u32)>, usize)>,
    /// Where `print` writes.
    pub(crate) output: RefCell<Box<dyn Write>>,
    /// What `clock` counts from.
    pub(crate) started: Instant,
}

#[derive(Default)]
struct Symbols {
    numbers: HashMap<Box<str>, Symbol>,
    names: Vec<Box<str>>,
}

/// What the shape of an instance means: a hidden class. Shapes form a tree below each class's first one.
#[derive(Default)]
struct InstanceShape {
    /// The fields, in the order they were added.
    fields: Vec<Symbol>,
    /// The shape with one more field.
    next: HashMap<Symbol, ShapeIndex>,
}

impl State {
    /// The state of a program that prints to `output`.
    pub fn new(output: Box<dyn Write>) -> Self {
        State {
            symbols: RefCell::default(),
            shapes: RefCell::default(),
            globals: RefCell::default(),
            trace: RefCell::default(),
            output: RefCell::new(output),
            started: Instant::now(),
        }
    }

    /// The symbol for `name`.
    pub fn symbol(&self, name: &str) -> Symbol {
        let symbols = &mut *self.symbols.borrow_mut();
        if let Some(&symbol) = symbols.numbers.get(name) {
            return symbol;
        }
        let symbol = Symbol(symbols.names.len() as u32);
        symbols.names.push(name.into());
        symbols.numbers.insert(name.into(), symbol);
        symbol
    }

    /// A symbol's name.
    pub fn name(&self, symbol: Symbol) -> String {
        self.symbols.borrow().names[symbol.0 as usize].to_string()
    }

    /// The global called `name`, made undefined if there is none yet. May collect.
    pub fn global(&self, thread: &Thread, name: &str) -> Result<Object, OutOfMemory> {
        let heap = thread.heap();
        if let Some(&global) = self.globals.borrow().get(name) {
            return Ok(Object::of(heap.get_global(global)));
        }
        let text = new_string(heap, &[name.as_bytes()])?;
        let global = heap.alloc(GLOBAL, 3)?;
        global.init(GLOBAL_NAME as usize / 8, text.value());
        self.globals.borrow_mut().insert(name.into(), heap.global(global.value()));
        Ok(global)
    }

    /// A shape for instances of a new class, without fields; `None` if there are too many shapes.
    pub fn new_shape(&self, thread: &Thread) -> Option<ShapeIndex> {
        self.register(thread, InstanceShape::default())
    }

    fn register(&self, thread: &Thread, shape: InstanceShape) -> Option<ShapeIndex> {
        let index = thread.heap().register_shape(Layout::Values { words: INSTANCE_WORDS })?;
        self.shapes.borrow_mut().insert(index, shape);
        Some(index)
    }

    /// Which field of `shape` is called `name`.
    pub fn field_index(&self, shape: ShapeIndex, name: Symbol) -> Option<u32> {
        let shapes = self.shapes.borrow();
        shapes[&shape].fields.iter().position(|&field| field == name).map(|index| index as u32)
    }

    /// The shape that `shape` becomes when a field called `name` is added, and the index of the field; `None` if there
    /// are too many shapes.
    pub fn with_field(&self, thread: &Thread, shape: ShapeIndex, name: Symbol) -> Option<(ShapeIndex, u32)> {
        let (known, mut fields) = {
            let shapes = self.shapes.borrow();
            (shapes[&shape].next.get(&name).copied(), shapes[&shape].fields.clone())
        };
        let index = fields.len() as u32;
        if let Some(next) = known {
            return Some((next, index));
        }
        fields.push(name);
        let next = self.register(thread, InstanceShape { fields, next: HashMap::new() })?;
        self.shapes.borrow_mut().entry(shape).or_default().next.insert(name, next);
        Some((next, index))
    }

    /// Adds a call to the stack trace.
    pub fn add_trace(&self, code: CodeIndex, at: u32) {
        let (calls, more) = &mut *self.trace.borrow_mut();
        if calls.len() < MAX_TRACE { calls.push((code, at)) } else { *more += 1 }
    }
}
