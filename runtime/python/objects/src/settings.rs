//! What the command line and the environment decide before anything of Python is there.

use crate::module::NativeModule;
use std::ffi::OsString;

/// What `sys.flags` says. Counts are of how often an option was given.
#[derive(Clone, Debug)]
pub struct Flags {
    /// `-d`
    pub debug: u32,
    /// `-i`: look around after the program.
    pub inspect: u32,
    /// `-i`: behave as if a user sat there.
    pub interactive: u32,
    /// `-O`
    pub optimize: u8,
    /// `-B`
    pub dont_write_bytecode: bool,
    /// `-s`
    pub no_user_site: bool,
    /// `-S`
    pub no_site: bool,
    /// `-E`
    pub ignore_environment: bool,
    /// `-v`
    pub verbose: u32,
    /// `-b`
    pub bytes_warning: u32,
    /// `-q`
    pub quiet: u32,
    /// `-I`
    pub isolated: bool,
    /// `-X dev`
    pub dev_mode: bool,
    /// `-X utf8`
    pub utf8_mode: bool,
    /// `-X warn_default_encoding`
    pub warn_default_encoding: bool,
    /// `-P`
    pub safe_path: bool,
    /// `-X int_max_str_digits`
    pub int_max_str_digits: usize,
}

impl Default for Flags {
    fn default() -> Flags {
        Flags {
            debug: 0,
            inspect: 0,
            interactive: 0,
            optimize: 0,
            dont_write_bytecode: false,
            no_user_site: false,
            no_site: false,
            ignore_environment: false,
            verbose: 0,
            bytes_warning: 0,
            quiet: 0,
            isolated: false,
            dev_mode: false,
            utf8_mode: false,
            warn_default_encoding: false,
            safe_path: false,
            int_max_str_digits: INT_MAX_STR_DIGITS,
        }
    }
}

/// `sys.get_int_max_str_digits()` unless somebody says otherwise.
pub const INT_MAX_STR_DIGITS: usize = 4300;

/// What the command line and the environment decide.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `sys.flags`
    pub flags: Flags,
    /// `-u`
    pub unbuffered: bool,
    /// `sys.warnoptions`
    pub warnings: Vec<String>,
    /// `-X` options: names, with `=` and a value or without.
    pub x_options: Vec<String>,
    /// Key of string hashes; `None`: a random one.
    pub hash_seed: Option<u32>,
    /// `sys.argv`
    pub arguments: Vec<OsString>,
    /// `sys.path` before the library.
    pub path: Vec<OsString>,
    /// A CPython `Lib` directory instead of the embedded library.
    pub library: Option<OsString>,
    /// `sys.executable`
    pub executable: OsString,
    /// `sys._base_executable`, if it is another: what a virtual environment was made from.
    pub base_executable: Option<OsString>,
    /// `sys.prefix`, if Prism is installed somewhere.
    pub prefix: Option<OsString>,
    /// `--check-hash-based-pycs`: when sources are looked at for these; `default` if nothing is said.
    pub check_hash_based_pycs: String,
    /// `sys.pycache_prefix`
    pub pycache_prefix: Option<OsString>,
    /// `-X importtime`
    pub import_times: bool,
    /// `-X faulthandler`
    pub fault_handler: bool,
    /// `-X no_debug_ranges`: places in the source are lines without columns.
    pub no_debug_ranges: bool,
    /// `PYTHONIOENCODING`
    pub stream_encoding: String,
    /// Native modules that the embedder adds to those of this build.
    pub modules: &'static [NativeModule],
}
