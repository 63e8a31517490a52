//! Displays: `[…]`, `(…)`, `{…}`.

use super::*;

impl<'a> Compiler<'a> {
    fn is_starred(&self, id: ExprId) -> bool {
        matches!(self.ast[id], Expr::Starred { .. })
    }

    /// May these elements be evaluated into one window?
    fn fits_window(&self, elements: &[ExprId]) -> bool {
        elements.len() <= MAX_WINDOW && !elements.iter().any(|&id| self.is_starred(id))
    }

    pub(super) fn list_display(&mut self, id: ExprId, elements: List<ExprId>, dst: Reg) -> Compiled {
        let at = self.ast.span(id);
        if !elements.is_empty()
            && let Some(items) = self.folder.constants(elements)
        {
            let items = self.constant(K::Tuple(items));
            self.emit(at, BUILD_LIST_K, dst, 0, 0, items);
            return Ok(());
        }
        self.display(at, self.ast.list(elements), BUILD_LIST, LIST_APPEND, LIST_EXTEND, dst)
    }

    pub(super) fn set_display(&mut self, id: ExprId, elements: List<ExprId>, dst: Reg) -> Compiled {
        let at = self.ast.span(id);
        if let Some(items) = self.folder.constants(elements) {
            let items = self.constant(K::FrozenSet(items));
            self.emit(at, BUILD_SET_K, dst, 0, 0, items);
            return Ok(());
        }
        self.display(at, self.ast.list(elements), BUILD_SET, SET_ADD, SET_UPDATE, dst)
    }

    pub(super) fn tuple_display(&mut self, id: ExprId, elements: List<ExprId>, dst: Reg) -> Compiled {
        self.tuple_of(self.ast.span(id), self.ast.list(elements), dst)
    }

    /// A tuple of these elements, of which some may be starred.
    pub(super) fn tuple_of(&mut self, at: Span, elements: &[ExprId], dst: Reg) -> Compiled {
        if self.fits_window(elements) {
            return self.display(at, elements, BUILD_TUPLE, LIST_APPEND, LIST_EXTEND, dst);
        }
        let list = self.temporary();
        self.display(at, elements, BUILD_LIST, LIST_APPEND, LIST_EXTEND, list)?;
        self.emit(at, LIST_TO_TUPLE, dst, list, 0, 0);
        self.release_to(list);
        Ok(())
    }

    fn display(&mut self, at: Span, elements: &[ExprId], build: u16, add: u16, extend: u16, dst: Reg) -> Compiled {
        let top = self.top();
        let fits = self.fits_window(elements);
        let whole = if fits { elements.len() } else { 0 };
        let first = elements[whole..].iter().position(|&id| self.is_starred(id)).unwrap_or(elements.len());
        // What stands before the first starred element goes in at once, if it is not too much.
        let at_once = if fits { elements.len() } else { first.min(MAX_WINDOW) };
        let collection = if fits || self.is_temporary(dst) { dst } else { self.temporary() };
        let window = self.top();
        for &element in &elements[..at_once] {
            self.push(element)?;
        }
        self.emit(at, build, collection, window, at_once as u16, 0);
        self.release_to(window);
        for &element in &elements[at_once..] {
            if let Expr::Starred { value, .. } = self.ast[element] {
                let iterable = self.push(value)?;
                self.emit(at, extend, collection, iterable, 0, 0);
            } else {
                let value = self.operand(element)?;
                self.emit(at, add, collection, value, 0, 0);
            }
            self.release_to(window);
        }
        self.move_to(dst, collection, at);
        self.release_to(top);
        Ok(())
    }

    pub(super) fn dict_display(
        &mut self,
        id: ExprId,
        keys: List<Option<ExprId>>,
        values: List<ExprId>,
        dst: Reg,
    ) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let (keys, values) = (ast.list(keys), ast.list(values));
        let constants: Option<Box<[K]>> =
            keys.iter().map(|key| key.and_then(|key| self.folder.constant(key))).collect();
        let window = self.top();
        if let Some(constants) = constants
            && !keys.is_empty()
            && keys.len() <= MAX_WINDOW
        {
            for &value in values {
                self.push(value)?;
            }
            let constants = self.constant(K::Tuple(constants));
            self.emit(at, BUILD_DICT_K, dst, window, values.len() as u16, constants);
            self.release_to(window);
            return Ok(());
        }
        let pairs = keys.iter().position(Option::is_none).unwrap_or(keys.len()).min(MAX_WINDOW / 2);
        let complete = pairs == keys.len();
        let dict = if complete || self.is_temporary(dst) { dst } else { self.temporary() };
        let window = self.top();
        for (key, &value) in keys.iter().zip(values).take(pairs) {
            key.map_or(Ok(0), |key| self.push(key))?;
            self.push(value)?;
        }
        self.emit(at, BUILD_DICT, dict, window, 2 * pairs as u16, 0);
        self.release_to(window);
        for (key, &value) in keys.iter().zip(values).skip(pairs) {
            match *key {
                Some(key) => {
                    let key = self.operand(key)?;
                    let value = self.operand(value)?;
                    self.emit(at, DICT_SET, dict, key, value, 0);
                }
                None => {
                    let mapping = self.push(value)?;
                    self.emit(at, DICT_UPDATE, dict, mapping, 0, 0);
                }
            }
            self.release_to(window);
        }
        self.move_to(dst, dict, at);
        Ok(())
    }
}
