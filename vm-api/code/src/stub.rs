//! Stubs as data: the named slow paths that compiled code may call, and what they may do.

/// What a stub may do. A compiler may move, merge or drop calls only as far as these allow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effects {
    /// May collect: every live tagged value must be in a stack map, no raw pointer may live across.
    pub collects: bool,
    /// May run language code: anything observable may have changed afterwards.
    pub runs_language: bool,
    /// May write to objects that existed before the call.
    pub writes: bool,
    /// May raise: the result must be tested.
    pub raises: bool,
}

impl Effects {
    /// A pure function of its operands.
    pub const PURE: Effects = Effects { collects: false, runs_language: false, writes: false, raises: false };
    /// Writes to older objects, and can do nothing else.
    pub const STORES: Effects = Effects { collects: false, runs_language: false, writes: true, raises: false };
    /// Reads, allocates, may fail; does not write to older objects or run language code.
    pub const ALLOCATES: Effects = Effects { collects: true, runs_language: false, writes: false, raises: true };
    /// Writes, allocates, may fail; does not run language code.
    pub const WRITES: Effects = Effects { collects: true, runs_language: false, writes: true, raises: true };
    /// Anything.
    pub const ANY: Effects = Effects { collects: true, runs_language: true, writes: true, raises: true };
}

/// Static facts about a stub.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StubInfo {
    /// Name in listings and VIR text, lower case with underscores; unique within a language.
    pub name: &'static str,
    /// What it may do.
    pub effects: Effects,
}
