//! `SyntaxWarning`s about code that cannot be meant.

use super::*;
use crate::fold;

impl<'a> Compiler<'a> {
    /// Name of the type of a display or constant; `None` for what is known at run time only.
    fn static_type(&self, id: ExprId) -> Option<&'static str> {
        if let Some(value) = self.folder.constant(id) {
            return Some(fold::type_name(&value));
        }
        match self.ast[id] {
            Expr::Tuple { .. } => Some("tuple"),
            Expr::List { .. } | Expr::ListComp { .. } => Some("list"),
            Expr::Dict { .. } | Expr::DictComp { .. } => Some("dict"),
            Expr::Set { .. } | Expr::SetComp { .. } => Some("set"),
            Expr::GeneratorExp { .. } => Some("generator"),
            Expr::Lambda { .. } => Some("function"),
            Expr::JoinedStr { .. } | Expr::FormattedValue { .. } => Some("str"),
            _ => None,
        }
    }

    /// `x is 1`
    pub(super) fn check_compare(&mut self, id: ExprId) {
        let ast = self.ast;
        let Expr::Compare { left, ops, comparators } = ast[id] else { return };
        let literal = |folder: &Folder<'_>, id| {
            folder.constant(id).is_some_and(|value| !matches!(value, K::None | K::Bool(_) | K::Ellipsis))
        };
        let mut left = left;
        for (&op, &right) in ast.list(ops).iter().zip(ast.list(comparators)) {
            if matches!(op, CmpOp::Is | CmpOp::IsNot) {
                let suspect = if literal(&self.folder, left) { Some(left) } else { Some(right) };
                let suspect = suspect.filter(|&id| literal(&self.folder, id));
                if let Some(name) = suspect.and_then(|id| self.static_type(id)) {
                    let message = match op {
                        CmpOp::Is => format!("\"is\" with '{name}' literal. Did you mean \"==\"?"),
                        _ => format!("\"is not\" with '{name}' literal. Did you mean \"!=\"?"),
                    };
                    self.warn(message, ast.span(id));
                    return;
                }
            }
            left = right;
        }
    }

    /// `"a" (b)`
    pub(super) fn check_callee(&mut self, id: ExprId) {
        let Some(name) = self.static_type(id).filter(|&name| name != "function") else { return };
        self.warn(format!("'{name}' object is not callable; perhaps you missed a comma?"), self.ast.span(id));
    }

    /// `1[x]`, `[1]["a"]`
    pub(super) fn check_subscript(&mut self, value: ExprId, index: ExprId) {
        let at = self.ast.span(value);
        let Some(name) = self.static_type(value) else { return };
        if !matches!(name, "str" | "bytes" | "tuple" | "list" | "dict") {
            self.warn(format!("'{name}' object is not subscriptable; perhaps you missed a comma?"), at);
            return;
        }
        if name == "dict" {
            return;
        }
        let Some(index) = self.static_type(index).filter(|&index| !matches!(index, "int" | "bool")) else { return };
        let message = format!("{name} indices must be integers or slices, not {index}; perhaps you missed a comma?");
        self.warn(message, at);
    }
}
