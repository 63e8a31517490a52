//! Which native functions make the instances of a class: what a call of it would find by looking up `__new__` and `__init__`,
//! kept by the class's number (which no other class ever has) until one of the two changes anywhere.

use crate::class;
use crate::native::Native;
use crate::symbol::{Symbol, sym};
use std::cell::{Cell, RefCell};
use vm_api::heap::Object;

/// How instances of a class are made.
#[derive(Clone, Copy)]
pub(crate) enum Maker {
    /// Not known, or not by native functions alone.
    Any,
    /// By those of `BaseException`, which keep the arguments: no more need be done if there are no keywords.
    Arguments,
    /// By a native `__new__`, not `object`'s, and a native `__init__`, none if that is `object`'s.
    Natives { new: &'static Native, init: Option<&'static Native> },
}

/// The makers that are known.
#[derive(Default)]
pub(crate) struct Makers {
    /// By class number.
    known: RefCell<Vec<Cell<Maker>>>,
}

impl Makers {
    #[inline]
    pub(crate) fn of(&self, class: Object) -> Maker {
        self.known.borrow().get(class::number(class) as usize).map_or(Maker::Any, Cell::get)
    }
    pub(crate) fn note(&self, class: Object, maker: Maker) {
        let (mut known, number) = (self.known.borrow_mut(), class::number(class) as usize);
        if known.len() <= number {
            known.resize(number + 1, Cell::new(Maker::Any));
        }
        known[number].set(maker);
    }
    /// The attribute of some class changed.
    pub(crate) fn changed(&self, name: Symbol) {
        if name == sym::NEW || name == sym::INIT {
            self.forget();
        }
    }
    pub(crate) fn forget(&self) {
        self.known.borrow_mut().clear();
    }
}
