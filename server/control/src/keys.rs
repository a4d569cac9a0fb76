//! Rotating the keys that seal secrets, and saying how they stand. For the server's own host.
//!
//! A rotation is one transaction: a new data key, every sealed value sealed with it, every data key
//! wrapped by the master key that is to be used from now on. Killed before the commit, nothing
//! happened; killed after it, all did.

use std::collections::BTreeMap;

use model::{access::platform, identity::Identity};
use serde_json::Value;
use store::{
    Store, Tx,
    keys::{KeyRow, SealedAt, SealedRow},
};

use crate::{
    Error, Result, clock,
    seal::{Masters, Ring, Seal},
    sealed,
};

/// So often a rotation begins anew when somebody wrote in between.
const ATTEMPTS: usize = 10;

/// A data key, and what it is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    /// Its id.
    pub id: String,
    /// The fingerprint of the master key that wraps it.
    pub master: String,
    /// When it was made.
    pub created_at: i64,
    /// Since when nothing new is sealed with it.
    pub retired_at: Option<i64>,
    /// How many values are sealed with it.
    pub values: usize,
}

/// How all keys stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys {
    /// The data keys, oldest first.
    pub keys: Vec<KeyState>,
    /// How many values the master key sealed itself, before there were data keys.
    pub by_master: usize,
    /// The values that don't open, by where they stand.
    pub closed: Vec<String>,
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The new data key.
    pub key: String,
    /// The fingerprint of the master key that wraps all data keys now.
    pub master: String,
    /// How many values were sealed anew.
    pub values: usize,
    /// The data keys that were taken away: retired before, and used for nothing.
    pub removed: Vec<String>,
}

/// How all keys stand, and whether everything opens.
///
/// # Errors
/// When the store refuses, or a master key is missing.
pub async fn list(store: &Store, masters: &Masters) -> Result<Keys> {
    let mut tx = store.begin(clock::now().0).await?;
    let rows = tx.keys().await?;
    let ring = Ring::open(masters.clone(), &rows)?;
    let mut found = Keys::default();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for mut row in tx.sealed_rows().await? {
        let identity = identity(&row);
        let place = place(&row);
        for spec in specs(&mut row) {
            sealed::each(&identity, spec, |text, context| {
                match Seal::key_of(text) {
                    Some("") => found.by_master += 1,
                    Some(id) => *counts.entry(id.to_owned()).or_default() += 1,
                    None => return Ok(None),
                }
                if ring.unseal(text, context).is_err() {
                    found.closed.push(format!("{place}, {context}"));
                }
                Ok(None)
            })?;
        }
    }
    found.keys = rows
        .into_iter()
        .map(|row| KeyState {
            values: counts.get(&row.id).copied().unwrap_or(0),
            id: row.id,
            master: row.master,
            created_at: row.created_at,
            retired_at: row.retired_at,
        })
        .collect();
    Ok(found)
}

/// Makes a new data key and seals everything with it; wraps all data keys by the master key that
/// is to be used from now on.
///
/// # Errors
/// When something doesn't open: then nothing was changed. When the store refuses.
pub async fn rotate(store: &Store, masters: &Masters) -> Result<Rotation> {
    masters.announce()?;
    let mut attempts = 0;
    let rotation = loop {
        let mut tx = store.begin(clock::now().0).await?;
        match within(&mut tx, masters).await {
            Ok(rotation) => {
                tx.commit().await?;
                break rotation;
            }
            Err(Error::Store(store::Error::Stale { .. })) if attempts < ATTEMPTS => attempts += 1,
            Err(error) => return Err(error),
        }
    };
    masters.settle()?;
    tracing::info!(key = rotation.key, values = rotation.values, "keys rotated");
    Ok(rotation)
}

async fn within(tx: &mut Tx, masters: &Masters) -> Result<Rotation> {
    let now = tx.now();
    let before = tx.keys().await?;
    let made = masters.rewrap(&masters.new_key(now))?;
    tx.add_key(&made).await?;
    let mut all = before.clone();
    all.push(made.clone());
    let ring = Ring::open(masters.clone(), &all)?;
    let values = reseal(tx, &ring).await?;
    let mut removed = Vec::new();
    for key in &before {
        if key.retired_at.is_some() {
            // Nothing is sealed with it any more: what was is sealed anew by now.
            tx.remove_key(&key.id).await?;
            removed.push(key.id.clone());
        } else {
            // Kept until the next time: another process may be sealing with it just now.
            let retired = KeyRow {
                retired_at: Some(now),
                ..masters.rewrap(key)?
            };
            tx.save_key(&retired).await?;
        }
    }
    Ok(Rotation {
        key: made.id,
        master: made.master,
        values,
        removed,
    })
}

/// Seals everything with the ring's current key. Says how many values that were.
async fn reseal(tx: &mut Tx, ring: &Ring) -> Result<usize> {
    let mut values = 0;
    for mut row in tx.sealed_rows().await? {
        let identity = identity(&row);
        let place = place(&row);
        for spec in specs(&mut row) {
            sealed::each(&identity, spec, |text, context| {
                let plain = ring.unseal(text, context).map_err(|error| Error::Corrupt {
                    what: place.clone(),
                    reason: format!("{context}: {error}"),
                })?;
                values += 1;
                Ok(Some(ring.seal(&plain, context)))
            })?;
        }
        let grant = platform("keys", &row.organization);
        tx.reseal(&grant, &row).await?;
    }
    Ok(values)
}

fn identity(row: &SealedRow) -> Identity {
    Identity::in_organization(row.kind, &row.organization, &row.name)
}

fn place(row: &SealedRow) -> String {
    let history = match row.at {
        SealedAt::Resource { .. } => String::new(),
        SealedAt::History { sequence } => format!(" (history, change {sequence})"),
    };
    format!("{} {}{history}", row.kind, row.name)
}

/// The specs in a row: its own, or those of before and after a change.
fn specs(row: &mut SealedRow) -> Vec<&mut Value> {
    match row.at {
        SealedAt::Resource { .. } => row.first.iter_mut().collect(),
        SealedAt::History { .. } => {
            let bodies = row.first.iter_mut().chain(&mut row.second);
            bodies.filter_map(|body| body.get_mut("spec")).collect()
        }
    }
}
