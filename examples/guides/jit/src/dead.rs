//! Dead instructions: those that do nothing but compute a value which nobody uses.

use vm_api::vir::{Inst, Ref, Terminator, Unit};

/// Takes them out of their blocks. Returns how many there were.
pub(crate) fn drop_unused(unit: &mut Unit) -> usize {
    let used = used(unit);
    let mut dropped = 0;
    for block in &mut unit.blocks {
        let before = block.insts.len();
        block.insts.retain(|v| used[v.index()]);
        dropped += before - block.insts.len();
    }
    dropped
}

/// For each instruction, whether it has to stay: because of what it does, or because one that stays uses its value.
fn used(unit: &Unit) -> Vec<bool> {
    let mut used = vec![false; unit.insts.len()];
    let mut work: Vec<Ref> = Vec::new();
    for block in &unit.blocks {
        work.extend(block.insts.iter().filter(|v| !unit.facts(&unit.inst(**v)).removable()));
        unit.each_terminator_ref(&block.terminator, |v| work.push(v));
        if let Terminator::Exit(state, _) = block.terminator {
            unit.each_state_ref(state, |v| work.push(v));
        }
    }
    while let Some(v) = work.pop() {
        if std::mem::replace(&mut used[v.index()], true) {
            continue;
        }
        let inst = unit.inst(v);
        unit.each_operand(&inst, |_, operand| work.push(operand));
        // What a frame state names is needed to go on in the interpreter.
        let state = if let Inst::State(state) = inst { Some(state) } else { unit.state_of(&inst) };
        if let Some(state) = state {
            unit.each_state_ref(state, |v| work.push(v));
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;
    use vm_api::vir::parse;

    /// `v3` and then `v4` are of no use, the guard is, and so is what its frame state names.
    const UNIT: &str = r#"unit "f" code0 none registers 2 extent 2 function
fs0 = code0 none at 0 execute + 0 v2 {r0: v0, r1: v5}
block0(v0: tagged r0, v1: tagged r1):
  v2 = function
  v3 = const_int 7
  v4 = tag_int v3
  v5 = const_word 0x2
  state fs0
  v6 = is_int v0
  guard v6, true, speculation, fs0
  return v1
"#;

    #[test]
    fn what_nobody_needs_is_dropped_and_nothing_else() {
        let mut unit = parse(UNIT).expect("a unit");
        assert_eq!(drop_unused(&mut unit), 2);
        let text = unit.to_string();
        assert!(!text.contains("const_int") && !text.contains("tag_int"), "{text}");
        assert!(text.contains("const_word") && text.contains("guard") && text.contains("function"), "{text}");
        assert!(vm_api::vir::verify(&unit).is_ok());
        assert_eq!(drop_unused(&mut unit), 0);
    }
}
