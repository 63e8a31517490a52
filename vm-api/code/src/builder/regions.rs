//! Exception regions under construction: nested, and interrupted where code of an outer level stands in line.

use super::{BuildError, Label};

/// An open region.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub struct Region(usize);

/// The regions that one call of `pause_regions` left; give it back to `resume_regions`.
#[derive(PartialEq, Eq, Debug)]
#[must_use]
pub struct Paused {
    regions: Vec<usize>,
    open: usize,
}

/// A finished stretch of a region.
pub(super) struct Range {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) handler: Label,
    pub(super) register: u16,
    pub(super) depth: usize,
}

struct Open {
    handler: Label,
    register: u16,
    /// Where the current stretch began; `None` while paused.
    start: Option<u32>,
}

#[derive(Default)]
pub(super) struct Regions {
    open: Vec<Open>,
    ranges: Vec<Range>,
}

const ORDER: BuildError = BuildError::Misuse("exception regions closed out of order");

impl Regions {
    pub(super) fn begin(&mut self, here: u32, handler: Label, register: u16) -> Region {
        self.open.push(Open { handler, register, start: Some(here) });
        Region(self.open.len() - 1)
    }

    pub(super) fn end(&mut self, here: u32, region: Region) -> Result<(), BuildError> {
        if region.0 + 1 != self.open.len() || self.open[region.0].start.is_none() {
            return Err(ORDER);
        }
        self.close(here, region.0);
        self.open.pop();
        Ok(())
    }

    /// Ends the current stretch of the region at `depth`.
    fn close(&mut self, end: u32, depth: usize) {
        let open = &mut self.open[depth];
        if let Some(start) = open.start.take()
            && start < end
        {
            self.ranges.push(Range { start, end, handler: open.handler, register: open.register, depth });
        }
    }

    pub(super) fn pause(&mut self, here: u32, region: Region) -> Paused {
        let open = self.open.len();
        let regions: Vec<usize> = (region.0..open).filter(|&r| self.open[r].start.is_some()).collect();
        for &r in &regions {
            self.close(here, r);
        }
        Paused { regions, open }
    }

    pub(super) fn resume(&mut self, here: u32, paused: Paused) -> Result<(), BuildError> {
        if paused.open != self.open.len() || paused.regions.iter().any(|&r| self.open[r].start.is_some()) {
            return Err(ORDER);
        }
        for r in paused.regions {
            self.open[r].start = Some(here);
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<Range>, BuildError> {
        if self.open.is_empty() { Ok(self.ranges) } else { Err(BuildError::Misuse("an exception region left open")) }
    }
}
