//! The actix application: catalogue, page, runs, sockets.
