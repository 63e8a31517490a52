//! First pass: how each block uses each name.

use super::{Comprehension, Kind, Owner, Scope, ScopeId, SymbolTables, Symbols, mangle, usage};
use crate::error::{Compiled, syntax_error};
use python_syntax::ast::*;
use std::collections::HashMap;

struct Build<'a> {
    ast: &'a Ast,
    tables: SymbolTables,
    /// The blocks we are in, the innermost last.
    stack: Vec<ScopeId>,
    /// The class whose name mangles private names.
    class: Option<Symbol>,
    future_annotations: bool,
}

/// Collects the names of all blocks.
pub(super) fn build(ast: &Ast, future_annotations: bool) -> Compiled<SymbolTables> {
    let tables = SymbolTables { scopes: Vec::new(), names: ast.symbols.clone(), owners: HashMap::new() };
    let mut build = Build { ast, tables, stack: Vec::new(), class: None, future_annotations };
    build.enter("top", Kind::Module, Owner::Source, Span::default());
    match ast.root {
        Root::Module { body, .. } | Root::Interactive { body } => build.statements(body)?,
        Root::Expression { body } => build.expr(body)?,
        Root::FunctionType { .. } => return Err(crate::depth::no_code()),
    }
    build.leave();
    Ok(build.tables)
}

impl<'a> Build<'a> {
    // ---- blocks and names

    fn intern(&mut self, name: &str) -> Symbol {
        self.tables.names.intern(name)
    }

    fn enter(&mut self, name: &str, kind: Kind, owner: Owner, span: Span) {
        let name = self.intern(name);
        self.enter_named(name, kind, owner, span);
    }

    fn enter_named(&mut self, name: Symbol, kind: Kind, owner: Owner, span: Span) {
        let id = self.tables.scopes.len();
        let outer = self.stack.last().map(|&outer| &self.tables.scopes[outer]);
        let nested = outer.is_some_and(|outer| outer.nested || outer.kind.is_function_like());
        let in_iterable = outer.map_or(0, |outer| outer.in_iterable);
        self.tables.scopes.push(Scope {
            kind,
            name,
            symbols: Symbols::default(),
            children: Vec::new(),
            inlined_comprehensions: Vec::new(),
            parameters: Vec::new(),
            directives: Vec::new(),
            nested,
            generator: false,
            coroutine: false,
            catches: false,
            comprehension: None,
            inlined: false,
            needs_class_cell: false,
            needs_class_dict: false,
            sees_class: false,
            span,
            in_target: false,
            in_iterable,
        });
        // Blocks of annotations that are kept as text leave no trace.
        if kind != Kind::Annotation {
            self.tables.owners.insert(owner, id);
            if let Some(&outer) = self.stack.last() {
                self.tables.scopes[outer].children.push(id);
            }
        }
        self.stack.push(id);
    }

    fn leave(&mut self) {
        self.stack.pop();
    }

    fn id(&self) -> ScopeId {
        self.stack.last().copied().unwrap_or_default()
    }

    fn current(&mut self) -> &mut Scope {
        let id = self.id();
        &mut self.tables.scopes[id]
    }

    fn mangle(&mut self, name: Symbol) -> Symbol {
        mangle(&mut self.tables.names, self.class, name)
    }

    fn lookup(&mut self, id: ScopeId, name: Symbol) -> u16 {
        let name = self.mangle(name);
        self.tables.scopes[id].symbols.get(name).map_or(0, |entry| entry.usage)
    }

    fn add(&mut self, name: Symbol, bits: u16, at: Span) -> Compiled {
        self.add_in(self.id(), name, bits, at)
    }

    fn add_str(&mut self, name: &str, bits: u16, at: Span) -> Compiled {
        let name = self.intern(name);
        self.add(name, bits, at)
    }

