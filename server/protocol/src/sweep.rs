//! What of a scenario is worth sweeping: the parameter whose curve the page offers first.
//!
//! Every parameter can be swept, and most scenarios say nothing of it. One that does
//! names a parameter and, where there is one, the curve that would be if nothing stood
//! in the way. The page draws both; why they part is found from the logs.

use serde::{Deserialize, Serialize};

/// What is worth sweeping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Sweep {
    /// The parameter, a number.
    pub parameter: String,
    /// The curve that would be if nothing stood in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub ideal: Option<Ideal>,
    /// A variable of the program, a list of seconds: its n-th is the time for the parameter at n. So a
    /// single run, with the parameter at its highest, has the whole curve, and no other time is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub times: Option<String>,
}

/// How a time would depend on a parameter if nothing stood in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Ideal {
    /// Twice as many, half the time.
    Inverse,
}
