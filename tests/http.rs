//! The HTTP interface of the real program: pages, files, scenarios, runs, and everything
//! that can be asked wrongly.

#[path = "support/mod.rs"]
mod support;

#[path = "http/pages.rs"]
mod pages;
#[path = "http/refusals.rs"]
mod refusals;
#[path = "http/runs.rs"]
mod runs;
#[path = "http/site.rs"]
mod site;
