//! Passes: what lets a page without an origin start a run.
//!
//! An embed stands in a sandboxed frame on somebody else's page, so its socket says `Origin: null`, as the
//! socket of anybody's sandboxed frame would. The page that we sent has a pass in it: the scenario, when it
//! ends, and a signature over both (HMAC-SHA256, RFC 2104). It starts that scenario and nothing else; what
//! concerns a run that exists needs the run's id or token besides. The key is made anew at each start of the
//! server and stands nowhere. An old pass is replaced by asking for a fresh one.

use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How long a pass is good.
pub const LASTS: Duration = Duration::from_secs(600);

/// Makes passes and knows its own.
pub struct Admission {
    key: [u8; 32],
    /// Ends are counted from here: nobody sets this clock.
    since: Instant,
}

impl Admission {
    /// One that knows no pass yet.
    pub fn fresh() -> Self {
        let mut key = [0; 32];
        getrandom::fill(&mut key).expect("getrandom(2) cannot fail for 32 bytes once the system has booted");
        Admission { key, since: Instant::now() }
    }

    /// A pass for a scenario, as `pool.258.9f…`.
    pub fn pass(&self, scenario: &str) -> String {
        self.pass_until(scenario, self.since.elapsed() + LASTS)
    }

    /// The scenario of a pass that we made and that is still good.
    pub fn scenario_of<'a>(&self, pass: &'a str) -> Option<&'a str> {
        let (signed, signature) = pass.rsplit_once('.')?;
        self.signer(signed).verify_slice(&bytes(signature)?).ok()?;
        let (scenario, until) = signed.rsplit_once('.')?;
        (self.since.elapsed().as_secs() < until.parse().ok()?).then_some(scenario)
    }

    fn pass_until(&self, scenario: &str, until: Duration) -> String {
        let signed = format!("{scenario}.{}", until.as_secs());
        let signature = self.signer(&signed).finalize().into_bytes();
        let digits: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{signed}.{digits}")
    }

    fn signer(&self, signed: &str) -> Hmac<Sha256> {
        let mut signer = Hmac::<Sha256>::new_from_slice(&self.key).expect("a key of any length will do");
        signer.update(signed.as_bytes());
        signer
    }
}

/// Of pairs of hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.as_bytes().chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_is_for_its_scenario() {
        let admission = Admission::fresh();
        assert_eq!(admission.scenario_of(&admission.pass("pool-callback")), Some("pool-callback"));
    }

    #[test]
    fn a_pass_that_was_touched_or_is_anothers_is_none() {
        let admission = Admission::fresh();
        let pass = admission.pass("pool");
        let longer = pass.replacen(".6", ".96", 1);
        assert_ne!(longer, pass);
        let wrong = [
            longer,
            pass.replacen("pool", "zombie", 1),
            pass[..pass.len() - 2].to_owned(),
            Admission::fresh().pass("pool"),
        ];
        for wrong in wrong {
            assert_eq!(admission.scenario_of(&wrong), None, "{wrong}");
        }
        for text in ["", ".", "..", "pool.600.", "pool.600.é", "pool"] {
            assert_eq!(admission.scenario_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_pass_ends() {
        let admission = Admission::fresh();
        assert_eq!(admission.scenario_of(&admission.pass_until("pool", Duration::ZERO)), None);
    }
}