    fn add_in(&mut self, id: ScopeId, name: Symbol, bits: u16, at: Span) -> Compiled {
        let mangled = self.mangle(name);
        let text = || self.tables.names.name(name);
        let scope = &mut self.tables.scopes[id];
        let entry = scope.symbols.entry(mangled);
        if bits & usage::PARAMETER != 0 && entry.is(usage::PARAMETER) {
            return Err(syntax_error(format!("duplicate argument '{}' in function definition", text()), at));
        }
        if bits & usage::TYPE_PARAMETER != 0 && entry.is(usage::TYPE_PARAMETER) {
            return Err(syntax_error(format!("duplicate type parameter '{}'", text()), at));
        }
        entry.usage |= bits;
        if scope.in_target {
            if entry.is(usage::GLOBAL | usage::NONLOCAL) {
                let message = "comprehension inner loop cannot rebind assignment expression target";
                return Err(syntax_error(format!("{message} '{}'", text()), at));
            }
            entry.usage |= usage::ITERATION;
        }
        if bits & usage::PARAMETER != 0 {
            scope.parameters.push(mangled);
        } else if bits & usage::GLOBAL != 0 {
            self.tables.scopes[0].symbols.entry(mangled).usage |= bits;
        }
        Ok(())
    }

    fn directive(&mut self, name: Symbol, at: Span) {
        let name = self.mangle(name);
        self.current().directives.push((name, at));
    }

    // ---- statements

    fn statements(&mut self, list: List<StmtId>) -> Compiled {
        let ast = self.ast;
        ast.list(list).iter().try_for_each(|&stmt| self.stmt(stmt))
    }

    fn exprs(&mut self, list: List<ExprId>) -> Compiled {
        let ast = self.ast;
        ast.list(list).iter().try_for_each(|&expr| self.expr(expr))
    }

    fn optional(&mut self, expr: Option<ExprId>) -> Compiled {
        expr.map_or(Ok(()), |expr| self.expr(expr))
    }

    fn optionals(&mut self, list: List<Option<ExprId>>) -> Compiled {
        let ast = self.ast;
        ast.list(list).iter().try_for_each(|&expr| self.optional(expr))
    }

    fn keywords(&mut self, list: List<KeywordId>) -> Compiled {
        let ast = self.ast;
        ast.list(list).iter().try_for_each(|&keyword| self.expr(ast[keyword].value))
    }

