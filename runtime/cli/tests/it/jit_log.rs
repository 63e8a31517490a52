//! `--jit-log`: what was compiled, why something was not, where code was left, and the summary; `--perf-map`; `--perf-dump`.

use crate::{Scratch, code, run, stderr, stdout};

/// `number` is left where it meets a float, `many` is too big for what makes machine code, and the loop is entered in the middle.
const PROGRAM: &str = "
def number(x):
    return x + 1
exec('def many(x):\\n' + '    x = (x.real + 1) * 2 - x\\n' * 6000 +
     '    return x')
def loop():
    total = 0
    for i in range(3000):
        total = number(total)
    return total
print(loop(), many(1), many(1), many(1), number(0.5), number(1.5), number('a'.count('a')))
";

/// Says what is in a log whose every line must be JSON.
const READER: &str = "
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert all(line['v'] == 1 and line['process'] == lines[0]['process'] for line in lines)
assert [line['at_ns'] for line in lines] == sorted(line['at_ns'] for line in lines)
compiled = [line for line in lines if line['event'] == 'compile' and line['function'] == 'number']
assert compiled and all(c['line'] == 2 and c['file'] == '<string>' and c['vir'] > 0 for c in compiled), compiled
assert all(c['backend'] == sys.argv[2] and c['instructions'] > 0 and c['backend_ns'] > 0 for c in compiled), compiled
installed = {line['unit']: line for line in lines if line['event'] == 'install'}
assert all((installed[c['unit']]['bytes'] or 0) >= (c['code_bytes'] or 0) for c in compiled)
[osr] = [line for line in lines if line['event'] == 'compile' and line['function'] == 'loop'][:1]
assert osr['entry'] == 'loop' and osr['entry_line'] == 8 and osr['position'] > 0, osr
bailouts = [line for line in lines if line['event'] == 'bailout' and line['function'] == 'many']
assert (not bailouts) == (sys.argv[2] == 'eval'), bailouts
assert all((b['by'], b['reason']) == ('build', 'too-big') for b in bailouts), bailouts
given_up = [line for line in lines if line['event'] == 'give-up' and line['function'] == 'many']
assert [(g['what'], g['reason']) for g in given_up] == [('entry', 'too-big')] * len(bailouts), given_up
exits = [line for line in lines if line['event'] == 'exit']
assert all(e['unit'] in installed for e in exits)
if sys.argv[2] != 'template':
    assert [e for e in exits if e['at_function'] == 'number' and e['at_line'] == 3 and not e['forced']], exits
summary = lines[-1]
assert [line['event'] for line in lines].count('summary') == 1 and summary['event'] == 'summary'
assert summary['units'] == len(installed)
assert summary['bailouts'] == len([line for line in lines if line['event'] == 'bailout'])
assert sum(summary['exits'].values()) + summary['forced'] >= len(exits)
shares = summary['shares']
if shares is None:
    assert summary['no_shares']
else:
    assert abs(shares['compiled'] + shares['interpreter'] + shares['runtime'] - 1) < 0.001, shares
    assert shares['samples'] > 0 and round(shares['compiled'] * shares['samples']) == summary['samples'], shares
functions = {f['function']: f for f in summary['functions']}
refused = functions['many']['refused']
assert len(refused) == len(bailouts) and {r['reason'] for r in refused} <= {'too-big'}, refused
assert functions['number']['units'] == len(compiled) and functions['number']['refused'] == []
print('as described')
";

fn check(jit: &str) {
    let log = Scratch::new(&format!("jit-{jit}.log"), "");
    let of = format!("--jit-log={}", log.path());
    let out = run(&[&format!("--jit={jit}"), "--jit-threshold=2", &of, "-S", "-c", PROGRAM]);
    assert_eq!((stdout(&out), stderr(&out)), ("3000 12001 12001 12001 1.5 2.5 2\n".to_owned(), String::new()));
    let out = run(&["--jit=off", "-c", READER, log.path(), jit]);
    assert_eq!(stdout(&out), "as described\n", "{}{}", stderr(&out), log.text());
}

#[test]
fn the_log_tells_what_cranelift_does() {
    check("cranelift");
}

#[test]
fn the_log_tells_what_the_evaluator_does() {
    check("eval");
}

#[test]
fn the_log_tells_what_the_template_jit_does() {
    check("template");
}

