//! Parsing, and what is said about bad command lines.

use super::*;

#[test]
fn command_lines_of_no_form_are_told_how_to_be_used_and_end_in_exit_code_2() {
    // The first lines are CPython's.
    let lines: &[(&[&str], &str)] = &[
        (&["--foo"], "unknown option --foo"),
        (&["-Z"], "Unknown option: -Z"),
        (&["-OZ"], "Unknown option: -Z"),
        (&["-é"], "Unknown option: -é"),
        (&["-c"], "Argument expected for the -c option"),
        (&["-Om"], "Argument expected for the -m option"),
        (&["--heap"], "Argument expected for the --heap option"),
        (&["--gc-poison=yes"], "the --gc-poison option takes no argument"),
        (&["--explain="], "Argument expected for the --explain option"),
        (&["--explain", "a.py", "-o"], "--explain: no file for its page: --explain=FILE, or -o FILE at the end"),
    ];
    for (arguments, message) in lines {
        let output = run(arguments);
        let expected = format!(
            "{message}\nusage: prism [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `prism -h' for more \
             information.\n"
        );
        assert_eq!((stderr(&output), code(&output), stdout(&output).as_str()), (expected, 2, ""), "{arguments:?}");
    }
}

#[test]
fn what_options_ask_for_in_vain_is_one_line_and_exit_code_2() {
    let lines: &[(&[&str], &str)] = &[
        (&["--heap=lots"], "--heap: 'lots' is not a size such as 64M or 2G"),
        (&["--heap=0"], "--heap: a size of 0 is none"),
        (&["--gc=nothing"], "--gc: 'nothing' is no collector of this build (--gc=help lists them)"),
        (&["--jit=magic"], "--jit: 'magic' is no JIT of this build (--jit=help lists them)"),
        (&["--gc-verify=mid"], "--gc-verify: 'mid' is neither 'pre' nor 'post'"),
        (&["--gc-stress=budget:x"], "--gc-stress: 'x' is not a number"),
        (&["--jit=off", "--deopt-every=3", "a.lox"], "--deopt-every: --jit=off never deoptimizes"),
        (&["--jit=off", "--invalidate-every=3", "a.lox"], "--invalidate-every: --jit=off compiles nothing"),
        (&["-o", "a.html", "a.py"], "-o: names the page of --explain, which is not asked for or has a name"),
        (&["--ast", "a.py", "b.py"], "unexpected argument b.py"),
        (&["--ast=a.py", "--dis=b.py"], "--dis: does not go with another such option"),
        (&["a.lox", "argument"], "a Lox program takes no arguments"),
    ];
    for (arguments, message) in lines {
        let output = run(arguments);
        assert_eq!(stderr(&output), format!("prism: {message}\n"), "{arguments:?}");
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
}

#[test]
fn arguments_that_are_not_text_are_refused_without_a_panic() {
    use std::os::unix::ffi::OsStrExt as _;
    for bytes in [&b"-\xff"[..], b"--\xff", b"--heap=\xff", b"-c\xff", b"\xff.lox"] {
        let output = run(&[std::ffi::OsStr::from_bytes(bytes)]);
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        assert!(matches!(stderr(&output).lines().count(), 1 | 3), "{}", stderr(&output));
    }
}

#[test]
fn help_and_version_win_over_the_rest_and_go_to_stdout() {
    for arguments in [&["-h"][..], &["--help"], &["-Oh"], &["-h", "x.py", "y"], &["--lox-suite=x", "-h"]] {
        let output = run(arguments);
        assert!(stdout(&output).starts_with("usage: prism "), "{arguments:?}: {}", stderr(&output));
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    }
    for arguments in [&["-V"][..], &["--version"], &["-OOV", "x.py"]] {
        let output = run(arguments);
        assert_eq!(stdout(&output), format!("Python 3.12.1 (Prism {})\n", env!("CARGO_PKG_VERSION")));
        assert_eq!(code(&output), 0);
    }
    assert!(stdout(&run(&["-VV"])).contains("\nJITs: tiered"));
}

#[test]
fn programs_come_from_files_options_modules_and_standard_input() {
    let script = Scratch::new("program.py", "import sys\nprint(__name__, sys.argv[1:])\n");
    for (arguments, expected) in [
        (&[script.path(), "a", "-b"][..], "__main__ ['a', '-b']\n"),
        (&["-c", "import sys; print(__name__, sys.argv)", "x"], "__main__ ['-c', 'x']\n"),
        (&["-Oc", "print(__debug__)"], "False\n"),
    ] {
        let output = run(arguments);
        assert_eq!((stdout(&output).as_str(), code(&output)), (expected, 0), "{arguments:?}: {}", stderr(&output));
    }
    let refused = run(&["no such file.py"]);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).starts_with("prism: can't open file '/"));
    assert!(stderr(&refused).ends_with("/no such file.py': [Errno 2] No such file or directory\n"));
}

#[test]
fn uncaught_exceptions_are_reported_and_end_in_their_exit_codes() {
    let raised = run(&["-c", "print('before')\nraise ValueError(7)"]);
    assert_eq!((stdout(&raised).as_str(), code(&raised)), ("before\n", 1));
    assert!(
        stderr(&raised).starts_with("Traceback (most recent call last):\n  File \"<string>\", line 2, in <module>\n")
    );
    assert!(stderr(&raised).ends_with("ValueError: 7\n"), "{}", stderr(&raised));
    assert_eq!(code(&run(&["-c", "raise SystemExit(5)"])), 5);
    let refused = run(&["-c", "1 +"]);
    assert_eq!(code(&refused), 1);
    assert!(stderr(&refused).contains("SyntaxError: invalid syntax"), "{}", stderr(&refused));
}

