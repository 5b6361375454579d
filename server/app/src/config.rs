//! What the server is told when it starts.

use std::net::SocketAddr;
use std::thread::available_parallelism;
use std::time::Duration;

use protocol::Limits;

use crate::archive::Archive;
use crate::catalogue::Catalogue;
use crate::runs::Bounds;

/// What the server is told when it starts.
pub struct Config<'a> {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Makes the catalogue, or waits for it. It is called once the address is had, so that
    /// visitors who come meanwhile wait, too, and are not sent away.
    pub catalogue: Box<dyn FnOnce() -> Catalogue + 'a>,
    /// The words that start a supervisor.
    pub supervisor: Vec<String>,
    /// What a run may use.
    pub limits: Limits,
    /// How many runs, and how long they stay in memory.
    pub bounds: Bounds,
    /// Whose pages may have an embed in a frame: the sources of `frame-ancestors` (CSP 3, section 6.4.2.1).
    pub frame_ancestors: String,
    /// Where runs are kept that have ended.
    pub archive: Archive,
    /// Where visitors find this server, as `https://playground.example`; none for the host that each asks.
    pub public_url: Option<String>,
}

impl Default for Bounds {
    /// Eight runs for each processor, four at least; 300 that wait; ended runs for a
    /// quarter of an hour and in 256 MiB.
    fn default() -> Self {
        Bounds {
            max_runs: available_parallelism().map_or(4, |cpus| (8 * cpus.get()).max(4)),
            max_waiting: 300,
            keep_finished: Duration::from_secs(15 * 60),
            keep_bytes: 256 * 1024 * 1024,
        }
    }
}
