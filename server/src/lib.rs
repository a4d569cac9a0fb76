//! Troupe's outer shell: HTTP for browsers and machines, and the command line.

pub mod cli;
pub mod http;
