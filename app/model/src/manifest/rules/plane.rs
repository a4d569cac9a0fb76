//! Planes: one way in, and credentials that can be read.

use base64::Engine;

use super::{at_most_one, kubeconfig};
use crate::{
    kind::plane::SEALED,
    manifest::found::{At, Found},
};

/// Checks a DataPlane or BuildPlane.
pub(super) fn check(spec: &At<'_>, found: &mut Vec<Found>) {
    let Some(cluster) = spec.get("kubernetesCluster") else {
        return;
    };
    at_most_one(&cluster, &["credentials", "kubeconfig"], found);
    if let Some(credentials) = cluster.get("credentials") {
        for (field, what) in [
            ("caCert", "CERTIFICATE"),
            ("clientCert", "CERTIFICATE"),
            ("clientKey", "PRIVATE KEY"),
        ] {
            if let Some(at) = credentials.get(field) {
                pem(&at, what, found);
            }
        }
    }
    let context = cluster.text("context");
    match cluster.get("kubeconfig") {
        Some(at) => {
            // What is sealed was checked when it was sent.
            if let Some(text) = at.value.as_str().filter(|text| *text != SEALED) {
                for (message, remedy) in kubeconfig::check(text, context) {
                    found.push(at.fault(message, remedy));
                }
            }
        }
        None => {
            if let Some(at) = cluster.get("context") {
                found.push(at.fault(
                    "is only for a kubeconfig",
                    "Take it away, or give `kubeconfig`",
                ));
            }
        }
    }
}

/// Text that is base64 and holds PEM of a sort. The value itself is never repeated: it may be a key.
fn pem(at: &At<'_>, what: &str, found: &mut Vec<Found>) {
    let Some(text) = at.value.as_str().filter(|text| *text != SEALED) else {
        return;
    };
    if text.contains("-----BEGIN ") {
        found.push(at.fault(
            "is PEM, not base64 of it",
            "Encode it, such as with `base64 -w0 file.pem`",
        ));
        return;
    }
    let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(compact) else {
        found.push(at.fault(
            "isn't base64",
            "Encode the PEM file, such as with `base64 -w0 file.pem`",
        ));
        return;
    };
    let decoded = String::from_utf8_lossy(&bytes);
    let right = decoded
        .lines()
        .any(|line| line.starts_with("-----BEGIN ") && line.contains(what));
    if !right {
        let article = if what == "CERTIFICATE" {
            "a certificate"
        } else {
            "a private key"
        };
        found.push(at.fault(
            format!("isn't {article}"),
            format!("Give base64 of a PEM file with `-----BEGIN {what}-----`"),
        ));
    }
}
