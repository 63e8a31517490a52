//! Symbols: numbers of interned strings, by which attribute names are compared and shapes are keyed.

use crate::py::{Py, R, root};
use crate::string;
use python_algorithms::siphash;
use vm_api::heap::{Object, Value};

/// The number of an interned string. Numbers are never reused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Symbol(pub u32);

macro_rules! names {
    ($($NAME:ident $text:literal)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the variants only number the constants")]
        #[repr(u32)]
        enum Row { $($NAME),* }
        /// Symbols that the runtime itself uses.
        pub mod sym {
            use super::{Row, Symbol};
            $( #[doc = concat!("`", $text, "`")] pub const $NAME: Symbol = Symbol(Row::$NAME as u32 + 1); )*
        }
        /// Their texts, from symbol 1 on.
        const NAMES: &[&str] = &[$($text),*];
    };
}

names! {
    INIT "__init__" NEW "__new__" DEL "__del__" REPR "__repr__" STR "__str__" BYTES "__bytes__" FORMAT "__format__"
    LT "__lt__" LE "__le__" EQ "__eq__" NE "__ne__" GT "__gt__" GE "__ge__" HASH "__hash__" BOOL "__bool__"
    GETATTR "__getattr__" GETATTRIBUTE "__getattribute__" SETATTR "__setattr__" DELATTR "__delattr__" DIR "__dir__"
    GET "__get__" SET "__set__" DELETE "__delete__" SET_NAME "__set_name__" SLOTS "__slots__"
    INIT_SUBCLASS "__init_subclass__" PREPARE "__prepare__" INSTANCECHECK "__instancecheck__"
    SUBCLASSCHECK "__subclasscheck__" CLASS_GETITEM "__class_getitem__" MRO_ENTRIES "__mro_entries__" CALL "__call__"
    LEN "__len__" LENGTH_HINT "__length_hint__" GETITEM "__getitem__" SETITEM "__setitem__" DELITEM "__delitem__"
    MISSING "__missing__" ITER "__iter__" NEXT "__next__" REVERSED "__reversed__" CONTAINS "__contains__"
    ADD "__add__" SUB "__sub__" MUL "__mul__" MATMUL "__matmul__" TRUEDIV "__truediv__" FLOORDIV "__floordiv__"
    MOD "__mod__" DIVMOD "__divmod__" POW "__pow__" LSHIFT "__lshift__" RSHIFT "__rshift__" AND "__and__" XOR "__xor__"
    OR "__or__" RADD "__radd__" RSUB "__rsub__" RMUL "__rmul__" RMATMUL "__rmatmul__" RTRUEDIV "__rtruediv__"
    RFLOORDIV "__rfloordiv__" RMOD "__rmod__" RDIVMOD "__rdivmod__" RPOW "__rpow__" RLSHIFT "__rlshift__"
    RRSHIFT "__rrshift__" RAND "__rand__" RXOR "__rxor__" ROR "__ror__" IADD "__iadd__" ISUB "__isub__" IMUL "__imul__"
    IMATMUL "__imatmul__" ITRUEDIV "__itruediv__" IFLOORDIV "__ifloordiv__" IMOD "__imod__" IPOW "__ipow__"
    ILSHIFT "__ilshift__" IRSHIFT "__irshift__" IAND "__iand__" IXOR "__ixor__" IOR "__ior__" NEG "__neg__" POS "__pos__"
    ABS "__abs__" INVERT "__invert__" COMPLEX "__complex__" INT "__int__" FLOAT "__float__" INDEX "__index__"
    ROUND "__round__" TRUNC "__trunc__" FLOOR "__floor__" CEIL "__ceil__" ENTER "__enter__" EXIT "__exit__"
    AWAIT "__await__" AITER "__aiter__" ANEXT "__anext__" AENTER "__aenter__" AEXIT "__aexit__" BUFFER "__buffer__"
    RELEASE_BUFFER "__release_buffer__" CLASS "__class__" DICT "__dict__" WEAKREF "__weakref__" DOC "__doc__"
    NAME "__name__" QUALNAME "__qualname__" MODULE "__module__" BASES "__bases__" MRO "__mro__" MRO_METHOD "mro"
    ANNOTATIONS "__annotations__" TYPE_PARAMS "__type_params__" DEFAULTS "__defaults__" KWDEFAULTS "__kwdefaults__"
    CLOSURE "__closure__" CODE "__code__" GLOBALS "__globals__" BUILTINS "__builtins__" FUNC "__func__" SELF "__self__"
    WRAPPED "__wrapped__" MATCH_ARGS "__match_args__" CLASSCELL "__classcell__" CLASSDICTCELL "__classdictcell__"
    CLASSDICT "__classdict__" ORIG_BASES "__orig_bases__" FILE "__file__" PATH "__path__" SPEC "__spec__"
    LOADER "__loader__" LOADER_ATTRIBUTE "loader" PACKAGE "__package__" CACHED "__cached__" ALL "__all__" MAIN "__main__" IMPORT "__import__"
    BUILD_CLASS "__build_class__" DEBUG "__debug__" CAUSE "__cause__" CONTEXT "__context__" TRACEBACK "__traceback__"
    SUPPRESS_CONTEXT "__suppress_context__" NOTES "__notes__" ARGS "args" VALUE "value" CODE_ATTRIBUTE "code" ERRNO "errno"
    STRERROR "strerror" FILENAME "filename" FILENAME2 "filename2" MSG "msg" LINENO "lineno" OFFSET "offset" TEXT "text"
    END_LINENO "end_lineno" END_OFFSET "end_offset" PRINT_FILE_AND_LINE "print_file_and_line" NAME_ATTRIBUTE "name"
    OBJ "obj" PATH_ATTRIBUTE "path" NAME_FROM "name_from" ENCODING "encoding" OBJECT "object" START "start" END "end"
    REASON "reason" MESSAGE "message" EXCEPTIONS "exceptions" ABSTRACTMETHODS "__abstractmethods__"
    ISABSTRACTMETHOD "__isabstractmethod__" REDUCE "__reduce__" REDUCE_EX "__reduce_ex__" GETSTATE "__getstate__"
    GETNEWARGS "__getnewargs__" GETNEWARGS_EX "__getnewargs_ex__" SETSTATE "__setstate__" SIZEOF "__sizeof__"
    SUBCLASSHOOK "__subclasshook__" SUBCLASSES "__subclasses__" BASE "__base__" FLAGS "__flags__"
    TEXT_SIGNATURE "__text_signature__" OBJCLASS "__objclass__" FGET "fget" FSET "fset" FDEL "fdel" SEND "send"
    THROW "throw" CLOSE "close" WRITE "write" FLUSH "flush" READ "read" READLINE "readline" KEYS "keys" ITEMS "items"
    VALUES "values" GET_METHOD "get" APPEND "append" EXTEND "extend" SORT "sort" JOIN "join" SUPER "super"
    STDIN "stdin" STDOUT "stdout" STDERR "stderr" MODULES "modules" META_PATH "meta_path" PATH_HOOKS "path_hooks"
    DISPLAYHOOK "displayhook" EXCEPTHOOK "excepthook" UNRAISABLEHOOK "unraisablehook" ARGV "argv" LAST "_"
    FIND_SPEC "find_spec" EXEC_MODULE "exec_module" CREATE_MODULE "create_module" INITIALIZING "_initializing"
    GENERIC "Generic" TYPING "typing" KEY "key" REVERSE "reverse" SEP "sep" STEP "step" STOP "stop" DEFAULT "default"
    METACLASS "metaclass" CO_NAME "co_name" REAL "real" IMAG "imag" DICT_NAME "dict" LIST_NAME "list" SYS "sys"
    BUILTINS_NAME "builtins" TB_NEXT "tb_next" TB_LINENO "tb_lineno" TB_FRAME "tb_frame" TB_LASTI "tb_lasti"
    F_LOCALS "f_locals" F_GLOBALS "f_globals" F_LINENO "f_lineno" F_CODE "f_code" F_BACK "f_back" FSPATH "__fspath__"
    SIGNATURE "__signature__" CLEAR "clear" COPY "copy" UPDATE "update" POP "pop" ADD_METHOD "add" ORIGIN "__origin__"
    PARAMETERS "__parameters__" TYPING_UNPACKED "__typing_unpacked_tuple_args__" TYPING_SUBST "__typing_subst__"
    STATIC_ATTRIBUTES "__static_attributes__" FIRSTLINENO "__firstlineno__" CLOSED "closed" EMPTY ""
}

/// More symbols than there are when an interpreter has started: what is outgrown is garbage, and has cost memory.
const USUAL: usize = 4096;

/// Makes the symbols that the runtime itself uses. Once, when nothing has been interned.
pub(crate) fn start(py: Py<'_>) -> R<()> {
    py.set_root(root::SYMBOLS, py.new_array(USUAL)?.value());
    py.set_root(root::INTERNED, py.new_array(2 * USUAL)?.value());
    py.state().symbols.set(1);
    for (i, text) in NAMES.iter().enumerate() {
        let s = py.intern(text)?;
        debug_assert_eq!(s.0 as usize, i + 1);
    }
    Ok(())
}

/// Where in the table of interned strings `text` is, or would be.
fn probe(table: Object, hash: i64, mut same: impl FnMut(Object) -> bool) -> Result<Object, usize> {
    let mask = table.length() - 1;
    let mut i = hash as usize & mask;
    loop {
        let v = table.element(i);
        match Object::from_value(v) {
            None => return Err(i),
            Some(o) if string::known_hash(o) == hash && same(o) => return Ok(o),
            Some(_) => i = (i + 1) & mask,
        }
    }
}

impl Py<'_> {
    /// The symbol of a text.
    pub fn intern(self, text: &str) -> R<Symbol> {
        if !text.is_ascii() {
            return self.new_str(text).and_then(|s| self.symbol_of(s));
        }
        // Most texts have been interned before: no string is made of those.
        let hash = siphash::hash_bytes(self.state().hash_key, text.as_bytes());
        let known = probe(Object::of(self.root(root::INTERNED)), hash, |o| string::ascii(o) == Some(text));
        if let Some(symbol) = known.ok().and_then(string::symbol) {
            return Ok(symbol);
        }
        let s = self.new_str(text)?;
        string::set_hash(s, hash);
        self.symbol_of(s)
    }
    /// The symbol of a string object (of kind `STR` and exact), interning it.
    #[inline]
    pub fn symbol_of(self, s: Object) -> R<Symbol> {
        match string::symbol(s) {
            Some(symbol) => Ok(symbol),
            None => self.intern_slow(s),
        }
    }
    #[cold]
    #[inline(never)]
    fn intern_slow(self, s: Object) -> R<Symbol> {
        let hash = string::hash(self, s);
        match probe(Object::of(self.root(root::INTERNED)), hash, |o| string::equal(o, s)) {
            Ok(o) => {
                let symbol = string::symbol(o).unwrap_or_else(|| unreachable!("interned strings have symbols"));
                string::set_symbol(s, symbol);
                Ok(symbol)
            }
            Err(_) => {
                let kept = self.plain_string(s)?;
                string::hash(self, kept);
                let state = self.state();
                let symbol = Symbol(state.symbols.get());
                let mut symbols = Object::of(self.root(root::SYMBOLS));
                if symbol.0 as usize >= symbols.length() {
                    let larger = self.new_array(symbols.length() * 2)?;
                    symbols = Object::of(self.root(root::SYMBOLS));
                    self.heap().copy_elements(symbols, 0, larger, 0, symbols.length());
                    self.set_root(root::SYMBOLS, larger.value());
                    symbols = larger;
                }
                if state.interned.get() * 2 >= Object::of(self.root(root::INTERNED)).length() {
                    self.grow_interned()?;
                    symbols = Object::of(self.root(root::SYMBOLS));
                }
                let table = Object::of(self.root(root::INTERNED));
                if let Err(i) = probe(table, hash, |_| false) {
                    self.heap().store_element(table, i, kept.value());
                }
                self.heap().store_element(symbols, symbol.0 as usize, kept.value());
                string::set_symbol(s, symbol);
                string::set_symbol(kept, symbol);
                state.symbols.set(symbol.0 + 1);
                state.interned.set(state.interned.get() + 1);
                Ok(symbol)
            }
        }
    }
    fn grow_interned(self) -> R<()> {
        let length = Object::of(self.root(root::INTERNED)).length();
        let larger = self.new_array(length * 2)?;
        let old = Object::of(self.root(root::INTERNED));
        for i in 0..length {
            if let Some(o) = Object::from_value(old.element(i))
                && let Err(at) = probe(larger, string::known_hash(o), |_| false)
            {
                self.heap().store_element(larger, at, o.value());
            }
        }
        self.set_root(root::INTERNED, larger.value());
        Ok(())
    }
    /// The string of a symbol.
    #[inline]
    pub fn symbol_string(self, symbol: Symbol) -> Object {
        Object::of(Object::of(self.root(root::SYMBOLS)).element(symbol.0 as usize))
    }
    /// The text of a symbol, for messages.
    pub fn symbol_text(self, symbol: Symbol) -> String {
        string::to_rust(self.symbol_string(symbol))
    }
    /// The symbol of a value that must be a string; `None` if it is none.
    pub fn symbol_of_value(self, v: Value) -> R<Option<Symbol>> {
        match string::exact_or_payload(self, v) {
            Some(s) => Ok(Some(self.symbol_of(s)?)),
            None => Ok(None),
        }
    }
}
