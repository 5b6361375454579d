//! Who may delete a run: whoever knows its token.
//!
//! A token is 128 random bits. Its SHA-256 is kept, in memory and in files, so that neither gives the
//! token away, and none but the right one can be made to fit.

use std::fmt::Write;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use sha2::{Digest, Sha256};

/// What a token is recognised by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner([u8; 32]);

impl Owner {
    /// Whoever has this token.
    pub fn of(token: &str) -> Self {
        Owner(Sha256::digest(token).into())
    }

    /// Whether this is the token. What time it takes tells about digests only, which tell nothing.
    pub fn has(&self, token: &str) -> bool {
        Owner::of(token) == *self
    }
}

impl Serialize for Owner {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hexadecimal(&self.0))
    }
}

impl<'de> Deserialize<'de> for Owner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        digest(&text).map(Owner).ok_or_else(|| D::Error::custom("not the 64 hexadecimal digits of a SHA-256"))
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all that is written");
        text
    })
}

/// A SHA-256 from its 64 hexadecimal digits.
pub fn digest(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    let digits = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.then_some(())?;
    for (index, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_knows_its_token_and_no_other_and_does_not_tell_it() {
        let owner = Owner::of("0123456789abcdef");
        assert!(owner.has("0123456789abcdef"));
        assert!(!owner.has("0123456789abcdee") && !owner.has(""));
        let text = serde_json::to_string(&owner).unwrap();
        assert!(!text.contains("0123456789abcdef"));
        assert_eq!(serde_json::from_str::<Owner>(&text).unwrap(), owner);
        assert!(serde_json::from_str::<Owner>("\"+f\"").is_err());
    }
}
