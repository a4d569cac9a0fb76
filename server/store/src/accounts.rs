//! Accounts: users, sessions, tokens, and how often somebody tried. Only hashes of secrets come here.

use sqlx::FromRow;

use crate::{Result, Store, Tx, on, on_write, within};

/// A user as stored.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct UserRow {
    /// Its id.
    pub id: String,
    /// The name they sign in with.
    pub name: String,
    /// The password's hash, as a PHC string.
    pub password: String,
    /// 1 when they administer the installation.
    pub administrator: i64,
    /// The organization they work in.
    pub organization: String,
    /// When the account was made.
    pub created_at: i64,
}

/// A session with the user whose it is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SessionRow {
    /// The user's id.
    pub user_id: String,
    /// The user's name.
    pub name: String,
    /// 1 when they administer the installation.
    pub administrator: i64,
    /// The organization they work in.
    pub organization: String,
    /// What they want the portal to look like: `auto`, `light` or `dark`.
    pub theme: String,
    /// When they signed in.
    pub created_at: i64,
    /// When it was last used, to the minute.
    pub seen_at: i64,
}

/// A token with the user whose it is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// Its name, unique for its user.
    pub token: String,
    /// The user's id.
    pub user_id: String,
    /// The user's name.
    pub name: String,
    /// 1 when they administer the installation.
    pub administrator: i64,
    /// The organization they work in.
    pub organization: String,
    /// When it was made.
    pub created_at: i64,
    /// When it ends; `None` when it doesn't.
    pub expires_at: Option<i64>,
    /// When it was last used, to the minute; `None` when it never was.
    pub used_at: Option<i64>,
}

const USER: &str = "SELECT id, name, password, administrator, organization, created_at FROM users \
    WHERE name = $1";
const SESSION: &str = "SELECT sessions.user_id, users.name, users.administrator, \
    users.organization, users.theme, sessions.created_at, sessions.seen_at FROM sessions \
    JOIN users ON users.id = sessions.user_id WHERE sessions.hash = $1";
const TOKEN: &str = "SELECT tokens.id, tokens.name AS token, tokens.user_id, users.name, \
    users.administrator, users.organization, tokens.created_at, tokens.expires_at, \
    tokens.used_at FROM tokens JOIN users ON users.id = tokens.user_id WHERE tokens.hash = $1";
const TOKENS: &str = "SELECT tokens.id, tokens.name AS token, tokens.user_id, users.name, \
    users.administrator, users.organization, tokens.created_at, tokens.expires_at, \
    tokens.used_at FROM tokens JOIN users ON users.id = tokens.user_id \
    WHERE $1 = '' OR users.name = $1 ORDER BY users.name, tokens.name";
// The count goes up before the password is looked at, so that tries at the same time count too.
const ATTEMPT: &str = "INSERT INTO sign_in_attempts (key, attempts, since) VALUES ($1, 1, $2) \
    ON CONFLICT (key) DO UPDATE SET \
    attempts = CASE WHEN sign_in_attempts.since <= $3 THEN 1 ELSE sign_in_attempts.attempts + 1 END, \
    since = CASE WHEN sign_in_attempts.since <= $3 THEN $2 ELSE sign_in_attempts.since END \
    RETURNING attempts, since";

