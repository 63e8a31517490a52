//! `list.sort` as CPython 3.12 does it: Tim Peters's adaptive, stable merge sort, with the merge order of Munro and
//! Wild's powersort ("Nearly-Optimal Mergesorts", 2018).
//!
//! Programs see which items are compared with which, and in what order, so the sequence of comparisons is CPython's.
//! Items lie in cells of the caller's, as does the buffer for merging: a comparison may run a collection, which must
//! find them. At any moment when a comparison runs, every item stands in `items` or in the scratch; after an error
//! `items` is a permutation of what it was.

use std::cell::Cell;

/// What a sort works on: keys, and values that move with them.
#[derive(Clone, Copy)]
struct Lanes<'a, T> {
    keys: &'a [Cell<T>],
    /// As many as there are keys, or none.
    values: &'a [Cell<T>],
}

impl<T: Copy> Lanes<'_, T> {
    #[inline]
    fn key(self, index: usize) -> T {
        self.keys[index].get()
    }

    /// Puts the entry at `from` of `source` to `to`.
    #[inline]
    fn put(self, to: usize, source: Self, from: usize) {
        self.keys[to].set(source.keys[from].get());
        if !self.values.is_empty() {
            self.values[to].set(source.values[from].get());
        }
    }

    fn copy(self, to: usize, source: Self, from: usize, count: usize) {
        copy(&self.keys[to..to + count], &source.keys[from..from + count]);
        if !self.values.is_empty() {
            copy(&self.values[to..to + count], &source.values[from..from + count]);
        }
    }

    /// Moves `count` entries to a lower or a higher place in the same lanes; the places may overlap.
    fn shift(self, to: usize, from: usize, count: usize) {
        shift(self.keys, to, from, count);
        if !self.values.is_empty() {
            shift(self.values, to, from, count);
        }
    }

    fn reverse(self, from: usize, to: usize) {
        reverse(&self.keys[from..to]);
        if !self.values.is_empty() {
            reverse(&self.values[from..to]);
        }
    }
}

fn copy<T: Copy>(to: &[Cell<T>], from: &[Cell<T>]) {
    for (to, from) in to.iter().zip(from) {
        to.set(from.get());
    }
}

fn shift<T: Copy>(cells: &[Cell<T>], to: usize, from: usize, count: usize) {
    if to <= from {
        for offset in 0..count {
            cells[to + offset].set(cells[from + offset].get());
        }
    } else {
        for offset in (0..count).rev() {
            cells[to + offset].set(cells[from + offset].get());
        }
    }
}

/// Reverses cells in place: `list.sort(reverse=True)` reverses, sorts, and reverses again, which keeps it stable.
pub fn reverse<T: Copy>(cells: &[Cell<T>]) {
    let (mut low, mut high) = (0, cells.len());
    while low + 1 < high {
        high -= 1;
        cells[low].swap(&cells[high]);
        low += 1;
    }
}

/// Cells of scratch that [`sort`] needs for `length` items.
pub fn scratch_len(length: usize) -> usize {
    // Few items become one run, which nothing is merged with.
    if length < FEWEST_RUNS { 0 } else { length / 2 }
}

/// So many items are made one run.
const FEWEST_RUNS: usize = 64;

/// Sorts `items`, stably. `less(a, b)` says whether `a` sorts before `b`.
///
/// `scratch` has [`scratch_len`] cells or more, whose contents do not matter; afterwards they hold copies of items.
///
/// # Errors
/// The first error of `less`; the items are in some order then.
///
/// # Panics
/// If the scratch is too small.
pub fn sort<T: Copy, E>(
    items: &[Cell<T>],
    scratch: &[Cell<T>],
    less: impl FnMut(T, T) -> Result<bool, E>,
) -> Result<(), E> {
    run(Lanes { keys: items, values: &[] }, Lanes { keys: scratch, values: &[] }, less)
}

