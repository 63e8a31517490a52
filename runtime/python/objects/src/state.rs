//! What an interpreter has besides its heap: shapes, symbols' index, native functions, settings. No values in here.

use crate::kind::{BUILTINS, Kind};
use crate::native::Native;
use crate::py::{Py, R};
use crate::settings::Settings;
use crate::symbol::Symbol;
use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell, UnsafeCell};
use std::rc::Rc;
use vm_api::heap::hashing::NumberMap;
use vm_api::heap::{Layout, Object, ShapeIndex};

/// Places for module data that was asked for.
const RECENT: usize = 16;
type RecentData = RefCell<Option<((usize, usize), Rc<dyn Any>)>>;

/// How instances with a shape keep their attributes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attributes {
    /// They have none of their own.
    None,
    /// In slots that the shape names, from the slot word on; those beyond the capacity in an array in the dict word.
    Slots,
    /// In the dictionary in the dict word, made when needed (EMPTY before).
    Dict,
}

/// What is known of a shape.
pub struct ShapeInfo {
    /// How the object lies in memory.
    pub kind: Kind,
    /// Number of the class.
    pub class: u32,
    /// How attributes are kept.
    pub attributes: Attributes,
    /// Word of the dictionary or overflow array; 0: none.
    pub dict_word: u32,
    /// First in-object attribute slot.
    pub first_slot: u32,
    /// In-object attribute slots.
    pub capacity: u16,
    /// `__slots__` of the class and its bases.
    pub members: u32,
    /// Words of an object, for fixed layouts.
    pub words: u32,
    /// Word of the weak-reference list's flag; true if instances can be weakly referenced.
    pub weakrefable: bool,
    /// The attributes' names in order of their slots (for [`Attributes::Slots`]).
    pub names: Vec<Symbol>,
    /// Where each name is, for shapes with many: most have none, so it is one word, which says so, and no unwritten memory.
    pub(crate) index: OnceCell<Box<NumberMap<Symbol, u32>>>,
    /// Shapes with one more attribute.
    pub(crate) next: RefCell<Vec<(Symbol, ShapeIndex)>>,
    /// How many shapes name the attributes of instances laid out as this one, counted for all of them together.
    pub(crate) relatives: Rc<Cell<u32>>,
    /// The shape that keeps the attributes in a dictionary.
    pub(crate) as_dict: Cell<Option<ShapeIndex>>,
    /// The shapes that `__class__` assignment gives instances laid out as this one, by class number: one table for all of them.
    pub(crate) as_class: Rc<RefCell<NumberMap<u32, ShapeIndex>>>,
}

impl ShapeInfo {
    /// Slot number of attribute `name`.
    #[inline]
    pub fn find(&self, name: Symbol) -> Option<u32> {
        if self.names.len() <= 16 {
            return self.names.iter().position(|n| *n == name).map(|i| i as u32);
        }
        let index =
            self.index.get_or_init(|| Box::new(self.names.iter().enumerate().map(|(i, n)| (*n, i as u32)).collect()));
        index.get(&name).copied()
    }
    pub(crate) fn new(kind: Kind, class: u32) -> ShapeInfo {
        ShapeInfo {
            kind,
            class,
            attributes: Attributes::None,
            dict_word: 0,
            first_slot: 0,
            capacity: 0,
            members: 0,
            words: 0,
            weakrefable: false,
            names: Vec::new(),
            index: OnceCell::new(),
            next: RefCell::default(),
            relatives: Rc::default(),
            as_dict: Cell::new(None),
            as_class: Rc::default(),
        }
    }
}

/// The recursion limit at the start, as CPython's.
pub const RECURSION_LIMIT: u32 = 1000;

/// First dictionary version: above every shape index, since inline caches hold either in one place.
pub const FIRST_VERSION: u64 = 1 << 24;

/// Native functions of an interpreter that has started, about.
const USUAL_NATIVES: usize = 1700;