impl Store {
    /// A user by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn user_by_name(&self, name: &str) -> Result<Option<UserRow>> {
        Ok(on!(self, |db| sqlx::query_as(USER)
            .bind(name)
            .fetch_optional(db)
            .await)?)
    }

    /// What a user wants the portal to look like.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn theme(&self, user: &str) -> Result<Option<String>> {
        const SQL: &str = "SELECT theme FROM users WHERE id = $1";
        Ok(on!(self, |db| sqlx::query_scalar(SQL)
            .bind(user)
            .fetch_optional(db)
            .await)?)
    }

    /// Keeps what a user wants the portal to look like.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_theme(&self, user: &str, theme: &str) -> Result<()> {
        const SQL: &str = "UPDATE users SET theme = $2 WHERE id = $1";
        on_write!(self, |db| sqlx::query(SQL)
            .bind(user)
            .bind(theme)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Whether anybody administers the installation.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn has_administrator(&self) -> Result<bool> {
        const SQL: &str = "SELECT COUNT(*) FROM users WHERE administrator = 1";
        let count: i64 = on!(self, |db| sqlx::query_scalar(SQL).fetch_one(db).await)?;
        Ok(count > 0)
    }

    /// A session by its hash, however old.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn session(&self, hash: &str) -> Result<Option<SessionRow>> {
        Ok(on!(self, |db| sqlx::query_as(SESSION)
            .bind(hash)
            .fetch_optional(db)
            .await)?)
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn touch_session(&self, hash: &str, now: i64) -> Result<()> {
        const SQL: &str = "UPDATE sessions SET seen_at = $2 WHERE hash = $1";
        on_write!(self, |db| sqlx::query(SQL)
            .bind(hash)
            .bind(now)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_session(&self, hash: &str) -> Result<()> {
        const SQL: &str = "DELETE FROM sessions WHERE hash = $1";
        on_write!(self, |db| sqlx::query(SQL)
            .bind(hash)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Forgets sessions that began or were last seen before these moments, and old attempts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep_accounts(&self, began: i64, seen: i64, attempts: i64) -> Result<()> {
        const SESSIONS: &str = "DELETE FROM sessions WHERE created_at < $1 OR seen_at < $2";
        const ATTEMPTS: &str = "DELETE FROM sign_in_attempts WHERE since < $1";
        on_write!(self, |db| sqlx::query(SESSIONS)
            .bind(began)
            .bind(seen)
            .execute(db)
            .await
            .map(|_| ()))?;
        on_write!(self, |db| sqlx::query(ATTEMPTS)
            .bind(attempts)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// A token by its hash, ended or not.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn token(&self, hash: &str) -> Result<Option<TokenRow>> {
        Ok(on!(self, |db| sqlx::query_as(TOKEN)
            .bind(hash)
            .fetch_optional(db)
            .await)?)
    }

    /// A user's tokens by name; everybody's when `user` is empty.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tokens(&self, user: &str) -> Result<Vec<TokenRow>> {
        Ok(on!(self, |db| sqlx::query_as(TOKENS)
            .bind(user)
            .fetch_all(db)
            .await)?)
    }

    /// Notes that a token is in use.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn touch_token(&self, id: &str, now: i64) -> Result<()> {
        const SQL: &str = "UPDATE tokens SET used_at = $2 WHERE id = $1";
        on_write!(self, |db| sqlx::query(SQL)
            .bind(id)
            .bind(now)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes a token away; whether there was one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_token(&self, user: &str, token: &str) -> Result<bool> {
        const SQL: &str = "DELETE FROM tokens WHERE name = $2 AND user_id IN \
            (SELECT id FROM users WHERE name = $1) RETURNING id";
        let gone: Option<String> = on_write!(self, |db| sqlx::query_scalar(SQL)
            .bind(user)
            .bind(token)
            .fetch_optional(db)
            .await)?;
        Ok(gone.is_some())
    }

    /// Counts an attempt under a key; how many there were since when. Counting begins anew when
    /// it last did so at `stale` or before.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count_attempt(&self, key: &str, now: i64, stale: i64) -> Result<(i64, i64)> {
        Ok(on_write!(self, |db| sqlx::query_as(ATTEMPT)
            .bind(key)
            .bind(now)
            .bind(stale)
            .fetch_one(db)
            .await)?)
    }

    /// Forgets all attempts under a key.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_attempts(&self, key: &str) -> Result<()> {
        const SQL: &str = "DELETE FROM sign_in_attempts WHERE key = $1";
        on_write!(self, |db| sqlx::query(SQL)
            .bind(key)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes back one attempt under a key, because it succeeded.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forgive_attempt(&self, key: &str) -> Result<()> {
        const SQL: &str = "UPDATE sign_in_attempts SET attempts = attempts - 1 \
            WHERE key = $1 AND attempts > 0";
        on_write!(self, |db| sqlx::query(SQL)
            .bind(key)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

impl Tx {
    /// Makes a user; whether the name was free.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_user(&mut self, user: &UserRow) -> Result<bool> {
        const SQL: &str = "INSERT INTO users (id, name, password, administrator, organization, \
            created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id";
        let made: Option<String> = within!(self, |db| sqlx::query_scalar(SQL)
            .bind(&user.id)
            .bind(&user.name)
            .bind(&user.password)
            .bind(user.administrator)
            .bind(&user.organization)
            .bind(user.created_at)
            .fetch_optional(db)
            .await)?;
        Ok(made.is_some())
    }

    /// Begins a session.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_session(&mut self, hash: &str, user_id: &str) -> Result<()> {
        const SQL: &str =
            "INSERT INTO sessions (hash, user_id, created_at, seen_at) VALUES ($1, $2, $3, $3)";
        let now = self.now();
        within!(self, |db| sqlx::query(SQL)
            .bind(hash)
            .bind(user_id)
            .bind(now)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Ends a session, as part of something larger.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn drop_session(&mut self, hash: &str) -> Result<()> {
        const SQL: &str = "DELETE FROM sessions WHERE hash = $1";
        within!(self, |db| sqlx::query(SQL)
            .bind(hash)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Makes a token; whether its user had none of that name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_token(
        &mut self,
        id: &str,
        user_id: &str,
        name: &str,
        hash: &str,
        expires_at: Option<i64>,
    ) -> Result<bool> {
        const SQL: &str = "INSERT INTO tokens (id, user_id, name, hash, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id";
        let now = self.now();
        let made: Option<String> = within!(self, |db| sqlx::query_scalar(SQL)
            .bind(id)
            .bind(user_id)
            .bind(name)
            .bind(hash)
            .bind(now)
            .bind(expires_at)
            .fetch_optional(db)
            .await)?;
        Ok(made.is_some())
    }

    /// Replaces every setup link by this one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn replace_setup_link(&mut self, hash: &str) -> Result<()> {
        const CLEAR: &str = "DELETE FROM setup_links";
        const SQL: &str = "INSERT INTO setup_links (hash, created_at) VALUES ($1, $2)";
        let now = self.now();
        within!(self, |db| sqlx::query(CLEAR).execute(db).await.map(|_| ()))?;
        within!(self, |db| sqlx::query(SQL)
            .bind(hash)
            .bind(now)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Uses a setup link up; whether it was the one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn take_setup_link(&mut self, hash: &str) -> Result<bool> {
        const SQL: &str = "DELETE FROM setup_links WHERE hash = $1 RETURNING hash";
        let taken: Option<String> = within!(self, |db| sqlx::query_scalar(SQL)
            .bind(hash)
            .fetch_optional(db)
            .await)?;
        Ok(taken.is_some())
    }

    /// Throws every setup link away.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn clear_setup_links(&mut self) -> Result<()> {
        const SQL: &str = "DELETE FROM setup_links";
        within!(self, |db| sqlx::query(SQL).execute(db).await.map(|_| ()))?;
        Ok(())
    }
}

impl Store {
    /// Whether this is the setup link that counts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn knows_setup_link(&self, hash: &str) -> Result<bool> {
        const SQL: &str = "SELECT COUNT(*) FROM setup_links WHERE hash = $1";
        let count: i64 = on!(self, |db| sqlx::query_scalar(SQL)
            .bind(hash)
            .fetch_one(db)
            .await)?;
        Ok(count > 0)
    }
}