#[test]
fn a_tree_is_printed_as_ast_dump_does() {
    let good = Scratch::new("tree.py", "x\n");
    let output = run(&["--ast", good.path()]);
    // ast.dump(ast.parse("x\n"), include_attributes=True) of CPython 3.12.1
    let tree = "Module(body=[Expr(value=Name(id='x', ctx=Load(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=1), \
                lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)], type_ignores=[])\n";
    assert_eq!((stdout(&output).as_str(), code(&output)), (tree, 0));
    let bad = Scratch::new("bad.py", "x = = 1\n");
    let output = run(&["--ast", bad.path()]);
    assert!(stderr(&output).contains("SyntaxError: "), "{}", stderr(&output));
    assert_eq!((stdout(&output).as_str(), code(&output)), ("", 1));
    assert_eq!(code(&run(&["--ast", "there is no such file"])), 2);
}

#[test]
fn bytecode_is_printed_and_reads_back() {
    let good = Scratch::new("code.py", "def f(a, *, b=1):\n    assert a, b\n    return a + b\nprint(f(2))\n");
    let plain = run(&["--dis", good.path()]);
    assert_eq!((code(&plain), stderr(&plain).as_str()), (0, ""));
    let optimized = run(&["-O", "--dis", good.path()]);
    for output in [&plain, &optimized] {
        let listing = stdout(output);
        let read = vm_api::code::text::parse(&listing, &python_compile::opcodes::OPCODES);
        assert!(read.is_ok(), "{:?} in\n{listing}", read.err());
    }
    assert!(stdout(&optimized).len() < stdout(&plain).len(), "-O leaves out the assert statement");
    let bad = Scratch::new("bad-code.py", "return 1\n");
    let output = run(&["--dis", bad.path()]);
    // CPython 3.12.1: SyntaxError: 'return' outside function
    assert!(stderr(&output).ends_with("SyntaxError: 'return' outside function\n"), "{}", stderr(&output));
    assert_eq!((stdout(&output).as_str(), code(&output)), ("", 1));
}

#[test]
fn closed_standard_output_is_no_crash() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = prism(&["--help"]).stdout(writer).output().expect("prism starts");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with("prism: cannot write to standard output: "), "{}", stderr(&output));
}

#[test]
fn a_folder_runs_its_main_module() {
    let folder = std::env::temp_dir().join(format!("prism-folder-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let name = folder.to_str().expect("text");
    let without = run(&[name]);
    std::fs::write(
        folder.join("__main__.py"),
        "import sys\nprint(__name__, sys.path[0] == sys.argv[0], sys.argv[1:])\n",
    )
    .expect("a file");
    let with = run(&[name, "a"]);
    std::fs::remove_dir_all(&folder).expect("it was there");
    assert_eq!(code(&without), 1);
    assert!(
        stderr(&without).ends_with(&format!(": can't find '__main__' module in '{name}'\n")),
        "{}",
        stderr(&without)
    );
    assert_eq!((stdout(&with).as_str(), code(&with)), ("__main__ True ['a']\n", 0), "{}", stderr(&with));
}

#[test]
fn options_keep_the_environment_and_folders_away() {
    let program = "import sys; f = sys.flags; print(f.dont_write_bytecode, f.ignore_environment, f.isolated, f.no_user_site, \
                   f.no_site, f.safe_path, sys.path[0] == '', '/elsewhere' in sys.path, sys.warnoptions)";
    // What CPython 3.12 prints.
    for (options, expected) in [
        (&[][..], "0 0 0 0 0 False True True ['error']\n"),
        (&["-B", "-s", "-S"], "1 0 0 1 1 False True True ['error']\n"),
        (&["-E"], "0 1 0 0 0 False True False []\n"),
        (&["-I"], "0 1 1 1 0 True False False []\n"),
        (&["-P", "-Wignore"], "0 0 0 0 0 True False True ['error', 'ignore']\n"),
    ] {
        let arguments: Vec<&str> = options.iter().copied().chain(["-c", program]).collect();
        let mut command = prism(&arguments);
        command.env("PYTHONPATH", "/elsewhere").env("PYTHONWARNINGS", "error").env_remove("PYTHONDONTWRITEBYTECODE");
        let output = command.output().expect("prism starts");
        assert_eq!((stdout(&output).as_str(), code(&output)), (expected, 0), "{options:?}: {}", stderr(&output));
    }
}

#[test]
fn development_mode_looks_up_error_handlers_when_a_stream_is_made() {
    let program = "
import io, sys
print(sys.flags.dev_mode)
for errors in 'strict', 'xmlcharrefreplace', 'none such':
    try: print(io.TextIOWrapper(io.BytesIO(), 'ascii', errors).errors)
    except LookupError as e: print(e)
";
    let output = run(&["-X", "dev", "-c", program]);
    let expected = "True\nstrict\nxmlcharrefreplace\nunknown error handler name 'none such'\n";
    assert_eq!((stdout(&output).as_str(), code(&output)), (expected, 0), "{}", stderr(&output));
}
