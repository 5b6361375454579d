//! `run`: one scenario here, in the terminal.
//!
//! It starts the same supervisor as the server does and prints its log, as it is
//! or for people. Ctrl-C ends the run as the page's Stop button does.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use app::Catalogue;
use app::archive::Archive;
use app::run_log::NDJSON;
use app::runs::{Bounds, Runs};
use protocol::event::{Outcome, Runtime, SupervisorEvent};
use protocol::scenario::{Card, Params};
use protocol::{Body, Command, Event, Job, Lang, Limits};
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{self, Format, Run, SEED_MAX};
use crate::here::{self, Place};
use crate::pretty::{self, Pretty};
use crate::usage;

/// Runs the scenario; the exit status is 0 where the run completed.
pub fn run(arguments: Run) -> ExitCode {
    let found =
        if is_in_this_file(&arguments) { Ok(None) } else { Place::make(&arguments.sources).map(Some) };
    // The place must live as long as the run.
    let place = match found {
        Ok(place) => place,
        Err(message) => return usage(message),
    };
    let job = match job(place.as_ref(), &arguments) {
        Ok(job) => job,
        Err(message) => return usage(message),
    };
    let printer = match Printer::new(&arguments) {
        Ok(printer) => printer,
        Err(message) => return usage(message),
    };
    match follow(job, printer) {
        Ok(Some(Outcome::Completed)) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        // Whoever reads the output has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("process-playground: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Then nothing else need be found or published.
fn is_in_this_file(arguments: &Run) -> bool {
    let is_rust = !matches!(arguments.runtime, Some(cli::Runtime::Python | cli::Runtime::Program));
    let is_ours = scenarios::cards().iter().any(|card| card.id == arguments.scenario);
    is_rust && (is_ours || arguments.sources.scenarios.is_none())
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// Supervises the run and prints it to its end.
fn follow(job: Job, mut printer: Printer) -> anyhow::Result<Option<Outcome>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let bounds = Bounds { max_runs: 1, max_waiting: 1, keep_finished: Duration::ZERO, keep_bytes: 0 };
        let runs = Arc::new(Runs::new(supervisor(), bounds, Archive::none(Duration::ZERO)));
        let printed = print_all(&runs, job, &mut printer).await;
        runs.end_all("the output could not be written").await;
        printed.map(|()| printer.outcome)
    })
}

async fn print_all(runs: &Arc<Runs>, job: Job, printer: &mut Printer) -> anyhow::Result<()> {
    let (run, _) = runs.start(job).map_err(|refusal| anyhow::anyhow!("{}", refusal.code()))?;
    let mut progress = run.log.watch();
    // Made once: a signal that comes while nobody waits for it must not be lost.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    // The wish to end is never refused; the log tells what came of it.
    let stop = || drop(run.command(Command::Stop { reason: "stopped at the terminal".into() }));
    let mut printed = 0;
    loop {
        while let Some((lines, events)) = run.log.stretch(printed, 64 * 1024, NDJSON) {
            lines.lines().try_for_each(|line| printer.print(line))?;
            printed = events;
        }
        if printer.outcome.is_some() {
            return Ok(());
        }
        tokio::select! {
            changed = progress.changed() => changed?,
            _ = interrupt.recv() => stop(),
            _ = terminate.recv() => stop(),
        }
    }
}

/// The words that start a supervisor: this very file in another role.
pub fn supervisor() -> Vec<String> {
    vec!["/proc/self/exe".into(), "supervise".into()]
}

/// What to do, or a sentence that names everything that is wrong.
fn job(place: Option<&Place>, arguments: &Run) -> Result<Job, String> {
    let catalogue = match place {
        Some(place) => {
            refuse_faulty(place, &arguments.scenario)?;
            place.catalogue(&place.python(&arguments.sources))
        }
        None => here::rust_only(),
    };
    let card = card(&catalogue, &arguments.scenario)?;
    let params = params(card, &arguments.set)?;
    let runtime = arguments.runtime.map_or_else(|| card.runtime(), Runtime::from);
    is_here(card, runtime)?;
    let program = catalogue.program(&card.id, runtime);
    Ok(Job {
        run: app::tokens::id(),
        scenario: card.id.clone(),
        runtime,
        params,
        seed: arguments.seed.unwrap_or_else(app::tokens::seed) & SEED_MAX,
        limits: Limits { wall_ms: arguments.time_limit * 1000, ..Limits::default() },
        argv: program.argv,
        environment: program.environment,
        observe: Default::default(),
    })
}

