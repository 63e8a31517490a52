//! Nothing in the tree names a machine: no absolute path under somebody's home, no private host.
//!
//! The patterns are written so that this file does not fit them.

use super::Finding;
use crate::tree::Project;

/// Beginnings of absolute paths that exist on one machine only.
const PATHS: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("/fa", "rm/"),
    concat!("C:\\Us", "ers\\"),
    concat!(".py", "env"),
];

/// Ends of host names that no public resolver knows.
const SUFFIXES: &[&str] = &["internal", "local", "lan", "corp", "intranet", "home.arpa"];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    project.files.iter().flat_map(|(path, text)| check_file(path, text)).collect()
}

fn check_file(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(found) = PATHS.iter().find(|found| absolute(line, found)) {
            findings.push(Finding::new(path, index + 1, format!("a path of one machine: {found}")));
        }
        if let Some(host) = hosts(line).find(|host| private(host)) {
            findings.push(Finding::new(path, index + 1, format!("a private host: {host}")));
        }
    }
    findings
}

/// Whether the path begins here, and is not the inside of a longer one (a folder of the project may bear the same name).
fn absolute(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | '}' | ')'))
    })
}

/// The hosts of the URLs in a line.
fn hosts(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("://").filter_map(|(at, mark)| {
        let rest = line.get(at + mark.len()..)?;
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '@' | '_')))
            .unwrap_or(rest.len());
        let authority = rest.get(..end)?;
        Some(authority.rsplit('@').next().unwrap_or(authority))
    })
}

fn private(host: &str) -> bool {
    let parts: Vec<&str> = host.split('.').collect();
    if let Ok(numbers) = parts.iter().map(|part| part.parse::<u8>()).collect::<Result<Vec<_>, _>>() {
        return match numbers.as_slice() {
            [10, _, _, _] | [192, 168, _, _] | [169, 254, _, _] => true,
            [172, second, _, _] => (16..32).contains(second),
            _ => false,
        };
    }
    SUFFIXES.iter().any(|suffix| host.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(line: &str) -> usize {
        check_file("a.md", line).len()
    }

    #[test]
    fn refuses_paths_of_a_machine() {
        for path in PATHS {
            assert_eq!(count(&format!("see {path}someone/thing")), 1, "{path}");
            assert_eq!(count(&format!("\"{path}x\"")), 1, "{path}");
        }
    }

    #[test]
    fn refuses_private_hosts() {
        for host in ["10.1.2.3", "192.168.0.1", "172.20.0.1", "169.254.1.1", "registry.internal", "user@build.corp"] {
            assert_eq!(count(&format!("http:{}{host}:8080/index", "//")), 1, "{host}");
        }
    }

    #[test]
    fn accepts_public_hosts_loopback_and_relative_paths() {
        for line in [
            "https://github.com/rust-lang/crates.io-index",
            "http://127.0.0.1:80/",
            "http://example.org",
            "src/home/page.rs",
            "172.20.0.1 without a scheme may be a version or a test's data",
        ] {
            assert_eq!(count(line), 0, "{line}");
        }
    }
}
