//! Calls, method calls and `super()`.

use super::*;
use crate::scope::Resolution;
use std::collections::HashMap;

impl<'a> Compiler<'a> {
    pub(super) fn call(
        &mut self,
        id: ExprId,
        callee: ExprId,
        args: List<ExprId>,
        keywords: List<KeywordId>,
        dst: Reg,
    ) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        self.check_keywords(keywords)?;
        let (args, keywords) = (ast.list(args), ast.list(keywords));
        if !self.is_simple(args, keywords) {
            self.check_callee(callee);
            let window = self.push(callee)?;
            return self.call_unpacking(at, window, &[], args, None, keywords, dst);
        }
        if let Expr::Attribute { value, attr, ctx: ExprContext::Load } = ast[callee] {
            let at =
                Span { end_lineno: at.end_lineno, end_col_offset: at.end_col_offset, ..self.method_span(callee, attr) };
            let window = self.window(2);
            if !self.super_attribute(callee, value, attr, window, LOAD_SUPER_METHOD)? {
                let object = self.operand_hinted(value, window)?;
                let name = self.name_index(attr);
                self.emit(self.method_span(callee, attr), LOAD_METHOD, window, object, 0, name);
                self.release_to(window + 2);
            }
            return self.arguments(at, CALL_METHOD, CALL_METHOD_KW, window, &[], args, None, keywords, dst);
        }
        self.check_callee(callee);
        let window = self.push(callee)?;
        self.arguments(at, CALL, CALL_KW, window, &[], args, None, keywords, dst)
    }

    fn method_span(&self, callee: ExprId, attr: Symbol) -> Span {
        self.attribute_span(self.ast.span(callee), attr)
    }

    /// Can the arguments stand in the callee's window?
    fn is_simple(&self, args: &[ExprId], keywords: &[KeywordId]) -> bool {
        args.len() + keywords.len() <= MAX_WINDOW
            && !args.iter().any(|&id| matches!(self.ast[id], Expr::Starred { .. }))
            && keywords.iter().all(|&keyword| self.ast[keyword].arg.is_some())
    }

    /// Repeated keywords, and `__debug__`.
    pub(super) fn check_keywords(&self, keywords: List<KeywordId>) -> Compiled {
        let ast = self.ast;
        let keywords = ast.list(keywords);
        // For each name, the keyword that repeats it first.
        let mut repetitions: HashMap<Symbol, Option<KeywordId>> = HashMap::new();
        for &keyword in keywords {
            if let Some(name) = ast[keyword].arg {
                repetitions.entry(name).and_modify(|second| _ = second.get_or_insert(keyword)).or_insert(None);
            }
        }
        for &keyword in keywords {
            let Some(name) = ast[keyword].arg else { continue };
            self.check_bindable(name, ast.span(keyword))?;
            if let Some(&Some(second)) = repetitions.get(&name) {
                return self.error(format!("keyword argument repeated: {}", ast.name(name)), ast.span(second));
            }
        }
        Ok(())
    }

    /// Calls the callee in `window` with registers already behind it (`given`, by number), these arguments, and the value
    /// of the name `last` as the last positional one.
    #[allow(clippy::too_many_arguments, reason = "the two forms of a call, and what it is called with")]
    fn arguments(
        &mut self,
        at: Span,
        op: u16,
        op_keywords: u16,
        window: Reg,
        given: &[Reg],
        args: &[ExprId],
        last: Option<&str>,
        keywords: &[KeywordId],
        dst: Reg,
    ) -> Compiled {
        for &arg in args {
            self.push(arg)?;
        }
        if let Some(name) = last {
            let register = self.temporary();
            self.load_named(name, register, at);
        }
        for &keyword in keywords {
            self.push(self.ast[keyword].value)?;
        }
        let count = (given.len() + args.len() + usize::from(last.is_some()) + keywords.len()) as u16;
        if keywords.is_empty() {
            self.emit(at, op, dst, window, count, 0);
        } else {
            let names: Vec<Symbol> = keywords.iter().filter_map(|&keyword| self.ast[keyword].arg).collect();
            let names = self.tuple_of_names(&names);
            let names = self.constant(names);
            self.emit(at, op_keywords, dst, window, count, names);
        }
        self.release_to(window);
        Ok(())
    }

    /// Calls what is in `window`, with the registers `given` that follow it, with arguments of any form.
    #[allow(clippy::too_many_arguments, reason = "as for arguments")]
    pub(super) fn call_with(
        &mut self,
        at: Span,
        window: Reg,
        given: &[Reg],
        args: &[ExprId],
        last: Option<&str>,
        keywords: &[KeywordId],
        dst: Reg,
    ) -> Compiled {
        if self.is_simple(args, keywords) {
            self.arguments(at, CALL, CALL_KW, window, given, args, last, keywords, dst)
        } else {
            self.call_unpacking(at, window, given, args, last, keywords, dst)
        }
    }

    /// The same with `*args` or `**kwargs`, or more arguments than a window takes.
    #[allow(clippy::too_many_arguments, reason = "as for arguments")]
    fn call_unpacking(
        &mut self,
        at: Span,
        window: Reg,
        given: &[Reg],
        args: &[ExprId],
        last: Option<&str>,
        keywords: &[KeywordId],
        dst: Reg,
    ) -> Compiled {
        let ast = self.ast;
        // The given registers stand where the tuple of arguments will be: it is made above them, then moved.
        let positional = match (given, args) {
            ([], &[only]) if matches!(ast[only], Expr::Starred { .. }) => {
                let Expr::Starred { value, .. } = ast[only] else { return Ok(()) };
                self.push(value)?
            }
            ([], _) => {
                let tuple = self.temporary();
                self.tuple_of(at, args, tuple)?;
                tuple
            }
            _ => {
                let list = self.temporary();
                self.emit(at, BUILD_LIST, list, window + 1, given.len() as u16, 0);
                for &arg in args {
                    if let Expr::Starred { value, .. } = ast[arg] {
                        let iterable = self.push(value)?;
                        self.emit(ast.span(arg), LIST_EXTEND, list, iterable, 0, 0);
                    } else {
                        let value = self.operand(arg)?;
                        self.emit(at, LIST_APPEND, list, value, 0, 0);
                    }
                    self.release_to(list + 1);
                }
                if let Some(name) = last {
                    let register = self.temporary();
                    self.load_named(name, register, at);
                    self.emit(at, LIST_APPEND, list, register, 0, 0);
                    self.release_to(register);
                }
                self.emit(at, LIST_TO_TUPLE, window + 1, list, 0, 0);
                self.release_to(window + 2);
                window + 1
            }
        };
        debug_assert_eq!(positional, window + 1);
        let dict = self.temporary();
        if keywords.is_empty() {
            self.emit(at, CLEAR, dict, 0, 0, 0);
        } else {
            self.keyword_dict(at, window, dict, keywords)?;
        }
        self.emit(at, CALL_EX, dst, window, 0, 0);
        self.release_to(window);
        Ok(())
    }

    /// The dict of a call's keyword arguments; those after a `**` are merged, since they may repeat its keys.
    fn keyword_dict(&mut self, at: Span, callee: Reg, dict: Reg, keywords: &[KeywordId]) -> Compiled {
        let ast = self.ast;
        let mut made = false;
        let mut rest = keywords;
        while let Some(&first) = rest.first() {
            let named = rest.iter().take_while(|&&keyword| ast[keyword].arg.is_some()).count().min(MAX_WINDOW);
            if named == 0 {
                if !made {
                    self.emit(at, BUILD_DICT, dict, 0, 0, 0);
                }
                let mapping = self.push(ast[first].value)?;
                self.emit(at, DICT_MERGE, dict, mapping, callee, 0);
                self.release_to(mapping);
                rest = &rest[1..];
            } else {
                let target = if made { self.temporary() } else { dict };
                let window = self.top();
                let mut names = Vec::new();
                for &keyword in &rest[..named] {
                    names.extend(ast[keyword].arg);
                    self.push(ast[keyword].value)?;
                }
                let names = self.tuple_of_names(&names);
                let names = self.constant(names);
                self.emit(at, BUILD_DICT_K, target, window, named as u16, names);
                self.release_to(window);
                if made {
                    self.emit(at, DICT_MERGE, dict, target, callee, 0);
                    self.release_to(target);
                }
                rest = &rest[named..];
            }
            made = true;
        }
        Ok(())
    }

    /// `super().attr` and `super(a, b).attr` without a super object, where `super` can only be the builtin as far as this
    /// function sees. Returns whether it was done.
    pub(super) fn super_attribute(
        &mut self,
        id: ExprId,
        value: ExprId,
        attr: Symbol,
        dst: Reg,
        op: u16,
    ) -> Compiled<bool> {
        let ast = self.ast;
        let Expr::Call { func, args, keywords } = ast[value] else { return Ok(false) };
        let Expr::Name { id: name, .. } = ast[func] else { return Ok(false) };
        if ast.name(name) != "super" || !keywords.is_empty() || ast.name(attr) == "__class__" {
            return Ok(false);
        }
        let global = self.place(name) == names::Place::Global;
        let module = self.tables.scopes[0].symbols.get(name).map(|entry| entry.resolution);
        if !global || matches!(module, Some(Resolution::Local | Resolution::GlobalExplicit)) {
            return Ok(false);
        }
        let at = ast.span(value);
        let args = ast.list(args);
        let class = self.tables.names.find("__class__");
        let two = match args {
            [] => false,
            [a, b] if ![a, b].iter().any(|&&id| matches!(ast[id], Expr::Starred { .. })) => true,
            _ => return Ok(false),
        };
        let class_cell = class.map(|class| self.place(class));
        let first = self.scope().parameters.first().copied();
        if !two && (first.is_none() || !matches!(class_cell, Some(names::Place::Free(_)))) {
            return Ok(false);
        }
        let window = self.top();
        self.push(func)?;
        if let &[a, b] = args {
            self.push(a)?;
            self.push(b)?;
        } else if let (Some(class), Some(first)) = (class, first) {
            let register = self.temporary();
            self.load_name(class, register, at);
            let register = self.temporary();
            self.load_parameter(first, register, at);
        }
        let index = self.name_index(attr);
        let span = self.attribute_span(ast.span(id), attr);
        self.emit(span, op, dst, window, u16::from(two), index);
        self.release_to(window);
        Ok(true)
    }

    /// The value of the function's first parameter, whatever comprehensions around bind.
    fn load_parameter(&mut self, name: Symbol, dst: Reg, at: Span) {
        let inlined = std::mem::take(&mut self.unit().inlined);
        // Parameters are mangled already; mangling twice changes nothing, since the result begins with one underscore.
        self.load_name(name, dst, at);
        self.unit().inlined = inlined;
    }
}
