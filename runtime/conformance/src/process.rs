//! One process, watched: its events as they come, its time, its end.

use crate::events::Event;
use rustix::process::{Pid, Signal, kill_process_group};
use std::fs::File;
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often events are read.
const PACE: Duration = Duration::from_millis(15);

/// Bytes of output that are kept.
const OUTPUT_KEPT: usize = 4000;

/// How a process ended.
#[derive(Debug)]
pub(crate) enum End {
    /// By itself.
    Exited(ExitStatus),
    /// Nothing was heard from it for as long as one case may take.
    Silent,
    /// The file's time was up.
    Late,
}

/// How long a process may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Between two events.
    pub(crate) case: Duration,
    /// When the file has to be done.
    pub(crate) deadline: Instant,
}

/// Runs a command to its end, or as long as it may run. Events are read from the file at `events`, which need not be there
/// yet; what it prints goes to the file at `output`.
///
/// # Errors
/// It cannot be started or watched, or wrote something that is no event.
pub(crate) fn watch(
    mut command: Command,
    events: &Path,
    output: &Path,
    limits: Limits,
    mut heard: impl FnMut(Event),
) -> Result<End, String> {
    let failed = |what: &str, error: std::io::Error| format!("{what}: {error}");
    let log = File::create(output).map_err(|error| failed("cannot make a file for output", error))?;
    let second = log.try_clone().map_err(|error| failed("cannot make a file for output", error))?;
    command.stdin(Stdio::null()).stdout(log).stderr(second).process_group(0);
    let mut group = Group(command.spawn().map_err(|error| failed("cannot start an interpreter", error))?);
    let mut reader = Lines { file: None, rest: Vec::new() };
    let mut last = Instant::now();
    loop {
        let ended = group.0.try_wait().map_err(|error| failed("cannot wait for an interpreter", error))?;
        // Read after asking, so that nothing is missed.
        for line in reader.read(events).map_err(|error| failed("cannot read events", error))? {
            last = Instant::now();
            let event = serde_json::from_str(&line);
            heard(event.map_err(|error| format!("the driver wrote {line:?}, which is no event: {error}"))?);
        }
        if let Some(status) = ended {
            return Ok(End::Exited(status));
        }
        if Instant::now() > limits.deadline {
            return Ok(End::Late);
        }
        if last.elapsed() > limits.case {
            return Ok(End::Silent);
        }
        std::thread::sleep(PACE);
    }
}

/// A process whose whole group ends with it.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            // An error says that nothing is left of it.
            _ = kill_process_group(group, Signal::KILL);
        }
        // It is waited for already, or dies now.
        _ = self.0.wait();
    }
}

/// A file that grows, by complete lines.
struct Lines {
    file: Option<File>,
    rest: Vec<u8>,
}

impl Lines {
    fn read(&mut self, path: &Path) -> std::io::Result<Vec<String>> {
        if self.file.is_none() {
            match File::open(path) {
                Ok(file) => self.file = Some(file),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
                Err(error) => return Err(error),
            }
        }
        if let Some(file) = &mut self.file {
            file.read_to_end(&mut self.rest)?;
        }
        let Some(end) = self.rest.iter().rposition(|&byte| byte == b'\n') else { return Ok(Vec::new()) };
        let tail = self.rest.split_off(end + 1);
        let lines = std::mem::replace(&mut self.rest, tail);
        Ok(String::from_utf8_lossy(&lines).lines().map(str::to_owned).collect())
    }
}

/// What the end of a process means, in words.
pub(crate) fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) if code == i32::from(runtime_cli::CRASHED) => "the VM failed (a crash report)".to_owned(),
        (Some(code), _) => format!("the process ended with exit code {code}"),
        (_, Some(signal)) => format!("the process was ended by signal {signal}"),
        _ => status.to_string(),
    }
}

/// The end of what a process printed.
pub(crate) fn tail(output: &Path) -> String {
    let bytes = std::fs::read(output).unwrap_or_default();
    let from = bytes.len().saturating_sub(OUTPUT_KEPT);
    String::from_utf8_lossy(&bytes[from..]).into_owned()
}
