//! Functions, lambdas and classes.

use super::*;
use vm_code::Parameters;

/// A code with the names of its closure.
pub(super) struct Finished {
    pub(super) code: Code,
    pub(super) free: Vec<Symbol>,
}

/// Parts of a function that its definition evaluates.
#[derive(Default)]
pub(super) struct Parts {
    defaults: Option<Reg>,
    keyword_defaults: Option<Reg>,
}

impl<'a> Compiler<'a> {
    /// Makes a function of a finished code in `dst`.
    pub(super) fn make_function(&mut self, at: Span, finished: Finished, dst: Reg) -> Compiled {
        let Finished { code, free } = finished;
        let code = self.constant(code_constant(code));
        if free.is_empty() {
            self.emit(at, MAKE_FUNCTION, dst, 0, 0, code);
            return Ok(());
        }
        let window = self.window(free.len());
        for (offset, &name) in free.iter().enumerate() {
            self.load_closure_cell(name, window + offset as u16, at)?;
        }
        self.emit(at, MAKE_CLOSURE, dst, window, free.len() as u16, code);
        self.release_to(window);
        Ok(())
    }

    fn set_part(&mut self, at: Span, function: Reg, value: Reg, part: u16) {
        self.emit(at, SET_FUNCTION_PART, function, value, part, 0);
    }

