//! What a tree must be like beyond its types, for trees that the parser has not made: contexts, lists that must not be
//! empty, names and values that cannot stand where they stand.
//!
//! Trees may be deep: the work to do is on an explicit stack. Of several faults, the first in the order of the fields is
//! reported.

use crate::ast::{
    AnyNode, Arguments, Ast, Constant, Expr, ExprContext, ExprId, Field, List, Operator, Pattern, PatternId, Root,
    Stmt, StmtId, Symbol, TypeParam, UnaryOp,
};

/// A fault of a tree: the exception's class and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// A `ValueError`.
    Value(String),
    /// A `TypeError`.
    Type(String),
}

type Check = Result<(), Invalid>;

enum Work {
    Stmt(StmtId),
    Expr(ExprId, ExprContext),
    /// Whether a star may stand there.
    Pattern(PatternId, bool),
    /// A node of another type.
    Other(AnyNode),
}

/// Checks a tree.
///
/// # Errors
/// What CPython's compiler says of it.
pub fn validate(ast: &Ast) -> Check {
    let mut validator = Validator { ast, work: Vec::new(), next: Vec::new() };
    match ast.root {
        Root::Module { body, .. } | Root::Interactive { body } => validator.stmts(body),
        Root::Expression { body } => validator.load(body),
        Root::FunctionType { argtypes, returns } => {
            validator.exprs(argtypes, ExprContext::Load);
            validator.load(returns);
        }
    }
    validator.run()
}

fn invalid(message: impl Into<String>) -> Check {
    Err(Invalid::Value(message.into()))
}

fn need(condition: bool, message: &str) -> Check {
    if condition { Ok(()) } else { invalid(message) }
}

struct Validator<'a> {
    ast: &'a Ast,
    work: Vec<Work>,
    /// The children of the node under way, in order.
    next: Vec<Work>,
}

