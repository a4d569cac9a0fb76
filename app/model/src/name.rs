//! Names on planes: readable, within Kubernetes' limits, and apart by a hash.

use sha2::{Digest, Sha256};

/// Kubernetes' general limit.
pub const GENERAL: usize = 253;
/// The limit of namespaces, services, jobs, containers, volumes and label values.
pub const LABEL: usize = 63;
/// The limit of CronJobs: their jobs' names get eleven characters more.
pub const CRON_JOB: usize = 52;

/// How the parts are put together before they are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Join {
    /// As v0.3 did, with `-`: adopts its objects, and lets (`web`, `app-dev`) collide with
    /// (`web-app`, `dev`).
    V03,
    /// With a character that no name has.
    #[default]
    Unambiguous,
}

/// A name of at most `limit` characters for something that `parts` describe (`openchoreo.md` 2.4).
pub fn plane_name(limit: usize, parts: &[&str], join: Join) -> String {
    let hash = short_hash(parts, join);
    let cleaned: Vec<String> = parts.iter().map(|part| clean(part, limit, join)).collect();
    let mut name = cut(limit, &cleaned, join);
    if !name.is_empty() {
        name.push('-');
    }
    name.push_str(&hash);
    name.trim_matches(|c: char| !c.is_ascii_alphanumeric())
        .to_owned()
}

fn short_hash(parts: &[&str], join: Join) -> String {
    let joined = match join {
        Join::V03 => parts.join("-"),
        Join::Unambiguous => parts.join("\0"),
    };
    let mut hash = hex::encode(Sha256::digest(joined));
    hash.truncate(8);
    hash
}

/// Lower-case; what no name may have becomes `-`.
fn clean(part: &str, limit: usize, join: Join) -> String {
    // Labels have no dots. v0.3 let them through, and the plane refused them.
    let dots = join == Join::V03 || limit > LABEL;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || (c == '.' && dots);
    let mapped: String = part
        .to_lowercase()
        .chars()
        .map(|c| if fits(c) { c } else { '-' })
        .collect();
    if join == Join::V03 {
        return mapped.trim_matches(['-', '.']).to_owned();
    }
    // What stands between dots must be a name by itself.
    let labels = mapped.split('.').map(|label| label.trim_matches('-'));
    labels
        .filter(|label| !label.is_empty())
        .collect::<Vec<_>>()
        .join(".")
}

/// The parts, each cut to its share of the room that the hash leaves.
fn cut(limit: usize, parts: &[String], join: Join) -> String {
    let count = parts.len().max(1);
    let room = limit.saturating_sub(8 + count);
    let (share, more) = (room / count, room % count);
    let pieces: Vec<&str> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let length = share + usize::from(index < more);
            let piece = &part[..part.len().min(length)];
            // A cut may end on a dot, which no name may have before a dash.
            if join == Join::V03 {
                piece
            } else {
                piece.trim_end_matches(['-', '.'])
            }
        })
        .filter(|piece| join == Join::V03 || !piece.is_empty())
        .collect();
    pieces.join("-")
}
