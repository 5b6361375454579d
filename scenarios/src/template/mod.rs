//! The files that [`crate::new()`] writes. Here its program is as the catalogue would have it, so
//! that it is compiled and looked through like any other.

pub struct Params {
    pub children: usize,
    pub pause: f64,
}

pub static PARAMS: Params = Params { children: 2, pause: 0.0 };

#[path = "main.rs"]
pub mod program;
