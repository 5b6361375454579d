//! The command line, as clap reads it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::kept::Kept;

/// Watch real operating-system processes: who forked whom, what each printed, who waits for whom.
///
/// Without a command it serves the playground on 127.0.0.1:8080.
#[derive(Parser)]
#[command(name = "process-playground", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; `serve` unless told.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options of `serve`, which may be given without its name.
    #[command(flatten)]
    pub serve: Serve,
}

/// What the binary can do.
#[derive(Subcommand)]
pub enum Command {
    /// Serve the playground as web pages
    Serve(Serve),
    /// Run one scenario here, in the terminal
    Run(Run),
    /// Play a recording in the terminal
    Replay(Replay),
    /// List the scenarios that this host can run
    List(List),
    /// Validate scenario folders; each fault with file, line and remedy
    Check(Check),
    /// Write the catalogue and its embeds as plain files, for any host of files
    ExportSite(ExportSite),
    /// Make a scenario's folder that works, to be rewritten
    New(New),
}

/// Options of `serve`.
#[derive(Args)]
pub struct Serve {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "PLAYGROUND_LISTEN", value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Runs at the same time; more wait in line [default: 8 for each processor]
    #[arg(long, env = "PLAYGROUND_MAX_RUNS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub max_runs: Option<u32>,
    /// Runs that may wait in line; more are refused, and told when to come again
    #[arg(long, env = "PLAYGROUND_MAX_WAITING", value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub max_waiting: u32,
    #[command(flatten)]
    pub kept: Kept,
    /// Seconds that a finished run stays in memory, where it can be read without asking the recordings
    #[arg(long, env = "PLAYGROUND_KEEP_FINISHED", value_name = "SECONDS", default_value_t = 900)]
    pub keep_finished: u64,
    /// Seconds after which a run is ended
    #[arg(long, env = "PLAYGROUND_TIME_LIMIT", value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub time_limit: u64,
    /// Where visitors find this server, as https://playground.example: for cards, feeds, oEmbed and QR codes
    /// [default: the host that each visitor asks, by http]
    #[arg(long, env = "PLAYGROUND_PUBLIC_URL", value_name = "URL", value_parser = app::origin::checked)]
    pub public_url: Option<String>,
    /// Whose pages may show an embed in a frame, as Content-Security-Policy has it: `*`, `'self'`, or origins
    #[arg(long, env = "PLAYGROUND_FRAME_ANCESTORS", value_name = "SOURCES", default_value = "*", value_parser = frame_ancestors)]
    pub frame_ancestors: String,
    #[command(flatten)]
    pub sources: Sources,
}

/// Words of a policy; what ends one, or a header, is none.
fn frame_ancestors(text: &str) -> Result<String, &'static str> {
    let is_word = |letter: char| letter.is_ascii_graphic() && !";,\"".contains(letter) || letter == ' ';
    let is_fit = !text.trim().is_empty() && text.chars().all(is_word);
    if is_fit { Ok(text.to_owned()) } else { Err("sources with spaces between, as \"https://blog.example\"") }
}

/// Where scenarios and their runtimes come from.
#[derive(Args)]
pub struct Sources {
    /// A folder of scenarios of one's own, in any language, beside those of the playground;
    /// it is read once, at the start [default: none]
    #[arg(long, env = "PLAYGROUND_SCENARIOS", value_name = "DIR")]
    pub scenarios: Option<PathBuf>,
    /// The CPython that runs main.py, 3.9 or newer; runs have another user where this one is root,
    /// and that one must be able to execute it
    /// [default: the first python3 of /usr/bin, /usr/local/bin and PATH that will do]
    #[arg(long, env = "PLAYGROUND_PYTHON", value_name = "FILE")]
    pub python: Option<PathBuf>,
}

