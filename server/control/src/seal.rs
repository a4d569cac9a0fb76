//! Text that is kept sealed in the database: envelope encryption with XChaCha20-Poly1305.
//!
//! A data key seals texts; it is kept in the database, wrapped by a [master key](Masters) that isn't
//! in it. Sealed text names its data key: `sealed:v2:KEY:…`. Text of before, `sealed:v1:…`, was
//! sealed by the master key itself, and still opens.

mod cipher;
mod master;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
};

use cipher::Cipher;
pub use master::Masters;
use store::{Store, keys::KeyRow};

use crate::clock;

const V1: &str = "sealed:v1:";
const V2: &str = "sealed:v2:";

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
    #[error("{0} must be {digits} hexadecimal digits", digits = cipher::KEY * 2)]
    Key(String),
    /// A data key is wrapped by a master key that isn't here.
    #[error(
        "the data key {key} is wrapped by the master key {master}, and this one is {here}. Give the \
         right one as TROUPE_KEY or in the file troupe.key"
    )]
    Master {
        /// The data key's id.
        key: String,
        /// The fingerprint of the master key that is needed.
        master: String,
        /// The fingerprints of those that are here.
        here: String,
    },
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

/// The keys that are open.
pub(crate) struct Ring {
    masters: Masters,
    keys: BTreeMap<String, Cipher>,
    current: String,
}

impl Ring {
    /// Opens every data key.
    ///
    /// # Errors
    /// When one is wrapped by a master key that isn't here.
    pub(crate) fn open(masters: Masters, rows: &[KeyRow]) -> Result<Self, Error> {
        let mut keys = BTreeMap::new();
        for row in rows {
            keys.insert(row.id.clone(), masters.unwrap(row)?);
        }
        // The newest that isn't retired: all processes choose the same.
        let current = rows.iter().rev().find(|row| row.retired_at.is_none());
        Ok(Self {
            masters,
            keys,
            current: current.map(|row| row.id.clone()).unwrap_or_default(),
        })
    }

    pub(crate) fn seal(&self, plain: &str, context: &str) -> String {
        let key = self
            .keys
            .get(&self.current)
            .expect("a ring is given out with a current key in it");
        format!(
            "{V2}{}:{}",
            self.current,
            key.encrypt(plain.as_bytes(), context)
        )
    }

    pub(crate) fn unseal(&self, sealed: &str, context: &str) -> Result<String, Error> {
        let plain = if let Some(text) = sealed.strip_prefix(V2) {
            let (id, text) = text.split_once(':').ok_or(Error::Opened)?;
            let key = self.keys.get(id).ok_or(Error::Opened)?;
            key.decrypt(text, context)?
        } else {
            let text = sealed.strip_prefix(V1).ok_or(Error::Opened)?;
            self.masters.decrypt(text, context)?
        };
        String::from_utf8(plain.to_vec()).map_err(|_| Error::Opened)
    }
}

/// Seals and opens text. Clones share the keys.
#[derive(Clone)]
pub struct Seal {
    ring: Arc<RwLock<Ring>>,
    folder: PathBuf,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// Opens the data keys of a database with the master key of a folder or of the environment, and
    /// makes the first ones where there are none.
    ///
    /// # Errors
    /// When the master key can't be read or made, or isn't the one that wraps the data keys.
    pub async fn open(store: &Store, folder: &Path) -> Result<Self, crate::Error> {
        let masters = Masters::here(folder)?;
        let mut rows = store.keys().await?;
        if rows.iter().all(|row| row.retired_at.is_some()) {
            let now = clock::now().0;
            let mut tx = store.begin(now).await?;
            tx.add_key(&masters.new_key(now)).await?;
            tx.commit().await?;
            // Another process may have done the same: all take the newest.
            rows = store.keys().await?;
        }
        let ring = Ring::open(masters, &rows)?;
        Ok(Self {
            ring: Arc::new(RwLock::new(ring)),
            folder: folder.into(),
        })
    }

