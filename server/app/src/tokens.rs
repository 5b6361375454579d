//! Run ids, run tokens and seeds, all from the kernel's random source.
//!
//! Whoever knows a run's id may watch it; whoever knows its token may also signal,
//! stop and delete it. Both are 128 random bits, so neither can be guessed.

/// The secret of a new run: 32 hexadecimal digits, told once to whom started it. The server
/// itself keeps what it is recognised by (`recordings::Owner`).
pub fn token() -> String {
    hexadecimal(random())
}

/// The id of a new run: 32 hexadecimal digits.
pub fn id() -> String {
    hexadecimal(random())
}

/// A seed that is short enough to be typed again.
pub fn seed() -> u64 {
    (random() >> 96) as u64
}

fn hexadecimal(number: u128) -> String {
    format!("{number:032x}")
}

fn random() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("getrandom(2) cannot fail for 16 bytes once the system has booted");
    u128::from_ne_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_a_fixed_length_and_differ() {
        assert_eq!(id().len(), 32);
        assert_ne!(id(), id());
        assert_ne!(token(), token());
    }
}
