//! `match` (PEP 634).
//!
//! What a pattern captures is kept in registers, one for each name, and bound only when the whole pattern has matched.

use super::*;
use python_syntax::repr;
use std::collections::HashSet;

/// State of one pattern.
struct Captures {
    /// The register of each name that the pattern may bind.
    registers: Vec<(Symbol, Reg)>,
    /// Names captured so far.
    stored: Vec<Symbol>,
    /// Where a mismatch leads.
    fail: Label,
    /// May the pattern match everything? Only the last one may.
    irrefutable: bool,
}

impl<'a> Compiler<'a> {
    pub(super) fn match_statement(&mut self, subject: ExprId, cases: List<MatchCaseId>) -> Compiled {
        let ast = self.ast;
        let top = self.top();
        let subject = self.push(subject)?;
        let end = self.label();
        let cases = ast.list(cases);
        for (index, &case) in cases.iter().enumerate() {
            let MatchCase { pattern, guard, body } = ast[case];
            let at = ast.span(pattern);
            let inner = self.top();
            let mut names = Vec::new();
            self.captured_names(pattern, &mut names);
            let registers = names.into_iter().map(|name| (name, self.temporary())).collect();
            let fail = self.label();
            let irrefutable = guard.is_some() || index + 1 == cases.len();
            let mut captures = Captures { registers, stored: Vec::new(), fail, irrefutable };
            if self.is_wildcard(pattern) {
                self.visit_line(at);
            }
            self.pattern(pattern, subject, &mut captures)?;
            for name in std::mem::take(&mut captures.stored) {
                if let Some(register) = captures.register(name) {
                    self.store_name(name, register, at)?;
                }
            }
            self.release_to(inner);
            if let Some(guard) = guard {
                self.jump_if(guard, fail, false)?;
            }
            self.statements(body)?;
            if index + 1 < cases.len() {
                self.jump(Span::default(), JUMP, 0, 0, 0, end);
            }
            self.bind(fail);
        }
        self.bind(end);
        self.release_to(top);
        Ok(())
    }

    /// The names that a pattern binds, each once.
    fn captured_names(&self, pattern: PatternId, names: &mut Vec<Symbol>) {
        let ast = self.ast;
        let (inner, name): (&[&[PatternId]], _) = match ast[pattern] {
            Pattern::MatchValue { .. } | Pattern::MatchSingleton { .. } => (&[], None),
            Pattern::MatchSequence { patterns } | Pattern::MatchOr { patterns } => (&[ast.list(patterns)], None),
            Pattern::MatchMapping { patterns, rest, .. } => (&[ast.list(patterns)], rest),
            Pattern::MatchClass { patterns, kwd_patterns, .. } => (&[ast.list(patterns), ast.list(kwd_patterns)], None),
            Pattern::MatchStar { name } => (&[], name),
            Pattern::MatchAs { pattern: Some(pattern), name } => {
                self.captured_names(pattern, names);
                (&[], name)
            }
            Pattern::MatchAs { pattern: None, name } => (&[], name),
        };
        for &pattern in inner.iter().copied().flatten() {
            self.captured_names(pattern, names);
        }
        names.extend(name.filter(|name| !names.contains(name)));
    }

    fn capture(&mut self, name: Symbol, value: Reg, at: Span, captures: &mut Captures) -> Compiled {
        self.check_bindable(name, at)?;
        if captures.stored.contains(&name) {
            return self.error(format!("multiple assignments to name {} in pattern", self.quoted(name)), at);
        }
        captures.stored.push(name);
        if let Some(register) = captures.register(name) {
            self.move_to(register, value, at);
        }
        Ok(())
    }

    /// `%R` of a name.
    fn quoted(&self, name: Symbol) -> String {
        let mut out = String::new();
        repr::write_str(&mut out, self.tables.names.name(name).into());
        out
    }

    fn fail_unless(&mut self, at: Span, condition: Reg, captures: &Captures) {
        self.jump(at, JUMP_IF_FALSE, condition, 0, 0, captures.fail);
    }

    fn is_wildcard(&self, pattern: PatternId) -> bool {
        matches!(self.ast[pattern], Pattern::MatchAs { name: None, .. })
    }

