//! The form of programs: a header, the literal prefix, then instructions and character sets.

/// Numbers of `re/_constants.py`'s opcodes, in its order.
macro_rules! codes {
    ($($NAME:ident)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the variants only number the constants")]
        #[repr(u32)]
        enum Code { $($NAME),* }
        /// What the compiler of patterns emits.
        pub(super) mod code {
            use super::Code;
            $( pub(in crate::engine) const $NAME: u32 = Code::$NAME as u32; )*
        }
    };
}
codes! {
    FAILURE SUCCESS ANY ANY_ALL ASSERT ASSERT_NOT AT BRANCH CATEGORY CHARSET BIGCHARSET GROUPREF GROUPREF_EXISTS IN INFO
    JUMP LITERAL MARK MAX_UNTIL MIN_UNTIL NOT_LITERAL NEGATE RANGE REPEAT REPEAT_ONE SUBPATTERN MIN_REPEAT_ONE
    ATOMIC_GROUP POSSESSIVE_REPEAT POSSESSIVE_REPEAT_ONE GROUPREF_IGNORE IN_IGNORE LITERAL_IGNORE NOT_LITERAL_IGNORE
    GROUPREF_LOC_IGNORE IN_LOC_IGNORE LITERAL_LOC_IGNORE NOT_LITERAL_LOC_IGNORE GROUPREF_UNI_IGNORE IN_UNI_IGNORE
    LITERAL_UNI_IGNORE NOT_LITERAL_UNI_IGNORE RANGE_UNI_IGNORE
}

/// Numbers of instructions, each with its operands.
macro_rules! instructions {
    ($($NAME:ident: $operands:literal, $doc:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the variants only number the constants")]
        #[repr(u32)]
        enum Row { $($NAME),* }
        /// The instructions.
        pub(super) mod op {
            use super::Row;
            $( #[doc = $doc] pub(in crate::engine) const $NAME: u32 = Row::$NAME as u32; )*
        }
        /// Operands of each instruction.
        const OPERANDS: &[usize] = &[$($operands),*];
    };
}
instructions! {
    // Tests of one character come first: each has one operand.
    ANY: 1, "any but a line feed";
    ANY_ALL: 1, "any character";
    LITERAL: 1, "the operand";
    NOT_LITERAL: 1, "anything else";
    LITERAL_IGNORE: 1, "lower case in ASCII is the operand";
    NOT_LITERAL_IGNORE: 1, "lower case in ASCII is not the operand";
    LITERAL_LOC_IGNORE: 1, "either case in the locale is the operand";
    NOT_LITERAL_LOC_IGNORE: 1, "no case in the locale is the operand";
    LITERAL_UNI_IGNORE: 1, "lower case is the operand";
    NOT_LITERAL_UNI_IGNORE: 1, "lower case is not the operand";
    IN: 1, "in the set at the operand";
    IN_IGNORE: 1, "lower case in ASCII is in the set";
    IN_LOC_IGNORE: 1, "either case in the locale is in the set";
    IN_UNI_IGNORE: 1, "lower case is in the set";
    CATEGORY: 1, "of the category";
    // The others.
    FAIL: 0, "goes back";
    MATCH: 0, "the end of the pattern";
    AT: 1, "position";
    MARK: 1, "slot";
    JUMP: 1, "target";
    SPLIT: 1, "goes on behind, and if that fails at the target";
    REPEAT: 2, "slots of the loop, its UNTIL";
    MAX_UNTIL: 4, "slots, least, most, body";
    MIN_UNTIL: 4, "slots, least, most, body; a MIN_MORE stands behind it";
    MIN_MORE: 3, "slots, most, body";
    REPEAT_ONE: 4, "least, most, test, its operand";
    MIN_REPEAT_ONE: 4, "the same";
    POSSESSIVE_ONE: 4, "the same";
    POSSESSIVE: 1, "slots";
    POSSESSIVE_TEST: 4, "slots, least, most, behind";
    POSSESSIVE_END: 2, "slots, POSSESSIVE_TEST";
    ATOMIC: 1, "slots";
    ATOMIC_END: 1, "slots";
    ASSERT: 2, "slots, how far to look back";
    ASSERT_END: 1, "slots";
    ASSERT_NOT: 3, "slots, how far to look back, behind";
    ASSERT_NOT_END: 1, "slots";
    GROUPREF: 1, "group";
    GROUPREF_IGNORE: 1, "group";
    GROUPREF_LOC_IGNORE: 1, "group";
    GROUPREF_UNI_IGNORE: 1, "group";
    GROUPREF_EXISTS: 2, "group, where to go on if it is not set";
}

/// How many operands the instruction with this number has.
pub(super) const fn operands(op: u32) -> usize {
    OPERANDS[op as usize]
}

/// Words of the header.
pub(super) mod header {
    pub(in crate::engine) const GROUPS: usize = 0;
    /// Slots of a run: two for each group, the last group, then those of loops and the like.
    pub(in crate::engine) const SLOTS: usize = 1;
    /// The least length of a match.
    pub(in crate::engine) const LEAST: usize = 2;
    /// Where the code begins, in which places are counted from there.
    pub(in crate::engine) const ENTRY: usize = 3;
    /// Length of the literal that every match begins with.
    pub(in crate::engine) const PREFIX: usize = 4;
    /// Where the set is in which the first character of every match is; 0: none.
    pub(in crate::engine) const FIRST: usize = 5;
    /// 1: matches only begin at the beginning.
    pub(in crate::engine) const ANCHORED: usize = 6;
    pub(in crate::engine) const LENGTH: usize = 7;
}

/// A program that [`super::assemble`] made.
#[derive(Clone, Copy)]
pub struct Program<'p> {
    words: &'p [[u8; 4]],
    code: &'p [[u8; 4]],
}

impl<'p> Program<'p> {
    /// The program in the bytes that [`super::assemble`] returned.
    pub fn new(bytes: &'p [u8]) -> Program<'p> {
        let words = bytes.as_chunks().0;
        let entry = words.get(header::ENTRY).map_or(0, |w| u32::from_le_bytes(*w) as usize);
        Program { words, code: words.get(entry..).unwrap_or_default() }
    }
    /// A word of the header, the prefix or a set.
    #[inline(always)]
    pub(super) fn word(self, i: usize) -> u32 {
        u32::from_le_bytes(self.words[i])
    }
    /// Such a word as a number of slots or the like.
    #[inline(always)]
    pub(super) fn number(self, i: usize) -> usize {
        self.word(i) as usize
    }
    /// A word of the code.
    #[inline(always)]
    pub(super) fn code(self, pc: usize) -> u32 {
        u32::from_le_bytes(self.code[pc])
    }
    /// A word of the code that is a place in it or a slot.
    #[inline(always)]
    pub(super) fn operand(self, pc: usize) -> usize {
        self.code(pc) as usize
    }
    /// How many groups there are, the whole match aside.
    pub fn groups(self) -> usize {
        self.number(header::GROUPS)
    }
}
