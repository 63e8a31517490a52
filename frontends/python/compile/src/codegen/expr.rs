//! Expressions.

use super::*;

impl<'a> Compiler<'a> {
    /// Evaluates an expression to where it can be read: a variable in place, else a new temporary.
    pub(super) fn operand(&mut self, id: ExprId) -> Compiled<Reg> {
        if let Some(register) = self.in_place(id) {
            return Ok(register);
        }
        let register = self.temporary();
        self.expr_to(id, register)?;
        Ok(register)
    }

    /// The same, where `hint` may be overwritten at once if it is a temporary.
    pub(super) fn operand_hinted(&mut self, id: ExprId, hint: Reg) -> Compiled<Reg> {
        if !self.is_temporary(hint) {
            return self.operand(id);
        }
        if let Some(register) = self.in_place(id) {
            return Ok(register);
        }
        self.expr_to(id, hint)?;
        Ok(hint)
    }

    /// Evaluates an expression into a new temporary, which may be changed or stand in a window.
    pub(super) fn push(&mut self, id: ExprId) -> Compiled<Reg> {
        let register = self.temporary();
        self.expr_to(id, register)?;
        Ok(register)
    }

    fn in_place(&mut self, id: ExprId) -> Option<Reg> {
        let Expr::Name { id: name, ctx: ExprContext::Load } = self.ast[id] else { return None };
        if self.folder.constant(id).is_some() {
            return None;
        }
        let register = self.name_in_place(name, self.ast.span(id))?;
        (!self.is_rebound(register)).then_some(register)
    }

    /// Evaluates an expression for its effects.
    pub(super) fn effect(&mut self, id: ExprId) -> Compiled {
        let top = self.top();
        self.operand(id)?;
        self.release_to(top);
        Ok(())
    }

