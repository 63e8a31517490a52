//! Type parameters and aliases (PEP 695): how they lie in memory, for the opcodes that make them and the types of `typing`.

use crate::kind::Kind;
use crate::py::{Py, R};
use crate::tuple;
use vm_api::heap::{Object, ShapeIndex, Value};

/// Words of a `TypeVar`, `ParamSpec` or `TypeVarTuple`; not all use all.
pub mod word {
    /// `__name__`, a string.
    pub const NAME: usize = 1;
    /// What computes the bound when it is first asked for, or EMPTY.
    pub const COMPUTE_BOUND: usize = 2;
    /// What computes the constraints when they are first asked for, or EMPTY.
    pub const COMPUTE_CONSTRAINTS: usize = 3;
    /// `__bound__`, or EMPTY.
    pub const BOUND: usize = 4;
    /// `__constraints__`, or EMPTY.
    pub const CONSTRAINTS: usize = 5;
    /// `__covariant__`, or EMPTY.
    pub const COVARIANT: usize = 6;
    /// `__contravariant__`, or EMPTY.
    pub const CONTRAVARIANT: usize = 7;
    /// `__infer_variance__`; EMPTY: true, as it is for what the syntax makes.
    pub const INFER_VARIANCE: usize = 8;
    /// `__dict__`, or EMPTY.
    pub const DICT: usize = 9;
    /// Words in all.
    pub const WORDS: usize = 10;
}

/// Words of a type alias.
pub mod alias {
    /// `__name__`, a string.
    pub const NAME: usize = 1;
    /// `__type_params__`: a tuple, or EMPTY for none.
    pub const TYPE_PARAMS: usize = 2;
    /// What computes the value when it is first asked for, or EMPTY.
    pub const COMPUTE: usize = 3;
    /// `__value__`, or EMPTY.
    pub const VALUE: usize = 4;
    /// `__module__`, or EMPTY: that of the function.
    pub const MODULE: usize = 5;
    /// Words in all.
    pub const WORDS: usize = 8;
}

impl Py<'_> {
    /// A type parameter of a kind (its shape) with this name, everything else EMPTY.
    pub fn new_type_parameter(self, shape: ShapeIndex, name: Value) -> R<Object> {
        self.new_object(shape, word::WORDS, &[name])
    }
    /// A tuple of type parameters, of which those that stand for several are unpacked. Runs Python code of `typing`.
    pub fn unpacked_type_parameters(self, parameters: Object) -> R {
        if tuple::items(parameters).all(|p| self.kind(p) != Kind::TYPE_VAR_TUPLE) {
            return Ok(parameters.value());
        }
        let l = self.new_list(parameters.length())?;
        for p in tuple::items(parameters) {
            let mut item = p;
            if self.kind(p) == Kind::TYPE_VAR_TUPLE {
                let iterator = self.iter(p)?;
                item = self.next(iterator)?.unwrap_or(p);
            }
            self.list_push(l, item)?;
        }
        self.list_to_tuple(l)
    }
}
