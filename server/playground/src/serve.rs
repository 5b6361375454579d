//! `serve`: the playground as web pages.

use std::io::Write;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use app::runs::Bounds;
use app::{Catalogue, Config};
use protocol::Limits;

use crate::cli::{Serve, Sources};
use crate::footprint;
use crate::here::Place;
use crate::kept::archive;
use crate::run::supervisor;
use crate::usage;

/// Serves until SIGTERM or Ctrl-C, and then ends every run.
pub fn serve(arguments: Serve) -> ExitCode {
    let place = match Place::make(&arguments.sources) {
        Ok(place) => place,
        Err(message) => return usage(message),
    };
    place.faults().for_each(|fault| eprintln!("{fault}"));
    let (sender, receiver) = mpsc::channel();
    let served = thread::scope(|scope| {
        scope.spawn(|| prepare(&place, &arguments.sources, sender));
        let catalogue = || receiver.recv().expect("the catalogue is always sent");
        app::serve(config(&arguments, Box::new(catalogue)), announce)
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("process-playground: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Makes the catalogue, while the server begins to listen. Nobody waits until the library is compiled.
fn prepare(place: &Place, sources: &Sources, catalogue: mpsc::Sender<Catalogue>) {
    let python = place.python(sources);
    // Nobody waits for it where the server could not listen and is at its end.
    let _ = catalogue.send(place.catalogue(&python));
    match &python {
        Ok(python) => place.compile(python),
        Err(why) => eprintln!("process-playground: Python programs cannot be run: {}", why.en),
    }
    footprint::give_back_files();
}

fn config<'a>(arguments: &Serve, catalogue: Box<dyn FnOnce() -> Catalogue + 'a>) -> Config<'a> {
    let bounds = Bounds::default();
    let keep_finished = Duration::from_secs(arguments.keep_finished);
    Config {
        listen: arguments.listen,
        catalogue,
        supervisor: supervisor(),
        frame_ancestors: arguments.frame_ancestors.clone(),
        limits: Limits { wall_ms: arguments.time_limit * 1000, ..Limits::default() },
        archive: archive(&arguments.kept, keep_finished),
        bounds: Bounds {
            max_runs: arguments.max_runs.map_or(bounds.max_runs, |runs| runs as usize),
            max_waiting: arguments.max_waiting as usize,
            keep_finished,
            ..bounds
        },
        public_url: arguments.public_url.clone(),
    }
}

/// Says where to look. That nobody reads it is no reason not to serve.
fn announce(address: std::net::SocketAddr) {
    let mut out = std::io::stdout();
    drop(writeln!(out, "Process Playground is at http://{address}/").and_then(|()| out.flush()));
}
