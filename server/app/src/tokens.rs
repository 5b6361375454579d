//! Run ids, run tokens and seeds, all from the kernel's random source.
//!
//! Whoever knows a run's id may watch it; whoever knows its token may also signal
//! and stop it. Both are 128 random bits, so neither can be guessed. A token has
//! no `Debug`, so that it cannot slip into a message.

/// The secret that goes with a run.
pub struct Token(u128);

impl Token {
    /// A token that nobody has seen yet.
    pub fn fresh() -> Self {
        Token(random())
    }

    /// As it is told to whom started the run: 32 hexadecimal digits.
    pub fn text(&self) -> String {
        hexadecimal(self.0)
    }

    /// Whether the given text is this token. It is compared as one number and not
    /// digit by digit, so the time it takes says nothing about where it differs.
    pub fn is(&self, given: &str) -> bool {
        let digits = given.len() == 32 && given.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits && u128::from_str_radix(given, 16).is_ok_and(|number| number ^ self.0 == 0)
    }
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
    fn a_token_is_its_own_text_and_no_other() {
        let token = Token::fresh();
        assert!(token.is(&token.text()));
        assert!(!token.is(&Token::fresh().text()));
        for wrong in ["", "0", &token.text()[1..], &format!("+{}", &token.text()[1..])] {
            assert!(!token.is(wrong), "{wrong}");
        }
    }

    #[test]
    fn ids_have_a_fixed_length_and_differ() {
        assert_eq!(id().len(), 32);
        assert_ne!(id(), id());
    }
}
