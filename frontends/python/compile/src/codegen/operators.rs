//! Unary, binary and comparison operators, `and`, `or`, as values.

use super::*;
use crate::fold;

/// Position of a binary operator among its opcodes' families.
pub(super) fn binary_opcode(op: Operator) -> u16 {
    match op {
        Operator::Add => ADD,
        Operator::Sub => SUB,
        Operator::Mult => MUL,
        Operator::MatMult => MATMUL,
        Operator::Div => TRUE_DIV,
        Operator::Mod => MOD,
        Operator::Pow => POW,
        Operator::LShift => LSHIFT,
        Operator::RShift => RSHIFT,
        Operator::BitOr => OR,
        Operator::BitXor => XOR,
        Operator::BitAnd => AND,
        Operator::FloorDiv => FLOOR_DIV,
    }
}

/// The opcode of a comparison; `is` and `is not` stand outside the families.
pub(super) fn compare_opcode(op: CmpOp) -> u16 {
    match op {
        CmpOp::Lt => LT,
        CmpOp::LtE => LE,
        CmpOp::Eq => EQ,
        CmpOp::NotEq => NE,
        CmpOp::Gt => GT,
        CmpOp::GtE => GE,
        CmpOp::In => CONTAINS,
        CmpOp::NotIn => NOT_CONTAINS,
        CmpOp::Is => IS,
        CmpOp::IsNot => IS_NOT,
    }
}

/// The right operand of an operator.
pub(super) enum Right {
    Register(Reg),
    Constant(i32),
}

impl<'a> Compiler<'a> {
    /// The right operand of a binary operator or comparison, as a constant if it is one and `constants` allows it.
    pub(super) fn right_operand(&mut self, id: ExprId, constants: bool) -> Compiled<Right> {
        match self.folder.constant(id) {
            Some(value) if constants => Ok(Right::Constant(self.constant(value))),
            _ => self.operand(id).map(Right::Register),
        }
    }

    pub(super) fn binary(&mut self, id: ExprId, op: Operator, left: ExprId, right: ExprId, dst: Reg) -> Compiled {
        let at = self.ast.span(id);
        let top = self.top();
        let left = self.operand_hinted(left, dst)?;
        let op = binary_opcode(op);
        match self.right_operand(right, true)? {
            Right::Register(right) => self.emit(at, op, dst, left, right, 0),
            Right::Constant(right) => self.emit(at, op - ADD + ADD_K, dst, left, 0, right),
        }
        self.release_to(top);
        Ok(())
    }

    pub(super) fn unary(&mut self, id: ExprId, op: UnaryOp, operand: ExprId, dst: Reg) -> Compiled {
        let at = self.ast.span(id);
        let top = self.top();
        if let (UnaryOp::Not, Expr::Compare { left, ops, comparators }) = (op, self.ast[operand])
            && let (&[op], &[right]) = (self.ast.list(ops), self.ast.list(comparators))
            && let Some(op) = fold::negated(op)
        {
            self.check_compare(operand);
            self.compare_once(at, op, left, right, dst)?;
            self.release_to(top);
            return Ok(());
        }
        let value = self.operand_hinted(operand, dst)?;
        let op = match op {
            UnaryOp::Invert => INVERT,
            UnaryOp::Not => NOT,
            UnaryOp::UAdd => POS,
            UnaryOp::USub => NEG,
        };
        self.emit(at, op, dst, value, 0, 0);
        self.release_to(top);
        Ok(())
    }

    /// The right operand of a comparison. A list or set display behind `in` need not be made.
    pub(super) fn comparator(&mut self, op: CmpOp, right: ExprId) -> Compiled<Right> {
        let value = match op {
            CmpOp::In | CmpOp::NotIn => self.folder.iterable(right),
            _ => self.folder.constant(right),
        };
        match (op, value) {
            (CmpOp::Is | CmpOp::IsNot, _) | (_, None) => self.operand(right).map(Right::Register),
            (_, Some(value)) => Ok(Right::Constant(self.constant(value))),
        }
    }

    pub(super) fn emit_compare(&mut self, at: Span, op: CmpOp, dst: Reg, left: Reg, right: Right) {
        let op = compare_opcode(op);
        match right {
            Right::Register(right) => self.emit(at, op, dst, left, right, 0),
            Right::Constant(right) => self.emit(at, op - LT + LT_K, dst, left, 0, right),
        }
    }

    fn compare_once(&mut self, at: Span, op: CmpOp, left: ExprId, right: ExprId, dst: Reg) -> Compiled {
        let left = self.operand_hinted(left, dst)?;
        let right = self.comparator(op, right)?;
        self.emit_compare(at, op, dst, left, right);
        Ok(())
    }

    /// `a < b <= c …` as a value: the result of the first comparison that is false, or of the last.
    pub(super) fn compare(
        &mut self,
        id: ExprId,
        left: ExprId,
        ops: List<CmpOp>,
        comparators: List<ExprId>,
        dst: Reg,
    ) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        self.check_compare(id);
        let top = self.top();
        let (ops, comparators) = (ast.list(ops), ast.list(comparators));
        let (Some((&last_op, ops)), Some((&last, comparators))) = (ops.split_last(), comparators.split_last()) else {
            return self.error("a comparison without operators", at);
        };
        if ops.is_empty() {
            self.compare_once(at, last_op, left, last, dst)?;
            self.release_to(top);
            return Ok(());
        }
        let end = self.label();
        let result = self.temporary();
        let mut left = self.operand(left)?;
        for (&op, &right) in ops.iter().zip(comparators) {
            let right = self.operand(right)?;
            self.emit_compare(at, op, result, left, Right::Register(right));
            self.branch_on_truth(at, result, end, false);
            left = right;
        }
        let right = self.comparator(last_op, last)?;
        self.emit_compare(at, last_op, result, left, right);
        self.bind(end);
        self.move_to(dst, result, at);
        self.release_to(top);
        Ok(())
    }

    /// `and`, `or` as a value: the operand that decides.
    pub(super) fn bool_op(&mut self, id: ExprId, op: BoolOp, values: List<ExprId>, dst: Reg) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let Some((&last, values)) = ast.list(values).split_last() else {
            return self.error("a boolean operation without operands", at);
        };
        let top = self.top();
        let result = if self.is_temporary(dst) { dst } else { self.temporary() };
        let end = self.label();
        for &value in values {
            self.expr_to(value, result)?;
            self.branch_on_truth(at, result, end, op == BoolOp::Or);
        }
        self.expr_to(last, result)?;
        self.bind(end);
        self.move_to(dst, result, at);
        self.release_to(top);
        Ok(())
    }
}
