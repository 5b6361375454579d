//! Times and what is said of them.

use std::time::{Duration, Instant};

/// The built program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_process-playground");

/// Times of one thing, measured again and again.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Adds one.
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Measures what the function does and adds it.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let result = work();
        self.add(began.elapsed());
        result
    }

    /// The time that this share (0 to 1) does not exceed.
    pub fn quantile(&self, share: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        sorted[((sorted.len() - 1) as f64 * share).round() as usize]
    }

    /// The median.
    pub fn p50(&self) -> Duration {
        self.quantile(0.5)
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |share| self.quantile(share).as_secs_f64() * 1000.0;
        write!(f, "p50 {:8.2} ms   p90 {:8.2} ms   ({} times)", ms(0.5), ms(0.9), self.0.len())
    }
}

/// How many times as long the first takes as the second.
pub fn ratio(of: &Times, to: &Times) -> f64 {
    of.p50().as_secs_f64() / to.p50().as_secs_f64()
}

/// Processors this program may use.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
