//! `errno`

use crate::support::{add, constants};
use python_objects::{Object, Py, R, Value};

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let codes = py.new_dict()?;
    for (name, number) in stdlib_system::ERRORS {
        let name = py.str(name)?;
        let number = Value::int(i64::from(*number));
        if py.dict_get(codes, number)?.is_none() {
            py.dict_set(codes, number, name)?;
        }
    }
    add(py, module, "errorcode", codes.value())?;
    let all = stdlib_system::ERRORS.iter().map(|(name, number)| (*name, i64::from(*number))).collect::<Vec<_>>();
    constants(py, module, &all)
}
