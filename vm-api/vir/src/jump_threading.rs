//! Jump threading: a branch goes past blocks that only go on elsewhere.

use crate::entity::BlockId;
use crate::unit::{Terminator, Unit};

/// A chain of blocks that is longer is left as it is; so is a circle.
const MOST_STEPS: usize = 8;

impl Unit {
    /// Leads each branch to where the empty block at its end goes, if no arguments are passed there. Such blocks stay, without
    /// predecessors if they had no others.
    pub fn thread_jumps(&mut self) {
        for at in 0..self.blocks.len() {
            if let Terminator::Branch(c, yes, no) = self.blocks[at].terminator {
                self.blocks[at].terminator = Terminator::Branch(c, self.end_of(yes), self.end_of(no));
            }
        }
    }
    fn end_of(&self, mut target: BlockId) -> BlockId {
        for _ in 0..MOST_STEPS {
            let block = &self.blocks[target.index()];
            let Terminator::Jump(next, arguments) = block.terminator else { break };
            if !block.insts.is_empty() || arguments.len > 0 || !self.blocks[next.index()].params.is_empty() {
                break;
            }
            target = next;
        }
        target
    }
}

#[cfg(test)]
mod tests {
    use crate::text::parse;

    #[test]
    fn branches_pass_empty_blocks() {
        let mut unit = parse(
            "unit \"f\" code0 none registers 1 extent 1 function\n\
             block0(v0: tagged r0):\n  v1 = is_int v0\n  branch v1, block1, block2\n\
             block1():\n  jump block3\n\
             block2():\n  jump block4\n\
             block3():\n  jump block4\n\
             block4():\n  return v0\n",
        )
        .expect("the text is a unit");
        unit.thread_jumps();
        assert!(unit.to_string().contains("branch v1, block4, block4"), "{unit}");
    }
}
