//! What runs when: blocks, each with one invocation of every program on every subject, each shuffled.

use crate::statistics::random::Random;
use serde::{Deserialize, Serialize};

/// One process to run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its place in the plan.
    pub index: usize,
    pub block: usize,
    pub subject: String,
    pub program: String,
    /// For `PYTHONHASHSEED`: the same for all in a block, another in each block.
    pub hash_seed: u32,
}

/// The whole order, a function of its arguments alone.
pub fn plan(subjects: &[String], programs: &[String], invocations: usize, seed: u64) -> Vec<Task> {
    let mut random = Random::new(seed);
    let mut tasks = Vec::with_capacity(invocations * subjects.len() * programs.len());
    for block in 0..invocations {
        // Python takes seeds from 1 on; 0 would turn the randomness off.
        let hash_seed = 1 + random.below(u32::MAX as usize) as u32;
        let mut pairs: Vec<(&String, &String)> =
            programs.iter().flat_map(|program| subjects.iter().map(move |subject| (subject, program))).collect();
        random.shuffle(&mut pairs);
        for (subject, program) in pairs {
            let (index, subject, program) = (tasks.len(), subject.clone(), program.clone());
            tasks.push(Task { index, block, subject, program, hash_seed });
        }
    }
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn names(prefix: &str, count: usize) -> Vec<String> {
        (0..count).map(|number| format!("{prefix}{number}")).collect()
    }

    #[test]
    fn the_plan_is_a_function_of_its_seed() {
        let (subjects, programs) = (names("s", 3), names("p", 5));
        assert_eq!(plan(&subjects, &programs, 4, 7), plan(&subjects, &programs, 4, 7));
        assert_ne!(plan(&subjects, &programs, 4, 7), plan(&subjects, &programs, 4, 8));
    }

    #[test]
    fn every_block_has_every_pair_once_in_an_order_of_its_own() {
        let tasks = plan(&names("s", 3), &names("p", 5), 4, 1);
        let blocks: Vec<Vec<(&str, &str)>> = (0..4)
            .map(|block| {
                let tasks = tasks.iter().filter(|task| task.block == block);
                tasks.map(|task| (task.subject.as_str(), task.program.as_str())).collect()
            })
            .collect();
        for block in &blocks {
            assert_eq!(block.len(), 15);
            assert_eq!(block.iter().collect::<BTreeSet<_>>().len(), 15);
        }
        assert_ne!(blocks[0], blocks[1]);
        assert!(tasks.iter().enumerate().all(|(index, task)| task.index == index));
    }

    #[test]
    fn hash_seeds_are_a_blocks_own() {
        let tasks = plan(&names("s", 2), &names("p", 2), 3, 1);
        let seeds: BTreeSet<(usize, u32)> = tasks.iter().map(|task| (task.block, task.hash_seed)).collect();
        assert_eq!(seeds.len(), 3);
        assert!(tasks.iter().all(|task| task.hash_seed > 0));
    }
}
