//! Names by content, compressed copies, and what each file weighs.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Bytes of one file as it is, and as it travels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// As it is.
    pub raw: usize,
    /// Beside it as `.gz`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gzip: Option<usize>,
    /// Beside it as `.br`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub brotli: Option<usize>,
}

/// A digest over parts whose borders count.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.len().to_be_bytes());
        sha.update(part);
    }
    hex::encode(&sha.finalize()[..])
}

/// `stem.<hash>.extension`: another content, another address.
pub fn hashed(stem: &str, content: &[u8], extension: &str) -> String {
    format!("{stem}.{}.{extension}", &digest([content])[..12])
}

/// One name for a whole set of files. Compressed copies follow from the rest.
pub fn digest_of_all(files: &BTreeMap<String, Vec<u8>>) -> String {
    let originals = files.iter().filter(|(name, _)| !is_copy(name));
    let all = digest(originals.flat_map(|(name, content)| [name.as_bytes(), content.as_slice()]));
    all[..12].to_owned()
}

/// Adds `.br` and `.gz` beside every file.
pub fn add_copies(files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let mut copies = Vec::new();
    for (name, content) in files.iter() {
        copies.push((format!("{name}.br"), brotli_of(content)?));
        copies.push((format!("{name}.gz"), gzip_of(content)?));
    }
    files.extend(copies);
    Ok(())
}

/// What each original weighs, with its copies'.
pub fn sizes(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Size> {
    let copy = |name: &str, kind: &str| files.get(&format!("{name}.{kind}")).map(Vec::len);
    files
        .iter()
        .filter(|(name, _)| !is_copy(name))
        .map(|(name, content)| {
            let size = Size {
                raw: content.len(),
                gzip: copy(name, "gz"),
                brotli: copy(name, "br"),
            };
            (name.clone(), size)
        })
        .collect()
}

/// `12.3 KiB`.
pub fn kib(bytes: usize) -> String {
    let tenths = (bytes * 10).div_ceil(1024);
    format!("{}.{} KiB", tenths / 10, tenths % 10)
}

fn is_copy(name: &str) -> bool {
    name.ends_with(".br") || name.ends_with(".gz")
}

fn brotli_of(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut out, &parameters)?;
    Ok(out)
}

fn gzip_of(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn borders_between_parts_count() {
        assert_ne!(
            digest([b"ab".as_slice(), b"c"]),
            digest([b"a".as_slice(), b"bc"])
        );
    }

    #[test]
    fn copies_unpack_to_the_original() {
        let text = "words and words and words ".repeat(50).into_bytes();
        let mut files = BTreeMap::from([("a.css".to_owned(), text.clone())]);
        add_copies(&mut files).expect("memory takes every write");

        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &files["a.css.br"][..], &mut unpacked).expect("valid brotli");
        assert_eq!(unpacked, text);
        let mut unpacked = Vec::new();
        let mut gunzip = flate2::read::GzDecoder::new(&files["a.css.gz"][..]);
        gunzip.read_to_end(&mut unpacked).expect("valid gzip");
        assert_eq!(unpacked, text);

        let sizes = sizes(&files);
        assert_eq!(sizes.len(), 1, "copies are not files of their own");
        assert!(
            sizes["a.css"]
                .brotli
                .is_some_and(|small| small < text.len())
        );
    }

    #[test]
    fn kib_rounds_up() {
        assert_eq!(kib(150 * 1024), "150.0 KiB");
        assert_eq!(kib(150 * 1024 + 1), "150.1 KiB");
    }
}