    fn stmt(&mut self, id: StmtId) -> Compiled {
        let ast = self.ast;
        let span = ast.span(id);
        match ast[id] {
            Stmt::FunctionDef { name, args, body, decorator_list, returns, type_params, .. } => {
                self.function(id, name, args, body, decorator_list, returns, type_params, false)?;
            }
            Stmt::AsyncFunctionDef { name, args, body, decorator_list, returns, type_params, .. } => {
                self.function(id, name, args, body, decorator_list, returns, type_params, true)?;
            }
            Stmt::ClassDef { name, bases, keywords, body, decorator_list, type_params } => {
                self.add(name, usage::LOCAL, span)?;
                self.exprs(decorator_list)?;
                let outer_class = self.class;
                if !type_params.is_empty() {
                    self.enter_type_parameters(id, name, false, false, true)?;
                    self.type_parameters(type_params)?;
                }
                self.exprs(bases)?;
                self.keywords(keywords)?;
                self.enter_named(name, Kind::Class, Owner::Stmt(id), span);
                self.class = Some(name);
                if !type_params.is_empty() {
                    self.add_str("__type_params__", usage::LOCAL, span)?;
                    self.add_str(".type_params", usage::USE, span)?;
                }
                self.statements(body)?;
                self.leave();
                if !type_params.is_empty() {
                    self.leave();
                }
                self.class = outer_class;
            }
            Stmt::TypeAlias { name, type_params, value } => {
                self.expr(name)?;
                let Expr::Name { id: symbol, .. } = ast[name] else { return Ok(()) };
                let in_class = self.current().kind == Kind::Class;
                if !type_params.is_empty() {
                    self.enter_type_parameters(id, symbol, false, false, false)?;
                    self.type_parameters(type_params)?;
                }
                self.enter_named(symbol, Kind::TypeAlias, Owner::Stmt(id), span);
                self.current().sees_class = in_class;
                if in_class {
                    self.add_str("__classdict__", usage::USE, ast.span(value))?;
                }
                self.expr(value)?;
                self.leave();
                if !type_params.is_empty() {
                    self.leave();
                }
            }
            Stmt::Return { value } => self.optional(value)?,
            Stmt::Delete { targets } => self.exprs(targets)?,
            Stmt::Assign { targets, value, .. } => {
                self.exprs(targets)?;
                self.expr(value)?;
            }
            Stmt::AugAssign { target, value, .. } => {
                self.expr(target)?;
                self.expr(value)?;
            }
            Stmt::AnnAssign { target, annotation, value, simple } => {
                self.annotated(span, target, value.is_some(), simple != 0)?;
                self.annotation(annotation)?;
                self.optional(value)?;
            }
            Stmt::For { target, iter, body, orelse, .. } | Stmt::AsyncFor { target, iter, body, orelse, .. } => {
                self.suspends_at_top(id);
                self.expr(target)?;
                self.expr(iter)?;
                self.statements(body)?;
                self.statements(orelse)?;
            }
            Stmt::While { test, body, orelse } | Stmt::If { test, body, orelse } => {
                self.expr(test)?;
                self.statements(body)?;
                self.statements(orelse)?;
            }
            Stmt::With { items, body, .. } | Stmt::AsyncWith { items, body, .. } => {
                self.suspends_at_top(id);
                self.current().catches = true;
                for &item in ast.list(items) {
                    self.expr(ast[item].context_expr)?;
                    self.optional(ast[item].optional_vars)?;
                }
                self.statements(body)?;
            }
            Stmt::Match { subject, cases } => {
                self.expr(subject)?;
                for &case in ast.list(cases) {
                    let MatchCase { pattern, guard, body } = ast[case];
                    self.pattern(pattern)?;
                    self.optional(guard)?;
                    self.statements(body)?;
                }
            }
            Stmt::Raise { exc, cause } => {
                self.optional(exc)?;
                self.optional(cause)?;
            }
            Stmt::Try { body, handlers, orelse, finalbody } | Stmt::TryStar { body, handlers, orelse, finalbody } => {
                self.current().catches = true;
                self.statements(body)?;
                self.statements(orelse)?;
                for &handler in ast.list(handlers) {
                    let ExceptHandler { type_, name, body } = ast[handler];
                    self.optional(type_)?;
                    if let Some(name) = name {
                        self.add(name, usage::LOCAL | usage::DELETED, ast.span(handler))?;
                    }
                    self.statements(body)?;
                }
                self.statements(finalbody)?;
            }
            Stmt::Assert { test, msg } => {
                self.expr(test)?;
                self.optional(msg)?;
            }
            Stmt::Import { names } | Stmt::ImportFrom { names, .. } => self.import(names)?,
            Stmt::Global { names } => self.declare(names, usage::GLOBAL, span)?,
            Stmt::Nonlocal { names } => self.declare(names, usage::NONLOCAL, span)?,
            Stmt::Expr { value } => self.expr(value)?,
            Stmt::Pass {} | Stmt::Break {} | Stmt::Continue {} => {}
        }
        Ok(())
    }

    fn import(&mut self, names: List<AliasId>) -> Compiled {
        let ast = self.ast;
        for &alias in ast.list(names) {
            let at = ast.span(alias);
            let Alias { name, asname } = ast[alias];
            match (asname, ast.name(name)) {
                (Some(name), _) => self.add(name, usage::IMPORT, at)?,
                (None, "*") => {
                    if self.current().kind != Kind::Module {
                        return Err(syntax_error("import * only allowed at module level", at));
                    }
                }
                (None, text) => self.add_str(text.split('.').next().unwrap_or(text), usage::IMPORT, at)?,
            }
        }
        Ok(())
    }

