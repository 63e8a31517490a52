//! Binding, unbinding and unpacking.

use super::operators::{Right, binary_opcode};
use super::*;

impl<'a> Compiler<'a> {
    /// `target = target = value`
    pub(super) fn assign(&mut self, targets: List<ExprId>, value: ExprId) -> Compiled {
        let ast = self.ast;
        let Some((&first, rest)) = ast.list(targets).split_first() else { return self.effect(value) };
        if rest.is_empty() && self.assign_display(first, value)? {
            return Ok(());
        }
        let top = self.top();
        let mut register = None;
        if let Some(variable) = self.variable_target(first)? {
            self.expr_to(value, variable)?;
            self.mark_bound(variable);
            if rest.is_empty() {
                return Ok(());
            }
            if !self.is_rebound(variable) {
                register = Some(variable);
            } else {
                let copy = self.temporary();
                self.move_to(copy, variable, ast.span(value));
                register = Some(copy);
            }
        }
        let stored = register.is_some();
        let value = match register {
            Some(register) => register,
            None => self.operand(value)?,
        };
        let targets = if stored { rest } else { ast.list(targets) };
        targets.iter().try_for_each(|&target| self.store(target, value))?;
        self.release_to(top);
        Ok(())
    }

    /// `a, b = b, a` without a tuple. Returns whether it was done.
    fn assign_display(&mut self, target: ExprId, value: ExprId) -> Compiled<bool> {
        let ast = self.ast;
        let (Expr::Tuple { elts: targets, .. } | Expr::List { elts: targets, .. }) = ast[target] else {
            return Ok(false);
        };
        let Expr::Tuple { elts: values, .. } = ast[value] else { return Ok(false) };
        let (targets, values) = (ast.list(targets), ast.list(values));
        let starred = |list: &[ExprId]| list.iter().any(|&id| matches!(ast[id], Expr::Starred { .. }));
        if targets.len() != values.len() || values.len() > MAX_WINDOW || starred(targets) || starred(values) {
            return Ok(false);
        }
        let top = self.top();
        let mut registers = Vec::with_capacity(values.len());
        for &value in values {
            registers.push(self.push(value)?);
        }
        for (&target, register) in targets.iter().zip(registers) {
            self.store(target, register)?;
        }
        self.release_to(top);
        Ok(true)
    }

    /// Binds a target to the value in a register.
    pub(super) fn store(&mut self, target: ExprId, value: Reg) -> Compiled {
        let ast = self.ast;
        let at = ast.span(target);
        let top = self.top();
        match ast[target] {
            Expr::Name { id: name, .. } => self.store_name(name, value, at)?,
            Expr::Attribute { value: object, attr, .. } => {
                self.check_bindable(attr, at)?;
                let object = self.operand(object)?;
                let name = self.name_index(attr);
                self.emit(self.attribute_span(at, attr), STORE_ATTR, object, value, 0, name);
            }
            Expr::Subscript { value: object, slice, .. } => {
                if is_simple_slice(ast, slice)
                    && let Some((window, _)) = self.slice_window(object, slice)?
                {
                    let item = self.temporary();
                    self.move_to(item, value, at);
                    self.emit(at, STORE_SLICE, window, 0, 0, 0);
                } else {
                    let object = self.operand(object)?;
                    match self.right_operand(slice, true)? {
                        Right::Register(index) => self.emit(at, STORE_ITEM, object, index, value, 0),
                        Right::Constant(index) => self.emit(at, STORE_ITEM_K, object, value, 0, index),
                    }
                }
            }
            Expr::Starred { .. } => {
                return self.error("starred assignment target must be in a list or tuple", at);
            }
            Expr::Tuple { elts, .. } | Expr::List { elts, .. } => self.unpack(at, ast.list(elts), value)?,
            _ => return self.error("cannot assign to this expression", at),
        }
        self.release_to(top);
        Ok(())
    }

