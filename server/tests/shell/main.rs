//! The outer shell from outside: the router as browsers and machines meet it, and the built binary.

mod access;
mod accounts;
mod api;
mod cli;
mod delivery;
mod find;
mod forgery;
mod keys;
mod limits;
mod lists;
mod once;
mod policy;
mod queries;
mod signing_in;
mod streams;
mod suggest;
mod support;
