//! Suspended frames: how an object holds one, and how a frame passes on what another one gives.

use vm_heap::ShapeIndex;

/// Where an object that holds a suspended frame keeps it. Offsets are in bytes from the header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SuspendedFrame {
    /// Shapes of the objects that hold their frames so.
    pub shapes: &'static [ShapeIndex],
    /// The index of the code, a small integer.
    pub code: u32,
    /// The array of its registers, as long as the code has registers.
    pub registers: u32,
    /// The index of the instruction to go on with, a raw word. 0: the frame never ran, and the array holds the named variables.
    pub position: u32,
    /// The state, a raw word.
    pub state: u32,
    /// The state's value while suspended.
    pub suspended: u64,
    /// The state's value while running.
    pub running: u64,
    /// Values that must be `EMPTY` for anybody but the language's stubs to suspend or resume the frame.
    pub settled: &'static [u32],
    /// A root that must be, too, if there is one.
    pub settled_root: Option<u32>,
    /// How frames pass on what others give, if the language's code does.
    pub delegation: Option<Delegation>,
}

/// The opcodes by which a frame passes on what another one gives, and what is sent on to it:
///
/// ```text
/// head: resume  v, inner, sent       v = what `inner` gives
///       test    v, end               goes to `end` if it returned
///       suspend sent, v, inner       gives `v` to whoever resumed this frame, and is sent `sent`
///       back    head
/// ```
///
/// An engine may take a chain of such frames at once: resume all that are suspended at `suspend`, outermost first, and suspend
/// all that stand before `test` when the innermost one suspends, which `test` never branches on. So it may leave what is between
/// in the objects, as long as nobody looks: while a frame runs, nobody else writes to the array of its object or to the position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Delegation {
    /// Resumes what register `b` holds with what `c` holds; the result goes to `a`.
    pub resume: u16,
    /// Branches if `a` is what a frame returned.
    pub test: u16,
    /// Suspends with `b`; `a` receives what is sent.
    pub suspend: u16,
    /// A back edge.
    pub back: u16,
}