    /// `global` and `nonlocal`.
    fn declare(&mut self, names: List<Symbol>, bit: u16, at: Span) -> Compiled {
        let ast = self.ast;
        let what = if bit == usage::GLOBAL { "global" } else { "nonlocal" };
        for &name in ast.list(names) {
            let before = self.lookup(self.id(), name);
            let text = ast.name(name);
            let message = if before & usage::PARAMETER != 0 {
                format!("name '{text}' is parameter and {what}")
            } else if before & usage::USE != 0 {
                format!("name '{text}' is used prior to {what} declaration")
            } else if before & usage::ANNOTATED != 0 {
                format!("annotated name '{text}' can't be {what}")
            } else if before & usage::LOCAL != 0 {
                format!("name '{text}' is assigned to before {what} declaration")
            } else {
                self.add(name, bit, at)?;
                self.directive(name, at);
                continue;
            };
            return Err(syntax_error(message, at));
        }
        Ok(())
    }

    /// The target of an annotated assignment.
    fn annotated(&mut self, at: Span, target: ExprId, assigned: bool, simple: bool) -> Compiled {
        let ast = self.ast;
        let Expr::Name { id: name, .. } = ast[target] else { return self.expr(target) };
        let before = self.lookup(self.id(), name);
        if before & (usage::GLOBAL | usage::NONLOCAL) != 0 && self.id() != 0 && simple {
            let what = if before & usage::GLOBAL != 0 { "global" } else { "nonlocal" };
            return Err(syntax_error(format!("annotated name '{}' can't be {what}", ast.name(name)), at));
        }
        if simple {
            self.add(name, usage::ANNOTATED | usage::LOCAL, ast.span(target))
        } else if assigned {
            self.add(name, usage::LOCAL, ast.span(target))
        } else {
            Ok(())
        }
    }

    fn annotation(&mut self, annotation: ExprId) -> Compiled {
        if self.future_annotations {
            self.enter("_annotation", Kind::Annotation, Owner::Expr(annotation), self.ast.span(annotation));
        }
        self.expr(annotation)?;
        if self.future_annotations {
            self.leave();
        }
        Ok(())
    }

