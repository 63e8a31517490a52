//! Free memory as ranges in order of their offsets; neighbours are one.

use std::collections::BTreeMap;

/// Ranges of free bytes.
#[derive(Debug)]
pub(crate) struct FreeList {
    /// Length by offset. No two touch.
    ranges: BTreeMap<usize, usize>,
}

impl FreeList {
    /// Everything below `len` is free.
    pub(crate) fn new(len: usize) -> FreeList {
        FreeList { ranges: (len > 0).then_some((0, len)).into_iter().collect() }
    }
    /// The lowest `len` bytes that begin at a multiple of `alignment`, which are free no more.
    pub(crate) fn take(&mut self, len: usize, alignment: usize) -> Option<usize> {
        let fits = |(start, room): (&usize, &usize)| {
            let offset = start.checked_next_multiple_of(alignment)?;
            let end = offset.checked_add(len)?;
            (end <= start + room).then_some((*start, *room, offset))
        };
        let (start, room, offset) = self.ranges.iter().find_map(fits)?;
        self.ranges.remove(&start);
        if offset > start {
            self.ranges.insert(start, offset - start);
        }
        let (end, old_end) = (offset + len, start + room);
        if end < old_end {
            self.ranges.insert(end, old_end - end);
        }
        Some(offset)
    }
    /// Gives `len` bytes at `offset` back.
    pub(crate) fn give(&mut self, mut offset: usize, mut len: usize) {
        if let Some(after) = self.ranges.remove(&(offset + len)) {
            len += after;
        }
        if let Some((before, room)) = self.ranges.range(..offset).next_back().map(|(b, r)| (*b, *r)) {
            debug_assert!(before + room <= offset, "given back twice");
            if before + room == offset {
                self.ranges.remove(&before);
                (offset, len) = (before, room + len);
            }
        }
        self.ranges.insert(offset, len);
    }
    #[cfg(test)]
    pub(crate) fn ranges(&self) -> Vec<(usize, usize)> {
        self.ranges.iter().map(|(a, b)| (*a, *b)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_one() {
        let mut list = FreeList::new(160);
        let blocks: Vec<usize> = (0..10).map(|_| list.take(16, 16).expect("room")).collect();
        assert_eq!(list.take(16, 16), None);
        for i in [0, 2, 4] {
            list.give(blocks[i], 16);
        }
        assert_eq!(list.ranges(), [(0, 16), (32, 16), (64, 16)]);
        list.give(16, 16);
        assert_eq!(list.ranges(), [(0, 48), (64, 16)]);
        list.give(48, 16);
        assert_eq!(list.ranges(), [(0, 80)]);
        assert_eq!(list.take(96, 16), None);
        (5..10).rev().for_each(|i| list.give(blocks[i], 16));
        assert_eq!(list.ranges(), [(0, 160)]);
    }

    #[test]
    fn what_alignment_skips_stays_free() {
        let mut list = FreeList::new(256);
        assert_eq!(list.take(16, 16), Some(0));
        assert_eq!(list.take(32, 64), Some(64));
        assert_eq!(list.ranges(), [(16, 48), (96, 160)]);
        assert_eq!(list.take(48, 16), Some(16));
        assert_eq!(list.take(160, 128), None);
        list.give(64, 32);
        list.give(16, 48);
        list.give(0, 16);
        assert_eq!(list.ranges(), [(0, 256)]);
    }
}
