//! `troupe token`: on the server's own host, against its database.

use clap::{Args, Subcommand};
use control::accounts::Accounts;
use jiff::Timestamp;
use model::problem::Problem;
use store::Store;

use super::Failure;

/// Which database.
#[derive(Debug, Args)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    #[arg(
        long,
        env = "TROUPE_DATABASE_URL",
        default_value = "sqlite://troupe.db",
        hide_env_values = true
    )]
    database: String,
}

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prints a new token, once.
    Create {
        #[command(flatten)]
        database: Database,
        /// Whose it is.
        #[arg(long)]
        user: String,
        /// What to call it.
        #[arg(long)]
        name: String,
        /// How long it holds, such as 12h or 30d; for ever without it.
        #[arg(long)]
        expires: Option<String>,
    },
    /// Lists a user's tokens.
    List {
        #[command(flatten)]
        database: Database,
        /// Whose.
        #[arg(long)]
        user: String,
    },
    /// Revokes a token.
    Revoke {
        #[command(flatten)]
        database: Database,
        /// Whose it is.
        #[arg(long)]
        user: String,
        /// What it is called.
        #[arg(long)]
        name: String,
    },
}

fn told(error: control::Error) -> Failure {
    match Problem::from(error) {
        problem @ Problem::NotFound { .. } => Failure::Missing(problem.to_string()),
        Problem::Invalid { faults, message } => {
            let first = faults
                .first()
                .map(|fault| format!("{}. {}", fault.message, fault.remedy));
            Failure::Refused(first.unwrap_or(message))
        }
        problem => Failure::Refused(problem.to_string()),
    }
}

impl Database {
    /// Opens it.
    pub(super) async fn open(&self) -> Result<Store, Failure> {
        let store = Store::open(&self.database).await;
        store.map_err(|error| told(error.into()))
    }
}

async fn accounts(database: &Database) -> Result<Accounts, Failure> {
    Ok(Accounts::new(database.open().await?))
}

/// Seconds, out of `12h`, `30d` and the like.
fn lasts(text: &str) -> Result<i64, Failure> {
    let bad = || {
        Failure::Refused(format!(
            "--expires {text}: write a number with m, h or d, such as 30d"
        ))
    };
    let split = text.len().checked_sub(1).ok_or_else(bad)?;
    let (number, unit) = text.split_at_checked(split).ok_or_else(bad)?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(bad()),
    };
    let number: i64 = number
        .parse()
        .ok()
        .filter(|n| (1..=100_000).contains(n))
        .ok_or_else(bad)?;
    Ok(number * seconds)
}

/// Does it.
pub async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Create {
            database,
            user,
            name,
            expires,
        } => {
            let lasts = expires.as_deref().map(lasts).transpose()?;
            let token = accounts(&database)
                .await?
                .create_token(&user, &name, lasts)
                .await
                .map_err(told)?;
            println!("{}", *token);
        }
        Command::List { database, user } => {
            for token in accounts(&database)
                .await?
                .list_tokens(&user)
                .await
                .map_err(told)?
            {
                let when = |at: Option<i64>| {
                    at.and_then(|at| Timestamp::from_microsecond(at).ok())
                        .map_or_else(
                            || "never".to_owned(),
                            |at| at.strftime("%Y-%m-%d %H:%M").to_string(),
                        )
                };
                let (expires, used) = (when(token.expires_at), when(token.used_at));
                println!(
                    "{}\tmade {}\texpires {expires}\tused {used}",
                    token.name,
                    when(Some(token.created_at))
                );
            }
        }
        Command::Revoke {
            database,
            user,
            name,
        } => {
            if !accounts(&database)
                .await?
                .revoke_token(&user, &name)
                .await
                .map_err(told)?
            {
                return Err(Failure::Missing(format!("{user} has no token {name}")));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_numbers_with_a_unit() {
        assert_eq!(lasts("7d").expect("a span"), 7 * 86_400);
        for bad in ["", "d", "7", "7w", "-1d", "é", "1é"] {
            assert!(lasts(bad).is_err(), "{bad}");
        }
    }
}