impl Validator<'_> {
    fn run(&mut self) -> Check {
        self.work.extend(self.next.drain(..).rev());
        while let Some(work) = self.work.pop() {
            match work {
                Work::Stmt(id) => self.stmt(self.ast[id])?,
                Work::Expr(id, context) => self.expr(self.ast[id], context)?,
                Work::Pattern(id, star) => self.pattern(self.ast[id], star)?,
                Work::Other(node) => self.other(node)?,
            }
            self.work.extend(self.next.drain(..).rev());
        }
        Ok(())
    }

    fn stmts(&mut self, list: List<StmtId>) {
        self.next.extend(self.ast.list(list).iter().map(|id| Work::Stmt(*id)));
    }
    fn body(&mut self, list: List<StmtId>, owner: &str) -> Check {
        self.full(list.is_empty(), "body", owner)?;
        self.stmts(list);
        Ok(())
    }
    fn full(&self, empty: bool, what: &str, owner: &str) -> Check {
        if empty { invalid(format!("empty {what} on {owner}")) } else { Ok(()) }
    }
    fn load(&mut self, id: ExprId) {
        self.next.push(Work::Expr(id, ExprContext::Load));
    }
    fn store(&mut self, id: ExprId) {
        self.next.push(Work::Expr(id, ExprContext::Store));
    }
    fn optional(&mut self, id: Option<ExprId>) {
        id.into_iter().for_each(|id| self.load(id));
    }
    fn exprs(&mut self, list: List<ExprId>, context: ExprContext) {
        self.next.extend(self.ast.list(list).iter().map(|id| Work::Expr(*id, context)));
    }
    fn others<T: Copy + Into<AnyNode> + crate::ast::Listed>(&mut self, list: List<T>) {
        self.next.extend(self.ast.list(list).iter().map(|id| Work::Other((*id).into())));
    }
    fn patterns(&mut self, list: List<PatternId>, star: bool) {
        self.next.extend(self.ast.list(list).iter().map(|id| Work::Pattern(*id, star)));
    }
    fn name(&self, symbol: Symbol) -> Check {
        match self.ast.name(symbol) {
            name @ ("None" | "True" | "False") => {
                invalid(format!("identifier field can't represent '{name}' constant"))
            }
            _ => Ok(()),
        }
    }
    fn capture(&self, symbol: Symbol) -> Check {
        need(self.ast.name(symbol) != "_", "can't capture name '_' in patterns")?;
        self.name(symbol)
    }

    fn function(
        &mut self,
        owner: &str,
        args: crate::ast::ArgumentsId,
        body: List<StmtId>,
        decorators: List<ExprId>,
        returns: Option<ExprId>,
        type_params: List<crate::ast::TypeParamId>,
    ) -> Check {
        self.body(body, owner)?;
        self.others(type_params);
        self.next.push(Work::Other(args.into()));
        self.exprs(decorators, ExprContext::Load);
        self.optional(returns);
        Ok(())
    }

    fn stmt(&mut self, stmt: Stmt) -> Check {
        use ExprContext::{Del, Load, Store};
        match stmt {
            Stmt::FunctionDef { args, body, decorator_list, returns, type_params, .. } => {
                self.function("FunctionDef", args, body, decorator_list, returns, type_params)?;
            }
            Stmt::AsyncFunctionDef { args, body, decorator_list, returns, type_params, .. } => {
                self.function("AsyncFunctionDef", args, body, decorator_list, returns, type_params)?;
            }
            Stmt::ClassDef { bases, keywords, body, decorator_list, type_params, .. } => {
                self.body(body, "ClassDef")?;
                self.others(type_params);
                self.exprs(bases, Load);
                self.others(keywords);
                self.exprs(decorator_list, Load);
            }
            Stmt::Return { value } => self.optional(value),
            Stmt::Delete { targets } => {
                self.full(targets.is_empty(), "targets", "Delete")?;
                self.exprs(targets, Del);
            }
            Stmt::Assign { targets, value, .. } => {
                self.full(targets.is_empty(), "targets", "Assign")?;
                self.exprs(targets, Store);
                self.load(value);
            }
            Stmt::TypeAlias { name, type_params, value } => {
                if !matches!(self.ast[name], Expr::Name { .. }) {
                    return Err(Invalid::Type("TypeAlias with non-Name name".into()));
                }
                self.store(name);
                self.others(type_params);
                self.load(value);
            }
            Stmt::AugAssign { target, value, .. } => {
                self.store(target);
                self.load(value);
            }
            Stmt::AnnAssign { target, annotation, value, simple } => {
                if simple != 0 && !matches!(self.ast[target], Expr::Name { .. }) {
                    return Err(Invalid::Type("AnnAssign with simple non-Name target".into()));
                }
                self.store(target);
                self.optional(value);
                self.load(annotation);
            }
            Stmt::For { target, iter, body, orelse, .. } | Stmt::AsyncFor { target, iter, body, orelse, .. } => {
                self.store(target);
                self.load(iter);
                let owner = if matches!(stmt, Stmt::For { .. }) { "For" } else { "AsyncFor" };
                self.body(body, owner)?;
                self.stmts(orelse);
            }
            Stmt::While { test, body, orelse } | Stmt::If { test, body, orelse } => {
                self.load(test);
                self.body(body, if matches!(stmt, Stmt::While { .. }) { "While" } else { "If" })?;
                self.stmts(orelse);
            }
            Stmt::With { items, body, .. } | Stmt::AsyncWith { items, body, .. } => {
                let owner = if matches!(stmt, Stmt::With { .. }) { "With" } else { "AsyncWith" };
                self.full(items.is_empty(), "items", owner)?;
                self.others(items);
                self.body(body, owner)?;
            }
            Stmt::Match { subject, cases } => {
                self.load(subject);
                self.full(cases.is_empty(), "cases", "Match")?;
                self.others(cases);
            }
            Stmt::Raise { exc, cause } => {
                need(exc.is_some() || cause.is_none(), "Raise with cause but no exception")?;
                self.optional(exc);
                self.optional(cause);
            }
            Stmt::Try { body, handlers, orelse, finalbody } | Stmt::TryStar { body, handlers, orelse, finalbody } => {
                let owner = if matches!(stmt, Stmt::Try { .. }) { "Try" } else { "TryStar" };
                self.body(body, owner)?;
                if handlers.is_empty() {
                    need(!finalbody.is_empty(), &format!("{owner} has neither except handlers nor finalbody"))?;
                    need(orelse.is_empty(), &format!("{owner} has orelse but no except handlers"))?;
                }
                self.others(handlers);
                self.stmts(orelse);
                self.stmts(finalbody);
            }
            Stmt::Assert { test, msg } => {
                self.load(test);
                self.optional(msg);
            }
            Stmt::Import { names } => self.full(names.is_empty(), "names", "Import")?,
            Stmt::ImportFrom { names, level, .. } => {
                need(level.0 as i32 >= 0, "Negative ImportFrom level")?;
                self.full(names.is_empty(), "names", "ImportFrom")?;
            }
            Stmt::Global { names } => self.full(names.is_empty(), "names", "Global")?,
            Stmt::Nonlocal { names } => self.full(names.is_empty(), "names", "Nonlocal")?,
            Stmt::Expr { value } => self.load(value),
            Stmt::Pass {} | Stmt::Break {} | Stmt::Continue {} => {}
        }
        Ok(())
    }

    fn expr(&mut self, expr: Expr, context: ExprContext) -> Check {
        use ExprContext::Load;
        let own = match expr {
            Expr::Attribute { ctx, .. }
            | Expr::Subscript { ctx, .. }
            | Expr::Starred { ctx, .. }
            | Expr::List { ctx, .. }
            | Expr::Tuple { ctx, .. } => Some(ctx),
            Expr::Name { id, ctx } => {
                self.name(id)?;
                Some(ctx)
            }
            _ => None,
        };
        match own {
            None if context != Load => {
                return invalid(format!("expression which can't be assigned to in {} context", context.class_name()));
            }
            Some(ctx) if ctx != context => {
                return invalid(format!(
                    "expression must have {} context but has {} instead",
                    context.class_name(),
                    ctx.class_name()
                ));
            }
            _ => {}
        }
        match expr {
            Expr::BoolOp { values, .. } => {
                need(values.len() >= 2, "BoolOp with less than 2 values")?;
                self.exprs(values, Load);
            }
            Expr::Dict { keys, values } => {
                need(keys.len() == values.len(), "Dict doesn't have the same number of keys as values")?;
                self.next.extend(self.ast.list(keys).iter().flatten().map(|id| Work::Expr(*id, Load)));
                self.exprs(values, Load);
            }
            Expr::NamedExpr { target, value } => {
                self.store(target);
                self.load(value);
            }
            Expr::ListComp { generators, .. }
            | Expr::SetComp { generators, .. }
            | Expr::DictComp { generators, .. }
            | Expr::GeneratorExp { generators, .. } => {
                need(!generators.is_empty(), "comprehension with no generators")?;
                self.others(generators);
                match expr {
                    Expr::DictComp { key, value, .. } => {
                        self.load(key);
                        self.load(value);
                    }
                    Expr::ListComp { elt, .. } | Expr::SetComp { elt, .. } | Expr::GeneratorExp { elt, .. } => {
                        self.load(elt);
                    }
                    _ => {}
                }
            }
            Expr::Compare { left, comparators, ops } => {
                need(!comparators.is_empty(), "Compare with no comparators")?;
                need(comparators.len() == ops.len(), "Compare has a different number of comparators and operands")?;
                self.exprs(comparators, Load);
                self.load(left);
            }
            Expr::Starred { value, ctx } => self.next.push(Work::Expr(value, ctx)),
            Expr::List { elts, ctx } | Expr::Tuple { elts, ctx } => self.exprs(elts, ctx),
            other => self.children(&other),
        }
        Ok(())
    }

    /// All children, expressions to be loaded.
    fn children(&mut self, node: &dyn crate::ast::Fields) {
        let (ast, next) = (self.ast, &mut self.next);
        let mut add = |child| match child {
            AnyNode::Expr(id) => next.push(Work::Expr(id, ExprContext::Load)),
            AnyNode::Stmt(id) => next.push(Work::Stmt(id)),
            AnyNode::Pattern(id) => next.push(Work::Pattern(id, false)),
            other => next.push(Work::Other(other)),
        };
        node.fields(&mut |_, field| match field {
            Field::Node(child) | Field::Optional(Some(child)) => add(child),
            Field::Nodes(list) => (0..list.len()).filter_map(|at| ast.any_item(list, at)).for_each(&mut add),
            _ => {}
        });
    }

    fn other(&mut self, node: AnyNode) -> Check {
        let ast = self.ast;
        match node {
            AnyNode::Arguments(id) => {
                let Arguments { posonlyargs, args, kwonlyargs, kw_defaults, defaults, .. } = ast[id];
                need(
                    defaults.len() <= posonlyargs.len() + args.len(),
                    "more positional defaults than args on arguments",
                )?;
                need(
                    kw_defaults.len() == kwonlyargs.len(),
                    "length of kwonlyargs is not the same as kw_defaults on arguments",
                )?;
                self.children(&ast[id]);
            }
            AnyNode::Comprehension(id) => {
                self.store(ast[id].target);
                self.load(ast[id].iter);
                self.exprs(ast[id].ifs, ExprContext::Load);
            }
            AnyNode::WithItem(id) => {
                self.load(ast[id].context_expr);
                ast[id].optional_vars.into_iter().for_each(|target| self.store(target));
            }
            AnyNode::ExceptHandler(id) => {
                self.optional(ast[id].type_);
                self.body(ast[id].body, "ExceptHandler")?;
            }
            AnyNode::MatchCase(id) => {
                self.next.push(Work::Pattern(ast[id].pattern, false));
                self.optional(ast[id].guard);
                self.body(ast[id].body, "match_case")?;
            }
            AnyNode::TypeParam(id) => match ast[id] {
                TypeParam::TypeVar { name, bound } => {
                    self.name(name)?;
                    self.optional(bound);
                }
                TypeParam::ParamSpec { name } | TypeParam::TypeVarTuple { name } => self.name(name)?,
            },
            other => self.children(ast.any(other)),
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: Pattern, star: bool) -> Check {
        match pattern {
            Pattern::MatchValue { value } => self.pattern_value(value)?,
            Pattern::MatchSingleton { value } => need(
                matches!(value, Constant::None | Constant::True | Constant::False),
                "MatchSingleton can only contain True, False and None",
            )?,
            Pattern::MatchSequence { patterns } => self.patterns(patterns, true),
            Pattern::MatchMapping { keys, patterns, rest } => {
                need(keys.len() == patterns.len(), "MatchMapping doesn't have the same number of keys as patterns")?;
                rest.map_or(Ok(()), |name| self.capture(name))?;
                for key in self.ast.list(keys) {
                    let singleton = matches!(
                        self.ast[*key],
                        Expr::Constant { value: Constant::None | Constant::True | Constant::False, .. }
                    );
                    if !singleton {
                        self.pattern_value(*key)?;
                    }
                }
                self.patterns(patterns, false);
            }
            Pattern::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                need(
                    kwd_attrs.len() == kwd_patterns.len(),
                    "MatchClass doesn't have the same number of keyword attributes as patterns",
                )?;
                let mut part = cls;
                while let Expr::Attribute { value, .. } = self.ast[part] {
                    part = value;
                }
                need(
                    matches!(self.ast[part], Expr::Name { .. }),
                    "MatchClass cls field can only contain Name or Attribute nodes.",
                )?;
                self.load(cls);
                for name in self.ast.list(kwd_attrs) {
                    self.name(*name)?;
                }
                self.patterns(patterns, false);
                self.patterns(kwd_patterns, false);
            }
            Pattern::MatchStar { name } => {
                need(star, "can't use MatchStar here")?;
                name.map_or(Ok(()), |name| self.capture(name))?;
            }
            Pattern::MatchAs { pattern, name } => {
                name.map_or(Ok(()), |name| self.capture(name))?;
                if let Some(pattern) = pattern {
                    need(name.is_some(), "MatchAs must specify a target name if a pattern is given")?;
                    self.next.push(Work::Pattern(pattern, false));
                }
            }
            Pattern::MatchOr { patterns } => {
                need(patterns.len() >= 2, "MatchOr requires at least 2 patterns")?;
                self.patterns(patterns, false);
            }
        }
        Ok(())
    }

    fn pattern_value(&mut self, id: ExprId) -> Check {
        self.load(id);
        match self.ast[id] {
            Expr::Constant { value, .. } => need(
                is_real(value) || matches!(value, Constant::Complex(..) | Constant::Str(_) | Constant::Bytes(_)),
                "unexpected constant inside of a literal pattern",
            ),
            Expr::Attribute { .. } | Expr::JoinedStr { .. } => Ok(()),
            Expr::UnaryOp { .. } if self.is_number(id, |_| true) => Ok(()),
            Expr::BinOp { left, op: Operator::Add | Operator::Sub, right }
                if self.is_number(left, is_real)
                    && matches!(self.ast[right], Expr::Constant { value: Constant::Complex(..), .. }) =>
            {
                Ok(())
            }
            _ => invalid("patterns may only match literals and attribute lookups"),
        }
    }

    /// A number that `kind` accepts, or the negation of one.
    fn is_number(&self, id: ExprId, kind: fn(Constant) -> bool) -> bool {
        let number = match self.ast[id] {
            Expr::UnaryOp { op: UnaryOp::USub, operand } => operand,
            _ => id,
        };
        let Expr::Constant { value, .. } = self.ast[number] else { return false };
        (is_real(value) || matches!(value, Constant::Complex(..))) && kind(value)
    }
}

fn is_real(value: Constant) -> bool {
    matches!(value, Constant::Int(_) | Constant::BigInt(_) | Constant::Float(_))
}
