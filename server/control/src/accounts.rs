//! Accounts: who may come in, by password, session or token. Whatever lets somebody in is kept as a
//! hash; a wrong name and a wrong password take the same time and get the same answer.

mod password;
mod secret;

use model::{
    access::{Via, Viewer},
    problem::Problem,
};
use store::{
    Store,
    accounts::{SessionRow, TokenRow, UserRow},
};
use zeroize::Zeroizing;

use crate::{Result, clock};

pub use secret::{csrf_of, same};

const SECOND: i64 = 1_000_000;
/// A session ends when nobody used it for so long.
pub const IDLE: i64 = 8 * 3600 * SECOND;
/// A session ends this long after signing in, used or not.
pub const ABSOLUTE: i64 = 24 * 3600 * SECOND;
/// How often the use of a session or token is written down.
const TOUCH: i64 = 60 * SECOND;
/// The time in which attempts are counted together.
pub const WINDOW: i64 = 15 * 60 * SECOND;
/// Attempts for one account in [`WINDOW`].
pub const PER_ACCOUNT: i64 = 10;
/// Attempts from one address in [`WINDOW`].
pub const PER_ADDRESS: i64 = 50;
/// The organization that local users work in.
const ORGANIZATION: &str = "default";
/// The shortest password that is taken.
pub const SHORTEST: usize = 12;
/// The longest password that is taken.
const LONGEST: usize = 1024;
/// The longest name of a user or token.
const LONGEST_NAME: usize = 63;

/// A session that has just begun.
#[derive(Clone)]
pub struct NewSession {
    /// What the cookie carries; nothing else knows it.
    pub token: Zeroizing<String>,
    /// Whose it is.
    pub viewer: Viewer,
}

/// A token as listed: never the token itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The user's name.
    pub user: String,
    /// The token's name.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
    /// When it ends; `None` when it doesn't.
    pub expires_at: Option<i64>,
    /// When it was last used, to the minute.
    pub used_at: Option<i64>,
}

/// The accounts of an installation.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    clock: fn() -> i64,
}

impl Accounts {
    /// Accounts in this store.
    pub fn new(store: Store) -> Self {
        Self::with_clock(store, || clock::now().0)
    }

    /// The same with another clock, in microseconds since the epoch, for tests of what ends.
    pub fn with_clock(store: Store, clock: fn() -> i64) -> Self {
        Self { store, clock }
    }

    /// Begins a session for somebody who knows their password. `address` is where they call from.
    ///
    /// # Errors
    /// When name or password is wrong, or it was tried too often.
    pub async fn sign_in(&self, name: &str, password: &str, address: &str) -> Result<NewSession> {
        let account_key = format!("account {}", secret::hash(&name.to_lowercase()));
        let address_key = format!("address {address}");
        self.throttle(&address_key, PER_ADDRESS).await?;
        self.throttle(&account_key, PER_ACCOUNT).await?;
        let user = self.store.user_by_name(name).await?;
        let known = user.as_ref().map(|user| user.password.clone());
        let right = password::verify(password, known).await?;
        let Some(user) = user.filter(|_| right) else {
            tracing::info!(address, "sign-in refused");
            return Err(wrong().into());
        };
        self.store.forget_attempts(&account_key).await?;
        self.store.forgive_attempt(&address_key).await?;
        let now = (self.clock)();
        let token = secret::random();
        let mut tx = self.store.begin(now).await?;
        tx.add_session(&secret::hash(&token), &user.id).await?;
        tx.commit().await?;
        self.store
            .sweep_accounts(now - ABSOLUTE, now - IDLE, now - WINDOW)
            .await?;
        tracing::info!(user = user.name, address, "signed in");
        Ok(begun(token, &user))
    }

    async fn throttle(&self, key: &str, most: i64) -> Result<()> {
        let now = (self.clock)();
        let (attempts, since) = self.store.count_attempt(key, now, now - WINDOW).await?;
        if attempts > most {
            let seconds = (since + WINDOW - now).div_ceil_seconds();
            return Err(Problem::Throttled { seconds }.into());
        }
        Ok(())
    }