/// That the scenario is none of the operator's with mistakes in it.
fn refuse_faulty(place: &Place, id: &str) -> Result<(), String> {
    if scenarios::cards().iter().any(|card| card.id == id) {
        return Ok(());
    }
    let faults: Vec<String> = place.errors_of(id).map(ToString::to_string).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\nprocess-playground: ")) }
}

fn card<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Card, String> {
    let known = || catalogue.cards.iter().map(|card| card.id.as_str()).collect::<Vec<_>>().join(", ");
    catalogue.card(id).ok_or_else(|| format!("unknown scenario {id:?}; there are: {}", known()))
}

/// That the scenario has a program for the runtime, and the host the runtime.
fn is_here(card: &Card, runtime: Runtime) -> Result<(), String> {
    let word = |runtime: Runtime| format!("{runtime:?}").to_lowercase();
    if card.sources.iter().any(|source| source.runtime == runtime) {
        return Ok(());
    }
    let missing = card.missing.iter().find(|missing| missing.runtime == runtime);
    let here: Vec<String> = card.sources.iter().map(|source| word(source.runtime)).collect();
    let why =
        missing.map_or_else(|| format!("{} has no such program", card.id), |missing| missing.why.en.clone());
    let instead =
        if here.is_empty() { String::new() } else { format!("; here it runs with: {}", here.join(", ")) };
    Err(format!("--runtime {}: {why}{instead}", word(runtime)))
}

fn params(card: &Card, set: &[String]) -> Result<Params, String> {
    let mut given = Params::new();
    for word in set {
        let (name, value) = word
            .split_once('=')
            .ok_or_else(|| format!("--set {word}: give it as NAME=VALUE, as --set workers=5"))?;
        let value = card.param(name).map_or_else(|| value.into(), |param| param.kind.parse(value));
        if given.insert(name.to_owned(), value).is_some() {
            return Err(format!("--set {name} is given twice; give it once"));
        }
    }
    card.check(&given).map_err(|faults| {
        let lines = faults.iter().map(|(name, fault)| format!("--set {name}: {}", fault.message(Lang::En)));
        lines.collect::<Vec<_>>().join("\nprocess-playground: ")
    })
}

/// Where the run goes and in which form.
struct Printer {
    out: Box<dyn Write>,
    form: Form,
    outcome: Option<Outcome>,
}

/// What becomes of an event.
enum Form {
    Pretty(Pretty),
    Ndjson,
    /// What can be written when all is known.
    Whole(Vec<Event>),
}

impl Printer {
    fn new(arguments: &Run) -> Result<Self, String> {
        let (out, terminal): (Box<dyn Write>, bool) = match &arguments.output {
            Some(path) => {
                let file =
                    File::create(path).map_err(|error| format!("--output {}: {error}", path.display()))?;
                (Box::new(file), false)
            }
            None => (Box::new(io::stdout()), io::stdout().is_terminal()),
        };
        let form = match arguments.format {
            Format::Pretty => Form::Pretty(Pretty::new(pretty::is_colored(terminal))),
            Format::Ndjson => Form::Ndjson,
            Format::Trace => Form::Whole(Vec::new()),
        };
        Ok(Printer { out, form, outcome: None })
    }

    /// Prints one line of the log.
    fn print(&mut self, line: &str) -> anyhow::Result<()> {
        let event: Event = serde_json::from_str(line)?;
        if let Body::Supervisor(SupervisorEvent::RunFinished(finished)) = &event.body {
            self.outcome = Some(finished.outcome);
        }
        let text = match &mut self.form {
            Form::Pretty(pretty) => pretty.line(&event).map(|text| text + "\n"),
            Form::Ndjson => Some(format!("{line}\n")),
            Form::Whole(log) => {
                log.push(event);
                self.outcome.map(|_| export::trace(log))
            }
        };
        if let Some(text) = text {
            self.out.write_all(text.as_bytes())?;
            self.out.flush()?;
        }
        Ok(())
    }
}

/// Prints a text on standard output; a reader who left early is no error.
pub fn print_or_exit(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("process-playground: standard output: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
