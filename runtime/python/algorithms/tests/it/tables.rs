//! A set and a dict made only of the probing and growth rules, against CPython's iteration order and sizes.

use std::collections::HashSet;

use python_algorithms::{dict_table, set_table};

use crate::{Lcg, cases, digest};

/// `hash(int)` for small ones.
fn hash(key: i64) -> i64 {
    if key == -1 { -2 } else { key }
}

#[derive(Clone, Copy, PartialEq)]
enum Slot {
    Free,
    Dummy,
    Key(i64),
}

struct Set {
    slots: Vec<Slot>,
    fill: usize,
    used: usize,
    finger: usize,
}

impl Set {
    fn new() -> Self {
        Set { slots: vec![Slot::Free; set_table::MIN_SLOTS], fill: 0, used: 0, finger: 0 }
    }

    fn mask(&self) -> usize {
        self.slots.len() - 1
    }

    fn find(&self, key: i64) -> (usize, bool) {
        for slot in set_table::Probe::new(hash(key), self.mask()) {
            if self.slots[slot] == Slot::Key(key) {
                return (slot, true);
            }
            if self.slots[slot] == Slot::Free {
                return (slot, false);
            }
        }
        unreachable!("a probe has no end")
    }

    fn keys(&self) -> Vec<i64> {
        self.slots.iter().filter_map(|slot| if let Slot::Key(key) = slot { Some(*key) } else { None }).collect()
    }

    fn resize(&mut self, slots: Option<usize>) {
        let Some(slots) = slots else { return };
        let keys = self.keys();
        self.slots = vec![Slot::Free; slots];
        self.fill = keys.len();
        for key in keys {
            let (slot, _) = self.find(key);
            self.slots[slot] = Slot::Key(key);
        }
    }

    fn add(&mut self, key: i64) {
        let (slot, found) = self.find(key);
        if !found {
            let dummy = set_table::Probe::new(hash(key), self.mask())
                .take_while(|&other| other != slot)
                .filter(|&other| self.slots[other] == Slot::Dummy)
                .last();
            self.slots[dummy.unwrap_or(slot)] = Slot::Key(key);
            self.used += 1;
            if dummy.is_some() {
                return;
            }
            self.fill += 1;
            self.resize(set_table::slots_after_add(self.fill, self.used, self.mask()));
        }
    }

    fn discard(&mut self, key: i64) {
        if let (slot, true) = self.find(key) {
            self.slots[slot] = Slot::Dummy;
            self.used -= 1;
        }
    }

    fn pop(&mut self) {
        let mut slot = self.finger & self.mask();
        while !matches!(self.slots[slot], Slot::Key(_)) {
            slot = (slot + 1) & self.mask();
        }
        self.slots[slot] = Slot::Dummy;
        self.used -= 1;
        self.finger = slot + 1;
    }

    fn merge(&mut self, other: &Set) {
        self.resize(set_table::merge_slots(self.fill, self.used, self.mask(), other.used));
        if self.fill == 0 && self.slots.len() == other.slots.len() && other.fill == other.used {
            self.slots.clone_from(&other.slots);
            (self.fill, self.used) = (other.fill, other.used);
        } else {
            other.keys().into_iter().for_each(|key| self.add(key));
        }
    }
}

#[test]
fn set_order() {
    for (input, answer) in cases("set") {
        let case: u64 = input[0].parse().unwrap();
        let mut random = Lcg(case);
        let (scale, span) = [(1, 2000), (1, 40), (7919 * 65536, 500), (64, 300)][case as usize % 4];
        let mut made = Set::new();
        for _ in 0..[20, 200, 3000][case as usize % 3] {
            let key = (random.next(span) as i64 - span as i64 / 4) * scale;
            match random.next(20) {
                0 if made.used > 0 => made.pop(),
                1..=5 => made.discard(key),
                6 if case.is_multiple_of(5) => {
                    let mut other = Set::new();
                    (0..random.next(30) as i64).for_each(|i| other.add(key + scale * i));
                    made.merge(&other);
                }
                7 if case.is_multiple_of(7) => {
                    let mut other = Set::new();
                    (0..random.next(30) as i64).for_each(|i| other.add(key + scale * i));
                    other.keys().into_iter().for_each(|key| made.discard(key));
                    made.resize(set_table::slots_after_discards(made.fill, made.used, made.mask()));
                }
                8 if case.is_multiple_of(8) => {
                    let mut copy = Set::new();
                    copy.merge(&made);
                    made = copy;
                }
                _ => made.add(key),
            }
        }
        let keys = made.keys();
        assert_eq!(keys.len().to_string(), answer[0], "{case}");
        assert_eq!(digest(keys.iter().map(|&key| key as u64)), answer[1], "{case}");
        // 216 bytes with the small table inside, plus 16 for each slot of a larger one.
        let size = 216 + if made.slots.len() > 8 { made.slots.len() * 16 } else { 0 };
        assert_eq!(size.to_string(), answer[2], "{case}");
    }
}

#[test]
fn dict_sizes() {
    for (input, answer) in cases("dict") {
        let case: u64 = input[0].parse().unwrap();
        let mut random = Lcg(case);
        let (mut live, mut slots, mut room) = (HashSet::new(), 0, 0);
        for _ in 0..[5, 30, 400, 3000][case as usize % 4] {
            let key = random.next(if case.is_multiple_of(3) { 60000 } else { 1000 });
            if random.next(4) == 0 {
                live.remove(&key);
            } else if !live.contains(&key) {
                if room == 0 {
                    slots = dict_table::slots_when_full(live.len());
                    room = dict_table::usable(slots) - live.len();
                }
                room -= 1;
                live.insert(key);
            }
        }
        assert_eq!(live.len().to_string(), answer[0]);
        assert_eq!(dict_table::size_of(slots, false).to_string(), answer[1]);
    }
    for (input, answer) in cases("display") {
        let slots = dict_table::slots_for_entries(input[0].parse().unwrap());
        assert_eq!(dict_table::size_of(slots, false).to_string(), answer[0], "{input:?}");
    }
}

#[test]
fn probes_reach_every_slot() {
    for hash in [0, 1, -1, i64::MIN, i64::MAX, 0x1234_5678_9ABC_DEF0] {
        for mask in [7, 15, 63, 255] {
            let reached: HashSet<usize> = set_table::Probe::new(hash, mask).take(20 * (mask + 20)).collect();
            assert_eq!(reached.len(), mask + 1);
            let reached: HashSet<usize> = dict_table::Probe::new(hash, mask).take(20 * (mask + 20)).collect();
            assert_eq!(reached.len(), mask + 1);
        }
    }
}

#[test]
fn sizes_do_not_overflow() {
    assert_eq!(set_table::slots_for(usize::MAX), 1 << 63);
    assert_eq!(dict_table::slots_for_entries(usize::MAX), 1 << 63);
    assert_eq!(dict_table::usable(1 << 63), 6_148_914_691_236_517_205);
}
