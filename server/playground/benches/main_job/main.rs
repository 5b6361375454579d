//! What the main job costs: `cargo bench -p playground`.
//!
//! Every figure is measured beside its peer in the same run, in turns, for
//! absolute times drift with the machine: read the ratios. Nothing is asserted;
//! the goals stand beside the figures.
//!
//! - from the start message on an open socket to the first event and to the
//!   first line of output, against the bare spawn of the same two programs
//! - the wall time of `pool` supervised and not, with the same seed
//! - processor time and memory of a run at rest, server and supervisor together

mod latency;
mod measure;
mod overhead;
mod rest;
mod server;

fn main() {
    println!("process-playground, main job; medians, {} processors", measure::processors());
    let server = server::Server::start();
    latency::report(&server);
    rest::report();
    overhead::report();
}
