//! Type parameters and `type` statements (PEP 695).

use super::function::Finished;
use super::*;

impl<'a> Compiler<'a> {
    /// Compiles the function around a generic definition.
    pub(super) fn type_parameters_code(
        &mut self,
        id: StmtId,
        name: Symbol,
        first_line: u32,
        body: impl FnOnce(&mut Self) -> Compiled,
    ) -> Compiled<Finished> {
        let at = self.ast.span(id);
        let scope = self.scope_of(Owner::TypeParameters(id), at)?;
        let title = format!("<generic parameters of {}>", self.ast.name(name));
        self.enter(UnitKind::TypeParameters, &title, scope, Span { lineno: first_line, ..at })?;
        body(self)?;
        self.leave()
    }

    /// Makes the type parameters and binds their names; returns a tuple of them.
    pub(super) fn type_parameters(&mut self, list: List<TypeParamId>) -> Compiled<Reg> {
        let ast = self.ast;
        let params = ast.list(list);
        let window = self.window(params.len());
        let mut all = Span::default();
        for (offset, &id) in params.iter().enumerate() {
            let at = ast.span(id);
            all = at;
            let dst = window + offset as u16;
            let (op, name, bound) = match ast[id] {
                TypeParam::TypeVar { name, bound } => (TYPE_VAR, name, bound),
                TypeParam::ParamSpec { name } => (PARAM_SPEC, name, None),
                TypeParam::TypeVarTuple { name } => (TYPE_VAR_TUPLE, name, None),
            };
            let text = self.unit().builder.name(ast.name(name));
            match bound {
                Some(bound) => {
                    let scope = self.scope_of(Owner::Bound(id), at)?;
                    let function = self.temporary();
                    self.lazy(ast.name(name), scope, bound, function)?;
                    let constraints = matches!(ast[bound], Expr::Tuple { .. });
                    let op = if constraints { TYPE_VAR_CONSTRAINTS } else { TYPE_VAR_BOUND };
                    self.emit(at, op, dst, function, 0, text);
                    self.release_to(function);
                }
                None => self.emit(at, op, dst, 0, 0, text),
            }
            self.store_name(name, dst, at)?;
        }
        self.emit(all, BUILD_TUPLE, window, window, params.len() as u16, 0);
        self.release_to(window + 1);
        Ok(window)
    }

    /// Makes a function without parameters that evaluates an expression when asked.
    fn lazy(&mut self, name: &str, scope: ScopeId, value: ExprId, dst: Reg) -> Compiled {
        let at = self.ast.span(value);
        self.enter(UnitKind::Lazy, name, scope, at)?;
        let register = self.operand(value)?;
        self.emit(at, RETURN, register, 0, 0, 0);
        let finished = self.leave()?;
        self.make_function(at, finished, dst)
    }

    pub(super) fn type_alias(
        &mut self,
        id: StmtId,
        name: ExprId,
        type_params: List<TypeParamId>,
        value: ExprId,
    ) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let Expr::Name { id: symbol, .. } = ast[name] else { return self.error("TypeAlias with non-Name name", at) };
        let top = self.top();
        let alias = self.temporary();
        if type_params.is_empty() {
            self.alias_value(id, symbol, List::EMPTY, value, alias)?;
        } else {
            let finished = self.type_parameters_code(id, symbol, at.lineno, |compiler| {
                let alias = compiler.temporary();
                compiler.alias_value(id, symbol, type_params, value, alias)?;
                compiler.emit(at, RETURN, alias, 0, 0, 0);
                Ok(())
            })?;
            self.make_function(at, finished, alias)?;
            self.emit(at, CALL, alias, alias, 0, 0);
        }
        self.store_name(symbol, alias, at)?;
        self.release_to(top);
        Ok(())
    }

    fn alias_value(
        &mut self,
        id: StmtId,
        name: Symbol,
        type_params: List<TypeParamId>,
        value: ExprId,
        dst: Reg,
    ) -> Compiled {
        let at = self.ast.span(id);
        let text = self.text(name);
        let window = self.constant_operand(text, at);
        if type_params.is_empty() {
            self.constant_operand(K::None, at);
        } else {
            self.type_parameters(type_params)?;
        }
        let scope = self.scope_of(Owner::Stmt(id), at)?;
        let function = self.temporary();
        self.lazy(self.ast.name(name), scope, value, function)?;
        self.emit(at, TYPE_ALIAS, dst, window, 0, 0);
        self.release_to(window);
        Ok(())
    }
}
