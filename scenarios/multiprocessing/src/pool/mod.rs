//! `Pool`: a fixed number of worker processes that share tasks.

/// What a task raised.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct TaskError {
    /// The panic's message.
    pub message: String,
    /// Where it was raised, as `main.rs:12:5`.
    pub place: String,
}
