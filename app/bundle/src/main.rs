//! Builds everything a browser loads and puts it, named by content, into `app/bundle/dist`.
//!
//! `cargo bundle` is quick and uncompressed, for work; `cargo bundle --release` is small,
//! compressed, and fails above its ceiling. Both do nothing when nothing changed.

mod compile;
mod dist;
mod glue;
mod squeeze;
mod style;
mod workspace;

use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;

use crate::dist::{Dist, Manifest};
use crate::squeeze::{Size, kib};
use crate::workspace::Workspace;

/// What wasm and glue together may weigh on the wire, in bytes of brotli.
const CEILING: usize = 150 * 1024;

/// Builds what the browser loads into app/bundle/dist.
#[derive(Parser)]
#[command(name = "cargo bundle", version)]
struct Options {
    /// Optimise, compress, and fail when the result is over its ceiling.
    #[arg(long)]
    release: bool,
    /// Write nothing; fail when dist is not what the sources give.
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bundle: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let raw = compile::browser(&workspace, options.release)?;
    let source = glue::source(&workspace, options.release, &raw)?;

    let dist = Dist::at(workspace.dist());
    let (made, news) = match dist.script(&source) {
        Some(kept) => (kept, false),
        None => (script(&workspace, options.release, raw)?, true),
    };
    let (files, manifest) = gather(&workspace, options.release, source, made)?;

    if options.release {
        report(&manifest);
        under_ceiling(&manifest)?;
        names_no_path(&workspace, &files)?;
    }
    if options.check {
        return dist.check(&files, &manifest);
    }
    let written = dist.publish(&files, &manifest)?;
    match (written, news) {
        (0, _) => println!("bundle: {} is up to date", manifest.build),
        (n, true) => println!("bundle: {} ({n} files written)", manifest.build),
        (n, false) => println!(
            "bundle: {} ({n} files written, script as before)",
            manifest.build
        ),
    }
    Ok(())
}

/// The wasm and its glue, under the names they are served by.
struct Script {
    js: String,
    wasm: String,
    files: BTreeMap<String, Vec<u8>>,
}

fn script(workspace: &Workspace, release: bool, raw: Vec<u8>) -> Result<Script> {
    let (js, wasm) = glue::bind(raw)?;
    let wasm = if release {
        glue::optimise(workspace, wasm)?
    } else {
        wasm
    };
    let wasm_name = squeeze::hashed("pkg/troupe", &wasm, "wasm");
    let js = glue::point_at(&js, &wasm_name)?;
    let js = if release { glue::slim(&js) } else { js };
    let js_name = squeeze::hashed("pkg/troupe", js.as_bytes(), "js");

    let mut files = BTreeMap::new();
    files.insert(wasm_name.clone(), wasm);
    files.insert(js_name.clone(), js.into_bytes());
    if release {
        squeeze::add_copies(&mut files)?;
    }
    Ok(Script {
        js: js_name,
        wasm: wasm_name,
        files,
    })
}

/// Everything that dist should hold, and the page that says so.
fn gather(
    workspace: &Workspace,
    release: bool,
    source: String,
    script: Script,
) -> Result<(BTreeMap<String, Vec<u8>>, Manifest)> {
    let sheet = style::join(&workspace.root().join("style"))?;
    let sheet = if release { style::slim(&sheet) } else { sheet };
    let style = squeeze::hashed("style", sheet.as_bytes(), "css");

    let mut plain = BTreeMap::from([(style.clone(), sheet.into_bytes())]);
    for entry in workspace.files_in("public")? {
        let name = entry.file_name().context("a file of public/ has a name")?;
        let name = name
            .to_str()
            .context("names in public/ are plain text")?
            .to_owned();
        ensure!(
            !plain.contains_key(&name),
            "public/{name} would cover a file of the bundle"
        );
        plain.insert(name, fs::read(&entry)?);
    }
    if release {
        squeeze::add_copies(&mut plain)?;
    }
    let mut files = script.files;
    files.extend(plain);
    let manifest = Manifest {
        build: squeeze::digest_of_all(&files),
        release,
        source,
        js: script.js,
        wasm: script.wasm,
        style,
        sizes: squeeze::sizes(&files),
    };
    Ok((files, manifest))
}

fn report(manifest: &Manifest) {
    println!(
        "{:<34} {:>10} {:>10} {:>10}",
        "file", "raw", "gzip", "brotli"
    );
    for (name, Size { raw, gzip, brotli }) in &manifest.sizes {
        let small = |n: &Option<usize>| n.map_or_else(|| "-".to_owned(), kib);
        println!(
            "{name:<34} {:>10} {:>10} {:>10}",
            kib(*raw),
            small(gzip),
            small(brotli)
        );
    }
}

fn under_ceiling(manifest: &Manifest) -> Result<()> {
    let weight: usize = [&manifest.js, &manifest.wasm]
        .iter()
        .filter_map(|name| manifest.sizes.get(*name))
        .map(|size| size.brotli.unwrap_or(size.raw))
        .sum();
    println!(
        "wasm and glue: {} of {} in brotli",
        kib(weight),
        kib(CEILING)
    );
    if weight > CEILING {
        bail!(
            "wasm and glue weigh {}, {} over the ceiling: keep dates, URLs, regexes and large \
             serde types out of the islands",
            kib(weight),
            kib(weight - CEILING)
        );
    }
    Ok(())
}

/// Panic messages hold source paths; those of the machine that built it are nobody's business.
fn names_no_path(workspace: &Workspace, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    for path in workspace.private_paths() {
        let needle = path
            .to_str()
            .context("paths of this machine are plain text")?
            .as_bytes();
        for (name, bytes) in files {
            let found = bytes.windows(needle.len()).any(|window| window == needle);
            ensure!(
                !found,
                "{name} names {}, a path of this machine",
                path.display()
            );
        }
    }
    Ok(())
}