/// Sorts `values` by `keys` (the results of `key=`, one for each): both are permuted alike; only keys are compared.
///
/// Each scratch has [`scratch_len`] cells or more.
///
/// # Errors
/// As [`sort`].
///
/// # Panics
/// If there are not as many values as keys, or a scratch is too small.
pub fn sort_by_keys<T: Copy, E>(
    keys: &[Cell<T>],
    values: &[Cell<T>],
    scratch_keys: &[Cell<T>],
    scratch_values: &[Cell<T>],
    less: impl FnMut(T, T) -> Result<bool, E>,
) -> Result<(), E> {
    assert_eq!(keys.len(), values.len(), "a key for each value");
    assert!(scratch_values.len() >= scratch_len(values.len()), "scratch of half the length");
    run(Lanes { keys, values }, Lanes { keys: scratch_keys, values: scratch_values }, less)
}

/// A sorted stretch that waits to be merged.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    length: usize,
    /// Of the boundary to the next run.
    power: u32,
}

struct Sorter<'a, T, F> {
    items: Lanes<'a, T>,
    scratch: Lanes<'a, T>,
    less: F,
    min_gallop: usize,
    pending: Vec<Run>,
}

const MIN_GALLOP: usize = 7;

/// How a merge's loop came to its end.
enum Merged {
    /// What is left of the run in the scratch goes to the destination as it stands.
    Rest,
    /// One entry is left in the scratch, which belongs beyond all that is left of the other run.
    LastBeyond,
}

fn run<T: Copy, E, F: FnMut(T, T) -> Result<bool, E>>(
    items: Lanes<'_, T>,
    scratch: Lanes<'_, T>,
    less: F,
) -> Result<(), E> {
    let length = items.keys.len();
    assert!(scratch.keys.len() >= scratch_len(length), "scratch of half the length");
    if length < 2 {
        return Ok(());
    }
    let mut sorter = Sorter { items, scratch, less, min_gallop: MIN_GALLOP, pending: Vec::new() };
    let shortest = shortest_run(length);
    let mut start = 0;
    while start < length {
        let mut run = sorter.count_run(start, length)?;
        if run < shortest {
            let forced = shortest.min(length - start);
            sorter.insert_binary(start, start + forced, start + run)?;
            run = forced;
        }
        if run == length {
            return Ok(());
        }
        sorter.make_room(run, length)?;
        sorter.pending.push(Run { start, length: run, power: 0 });
        start += run;
    }
    sorter.merge_all()
}

/// The length that short runs are brought to: 32 to 64, such that runs of it come near a power of two.
fn shortest_run(mut length: usize) -> usize {
    let mut rest = 0;
    while length >= FEWEST_RUNS {
        rest |= length & 1;
        length >>= 1;
    }
    length + rest
}