    /// Looks again at the data keys and the master key: another process may have rotated them.
    ///
    /// # Errors
    /// When the master key is no longer the one that wraps them.
    pub async fn refresh(&self, store: &Store) -> Result<(), crate::Error> {
        let rows = store.keys().await?;
        if self.same(&rows) {
            return Ok(());
        }
        let ring = Ring::open(Masters::here(&self.folder)?, &rows)?;
        *self.ring.write().expect("no one panics while holding keys") = ring;
        Ok(())
    }

    /// Whether these are the keys that are open.
    fn same(&self, rows: &[KeyRow]) -> bool {
        let ring = self.ring.read().expect("no one panics while holding keys");
        let newest = rows.iter().rev().find(|row| row.retired_at.is_none());
        newest.is_some_and(|row| row.id == ring.current)
            && rows.iter().all(|row| ring.keys.contains_key(&row.id))
    }

    /// Seals a text for one place; `context` names it (table, row, column), and is not secret.
    pub fn seal(&self, plain: &str, context: &str) -> String {
        let ring = self.ring.read().expect("no one panics while holding keys");
        ring.seal(plain, context)
    }

    /// Opens what [`Seal::seal`] made for the same place.
    ///
    /// # Errors
    /// When key or place is another one, or the text was changed.
    pub fn unseal(&self, sealed: &str, context: &str) -> Result<String, Error> {
        let ring = self.ring.read().expect("no one panics while holding keys");
        ring.unseal(sealed, context)
    }

    /// Whether a text is sealed.
    pub fn is_sealed(text: &str) -> bool {
        text.starts_with(V1) || text.starts_with(V2)
    }

    /// The id of the data key that sealed a text; empty for one of before there were data keys.
    pub fn key_of(text: &str) -> Option<&str> {
        match text.strip_prefix(V2) {
            Some(rest) => rest.split_once(':').map(|(id, _)| id),
            None => text.starts_with(V1).then_some(""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(digits: &str) -> Ring {
        let masters = Masters::of(&[digits]).expect("a key");
        let row = masters.new_key(1);
        Ring::open(masters, &[row]).expect("opens")
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_alone() {
        let (a, b) = (
            "DataPlane default/a clientKey",
            "DataPlane default/b clientKey",
        );
        let ring = ring(&"ab".repeat(32));
        let sealed = ring.seal("geheim", a);
        assert!(Seal::is_sealed(&sealed) && !sealed.contains("geheim"));
        assert_ne!(sealed, ring.seal("geheim", a));
        assert_eq!(Seal::key_of(&sealed), Some(ring.current.as_str()));
        assert_eq!(ring.unseal(&sealed, a).expect("opens"), "geheim");
        assert!(ring.unseal(&sealed, b).is_err());
        assert!(
            super::tests::ring(&"ab".repeat(32))
                .unseal(&sealed, a)
                .is_err()
        );
        let cut = &sealed[..sealed.len() - 2];
        for text in [
            "",
            "geheim",
            V1,
            V2,
            "sealed:v1:AAAA",
            "sealed:v2:x:AAAA",
            cut,
        ] {
            assert!(ring.unseal(text, a).is_err(), "{text}");
        }
    }

    #[test]
    fn what_the_master_key_sealed_itself_still_opens() {
        let masters = Masters::of(&[&"ab".repeat(32)]).expect("a key");
        let old = masters.seal_as_before("geheim", "here");
        assert_eq!(Seal::key_of(&old), Some(""));
        let opened = ring(&"ab".repeat(32)).unseal(&old, "here");
        assert_eq!(opened.expect("opens"), "geheim");
        assert!(ring(&"cd".repeat(32)).unseal(&old, "here").is_err());
    }

    #[test]
    fn a_data_key_of_another_master_is_told_by_name() {
        let row = Masters::of(&[&"ab".repeat(32)]).expect("a key").new_key(1);
        let other = Masters::of(&[&"cd".repeat(32)]).expect("a key");
        let Err(error) = Ring::open(other, std::slice::from_ref(&row)) else {
            panic!("opened with another key")
        };
        let told = error.to_string();
        assert!(
            told.contains(&row.id) && told.contains(&row.master),
            "{told}"
        );
        // While a new master is brought in, both are there.
        let both = Masters::of(&[&"cd".repeat(32), &"ab".repeat(32)]).expect("keys");
        assert!(Ring::open(both, &[row]).is_ok());
    }
}
