//! Printing.

use super::KINDS;
use super::constants::{constant, quoted};
use crate::code::{Code, Position};
use crate::constant::{Constant, items};
use crate::instruction::Instruction;
use crate::opcode::{Immediate, OpcodeInfo, Operand};
use std::fmt::Write;

/// The listing of `code` and of all codes among its constants; one that several constants share is listed for each.
pub fn print(code: &Code, table: &[OpcodeInfo]) -> String {
    let mut out = String::new();
    let mut queue = vec![code];
    let mut number = 0;
    while let Some(&code) = queue.get(number) {
        let mut section = Section { out: &mut out, code, table, labels: labels(code, table), next: queue.len() };
        // Writing to a string does not fail.
        let _ = section.print(number);
        let nested = code.constants.iter().chain(&code.extra);
        nested.for_each(|c| nested_codes(c, &mut queue));
        number += 1;
    }
    out
}

/// Appends the codes in `constant` in the order in which they are printed.
fn nested_codes<'a>(constant: &'a Constant, queue: &mut Vec<&'a Code>) {
    let mut waiting = vec![constant];
    while let Some(constant) = waiting.pop() {
        if let Constant::Code(code) = constant {
            queue.push(code);
        }
        waiting.extend(items(constant).iter().rev());
    }
}

/// Instructions that something refers to, ascending: label `k` stands before instruction `labels[k]`, which may be the end.
fn labels(code: &Code, table: &[OpcodeInfo]) -> Vec<usize> {
    let n = code.instructions.len();
    let jumps = code.instructions.iter().enumerate().filter_map(|(at, i)| {
        table.get(usize::from(i.op)).filter(|info| info.jumps()).and_then(|_| Code::target(at, i))
    });
    let ranges = code.exceptions.iter().flat_map(|e| [e.start as usize, e.end as usize, e.handler as usize]);
    let mut labels: Vec<usize> = jumps.chain(ranges).filter(|&at| at <= n).collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}

struct Section<'a> {
    out: &'a mut String,
    code: &'a Code,
    table: &'a [OpcodeInfo],
    labels: Vec<usize>,
    /// Number of the next nested code.
    next: usize,
}

