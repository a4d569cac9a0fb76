//! One key: 256 random bits that encrypt bytes for one place.

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as BASE64};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use rand::Rng;
use zeroize::Zeroizing;

use super::Error;

const NONCE: usize = 24;
/// Bytes of a key.
pub(super) const KEY: usize = 32;

/// A key that encrypts and decrypts.
#[derive(Clone)]
pub(crate) struct Cipher(XChaCha20Poly1305);

/// A new key's bytes.
pub(super) fn fresh() -> Zeroizing<[u8; KEY]> {
    let mut key = Zeroizing::new([0; KEY]);
    rand::rng().fill_bytes(key.as_mut_slice());
    key
}

impl Cipher {
    /// With a key's bytes; `None` when there are too many or too few.
    pub(super) fn of(key: &[u8]) -> Option<Self> {
        XChaCha20Poly1305::new_from_slice(key).ok().map(Self)
    }

    pub(super) fn encrypt(&self, plain: &[u8], context: &str) -> String {
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload {
            msg: plain,
            aad: context.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a text in memory is far below the cipher's 256 GiB");
        BASE64.encode([&nonce[..], &sealed].concat())
    }

    pub(super) fn decrypt(&self, text: &str, context: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let bytes = BASE64.decode(text).map_err(|_| Error::Opened)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(Error::Opened)?;
        let payload = Payload {
            msg: sealed,
            aad: context.as_bytes(),
        };
        let plain = self.0.decrypt(&XNonce::from(*nonce), payload);
        plain.map(Zeroizing::new).map_err(|_| Error::Opened)
    }
}
