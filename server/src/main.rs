//! Troupe: an internal developer platform in one binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything speaks TLS: one provider for the whole process.
    rustls::crypto::ring::default_provider()
        .install_default()
        .expect("nothing has chosen a provider before main");
    troupe::cli::run()
}