    /// Who a session's cookie belongs to; `None` when it ended or never was.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn viewer_by_session(&self, token: &str) -> Result<Option<Viewer>> {
        let found = self.signed_in(token).await?;
        Ok(found.map(|(viewer, _)| viewer))
    }

    /// The same with what they want the portal to look like.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn signed_in(&self, token: &str) -> Result<Option<(Viewer, String)>> {
        let hash = secret::hash(token);
        let Some(row) = self.store.session(&hash).await? else {
            return Ok(None);
        };
        let now = (self.clock)();
        if row.created_at + ABSOLUTE <= now || row.seen_at + IDLE <= now {
            self.store.remove_session(&hash).await?;
            return Ok(None);
        }
        if row.seen_at + TOUCH <= now {
            self.store.touch_session(&hash, now).await?;
        }
        let theme = row.theme.clone();
        Ok(Some((by_session(row, token), theme)))
    }

    /// What a user wants the portal to look like: the word that they chose last.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn theme(&self, viewer: &Viewer) -> Result<Option<String>> {
        Ok(self.store.theme(&viewer.user).await?)
    }

    /// Keeps what a user wants the portal to look like, wherever they sign in next.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_theme(&self, viewer: &Viewer, theme: &str) -> Result<()> {
        Ok(self.store.set_theme(&viewer.user, theme).await?)
    }

    /// Whether a session still holds; asking is no use of it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn session_holds(&self, token: &str) -> Result<bool> {
        let now = (self.clock)();
        let row = self.store.session(&secret::hash(token)).await?;
        Ok(row.is_some_and(|row| row.created_at + ABSOLUTE > now && row.seen_at + IDLE > now))
    }

    /// Whether a token still holds; asking is no use of it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn token_holds(&self, token: &str) -> Result<bool> {
        let now = (self.clock)();
        let row = self.store.token(&secret::hash(token)).await?;
        Ok(row.is_some_and(|row| row.expires_at.is_none_or(|end| end > now)))
    }

    /// Who a bearer token belongs to; `None` when it is no token, ended or was revoked.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn viewer_by_token(&self, token: &str) -> Result<Option<Viewer>> {
        // The checksum tells garbage from tokens without asking the database.
        if !secret::looks_like_token(token) {
            return Ok(None);
        }
        let Some(row) = self.store.token(&secret::hash(token)).await? else {
            return Ok(None);
        };
        let now = (self.clock)();
        if row.expires_at.is_some_and(|end| end <= now) {
            return Ok(None);
        }
        if row.used_at.is_none_or(|used| used + TOUCH <= now) {
            self.store.touch_token(&row.id, now).await?;
        }
        Ok(Some(by_token(row)))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        Ok(self.store.remove_session(&secret::hash(token)).await?)
    }

    /// Whether nobody administers the installation yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn setup_link_needed(&self) -> Result<bool> {
        Ok(!self.store.has_administrator().await?)
    }

    /// A new one-time link's secret, in place of any older one; `None` when there is an
    /// administrator.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn new_setup_link(&self) -> Result<Option<Zeroizing<String>>> {
        if !self.setup_link_needed().await? {
            return Ok(None);
        }
        let link = secret::random();
        let mut tx = self.store.begin((self.clock)()).await?;
        tx.replace_setup_link(&secret::hash(&link)).await?;
        tx.commit().await?;
        Ok(Some(link))
    }

    /// Whether a setup link would be taken.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn setup_link_valid(&self, link: &str) -> Result<bool> {
        Ok(self.setup_link_needed().await?
            && self.store.knows_setup_link(&secret::hash(link)).await?)
    }

    /// Makes the first administrator and signs them in; the link is used up.
    ///
    /// # Errors
    /// When the link isn't the one, there is an administrator, or the password is too short.
    pub async fn setup(&self, link: &str, name: &str, password: &str) -> Result<NewSession> {
        let hash = secret::hash(link);
        if !self.store.knows_setup_link(&hash).await? || !self.setup_link_needed().await? {
            return Err(Problem::not_found("setup link", "this").into());
        }
        let user = self.draft(name, password).await?;
        let token = secret::random();
        let mut tx = self.store.begin((self.clock)()).await?;
        // Whoever takes the row makes the administrator; a second one at the same time gets none.
        if !tx.take_setup_link(&hash).await? || !tx.add_user(&user).await? {
            return Err(Problem::not_found("setup link", "this").into());
        }
        tx.clear_setup_links().await?;
        tx.add_session(&secret::hash(&token), &user.id).await?;
        tx.commit().await?;
        tracing::info!(user = user.name, "the first administrator was made");
        Ok(begun(token, &user))
    }

    /// Makes the administrator `admin` with this password, unless there is an administrator.
    ///
    /// # Errors
    /// When the password is too short.
    pub async fn ensure_admin(&self, password: &str) -> Result<()> {
        if !self.setup_link_needed().await? {
            return Ok(());
        }
        let user = self.draft("admin", password).await?;
        let mut tx = self.store.begin((self.clock)()).await?;
        tx.add_user(&user).await?;
        tx.clear_setup_links().await?;
        tx.commit().await?;
        Ok(())
    }

    async fn draft(&self, name: &str, password: &str) -> Result<UserRow> {
        let name = name.trim();
        check_name("name", name)?;
        if password.chars().count() < SHORTEST {
            let message = format!("the password is shorter than {SHORTEST} characters");
            let remedy = "Take a longer one; a few words are easier to remember than signs";
            return Err(Problem::invalid("password", &message, remedy).into());
        }
        if password.len() > LONGEST {
            let message = format!("the password is longer than {LONGEST} bytes");
            return Err(Problem::invalid("password", &message, "Take a shorter one").into());
        }
        Ok(UserRow {
            id: secret::id(),
            name: name.into(),
            password: password::hash(password).await?,
            administrator: 1,
            organization: ORGANIZATION.into(),
            created_at: (self.clock)(),
        })
    }

    /// Makes a token for a user; it is shown this once. `lasts` is in seconds, `None` for ever.
    ///
    /// # Errors
    /// When there is no such user, or the user has a token of that name.
    pub async fn create_token(
        &self,
        user: &str,
        name: &str,
        lasts: Option<i64>,
    ) -> Result<Zeroizing<String>> {
        check_name("name", name)?;
        let Some(user) = self.store.user_by_name(user).await? else {
            return Err(Problem::not_found("user", user).into());
        };
        let token = secret::token();
        let now = (self.clock)();
        let expires_at = lasts.map(|seconds| now.saturating_add(seconds.saturating_mul(SECOND)));
        let mut tx = self.store.begin(now).await?;
        let hash = secret::hash(&token);
        if !tx
            .add_token(&secret::id(), &user.id, name, &hash, expires_at)
            .await?
        {
            let message = format!("{} has a token called {name}", user.name);
            let remedy = "Take another name, or revoke that one first";
            return Err(Problem::invalid("name", &message, remedy).into());
        }
        tx.commit().await?;
        Ok(token)
    }

    /// A user's tokens by name; everybody's when `user` is empty.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list_tokens(&self, user: &str) -> Result<Vec<Listed>> {
        let rows = self.store.tokens(user).await?;
        Ok(rows
            .into_iter()
            .map(|row| Listed {
                user: row.name,
                name: row.token,
                created_at: row.created_at,
                expires_at: row.expires_at,
                used_at: row.used_at,
            })
            .collect())
    }

    /// Ends a token at once; whether there was one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn revoke_token(&self, user: &str, name: &str) -> Result<bool> {
        Ok(self.store.remove_token(user, name).await?)
    }
}

