//! Where runs are kept that have ended, and for how long: from the command line to the archive.

use std::time::Duration;

use app::archive::Archive;
use clap::Args;
use recordings::{Place, Recordings, Terms};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What `serve` does with runs that have ended.
#[derive(Args)]
pub struct Kept {
    /// Where finished runs are kept: a directory, file:///DIR, s3://BUCKET/PREFIX of any store that speaks S3
    /// (with AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT and others), or none
    /// [default: /var/lib/process-playground for root, else ~/.local/share/process-playground]
    #[arg(long, env = "PLAYGROUND_RECORDINGS", value_name = "WHERE")]
    pub recordings: Option<Where>,
    /// Days that a finished run is kept; 0 is for ever
    #[arg(long, env = "PLAYGROUND_KEEP_DAYS", value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=36_500))]
    pub keep_days: u32,
    /// Room for finished runs, as 500MB or 1GiB; the oldest go first; 0 is without bound
    #[arg(long, env = "PLAYGROUND_KEEP_BYTES", value_name = "SIZE", default_value = "1GiB", value_parser = bytes)]
    pub keep_bytes: u64,
}

/// A place, or none.
#[derive(Clone)]
pub struct Where(Option<Place>);

impl std::str::FromStr for Where {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Where(None));
        }
        text.parse().map(|place| Where(Some(place))).map_err(|fault: recordings::NoPlace| fault.to_string())
    }
}

/// What ended runs go to, and how long each is in memory besides.
pub fn archive(kept: &Kept, in_memory: Duration) -> Archive {
    let place = match &kept.recordings {
        Some(Where(place)) => place.clone(),
        None => usual(),
    };
    let terms = Terms {
        keep_for: (kept.keep_days > 0).then(|| kept.keep_days * DAY),
        keep_bytes: (kept.keep_bytes > 0).then_some(kept.keep_bytes),
    };
    match place {
        None => Archive::none(in_memory),
        Some(place) => Archive::new(Recordings::new(place, terms), in_memory),
    }
}

fn usual() -> Option<Place> {
    let place =
        Place::usual(rustix::process::geteuid().is_root(), |name| std::env::var_os(name).map(Into::into));
    if place.is_none() {
        eprintln!(
            "process-playground: runs are not kept, as this user has no home; name a place with --recordings"
        );
    }
    place
}

/// A number of bytes as people write it.
fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let factor: u64 = match text[digits.len()..].trim_start() {
        "" | "B" => 1,
        "kB" | "KB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "KiB" | "K" => 1 << 10,
        "MiB" | "M" => 1 << 20,
        "GiB" | "G" => 1 << 30,
        "TiB" | "T" => 1 << 40,
        unit => return Err(format!("{unit:?} is no unit; there are B, kB, MB, GB, TB, KiB, MiB, GiB, TiB")),
    };
    let number: u64 =
        digits.parse().map_err(|_| "it is no whole number with a unit, as 500MB or 1GiB".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "it is more than any disk has".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, size) in
            [("0", 0), ("1500", 1500), ("500MB", 500_000_000), ("1 GiB", 1 << 30), ("2G", 2 << 30)]
        {
            assert_eq!(bytes(text), Ok(size), "{text}");
        }
        for wrong in ["", "GiB", "-1", "1.5GiB", "1XB", "99999999999TiB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
