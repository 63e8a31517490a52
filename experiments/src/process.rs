//! One child process: started in a group of its own, watched, ended with its whole group, and accounted for.

use crate::counters::Counters;
use crate::interrupt::{Interrupts, Wake};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use wait4::Wait4;

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    Exit(i32),
    Signal(i32),
    TimeOut,
    /// By the runner, because that was interrupted.
    Interrupted,
}

/// What is known of a process afterwards.
#[derive(Clone, Debug)]
pub struct Ended {
    pub end: End,
    pub wall: Duration,
    pub user: Duration,
    pub system: Duration,
    /// The kernel's peak of resident memory, in bytes. It counts from the fork on: it is no less than what the runner
    /// itself had, so that a figure no greater than [`own_peak`] says nothing.
    pub peak: u64,
    pub counters: BTreeMap<String, u64>,
    /// The end of what it wrote to standard output and standard error.
    pub output: String,
}

/// So much of the output is kept.
const OUTPUT_KEPT: usize = 16 * 1024;

/// So long the output may stay open after the process and its group have ended.
const OUTPUT_PATIENCE: Duration = Duration::from_secs(1);

/// Runs a command to its end, or to the end of the time, or to an interrupt.
pub fn run(mut command: Command, timeout: Duration, interrupts: &Interrupts) -> io::Result<Ended> {
    let (reader, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).process_group(0);
    let mut counters = Counters::open();
    let began = Instant::now();
    let child = command.spawn()?;
    // The command holds ends of the pipe, which would not come to its end otherwise.
    drop(command);
    let (output_sender, output) = mpsc::channel();
    std::thread::spawn(move || output_sender.send(tail(reader)));

    let pid = Pid::from_child(&child);
    let (waker, wakes) = mpsc::channel();
    interrupts.listen(waker.clone());
    // While this is false the child is not reaped: its number is its own, and the group may be killed.
    let over = Arc::new(Mutex::new(false));
    let watcher = {
        let over = Arc::clone(&over);
        std::thread::spawn(move || {
            let reason = match wakes.recv_timeout(timeout) {
                Ok(Wake::Ended) | Err(RecvTimeoutError::Disconnected) => return None,
                Ok(Wake::Interrupted) => End::Interrupted,
                Err(RecvTimeoutError::Timeout) => End::TimeOut,
            };
            let over = over.lock().unwrap_or_else(PoisonError::into_inner);
            if *over {
                return None;
            }
            // It may have ended just now; then there is nobody to kill.
            let _ = kill_process_group(pid, Signal::KILL);
            Some(reason)
        })
    };
    wait_without_reaping(pid)?;
    let wall = began.elapsed();
    *over.lock().unwrap_or_else(PoisonError::into_inner) = true;
    // What the child started and left is of no use to anybody; usually there is nothing.
    let _ = kill_process_group(pid, Signal::KILL);
    let _ = waker.send(Wake::Ended);
    let stopped = watcher.join().map_err(|_| io::Error::other("the thread that watches a process failed"))?;
    let used = child.wait4()?;
    let end = match (stopped, used.status.code()) {
        (Some(reason), _) => reason,
        (None, Some(code)) => End::Exit(code),
        (None, None) => End::Signal(used.status.signal().unwrap_or_default()),
    };
    Ok(Ended {
        end,
        wall,
        user: used.rusage.utime,
        system: used.rusage.stime,
        peak: used.rusage.maxrss,
        counters: counters.read(),
        output: output.recv_timeout(OUTPUT_PATIENCE).unwrap_or_default(),
    })
}

fn wait_without_reaping(pid: Pid) -> io::Result<()> {
    loop {
        match waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(_) => return Ok(()),
        }
    }
}

/// Reads to the end and keeps the last of it.
fn tail(mut reader: impl Read) -> String {
    let mut kept = VecDeque::with_capacity(OUTPUT_KEPT);
    let mut buffer = [0; 4096];
    loop {
        match reader.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => break,
            Ok(count) => {
                kept.extend(&buffer[..count]);
                kept.drain(..kept.len().saturating_sub(OUTPUT_KEPT));
            }
        }
    }
    String::from_utf8_lossy(kept.make_contiguous()).into_owned()
}

/// The peak of this process's own resident memory, in bytes, where the system tells it.
pub fn own_peak() -> Option<u64> {
    peak_of(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn peak_of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    fn ended(script: &str, milliseconds: u64) -> Ended {
        run(shell(script), Duration::from_millis(milliseconds), &Interrupts::default()).unwrap()
    }

    #[test]
    fn ends_are_told_apart() {
        assert_eq!(ended("exit 3", 10_000).end, End::Exit(3));
        assert_eq!(ended("kill -SEGV $$", 10_000).end, End::Signal(11));
        let slow = ended("sleep 30", 100);
        assert_eq!(slow.end, End::TimeOut);
        assert!(slow.wall < Duration::from_secs(10));
    }

    #[test]
    fn a_time_out_ends_what_the_process_started() {
        // The second sleep holds the output open: the runner would wait for it otherwise.
        let ended = ended("sleep 30 & echo begun; sleep 30", 300);
        assert_eq!((ended.end, ended.output.as_str()), (End::TimeOut, "begun\n"));
    }

    #[test]
    fn what_a_process_leaves_behind_is_ended_too() {
        let began = Instant::now();
        assert_eq!(ended("sleep 30 & exit 0", 10_000).end, End::Exit(0));
        assert!(began.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn an_interrupt_ends_the_process() {
        let interrupts = Interrupts::default();
        let raising = interrupts.clone();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(100));
            raising.raise();
        });
        assert_eq!(run(shell("sleep 30"), Duration::from_secs(20), &interrupts).unwrap().end, End::Interrupted);
        thread.join().unwrap();
        // And one that came before.
        assert_eq!(run(shell("sleep 30"), Duration::from_secs(20), &interrupts).unwrap().end, End::Interrupted);
    }

    #[test]
    fn the_end_of_long_output_is_kept() {
        let ended = ended("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done; echo last >&2", 20_000);
        assert!(ended.output.len() <= OUTPUT_KEPT && ended.output.ends_with("line 4999\nlast\n"));
    }

    #[test]
    fn times_are_of_the_right_kind() {
        let busy = ended("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done", 60_000);
        assert!(busy.user > Duration::from_millis(20) && busy.user <= busy.wall + Duration::from_millis(20));
        let idle = ended("sleep 0.3", 60_000);
        assert!(idle.wall >= Duration::from_millis(300) && idle.user < Duration::from_millis(200));
        assert!(idle.peak > 100_000);
    }

    #[test]
    fn a_command_that_is_not_there_is_an_error() {
        let command = Command::new("no-such-program-anywhere");
        assert!(run(command, Duration::from_secs(1), &Interrupts::default()).is_err());
    }

    #[test]
    fn peaks_are_read_from_the_kernels_text() {
        assert_eq!(peak_of("Name:\tx\nVmHWM:\t    1234 kB\n"), Some(1234 * 1024));
        assert_eq!(peak_of("Name:\tx\n"), None);
    }
}
