//! Has cargo compile the browser package, and hands over the wasm as the compiler left it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;

const TRIPLE: &str = "wasm32-unknown-unknown";

/// Compiles `troupe-browser`; cargo itself knows when there is nothing to do.
pub fn browser(workspace: &Workspace, release: bool) -> Result<Vec<u8>> {
    let profile = if release { "browser" } else { "dev" };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    // `cargo run` describes this program in its environment; build scripts must not see that.
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST") {
            command.env_remove(&name);
        }
    }
    command
        .current_dir(workspace.root())
        .args(["build", "--quiet", "--package", "troupe-browser"])
        .args(["--target", TRIPLE, "--profile", profile, "--target-dir"])
        .arg(workspace.target())
        .env("CARGO_ENCODED_RUSTFLAGS", flags(workspace, release))
        // Stripping everything would take the list of wasm features that bindgen reads.
        .env("CARGO_PROFILE_BROWSER_STRIP", "debuginfo");
    let status = command.status().context("starting cargo")?;
    ensure!(
        status.success(),
        "the browser package was not built; if the {TRIPLE} target is missing, run .ci/setup"
    );
    let folder = if release { "browser" } else { "debug" };
    let wasm = workspace
        .target()
        .join(TRIPLE)
        .join(folder)
        .join("troupe_browser.wasm");
    fs::read(&wasm).with_context(|| format!("reading {}", wasm.display()))
}

/// The caller's own flags, and in a release short names for this machine's folders.
fn flags(workspace: &Workspace, release: bool) -> String {
    let read = |name| env::var_os(name).and_then(|text| text.into_string().ok());
    let encoded = read("CARGO_ENCODED_RUSTFLAGS").filter(|text| !text.is_empty());
    let mut flags: Vec<String> = match (encoded, read("RUSTFLAGS")) {
        (Some(encoded), _) => encoded.split('\x1f').map(str::to_owned).collect(),
        (None, Some(plain)) => plain.split_whitespace().map(str::to_owned).collect(),
        (None, None) => Vec::new(),
    };
    if release {
        let names = ["/cargo", "/target", "/src"];
        // The compiler takes the last that fits, so the most general stands first.
        for (path, name) in workspace.private_paths().iter().zip(names) {
            flags.push(format!("--remap-path-prefix={}={name}", path.display()));
        }
    }
    flags.join("\x1f")
}
