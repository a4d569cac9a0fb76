//! Master keys: from the environment or from a file, never in the database.
//!
//! There may be several while one takes another's place: a process that is killed in between finds
//! the one it needs, whichever that is.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use store::keys::KeyRow;
use zeroize::Zeroizing;

use super::{
    Error,
    cipher::{self, Cipher},
};

/// The variable that gives the master key.
const GIVEN: &str = "TROUPE_KEY";
/// The variable that gives the one that is to take its place.
const COMING: &str = "TROUPE_KEY_NEW";

#[derive(Clone)]
struct Master {
    fingerprint: String,
    digits: Zeroizing<String>,
    cipher: Cipher,
}

impl Master {
    fn of(digits: &str, source: &str) -> Result<Self, Error> {
        let bad = || Error::Key(source.to_owned());
        let key = Zeroizing::new(hex::decode(digits.trim()).map_err(|_| bad())?);
        let cipher = Cipher::of(&key).ok_or_else(bad)?;
        let hash = Sha256::digest([b"troupe master key\0".as_slice(), &key].concat());
        Ok(Self {
            fingerprint: hex::encode(&hash[..4]),
            digits: Zeroizing::new(digits.trim().to_owned()),
            cipher,
        })
    }
}

/// The master keys that are here. The first is the one in use.
#[derive(Clone)]
pub struct Masters {
    all: Vec<Master>,
    /// The one that is to take the first one's place.
    coming: Option<Master>,
    /// The file they were read from, unless the environment gave them.
    file: Option<PathBuf>,
}

impl std::fmt::Debug for Masters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Masters({})", self.fingerprints())
    }
}

impl Masters {
    /// `TROUPE_KEY` when it is set, else what is in the file `troupe.key` of a folder, which is made
    /// when it isn't there and readable by its owner alone; and `TROUPE_KEY_NEW`.
    ///
    /// # Errors
    /// When the file can't be read or made, or holds no key.
    pub fn here(folder: &Path) -> Result<Self, Error> {
        // Read here and not by clap: what isn't a setting of the process can't show up in its help.
        #[expect(
            clippy::disallowed_methods,
            reason = "a secret, kept out of the settings on purpose"
        )]
        let variable = |name: &str| std::env::var(name).ok().map(Zeroizing::new);
        Self::read(folder, &variable)
    }

    /// The same with an environment of one's own.
    ///
    /// # Errors
    /// As [`Masters::here`].
    pub fn read(
        folder: &Path,
        variable: &dyn Fn(&str) -> Option<Zeroizing<String>>,
    ) -> Result<Self, Error> {
        let coming = variable(COMING)
            .map(|digits| Master::of(&digits, COMING))
            .transpose()?;
        if let Some(digits) = variable(GIVEN) {
            return Ok(Self {
                all: vec![Master::of(&digits, GIVEN)?],
                coming,
                file: None,
            });
        }
        let path = path_in(folder);
        let text = read_or_make(&path)?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let all: Vec<Master> = lines
            .map(|line| Master::of(line, &format!("each line of {}", path.display())))
            .collect::<Result<_, _>>()?;
        if all.is_empty() {
            return Err(Error::Key(format!("each line of {}", path.display())));
        }
        Ok(Self {
            all,
            coming,
            file: Some(path),
        })
    }

    /// Those given as hexadecimal digits, the one in use first.
    ///
    /// # Errors
    /// When one isn't a key.
    #[cfg(test)]
    pub(super) fn of(digits: &[&str]) -> Result<Self, Error> {
        let all = digits.iter().map(|digits| Master::of(digits, GIVEN));
        Ok(Self {
            all: all.collect::<Result<_, _>>()?,
            coming: None,
            file: None,
        })
    }

    /// Seals as the first releases did: with the master key itself. For tests of what reads it.
    #[doc(hidden)]
    pub fn seal_as_before(&self, plain: &str, context: &str) -> String {
        let key = &self.all[0].cipher;
        format!("{}{}", super::V1, key.encrypt(plain.as_bytes(), context))
    }

    fn every(&self) -> impl Iterator<Item = &Master> {
        self.all.iter().chain(&self.coming)
    }

    /// The one that wraps from now on.
    fn wrapping(&self) -> &Master {
        self.coming.as_ref().unwrap_or(&self.all[0])
    }

    /// The fingerprint of the one that wraps from now on.
    pub fn wraps_with(&self) -> &str {
        &self.wrapping().fingerprint
    }

    /// The fingerprints of all that are here.
    pub fn fingerprints(&self) -> String {
        let all: Vec<&str> = self.every().map(|one| one.fingerprint.as_str()).collect();
        all.join(", ")
    }

    /// A new data key, wrapped by the key in use.
    pub(crate) fn new_key(&self, now: i64) -> KeyRow {
        let id = hex::encode(&cipher::fresh()[..4]);
        self.wrapped(&id, cipher::fresh().as_slice(), now, &self.all[0])
    }

    fn wrapped(&self, id: &str, key: &[u8], created_at: i64, by: &Master) -> KeyRow {
        KeyRow {
            id: id.to_owned(),
            master: by.fingerprint.clone(),
            wrapped: by.cipher.encrypt(key, &context(id)),
            created_at,
            retired_at: None,
        }
    }

    fn bytes(&self, row: &KeyRow) -> Result<Zeroizing<Vec<u8>>, Error> {
        let master = self.every().find(|one| one.fingerprint == row.master);
        let master = master.ok_or_else(|| Error::Master {
            key: row.id.clone(),
            master: row.master.clone(),
            here: self.fingerprints(),
        })?;
        master.cipher.decrypt(&row.wrapped, &context(&row.id))
    }

    /// Opens a data key.
    pub(super) fn unwrap(&self, row: &KeyRow) -> Result<Cipher, Error> {
        Cipher::of(&self.bytes(row)?).ok_or(Error::Opened)
    }

    /// The same data key, wrapped by the master key that is to be used from now on.
    pub(crate) fn rewrap(&self, row: &KeyRow) -> Result<KeyRow, Error> {
        let key = self.bytes(row)?;
        Ok(KeyRow {
            retired_at: row.retired_at,
            ..self.wrapped(&row.id, &key, row.created_at, self.wrapping())
        })
    }

    /// Opens what a master key sealed itself.
    pub(super) fn decrypt(&self, text: &str, context: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut opened = self.every().map(|one| one.cipher.decrypt(text, context));
        opened.find(Result::is_ok).unwrap_or(Err(Error::Opened))
    }

    /// Before a rotation is committed: puts the coming key into the file, beside those that are
    /// there, so that both are found whatever happens in between.
    pub(crate) fn announce(&self) -> Result<(), Error> {
        let mut all: Vec<&Master> = self.all.iter().collect();
        if let Some(coming) = &self.coming
            && !all.iter().any(|one| one.fingerprint == coming.fingerprint)
        {
            all.push(coming);
        }
        self.write(&all)
    }

    /// After it: leaves in the file the one that wraps, and nothing else.
    pub(crate) fn settle(&self) -> Result<(), Error> {
        self.write(&[self.wrapping()])
    }

    fn write(&self, masters: &[&Master]) -> Result<(), Error> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        let lines: Vec<&str> = masters.iter().map(|one| one.digits.as_str()).collect();
        let text = Zeroizing::new(lines.join("\n"));
        let trouble = |error| file_error(path, &error);
        // Renamed into its place: a reader finds the one text or the other.
        let beside = path.with_extension("key.new");
        match std::fs::remove_file(&beside) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(trouble(error)),
            _ => {}
        }
        create(&beside, &text).map_err(trouble)?;
        std::fs::rename(&beside, path).map_err(trouble)?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = std::fs::File::open(folder.unwrap_or(Path::new("."))).map_err(trouble)?;
        folder.sync_all().map_err(trouble)
    }
}