    fn unpack(&mut self, at: Span, targets: &[ExprId], value: Reg) -> Compiled {
        let ast = self.ast;
        let mut star = None;
        for (index, &target) in targets.iter().enumerate() {
            if !matches!(ast[target], Expr::Starred { .. }) {
                continue;
            }
            if star.is_some() {
                return self.error("multiple starred expressions in assignment", at);
            }
            if index >= 256 || targets.len() - index > 1 << 23 {
                return self.error("too many expressions in star-unpacking assignment", at);
            }
            star = Some(index);
        }
        // A tuple of the items may replace the operand, so it must be a temporary.
        let source = self.temporary();
        self.move_to(source, value, at);
        let direct = self.consecutive_variables(targets)?;
        let window = match direct {
            Some(first) => first,
            None => self.window(targets.len()),
        };
        let count = u16::try_from(targets.len()).map_err(|_| CompileError::TooLarge("too many targets".into()))?;
        match star {
            None => self.emit(at, UNPACK_SEQUENCE, source, window, count, 0),
            Some(star) => self.emit(at, UNPACK_EX, source, window, count, star as i32),
        }
        for (offset, &target) in targets.iter().enumerate() {
            let register = window + offset as u16;
            if direct.is_some() {
                self.mark_bound(register);
                continue;
            }
            let target = match ast[target] {
                Expr::Starred { value, .. } => value,
                _ => target,
            };
            self.store(target, register)?;
        }
        Ok(())
    }

    /// The first register, if the targets are variables in consecutive registers.
    fn consecutive_variables(&mut self, targets: &[ExprId]) -> Compiled<Option<Reg>> {
        let mut first = None;
        for (offset, &target) in targets.iter().enumerate() {
            let Some(register) = self.variable_target(target)? else { return Ok(None) };
            let start = *first.get_or_insert(register);
            if usize::from(register) != usize::from(start) + offset {
                return Ok(None);
            }
        }
        Ok(first)
    }

    /// `target op= value`
    pub(super) fn augmented(&mut self, id: StmtId, target: ExprId, op: Operator, value: ExprId) -> Compiled {
        let ast = self.ast;
        let (at, span) = (ast.span(id), ast.span(target));
        let op = binary_opcode(op) - ADD + INPLACE_ADD;
        let top = self.top();
        match ast[target] {
            Expr::Name { id: name, .. } => {
                let variable = self.variable_target(target)?;
                let in_place = self.name_in_place(name, span).filter(|&register| !self.is_rebound(register));
                let left = match in_place {
                    Some(register) => register,
                    None => {
                        let register = self.temporary();
                        self.load_name(name, register, span);
                        register
                    }
                };
                let dst = variable.unwrap_or(left);
                self.augment(at, op, dst, left, value)?;
                match variable {
                    Some(register) => self.mark_bound(register),
                    None => self.store_name(name, dst, span)?,
                }
            }
            Expr::Attribute { value: object, attr, .. } => {
                let object = self.operand(object)?;
                let name = self.name_index(attr);
                let result = self.temporary();
                let span = self.attribute_span(span, attr);
                self.emit(span, LOAD_ATTR, result, object, 0, name);
                self.augment(at, op, result, result, value)?;
                // CPython 3.12 lets `x.__debug__ += 1` pass.
                self.emit(span, STORE_ATTR, object, result, 0, name);
            }
            Expr::Subscript { value: object, slice, .. } => {
                if is_simple_slice(ast, slice)
                    && let Some((window, parts)) = self.slice_window(object, slice)?
                {
                    // Where the slice instruction takes it.
                    let result = self.temporary();
                    self.emit(span, LOAD_SLICE, result, window, 1 + parts, 0);
                    self.augment(at, op, result, result, value)?;
                    self.emit(span, STORE_SLICE, window, 0, 0, 0);
                } else {
                    let object = self.operand(object)?;
                    let index = self.right_operand(slice, true)?;
                    let result = self.temporary();
                    match index {
                        Right::Register(index) => self.emit(span, LOAD_ITEM, result, object, index, 0),
                        Right::Constant(index) => self.emit(span, LOAD_ITEM_K, result, object, 0, index),
                    }
                    self.augment(at, op, result, result, value)?;
                    match index {
                        Right::Register(index) => self.emit(span, STORE_ITEM, object, index, result, 0),
                        Right::Constant(index) => self.emit(span, STORE_ITEM_K, object, result, 0, index),
                    }
                }
            }
            _ => return self.error("invalid node for augmented assignment", span),
        }
        self.release_to(top);
        Ok(())
    }

    fn augment(&mut self, at: Span, op: u16, dst: Reg, left: Reg, value: ExprId) -> Compiled {
        match self.right_operand(value, true)? {
            Right::Register(right) => self.emit(at, op, dst, left, right, 0),
            Right::Constant(right) => self.emit(at, op - INPLACE_ADD + INPLACE_ADD_K, dst, left, 0, right),
        }
        Ok(())
    }

