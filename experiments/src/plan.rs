//! What runs when: blocks, each with one invocation of every program on every subject, or of some on each, each block shuffled.

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

/// Every so-many-th task of a plan, so that several runners share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    own: usize,
    all: usize,
}

impl Default for Shard {
    /// All tasks.
    fn default() -> Shard {
        Shard { own: 0, all: 1 }
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    /// Reads `I/N`, of which I counts from 0.
    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(own, all)| Some((own.parse().ok()?, all.parse().ok()?)));
        match numbers {
            Some((own, all)) if own < all => Ok(Shard { own, all }),
            _ => Err(format!("{text} is no shard I/N, from 0/N to N-1/N")),
        }
    }
}

impl Shard {
    pub fn has(self, task: &Task) -> bool {
        task.index % self.all == self.own
    }

    /// What tells its files from those of others: nothing, if it is all.
    pub fn mark(self) -> String {
        if self.all == 1 { String::new() } else { format!("-{}-of-{}", self.own, self.all) }
    }
}

/// The whole order, a function of its arguments alone. `each`: so many programs a subject, not all.
pub fn plan(subjects: &[String], programs: &[String], each: Option<usize>, invocations: usize, seed: u64) -> Vec<Task> {
    let mut random = Random::new(seed);
    let mut tasks = Vec::with_capacity(invocations * subjects.len() * programs.len());
    for block in 0..invocations {
        // Python takes seeds from 1 on; 0 would turn the randomness off.
        let hash_seed = 1 + random.below(u32::MAX as usize) as u32;
        let mut pairs: Vec<(&String, &String)> = match each {
            Some(each) if each < programs.len() => dealt(subjects, programs, each, &mut random),
            _ => programs.iter().flat_map(|program| subjects.iter().map(move |subject| (subject, program))).collect(),
        };
        random.shuffle(&mut pairs);
        for (subject, program) in pairs {
            let (index, subject, program) = (tasks.len(), subject.clone(), program.clone());
            tasks.push(Task { index, block, subject, program, hash_seed });
        }
    }
    tasks
}

/// So many programs for each subject, from a shuffled pack that is taken anew whenever it is through: a subject has none twice, and
/// how often programs come up differs by one at most.
fn dealt<'a>(
    subjects: &'a [String],
    programs: &'a [String],
    each: usize,
    random: &mut Random,
) -> Vec<(&'a String, &'a String)> {
    let (mut pairs, mut pack) = (Vec::new(), Vec::<&String>::new());
    for subject in subjects {
        let mut hand: Vec<&String> = Vec::new();
        while hand.len() < each {
            if pack.is_empty() {
                pack.extend(programs);
                random.shuffle(&mut pack);
            }
            // What the subject has already stays for the next one. The pack has others: it is new, or was before this hand.
            let Some(at) = pack.iter().rposition(|program| !hand.contains(program)) else { break };
            hand.push(pack.remove(at));
        }
        pairs.extend(hand.into_iter().map(|program| (subject, program)));
    }
    pairs
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
        assert_eq!(plan(&subjects, &programs, None, 4, 7), plan(&subjects, &programs, None, 4, 7));
        assert_ne!(plan(&subjects, &programs, None, 4, 7), plan(&subjects, &programs, None, 4, 8));
    }

    #[test]
    fn every_block_has_every_pair_once_in_an_order_of_its_own() {
        let tasks = plan(&names("s", 3), &names("p", 5), None, 4, 1);
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
    fn shards_have_every_task_once() {
        let tasks = plan(&names("s", 3), &names("p", 5), None, 1, 1);
        let shards = ["0/3", "1/3", "2/3"].map(|text| text.parse::<Shard>().unwrap());
        assert!(tasks.iter().all(|task| shards.iter().filter(|shard| shard.has(task)).count() == 1));
        assert!(tasks.iter().all(|task| Shard::default().has(task)));
        for wrong in ["3/3", "0/0", "1", "a/2", "-1/2"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn programs_are_dealt_out_evenly() {
        for (subjects, each) in [(7, 3), (20, 2), (3, 4), (1, 1)] {
            let (subjects, programs) = (names("s", subjects), names("p", 5));
            for seed in 0..20 {
                let tasks = plan(&subjects, &programs, Some(each), 1, seed);
                assert_eq!(tasks.len(), subjects.len() * each);
                let pairs: BTreeSet<_> = tasks.iter().map(|task| (&task.subject, &task.program)).collect();
                assert_eq!(pairs.len(), tasks.len());
                let times = programs.iter().map(|name| tasks.iter().filter(|task| task.program == *name).count());
                let times: Vec<usize> = times.collect();
                assert!(times.iter().max() <= times.iter().min().map(|least| least + 1).as_ref(), "{times:?}");
            }
        }
        let (subjects, programs) = (names("s", 3), names("p", 5));
        assert_eq!(plan(&subjects, &programs, Some(5), 2, 1), plan(&subjects, &programs, None, 2, 1));
    }

    #[test]
    fn hash_seeds_are_a_blocks_own() {
        let tasks = plan(&names("s", 2), &names("p", 2), None, 3, 1);
        let seeds: BTreeSet<(usize, u32)> = tasks.iter().map(|task| (task.block, task.hash_seed)).collect();
        assert_eq!(seeds.len(), 3);
        assert!(tasks.iter().all(|task| task.hash_seed > 0));
    }
}