trait CeilSeconds {
    fn div_ceil_seconds(self) -> i64;
}

impl CeilSeconds for i64 {
    fn div_ceil_seconds(self) -> i64 {
        (self + SECOND - 1).div_euclid(SECOND).max(1)
    }
}

/// One answer for a wrong name and a wrong password.
fn wrong() -> Problem {
    Problem::invalid(
        "password",
        "name or password is wrong",
        "Check both and try again",
    )
}

fn check_name(field: &str, name: &str) -> Result<()> {
    let fits = !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "-_.@".contains(c));
    if fits {
        return Ok(());
    }
    let message = format!("“{}” can't be a name", name.escape_default());
    let remedy = "Use 1 to 63 letters, digits, dots, dashes, underscores or @";
    Err(Problem::invalid(field, &message, remedy).into())
}

fn begun(token: Zeroizing<String>, user: &UserRow) -> NewSession {
    let viewer = Viewer {
        user: user.id.clone(),
        name: user.name.clone(),
        administrator: user.administrator != 0,
        organization: user.organization.clone(),
        via: Via::Session {
            csrf: csrf_of(&token),
        },
    };
    NewSession { token, viewer }
}

fn by_session(row: SessionRow, token: &str) -> Viewer {
    Viewer {
        user: row.user_id,
        name: row.name,
        administrator: row.administrator != 0,
        organization: row.organization,
        via: Via::Session {
            csrf: csrf_of(token),
        },
    }
}

fn by_token(row: TokenRow) -> Viewer {
    Viewer {
        user: row.user_id,
        name: row.name,
        administrator: row.administrator != 0,
        organization: row.organization,
        via: Via::Token { name: row.token },
    }
}