    /// All parameters, in the order of their registers, with the shape of the list.
    fn declare_parameters(&mut self, args: ArgumentsId) {
        let Arguments { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = self.ast[args];
        let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.unit().builder.parameters(Parameters {
            positional: count(posonlyargs.len() + args.len()),
            positional_only: count(posonlyargs.len()),
            keyword_only: count(kwonlyargs.len()),
            variadic: vararg.is_some(),
            keywords: kwarg.is_some(),
        });
    }

    fn check_parameters(&self, id: ArgumentsId) -> Compiled {
        let ast = self.ast;
        let Arguments { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = ast[id];
        let named = ast.list(posonlyargs).iter().chain(ast.list(args)).copied();
        for arg in named.chain(vararg).chain(ast.list(kwonlyargs).iter().copied()).chain(kwarg) {
            self.check_bindable(ast[arg].arg, ast.span(arg))?;
        }
        Ok(())
    }

    /// Evaluates the defaults, each kind into a new temporary.
    fn default_parts(&mut self, at: Span, args: ArgumentsId) -> Compiled<Parts> {
        let ast = self.ast;
        let Arguments { defaults, kwonlyargs, kw_defaults, .. } = ast[args];
        let mut parts = Parts::default();
        if !defaults.is_empty() {
            let register = self.temporary();
            match self.folder.constants(defaults) {
                Some(items) => self.load_constant(register, K::Tuple(items), at),
                None => self.tuple_of(at, ast.list(defaults), register)?,
            }
            parts.defaults = Some(register);
        }
        let keyword_only = ast.list(kwonlyargs).iter().zip(ast.list(kw_defaults));
        let with_default: Vec<(ArgId, ExprId)> =
            keyword_only.filter_map(|(&arg, default)| default.map(|default| (arg, default))).collect();
        if !with_default.is_empty() {
            let register = self.temporary();
            let window = self.top();
            let mut names = Vec::new();
            for &(arg, default) in &with_default {
                names.push(self.mangled(ast[arg].arg));
                self.push(default)?;
            }
            let names = self.tuple_of_names(&names);
            let names = self.constant(names);
            self.emit(at, BUILD_DICT_K, register, window, with_default.len() as u16, names);
            self.release_to(window);
            parts.keyword_defaults = Some(register);
        }
        Ok(parts)
    }

    fn set_parts(&mut self, at: Span, function: Reg, parts: &Parts) {
        if let Some(defaults) = parts.defaults {
            self.set_part(at, function, defaults, function_part::DEFAULTS);
        }
        if let Some(defaults) = parts.keyword_defaults {
            self.set_part(at, function, defaults, function_part::KEYWORD_DEFAULTS);
        }
    }

    /// Evaluates the annotations into a tuple of names and values.
    fn annotations(&mut self, at: Span, args: ArgumentsId, returns: Option<ExprId>) -> Compiled<Option<Reg>> {
        let ast = self.ast;
        let Arguments { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = ast[args];
        let first = ast.list(args).iter().chain(ast.list(posonlyargs)).copied();
        let all = first.chain(vararg).chain(ast.list(kwonlyargs).iter().copied()).chain(kwarg);
        let mut annotated: Vec<(Symbol, ExprId)> =
            all.filter_map(|arg| ast[arg].annotation.map(|annotation| (ast[arg].arg, annotation))).collect();
        if let Some(returns) = returns {
            annotated.push((self.tables.names.intern("return"), returns));
        }
        if annotated.is_empty() {
            return Ok(None);
        }
        let tuple = self.temporary();
        let window = self.top();
        for &(name, annotation) in &annotated {
            let name = self.mangled(name);
            let name = self.text(name);
            self.constant_operand(name, at);
            let value = self.temporary();
            if self.keeps_text() {
                let text = self.annotation_text(annotation);
                self.load_constant(value, text, ast.span(annotation));
            } else if let Expr::Starred { value: inner, .. } = ast[annotation] {
                // `*args: *Ts` is the one item of `*Ts`.
                let iterable = self.push(inner)?;
                self.emit(ast.span(annotation), UNPACK_SEQUENCE, iterable, value, 1, 0);
                self.release_to(iterable);
            } else {
                self.expr_to(annotation, value)?;
            }
        }
        self.emit(at, BUILD_TUPLE, tuple, window, 2 * annotated.len() as u16, 0);
        self.release_to(window);
        Ok(Some(tuple))
    }

    /// Compiles the body of a function or lambda.
    fn function_code(
        &mut self,
        kind: UnitKind,
        name: &str,
        scope: ScopeId,
        at: Span,
        args: ArgumentsId,
        body: impl FnOnce(&mut Self) -> Compiled,
    ) -> Compiled<Finished> {
        self.enter(kind, name, scope, at)?;
        self.declare_parameters(args);
        let generator = self.begin_generator();
        body(self)?;
        self.end_generator(generator);
        self.leave()
    }

    pub(super) fn lambda(&mut self, id: ExprId, args: ArgumentsId, body: ExprId, dst: Reg) -> Compiled {
        let at = self.ast.span(id);
        self.check_parameters(args)?;
        let top = self.top();
        let parts = self.default_parts(at, args)?;
        let scope = self.scope_of(Owner::Expr(id), at)?;
        let finished = self.function_code(UnitKind::Lambda, "<lambda>", scope, at, args, |compiler| {
            let value = compiler.operand(body)?;
            compiler.emit(compiler.ast.span(body), RETURN, value, 0, 0, 0);
            Ok(())
        })?;
        let has_parts = parts.defaults.is_some() || parts.keyword_defaults.is_some();
        let function = if has_parts && !self.is_temporary(dst) { self.temporary() } else { dst };
        self.make_function(at, finished, function)?;
        self.set_parts(at, function, &parts);
        self.move_to(dst, function, at);
        self.release_to(top);
        Ok(())
    }

    /// The decorators' values in windows of their own, one above the other.
    fn decorators(&mut self, decorators: &[ExprId]) -> Compiled {
        decorators.iter().try_for_each(|&decorator| self.push(decorator).map(drop))
    }

    /// Calls the decorators, the last first, on what is in `register` right above them; returns where the result is.
    fn decorate(&mut self, decorators: &[ExprId], register: Reg) -> Reg {
        let mut register = register;
        for &decorator in decorators.iter().rev() {
            register -= 1;
            self.emit(self.ast.span(decorator), CALL, register, register, 1, 0);
            self.release_to(register + 1);
        }
        register
    }

    pub(super) fn function_statement(&mut self, id: StmtId) -> Compiled {
        let ast = self.ast;
        let (name, args, decorators, type_params) = match ast[id] {
            Stmt::FunctionDef { name, args, decorator_list, type_params, .. }
            | Stmt::AsyncFunctionDef { name, args, decorator_list, type_params, .. } => {
                (name, args, ast.list(decorator_list), type_params)
            }
            _ => return Ok(()),
        };
        let at = ast.span(id);
        self.check_parameters(args)?;
        let top = self.top();
        let first_line = decorators.first().map_or(at.lineno, |&decorator| ast.span(decorator).lineno);
        self.decorators(decorators)?;
        let function = self.temporary();
        let parts = self.default_parts(at, args)?;
        if type_params.is_empty() {
            self.function_value(id, first_line, &parts, function)?;
        } else {
            self.generic_function(id, name, type_params, first_line, &parts, function)?;
        }
        self.release_to(function + 1);
        let function = self.decorate(decorators, function);
        self.store_name(name, function, at)?;
        self.release_to(top);
        Ok(())
    }

    /// Makes the function of a definition whose defaults have been evaluated.
    fn function_value(&mut self, id: StmtId, first_line: u32, parts: &Parts, dst: Reg) -> Compiled {
        let ast = self.ast;
        let (name, args, body, returns, kind) = match ast[id] {
            Stmt::FunctionDef { name, args, body, returns, .. } => (name, args, body, returns, UnitKind::Function),
            Stmt::AsyncFunctionDef { name, args, body, returns, .. } => {
                (name, args, body, returns, UnitKind::AsyncFunction)
            }
            _ => return Ok(()),
        };
        let at = ast.span(id);
        let annotations = self.annotations(at, args, returns)?;
        let scope = self.scope_of(Owner::Stmt(id), at)?;
        let start = Span { lineno: first_line, ..at };
        let finished = self.function_code(kind, ast.name(name), scope, start, args, |compiler| {
            let mut statements = ast.list(body);
            if let Some(documentation) = compiler.docstring(body) {
                statements = &statements[1..];
                if compiler.options.optimize < 2 {
                    let unit = compiler.unit();
                    unit.builder.add_flags(flag::HAS_DOCSTRING);
                    unit.builder.extra(K::Str(documentation.into()));
                }
            }
            statements.iter().try_for_each(|&stmt| compiler.stmt(stmt))?;
            if let ([], Some(&documentation)) = (statements, ast.list(body).last()) {
                compiler.visit_line(ast.span(documentation));
            }
            compiler.return_none();
            Ok(())
        })?;
        self.make_function(at, finished, dst)?;
        self.set_parts(at, dst, parts);
        if let Some(annotations) = annotations {
            self.set_part(at, dst, annotations, function_part::ANNOTATIONS);
        }
        Ok(())
    }

    /// A generic function: made by a function of its own, which holds the type parameters and is passed the defaults.
    fn generic_function(
        &mut self,
        id: StmtId,
        name: Symbol,
        type_params: List<TypeParamId>,
        first_line: u32,
        parts: &Parts,
        dst: Reg,
    ) -> Compiled {
        let at = self.ast.span(id);
        // The wrapper's parameters are the two kinds of defaults; those not needed at the end are left out.
        let given = match (parts.defaults, parts.keyword_defaults) {
            (None, None) => vec![],
            (Some(defaults), None) => vec![Some(defaults)],
            (defaults, keyword_defaults) => vec![defaults, keyword_defaults],
        };
        let positional = given.len() as u16;
        let inner = Parts { defaults: parts.defaults.map(|_| 0), keyword_defaults: parts.keyword_defaults.map(|_| 1) };
        let finished = self.type_parameters_code(id, name, first_line, |compiler| {
            compiler.unit().builder.parameters(Parameters { positional, ..Parameters::default() });
            let params = compiler.type_parameters(type_params)?;
            let function = compiler.temporary();
            compiler.function_value(id, first_line, &inner, function)?;
            compiler.set_part(at, function, params, function_part::TYPE_PARAMS);
            compiler.emit(at, RETURN, function, 0, 0, 0);
            Ok(())
        })?;
        let window = self.temporary();
        self.make_function(at, finished, window)?;
        for register in given {
            let copy = self.temporary();
            match register {
                Some(register) => self.move_to(copy, register, at),
                None => self.load_constant(copy, K::None, at),
            }
        }
        self.emit(at, CALL, dst, window, positional, 0);
        self.release_to(window);
        Ok(())
    }

    pub(super) fn class_statement(&mut self, id: StmtId) -> Compiled {
        let ast = self.ast;
        let Stmt::ClassDef { name, bases, keywords, decorator_list, type_params, .. } = ast[id] else { return Ok(()) };
        let at = ast.span(id);
        let decorators = ast.list(decorator_list);
        let top = self.top();
        let first_line = decorators.first().map_or(at.lineno, |&decorator| ast.span(decorator).lineno);
        self.decorators(decorators)?;
        let class = self.temporary();
        if type_params.is_empty() {
            self.class_value(id, first_line, bases, keywords, false, class)?;
        } else {
            let finished = self.type_parameters_code(id, name, first_line, |compiler| {
                compiler.unit().class = Some(name);
                let params = compiler.type_parameters(type_params)?;
                compiler.store_named(".type_params", params, at)?;
                let class = compiler.temporary();
                compiler.class_value(id, first_line, bases, keywords, true, class)?;
                compiler.emit(at, RETURN, class, 0, 0, 0);
                Ok(())
            })?;
            self.make_function(at, finished, class)?;
            self.emit(at, CALL, class, class, 0, 0);
        }
        let class = self.decorate(decorators, class);
        self.store_name(name, class, at)?;
        self.release_to(top);
        Ok(())
    }

    /// Builds the class of a definition in `dst`.
    fn class_value(
        &mut self,
        id: StmtId,
        first_line: u32,
        bases: List<ExprId>,
        keywords: List<KeywordId>,
        generic: bool,
        dst: Reg,
    ) -> Compiled {
        let ast = self.ast;
        let Stmt::ClassDef { name, body, .. } = ast[id] else { return Ok(()) };
        let at = ast.span(id);
        let scope = self.scope_of(Owner::Stmt(id), at)?;
        let finished = self.class_code(name, scope, Span { lineno: first_line, ..at }, body, generic)?;
        let mut base = None;
        if generic {
            let register = self.temporary();
            self.load_named(".type_params", register, at);
            self.emit(at, SUBSCRIPT_GENERIC, register, register, 0, 0);
            self.store_named(".generic_base", register, at)?;
            self.release_to(register);
            base = Some(".generic_base");
        }
        self.check_keywords(keywords)?;
        let window = self.temporary();
        self.emit(at, LOAD_BUILD_CLASS, window, 0, 0, 0);
        let function = self.temporary();
        self.make_function(at, finished, function)?;
        let text = self.text(name);
        let title = self.constant_operand(text, at);
        self.call_with(at, window, &[function, title], ast.list(bases), base, ast.list(keywords), dst)
    }

    fn class_code(
        &mut self,
        name: Symbol,
        scope: ScopeId,
        at: Span,
        body: List<StmtId>,
        generic: bool,
    ) -> Compiled<Finished> {
        let text = self.ast.name(name);
        self.enter(UnitKind::Class, text, scope, at)?;
        self.unit().class = Some(name);
        let register = self.temporary();
        self.load_named("__name__", register, at);
        self.store_named("__module__", register, at)?;
        let qualified_name = self.unit_ref().qualified_name.clone();
        self.load_constant(register, K::Str(qualified_name.into_bytes().into()), at);
        self.store_named("__qualname__", register, at)?;
        if generic {
            self.load_named(".type_params", register, at);
            self.store_named("__type_params__", register, at)?;
        }
        let cell = |compiler: &Self, name: &str, needed: bool| {
            let symbol = compiler.tables.names.find(name).filter(|_| needed)?;
            compiler.unit_ref().variables.get(&symbol).copied()
        };
        let dict_cell = cell(self, "__classdict__", self.scope().needs_class_dict);
        if let Some(cell) = dict_cell {
            self.emit(at, LOAD_LOCALS, register, 0, 0, 0);
            self.emit(at, STORE_CELL, cell, register, 0, 0);
        }
        self.release_to(register);
        self.body(body, at)?;
        if let Some(cell) = dict_cell {
            let index = self.unit().builder.name("__classdictcell__");
            self.emit(at, STORE_NAME, cell, 0, 0, index);
        }
        match cell(self, "__class__", self.scope().needs_class_cell) {
            Some(cell) => {
                let index = self.unit().builder.name("__classcell__");
                self.emit(at, STORE_NAME, cell, 0, 0, index);
                self.emit(at, RETURN, cell, 0, 0, 0);
            }
            None => self.return_none(),
        }
        self.leave()
    }
}
