//! Random secrets, and the hashes that are kept of them.

use rand::{Rng, RngExt};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 43 letters out of 62 are just over 256 bits.
const BODY: usize = 43;
const CHECK: usize = 6;
/// What secret scanners look for.
const PREFIX: &str = "trp_";

fn letters(count: usize) -> Zeroizing<String> {
    let mut rng = rand::rng();
    let text = (0..count).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]));
    Zeroizing::new(text.collect())
}

/// 256 random bits as text that fits cookies and addresses.
pub(super) fn random() -> Zeroizing<String> {
    letters(BODY)
}

/// A new row's id.
pub(super) fn id() -> String {
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// What is kept of a secret. It has 256 random bits, so that a plain hash can't be guessed back.
pub(super) fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// A new API token: prefix, 256 random bits, checksum.
pub(super) fn token() -> Zeroizing<String> {
    let body = letters(BODY);
    let check = checksum(&body);
    Zeroizing::new(format!("{PREFIX}{}{check}", body.as_str()))
}

/// Whether a text has a token's shape and its checksum is right.
pub(super) fn looks_like_token(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|rest| {
        rest.len() == BODY + CHECK
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && checksum(&rest[..BODY]) == rest[BODY..]
    })
}

fn checksum(body: &str) -> String {
    let digest = Sha256::digest(format!("troupe token {body}"));
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    digest.iter().take(CHECK).map(letter).collect()
}

/// What a session's forms carry. It follows from the cookie, and the cookie doesn't follow from it.
pub fn csrf_of(session: &str) -> String {
    hex::encode(Sha256::digest(format!("troupe csrf v1 {session}")))
}

/// Compares secrets in a time that doesn't tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_themselves() {
        let token = token();
        assert!(looks_like_token(&token));
        assert_ne!(token, super::token());
        let mut wrong = token.to_string();
        let last = if wrong.pop() == Some('a') { 'b' } else { 'a' };
        wrong.push(last);
        for text in [wrong.as_str(), "", "trp_", "nothing", &token[4..], "trp_ää"] {
            assert!(!looks_like_token(text), "{text}");
        }
    }
}
