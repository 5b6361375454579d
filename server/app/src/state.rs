//! What every handler can reach.

use std::sync::Arc;

use protocol::Limits;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::catalogue::Catalogue;
use crate::embed::Admission;
use crate::runs::Runs;
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
