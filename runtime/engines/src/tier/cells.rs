//! The objects that a unit mentions: roots at addresses that stay as long as the unit is kept.

use std::cell::Cell;
use std::rc::Rc;
use vm_api::heap::Value;
use vm_api::heap::roots::SlotVisitor;
use vm_api::vir::CellId;

/// See the module header.
#[derive(Clone)]
pub(super) struct Cells(Rc<[Cell<Value>]>);

impl Cells {
    pub(super) fn new(values: impl IntoIterator<Item = Value>) -> Cells {
        Cells(values.into_iter().map(Cell::new).collect())
    }
    pub(super) fn get(&self, cell: CellId) -> Option<Value> {
        self.0.get(cell.index()).map(Cell::get)
    }
    /// Where a cell is, which must be one of the unit's.
    pub(super) fn address(&self, cell: CellId) -> u64 {
        self.0[cell.index()].as_ptr() as u64
    }
    pub(super) fn slots(&self, visitor: &mut dyn SlotVisitor) {
        for cell in self.0.iter() {
            // SAFETY: inside a collection nothing else uses the cells.
            visitor.slot(unsafe { &mut *cell.as_ptr() });
        }
    }
}
