//! What two runs of one scenario have in common, if both do the same.

use std::collections::{BTreeMap, BTreeSet};

use protocol::event::{Body, KernelEvent, Outcome, ProcessExited, RunStarted, Stream, SupervisorEvent};
use protocol::{Event, Pid};
use scenarios::manifest::Exit;
use scenarios::{Expect, expect};

use crate::roles::{roles, without_numbers};

/// What the things that are compared are called; a role follows.
const LINES: &str = "lines of ";
const EXITS: &str = "exits of ";
const CHILDREN: &str = "children of ";

/// What is compared, each thing with a name of its own, and whose it is.
pub struct Outline {
    whose: String,
    things: BTreeMap<String, Vec<String>>,
}

impl Outline {
    /// Of a case: the lines that it promises exactly, the exits that it leaves no choice in, and the tree.
    pub fn of_case(log: &[Event], case: &Expect) -> Outline {
        let mut all = tree(log);
        for (who, patterns) in &case.lines {
            // Which number stands for {n}, and what for {*}, is not promised.
            if !patterns.iter().any(|pattern| pattern.contains("{n}") || pattern.contains("{*}")) {
                all.insert(format!("{LINES}{who}"), lines_of(log, who));
            }
        }
        if case.exits.values().all(|endings| endings.len() == 1) {
            all.extend(exits(log));
        }
        Outline::of(log, all)
    }

    /// Of a run of which nothing is promised: all lines with their numbers taken away, all exits, and
    /// the tree. `cases` say which exits are a matter of luck.
    pub fn of_switch(log: &[Event], cases: &[Expect]) -> Outline {
        let endings = cases.iter().flat_map(|case| case.exits.values());
        let lucky: Vec<String> = endings.filter(|endings| endings.len() > 1).flatten().map(word).collect();
        let mut exits = exits(log);
        for exit in exits.values_mut().flatten().filter(|exit| lucky.contains(exit)) {
            *exit = format!("any of {}", lucky.join(", "));
        }
        let lines = lines(log).into_iter().map(|(role, lines)| (format!("{LINES}{role}"), lines));
        let mut all = tree(log);
        all.extend(lines.chain(exits));
        all.insert("the outcome".into(), vec![format!("{:?}", outcome(log))]);
        Outline::of(log, all)
    }

    fn of(log: &[Event], things: BTreeMap<String, Vec<String>>) -> Outline {
        Outline { whose: format!("{:?}", head(log).runtime), things }
    }

    /// The same under another name than the runtime's.
    pub fn called(self, whose: &str) -> Outline {
        Outline { whose: whose.to_owned(), ..self }
    }

    /// In which ways they differ, a sentence each. Of those who were `cut` short one may have come
    /// further than the other.
    pub fn differences(&self, other: &Outline, cut: &BTreeSet<String>) -> Vec<String> {
        let names: BTreeSet<&String> = self.things.keys().chain(other.things.keys()).collect();
        let told = |name: &String| {
            let (ours, theirs) = (self.things.get(name), other.things.get(name));
            let is_cut = name.strip_prefix(LINES).is_some_and(|role| cut.contains(role));
            let set = |lines: Option<&Vec<String>>| lines.into_iter().flatten().cloned().collect();
            let agree = ours == theirs || is_cut && !apart(&set(ours), &set(theirs));
            (!agree).then(|| format!("{name}: {} {ours:?}, {} {theirs:?}", self.whose, other.whose))
        };
        names.into_iter().filter_map(told).collect()
    }

    /// The same where both were ended in the middle: one may have come further than the other, but
    /// neither does what the other never does.
    pub fn contradictions(&self, other: &Outline) -> Option<String> {
        let (ours, theirs) = (self.kinds(), other.kinds());
        apart(&ours, &theirs).then(|| {
            let only = |one: &BTreeSet<String>, other| one.difference(other).cloned().collect::<Vec<_>>();
            let (ours, theirs) = (only(&ours, &theirs), only(&theirs, &ours));
            format!("only {}: {ours:?}, only {}: {theirs:?}", self.whose, other.whose)
        })
    }

    /// Which children and lines there are, be it once or often.
    fn kinds(&self) -> BTreeSet<String> {
        let is_exit = |name: &str| name.starts_with(EXITS);
        let kind = |(name, what): (&String, &Vec<String>)| match name.starts_with(CHILDREN) {
            true => vec![name.clone()],
            false => what.iter().map(|line| format!("{name}: {line}")).collect(),
        };
        self.things.iter().filter(|(name, _)| !is_exit(name)).flat_map(kind).collect()
    }
}

/// Whether each has something that the other has not.
fn apart(ours: &BTreeSet<String>, theirs: &BTreeSet<String>) -> bool {
    !ours.is_subset(theirs) && !theirs.is_subset(ours)
}

/// The roles that a signal ended, be it one process of them.
pub fn cut(log: &[Event]) -> BTreeSet<String> {
    let cut = exits(log).into_iter().filter(|(_, exits)| exits.iter().any(|exit| exit.starts_with("SIG")));
    cut.filter_map(|(name, _)| name.strip_prefix(EXITS).map(str::to_owned)).collect()
}

