//! Wrong usage: exit status 2, nothing on standard output, the thing and the remedy named.

use crate::command::run;

/// What is typed, and the words that the answer must contain.
const WRONG: &[(&[&str], &[&str])] = &[
    (&["dance"], &["dance", "--help"]),
    (&["--port", "80"], &["--port", "--help"]),
    (&["run"], &["SCENARIO", "--help"]),
    (&["run", "pools"], &["pools", "processes, globals, custom-process, pool, pool-callback, queue"]),
    (&["run", "pool", "--set", "sizes=5"], &["sizes", "unknown parameter", "size"]),
    (&["run", "pool", "--set", "size=17"], &["size", "17", "from 1 to 16"]),
    (&["run", "pool", "--set", "size=0"], &["size", "from 1 to 16"]),
    (&["run", "pool", "--set", "size=2.5"], &["size", "2.5", "whole number"]),
    (&["run", "pool", "--set", "size=five"], &["size", "five", "whole number"]),
    (&["run", "pool", "--set", "size="], &["size", "whole number"]),
    (&["run", "pool", "--set", "size=99999999999999999999"], &["size", "whole number"]),
    (&["run", "pool", "--set", "size"], &["size", "NAME=VALUE"]),
    (&["run", "pool", "--set", "size=5", "--set", "size=6"], &["size", "twice"]),
    (&["run", "pool", "--set", "close=perhaps"], &["close", "perhaps", "true or false"]),
    (&["run", "pool", "--set", "call=run"], &["call", "apply", "apply_async"]),
    (&["run", "processes", "--set", "call=apply"], &["call", "start", "run"]),
    (&["run", "processes", "--set", "listen_period=NaN"], &["listen_period", "NaN"]),
    (&["run", "processes", "--set", "listen_period=inf"], &["listen_period", "inf"]),
    (&["run", "processes", "--set", "listen_period=-1"], &["listen_period", "-1"]),
    (&["run", "custom-process", "--set", "first_name="], &["first_name", "1 to"]),
    (&["run", "pool", "--seed", "seven"], &["--seed", "seven"]),
    (&["run", "pool", "--seed", "-1"], &["--seed"]),
    (&["run", "pool", "--seed", "18446744073709551616"], &["--seed"]),
    (&["run", "pool", "--runtime", "perl"], &["--runtime", "perl", "rust"]),
    (&["run", "pool", "--format", "xml"], &["--format", "xml", "pretty", "ndjson"]),
    (&["run", "pool", "--output", "/nonexistent/log"], &["--output", "/nonexistent/log"]),
    (&["new"], &["ID", "--help"]),
    (&["new", "Über"], &["Über", "a-z"]),
    (&["list", "--scenarios", "/nonexistent"], &["--scenarios /nonexistent", "name a folder"]),
    (&["serve", "--scenarios", "/nonexistent"], &["--scenarios /nonexistent", "name a folder"]),
    (&["list", "--format", "xml"], &["--format", "xml", "table", "json"]),
    (&["serve", "--listen", "8080"], &["--listen", "8080"]),
    (&["serve", "--listen", "127.0.0.1:99999"], &["--listen", "127.0.0.1:99999"]),
];

#[test]
fn wrong_usage_names_the_thing_and_the_remedy() {
    for (arguments, words) in WRONG {
        run(arguments).refused(2, words);
    }
}

/// All that is wrong is told at once, not one by one.
#[test]
fn every_bad_parameter_is_named() {
    run(&["run", "pool", "--set", "size=17", "--set", "sizes=1"]).refused(2, &["size", "17", "sizes:"]);
}

#[test]
fn help_tells_every_flag_and_its_default() {
    for (arguments, words) in [
        (
            &["--help"][..],
            &["serve", "run", "list", "check", "new", "--scenarios", "127.0.0.1:8080", "PLAYGROUND_LISTEN"][..],
        ),
        (&["serve", "--help"], &["--listen", "PLAYGROUND_LISTEN", "default: 127.0.0.1:8080"]),
        (&["run", "--help"], &["--set", "NAME=VALUE", "--seed", "--format", "pretty", "ndjson", "--output"]),
        (&["list", "--help"], &["--format", "table", "json", "--python", "PLAYGROUND_PYTHON"]),
        (&["check", "--help"], &["DIR", "--scenarios", "PLAYGROUND_SCENARIOS"]),
        (&["new", "--help"], &["ID", "--in", "default: scenarios"]),
    ] {
        let ended = run(arguments);
        for word in words {
            assert!(
                ended.results().contains(word),
                "{} does not tell {word:?}:\n{}",
                ended.line,
                ended.stdout
            );
        }
    }
}

/// Hidden roles are for the program itself.
#[test]
fn hidden_roles_are_in_no_help() {
    let ended = run(&["--help"]);
    let help = ended.results();
    assert!(!help.contains("supervise") && !help.contains("scenario ID"), "{help}");
}
