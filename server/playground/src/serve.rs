//! `serve`: the playground as web pages.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use app::Config;
use app::runs::Bounds;
use protocol::Limits;

use crate::cli::Serve;
use crate::run::supervisor;

/// Serves until SIGTERM or Ctrl-C, and then ends every run.
pub fn serve(arguments: Serve) -> ExitCode {
    match app::serve(config(&arguments), announce) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("process-playground: {error}");
            ExitCode::FAILURE
        }
    }
}

fn config(arguments: &Serve) -> Config {
    let bounds = Bounds::default();
    Config {
        listen: arguments.listen,
        cards: scenarios::cards().to_vec(),
        supervisor: supervisor(),
        limits: Limits { wall_ms: arguments.time_limit * 1000, ..Limits::default() },
        bounds: Bounds {
            max_runs: arguments.max_runs.map_or(bounds.max_runs, |runs| runs as usize),
            keep_finished: Duration::from_secs(arguments.keep_finished),
            ..bounds
        },
    }
}

/// Says where to look. That nobody reads it is no reason not to serve.
fn announce(address: std::net::SocketAddr) {
    let mut out = std::io::stdout();
    drop(writeln!(out, "Process Playground is at http://{address}/").and_then(|()| out.flush()));
}