/// Options of `run`.
#[derive(Args)]
pub struct Run {
    /// The scenario; `list` names them
    pub scenario: String,
    /// Sets a parameter; may be given several times
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// In which language the program is [default: the first that the scenario has]
    #[arg(long, value_name = "RUNTIME")]
    pub runtime: Option<Runtime>,
    /// Makes random durations repeatable: a whole number from 0 to 9007199254740991 [default: random]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(0..=SEED_MAX))]
    pub seed: Option<u64>,
    /// How to print the run
    #[arg(long, default_value = "pretty")]
    pub format: Format,
    /// Write there instead of to standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Seconds after which the run is ended
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub time_limit: u64,
    #[command(flatten)]
    pub sources: Sources,
}

/// The largest seed: what a JavaScript number holds exactly.
pub const SEED_MAX: u64 = (1 << 53) - 1;

/// What runs a scenario's program.
#[derive(Clone, Copy, ValueEnum)]
pub enum Runtime {
    /// main.rs, in this very file
    Rust,
    /// main.py, by the host's CPython
    Python,
    /// An operator's own program
    Program,
}

impl From<Runtime> for protocol::event::Runtime {
    fn from(runtime: Runtime) -> Self {
        match runtime {
            Runtime::Rust => Self::Rust,
            Runtime::Python => Self::Python,
            Runtime::Program => Self::Program,
        }
    }
}

/// How `run` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Pretty,
    /// The event log, one JSON object a line
    Ndjson,
    /// Chrome trace JSON, for Perfetto; written when the run has ended
    Trace,
}

/// Options of `replay`.
#[derive(Args)]
pub struct Replay {
    /// The event log of a run, one JSON object a line; - is standard input
    pub file: PathBuf,
    /// How many times as fast as it was
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
}

/// A factor of time.
fn speed(word: &str) -> Result<f64, String> {
    let known = word.trim_end_matches(['x', '×']).parse::<f64>().ok();
    let fault = || "give a number above 0 and up to 1000000, as 0.5 or 10".to_owned();
    known.filter(|speed| *speed > 0.0 && *speed <= 1e6).ok_or_else(fault)
}

/// Options of `list`.
#[derive(Args)]
pub struct List {
    /// How to print the list
    #[arg(long, default_value = "table")]
    pub format: ListFormat,
    #[command(flatten)]
    pub sources: Sources,
}

/// How `list` prints.
#[derive(Clone, Copy, ValueEnum)]
pub enum ListFormat {
    /// For people
    Table,
    /// An array of objects with id, title, params, runtimes, missing
    Json,
}

/// Options of `check`.
#[derive(Args)]
pub struct Check {
    /// A scenario's folder or a folder of such folders [default: scenarios]
    pub dir: Option<PathBuf>,
    /// The same, as `serve` has it
    #[arg(long, env = "PLAYGROUND_SCENARIOS", value_name = "DIR")]
    pub scenarios: Option<PathBuf>,
}

/// Options of `export-site`.
#[derive(Args)]
pub struct ExportSite {
    /// The folder: a new one, an empty one, or one that export-site has written
    pub dir: PathBuf,
    /// A playground that runs things live, as https://play.example/ [default: none]
    #[arg(long, value_name = "URL", value_parser = server)]
    pub server: Option<String>,
    #[command(flatten)]
    pub sources: Sources,
}

/// The address of a server, with a slash at its end.
fn server(text: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_fit = |rest: &str| {
        let letters =
            rest.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-:/[]_~".contains(letter));
        letters && !rest.is_empty() && !rest.starts_with('/')
    };
    match rest {
        Some(rest) if is_fit(rest) => Ok(format!("{}/", text.trim_end_matches('/'))),
        _ => Err("the address of a server, as https://play.example/"),
    }
}

/// Options of `new`.
#[derive(Args)]
pub struct New {
    /// What the scenario and its folder are called: a-z, 0-9 and -
    pub id: String,
    /// The folder that it is made in
    #[arg(long = "in", env = "PLAYGROUND_SCENARIOS", value_name = "DIR", default_value = "scenarios")]
    pub dir: PathBuf,
}
