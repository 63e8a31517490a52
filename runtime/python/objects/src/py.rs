//! The context of native code: the thread, with the interpreter's state.

use crate::kind::{BUILTINS, Kind, class, shape, special};
use crate::state::{ShapeInfo, State};
use python_algorithms::work::{Interrupted, Poll, Work};
use std::ops::Deref;
use vm_api::engine::{Stop, Thread};
use vm_api::heap::{Layout, Object, OutOfMemory, ShapeIndex, Value};

/// Result of what may raise: on `Err` the exception is pending in the thread.
pub type R<T = Value> = Result<T, Stop>;

/// The running thread. Cheap to copy; what it derefs to does the rest.
#[derive(Clone, Copy)]
pub struct Py<'t>(pub &'t Thread);

impl Deref for Py<'_> {
    type Target = Thread;
    #[inline(always)]
    fn deref(&self) -> &Thread {
        self.0
    }
}

/// A thread that operations ask whether to stop.
#[repr(transparent)]
struct Poller(Thread);

impl Poll for Poller {
    fn stop(&self) -> bool {
        Py(&self.0).poll().is_err()
    }
}

/// Units of a copy between two looks for an interrupt: about a millisecond.
const PIECE: usize = 1 << 20;

/// Roots beyond the built-in classes.
pub mod root {
    use crate::kind::BUILTINS;
    use vm_api::engine::LOCAL_ROOT;
    const FIRST: u32 = BUILTINS.len() as u32;
    macro_rules! roots {
        (
            shared { $($(#[$doc:meta])* $NAME:ident;)* }
            of_each_thread { $($(#[$local_doc:meta])* $LOCAL:ident;)* }
        ) => {
            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the variants only number the constants")]
            #[repr(u32)]
            enum Row { $($NAME,)* LAST }
            $( $(#[$doc])* pub const $NAME: u32 = FIRST + Row::$NAME as u32; )*
            /// First root of the exception classes ([`crate::Exc`]).
            pub const EXCEPTIONS: u32 = FIRST + Row::LAST as u32;
            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the variants only number the constants")]
            #[repr(u32)]
            enum Local { $($LOCAL,)* LAST }
            $( $(#[$local_doc])* pub const $LOCAL: u32 = LOCAL_ROOT | Local::$LOCAL as u32; )*
            /// Number of roots that each thread has for itself.
            pub const LOCALS: usize = Local::LAST as usize;
        };
    }
    roots! {
        shared {
            /// Small integer that changes whenever cached attribute lookups may have become wrong.
            TYPE_EPOCH;
            /// Small integer that changes with the dictionary of `builtins`.
            BUILTINS_EPOCH;
            /// Array of classes, by class number.
            CLASSES;
            /// Array of interned strings, by symbol.
            SYMBOLS;
            /// Weak array: the table of interned strings.
            INTERNED;
            /// Array of code objects, by the index of the installed code: each has one.
            CODE_OBJECTS;
            /// Cache of attribute lookups in classes.
            LOOKUP_CACHE;
            /// The empty tuple.
            EMPTY_TUPLE;
            /// The empty string.
            EMPTY_STRING;
            /// The empty bytes.
            EMPTY_BYTES;
            /// The empty frozenset.
            EMPTY_FROZENSET;
            /// Array of the 256 one-character strings of Latin-1.
            CHARACTERS;
            /// Array of the 256 one-byte bytes.
            SINGLE_BYTES;
            /// The dictionary of `builtins`.
            BUILTINS_DICT;
            /// `sys.modules`
            MODULES;
            /// The dictionary of `sys`.
            SYS;
            /// `typing.Generic`, once asked for.
            GENERIC;
            /// Array that keeps what native modules keep ([`crate::state::State::keep`]).
            KEPT;
            /// What tools of `sys.monitoring` have given ([`crate::monitoring`]): an array.
            MONITORING;
            /// Weak references by object: a dict from identity to list.
            WEAKREFS;
        }
        of_each_thread {
            /// The exception that the innermost running generator handles, or that the thread handles where none runs; or EMPTY.
            HANDLED;
            /// What the resumers of running generators handle, those that handle something, innermost last: a list, or EMPTY.
            OUTER_HANDLED;
            /// The MemoryError that is raised when nothing can be allocated.
            MEMORY_ERROR;
            /// Stack of containers whose `repr` is running, against endless recursion: a list.
            REPR_STACK;
            /// The objects of the thread's frames on the stack, ascending by their frames' identities: a list.
            FRAMES;
            /// What `sys.settrace` was given, or EMPTY.
            TRACE;
            /// What `sys.setprofile` was given, or EMPTY.
            PROFILE;
            /// How many trace and profile functions run, one inside the other, as an int, or EMPTY: none.
            TRACING;
            /// While one runs: the identity of the frame that it is about, as an int.
            EVENT_FRAME;
            /// Where that frame says that it is ([`crate::tracing::Standing`]), as an int.
            EVENT_AT;
            /// What happened there: [`crate::tracing::Event`] as an int.
            EVENT;
            /// Where the frame was told to go on ([`crate::tracing::Standing`]), as an int, or EMPTY. Also while it goes there.
            JUMP;
            /// The function that a stub found for a method window, or EMPTY: its second result.
            METHOD_FUNCTION;
            /// The current context of `contextvars`.
            CONTEXT;
            /// The loop of `asyncio` that runs in the thread, or None or EMPTY.
            RUNNING_LOOP;
            /// The number of the process in which it was set, as an int.
            RUNNING_LOOP_PROCESS;
            /// Hooks of async generators: first iteration, finalizer.
            ASYNC_FIRST_ITERATION;
            /// See above.
            ASYNC_FINALIZER;
            /// The thread's number as programs know it, and the system's.
            THREAD_IDENT;
            /// See above.
            THREAD_NATIVE_ID;
            /// The lock that is released when the thread ends, or EMPTY.
            THREAD_SENTINEL;
            /// List of weak references to the objects with attributes that are the thread's, or EMPTY.
            THREAD_LOCALS;
            /// How many runs of finalizers this thread is in, one within the other: a small integer, or EMPTY for none.
            FINALIZING;
        }
    }
    /// Number of roots that threads share.
    pub const COUNT: usize = EXCEPTIONS as usize + crate::exception::COUNT;
}

impl<'t> Py<'t> {
    /// The interpreter's state.
    #[inline(always)]
    pub fn state(self) -> &'t State {
        // SAFETY: `create::start` set it, for all threads that run Python.
        unsafe { self.0.language::<State>() }
    }
    /// What is known of a shape.
    #[inline(always)]
    pub fn shape_info(self, shape: ShapeIndex) -> &'t ShapeInfo {
        self.state().shape(shape)
    }
    /// The kind of a value: how it lies in memory.
    #[inline]
    pub fn kind(self, v: Value) -> Kind {
        match Object::from_value(v) {
            Some(o) => self.object_kind(o),
            None if v.is_int() => Kind::INT,
            None if v.is_float() => Kind::FLOAT,
            None if v.is_bool() => Kind::BOOL,
            None => match v {
                special::ELLIPSIS => Kind::ELLIPSIS,
                special::NOT_IMPLEMENTED => Kind::NOT_IMPLEMENTED,
                _ => Kind::NONE,
            },
        }
    }
    /// The kind of an object.
    #[inline(always)]
    pub fn object_kind(self, o: Object) -> Kind {
        let shape = o.shape().0 - ShapeIndex::FIRST.0;
        if (shape as usize) < BUILTINS.len() { Kind(shape) } else { self.shape_info(o.shape()).kind }
    }
    /// The object, if `v` is one of this kind (subclasses included).
    #[inline(always)]
    pub fn of_kind(self, v: Value, kind: Kind) -> Option<Object> {
        Object::from_value(v).filter(|o| self.object_kind(*o) == kind)
    }
    /// The class of a value.
    #[inline]
    pub fn class_of(self, v: Value) -> Object {
        let class = match Object::from_value(v) {
            Some(o) => {
                let shape = o.shape().0 - ShapeIndex::FIRST.0;
                if (shape as usize) < BUILTINS.len() {
                    self.root(shape)
                } else {
                    return self.class_numbered(self.shape_info(o.shape()).class);
                }
            }
            None => self.root(self.kind(v).0),
        };
        Object::of(class)
    }
    /// The class with this number.
    #[inline]
    pub fn class_numbered(self, number: u32) -> Object {
        Object::of(Object::of(self.root(root::CLASSES)).element(number as usize))
    }
    /// A built-in class, by its root in [`class`].
    #[inline]
    pub fn builtin_class(self, root: u32) -> Object {
        Object::of(self.root(root))
    }
    /// A fresh object of `words` words, all `EMPTY`. May collect.
    #[inline]
    pub fn alloc(self, shape: ShapeIndex, words: usize) -> R<Object> {
        self.heap().alloc(shape, words).map_err(|e| self.out_of_memory(e))
    }
    /// A fresh object of an array layout (for `LEAF` layouts the length is in bytes). May collect.
    #[inline]
    pub fn alloc_array(self, shape: ShapeIndex, length: usize) -> R<Object> {
        self.heap().alloc_array(shape, length).map_err(|e| self.out_of_memory(e))
    }
    /// A fresh array of `EMPTY` values.
    #[inline]
    pub fn new_array(self, length: usize) -> R<Object> {
        let array = self.alloc(shape::ARRAY, Layout::FIRST_ELEMENT.saturating_add(length))?;
        array.set_word(1, length as u64);
        Ok(array)
    }
    /// A fresh array of zero bytes.
    #[inline]
    pub fn new_leaf(self, bytes: usize) -> R<Object> {
        self.alloc_array(shape::LEAF, bytes)
    }
    /// Raises the `MemoryError` that was made at the start.
    #[cold]
    pub fn out_of_memory(self, _: OutOfMemory) -> Stop {
        self.raise(self.memory_error())
    }
    /// The `MemoryError` that was made at the start, as if made now: nothing of when it was raised before.
    pub fn memory_error(self) -> Value {
        let e = self.root(root::MEMORY_ERROR);
        if let Some(e) = Object::from_value(e) {
            use crate::exception::word;
            for w in [word::CAUSE, word::CONTEXT, word::TRACEBACK, word::SUPPRESS, word::DICT] {
                self.store(e, w, Value::EMPTY);
            }
        }
        e
    }
    /// An object of a built-in kind from its fields, which fill the words from 1 on; the rest is EMPTY.
    #[inline]
    pub fn new_object(self, shape: ShapeIndex, words: usize, fields: &[Value]) -> R<Object> {
        let o = self.alloc(shape, words)?;
        for (i, v) in fields.iter().enumerate() {
            o.init(1 + i, *v);
        }
        Ok(o)
    }
    /// Stores a value into a field, with the barrier.
    #[inline(always)]
    pub fn store(self, o: Object, word: usize, v: Value) {
        self.heap().store(o, word, v);
    }
    /// Is `v` a class?
    #[inline]
    pub fn is_class(self, v: Value) -> bool {
        self.of_kind(v, Kind::TYPE).is_some()
    }
    /// The name of a value's class, for messages.
    pub fn class_name(self, v: Value) -> String {
        // What C calls `tp_name`: native types name their module.
        self.type_name(self.class_of(v))
    }
    /// Is `v` exactly `None`?
    #[inline(always)]
    pub fn is_none(self, v: Value) -> bool {
        v == Value::NONE
    }
    /// Polls for signals and other asynchronous events; native loops over big data call it now and then. May collect and run
    /// Python code (finalizers).
    #[inline]
    pub fn poll(self) -> R<()> {
        // SAFETY: the inline state of this thread; signal handlers only set the flag.
        if unsafe { (&raw const (*self.0.fast).poll).read_volatile() } == 0 { Ok(()) } else { self.poll_slow() }
    }
    #[cold]
    #[inline(never)]
    fn poll_slow(self) -> R<()> {
        self.ops().safepoint(self.0);
        let handler = self.state().poll.get();
        handler(self)
    }
    /// Raises KeyboardInterrupt if SIGINT has come and means just that. Unlike [`Py::poll`] it runs no Python code and collects
    /// nothing, so it may stand in the middle of a copy: fresh objects stay fresh, and nothing changes what is read. A handler
    /// that the program set is run when the operation is done, as always.
    #[inline]
    pub fn check_interrupt(self) -> R<()> {
        // SAFETY: the inline state of this thread; signal handlers only set the flag.
        if unsafe { (&raw const (*self.0.fast).poll).read_volatile() } == 0 {
            Ok(())
        } else {
            self.check_interrupt_slow()
        }
    }
    #[cold]
    #[inline(never)]
    fn check_interrupt_slow(self) -> R<()> {
        let check = self.state().interrupt.get();
        check(self)
    }
    /// Does something of `count` units in pieces, from and to, with [`Py::check_interrupt`] between them.
    #[inline]
    pub fn in_pieces(self, count: usize, mut piece: impl FnMut(usize, usize)) -> R<()> {
        if count <= PIECE {
            piece(0, count);
            return Ok(());
        }
        for from in (0..count).step_by(PIECE) {
            piece(from, count.min(from + PIECE));
            self.check_interrupt()?;
        }
        Ok(())
    }
    /// [`Py::poll`] for the algorithms on plain data; where it says to stop, the exception is pending.
    pub fn poller(self) -> &'t dyn Poll {
        // SAFETY: `Poller` is laid out as the thread that it wraps.
        unsafe { &*std::ptr::from_ref(self.0).cast::<Poller>() }
    }
    /// Work of those algorithms.
    pub fn work(self) -> Work<'t> {
        Work::new(self.poller())
    }
    /// The end of work that the poller said to stop: its exception is pending.
    pub fn interrupted(self, _: Interrupted) -> Stop {
        Stop
    }
    /// A built-in constant class's name, by root: for messages about expected types.
    pub fn builtin_name(self, root: u32) -> &'static str {
        BUILTINS[root as usize].name
    }
    /// The empty tuple.
    #[inline]
    pub fn empty_tuple(self) -> Value {
        self.root(root::EMPTY_TUPLE)
    }
    /// `object`.
    #[inline]
    pub fn object_class(self) -> Object {
        self.builtin_class(class::OBJECT)
    }
}
