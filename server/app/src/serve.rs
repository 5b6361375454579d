//! The server from its first breath to its last.
//!
//! It ends in order: no more connections, every run is ended, every viewer gets
//! `run.finished` and a goodbye, and only then do the workers stop. A second signal
//! ends at once; the supervisors see that nobody reads them and end their runs.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::Compress;
use actix_web::web::Data;
use actix_web::{App, HttpServer, rt};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::embed::Admission;
use crate::routes::routes;
use crate::runs::Runs;
use crate::security;
use crate::state::State;
use crate::text::Texts;

/// What a client may take for a request's head, a WebSocket's handshake among them.
const HEAD_WITHIN: Duration = Duration::from_secs(5);

/// How much of an answer a connection takes at once. A viewer that does not read holds
/// so much, and one frame more.
const CONNECTION_BUFFER_BYTES: usize = 8 * 1024;

/// A file has reached `RLIMIT_FSIZE`; the number that x86 and ARM share, `signal(7)`.
const SIGXFSZ: i32 = 25;

/// What the last frames may take to their viewers.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Serves until a signal ends it. `ready` is told the address once connections are taken.
///
/// # Errors
/// The address cannot be had; the sentence names it and the remedy.
pub fn serve(config: Config<'_>, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    rt::System::new().block_on(serve_until_signal(config, ready))
}

async fn serve_until_signal(config: Config<'_>, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let mut signals = Signals::new()?;
    // A limit to the length of files is then an error of the writer and not the server's death.
    let _too_long = signal(SignalKind::from_raw(SIGXFSZ))?;
    let listen = config.listen;
    let state = Arc::new(OnceLock::new());
    let made = state.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::clone(made.get().expect("it is made before the workers start")))
            .wrap(security::headers())
            .wrap(Compress::default())
            .configure(routes)
    })
    .tcp_nodelay(true)
    .h1_write_buffer_size(CONNECTION_BUFFER_BYTES)
    .client_request_timeout(HEAD_WITHIN)
    .disable_signals()
    .shutdown_timeout(1)
    .bind(listen)
    .map_err(|error| unavailable(listen, &error))?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    // From here on the kernel takes connections; who comes before the workers start waits for them.
    ready(address);
    let state = state.get_or_init(|| Data::new(make_state(config)));
    let server = server.run();
    let handle = server.handle();
    let serving = rt::spawn(server);
    let archive = state.runs.archive().clone();
    rt::spawn(async move { archive.look_after().await });
    signals.next().await;
    rt::spawn(async move {
        signals.next().await;
        std::process::exit(1);
    });
    end(state, handle).await;
    serving.await?
}

/// Waits for the catalogue.
fn make_state(config: Config<'_>) -> State {
    State {
        texts: Texts::load(),
        runs: Arc::new(Runs::new(config.supervisor, config.bounds, config.archive)),
        catalogue: (config.catalogue)(),
        limits: config.limits,
        public_url: config.public_url,
        admission: Admission::fresh(),
        frame_ancestors: config.frame_ancestors,
        sockets: TaskTracker::new(),
        closing: watch::Sender::new(false),
    }
}

/// Ends everything in order.
async fn end(state: &State, handle: ServerHandle) {
    handle.pause().await;
    state.closing.send_replace(true);
    state.runs.end_all("the server is shutting down").await;
    state.sockets.close();
    // A viewer that does not read must not hold up the end.
    drop(timeout(LAST_WORDS, state.sockets.wait()).await);
    handle.stop(true).await;
}

fn unavailable(listen: SocketAddr, error: &io::Error) -> io::Error {
    let why = match error.kind() {
        io::ErrorKind::AddrInUse => "is already in use".to_owned(),
        io::ErrorKind::PermissionDenied => "needs a privilege that this user has not".to_owned(),
        io::ErrorKind::AddrNotAvailable => "is no address of this machine".to_owned(),
        _ => format!("cannot be listened on ({error})"),
    };
    io::Error::new(error.kind(), format!("{listen} {why}; choose another with --listen ADDR:PORT"))
}

/// The signals that ask for the end.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// From now on they do not end the process by themselves.
    ///
    /// # Errors
    /// The handlers cannot be set.
    fn new() -> io::Result<Self> {
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next one.
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