    /// Evaluates an expression into `dst`. A variable is written by the last instruction only.
    pub(super) fn expr_to(&mut self, id: ExprId, dst: Reg) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let top = self.top();
        if let Some(value) = self.folder.constant(id) {
            self.load_constant(dst, value, at);
            return Ok(());
        }
        match ast[id] {
            // Folded above.
            Expr::Constant { .. } => {}
            Expr::Name { id: name, .. } => self.load_name(name, dst, at),
            Expr::BoolOp { op, values } => self.bool_op(id, op, values, dst)?,
            Expr::NamedExpr { target, value } => {
                self.expr_to(value, dst)?;
                self.mark_bound(dst);
                if let Expr::Name { id: name, .. } = ast[target] {
                    self.store_name(name, dst, ast.span(target))?;
                }
            }
            Expr::BinOp { left, op, right } => self.binary(id, op, left, right, dst)?,
            Expr::UnaryOp { op, operand } => self.unary(id, op, operand, dst)?,
            Expr::Lambda { args, body } => self.lambda(id, args, body, dst)?,
            Expr::IfExp { test, body, orelse } => {
                let (otherwise, end) = (self.label(), self.label());
                self.jump_if(test, otherwise, false)?;
                self.expr_to(body, dst)?;
                self.jump(at, JUMP, 0, 0, 0, end);
                self.bind(otherwise);
                self.expr_to(orelse, dst)?;
                self.bind(end);
            }
            Expr::Dict { keys, values } => self.dict_display(id, keys, values, dst)?,
            Expr::Set { elts } => self.set_display(id, elts, dst)?,
            Expr::List { elts, .. } => self.list_display(id, elts, dst)?,
            Expr::Tuple { elts, .. } => self.tuple_display(id, elts, dst)?,
            Expr::ListComp { .. } | Expr::SetComp { .. } | Expr::DictComp { .. } | Expr::GeneratorExp { .. } => {
                self.comprehension(id, dst)?;
            }
            Expr::Await { value } => self.await_expression(id, value, dst)?,
            Expr::Yield { value } => self.yield_expression(id, value, dst)?,
            Expr::YieldFrom { value } => self.yield_from(id, value, dst)?,
            Expr::Compare { left, ops, comparators } => self.compare(id, left, ops, comparators, dst)?,
            Expr::Call { func, args, keywords } => self.call(id, func, args, keywords, dst)?,
            Expr::FormattedValue { .. } => self.formatted_value(id, dst)?,
            Expr::JoinedStr { values } => self.joined_string(id, values, dst)?,
            Expr::Attribute { value, attr, .. } => self.attribute(id, value, attr, dst)?,
            Expr::Subscript { value, slice, .. } => self.subscript(id, value, slice, dst)?,
            Expr::Starred { .. } => return self.error("can't use starred expression here", at),
            Expr::Slice { lower, upper, step } => {
                let window = self.top();
                for part in [lower, upper].into_iter().chain(step.map(Some)) {
                    self.push_or_none(part, at)?;
                }
                self.emit(at, BUILD_SLICE, dst, window, if step.is_some() { 3 } else { 2 }, 0);
            }
        }
        self.release_to(top);
        Ok(())
    }

    fn push_or_none(&mut self, id: Option<ExprId>, at: Span) -> Compiled<Reg> {
        match id {
            Some(id) => self.push(id),
            None => Ok(self.constant_operand(K::None, at)),
        }
    }

    fn attribute(&mut self, id: ExprId, value: ExprId, attr: Symbol, dst: Reg) -> Compiled {
        let at = self.ast.span(id);
        if self.super_attribute(id, value, attr, dst, LOAD_SUPER_ATTR)? {
            return Ok(());
        }
        let object = self.operand_hinted(value, dst)?;
        let name = self.name_index(attr);
        self.emit(self.attribute_span(at, attr), LOAD_ATTR, dst, object, 0, name);
        Ok(())
    }

    /// As CPython does, what concerns the attribute of an expression over several lines is shown at its name.
    pub(super) fn attribute_span(&self, at: Span, attr: Symbol) -> Span {
        let length = self.ast.name(attr).len() as u32;
        if at.lineno == at.end_lineno || length > at.end_col_offset {
            return at;
        }
        Span { lineno: at.end_lineno, col_offset: at.end_col_offset - length, ..at }
    }

    fn subscript(&mut self, id: ExprId, value: ExprId, slice: ExprId, dst: Reg) -> Compiled {
        let at = self.ast.span(id);
        self.check_subscript(value, slice);
        if let Some((window, parts)) = self.slice_window(value, slice)? {
            self.emit(at, LOAD_SLICE, dst, window, 1 + parts, 0);
            return Ok(());
        }
        let object = self.operand_hinted(value, dst)?;
        match self.right_operand(slice, true)? {
            operators::Right::Register(index) => self.emit(at, LOAD_ITEM, dst, object, index, 0),
            operators::Right::Constant(index) => self.emit(at, LOAD_ITEM_K, dst, object, 0, index),
        }
        Ok(())
    }

    /// For `value[lower:upper]` and `value[lower:upper:step]`: the registers that the slice instructions take, of the value and those
    /// 2 or 3 parts, which are the last ones.
    pub(super) fn slice_window(&mut self, value: ExprId, slice: ExprId) -> Compiled<Option<(Reg, u16)>> {
        let Expr::Slice { lower, upper, step } = self.ast[slice] else { return Ok(None) };
        let at = self.ast.span(slice);
        let window = self.push(value)?;
        self.push_or_none(lower, at)?;
        self.push_or_none(upper, at)?;
        let Some(step) = step else { return Ok(Some((window, 2))) };
        self.push(step)?;
        Ok(Some((window, 3)))
    }

    fn joined_string(&mut self, id: ExprId, values: List<ExprId>, dst: Reg) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let values = ast.list(values);
        if let &[value] = values {
            return self.expr_to(value, dst);
        }
        let window = self.top();
        for (index, &value) in values.iter().enumerate() {
            let length = usize::from(self.top() - window);
            if length >= MAX_WINDOW && index > 0 {
                // A long string is put together from the left, MAX_WINDOW parts at a time.
                self.emit(at, BUILD_STRING, window, window, length as u16, 0);
                self.release_to(window + 1);
            }
            self.push(value)?;
        }
        let length = self.top() - window;
        self.emit(at, BUILD_STRING, dst, window, length, 0);
        Ok(())
    }

    fn formatted_value(&mut self, id: ExprId, dst: Reg) -> Compiled {
        let Expr::FormattedValue { value, conversion, format_spec } = self.ast[id] else { return Ok(()) };
        let at = self.ast.span(id);
        let conversion = match u8::try_from(conversion) {
            Ok(b's') => conversion::STR,
            Ok(b'r') => conversion::REPR,
            Ok(b'a') => conversion::ASCII,
            _ => conversion::NONE,
        };
        let value = self.operand(value)?;
        match format_spec {
            Some(spec) => {
                let spec = self.operand(spec)?;
                self.emit(at, FORMAT_VALUE_SPEC, dst, value, spec, i32::from(conversion));
            }
            None => self.emit(at, FORMAT_VALUE, dst, value, conversion, 0),
        }
        Ok(())
    }
}
