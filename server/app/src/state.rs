//! What every handler can reach.

use std::sync::Arc;

use protocol::{Card, Limits};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::catalogue::Catalogue;
use crate::embed::Admission;
use crate::refusal::Refusal;
use crate::run::Run;
use crate::runs::Runs;
use crate::start;
use crate::text::Texts;

/// One for the whole server.
pub struct State {
    /// What can be run here.
    pub catalogue: Catalogue,
    /// All sentences.
    pub texts: Texts,
    /// All runs.
    pub runs: Arc<Runs>,
    /// What a run may use.
    pub limits: Limits,
    /// Where visitors find this server; none for the host that each asks.
    pub public_url: Option<String>,
    /// Lets embeds in.
    pub admission: Admission,
    /// Who may frame an embed, as `frame-ancestors` has it.
    pub frame_ancestors: String,
    /// The tasks of the open sockets.
    pub sockets: TaskTracker,
    /// Becomes true when the server ends.
    pub closing: watch::Sender<bool>,
}

impl State {
    /// A run, and the card of its scenario.
    ///
    /// # Errors
    /// One of them is not to be had; says why.
    pub async fn run(&self, id: &str) -> Result<(Arc<Run>, &Card), Refusal> {
        let run = self.runs.find(id).await?;
        let card = start::card(&self.catalogue, &run.job.scenario)?;
        Ok((run, card))
    }
}
