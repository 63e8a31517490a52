//! `_multibytecodec`, and the modules whose codecs it runs: `_codecs_cn`, `_codecs_hk`, `_codecs_iso2022`, `_codecs_jp`,
//! `_codecs_kr` and `_codecs_tw`.
//!
//! An encoding is a [`multibyte::Multibyte`], which converts one character on plain data: a file a region, over the tables of
//! [`maps`]. [`convert`] puts characters together and handles errors; the types over it are what programs see.

mod big5;
mod cn;
mod codec;
mod convert;
mod errors;
mod incremental;
mod iso2022;
mod jisx0213;
mod jp;
mod kr;
mod maps;
mod multibyte;
mod partial;
mod stream;

use python_objects::module::NativeModule;
use python_objects::{Args, Native, Object, Py, R};
use stdlib_core::support::add;

macro_rules! regions {
    ($($table:literal $name:literal $get:ident $FUNCTIONS:ident $init:ident;)*) => {
        $(
            fn $get(py: Py<'_>, args: Args<'_>) -> R {
                codec::get(py, $table, args)
            }
            static $FUNCTIONS: &[Native] =
                &[Native::function("getcodec", "encoding, /", $get, "Return the codec object of an encoding.")];
            fn $init(py: Py<'_>, module: Object) -> R<()> {
                py.add_functions(module, $FUNCTIONS)
            }
        )*
        /// The modules of this crate.
        pub const MODULES: &[NativeModule] = &[
            NativeModule { name: "_multibytecodec", init },
            $(NativeModule { name: $name, init: $init },)*
        ];
    };
}
// The numbers are places in `codec::TABLES`.
regions! {
    0 "_codecs_cn" get_cn CN init_cn;
    1 "_codecs_hk" get_hk HK init_hk;
    2 "_codecs_iso2022" get_iso2022 ISO2022 init_iso2022;
    3 "_codecs_jp" get_jp JP init_jp;
    4 "_codecs_kr" get_kr KR init_kr;
    5 "_codecs_tw" get_tw TW init_tw;
}

/// CPython makes codec objects of what its modules hand over in capsules. Ours make them themselves: nothing is such a one.
static FUNCTIONS: &[Native] = &[Native::function(
    "__create_codec",
    "arg, /",
    |py, _| py.value_error("argument type invalid"),
    "Make a codec object of a capsule.",
)];

fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    for spec in [&incremental::ENCODER, &incremental::DECODER, &stream::READER, &stream::WRITER] {
        add(py, module, spec.name, py.native_type(spec)?.value())?;
    }
    Ok(())
}