    /// Matches a pattern within another one, which may match everything.
    fn subpattern(&mut self, pattern: PatternId, subject: Reg, captures: &mut Captures) -> Compiled {
        let outer = std::mem::replace(&mut captures.irrefutable, true);
        let result = self.pattern(pattern, subject, captures);
        captures.irrefutable = outer;
        result
    }

    /// Matches the value in a register, which stays; goes to `captures.fail` otherwise.
    fn pattern(&mut self, id: PatternId, subject: Reg, captures: &mut Captures) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let top = self.top();
        match ast[id] {
            Pattern::MatchValue { value } if matches!(ast[value], Expr::JoinedStr { .. }) => {
                return self.error("patterns may only match literals and attribute lookups", ast.span(value));
            }
            Pattern::MatchValue { value } => {
                let right = self.right_operand(value, true)?;
                self.branch_compare(at, CmpOp::Eq, subject, right, captures.fail);
            }
            Pattern::MatchSingleton { value: Constant::None } => {
                self.jump(at, JUMP_IF_NOT_NONE, subject, 0, 0, captures.fail);
            }
            Pattern::MatchSingleton { value } => {
                let value = crate::fold::literal(ast, value);
                let value = self.constant_operand(value, at);
                self.jump(at, BRANCH_IS, 0, subject, value, captures.fail);
            }
            Pattern::MatchSequence { patterns } => self.sequence_pattern(at, ast.list(patterns), subject, captures)?,
            Pattern::MatchMapping { keys, patterns, rest } => {
                self.mapping_pattern(at, ast.list(keys), ast.list(patterns), rest, subject, captures)?;
            }
            Pattern::MatchClass { .. } => self.class_pattern(id, subject, captures)?,
            // Handled by the sequence around it.
            Pattern::MatchStar { name } => {
                if let Some(name) = name {
                    self.capture(name, subject, at, captures)?;
                }
            }
            Pattern::MatchAs { pattern: Some(pattern), name } => {
                self.pattern(pattern, subject, captures)?;
                if let Some(name) = name {
                    self.capture(name, subject, at, captures)?;
                }
            }
            Pattern::MatchAs { pattern: None, name } => {
                if !captures.irrefutable {
                    let what = match name {
                        Some(name) => format!("name capture {}", self.quoted(name)),
                        None => "wildcard".into(),
                    };
                    return self.error(format!("{what} makes remaining patterns unreachable"), at);
                }
                if let Some(name) = name {
                    self.capture(name, subject, at, captures)?;
                }
            }
            Pattern::MatchOr { patterns } => self.or_pattern(at, ast.list(patterns), subject, captures)?,
        }
        self.release_to(top);
        Ok(())
    }

    fn or_pattern(&mut self, at: Span, patterns: &[PatternId], subject: Reg, captures: &mut Captures) -> Compiled {
        let matched = self.label();
        let outer_fail = captures.fail;
        let outer_irrefutable = captures.irrefutable;
        let before = std::mem::take(&mut captures.stored);
        let mut names: Option<Vec<Symbol>> = None;
        for (index, &pattern) in patterns.iter().enumerate() {
            let last = index + 1 == patterns.len();
            captures.fail = self.label();
            captures.irrefutable = last && outer_irrefutable;
            captures.stored.clear();
            self.pattern(pattern, subject, captures)?;
            self.jump(Span::default(), JUMP, 0, 0, 0, matched);
            self.bind(captures.fail);
            match &names {
                None => names = Some(captures.stored.clone()),
                Some(first) => {
                    let same =
                        first.len() == captures.stored.len() && first.iter().all(|name| captures.stored.contains(name));
                    if !same {
                        return self.error("alternative patterns bind different names", at);
                    }
                }
            }
        }
        captures.fail = outer_fail;
        captures.irrefutable = outer_irrefutable;
        self.jump(Span::default(), JUMP, 0, 0, 0, outer_fail);
        self.bind(matched);
        captures.stored = before;
        for name in names.unwrap_or_default() {
            if captures.stored.contains(&name) {
                return self.error(format!("multiple assignments to name {} in pattern", self.quoted(name)), at);
            }
            captures.stored.push(name);
        }
        Ok(())
    }

    /// Fails unless the subject has exactly (or at least) so many items.
    fn check_length(&mut self, at: Span, subject: Reg, op: CmpOp, length: usize, captures: &Captures) {
        let register = self.temporary();
        self.emit(at, GET_LEN, register, subject, 0, 0);
        let length = self.constant(K::Int(length as i64));
        self.branch_compare(at, op, register, operators::Right::Constant(length), captures.fail);
        self.release_to(register);
    }

    fn sequence_pattern(
        &mut self,
        at: Span,
        patterns: &[PatternId],
        subject: Reg,
        captures: &mut Captures,
    ) -> Compiled {
        let ast = self.ast;
        let size = patterns.len();
        let mut star = None;
        let mut only_wildcards = true;
        let mut star_wildcard = false;
        for (index, &pattern) in patterns.iter().enumerate() {
            if let Pattern::MatchStar { name } = ast[pattern] {
                if star.is_some() {
                    return self.error("multiple starred names in sequence pattern", at);
                }
                star = Some(index);
                star_wildcard = name.is_none();
                only_wildcards &= star_wildcard;
            } else {
                only_wildcards &= self.is_wildcard(pattern);
            }
        }
        let is_sequence = self.temporary();
        self.emit(at, MATCH_SEQUENCE, is_sequence, subject, 0, 0);
        self.fail_unless(at, is_sequence, captures);
        self.release_to(is_sequence);
        match star {
            None => self.check_length(at, subject, CmpOp::Eq, size, captures),
            Some(_) if size > 1 => self.check_length(at, subject, CmpOp::GtE, size - 1, captures),
            Some(_) => {}
        }
        if only_wildcards {
            return Ok(());
        }
        if let (Some(star), true) = (star, star_wildcard) {
            // Nobody asks for the list in the middle: take the items around it one by one.
            for (index, &pattern) in patterns.iter().enumerate().filter(|&(index, _)| index != star) {
                if self.is_wildcard(pattern) {
                    continue;
                }
                let item = self.temporary();
                if index < star {
                    let index = self.constant(K::Int(index as i64));
                    self.emit(at, LOAD_ITEM_K, item, subject, 0, index);
                } else {
                    let from_end = self.constant(K::Int((size - index) as i64));
                    self.emit(at, GET_LEN, item, subject, 0, 0);
                    self.emit(at, SUB_K, item, item, 0, from_end);
                    self.emit(at, LOAD_ITEM, item, subject, item, 0);
                }
                self.subpattern(pattern, item, captures)?;
                self.release_to(item);
            }
            return Ok(());
        }
        if star.is_some_and(|star| star >= 256 || size - star > 1 << 23) {
            return self.error("too many expressions in star-unpacking sequence pattern", at);
        }
        let source = self.temporary();
        self.move_to(source, subject, at);
        let window = self.window(size);
        match star {
            None => self.emit(at, UNPACK_SEQUENCE, source, window, size as u16, 0),
            Some(star) => self.emit(at, UNPACK_EX, source, window, size as u16, star as i32),
        }
        for (offset, &pattern) in patterns.iter().enumerate() {
            self.subpattern(pattern, window + offset as u16, captures)?;
        }
        Ok(())
    }

    fn mapping_pattern(
        &mut self,
        at: Span,
        keys: &[ExprId],
        patterns: &[PatternId],
        rest: Option<Symbol>,
        subject: Reg,
        captures: &mut Captures,
    ) -> Compiled {
        let condition = self.temporary();
        self.emit(at, MATCH_MAPPING, condition, subject, 0, 0);
        self.fail_unless(at, condition, captures);
        self.release_to(condition);
        if keys.is_empty() && rest.is_none() {
            return Ok(());
        }
        if !keys.is_empty() {
            self.check_length(at, subject, CmpOp::GtE, keys.len(), captures);
        }
        self.check_keys(at, keys)?;
        let tuple = self.temporary();
        self.tuple_of(at, keys, tuple)?;
        let values = self.temporary();
        self.emit(at, MATCH_KEYS, values, subject, tuple, 0);
        self.jump(at, JUMP_IF_NONE, values, 0, 0, captures.fail);
        let window = self.window(keys.len());
        if !keys.is_empty() {
            self.emit(at, UNPACK_SEQUENCE, values, window, keys.len() as u16, 0);
        }
        for (offset, &pattern) in patterns.iter().enumerate() {
            self.subpattern(pattern, window + offset as u16, captures)?;
        }
        if let Some(rest) = rest {
            let dict = self.temporary();
            self.emit(at, DICT_REST, dict, subject, tuple, 0);
            self.capture(rest, dict, at, captures)?;
        }
        Ok(())
    }

    /// Keys must be literals or attributes; equal literals are refused.
    fn check_keys(&self, at: Span, keys: &[ExprId]) -> Compiled {
        let mut seen = HashSet::new();
        for &key in keys {
            match self.folder.constant(key) {
                Some(value) => {
                    if !seen.insert(equality_key(&value)) {
                        let text = constant_repr(&value);
                        return self.error(format!("mapping pattern checks duplicate key ({text})"), at);
                    }
                }
                None if matches!(self.ast[key], Expr::Attribute { .. }) => {}
                None => {
                    return self.error("mapping pattern keys may only match literals and attribute lookups", at);
                }
            }
        }
        Ok(())
    }

    fn class_pattern(&mut self, id: PatternId, subject: Reg, captures: &mut Captures) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let Pattern::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } = ast[id] else { return Ok(()) };
        let (patterns, names, keyword_patterns) = (ast.list(patterns), ast.list(kwd_attrs), ast.list(kwd_patterns));
        for (index, &name) in names.iter().enumerate() {
            self.check_bindable(name, ast.span(keyword_patterns[index]))?;
            if let Some(second) = names[index + 1..].iter().position(|&other| other == name) {
                let message = format!("attribute name repeated in class pattern: {}", ast.name(name));
                return self.error(message, ast.span(keyword_patterns[index + 1 + second]));
            }
        }
        let Ok(positional) = u16::try_from(patterns.len()) else {
            return self.error(format!("too many sub-patterns in class pattern {:?}", cls.index()), at);
        };
        let window = self.temporary();
        self.move_to(window, subject, at);
        self.push(cls)?;
        let names = self.tuple_of_names(names);
        self.constant_operand(names, at);
        self.emit(at, MATCH_CLASS, window, window, positional, 0);
        self.release_to(window + 1);
        self.jump(at, JUMP_IF_NONE, window, 0, 0, captures.fail);
        let count = patterns.len() + keyword_patterns.len();
        let attributes = self.window(count);
        self.emit(at, UNPACK_SEQUENCE, window, attributes, count as u16, 0);
        for (offset, &pattern) in patterns.iter().chain(keyword_patterns).enumerate() {
            if !self.is_wildcard(pattern) {
                self.subpattern(pattern, attributes + offset as u16, captures)?;
            }
        }
        Ok(())
    }
}