/// The power of the boundary between two neighbouring runs: the depth at which a perfectly balanced merge tree over
/// `length` items parts the middles of the two.
fn power(start: usize, first: usize, second: usize, length: usize) -> u32 {
    // Twice the middles: in fractions of 2 * length their first differing bit is the power.
    let (mut a, length) = (2 * start as u128 + first as u128, length as u128);
    let mut b = a + first as u128 + second as u128;
    let mut power = 0;
    loop {
        power += 1;
        if a >= length {
            a -= length;
            b -= length;
        } else if b >= length {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

impl<T: Copy, E, F: FnMut(T, T) -> Result<bool, E>> Sorter<'_, T, F> {
    /// Finds the run that begins at `start`: not descending, or strictly descending, which it turns round.
    fn count_run(&mut self, start: usize, end: usize) -> Result<usize, E> {
        let items = self.items;
        let mut next = start + 1;
        if next == end {
            return Ok(1);
        }
        let descending = (self.less)(items.key(next), items.key(start))?;
        next += 1;
        while next < end && (self.less)(items.key(next), items.key(next - 1))? == descending {
            next += 1;
        }
        if descending {
            items.reverse(start, next);
        }
        Ok(next - start)
    }

    /// Binary insertion of the items from `sorted` to `end` into the sorted ones from `start`.
    fn insert_binary(&mut self, start: usize, end: usize, sorted: usize) -> Result<(), E> {
        let items = self.items;
        for at in sorted..end {
            let pivot = items.key(at);
            let (mut low, mut high) = (start, at);
            while low < high {
                let middle = low + (high - low) / 2;
                if (self.less)(pivot, items.key(middle))? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            rotate_last_to_front(&items.keys[low..=at]);
            if !items.values.is_empty() {
                rotate_last_to_front(&items.values[low..=at]);
            }
        }
        Ok(())
    }

    /// Before a run of `length` is pushed: gives the boundary before it its power, and merges what is above that.
    fn make_room(&mut self, length: usize, total: usize) -> Result<(), E> {
        let Some(&last) = self.pending.last() else { return Ok(()) };
        let power = power(last.start, last.length, length, total);
        while let [.., before, _] = self.pending[..]
            && before.power > power
        {
            self.merge_at(self.pending.len() - 2)?;
        }
        if let Some(last) = self.pending.last_mut() {
            last.power = power;
        }
        Ok(())
    }

    fn merge_all(&mut self) -> Result<(), E> {
        while self.pending.len() > 1 {
            let mut at = self.pending.len() - 2;
            if at > 0 && self.pending[at - 1].length < self.pending[at + 1].length {
                at -= 1;
            }
            self.merge_at(at)?;
        }
        Ok(())
    }

    /// Merges the pending runs `at` and `at + 1`.
    fn merge_at(&mut self, at: usize) -> Result<(), E> {
        let Run { start: mut a, length: mut count_a, .. } = self.pending[at];
        let Run { start: b, length: mut count_b, .. } = self.pending[at + 1];
        self.pending[at].length = count_a + count_b;
        self.pending.remove(at + 1);
        let items = self.items;
        // What of the first run is in place already, and what of the second.
        let skipped = self.gallop_right(items.key(b), &items.keys[a..a + count_a], 0)?;
        a += skipped;
        count_a -= skipped;
        if count_a == 0 {
            return Ok(());
        }
        count_b = self.gallop_left(items.key(a + count_a - 1), &items.keys[b..b + count_b], count_b - 1)?;
        if count_b == 0 {
            Ok(())
        } else if count_a <= count_b {
            self.merge_low(a, count_a, b, count_b)
        } else {
            self.merge_high(a, count_a, b, count_b)
        }
    }

    /// Where to insert `key` into sorted `cells`, before equal ones; the search starts at `hint`, doubling its steps.
    fn gallop_left(&mut self, key: T, cells: &[Cell<T>], hint: usize) -> Result<usize, E> {
        let (mut last, mut offset) = (0, 1);
        let (mut low, mut high);
        if (self.less)(cells[hint].get(), key)? {
            let most = cells.len() - hint;
            while offset < most && (self.less)(cells[hint + offset].get(), key)? {
                last = offset;
                offset = 2 * offset + 1;
            }
            (low, high) = (hint + last + 1, hint + offset.min(most));
        } else {
            let most = hint + 1;
            while offset < most && !(self.less)(cells[hint - offset].get(), key)? {
                last = offset;
                offset = 2 * offset + 1;
            }
            (low, high) = (hint + 1 - offset.min(most), hint - last);
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.less)(cells[middle].get(), key)? {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(high)
    }

    /// As [`Self::gallop_left`], but behind equal ones.
    fn gallop_right(&mut self, key: T, cells: &[Cell<T>], hint: usize) -> Result<usize, E> {
        let (mut last, mut offset) = (0, 1);
        let (mut low, mut high);
        if (self.less)(key, cells[hint].get())? {
            let most = hint + 1;
            while offset < most && (self.less)(key, cells[hint - offset].get())? {
                last = offset;
                offset = 2 * offset + 1;
            }
            (low, high) = (hint + 1 - offset.min(most), hint - last);
        } else {
            let most = cells.len() - hint;
            while offset < most && !(self.less)(key, cells[hint + offset].get())? {
                last = offset;
                offset = 2 * offset + 1;
            }
            (low, high) = (hint + last + 1, hint + offset.min(most));
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.less)(key, cells[middle].get())? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(high)
    }

    /// Merges from the left, the first (shorter) run moved to the scratch.
    fn merge_low(&mut self, a: usize, count_a: usize, b: usize, count_b: usize) -> Result<(), E> {
        let (items, scratch) = (self.items, self.scratch);
        scratch.copy(0, items, a, count_a);
        let mut merge = Merge { to: a, a: 0, b, left_a: count_a, left_b: count_b };
        let end = self.merge_low_loop(&mut merge);
        if let Ok(Merged::LastBeyond) = end {
            items.shift(merge.to, merge.b, merge.left_b);
            items.put(merge.to + merge.left_b, scratch, merge.a);
        } else {
            items.copy(merge.to, scratch, merge.a, merge.left_a);
        }
        end.map(|_| ())
    }

    fn merge_low_loop(&mut self, m: &mut Merge) -> Result<Merged, E> {
        let (items, scratch) = (self.items, self.scratch);
        let take_a = |m: &mut Merge| {
            items.put(m.to, scratch, m.a);
            (m.to, m.a, m.left_a) = (m.to + 1, m.a + 1, m.left_a - 1);
        };
        let take_b = |m: &mut Merge| {
            items.put(m.to, items, m.b);
            (m.to, m.b, m.left_b) = (m.to + 1, m.b + 1, m.left_b - 1);
        };
        take_b(m);
        if m.left_b == 0 {
            return Ok(Merged::Rest);
        }
        if m.left_a == 1 {
            return Ok(Merged::LastBeyond);
        }
        // Never below 1, so each round of single steps takes one at least.
        let mut min_gallop = self.min_gallop;
        loop {
            // One at a time, until one run wins again and again.
            let (mut wins_a, mut wins_b) = (0, 0);
            while wins_a < min_gallop && wins_b < min_gallop {
                if (self.less)(items.key(m.b), scratch.key(m.a))? {
                    take_b(m);
                    (wins_a, wins_b) = (0, wins_b + 1);
                    if m.left_b == 0 {
                        return Ok(Merged::Rest);
                    }
                } else {
                    take_a(m);
                    (wins_a, wins_b) = (wins_a + 1, 0);
                    if m.left_a == 1 {
                        return Ok(Merged::LastBeyond);
                    }
                }
            }
            // By whole stretches, while they are long enough to pay.
            min_gallop += 1;
            loop {
                min_gallop = (min_gallop - 1).max(1);
                self.min_gallop = min_gallop;
                wins_a = self.gallop_right(items.key(m.b), &scratch.keys[m.a..m.a + m.left_a], 0)?;
                if wins_a > 0 {
                    items.copy(m.to, scratch, m.a, wins_a);
                    (m.to, m.a, m.left_a) = (m.to + wins_a, m.a + wins_a, m.left_a - wins_a);
                    // None is left only if the comparisons contradict each other.
                    match m.left_a {
                        0 => return Ok(Merged::Rest),
                        1 => return Ok(Merged::LastBeyond),
                        _ => {}
                    }
                }
                take_b(m);
                if m.left_b == 0 {
                    return Ok(Merged::Rest);
                }
                wins_b = self.gallop_left(scratch.key(m.a), &items.keys[m.b..m.b + m.left_b], 0)?;
                if wins_b > 0 {
                    items.shift(m.to, m.b, wins_b);
                    (m.to, m.b, m.left_b) = (m.to + wins_b, m.b + wins_b, m.left_b - wins_b);
                    if m.left_b == 0 {
                        return Ok(Merged::Rest);
                    }
                }
                take_a(m);
                if m.left_a == 1 {
                    return Ok(Merged::LastBeyond);
                }
                if wins_a < MIN_GALLOP && wins_b < MIN_GALLOP {
                    break;
                }
            }
            // A price for leaving.
            min_gallop += 1;
            self.min_gallop = min_gallop;
        }
    }

    /// Merges from the right, the second (shorter) run moved to the scratch.
    fn merge_high(&mut self, a: usize, count_a: usize, b: usize, count_b: usize) -> Result<(), E> {
        let (items, scratch) = (self.items, self.scratch);
        scratch.copy(0, items, b, count_b);
        // Here `to` is one beyond the place to fill next; what is left of the runs begins at `a` and `b`.
        let mut merge = Merge { to: b + count_b, a, b: 0, left_a: count_a, left_b: count_b };
        let end = self.merge_high_loop(&mut merge);
        if let Ok(Merged::LastBeyond) = end {
            items.shift(merge.to - merge.left_a, merge.a, merge.left_a);
            items.put(merge.to - merge.left_a - 1, scratch, 0);
        } else {
            items.copy(merge.to - merge.left_b, scratch, 0, merge.left_b);
        }
        end.map(|_| ())
    }

    fn merge_high_loop(&mut self, m: &mut Merge) -> Result<Merged, E> {
        let (items, scratch) = (self.items, self.scratch);
        let take_a = |m: &mut Merge| {
            (m.to, m.left_a) = (m.to - 1, m.left_a - 1);
            items.put(m.to, items, m.a + m.left_a);
        };
        let take_b = |m: &mut Merge| {
            (m.to, m.left_b) = (m.to - 1, m.left_b - 1);
            items.put(m.to, scratch, m.left_b);
        };
        take_a(m);
        if m.left_a == 0 {
            return Ok(Merged::Rest);
        }
        if m.left_b == 1 {
            return Ok(Merged::LastBeyond);
        }
        let mut min_gallop = self.min_gallop;
        loop {
            let (mut wins_a, mut wins_b) = (0, 0);
            while wins_a < min_gallop && wins_b < min_gallop {
                if (self.less)(scratch.key(m.left_b - 1), items.key(m.a + m.left_a - 1))? {
                    take_a(m);
                    (wins_a, wins_b) = (wins_a + 1, 0);
                    if m.left_a == 0 {
                        return Ok(Merged::Rest);
                    }
                } else {
                    take_b(m);
                    (wins_a, wins_b) = (0, wins_b + 1);
                    if m.left_b == 1 {
                        return Ok(Merged::LastBeyond);
                    }
                }
            }
            min_gallop += 1;
            loop {
                min_gallop = (min_gallop - 1).max(1);
                self.min_gallop = min_gallop;
                let key = scratch.key(m.left_b - 1);
                let kept = self.gallop_right(key, &items.keys[m.a..m.a + m.left_a], m.left_a - 1)?;
                wins_a = m.left_a - kept;
                if wins_a > 0 {
                    (m.to, m.left_a) = (m.to - wins_a, kept);
                    items.shift(m.to, m.a + kept, wins_a);
                    if m.left_a == 0 {
                        return Ok(Merged::Rest);
                    }
                }
                take_b(m);
                if m.left_b == 1 {
                    return Ok(Merged::LastBeyond);
                }
                let key = items.key(m.a + m.left_a - 1);
                let kept = self.gallop_left(key, &scratch.keys[..m.left_b], m.left_b - 1)?;
                wins_b = m.left_b - kept;
                if wins_b > 0 {
                    (m.to, m.left_b) = (m.to - wins_b, kept);
                    items.copy(m.to, scratch, kept, wins_b);
                    // None is left only if the comparisons contradict each other.
                    match m.left_b {
                        0 => return Ok(Merged::Rest),
                        1 => return Ok(Merged::LastBeyond),
                        _ => {}
                    }
                }
                take_a(m);
                if m.left_a == 0 {
                    return Ok(Merged::Rest);
                }
                if wins_a < MIN_GALLOP && wins_b < MIN_GALLOP {
                    break;
                }
            }
            min_gallop += 1;
            self.min_gallop = min_gallop;
        }
    }
}

/// The places of a merge in progress: the destination, the two runs, what is left of them.
struct Merge {
    to: usize,
    a: usize,
    b: usize,
    left_a: usize,
    left_b: usize,
}

fn rotate_last_to_front<T: Copy>(cells: &[Cell<T>]) {
    if let [rest @ .., last] = cells {
        let mut carried = last.get();
        for cell in rest {
            carried = cell.replace(carried);
        }
        last.set(carried);
    }
}