/// The interpreter's state.
pub struct State {
    shapes: UnsafeCell<Vec<Rc<ShapeInfo>>>,
    /// Native functions, by number.
    natives: UnsafeCell<Vec<&'static Native>>,
    native_numbers: RefCell<NumberMap<*const Native, u32>>,
    /// Classes' numbers of extension kinds, and their shapes.
    pub(crate) extensions: RefCell<NumberMap<Kind, (u32, ShapeIndex)>>,
    /// Class attributes that changed so often that they are no longer cached: class number and name.
    pub(crate) volatile: RefCell<NumberMap<(u32, Symbol), u32>>,
    /// Is there a class with [`crate::class::flag::ODD_NAMES`]?
    pub(crate) odd_names: Cell<bool>,
    /// How instances of classes are made.
    pub(crate) makers: crate::makers::Makers,
    /// Number of the next class.
    pub(crate) classes: Cell<u32>,
    /// Number of the next symbol.
    pub(crate) symbols: Cell<u32>,
    /// Entries in use in the table of interned strings.
    pub(crate) interned: Cell<usize>,
    /// Names that were ever looked up in a class, as bits.
    pub(crate) looked_up: RefCell<Vec<u64>>,
    /// Next dictionary version.
    pub(crate) versions: Cell<u64>,
    /// Key of string hashes.
    pub hash_key: python_algorithms::siphash::Key,
    /// What to do when the thread's poll flag is set.
    pub poll: Cell<for<'t> fn(Py<'t>) -> R<()>>,
    /// What tools of `sys.monitoring` want.
    pub monitoring: crate::monitoring::Monitoring,
    /// Was `f_trace_opcodes` of any frame ever set?
    pub traces_opcodes: Cell<bool>,
    /// When the thread's poll flag is set: raises KeyboardInterrupt if SIGINT has come and means just that. Runs no Python code.
    pub interrupt: Cell<for<'t> fn(Py<'t>) -> R<()>>,
    /// Of how many frames `cr_origin` of coroutines tells (`sys.set_coroutine_origin_tracking_depth`).
    pub origin_depth: Cell<usize>,
    /// Did a KeyboardInterrupt that nobody caught end the program?
    pub interrupted: Cell<bool>,
    /// Issues a DeprecationWarning for the line that runs.
    pub deprecated: Cell<for<'t> fn(Py<'t>, &str) -> R<()>>,
    /// Does what is done for a generator of any kind that is given up before its end.
    pub finalize_generator: Cell<for<'t> fn(Py<'t>, Object)>,
    /// `sys.getrecursionlimit()`; depth of Python calls beyond which RecursionError is raised.
    pub recursion_limit: Cell<u32>,
    /// Settings.
    pub settings: Settings,
    /// Foreign payloads of native objects, by handle.
    pub foreign: RefCell<Foreign>,
    /// Data of native modules, by name.
    pub module_data: RefCell<NumberMap<&'static str, Rc<dyn Any>>>,
    /// Some of it, by where the names stand in this program and how long they are: a table that needs no text.
    recent_data: [RecentData; RECENT],
    /// What attributes of classes are made of when they are asked for.
    pub(crate) declared: crate::declared::Declarations,
    /// Names that inline caches looked up, by the number of each class where they did: to change one must flush.
    pub(crate) cached_names: RefCell<NumberMap<u32, Vec<Symbol>>>,
    /// Codes that are not installed yet.
    pub(crate) bodies: crate::code::Bodies,
    /// See [`Py::spare_buffer`].
    pub(crate) spare_buffer: Cell<Vec<u8>>,
    /// `sys.get_int_max_str_digits()`
    pub digits_limit: Cell<usize>,
}

/// Foreign payloads: what native objects own outside the heap. An object holds the handle; its finalizer gives it back.
#[derive(Default)]
pub struct Foreign {
    entries: Vec<Option<Box<dyn Any>>>,
    free: Vec<u32>,
}

impl Foreign {
    /// Keeps a payload; returns its handle.
    pub fn add(&mut self, payload: Box<dyn Any>) -> u32 {
        if let Some(i) = self.free.pop() {
            self.entries[i as usize] = Some(payload);
            return i;
        }
        self.entries.push(Some(payload));
        self.entries.len() as u32 - 1
    }
    /// The payload of a handle.
    pub fn get<T: 'static>(&mut self, handle: u32) -> Option<&mut T> {
        self.entries.get_mut(handle as usize)?.as_mut()?.downcast_mut()
    }
    /// Takes a payload back.
    pub fn remove(&mut self, handle: u32) -> Option<Box<dyn Any>> {
        let payload = self.entries.get_mut(handle as usize)?.take()?;
        self.free.push(handle);
        Some(payload)
    }
}

