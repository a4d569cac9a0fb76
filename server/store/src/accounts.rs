//! Accounts: users, sessions, tokens.
