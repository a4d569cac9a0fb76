//! Passwords as argon2id hashes, made and checked away from the threads that answer requests.

use std::sync::{LazyLock, OnceLock};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::LONGEST;
use crate::{Error, Result};

/// Each hash takes 19 MiB: a flood of sign-ins waits here and not in memory.
static ROOM: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(4));

/// What OWASP's password storage cheat sheet gives as its first choice: 19 MiB, 2 passes, 1 lane.
fn argon2() -> Argon2<'static> {
    let params =
        Params::new(19 * 1024, 2, 1, None).expect("the constants lie within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn broken(error: &dyn std::fmt::Display) -> Error {
    Error::Corrupt {
        what: "a password's hash".into(),
        reason: error.to_string(),
    }
}

fn hash_now(password: &[u8]) -> Result<String> {
    let hash: PasswordHash = argon2()
        .hash_password(password)
        .map_err(|error| broken(&error))?;
    Ok(hash.to_string())
}

/// Hashes a password with a new salt.
pub(super) async fn hash(password: &str) -> Result<String> {
    let password = Zeroizing::new(password.as_bytes().to_vec());
    aside(move || hash_now(&password)).await
}

/// Whether a password is the one with this hash. Without a hash the answer is no, after as long.
pub(super) async fn verify(password: &str, known: Option<String>) -> Result<bool> {
    if password.len() > LONGEST {
        return Ok(false);
    }
    let password = Zeroizing::new(password.as_bytes().to_vec());
    aside(move || {
        static NOBODY: OnceLock<String> = OnceLock::new();
        let expected = match &known {
            Some(hash) => hash,
            None => match NOBODY.get() {
                Some(hash) => hash,
                None => {
                    let hash = hash_now(b"nobody has this one")?;
                    NOBODY.get_or_init(|| hash)
                }
            },
        };
        let expected = PasswordHash::new(expected).map_err(|error| broken(&error))?;
        let right = argon2().verify_password(&password, &expected).is_ok();
        Ok(right && known.is_some())
    })
    .await
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _room = ROOM.acquire().await.expect("the semaphore is never closed");
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| broken(&error))?
}