    /// `async for` and `async with` make a coroutine of a module, where that is allowed.
    fn suspends_at_top(&mut self, id: StmtId) {
        let is_async = matches!(self.ast[id], Stmt::AsyncFor { .. } | Stmt::AsyncWith { .. });
        if is_async && self.current().kind == Kind::Module {
            self.current().coroutine = true;
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of two statements that differ in one bit")]
    fn function(
        &mut self,
        id: StmtId,
        name: Symbol,
        args: ArgumentsId,
        body: List<StmtId>,
        decorators: List<ExprId>,
        returns: Option<ExprId>,
        type_params: List<TypeParamId>,
        is_async: bool,
    ) -> Compiled {
        let ast = self.ast;
        let span = ast.span(id);
        self.add(name, usage::LOCAL, span)?;
        let Arguments { defaults, kw_defaults, .. } = ast[args];
        self.exprs(defaults)?;
        self.optionals(kw_defaults)?;
        self.exprs(decorators)?;
        if !type_params.is_empty() {
            let keyword_defaults = ast.list(kw_defaults).iter().any(Option::is_some);
            // As in CPython, the first parameter is there whether the function has defaults or not.
            self.enter_type_parameters(id, name, true, keyword_defaults, false)?;
            self.type_parameters(type_params)?;
        }
        self.annotations(args, returns)?;
        self.enter_named(name, Kind::Function, Owner::Stmt(id), span);
        self.current().coroutine = is_async;
        self.parameters(args)?;
        self.statements(body)?;
        self.leave();
        if !type_params.is_empty() {
            self.leave();
        }
        Ok(())
    }

    fn parameters(&mut self, args: ArgumentsId) -> Compiled {
        let ast = self.ast;
        let Arguments { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = ast[args];
        let named = [posonlyargs, args, kwonlyargs].into_iter().flat_map(|list| ast.list(list)).copied();
        for arg in named.chain(vararg).chain(kwarg) {
            self.add(ast[arg].arg, usage::PARAMETER, ast.span(arg))?;
        }
        Ok(())
    }

    fn annotations(&mut self, args: ArgumentsId, returns: Option<ExprId>) -> Compiled {
        let ast = self.ast;
        let Arguments { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = ast[args];
        if self.future_annotations {
            // The owner is of no consequence: nothing is compiled from it.
            self.enter("_annotation", Kind::Annotation, Owner::Source, Span::default());
        }
        let first = [posonlyargs, args].into_iter().flat_map(|list| ast.list(list)).copied();
        for arg in first.chain(vararg).chain(kwarg).chain(ast.list(kwonlyargs).iter().copied()) {
            self.optional(ast[arg].annotation)?;
        }
        if self.future_annotations {
            self.leave();
        }
        returns.map_or(Ok(()), |returns| self.annotation(returns))
    }

    // ---- type parameters

    fn enter_type_parameters(
        &mut self,
        id: StmtId,
        name: Symbol,
        defaults: bool,
        keyword_defaults: bool,
        is_class: bool,
    ) -> Compiled {
        let span = self.ast.span(id);
        let in_class = self.current().kind == Kind::Class;
        self.enter_named(name, Kind::TypeParameters, Owner::TypeParameters(id), span);
        if in_class {
            self.current().sees_class = true;
            self.add_str("__classdict__", usage::USE, span)?;
        }
        if is_class {
            self.add_str(".type_params", usage::LOCAL | usage::USE, span)?;
            self.class = Some(name);
            self.add_str(".generic_base", usage::LOCAL | usage::USE, span)?;
        }
        if defaults {
            self.add_str(".defaults", usage::PARAMETER, span)?;
        }
        if keyword_defaults {
            self.add_str(".kwdefaults", usage::PARAMETER, span)?;
        }
        Ok(())
    }

    fn type_parameters(&mut self, list: List<TypeParamId>) -> Compiled {
        let ast = self.ast;
        for &id in ast.list(list) {
            let span = ast.span(id);
            let (TypeParam::TypeVar { name, .. } | TypeParam::ParamSpec { name } | TypeParam::TypeVarTuple { name }) =
                ast[id];
            self.add(name, usage::TYPE_PARAMETER | usage::LOCAL, span)?;
            if let TypeParam::TypeVar { name, bound: Some(bound) } = ast[id] {
                let sees_class = self.current().sees_class;
                self.enter_named(name, Kind::TypeVarBound, Owner::Bound(id), span);
                self.current().sees_class = sees_class;
                if sees_class {
                    self.add_str("__classdict__", usage::USE, ast.span(bound))?;
                }
                self.expr(bound)?;
                self.leave();
            }
        }
        Ok(())
    }

    // ---- expressions

    fn expr(&mut self, id: ExprId) -> Compiled {
        let ast = self.ast;
        let span = ast.span(id);
        match ast[id] {
            Expr::NamedExpr { target, value } => {
                self.not_in_annotation("named expression", span)?;
                if self.current().in_iterable > 0 {
                    let message = "assignment expression cannot be used in a comprehension iterable expression";
                    return Err(syntax_error(message, span));
                }
                if self.current().comprehension.is_some() {
                    self.extend_walrus(target)?;
                }
                self.expr(value)?;
                let Expr::Name { id: name, .. } = ast[target] else { return Ok(()) };
                self.add(name, usage::LOCAL | usage::WALRUS, ast.span(target))
            }
            Expr::BoolOp { values, .. } | Expr::JoinedStr { values } => self.exprs(values),
            Expr::BinOp { left, right, .. } => {
                self.expr(left)?;
                self.expr(right)
            }
            Expr::Lambda { args, body } => {
                if self.current().sees_class {
                    return Err(syntax_error("Cannot use lambda in annotation scope within class scope", span));
                }
                self.exprs(ast[args].defaults)?;
                self.optionals(ast[args].kw_defaults)?;
                self.enter("lambda", Kind::Function, Owner::Expr(id), span);
                self.parameters(args)?;
                self.expr(body)?;
                self.leave();
                Ok(())
            }
            Expr::IfExp { test, body, orelse } => {
                self.expr(test)?;
                self.expr(body)?;
                self.expr(orelse)
            }
            Expr::Dict { keys, values } => {
                self.optionals(keys)?;
                self.exprs(values)
            }
            Expr::Set { elts } | Expr::List { elts, .. } | Expr::Tuple { elts, .. } => self.exprs(elts),
            Expr::ListComp { elt, generators } => self.comprehension(id, Comprehension::List, generators, None, elt),
            Expr::SetComp { elt, generators } => self.comprehension(id, Comprehension::Set, generators, None, elt),
            Expr::DictComp { key, value, generators } => {
                self.comprehension(id, Comprehension::Dict, generators, Some(value), key)
            }
            Expr::GeneratorExp { elt, generators } => {
                self.comprehension(id, Comprehension::Generator, generators, None, elt)
            }
            Expr::Await { value } => {
                self.not_in_annotation("await expression", span)?;
                self.expr(value)?;
                self.current().coroutine = true;
                Ok(())
            }
            Expr::Yield { value } => {
                self.not_in_annotation("yield expression", span)?;
                self.optional(value)?;
                self.yielded(span)
            }
            Expr::YieldFrom { value } => {
                self.not_in_annotation("yield expression", span)?;
                self.expr(value)?;
                self.yielded(span)
            }
            Expr::Compare { left, comparators, .. } => {
                self.expr(left)?;
                self.exprs(comparators)
            }
            Expr::Call { func, args, keywords } => {
                self.expr(func)?;
                self.exprs(args)?;
                self.keywords(keywords)
            }
            Expr::FormattedValue { value, format_spec, .. } => {
                self.expr(value)?;
                self.optional(format_spec)
            }
            Expr::Constant { .. } => Ok(()),
            Expr::UnaryOp { operand: value, .. } | Expr::Attribute { value, .. } | Expr::Starred { value, .. } => {
                self.expr(value)
            }
            Expr::Subscript { value, slice, .. } => {
                self.expr(value)?;
                self.expr(slice)
            }
            Expr::Name { id: name, ctx } => {
                let load = ctx == ExprContext::Load;
                let bits = match ctx {
                    ExprContext::Load => usage::USE,
                    ExprContext::Store => usage::LOCAL,
                    ExprContext::Del => usage::LOCAL | usage::DELETED,
                };
                self.add(name, bits, span)?;
                // A zero-argument `super()` finds the class in the cell that this makes.
                if load && self.current().kind.is_function_like() && ast.name(name) == "super" {
                    self.add_str("__class__", usage::USE, span)?;
                }
                Ok(())
            }
            Expr::Slice { lower, upper, step } => {
                self.optional(lower)?;
                self.optional(upper)?;
                self.optional(step)
            }
        }
    }

    fn yielded(&mut self, at: Span) -> Compiled {
        self.current().generator = true;
        let what = match self.current().comprehension {
            None => return Ok(()),
            Some(Comprehension::List) => "list comprehension",
            Some(Comprehension::Set) => "set comprehension",
            Some(Comprehension::Dict) => "dict comprehension",
            Some(Comprehension::Generator) => "generator expression",
        };
        Err(syntax_error(format!("'yield' inside {what}"), at))
    }

    fn not_in_annotation(&mut self, what: &str, at: Span) -> Compiled {
        let place = match self.current().kind {
            Kind::Annotation => "an annotation",
            Kind::TypeVarBound => "a TypeVar bound",
            Kind::TypeAlias => "a type alias",
            Kind::TypeParameters => "the definition of a generic",
            Kind::Module | Kind::Function | Kind::Class => return Ok(()),
        };
        Err(syntax_error(format!("{what} cannot be used within {place}"), at))
    }

    fn comprehension(
        &mut self,
        id: ExprId,
        kind: Comprehension,
        generators: List<ComprehensionId>,
        value: Option<ExprId>,
        element: ExprId,
    ) -> Compiled {
        let ast = self.ast;
        let span = ast.span(id);
        if self.current().sees_class {
            return Err(syntax_error("Cannot use comprehension in annotation scope within class scope", span));
        }
        let Some((&first, rest)) = ast.list(generators).split_first() else { return Ok(()) };
        self.current().in_iterable += 1;
        self.expr(ast[first].iter)?;
        self.current().in_iterable -= 1;
        let name = match kind {
            Comprehension::List => "listcomp",
            Comprehension::Set => "setcomp",
            Comprehension::Dict => "dictcomp",
            Comprehension::Generator => "genexpr",
        };
        self.enter(name, Kind::Function, Owner::Expr(id), span);
        self.current().comprehension = Some(kind);
        self.current().coroutine = ast[first].is_async != 0;
        self.add_str(".0", usage::PARAMETER, span)?;
        self.iteration_target(ast[first].target)?;
        self.exprs(ast[first].ifs)?;
        for &generator in rest {
            self.iteration_target(ast[generator].target)?;
            self.current().in_iterable += 1;
            self.expr(ast[generator].iter)?;
            self.current().in_iterable -= 1;
            self.exprs(ast[generator].ifs)?;
            if ast[generator].is_async != 0 {
                self.current().coroutine = true;
            }
        }
        self.optional(value)?;
        self.expr(element)?;
        let is_generator = kind == Comprehension::Generator;
        self.current().generator = is_generator;
        let passes_on = self.current().coroutine && !is_generator;
        self.leave();
        if passes_on {
            self.current().coroutine = true;
        }
        Ok(())
    }

    fn iteration_target(&mut self, target: ExprId) -> Compiled {
        self.current().in_target = true;
        let result = self.expr(target);
        self.current().in_target = false;
        result
    }

    /// `:=` in a comprehension binds in the innermost block that is none.
    fn extend_walrus(&mut self, target: ExprId) -> Compiled {
        let ast = self.ast;
        let at = ast.span(target);
        let Expr::Name { id: name, .. } = ast[target] else { return Ok(()) };
        for index in (0..self.stack.len()).rev() {
            let id = self.stack[index];
            if self.tables.scopes[id].comprehension.is_some() {
                let iteration = usage::ITERATION | usage::LOCAL;
                if self.lookup(id, name) & iteration == iteration {
                    let message = "assignment expression cannot rebind comprehension iteration variable";
                    return Err(syntax_error(format!("{message} '{}'", ast.name(name)), at));
                }
                continue;
            }
            let place = match self.tables.scopes[id].kind {
                Kind::Function => {
                    let global = self.lookup(id, name) & usage::GLOBAL != 0;
                    self.add(name, if global { usage::GLOBAL } else { usage::NONLOCAL }, at)?;
                    self.directive(name, at);
                    return self.add_in(id, name, usage::LOCAL | usage::WALRUS, at);
                }
                Kind::Module => {
                    self.add(name, usage::GLOBAL, at)?;
                    self.directive(name, at);
                    return self.add_in(id, name, usage::GLOBAL, at);
                }
                Kind::Class => "in a class body",
                Kind::TypeParameters => "within the definition of a generic",
                Kind::TypeAlias => "in a type alias",
                Kind::TypeVarBound => "in a TypeVar bound",
                Kind::Annotation => continue,
            };
            let message = format!("assignment expression within a comprehension cannot be used {place}");
            return Err(syntax_error(message, at));
        }
        Ok(())
    }

    // ---- patterns

    fn patterns(&mut self, list: List<PatternId>) -> Compiled {
        let ast = self.ast;
        ast.list(list).iter().try_for_each(|&pattern| self.pattern(pattern))
    }

    fn pattern(&mut self, id: PatternId) -> Compiled {
        let ast = self.ast;
        let span = ast.span(id);
        let capture = match ast[id] {
            Pattern::MatchValue { value } => {
                self.expr(value)?;
                None
            }
            Pattern::MatchSingleton { .. } => None,
            Pattern::MatchSequence { patterns } | Pattern::MatchOr { patterns } => {
                self.patterns(patterns)?;
                None
            }
            Pattern::MatchMapping { keys, patterns, rest } => {
                self.exprs(keys)?;
                self.patterns(patterns)?;
                rest
            }
            Pattern::MatchClass { cls, patterns, kwd_patterns, .. } => {
                self.expr(cls)?;
                self.patterns(patterns)?;
                self.patterns(kwd_patterns)?;
                None
            }
            Pattern::MatchStar { name } => name,
            Pattern::MatchAs { pattern, name } => {
                if let Some(pattern) = pattern {
                    self.pattern(pattern)?;
                }
                name
            }
        };
        capture.map_or(Ok(()), |name| self.add(name, usage::LOCAL, span))
    }
}
