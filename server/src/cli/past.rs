//! What changed, and what would.

use std::path::PathBuf;

use model::{
    diff::FieldChange,
    view::{Change, HistoryRow},
};
use serde_json::Value;

use super::{
    Failure,
    remote::{Server, Thing, sent},
};

/// Shows what became of a resource, newest first.
pub(super) async fn history(server: &Server, thing: &Thing) -> Result<(), Failure> {
    let path = format!("{}/history", thing.path()?);
    let rows: Vec<HistoryRow> = server.all(&path, &thing.owner()).await?;
    for row in &rows {
        let at = jiff::Timestamp::from_microsecond(row.at.0)
            .map_or_else(|_| row.at.0.to_string(), |at| format!("{at:.0}"));
        let word = row.change.as_str().to_lowercase();
        println!("{at}  {word} by {}", row.by);
        row.fields.iter().for_each(field);
    }
    Ok(())
}

/// A field that differs, as diff(1) shows lines.
fn field(change: &FieldChange) {
    println!("  {}", change.path);
    for (sign, value) in [("-", &change.before), ("+", &change.after)] {
        if let Some(value) = value {
            for line in text(value).lines() {
                println!("  {sign} {line}");
            }
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => model::yaml::write(value),
        other => other.to_string(),
    }
}

/// Shows what applying would change.
///
/// # Errors
/// [`Failure::Differs`] when something does.
pub(super) async fn diff(server: &Server, paths: &[PathBuf]) -> Result<(), Failure> {
    let plan = sent(server, paths, true).await.map_err(|failure| {
        // 1 says that something differs: what can't be told is something else.
        match failure {
            Failure::Refused(text) => Failure::Trouble(text),
            Failure::Other(error) => Failure::Trouble(format!("{error:#}")),
            other => other,
        }
    })?;
    let mut differs = false;
    for row in &plan.rows {
        match row.change {
            Change::Unchanged => continue,
            Change::Created => println!("+ {}", row.identity),
            Change::Deleted => println!("- {}", row.identity),
            Change::Changed => {
                println!("~ {}", row.identity);
                row.fields.iter().for_each(field);
            }
        }
        differs = true;
    }
    if differs {
        Err(Failure::Differs)
    } else {
        Ok(())
    }
}