#[test]
fn exits_that_are_forced_are_said_to_be_and_have_few_lines() {
    let log = Scratch::new("jit-forced.log", "");
    let of = format!("--jit-log={}", log.path());
    let program = "fun f(n) { return n + 1; } var a = 0; while (a < 9000) a = f(a); print a;";
    let program = Scratch::new("forced.lox", program);
    let out = run(&["--jit=cranelift", "--jit-threshold=2", "--deopt-every=3", &of, program.path()]);
    assert_eq!((stdout(&out), stderr(&out)), ("9000\n".to_owned(), String::new()));
    let text = log.text();
    let forced = text.lines().filter(|line| line.contains("\"event\":\"exit\"") && line.contains("\"forced\":true"));
    assert!((1..600).contains(&forced.count()), "{text}");
    let last = text.lines().last().expect("a summary");
    let (_, times) = last.split_once("\"forced\":").expect("how often it was forced");
    let times = times.split(',').next().and_then(|times| times.parse::<u64>().ok());
    assert!(times.is_some_and(|times| times > 1000), "{last}");
}

#[test]
fn children_of_forks_log_under_their_own_numbers() {
    let log = Scratch::new("jit-fork.log", "");
    let of = format!("--jit-log={}", log.path());
    let program = "
import os, sys
def f(x): return x + 1
for i in range(3): f(i)
child = os.fork()
if child:
    os.waitpid(child, 0)
def g(x): return x + 2
for i in range(3): g(i)
";
    let out = run(&["--jit=cranelift", "--jit-threshold=2", &of, "-S", "-c", program]);
    assert_eq!((stderr(&out), code(&out)), (String::new(), 0));
    let reader = "
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
who = lambda name: {line['process'] for line in lines if line['event'] == 'install' and line['function'] == name}
ended = {line['process'] for line in lines if line['event'] == 'summary'}
print(len(who('f')), len(who('g')), len(who('f') & who('g')), ended == who('g'))
";
    let out = run(&["--jit=off", "-c", reader, log.path()]);
    assert_eq!(stdout(&out), "1 2 1 True\n", "{}{}", stderr(&out), log.text());
}

#[test]
fn a_log_that_cannot_be_begun_is_an_error_and_one_that_cannot_go_on_is_not() {
    let out = run(&["--jit=cranelift", "--jit-log=no such folder/log", "-c", "print(1)"]);
    assert_eq!((stdout(&out).as_str(), code(&out)), ("", 2));
    assert!(stderr(&out).starts_with("prism: cannot write no such folder/log: "), "{}", stderr(&out));
    let out = run(&["--jit=off", "--jit-log=log", "-c", "print(1)"]);
    assert_eq!((stderr(&out).as_str(), code(&out)), ("prism: --jit-log: --jit=off compiles nothing\n", 2));
    if std::path::Path::new("/dev/full").exists() {
        let out = run(&["--jit=cranelift", "--jit-log=/dev/full", "-c", "print(1)"]);
        assert_eq!((stdout(&out).as_str(), code(&out)), ("1\n", 0));
        assert!(stderr(&out).starts_with("prism: the log of the JIT is incomplete: "), "{}", stderr(&out));
    }
}

#[test]
fn perf_finds_a_map_of_what_is_compiled_and_so_it_does_in_children() {
    let program = "
import os
def first(x): return x + 1
def second(x): return x + 2
list(map(first, range(9)))
child = os.fork()
list(map(second, range(9)))
if child:
    os.waitpid(child, 0)
name = f'/tmp/perf-{os.getpid()}.map'
lines = [line.split(' ', 2) for line in open(name).read().splitlines()]
os.unlink(name)
assert all(int(address, 16) > 0 and int(length, 16) > 0 for address, length, _ in lines)
names = [name for _, _, name in lines]
for f in ['first:<string>:3', 'second:<string>:4']:
    assert len([name for name in names if name == 'prism::' + f]) == 1, names
print('mapped')
";
    let out = run(&["--jit=cranelift", "--jit-threshold=2", "--perf-map", "-S", "-c", program]);
    assert_eq!((stdout(&out).as_str(), stderr(&out).as_str()), ("mapped\nmapped\n", ""));
}

