//! The actix application: catalogue, page, runs, sockets.
//!
//! A run is an append-only log. Its supervisor, a program of its own, writes it; here
//! it is stored and forwarded, line by line as it came:
//!
//! - [`runs`] knows all runs; `queue` gives them places; `drive` is the task of each;
//!   `household` starts supervisors; `aftermath` buries what a dead one leaves.
//! - `archive` keeps what ended, in the crate `recordings`, and brings it back.
//! - [`run_log`] is what viewers share; `viewer` is what each of them has for itself;
//!   `live` is one socket, `frames` its wire, `pace` its rhythm.
//! - `routes` is every address; `pages`, `assets`, `api`, `recorded` and `still` answer them; `refusal` and
//!   `problem` are what goes wrong and how it is told.
//!
//! - `site` writes the catalogue and its embeds as plain files, for hosts of files.
//! - `embed` is the part that stands on other sites' pages; `security` says who may ask from there.
//!
//! The command line does single runs with [`runs`] too, without a server.
//!
//! [`catalogue`] is what can be run.
//!
//! It knows no kernel event and no scenario's content: the former are the supervisor's,
//! the latter come as cards.

#![forbid(unsafe_code)]

mod aftermath;
mod api;
pub mod archive;
mod assets;
pub mod catalogue;
mod census;
mod config;
mod discovery;
mod drive;
mod embed;
mod epilogue;
mod exports;
mod figure;
mod frame_decoder;
mod frames;
mod household;
mod intake;
mod lang;
mod live;
mod oembed;
pub mod origin;
mod pace;
mod pages;
mod problem;
mod proc_stat;
mod prose;
mod qr;
mod queue;
mod raster;
mod recorded;
mod refusal;
mod request;
mod routes;
mod run;
pub mod run_log;
pub mod runs;
mod schema;
mod security;
mod serve;
pub mod site;
mod start;
mod state;
mod still;
mod text;
pub mod tokens;
mod viewer;

pub use catalogue::Catalogue;
pub use config::Config;
pub use recorded::Recording;
pub use serve::serve;
