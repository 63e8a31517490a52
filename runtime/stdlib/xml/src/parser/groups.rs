//! Content models while they are declared.

use super::event::{Model, Part, model};

/// A group that is open.
struct Group {
    /// A sequence until something else is seen.
    kind: i64,
    /// Was it told by a `,` or `|` what it is?
    is_decided: bool,
    parts: usize,
}
#[derive(Default)]
pub(super) struct Groups {
    open: Vec<Group>,
    model: Model,
}
impl Groups {
    pub(super) fn whole(kind: i64) -> Model {
        vec![Part { kind, times: model::ONCE, name: None, parts: 0 }]
    }
    pub(super) fn open(&mut self) {
        self.open.push(Group { kind: model::SEQUENCE, is_decided: false, parts: 0 });
    }
    /// Bytes of memory, about.
    pub(super) fn size(&self) -> usize {
        24 * self.open.capacity() + 80 * self.model.capacity()
    }
    pub(super) fn mixed(&mut self) {
        if let Some(group) = self.open.last_mut() {
            group.kind = model::MIXED;
        }
    }
    pub(super) fn add(&mut self, name: &str, times: i64) {
        self.model.push(Part { kind: model::NAME, times, name: Some(name.to_owned()), parts: 0 });
        if let Some(group) = self.open.last_mut() {
            group.parts += 1;
        }
    }
    /// A `,` or `|`, which may not be mixed: does it fit?
    pub(super) fn connect(&mut self, kind: i64) -> bool {
        let Some(group) = self.open.last_mut() else { return false };
        if group.kind == model::MIXED {
            return kind == model::CHOICE;
        }
        if group.is_decided && group.kind != kind {
            return false;
        }
        (group.kind, group.is_decided) = (kind, true);
        true
    }
    /// Ends a group. The whole model, if it was the outermost.
    pub(super) fn close(&mut self, times: i64) -> Option<Model> {
        let group = self.open.pop()?;
        self.model.push(Part { kind: group.kind, times, name: None, parts: group.parts });
        match self.open.last_mut() {
            Some(outer) => {
                outer.parts += 1;
                None
            }
            None => Some(std::mem::take(&mut self.model)),
        }
    }
}
