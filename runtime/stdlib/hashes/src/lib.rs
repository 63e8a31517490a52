//! Native modules behind `hashlib`: `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2`.
//!
//! A hash object keeps its running state as plain words in a leaf of the heap ([`digest`]), so that nothing is to be freed
//! with it. The functions are in `objects`; BLAKE2, which takes parameters, is made in `keyed`.

mod blake2;
mod digest;
mod keyed;
mod md5;
mod objects;

use python_objects::module::NativeModule;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] = &[
    NativeModule { name: "_blake2", init: keyed::init },
    NativeModule { name: "_md5", init: objects::init_md5 },
    NativeModule { name: "_sha1", init: objects::init_sha1 },
    NativeModule { name: "_sha2", init: objects::init_sha2 },
    NativeModule { name: "_sha3", init: objects::init_sha3 },
];
