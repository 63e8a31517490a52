//! Python's opcodes: one table, from which the constants, the schema for `vm-code` and the documentation come.
//!
//! It is the contract between this compiler and the semantics. What holds for all of it:
//!
//! * **Registers**: parameters, then named variables, then temporaries. A variable that inner functions use lives in a
//!   cell, and its register holds the cell. An unbound variable's register (or cell) holds `EMPTY`.
//! * An operand is read in place only if it is known to be bound; where the compiler could not prove that, a
//!   [`CHECK_LOCAL`] stands before. The cell opcodes check for themselves.
//! * **Handlers** are deterministic: tests, then at most one effect, then the result. A call of language code is the last
//!   action. Operands declared `ReadWrite` are temporaries that a callee's result may replace before the instruction
//!   runs again (the truth value of a branch's operand, the list made of an iterable); reading them is all that an
//!   engine without such a call does.
//! * The destination is written last, if nothing was raised: destination and operands may be the same register.
//! * **Pairs**: an opcode whose schema says `skips_next` is always followed by a plain branch on the same register with
//!   the same target. Its fast path jumps, or skips that branch. Its slow path puts its result into `a` and falls
//!   through, so that the branch decides.
//! * **Method windows** are two registers as [`LOAD_METHOD`] fills them: a function and its first argument, or `EMPTY`
//!   and a callable. Arguments follow.
//! * `names` are identifiers after name mangling.

use vm_code::serial::OpcodeSet;
use vm_code::{Immediate, OpcodeInfo, Operand, SlotKind};

use Immediate as I;
use Operand::{Constant, Count, Free, Number, Read, ReadWrite, Unused, Window, WindowRead, WindowWrite, Write};
use SlotKind as S;

/// All of an [`OpcodeInfo`] but its name.
#[derive(Clone, Copy)]
struct Schema(OpcodeInfo);

const fn schema(operands: [Operand; 3], immediate: Immediate, slot: SlotKind) -> Schema {
    Schema(OpcodeInfo { name: "", operands, immediate, slot, ends: false, raises: false, skips_next: false })
}

impl Schema {
    const fn raises(self) -> Schema {
        Schema(OpcodeInfo { raises: true, ..self.0 })
    }
    const fn ends(self) -> Schema {
        Schema(OpcodeInfo { ends: true, ..self.0 })
    }
    const fn skips_next(self) -> Schema {
        Schema(OpcodeInfo { skips_next: true, ..self.0 })
    }
    const fn named(self, name: &'static str) -> OpcodeInfo {
        OpcodeInfo { name, ..self.0 }
    }
}

/// A method window.
const PAIR: Operand = WindowWrite { extra: 2 };
/// A window of exactly three registers.
const TRIPLE: Operand = WindowRead { extra: 3 };
const QUADRUPLE: Operand = WindowRead { extra: 4 };
/// A window whose length stands in the next field.
const COUNTED: Operand = WindowRead { extra: 0 };

// Schemas that several opcodes share.
const UNARY: Schema = schema([Write, Read, Unused], I::Unused, S::Operands).raises();
const BINARY: Schema = schema([Write, Read, Read], I::Unused, S::Operands).raises();
const BINARY_K: Schema = schema([Write, Read, Unused], I::Constant, S::Operands).raises();
const BRANCH: Schema = schema([Write, Read, Read], I::Branch, S::Operands).raises().skips_next();
const BRANCH_K: Schema = schema([Write, Read, Constant], I::Branch, S::Operands).raises().skips_next();
const MAKE: Schema = schema([Write, Read, Unused], I::Unused, S::None).raises();
const CONVERT: Schema = schema([Write, Read, Unused], I::Unused, S::Shape).raises();
const DISPLAY: Schema = schema([Write, COUNTED, Count], I::Unused, S::None).raises();
const EXTEND: Schema = schema([Read, ReadWrite, Unused], I::Unused, S::Shape).raises();
const TEST: Schema = schema([ReadWrite, Unused, Unused], I::Branch, S::Branch).raises();
const TEST_CALM: Schema = schema([Read, Unused, Unused], I::Branch, S::Branch);
const GLOBAL: Schema = schema([Write, Unused, Unused], I::Name, S::Shape).raises();
const STORE_NAMED: Schema = schema([Read, Unused, Unused], I::Name, S::Shape).raises();
const DELETE_NAMED: Schema = schema([Unused, Unused, Unused], I::Name, S::None).raises();
const ATTRIBUTE: Schema = schema([Write, Read, Unused], I::Name, S::Shape).raises();

