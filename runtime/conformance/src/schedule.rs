//! All files, some at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Does every piece of work on `threads` threads. `done` is called here for each result, in the order in which they come;
/// when it says no, nothing further is begun.
pub(crate) fn run<W: Sync, R: Send>(
    threads: usize,
    work: &[W],
    go: impl Fn(&W) -> R + Sync,
    mut done: impl FnMut(R) -> bool,
) {
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, work.len().max(1)) {
            let (sender, next, go) = (sender.clone(), &next, &go);
            scope.spawn(move || {
                while let Some(piece) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if sender.send(go(piece)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for result in results {
            if !done(result) {
                next.store(work.len(), Ordering::Relaxed);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn everything_is_done_once() {
        let work: Vec<u32> = (0..100).collect();
        let mut got = Vec::new();
        run(
            4,
            &work,
            |&n| n,
            |n| {
                got.push(n);
                true
            },
        );
        got.sort_unstable();
        assert_eq!(got, work);
    }

    #[test]
    fn nothing_is_begun_after_a_no() {
        let work: Vec<u32> = (0..100_000).collect();
        let mut count = 0;
        run(
            1,
            &work,
            |_| std::thread::sleep(std::time::Duration::from_micros(10)),
            |()| {
                count += 1;
                false
            },
        );
        assert!(count < work.len());
    }
}
