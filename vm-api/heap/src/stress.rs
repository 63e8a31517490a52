//! Stress: when to collect although there is no need, so that lost roots show.

use crate::collector::CollectKind;

/// A schedule of forced collections, as `--gc-stress=` gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stress {
    /// None.
    Off,
    /// At every `n`-th allocation.
    Alloc(u64),
    /// At every `n`-th safepoint.
    Safepoint(u64),
    /// `collections` of them, spread evenly over `allocations` (counted in a first run).
    Budget { collections: u64, allocations: u64 },
    /// One, at the `k`-th allocation. Constant collecting hides bugs, since the first pin takes an object out of danger.
    Once(u64),
    /// At random allocations, one in 64 on average, from this seed.
    Random(u64),
    /// None, but every allocation is counted, for a later `Budget`.
    Count,
}

impl Stress {
    /// Parses `alloc:N`, `safepoint:N`, `budget:N:ALLOCATIONS`, `once:K`, `random:SEED`, `count`.
    pub fn parse(text: &str) -> Result<Stress, String> {
        let mut parts = text.split(':');
        let kind = parts.next().unwrap_or_default();
        let mut number = |what: &str| -> Result<u64, String> {
            let part = parts.next().ok_or_else(|| format!("'{kind}' needs {what}: {kind}:N"))?;
            part.parse().map_err(|_| format!("'{part}' is not a number"))
        };
        let stress = match kind {
            "off" => Stress::Off,
            "count" => Stress::Count,
            "alloc" => Stress::Alloc(number("a period")?.max(1)),
            "safepoint" => Stress::Safepoint(number("a period")?.max(1)),
            "once" => Stress::Once(number("an allocation number")?),
            "random" => Stress::Random(number("a seed")?),
            "budget" => Stress::Budget {
                collections: number("a number of collections")?.max(1),
                allocations: number("a number of allocations")?.max(1),
            },
            _ => return Err(format!("unknown stress mode '{kind}' (alloc, safepoint, budget, once, random, count)")),
        };
        match parts.next() {
            Some(extra) => Err(format!("unexpected ':{extra}'")),
            None => Ok(stress),
        }
    }
    /// Must every allocation take the slow path?
    pub fn counts_allocations(self) -> bool {
        !matches!(self, Stress::Off | Stress::Safepoint(_))
    }
}

/// The running state of a schedule.
#[derive(Clone, Debug)]
pub struct StressState {
    mode: Stress,
    allocations: u64,
    safepoints: u64,
    forced: u64,
    random: u64,
}

impl StressState {
    /// At the beginning of a run.
    pub fn new(mode: Stress) -> StressState {
        let random = if let Stress::Random(seed) = mode { seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 } else { 1 };
        StressState { mode, allocations: 0, safepoints: 0, forced: 0, random }
    }
    /// The schedule.
    pub fn mode(&self) -> Stress {
        self.mode
    }
    /// Allocations counted so far (only in modes that count them).
    pub fn allocations(&self) -> u64 {
        self.allocations
    }
    /// Collections forced so far.
    pub fn forced(&self) -> u64 {
        self.forced
    }
    /// What kind of collection to force now. Most are minor, since young collections and marking steps are what happens
    /// most and what full ones hide; a single one ([`Stress::Once`]) is full, since it must find everything.
    pub fn kind(&self) -> CollectKind {
        match self.mode {
            Stress::Once(_) => CollectKind::Full,
            _ if self.forced.is_multiple_of(4) => CollectKind::Full,
            _ => CollectKind::Minor,
        }
    }
    /// An allocation begins: collect first?
    pub fn at_allocation(&mut self) -> bool {
        let n = self.allocations;
        self.allocations += 1;
        let due = match self.mode {
            Stress::Alloc(period) => (n + 1).is_multiple_of(period),
            Stress::Once(k) => n == k,
            Stress::Budget { collections, allocations } => {
                let due = u128::from(n) * u128::from(collections) / u128::from(allocations) + 1;
                due > u128::from(self.forced)
            }
            Stress::Random(_) => {
                // xorshift64 (Marsaglia 2003)
                self.random ^= self.random << 13;
                self.random ^= self.random >> 7;
                self.random ^= self.random << 17;
                self.random.is_multiple_of(64)
            }
            Stress::Off | Stress::Safepoint(_) | Stress::Count => false,
        };
        self.forced += due as u64;
        due
    }
    /// A safepoint is reached: collect?
    pub fn at_safepoint(&mut self) -> bool {
        self.safepoints += 1;
        let due = matches!(self.mode, Stress::Safepoint(period) if self.safepoints.is_multiple_of(period));
        self.forced += due as u64;
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_what_it_documents_and_refuses_the_rest() {
        assert_eq!(Stress::parse("budget:1000:5000"), Ok(Stress::Budget { collections: 1000, allocations: 5000 }));
        assert_eq!(Stress::parse("once:7"), Ok(Stress::Once(7)));
        for bad in ["", "alloc", "alloc:x", "once:1:2", "budget:10", "sometimes:3"] {
            assert!(Stress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_budget_is_spent_evenly() {
        let mut s = StressState::new(Stress::Budget { collections: 10, allocations: 100 });
        let hits: Vec<u64> = (0..100).filter(|_| s.at_allocation()).collect();
        assert_eq!(hits.len(), 10, "{hits:?}");
        assert!(hits.windows(2).all(|w| (8..=12).contains(&(w[1] - w[0]))), "{hits:?}");
    }

    #[test]
    fn once_means_once() {
        let mut s = StressState::new(Stress::Once(3));
        assert_eq!((0..10).filter(|_| s.at_allocation()).collect::<Vec<u64>>(), [3]);
    }
}