macro_rules! opcodes {
    ($( $NAME:ident $name:literal $schema:expr, $doc:literal; )*) => {
        /// Numbers the rows.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the variants only number the constants")]
        #[repr(u16)]
        enum Row { $($NAME),* }

        $( #[doc = $doc] pub const $NAME: u16 = Row::$NAME as u16; )*

        /// The table, indexed by opcode.
        pub static OPCODES: [OpcodeInfo; [$($name),*].len()] = [ $( $schema.named($name) ),* ];

        /// The table with its fingerprint.
        pub static SET: OpcodeSet = OpcodeSet::new(&OPCODES);

        /// What each opcode does, in a line.
        pub static DOCUMENTATION: [&str; OPCODES.len()] = [ $( $doc.trim_ascii_start() ),* ];
    };
}

opcodes! {
    // ---- registers, constants, variables
    MOVE "move" schema([Write, Read, Unused], I::Unused, S::None), " a = b";
    LOAD_CONST "load_const" schema([Write, Unused, Unused], I::Constant, S::None), " a = constant d";
    CLEAR "clear" schema([Write, Unused, Unused], I::Unused, S::None), " a = EMPTY";
    CHECK_LOCAL "check_local" schema([Read, Unused, Unused], I::Unused, S::None).raises(), " Raises UnboundLocalError if variable a is unbound.";
    DELETE_LOCAL "delete_local" schema([ReadWrite, Unused, Unused], I::Unused, S::None).raises(), " Unbinds variable a; raises UnboundLocalError if it was unbound.";
    MAKE_CELL "make_cell" schema([ReadWrite, Unused, Unused], I::Unused, S::None).raises(), " a = a new cell with a's value (or EMPTY) in it";
    LOAD_CELL "load_cell" schema([Write, Read, Unused], I::Unused, S::None).raises(), " a = content of the cell in b; UnboundLocalError for variable b if it is empty";
    STORE_CELL "store_cell" schema([Read, Read, Unused], I::Unused, S::None), " content of the cell in a = b";
    DELETE_CELL "delete_cell" schema([Read, Unused, Unused], I::Unused, S::None).raises(), " Empties the cell in a; UnboundLocalError if it was empty.";
    LOAD_FREE "load_free" schema([Write, Free, Unused], I::Unused, S::None).raises(), " a = content of cell b of the closure; NameError (`cannot access free variable …`) if it is empty";
    STORE_FREE "store_free" schema([Read, Free, Unused], I::Unused, S::None), " content of cell b of the closure = a";
    DELETE_FREE "delete_free" schema([Unused, Free, Unused], I::Unused, S::None).raises(), " Empties cell b of the closure; NameError if it was empty.";
    LOAD_CLOSURE "load_closure" schema([Write, Free, Unused], I::Unused, S::None), " a = cell b of the closure itself";
    LOAD_GLOBAL "load_global" GLOBAL, " a = global or builtin d; NameError";
    STORE_GLOBAL "store_global" STORE_NAMED, " global d = a";
    DELETE_GLOBAL "delete_global" DELETE_NAMED, " Deletes global d; NameError.";
    LOAD_NAME "load_name" GLOBAL, " a = name d in the frame's namespace, else global, else builtin; NameError";
    STORE_NAME "store_name" STORE_NAMED, " name d in the frame's namespace = a";
    DELETE_NAME "delete_name" DELETE_NAMED, " Deletes name d from the frame's namespace; NameError.";
    LOAD_FROM_DICT_OR_GLOBALS "load_from_dict_or_globals" schema([Write, Read, Unused], I::Name, S::Shape).raises(), " a = item d of mapping b, else global, else builtin; NameError";
    LOAD_FROM_DICT_OR_FREE "load_from_dict_or_free" schema([Write, Read, Free], I::Unused, S::None).raises(), " a = item of mapping b under the name of free variable c, else its cell's content; NameError";
    LOAD_LOCALS "load_locals" schema([Write, Unused, Unused], I::Unused, S::None).raises(), " a = the frame's namespace";
    SETUP_ANNOTATIONS "setup_annotations" schema([Unused; 3], I::Unused, S::None).raises(), " Gives the frame's namespace an `__annotations__` if it has none.";

    // ---- operators
    NEG "neg" UNARY, " a = -b";
    POS "pos" UNARY, " a = +b";
    INVERT "invert" UNARY, " a = ~b";
    NOT "not" UNARY, " a = not b";
    ADD "add" BINARY, " a = b + c";
    SUB "sub" BINARY, " a = b - c";
    MUL "mul" BINARY, " a = b * c";
    MATMUL "matmul" BINARY, " a = b @ c";
    TRUE_DIV "true_div" BINARY, " a = b / c";
    MOD "mod" BINARY, " a = b % c";
    POW "pow" BINARY, " a = b ** c";
    LSHIFT "lshift" BINARY, " a = b << c";
    RSHIFT "rshift" BINARY, " a = b >> c";
    OR "or" BINARY, " a = b | c";
    XOR "xor" BINARY, " a = b ^ c";
    AND "and" BINARY, " a = b & c";
    FLOOR_DIV "floor_div" BINARY, " a = b // c";
    ADD_K "add_k" BINARY_K, " a = b + constant d";
    SUB_K "sub_k" BINARY_K, " a = b - constant d";
    MUL_K "mul_k" BINARY_K, " a = b * constant d";
    MATMUL_K "matmul_k" BINARY_K, " a = b @ constant d";
    TRUE_DIV_K "true_div_k" BINARY_K, " a = b / constant d";
    MOD_K "mod_k" BINARY_K, " a = b % constant d";
    POW_K "pow_k" BINARY_K, " a = b ** constant d";
    LSHIFT_K "lshift_k" BINARY_K, " a = b << constant d";
    RSHIFT_K "rshift_k" BINARY_K, " a = b >> constant d";
    OR_K "or_k" BINARY_K, " a = b | constant d";
    XOR_K "xor_k" BINARY_K, " a = b ^ constant d";
    AND_K "and_k" BINARY_K, " a = b & constant d";
    FLOOR_DIV_K "floor_div_k" BINARY_K, " a = b // constant d";
    INPLACE_ADD "inplace_add" BINARY, " a = result of b += c";
    INPLACE_SUB "inplace_sub" BINARY, " a = result of b -= c";
    INPLACE_MUL "inplace_mul" BINARY, " a = result of b *= c";
    INPLACE_MATMUL "inplace_matmul" BINARY, " a = result of b @= c";
    INPLACE_TRUE_DIV "inplace_true_div" BINARY, " a = result of b /= c";
    INPLACE_MOD "inplace_mod" BINARY, " a = result of b %= c";
    INPLACE_POW "inplace_pow" BINARY, " a = result of b **= c";
    INPLACE_LSHIFT "inplace_lshift" BINARY, " a = result of b <<= c";
    INPLACE_RSHIFT "inplace_rshift" BINARY, " a = result of b >>= c";
    INPLACE_OR "inplace_or" BINARY, " a = result of b |= c";
    INPLACE_XOR "inplace_xor" BINARY, " a = result of b ^= c";
    INPLACE_AND "inplace_and" BINARY, " a = result of b &= c";
    INPLACE_FLOOR_DIV "inplace_floor_div" BINARY, " a = result of b //= c";
    INPLACE_ADD_K "inplace_add_k" BINARY_K, " a = result of b += constant d";
    INPLACE_SUB_K "inplace_sub_k" BINARY_K, " a = result of b -= constant d";
    INPLACE_MUL_K "inplace_mul_k" BINARY_K, " a = result of b *= constant d";
    INPLACE_MATMUL_K "inplace_matmul_k" BINARY_K, " a = result of b @= constant d";
    INPLACE_TRUE_DIV_K "inplace_true_div_k" BINARY_K, " a = result of b /= constant d";
    INPLACE_MOD_K "inplace_mod_k" BINARY_K, " a = result of b %= constant d";
    INPLACE_POW_K "inplace_pow_k" BINARY_K, " a = result of b **= constant d";
    INPLACE_LSHIFT_K "inplace_lshift_k" BINARY_K, " a = result of b <<= constant d";
    INPLACE_RSHIFT_K "inplace_rshift_k" BINARY_K, " a = result of b >>= constant d";
    INPLACE_OR_K "inplace_or_k" BINARY_K, " a = result of b |= constant d";
    INPLACE_XOR_K "inplace_xor_k" BINARY_K, " a = result of b ^= constant d";
    INPLACE_AND_K "inplace_and_k" BINARY_K, " a = result of b &= constant d";
    INPLACE_FLOOR_DIV_K "inplace_floor_div_k" BINARY_K, " a = result of b //= constant d";
    LT "lt" BINARY, " a = b < c";
    LE "le" BINARY, " a = b <= c";
    EQ "eq" BINARY, " a = b == c";
    NE "ne" BINARY, " a = b != c";
    GT "gt" BINARY, " a = b > c";
    GE "ge" BINARY, " a = b >= c";
    CONTAINS "contains" BINARY, " a = b in c";
    NOT_CONTAINS "not_contains" BINARY, " a = b not in c";
    LT_K "lt_k" BINARY_K, " a = b < constant d";
    LE_K "le_k" BINARY_K, " a = b <= constant d";
    EQ_K "eq_k" BINARY_K, " a = b == constant d";
    NE_K "ne_k" BINARY_K, " a = b != constant d";
    GT_K "gt_k" BINARY_K, " a = b > constant d";
    GE_K "ge_k" BINARY_K, " a = b >= constant d";
    CONTAINS_K "contains_k" BINARY_K, " a = b in constant d";
    NOT_CONTAINS_K "not_contains_k" BINARY_K, " a = b not in constant d";
    IS "is" schema([Write, Read, Read], I::Unused, S::None), " a = b is c";
    IS_NOT "is_not" schema([Write, Read, Read], I::Unused, S::None), " a = b is not c";

    // ---- control
    JUMP "jump" schema([Unused; 3], I::Jump, S::None), " Goes to d.";
    LOOP_BACK "loop_back" schema([Unused; 3], I::LoopBack, S::None), " Goes back to loop head d; a safepoint. The slot counts.";
    JUMP_IF_TRUE "jump_if_true" TEST, " Goes to d if a is true. The truth may replace a.";
    JUMP_IF_FALSE "jump_if_false" TEST, " Goes to d if a is false. The truth may replace a.";
    JUMP_IF_NONE "jump_if_none" TEST_CALM, " Goes to d if a is None.";
    JUMP_IF_NOT_NONE "jump_if_not_none" TEST_CALM, " Goes to d if a is not None.";
    BRANCH_LT "branch_lt" BRANCH, " Goes to d unless b < c; a pair with jump_if_false a d.";
    BRANCH_LE "branch_le" BRANCH, " Goes to d unless b <= c; a pair with jump_if_false a d.";
    BRANCH_EQ "branch_eq" BRANCH, " Goes to d unless b == c; a pair with jump_if_false a d.";
    BRANCH_NE "branch_ne" BRANCH, " Goes to d unless b != c; a pair with jump_if_false a d.";
    BRANCH_GT "branch_gt" BRANCH, " Goes to d unless b > c; a pair with jump_if_false a d.";
    BRANCH_GE "branch_ge" BRANCH, " Goes to d unless b >= c; a pair with jump_if_false a d.";
    BRANCH_CONTAINS "branch_contains" BRANCH, " Goes to d unless b in c; a pair with jump_if_false a d.";
    BRANCH_NOT_CONTAINS "branch_not_contains" BRANCH, " Goes to d unless b not in c; a pair with jump_if_false a d.";
    BRANCH_LT_K "branch_lt_k" BRANCH_K, " Goes to d unless b < constant c; a pair with jump_if_false a d.";
    BRANCH_LE_K "branch_le_k" BRANCH_K, " Goes to d unless b <= constant c; a pair with jump_if_false a d.";
    BRANCH_EQ_K "branch_eq_k" BRANCH_K, " Goes to d unless b == constant c; a pair with jump_if_false a d.";
    BRANCH_NE_K "branch_ne_k" BRANCH_K, " Goes to d unless b != constant c; a pair with jump_if_false a d.";
    BRANCH_GT_K "branch_gt_k" BRANCH_K, " Goes to d unless b > constant c; a pair with jump_if_false a d.";
    BRANCH_GE_K "branch_ge_k" BRANCH_K, " Goes to d unless b >= constant c; a pair with jump_if_false a d.";
    BRANCH_CONTAINS_K "branch_contains_k" BRANCH_K, " Goes to d unless b in constant c; a pair with jump_if_false a d.";
    BRANCH_NOT_CONTAINS_K "branch_not_contains_k" BRANCH_K, " Goes to d unless b not in constant c; a pair with jump_if_false a d.";
    BRANCH_TRUE "branch_true" schema([Write, Read, Unused], I::Branch, S::Branch).raises().skips_next(), " Goes to d unless b is true; a pair with jump_if_false a d.";
    BRANCH_FALSE "branch_false" schema([Write, Read, Unused], I::Branch, S::Branch).raises().skips_next(), " Goes to d unless b is false; a pair with jump_if_true a d.";
    BRANCH_IS "branch_is" schema([Unused, Read, Read], I::Branch, S::Branch), " Goes to d unless b is c.";
    BRANCH_IS_NOT "branch_is_not" schema([Unused, Read, Read], I::Branch, S::Branch), " Goes to d unless b is not c.";
    FOR_ITER "for_iter" schema([Write, Read, Unused], I::Branch, S::Shape).raises().skips_next(), " a = next item of iterator b, or goes to d at its end; a pair with jump_if_end a d.";
    JUMP_IF_END "jump_if_end" TEST_CALM, " Goes to d if a is the END sentinel.";
    FOR_ITER_LOCAL "for_iter_local" schema([Write, Read, ReadWrite], I::Branch, S::Shape).raises().skips_next(), " c = next item of iterator b, or goes to d at its end, c untouched; a pair with take_item a c d.";
    TAKE_ITEM "take_item" schema([Read, ReadWrite, Unused], I::Branch, S::Branch), " Goes to d if a is the END sentinel, else b = a.";
    RETURN "return" schema([Read, Unused, Unused], I::Unused, S::None).ends(), " Returns a.";
    FINISH "finish" schema([Read, Unused, Unused], I::Unused, S::None).ends().raises(), " Ends a generator's frame with value a: what the linker makes of return in a code that suspends.";
    FINISH_K "finish_k" schema([Unused; 3], I::Constant, S::None).ends().raises(), " The same with constant d.";
    RETURN_K "return_k" schema([Unused; 3], I::Constant, S::None).ends(), " Returns constant d.";

    // ---- attributes and items
    LOAD_ATTR "load_attr" ATTRIBUTE, " a = attribute d of b";
    STORE_ATTR "store_attr" schema([Read, Read, Unused], I::Name, S::Shape).raises(), " attribute d of a = b";
    DELETE_ATTR "delete_attr" schema([Read, Unused, Unused], I::Name, S::Shape).raises(), " Deletes attribute d of a.";
    LOAD_METHOD "load_method" schema([PAIR, Read, Unused], I::Name, S::Shape).raises(), " (a, a+1) = (function, b) for method d of b, or (EMPTY, attribute d of b)";
    LOAD_SUPER_ATTR "load_super_attr" schema([Write, TRIPLE, Number], I::Name, S::Shape).raises(), " a = attribute d of super: b holds what the name `super` gave, b+1 the class, b+2 the object; c is 1 if it is to be called with these two, 0 without. Where b is the builtin, no super object is made.";
    LOAD_SUPER_METHOD "load_super_method" schema([PAIR, TRIPLE, Number], I::Name, S::Shape).raises(), " The same for the method window (a, a+1).";
    LOAD_SPECIAL "load_special" schema([PAIR, Read, Number], I::Unused, S::Shape).raises(), " (a, a+1) = method window for the special method [`special`] c of b, looked up on its type; TypeError that b is no (asynchronous) context manager";
    LOAD_ITEM "load_item" BINARY, " a = b[c]";
    LOAD_ITEM_K "load_item_k" BINARY_K, " a = b[constant d]";
    STORE_ITEM "store_item" schema([Read, Read, Read], I::Unused, S::Operands).raises(), " a[b] = c";
    STORE_ITEM_K "store_item_k" schema([Read, Read, Unused], I::Constant, S::Operands).raises(), " a[constant d] = b";
    DELETE_ITEM "delete_item" schema([Read, Read, Unused], I::Unused, S::Operands).raises(), " del a[b]";
    LOAD_SLICE "load_slice" schema([Write, COUNTED, Count], I::Unused, S::Operands).raises(), " a = b[b+1 : b+2], or if c is 4 b[b+1 : b+2 : b+3]";
    STORE_SLICE "store_slice" schema([QUADRUPLE, Unused, Unused], I::Unused, S::Operands).raises(), " a[a+1 : a+2] = a+3";
    BUILD_SLICE "build_slice" DISPLAY, " a = slice of the c (2 or 3) registers from b";

    // ---- displays
    BUILD_TUPLE "build_tuple" DISPLAY, " a = tuple of the c registers from b";
    BUILD_LIST "build_list" DISPLAY, " a = list of the c registers from b";
    BUILD_SET "build_set" DISPLAY, " a = set of the c registers from b";
    BUILD_DICT "build_dict" DISPLAY, " a = dict of the c registers (keys and values in turn) from b";
    BUILD_DICT_K "build_dict_k" schema([Write, COUNTED, Count], I::Constant, S::None).raises(), " a = dict of the keys in constant tuple d and the c values from b";
    BUILD_STRING "build_string" DISPLAY, " a = concatenation of the c strings from b";
    BUILD_LIST_K "build_list_k" schema([Write, Unused, Unused], I::Constant, S::None).raises(), " a = list of the items of constant tuple d";
    BUILD_SET_K "build_set_k" schema([Write, Unused, Unused], I::Constant, S::None).raises(), " a = set of the items of constant frozenset d";
    LIST_APPEND "list_append" schema([Read, Read, Unused], I::Unused, S::None).raises(), " Appends b to list a.";
    SET_ADD "set_add" schema([Read, Read, Unused], I::Unused, S::None).raises(), " Adds b to set a.";
    DICT_SET "dict_set" schema([Read, Read, Read], I::Unused, S::None).raises(), " dict a[b] = c";
    LIST_EXTEND "list_extend" EXTEND, " Appends the items of iterable b to list a (TypeError `Value after * must be an iterable, not …` if it is none). A list of them may replace b.";
    SET_UPDATE "set_update" EXTEND, " Adds the items of iterable b to set a. A list of them may replace b.";
    DICT_UPDATE "dict_update" EXTEND, " Updates dict a by mapping b (TypeError `'…' object is not a mapping`). A dict may replace b.";
    DICT_MERGE "dict_merge" schema([Read, ReadWrite, Read], I::Unused, S::Shape).raises(), " The same for keyword arguments of callee c: non-mappings and repeated keys are TypeErrors that name it.";
    LIST_TO_TUPLE "list_to_tuple" MAKE, " a = tuple of list b";
    FORMAT_VALUE "format_value" schema([Write, Read, Number], I::Unused, S::Shape).raises(), " a = format(b, '') after [`conversion`] c";
    FORMAT_VALUE_SPEC "format_value_spec" schema([Write, Read, Read], I::Number, S::Shape).raises(), " a = format(b, c) after [`conversion`] d";

    // ---- unpacking, iteration
    UNPACK_SEQUENCE "unpack_sequence" schema([ReadWrite, WindowWrite { extra: 0 }, Count], I::Unused, S::Shape).raises(), " The c registers from b = the items of iterable a, of which there must be so many. A tuple may replace a.";
    UNPACK_EX "unpack_ex" schema([ReadWrite, WindowWrite { extra: 0 }, Count], I::Number, S::Shape).raises(), " The same; register number d of the window receives a list of all that the others leave over.";
    GET_ITER "get_iter" schema([Write, Read, Number], I::Unused, S::Shape).raises(), " a = iter(b); c is 1 if nothing but a loop of this frame will use it";
    GET_LEN "get_len" CONVERT, " a = len(b)";

    // ---- calls
    CALL "call" schema([Write, Window { extra: 1 }, Count], I::Unused, S::Call).raises(), " a = callee b called with the c registers after it";
    CALL_KW "call_kw" schema([Write, Window { extra: 1 }, Count], I::Constant, S::Call).raises(), " The same; constant tuple d names the last arguments.";
    CALL_METHOD "call_method" schema([Write, Window { extra: 2 }, Count], I::Unused, S::Call).raises(), " a = method window (b, b+1) called with the c registers after it";
    CALL_METHOD_KW "call_method_kw" schema([Write, Window { extra: 2 }, Count], I::Constant, S::Call).raises(), " The same; constant tuple d names the last arguments.";
    CALL_EX "call_ex" schema([Write, Window { extra: 3 }, Unused], I::Unused, S::Call).raises(), " a = callee b called with the items of b+1 (a tuple, or any iterable: `Value after * must be an iterable`) and, unless b+2 is EMPTY, the items of dict b+2 as keywords";

    // ---- functions and classes
    MAKE_FUNCTION "make_function" schema([Write, Unused, Unused], I::Constant, S::None).raises(), " a = function of constant code d";
    MAKE_CLOSURE "make_closure" schema([Write, COUNTED, Count], I::Constant, S::None).raises(), " a = function of constant code d whose closure is the c cells from b";
    SET_FUNCTION_PART "set_function_part" schema([Read, Read, Number], I::Unused, S::None), " [`function_part`] c of new function a = b";
    LOAD_BUILD_CLASS "load_build_class" schema([Write, Unused, Unused], I::Unused, S::None).raises(), " a = builtins.__build_class__; NameError `__build_class__ not found`";
    TYPE_VAR "type_var" schema([Write, Unused, Unused], I::Name, S::None).raises(), " a = TypeVar(name d), inferring its variance";
    TYPE_VAR_BOUND "type_var_bound" schema([Write, Read, Unused], I::Name, S::None).raises(), " a = TypeVar whose bound function b computes when asked";
    TYPE_VAR_CONSTRAINTS "type_var_constraints" schema([Write, Read, Unused], I::Name, S::None).raises(), " a = TypeVar whose constraints function b computes when asked";
    PARAM_SPEC "param_spec" schema([Write, Unused, Unused], I::Name, S::None).raises(), " a = ParamSpec(name d), inferring its variance";
    TYPE_VAR_TUPLE "type_var_tuple" schema([Write, Unused, Unused], I::Name, S::None).raises(), " a = TypeVarTuple(name d)";
    TYPE_ALIAS "type_alias" schema([Write, TRIPLE, Unused], I::Unused, S::None).raises(), " a = type alias: name b, type parameters (tuple or None) b+1, function b+2 that computes the value";
    SUBSCRIPT_GENERIC "subscript_generic" schema([Write, Read, Unused], I::Unused, S::None).raises(), " a = typing.Generic[b], b a tuple of type parameters";

    // ---- exceptions
    ENTER_HANDLER "enter_handler" schema([Write, Read, Unused], I::Unused, S::None), " a = the exception being handled; now it is b";
    LEAVE_HANDLER "leave_handler" schema([Read, Unused, Unused], I::Unused, S::None), " The exception being handled is a, as enter_handler left it.";
    CHECK_EXC_MATCH "check_exc_match" schema([Write, Read, Read], I::Unused, S::Shape).raises(), " a = does exception b match c? TypeError if c is no class or tuple of classes of exceptions";
    CHECK_EG_MATCH "check_eg_match" schema([WindowWrite { extra: 2 }, Read, Read], I::Unused, S::None).raises(), " (a, a+1) = (rest, match) of splitting exception or group b by c, None for an empty one";
    PREP_RERAISE_STAR "prep_reraise_star" schema([Write, Read, Read], I::Unused, S::None).raises(), " a = the exception to raise after the except* clauses of b; list c holds those raised in them and the rest; None if there is none";
    RAISE "raise" schema([Read, Unused, Unused], I::Unused, S::Shape).raises().ends(), " Raises a (instance or class), with the exception being handled as its context.";
    RAISE_FROM "raise_from" schema([Read, Read, Unused], I::Unused, S::None).raises().ends(), " The same, with cause b.";
    RAISE_CURRENT "raise_current" schema([Unused; 3], I::Unused, S::None).raises().ends(), " Raises the exception being handled again; RuntimeError `No active exception to reraise`.";
    RERAISE "reraise" schema([Read, Unused, Unused], I::Unused, S::None).raises().ends(), " Raises exception a as it is: context and traceback are not touched.";
    LOAD_ASSERTION_ERROR "load_assertion_error" schema([Write, Unused, Unused], I::Unused, S::None), " a = AssertionError";
    EXCEPTION_DETAILS "exception_details" schema([WindowWrite { extra: 3 }, Read, Unused], I::Unused, S::None), " (a, a+1, a+2) = (type(b), b, b.__traceback__)";
    STOP_ITERATION_ERROR "stop_iteration_error" schema([Write, Read, Unused], I::Unused, S::None).raises(), " a = b, or, if b is a StopIteration (in an asynchronous generator StopAsyncIteration too), the RuntimeError that PEP 479 puts in its place";

    // ---- generators and coroutines
    YIELD_VALUE "yield_value" schema([Write, Read, Unused], I::Suspension, S::None).raises(), " Yields b; a = what the generator is sent. In an asynchronous generator b is wrapped or awaited-for already.";
    YIELD_DELEGATED "yield_delegated" schema([Write, Read, Read], I::Suspension, S::None).raises(), " The same on behalf of iterator c, to which `throw()` and `close()` are passed on.";
    SEND "send" schema([Write, Read, Read], I::Branch, S::Shape).raises().skips_next(), " a = what iterator b yields on being sent c; when it returns instead, a = the value returned, going to d. A pair with jump_if_completed a d: the slow path leaves the returned value in a as a completion.";
    JUMP_IF_COMPLETED "jump_if_completed" schema([ReadWrite, Unused, Unused], I::Branch, S::Branch), " If a is a completion, a = its value and goes to d.";
    GET_YIELD_FROM_ITER "get_yield_from_iter" CONVERT, " a = iterator for `yield from b`; coroutines only in coroutines";
    GET_AWAITABLE "get_awaitable" schema([Write, Read, Number], I::Unused, S::Shape).raises(), " a = iterator that awaits b; [`awaiting`] c words the TypeError";
    GET_AITER "get_aiter" CONVERT, " a = type(b).__aiter__(b)";
    GET_ANEXT "get_anext" CONVERT, " a = the awaitable of type(b).__anext__(b)";
    END_ASYNC_FOR "end_async_for" schema([Read, Unused, Unused], I::Unused, S::None).raises(), " Raises exception a again unless it is a StopAsyncIteration.";
    CLEANUP_THROW "cleanup_throw" schema([Write, Read, Unused], I::Unused, S::None).raises(), " a = the value of exception b if that is a StopIteration; raises it again if not";
    ASYNC_GEN_WRAP "async_gen_wrap" MAKE, " a = b as an asynchronous generator yields it";

    // ---- match
    MATCH_SEQUENCE "match_sequence" schema([Write, Read, Unused], I::Unused, S::Shape), " a = is b a sequence in the sense of `match`?";
    MATCH_MAPPING "match_mapping" schema([Write, Read, Unused], I::Unused, S::Shape), " a = is b a mapping in the sense of `match`?";
    MATCH_KEYS "match_keys" schema([Write, Read, Read], I::Unused, S::None).raises(), " a = tuple of mapping b's values for the keys in tuple c, or None; ValueError for equal keys";
    DICT_REST "dict_rest" schema([Write, Read, Read], I::Unused, S::None).raises(), " a = dict of mapping b without the keys in tuple c";
    MATCH_CLASS "match_class" schema([Write, TRIPLE, Number], I::Unused, S::None).raises(), " a = tuple of the attributes of subject b by class b+1 for c positional patterns and those that tuple b+2 names, or None";

    // ---- imports, interactive mode
    IMPORT_NAME "import_name" schema([Write, Read, Number], I::Name, S::None).raises(), " a = __import__(name d, fromlist b, level c)";
    IMPORT_FROM "import_from" schema([Write, Read, Unused], I::Name, S::Shape).raises(), " a = attribute d of module b, or the submodule; ImportError";
    IMPORT_STAR "import_star" schema([Read, Unused, Unused], I::Unused, S::None).raises(), " Binds the public names of module a in the frame's namespace.";
    PRINT_EXPR "print_expr" schema([Read, Unused, Unused], I::Unused, S::None).raises(), " sys.displayhook(a)";
    INIT_RESULT "init_result" schema([Read, Unused, Unused], I::Unused, S::None).raises(), " TypeError unless a, what an `__init__` returned, is None. Only in the runtime's own code.";

    // ---- nothing
    NOP "nop" schema([Unused; 3], I::Unused, S::None), " Nothing: stands for a line of the source of which nothing else is left, so that debuggers see it.";
}

/// Special methods of [`LOAD_SPECIAL`].
pub mod special {
    /// `__enter__`
    pub const ENTER: u16 = 0;
    /// `__exit__`
    pub const EXIT: u16 = 1;
    /// `__aenter__`
    pub const AENTER: u16 = 2;
    /// `__aexit__`
    pub const AEXIT: u16 = 3;
}

/// Conversions of [`FORMAT_VALUE`] and [`FORMAT_VALUE_SPEC`].
pub mod conversion {
    /// None.
    pub const NONE: u16 = 0;
    /// `!s`
    pub const STR: u16 = 1;
    /// `!r`
    pub const REPR: u16 = 2;
    /// `!a`
    pub const ASCII: u16 = 3;
}

/// Parts of a function for [`SET_FUNCTION_PART`].
pub mod function_part {
    /// Tuple of the positional parameters' defaults.
    pub const DEFAULTS: u16 = 0;
    /// Dict of the keyword-only parameters' defaults.
    pub const KEYWORD_DEFAULTS: u16 = 1;
    /// Annotations as a tuple: names and values in turn.
    pub const ANNOTATIONS: u16 = 2;
    /// Tuple of type parameters.
    pub const TYPE_PARAMS: u16 = 3;
}

/// What [`GET_AWAITABLE`] awaits.
pub mod awaiting {
    /// The operand of `await`, or an item of `async for`.
    pub const EXPRESSION: u16 = 0;
    /// The result of `__aenter__`: `'async with' received an object from __aenter__ that does not implement __await__: …`
    pub const AENTER: u16 = 1;
    /// The result of `__aexit__`, likewise.
    pub const AEXIT: u16 = 2;
}

/// Flags of a Python code, above the engine's own ([`vm_code::code::code_flag`]).
pub mod flag {
    use vm_code::code::code_flag::LANGUAGE;

    /// Variables have registers, and the namespace is made when asked for (`CO_OPTIMIZED | CO_NEWLOCALS`). Without it the
    /// frame runs in a namespace: a module, class body, or `exec` source.
    pub const FUNCTION: u32 = LANGUAGE;
    /// Defined inside a function (`CO_NESTED`).
    pub const NESTED: u32 = LANGUAGE << 1;
    /// Calling it makes a generator.
    pub const GENERATOR: u32 = LANGUAGE << 2;
    /// Calling it makes a coroutine.
    pub const COROUTINE: u32 = LANGUAGE << 3;
    /// Calling it makes an asynchronous generator.
    pub const ASYNC_GENERATOR: u32 = LANGUAGE << 4;
    /// The first entry of `extra` is the documentation ([`crate::extra`]).
    pub const HAS_DOCSTRING: u32 = LANGUAGE << 5;
    /// Compiled under `from __future__ import annotations`.
    pub const FUTURE_ANNOTATIONS: u32 = LANGUAGE << 6;
    /// Compiled under `from __future__ import barry_as_FLUFL`.
    pub const FUTURE_BARRY_AS_BDFL: u32 = LANGUAGE << 7;
    /// A class body.
    pub const CLASS: u32 = LANGUAGE << 8;
    /// `from __future__` features without an effect in 3.12, for `co_flags`: division, absolute_import, with_statement,
    /// print_function, unicode_literals, generator_stop, in this order from this bit on.
    pub const FUTURE_OTHERS: u32 = LANGUAGE << 9;
    /// A generator that `await` takes (`types.coroutine` sets it; the compiler never does).
    pub const ITERABLE_COROUTINE: u32 = LANGUAGE << 15;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_documented() {
        for (at, info) in OPCODES.iter().enumerate() {
            assert!(!info.name.is_empty() && !DOCUMENTATION[at].is_empty());
            assert!(OPCODES[..at].iter().all(|other| other.name != info.name), "{} occurs twice", info.name);
        }
    }

    #[test]
    fn families_are_parallel() {
        for (first, last, constant) in
            [(ADD, FLOOR_DIV, ADD_K), (LT, NOT_CONTAINS, LT_K), (BRANCH_LT, BRANCH_NOT_CONTAINS, BRANCH_LT_K)]
        {
            for op in first..=last {
                let (plain, k) = (OPCODES[op as usize].name, OPCODES[(op - first + constant) as usize].name);
                assert_eq!(k, format!("{plain}_k"));
            }
        }
        for op in ADD..=FLOOR_DIV_K {
            let (plain, inplace) = (OPCODES[op as usize].name, OPCODES[(op - ADD + INPLACE_ADD) as usize].name);
            assert_eq!(inplace, format!("inplace_{plain}"));
        }
        for op in LT..=NOT_CONTAINS {
            assert_eq!(OPCODES[(op - LT + BRANCH_LT) as usize].name, format!("branch_{}", OPCODES[op as usize].name));
        }
    }

    #[test]
    fn pairs_write_the_register_that_the_branch_reads() {
        for info in OPCODES.iter().filter(|info| info.skips_next) {
            assert_eq!(info.operands[0], Operand::Write, "{}", info.name);
            assert_eq!(info.immediate, Immediate::Branch, "{}", info.name);
        }
    }
}