impl Section<'_> {
    fn print(&mut self, number: usize) -> std::fmt::Result {
        if number > 0 {
            writeln!(self.out)?;
        }
        let code = self.code;
        writeln!(self.out, "code {number} {}", quoted(code.name.as_bytes()))?;
        writeln!(self.out, "  qualified {}", quoted(code.qualified_name.as_bytes()))?;
        writeln!(self.out, "  source {}", quoted(code.source.as_bytes()))?;
        writeln!(self.out, "  line {}", code.first_line)?;
        if code.flags != 0 {
            writeln!(self.out, "  flags {:#x}", code.flags)?;
        }
        let p = &code.parameters;
        if *p != Default::default() {
            write!(self.out, "  parameters {} {} {}", p.positional, p.positional_only, p.keyword_only)?;
            let (variadic, keywords) =
                (if p.variadic { " variadic" } else { "" }, if p.keywords { " keywords" } else { "" });
            writeln!(self.out, "{variadic}{keywords}")?;
        }
        writeln!(self.out, "  registers {}", code.registers)?;
        self.line("variables", code.variables.iter().map(|v| quoted(v.as_bytes())))?;
        self.line("cells", code.cells.iter().map(|c| format!("r{c}")))?;
        self.line("caught", code.caught.iter().map(|r| format!("r{r}")))?;
        self.line("free", code.free.iter().map(|v| quoted(v.as_bytes())))?;
        self.pools()?;
        self.tables()?;
        writeln!(self.out, "  instructions")?;
        for (at, i) in code.instructions.iter().enumerate() {
            self.bind(at)?;
            self.instruction(at, i)?;
        }
        self.bind(code.instructions.len())
    }

    fn line(&mut self, what: &str, entries: impl ExactSizeIterator<Item = String>) -> std::fmt::Result {
        if entries.len() == 0 {
            return Ok(());
        }
        write!(self.out, "  {what}")?;
        for entry in entries {
            write!(self.out, " {entry}")?;
        }
        writeln!(self.out)
    }

    fn pools(&mut self) -> std::fmt::Result {
        for (k, name) in self.code.names.iter().enumerate() {
            let head = if k == 0 { "  names\n" } else { "" };
            writeln!(self.out, "{head}    n{k} {}", quoted(name.as_bytes()))?;
        }
        for (k, c) in self.code.constants.iter().enumerate() {
            let head = if k == 0 { "  constants\n" } else { "" };
            write!(self.out, "{head}    k{k} ")?;
            constant(self.out, c, &mut self.next)?;
            writeln!(self.out)?;
        }
        for (k, c) in self.code.extra.iter().enumerate() {
            let head = if k == 0 { "  extra\n" } else { "" };
            write!(self.out, "{head}    ")?;
            constant(self.out, c, &mut self.next)?;
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn tables(&mut self) -> std::fmt::Result {
        for (k, e) in self.code.exceptions.iter().enumerate() {
            let head = if k == 0 { "  exceptions\n" } else { "" };
            let [start, end, handler] = [e.start, e.end, e.handler].map(|at| self.label(Some(at as usize)));
            writeln!(self.out, "{head}    {start} {end} {handler} r{}", e.register)?;
        }
        for (k, s) in self.code.suspensions.iter().enumerate() {
            let head = if k == 0 { "  suspensions\n" } else { "" };
            write!(self.out, "{head}    s{k} live")?;
            for r in &s.live {
                write!(self.out, " r{r}")?;
            }
            write!(self.out, " dirty")?;
            for r in &s.dirty {
                write!(self.out, " r{r}")?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn label(&self, at: Option<usize>) -> String {
        match at.and_then(|at| self.labels.binary_search(&at).ok()) {
            Some(k) => format!("L{k}"),
            None => "L?".to_string(),
        }
    }

    fn bind(&mut self, at: usize) -> std::fmt::Result {
        if let Ok(k) = self.labels.binary_search(&at) {
            writeln!(self.out, "  L{k}:")?;
        }
        Ok(())
    }

    fn instruction(&mut self, at: usize, i: &Instruction) -> std::fmt::Result {
        let start = self.out.len();
        let Some(info) = self.table.get(usize::from(i.op)) else {
            return writeln!(self.out, "{at:7}  op{}?  {} {} {} {}", i.op, i.a, i.b, i.c, i.d);
        };
        let operands = operands(info, i, self.label(Code::target(at, i))).join(", ");
        if operands.is_empty() {
            write!(self.out, "{at:7}  {}", info.name)?;
        } else {
            write!(self.out, "{at:7}  {:<16} {operands}", info.name)?;
        }
        let pad = |out: &mut String, column: usize| {
            let width = out[start..].chars().count();
            out.extend(std::iter::repeat_n(' ', column.saturating_sub(width)));
        };
        match self.code.positions.get(at) {
            Some(p) if *p != Position::default() => {
                pad(self.out, 54);
                write!(self.out, "  ; {}:{}-{}:{}", p.line, p.column, p.end_line, p.end_column)?;
            }
            _ => {}
        }
        let comment = self.comment(info, i)?;
        if !comment.is_empty() {
            pad(self.out, 54);
            write!(self.out, "  # {comment}")?;
        }
        writeln!(self.out)
    }

    /// What the names and constants that `i` refers to are, shortened.
    fn comment(&self, info: &OpcodeInfo, i: &Instruction) -> Result<String, std::fmt::Error> {
        let code = self.code;
        let mut parts = Vec::new();
        let mut name = |pool: &[Box<str>], k: Option<usize>| {
            parts.extend(k.and_then(|k| pool.get(k)).map(|n| shortened(quoted(n.as_bytes()))));
        };
        for (field, operand) in [i.a, i.b, i.c].into_iter().zip(info.operands) {
            match operand {
                Operand::Name => name(&code.names, Some(field.into())),
                Operand::Free => name(&code.free, Some(field.into())),
                _ => {}
            }
        }
        match info.immediate {
            Immediate::Name => name(&code.names, usize::try_from(i.d).ok()),
            Immediate::Free => name(&code.free, usize::try_from(i.d).ok()),
            _ => {}
        }
        let fields = [i.a, i.b, i.c].into_iter().zip(info.operands);
        let constants = fields.filter(|(_, o)| *o == Operand::Constant).map(|(field, _)| usize::from(field));
        let immediate = (info.immediate == Immediate::Constant).then(|| usize::try_from(i.d).unwrap_or(usize::MAX));
        for k in constants.chain(immediate) {
            match code.constants.get(k) {
                None => {}
                Some(Constant::Code(nested)) => {
                    parts.push(shortened(format!("code {}", quoted(nested.name.as_bytes()))))
                }
                Some(c) => {
                    let mut text = String::new();
                    // Numbers of codes inside a tuple are not known here; the pool shows them.
                    constant(&mut text, c, &mut usize::clone(&0))?;
                    parts.push(shortened(if text.contains("code ") { "...".to_string() } else { text }));
                }
            }
        }
        Ok(parts.join(" "))
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

fn operands(info: &OpcodeInfo, i: &Instruction, label: String) -> Vec<String> {
    let mut out = Vec::new();
    for (field, operand) in [i.a, i.b, i.c].into_iter().zip(info.operands) {
        out.push(match operand {
            Operand::Unused => continue,
            Operand::Read | Operand::Write | Operand::ReadWrite => format!("r{field}"),
            Operand::Window { .. } | Operand::WindowRead { .. } | Operand::WindowWrite { .. } => format!("r{field}.."),
            Operand::Count | Operand::Number => field.to_string(),
            Operand::Name => format!("n{field}"),
            Operand::Constant => format!("k{field}"),
            Operand::Free => format!("v{field}"),
        });
    }
    match info.immediate {
        Immediate::Unused => {}
        Immediate::Jump | Immediate::Branch | Immediate::LoopBack => out.push(label),
        Immediate::Constant => out.push(format!("k{}", i.d)),
        Immediate::Name => out.push(format!("n{}", i.d)),
        Immediate::Free => out.push(format!("v{}", i.d)),
        Immediate::Suspension => out.push(format!("s{}", i.d)),
        Immediate::Number => out.push(i.d.to_string()),
    }
    if i.feedback != Instruction::NO_FEEDBACK {
        let kind = KINDS.iter().find(|(kind, _)| *kind == info.slot).map_or("none", |(_, name)| name);
        out.push(format!("f{}:{kind}", i.feedback));
    }
    out
}
