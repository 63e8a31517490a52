//! Conditions: expressions of which only the truth matters.

use super::operators::{Right, compare_opcode};
use super::*;
use crate::fold;

impl<'a> Compiler<'a> {
    /// Jumps if the value in a register, which stays, has the truth `sense`.
    pub(super) fn branch_on_truth(&mut self, at: Span, value: Reg, target: Label, sense: bool) {
        let (branch, jump) = if sense { (BRANCH_FALSE, JUMP_IF_TRUE) } else { (BRANCH_TRUE, JUMP_IF_FALSE) };
        let decision = self.temporary();
        self.jump(at, branch, decision, value, 0, target);
        self.jump(at, jump, decision, 0, 0, target);
        self.release_to(decision);
    }

    /// Goes to `target` if the truth of an expression is `sense`, else on.
    pub(super) fn jump_if(&mut self, id: ExprId, target: Label, sense: bool) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        if let Some(value) = self.folder.constant(id) {
            if fold::truth(&value) == sense {
                self.jump(at, JUMP, 0, 0, 0, target);
            }
            return Ok(());
        }
        match ast[id] {
            Expr::UnaryOp { op: UnaryOp::Not, operand } => return self.jump_if(operand, target, !sense),
            Expr::BoolOp { op, values } => {
                let Some((&last, values)) = ast.list(values).split_last() else { return Ok(()) };
                // The truth of an operand that decides at once.
                let decisive = op == BoolOp::Or;
                let skip = self.label();
                for &value in values {
                    self.jump_if(value, if decisive == sense { target } else { skip }, decisive)?;
                }
                self.jump_if(last, target, sense)?;
                self.bind(skip);
                return Ok(());
            }
            Expr::IfExp { test, body, orelse } => {
                let (otherwise, end) = (self.label(), self.label());
                self.jump_if(test, otherwise, false)?;
                self.jump_if(body, target, sense)?;
                self.jump(at, JUMP, 0, 0, 0, end);
                self.bind(otherwise);
                self.jump_if(orelse, target, sense)?;
                self.bind(end);
                return Ok(());
            }
            Expr::Compare { left, ops, comparators } => {
                self.check_compare(id);
                return self.jump_if_compare(at, left, ast.list(ops), ast.list(comparators), target, sense);
            }
            _ => {}
        }
        let top = self.top();
        let value = self.operand(id)?;
        if self.is_temporary(value) {
            self.jump(at, if sense { JUMP_IF_TRUE } else { JUMP_IF_FALSE }, value, 0, 0, target);
        } else {
            self.branch_on_truth(at, value, target, sense);
        }
        self.release_to(top);
        Ok(())
    }

    fn jump_if_compare(
        &mut self,
        at: Span,
        left: ExprId,
        ops: &[CmpOp],
        comparators: &[ExprId],
        target: Label,
        sense: bool,
    ) -> Compiled {
        let (Some((&last_op, ops)), Some((&last, comparators))) = (ops.split_last(), comparators.split_last()) else {
            return self.error("a comparison without operators", at);
        };
        let top = self.top();
        // Where a comparison that is false leads.
        let skip = self.label();
        let failed = if sense { skip } else { target };
        let mut left = self.operand(left)?;
        for (&op, &right) in ops.iter().zip(comparators) {
            let right = self.operand(right)?;
            self.branch_compare(at, op, left, Right::Register(right), failed);
            left = right;
        }
        if matches!(last_op, CmpOp::Is | CmpOp::IsNot) && self.folder.constant(last) == Some(K::None) {
            let when_none = (last_op == CmpOp::Is) == sense;
            self.jump(at, if when_none { JUMP_IF_NONE } else { JUMP_IF_NOT_NONE }, left, 0, 0, target);
        } else {
            let right = self.comparator(last_op, last)?;
            match (sense, fold::negated(last_op)) {
                (false, _) => self.branch_compare(at, last_op, left, right, target),
                (true, Some(opposite)) => self.branch_compare(at, opposite, left, right, target),
                (true, None) => {
                    self.branch_compare(at, last_op, left, right, skip);
                    self.jump(at, JUMP, 0, 0, 0, target);
                }
            }
        }
        self.bind(skip);
        self.release_to(top);
        Ok(())
    }

    /// Goes to `target` unless the comparison holds.
    pub(super) fn branch_compare(&mut self, at: Span, op: CmpOp, left: Reg, right: Right, target: Label) {
        let opcode = compare_opcode(op);
        if let (IS | IS_NOT, Right::Register(right)) = (opcode, &right) {
            self.jump(at, if opcode == IS { BRANCH_IS } else { BRANCH_IS_NOT }, 0, left, *right, target);
            return;
        }
        let decision = self.temporary();
        match right {
            Right::Register(right) => self.jump(at, opcode - LT + BRANCH_LT, decision, left, right, target),
            Right::Constant(constant) => match u16::try_from(constant) {
                Ok(constant) => self.jump(at, opcode - LT + BRANCH_LT_K, decision, left, constant, target),
                // The 16-bit field is full: compare, then branch.
                Err(_) => self.emit(at, opcode - LT + LT_K, decision, left, 0, constant),
            },
        }
        self.jump(at, JUMP_IF_FALSE, decision, 0, 0, target);
        self.release_to(decision);
    }
}