    /// `target: annotation = value`
    pub(super) fn annotated(
        &mut self,
        id: StmtId,
        target: ExprId,
        annotation: ExprId,
        value: Option<ExprId>,
        simple: bool,
    ) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let top = self.top();
        let annotates = matches!(self.unit_ref().kind, UnitKind::Module | UnitKind::Class);
        if let Some(value) = value {
            match self.variable_target(target)? {
                Some(variable) => {
                    self.expr_to(value, variable)?;
                    self.mark_bound(variable);
                }
                None => {
                    let value = self.operand(value)?;
                    self.store(target, value)?;
                    self.release_to(top);
                }
            }
        }
        match ast[target] {
            Expr::Name { id: name, .. } => {
                self.check_bindable(name, at)?;
                if simple && annotates {
                    let annotation = self.annotation_operand(annotation)?;
                    let dict = self.temporary();
                    self.load_named("__annotations__", dict, at);
                    let name = self.mangled(name);
                    let name = self.text(name);
                    let name = self.constant(name);
                    self.emit(at, STORE_ITEM_K, dict, annotation, 0, name);
                }
            }
            Expr::Attribute { value: object, attr, .. } => {
                self.check_bindable(attr, at)?;
                if value.is_none() {
                    self.effect_unless_constant(object)?;
                }
            }
            Expr::Subscript { value: object, slice, .. } => {
                if value.is_none() {
                    self.effect_unless_constant(object)?;
                    self.index_effects(slice)?;
                }
            }
            _ => return self.error("invalid node for annotated assignment", at),
        }
        self.release_to(top);
        // An annotation that is not kept is still evaluated, last.
        if !simple && annotates && !self.keeps_text() {
            self.effect(annotation)?;
        }
        Ok(())
    }

    fn effect_unless_constant(&mut self, id: ExprId) -> Compiled {
        if self.folder.constant(id).is_some() { Ok(()) } else { self.effect(id) }
    }

    fn index_effects(&mut self, id: ExprId) -> Compiled {
        match self.ast[id] {
            Expr::Slice { lower, upper, step } => {
                [lower, upper, step].into_iter().flatten().try_for_each(|part| self.effect_unless_constant(part))
            }
            _ => self.effect_unless_constant(id),
        }
    }

    /// Are annotations kept as text (`from __future__ import annotations`)?
    pub(super) fn keeps_text(&self) -> bool {
        self.future.flags & flag::FUTURE_ANNOTATIONS != 0
    }

    /// The value of an annotation, or its text.
    fn annotation_operand(&mut self, annotation: ExprId) -> Compiled<Reg> {
        if self.keeps_text() {
            let text = self.annotation_text(annotation);
            return Ok(self.constant_operand(text, self.ast.span(annotation)));
        }
        self.operand(annotation)
    }

    /// The text of an annotation under `from __future__ import annotations`.
    pub(super) fn annotation_text(&self, annotation: ExprId) -> K {
        K::Str(crate::annotation::text(self.ast, annotation).into_bytes().into())
    }

    /// `del target`
    pub(super) fn delete(&mut self, target: ExprId) -> Compiled {
        let ast = self.ast;
        let at = ast.span(target);
        let top = self.top();
        match ast[target] {
            Expr::Name { id: name, .. } => self.delete_name(name, at)?,
            Expr::Attribute { value, attr, .. } => {
                let object = self.operand(value)?;
                let name = self.name_index(attr);
                self.emit(self.attribute_span(at, attr), DELETE_ATTR, object, 0, 0, name);
            }
            Expr::Subscript { value, slice, .. } => {
                let object = self.operand(value)?;
                let index = self.operand(slice)?;
                self.emit(at, DELETE_ITEM, object, index, 0, 0);
            }
            Expr::Tuple { elts, .. } | Expr::List { elts, .. } => {
                ast.list(elts).iter().try_for_each(|&target| self.delete(target))?;
            }
            _ => return self.error("cannot delete this expression", at),
        }
        self.release_to(top);
        Ok(())
    }
}

/// Has it no step?
fn is_simple_slice(ast: &Ast, slice: ExprId) -> bool {
    matches!(ast[slice], Expr::Slice { step: None, .. })
}