impl Captures {
    fn register(&self, name: Symbol) -> Option<Reg> {
        self.registers.iter().find(|(other, _)| *other == name).map(|(_, register)| *register)
    }
}

/// A form in which constants are equal as Python's `==` has it: numbers compare across types.
fn equality_key(value: &K) -> K {
    match value {
        K::Bool(value) => K::Int(i64::from(*value)),
        K::Complex(real, imaginary) if *imaginary == 0.0 => equality_key(&K::Float(*real)),
        K::Float(value) if value.fract() == 0.0 && value.abs() < 9e18 => K::Int(*value as i64),
        other => other.clone(),
    }
}

/// `repr` of a key.
fn constant_repr(value: &K) -> String {
    let mut out = String::new();
    match value {
        K::Str(text) => match std::str::from_utf8(text) {
            Ok(text) => repr::write_str(&mut out, text.into()),
            Err(_) => out.push_str("'…'"),
        },
        K::Bytes(bytes) => repr::write_bytes(&mut out, bytes),
        K::Int(value) => out = value.to_string(),
        K::Float(value) => repr::write_float(&mut out, *value),
        K::Complex(real, imaginary) => {
            // As `complex.__repr__`: a positive zero real part is left out.
            let bare = *real == 0.0 && real.is_sign_positive();
            if !bare {
                out.push('(');
                write_part(&mut out, *real);
                if imaginary.is_sign_positive() || imaginary.is_nan() {
                    out.push('+');
                }
            }
            write_part(&mut out, *imaginary);
            out.push_str(if bare { "j" } else { "j)" });
        }
        K::None => out.push_str("None"),
        K::Bool(true) => out.push_str("True"),
        K::Bool(false) => out.push_str("False"),
        _ => out.push_str("..."),
    }
    out
}

/// A part of a complex number: a float without a trailing `.0`.
fn write_part(out: &mut String, value: f64) {
    repr::write_float(out, value);
    if out.ends_with(".0") {
        out.truncate(out.len() - 2);
    }
}