fn word(exit: &Exit) -> String {
    match exit {
        Exit::Code(code) => code.to_string(),
        Exit::Signal(signal) => signal.clone(),
    }
}

/// How the run ended.
pub fn outcome(log: &[Event]) -> Option<Outcome> {
    log.iter().find_map(|event| match &event.body {
        Body::Supervisor(SupervisorEvent::RunFinished(finished)) => Some(finished.outcome),
        _ => None,
    })
}

/// What the log says of the run as a whole, which is its first event.
pub fn head(log: &[Event]) -> &RunStarted {
    match &log[0].body {
        Body::Supervisor(SupervisorEvent::RunStarted(head)) => head,
        body => panic!("a log begins with run.started and not with {body:?}"),
    }
}

/// Who has how many children of which role, and by which system call they came.
fn tree(log: &[Event]) -> BTreeMap<String, Vec<String>> {
    let (roles, mut counts) = (roles(log), BTreeMap::new());
    let role = |pid: &Pid| roles.get(pid).map_or("the supervisor", String::as_str);
    for event in log {
        if let (Some(pid), Body::Kernel(KernelEvent::ProcessStarted(started))) = (&event.pid, &event.body) {
            let child = roles.get(pid).map_or("nameless", String::as_str);
            *counts.entry(format!("{CHILDREN}{}: {child}", role(&started.ppid))).or_insert(0u32) += 1;
        }
    }
    counts.into_iter().map(|(name, count)| (name, vec![count.to_string()])).collect()
}

/// How the processes of each role ended.
fn exits(log: &[Event]) -> BTreeMap<String, Vec<String>> {
    let (roles, mut exits) = (roles(log), BTreeMap::<String, Vec<String>>::new());
    for event in log {
        let (Some(pid), Body::Kernel(KernelEvent::ProcessExited(exit))) = (&event.pid, &event.body) else {
            continue;
        };
        let how = match exit {
            ProcessExited::Code { code } => code.to_string(),
            ProcessExited::Signal { signal } => signal.clone(),
        };
        let role = roles.get(pid).map_or("nameless", String::as_str);
        exits.entry(format!("{EXITS}{role}")).or_default().push(how);
    }
    exits.values_mut().for_each(|exits| exits.sort());
    exits
}

/// What the processes of each role printed, sorted, with every number made equal.
fn lines(log: &[Event]) -> BTreeMap<String, Vec<String>> {
    let (roles, mut lines) = (roles(log), BTreeMap::<String, Vec<String>>::new());
    for (pid, line) in printed(log) {
        let role = roles.get(&pid).map_or("nameless", String::as_str);
        lines.entry(role.to_owned()).or_default().push(without_numbers(line));
    }
    lines.values_mut().for_each(|lines| lines.sort());
    lines
}

/// The lines of all processes that a pattern means, sorted, with pids and seconds made equal.
fn lines_of(log: &[Event], who: &str) -> Vec<String> {
    let pids: BTreeSet<Pid> = log.iter().filter_map(birth).flatten().collect();
    let mut names: BTreeMap<Pid, &str> = BTreeMap::new();
    for event in log {
        if let (Some(pid), Body::Program(protocol::ProgramEvent::ProcessNamed(named))) =
            (event.pid, &event.body)
        {
            names.insert(pid, &named.name);
        }
    }
    let is_meant = |pid: &Pid| names.get(pid).is_some_and(|name| expect::means(who, name));
    let meant = printed(log).filter(|(pid, _)| is_meant(pid));
    let mut lines: Vec<String> = meant.map(|(_, line)| blur(line, &pids)).collect();
    lines.sort();
    lines
}

/// A process and its parent; of the first process that is the supervisor.
fn birth(event: &Event) -> Option<[Pid; 2]> {
    match &event.body {
        Body::Kernel(KernelEvent::ProcessStarted(started)) => Some([event.pid?, started.ppid]),
        _ => None,
    }
}

/// Everything on standard output, line by line. A line may come in pieces.
fn printed(log: &[Event]) -> impl Iterator<Item = (Pid, &str)> {
    log.iter()
        .filter_map(|event| match (event.pid, &event.body) {
            (Some(pid), Body::Kernel(KernelEvent::Output(output))) if output.stream == Stream::Stdout => {
                Some(output.text.lines().map(move |line| (pid, line)))
            }
            _ => None,
        })
        .flatten()
}

/// A line in which every pid of the run and every fraction is the same word.
fn blur(line: &str, pids: &BTreeSet<Pid>) -> String {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let word = |word: &str| match (word.trim_end_matches(':').parse::<Pid>(), word.parse::<f64>()) {
        (Ok(pid), _) if pids.contains(&pid) => "PID".to_owned(),
        (Err(_), Ok(_)) if is_number(word) => "SECONDS".to_owned(),
        _ => word.to_owned(),
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