#[test]
fn perf_finds_the_code_that_is_compiled_and_so_it_does_in_children() {
    let program = "
import os, struct, sys
def first(x): return x + 1
def second(x): return x + 2
list(map(first, range(9)))
child = os.fork()
list(map(second, range(9)))
if child:
    os.waitpid(child, 0)
name = f'{sys.argv[1]}/jit-{os.getpid()}.dump'
assert any(line.rstrip().endswith(name) and ' r-xp ' in line for line in open('/proc/self/maps'))
data = open(name, 'rb').read()
os.unlink(name)
magic, version, at, machine, _, process, date, flags = struct.unpack_from('=IIIIIIQQ', data)
assert (magic, version, at, process, flags) == (0x4A695444, 1, 40, os.getpid(), 0), (magic, version, at, process, flags)
names = []
while at < len(data):
    kind, length, then, process, thread, vma, address, size, number = struct.unpack_from('=IIQIIQQQQ', data, at)
    assert (kind, process, vma, number) == (0, os.getpid(), address, len(names)) and thread and then >= date and size
    names.append(data[at + 56:at + length - size - 1].decode())
    at, date = at + length, then
assert at == len(data)
for f in ['first:<string>:3', 'second:<string>:4']:
    assert len([name for name in names if name == 'prism::' + f]) == 1, names
print('dumped')
";
    let folder = std::env::temp_dir();
    let dump = format!("--perf-dump={}", folder.display());
    let out = run(&["--jit=cranelift", "--jit-threshold=2", &dump, "-S", "-c", program, &folder.to_string_lossy()]);
    assert_eq!((stdout(&out).as_str(), stderr(&out).as_str()), ("dumped\ndumped\n", ""));
    let out = run(&["--jit=cranelift", "--perf-dump=/there/is/none", "-S", "-c", "pass"]);
    assert!(stderr(&out).contains("cannot write the dump for perf"), "{}", stderr(&out));
}

#[test]
fn the_page_that_explains_a_run_holds_the_events_of_both_logs() {
    let page = Scratch::new("explained.html", "");
    let of = format!("--explain={}", page.path());
    let program = "
import gc, os
def hot(x): return '</script>', x
for i in range(9): hot(i)
gc.collect()
child = os.fork()
if child:
    os.waitpid(child, 0)
";
    let reader = r#"
import json, re, sys
page = open(sys.argv[1]).read()
assert page.startswith('<!DOCTYPE html>') and page.endswith('</html>\n') and page.count('</script>') == 3
logs = re.findall(r'<script type="application/x-ndjson" id="\w+">\n(.*?)</script>', page, re.S)
jit, heap = [[json.loads(line) for line in log.splitlines()] for log in logs]
assert jit[-1]['event'] == 'summary' and 'hot' in [f['function'] for f in jit[-1]['functions']]
assert [e for e in jit if e['event'] == 'compile' and e['function'] == 'hot'][0]['caches']['many'] == 0
assert len({e['process'] for e in jit}) == 1
assert [e for e in heap if e['event'] == 'pause' and e['trigger'] == 'explicit']
print('explained')
"#;
    let out = run(&["--jit=cranelift", "--jit-threshold=2", &of, "-S", "-c", program]);
    assert_eq!((stderr(&out), code(&out)), (String::new(), 0));
    let out = run(&["--jit=off", "-c", reader, page.path()]);
    assert_eq!(stdout(&out), "explained\n", "{}", stderr(&out));
    let out = run(&["--jit=off", &of, "-S", "-c", "print(1)"]);
    assert_eq!((stdout(&out), stderr(&out)), ("1\n".to_owned(), String::new()));
    assert!(page.text().ends_with("</html>\n"));
}

#[test]
fn the_page_has_its_name_before_the_program_or_behind_it() {
    let page = Scratch::new("explained-as.html", "");
    let program = Scratch::new("explained.py", "import sys; print(sys.argv[1:])");
    let (page, program) = (page.path(), program.path());
    let lines: &[(&[&str], &str)] = &[
        (&["--explain", program, "-o", page], "[]\n"),
        (&["--explain", "-S", program, "-o", "a", "-o", page], "['-o', 'a']\n"),
        (&["--explain", "-o", page, program, "-o", "a"], "['-o', 'a']\n"),
        (&["-o", page, "--explain", program], "[]\n"),
        (&["--explain", "-c", "import sys; print(sys.argv)", "b", "-o", page], "['-c', 'b']\n"),
    ];
    for (arguments, printed) in lines {
        _ = std::fs::remove_file(page);
        let out = run(arguments);
        assert_eq!((stdout(&out).as_str(), stderr(&out), code(&out)), (*printed, String::new(), 0), "{arguments:?}");
        let text = std::fs::read_to_string(page).expect("the page");
        assert!(text.ends_with("</html>\n"), "{arguments:?}");
    }
}
