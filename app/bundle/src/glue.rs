//! Turns compiled wasm into a pair that loads itself: wasm and a script that knows its name.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::squeeze;
use crate::workspace::Workspace;

const STEM: &str = "troupe";
/// Raise it when this program makes something else of the same wasm.
const RECIPE: &str = "1";
/// What wasm-opt may use: `--all-features` makes modules that browsers refuse.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// A digest of all that decides what the script will be; the same digest, the same script.
pub fn source(workspace: &Workspace, release: bool, raw: &[u8]) -> Result<String> {
    let binaryen = workspace
        .root()
        .join("end2end/node_modules/binaryen/package.json");
    let optimiser = if release && binaryen.is_file() {
        fs::read(&binaryen)?
    } else {
        Vec::new()
    };
    let mode: &[u8] = if release { b"release" } else { b"dev" };
    Ok(squeeze::digest([RECIPE.as_bytes(), mode, &optimiser, raw]))
}

/// Makes the script that joins wasm and browser.
pub fn bind(raw: Vec<u8>) -> Result<(String, Vec<u8>)> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(STEM, raw)
        .web(true)?
        .typescript(false)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(false);
    let mut output = bindgen.generate_output()?;
    let mut scripts: Vec<&String> = output.local_modules().keys().collect();
    scripts.extend(
        output
            .snippets()
            .iter()
            .filter(|(_, list)| !list.is_empty())
            .map(|(name, _)| name),
    );
    ensure!(
        scripts.is_empty(),
        "each script that a dependency brings is one more request: {scripts:?}"
    );
    let wasm = output.wasm_mut().emit_wasm();
    Ok((output.js().to_owned(), wasm))
}

/// Lets the script fetch its wasm by the hashed name.
pub fn point_at(js: &str, wasm: &str) -> Result<String> {
    let was = format!("new URL('{STEM}_bg.wasm', import.meta.url)");
    let file = wasm.rsplit('/').next().context("a name has a last part")?;
    ensure!(
        js.matches(&was).count() == 1,
        "bindgen names its wasm differently now"
    );
    Ok(js.replace(&was, &format!("new URL('{file}', import.meta.url)")))
}

/// Drops comments on lines of their own, indentation and empty lines; the rest is left to brotli.
pub fn slim(js: &str) -> String {
    // Inside a text of several lines none of this would be safe.
    if js.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return js.to_owned();
    }
    let mut out = String::with_capacity(js.len());
    let mut in_comment = false;
    for line in js.lines().map(str::trim) {
        if in_comment || line.starts_with("/*") {
            in_comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Takes what wasm-opt can take, where it is installed; never needed, worth a few percent.
pub fn optimise(workspace: &Workspace, wasm: Vec<u8>) -> Result<Vec<u8>> {
    let tool = workspace.root().join("end2end/node_modules/.bin/wasm-opt");
    if !tool.is_file() {
        println!("bundle: without wasm-opt (`npm ci` in end2end brings it): a few percent more");
        return Ok(wasm);
    }
    let [before, after] = ["before", "after"].map(|name| workspace.target().join(name));
    fs::write(&before, &wasm)?;
    let status = Command::new(&tool)
        .args(FEATURES)
        .args(["-Oz", "--output"])
        .arg(&after)
        .arg(&before)
        .status()
        .with_context(|| format!("starting {}", tool.display()))?;
    ensure!(
        status.success(),
        "wasm-opt refused the wasm; `npm ci` in end2end renews it"
    );
    let small = fs::read(&after)?;
    fs::remove_file(&before)?;
    fs::remove_file(&after)?;
    Ok(small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_loads_the_hashed_wasm() {
        let js = "x = new URL('troupe_bg.wasm', import.meta.url);";
        let out = point_at(js, "pkg/troupe.0a.wasm").expect("the name occurs once");
        assert_eq!(out, "x = new URL('troupe.0a.wasm', import.meta.url);");
        assert!(point_at("nothing", "pkg/troupe.0a.wasm").is_err());
    }

    #[test]
    fn slim_keeps_every_statement() {
        let js =
            "/**\n * a word\n */\nfunction f() {\n    // why\n    return '/* not a comment';\n}\n";
        assert_eq!(slim(js), "function f() {\nreturn '/* not a comment';\n}\n");
    }

    #[test]
    fn slim_leaves_long_texts_alone() {
        let js = "const a = `\n   // text\n`;\n";
        assert_eq!(slim(js), js);
    }
}