fn context(id: &str) -> String {
    format!("seal_keys|{id}")
}

/// The file of a folder. The first releases made a folder of that name, with the file in it.
fn path_in(folder: &Path) -> PathBuf {
    let path = folder.join("troupe.key");
    if path.is_dir() {
        path.join("troupe.key")
    } else {
        path
    }
}

fn file_error(path: &Path, error: &std::io::Error) -> Error {
    Error::File {
        path: path.into(),
        reason: error.to_string(),
    }
}

fn read_or_make(path: &Path) -> Result<Zeroizing<String>, Error> {
    let trouble = |error: std::io::Error| file_error(path, &error);
    match std::fs::read_to_string(path) {
        Ok(digits) => Ok(Zeroizing::new(digits)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(trouble)?;
            }
            let digits = Zeroizing::new(hex::encode(cipher::fresh().as_slice()));
            create(path, &digits).map_err(trouble)?;
            Ok(digits)
        }
        Err(error) => Err(trouble(error)),
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

    fn nothing(_: &str) -> Option<Zeroizing<String>> {
        None
    }

    #[test]
    fn a_key_file_is_made_once_and_is_its_owners() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let made = Masters::read(&data, &nothing).expect("made");
        let again = Masters::read(&data, &nothing).expect("read");
        assert_eq!(made.fingerprints(), again.fingerprints());
        let path = data.join("troupe.key");
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
        assert!(Masters::read(&data, &nothing).is_err());
        std::fs::write(&path, "\n").expect("written");
        assert!(Masters::read(&data, &nothing).is_err());
    }

    #[test]
    fn a_file_in_a_folder_of_its_name_is_taken_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("troupe.key");
        std::fs::create_dir(&inner).expect("made");
        std::fs::write(inner.join("troupe.key"), "ab".repeat(32)).expect("written");
        let given = |name: &str| (name == GIVEN).then(|| Zeroizing::new("ab".repeat(32)));
        assert_eq!(
            Masters::read(folder.path(), &nothing)
                .expect("read")
                .fingerprints(),
            Masters::read(folder.path(), &given)
                .expect("given")
                .fingerprints(),
        );
    }

    #[test]
    fn both_keys_are_in_the_file_until_the_new_one_wraps() {
        let folder = tempfile::tempdir().expect("a folder");
        let old = Masters::read(folder.path(), &nothing).expect("made");
        let row = old.new_key(1);
        let coming = |name: &str| (name == COMING).then(|| Zeroizing::new("cd".repeat(32)));
        let both = Masters::read(folder.path(), &coming).expect("read");
        both.announce().expect("written");
        let rewrapped = both.rewrap(&row).expect("wrapped");
        assert_ne!(rewrapped.master, row.master);
        // Killed here: whichever row is in the database opens.
        let found = Masters::read(folder.path(), &nothing).expect("read");
        assert!(found.unwrap(&row).is_ok() && found.unwrap(&rewrapped).is_ok());
        both.settle().expect("written");
        let after = Masters::read(folder.path(), &nothing).expect("read");
        assert!(after.unwrap(&row).is_err() && after.unwrap(&rewrapped).is_ok());
    }
}
