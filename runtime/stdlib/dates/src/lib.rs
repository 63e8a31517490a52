//! `_datetime`: dates, times, durations and time zones as native types; and `_zoneinfo`.
//!
//! A file holds a type; [`calendar`] and [`iso`] are plain algorithms. A date is one small integer, a time of day another
//! (its microseconds), so that comparing them is comparing those.

mod calendar;
mod clock;
mod date;
mod delta;
mod format;
mod iso;
mod moment;
mod moment_methods;
mod support;
mod time;
mod zone;
mod zoneinfo;

use python_objects::module::NativeModule;
use python_objects::{Object, Py, R, Value};
use stdlib_core::support::{add, constants};

/// The modules of this crate.
pub const MODULES: &[NativeModule] =
    &[NativeModule { name: "_datetime", init }, NativeModule { name: "_zoneinfo", init: zoneinfo::init }];

fn init(py: Py<'_>, module: Object) -> R<()> {
    let classes = [
        delta::install(py)?,
        date::install(py)?,
        zone::install(py)?,
        time::install(py)?,
        moment::install(py)?,
        zone::install_fixed(py)?,
    ];
    for class in classes {
        add(py, module, &python_objects::class::name(py, class), class.value())?;
    }
    let utc = zone::utc(py)?;
    add(py, module, "UTC", utc)?;
    constants(py, module, &[("MINYEAR", calendar::YEARS.0.into()), ("MAXYEAR", calendar::YEARS.1.into())])?;
    debug_assert!(utc != Value::NONE);
    Ok(())
}
