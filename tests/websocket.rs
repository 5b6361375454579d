//! The WebSocket of the real program: runs started, followed, controlled and ended, by
//! many at once, and every frame that can be wrong.

#[path = "support/mod.rs"]
mod support;

#[path = "websocket/bad_frames.rs"]
mod bad_frames;
#[path = "websocket/crowd.rs"]
mod crowd;
#[path = "websocket/deaths.rs"]
mod deaths;
#[path = "websocket/embeds.rs"]
mod embeds;
#[path = "websocket/runs.rs"]
mod runs;