impl State {
    /// A state without shapes; `create::start` fills it.
    pub fn new(settings: Settings) -> State {
        State {
            shapes: UnsafeCell::new(Vec::new()),
            natives: UnsafeCell::new(Vec::with_capacity(USUAL_NATIVES)),
            native_numbers: RefCell::new(NumberMap::with_capacity_and_hasher(USUAL_NATIVES, Default::default())),
            extensions: RefCell::default(),
            volatile: RefCell::default(),
            makers: Default::default(),
            classes: Cell::new(0),
            symbols: Cell::new(0),
            interned: Cell::new(0),
            looked_up: RefCell::default(),
            versions: Cell::new(FIRST_VERSION),
            hash_key: hash_key(settings.hash_seed),
            monitoring: crate::monitoring::Monitoring::default(),
            traces_opcodes: Cell::new(false),
            poll: Cell::new(|_| Ok(())),
            interrupt: Cell::new(|_| Ok(())),
            origin_depth: Cell::new(0),
            interrupted: Cell::new(false),
            deprecated: Cell::new(|_, _| Ok(())),
            finalize_generator: Cell::new(|_, _| {}),
            recursion_limit: Cell::new(RECURSION_LIMIT),
            digits_limit: Cell::new(settings.flags.int_max_str_digits),
            settings,
            foreign: RefCell::default(),
            module_data: RefCell::default(),
            recent_data: std::array::from_fn(|_| RecentData::default()),
            declared: Default::default(),
            cached_names: RefCell::default(),
            odd_names: Cell::default(),
            bodies: Default::default(),
            spare_buffer: Cell::default(),
        }
    }
    /// What is known of a registered shape.
    #[inline(always)]
    pub fn shape(&self, shape: ShapeIndex) -> &ShapeInfo {
        // SAFETY: under the global lock; entries are boxed and never removed, and the vector is only borrowed inside methods.
        unsafe { &(&*self.shapes.get())[(shape.0 - ShapeIndex::FIRST.0) as usize] }
    }
    pub(crate) fn add_shape(&self, index: ShapeIndex, info: ShapeInfo) {
        // SAFETY: as above: no reference into the vector itself outlives a method.
        let shapes = unsafe { &mut *self.shapes.get() };
        assert_eq!(index.0 as usize, shapes.len() + ShapeIndex::FIRST.0 as usize, "shapes are registered in order");
        shapes.push(Rc::new(info));
    }
    /// The native function with this number.
    #[inline(always)]
    pub fn native(&self, number: u32) -> &'static Native {
        // SAFETY: as in `shape`.
        unsafe { (&*self.natives.get())[number as usize] }
    }
    /// The number of a native function.
    pub fn native_number(&self, native: &'static Native) -> u32 {
        *self.native_numbers.borrow_mut().entry(native).or_insert_with(|| {
            // SAFETY: as in `add_shape`.
            let natives = unsafe { &mut *self.natives.get() };
            natives.push(native);
            natives.len() as u32 - 1
        })
    }
    /// Notes that a name is looked up in a class.
    pub(crate) fn look_up(&self, name: Symbol) {
        let (mut words, at) = (self.looked_up.borrow_mut(), name.0 as usize / 64);
        if at >= words.len() {
            words.resize(at + 16, 0);
        }
        words[at] |= 1 << (name.0 % 64);
    }
    /// Was a name ever looked up in a class?
    pub(crate) fn was_looked_up(&self, name: Symbol) -> bool {
        self.looked_up.borrow().get(name.0 as usize / 64).is_some_and(|word| word >> (name.0 % 64) & 1 != 0)
    }
    /// A fresh dictionary version.
    #[inline]
    pub fn next_version(&self) -> u64 {
        let v = self.versions.get();
        self.versions.set(v + 1);
        v
    }
    /// The data of a native module, made at the first call.
    pub fn data<T: 'static>(&self, module: &'static str, make: impl FnOnce() -> T) -> Rc<T> {
        let mut map = self.module_data.borrow_mut();
        let any = map.entry(module).or_insert_with(|| Rc::new(make())).clone();
        drop(map);
        any.downcast().unwrap_or_else(|_| unreachable!("a module's data has one type"))
    }
    /// The data of a native module, if that was made.
    pub fn known_data<T: 'static>(&self, module: &'static str) -> Option<Rc<T>> {
        let name = (module.as_ptr() as usize, module.len());
        let recent = &self.recent_data[(name.0 >> 3 ^ name.1) % RECENT];
        if let Some((known, any)) = &*recent.borrow()
            && *known == name
        {
            return any.clone().downcast().ok();
        }
        let any = self.module_data.borrow().get(module)?.clone();
        *recent.borrow_mut() = Some((name, any.clone()));
        any.downcast().ok()
    }
    /// The layout of a kind's exact instances.
    pub fn builtin_layout(kind: Kind) -> Option<Layout> {
        BUILTINS.get(kind.0 as usize).map(|b| b.layout)
    }
}

/// The key of string hashes: CPython's expansion of `PYTHONHASHSEED`, or a random one.
fn hash_key(seed: Option<u32>) -> python_algorithms::siphash::Key {
    use python_algorithms::siphash::Key;
    use std::hash::{BuildHasher, RandomState};
    match seed {
        Some(seed) => Key::from_seed(seed),
        None => {
            let words = [RandomState::new().hash_one(1u8), RandomState::new().hash_one(2u8)];
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&words[0].to_le_bytes());
            bytes[8..].copy_from_slice(&words[1].to_le_bytes());
            Key::from_bytes(bytes)
        }
    }
}
