//! An operator's own scenarios: made, checked, run and served, whatever they are written in.
//!
//! The recipe of the README is followed word by word. Programs that nobody wrote for the
//! playground keep the promises of the log as well as its own do.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the verdict")]

#[path = "support/mod.rs"]
mod support;

#[path = "operator/folder.rs"]
mod folder;
#[path = "operator/mistakes.rs"]
mod mistakes;
#[path = "operator/recipe.rs"]
mod recipe;
#[path = "operator/strangers.rs"]
mod strangers;
