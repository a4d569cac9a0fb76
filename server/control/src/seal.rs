//! Text that is kept sealed in the database: XChaCha20-Poly1305 under a key that isn't in it.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as BASE64};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use rand::Rng;
use zeroize::Zeroizing;

const PREFIX: &str = "sealed:v1:";
const NONCE: usize = 24;
const KEY: usize = 32;

/// What can go wrong with sealed text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The key's file can't be read or made.
    #[error("the key file {path} can't be used: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The key isn't one.
    #[error("the key must be {} hexadecimal digits", KEY * 2)]
    Key,
    /// The text can't be opened with this key in this place.
    #[error("a sealed value can't be opened: it was sealed with another key, or moved or changed")]
    Opened,
}

impl From<Error> for crate::Error {
    fn from(error: Error) -> Self {
        Self::Corrupt {
            what: "the key that seals secrets".into(),
            reason: error.to_string(),
        }
    }
}

/// Seals and opens text.
#[derive(Clone)]
pub struct Seal {
    cipher: XChaCha20Poly1305,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// With the key given as hexadecimal digits, such as `TROUPE_KEY` has them.
    ///
    /// # Errors
    /// When it isn't a key.
    pub fn with_key(digits: &str) -> Result<Self, Error> {
        let key = Zeroizing::new(hex::decode(digits.trim()).map_err(|_| Error::Key)?);
        let cipher = XChaCha20Poly1305::new_from_slice(&key).map_err(|_| Error::Key)?;
        Ok(Self { cipher })
    }

    /// With `TROUPE_KEY` when it is set, else with the key in the file `troupe.key` of a folder,
    /// which is made when it isn't there and readable by its owner alone.
    ///
    /// # Errors
    /// When the file can't be read or made, or holds no key.
    pub fn open_or_create(folder: &Path) -> Result<Self, Error> {
        let path = &folder.join("troupe.key");
        // Read here and not by clap: what isn't a setting of the process can't show up in its help.
        #[expect(
            clippy::disallowed_methods,
            reason = "a secret, kept out of the settings on purpose"
        )]
        if let Ok(digits) = std::env::var("TROUPE_KEY") {
            return Self::with_key(&Zeroizing::new(digits));
        }
        let trouble = |error: std::io::Error| Error::File {
            path: path.into(),
            reason: error.to_string(),
        };
        match std::fs::read_to_string(path) {
            Ok(digits) => Self::with_key(&Zeroizing::new(digits)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                std::fs::create_dir_all(folder).map_err(trouble)?;
                let mut key = Zeroizing::new([0; KEY]);
                rand::rng().fill_bytes(key.as_mut_slice());
                let digits = Zeroizing::new(hex::encode(key.as_slice()));
                create(path, &digits).map_err(trouble)?;
                Self::with_key(&digits)
            }
            Err(error) => Err(trouble(error)),
        }
    }

    /// Seals a text for one place; `context` names it (table, row, column), and is not secret.
    pub fn seal(&self, plain: &str, context: &str) -> String {
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload {
            msg: plain.as_bytes(),
            aad: context.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a text in memory is far below the cipher's 256 GiB");
        format!("{PREFIX}{}", BASE64.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what [`Seal::seal`] made for the same place.
    ///
    /// # Errors
    /// When key or place is another one, or the text was changed.
    pub fn unseal(&self, sealed: &str, context: &str) -> Result<String, Error> {
        let text = sealed.strip_prefix(PREFIX).ok_or(Error::Opened)?;
        let bytes = BASE64.decode(text).map_err(|_| Error::Opened)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(Error::Opened)?;
        let payload = Payload {
            msg: sealed,
            aad: context.as_bytes(),
        };
        let plain = self
            .cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| Error::Opened)?;
        String::from_utf8(plain).map_err(|_| Error::Opened)
    }

    /// Whether a text is sealed.
    pub fn is_sealed(text: &str) -> bool {
        text.starts_with(PREFIX)
    }
}

fn create(path: &Path, digits: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{digits}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal() -> Seal {
        Seal::with_key(&"ab".repeat(KEY)).expect("a key")
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_alone() {
        let seal = seal();
        let sealed = seal.seal("geheim", "DataPlane default/a clientKey");
        assert!(Seal::is_sealed(&sealed) && !sealed.contains("geheim"));
        assert_ne!(sealed, seal.seal("geheim", "DataPlane default/a clientKey"));
        let opened = seal
            .unseal(&sealed, "DataPlane default/a clientKey")
            .expect("opens");
        assert_eq!(opened, "geheim");
        assert!(
            seal.unseal(&sealed, "DataPlane default/b clientKey")
                .is_err()
        );
        let other = Seal::with_key(&"cd".repeat(KEY)).expect("a key");
        assert!(
            other
                .unseal(&sealed, "DataPlane default/a clientKey")
                .is_err()
        );
        for text in [
            "",
            "geheim",
            PREFIX,
            "sealed:v1:AAAA",
            &sealed[..sealed.len() - 2],
        ] {
            assert!(
                seal.unseal(text, "DataPlane default/a clientKey").is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_key_file_is_made_once_and_is_its_owners() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let path = data.join("troupe.key");
        let sealed = Seal::open_or_create(&data).expect("made").seal("x", "");
        let again = Seal::open_or_create(&data).expect("read");
        assert_eq!(again.unseal(&sealed, "").expect("opens"), "x");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path)
                .expect("there")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(&path, "nonsense").expect("written");
        assert!(Seal::open_or_create(&data).is_err());
    }
}
