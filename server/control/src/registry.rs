//! Container registries: whether an image is there, and which digest its tag stands for now.
//!
//! Asked before anything is written and with seconds of patience, so that no registry holds up the
//! platform. Only what a registry says for sure counts against an image: that the tag isn't there.
//! Registries that want a sign-in, are slow or can't be reached from here leave it as it was written.

use std::{sync::Arc, time::Duration};

use model::{
    manifest::suggest,
    problem::{FieldFault, Problem},
    view::{Checked, ImageCheck},
};
use oci_client::{
    Client, Reference,
    client::{ClientConfig, ClientProtocol},
    errors::{OciDistributionError, OciErrorCode},
    secrets::RegistryAuth,
};
use tokio::sync::Semaphore;

/// So long a registry may take, all in all.
const PATIENCE: Duration = Duration::from_secs(4);
/// So many are asked at once; who comes then isn't checked.
const AT_ONCE: usize = 16;
/// So many tags are looked through for names that come near.
const TAGS: usize = 200;

/// Asks registries, unless that is turned off.
#[derive(Clone)]
pub struct Registries {
    on: bool,
    slots: Arc<Semaphore>,
}

impl Registries {
    /// Asks, or never does.
    pub fn new(on: bool) -> Self {
        Self {
            on,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Looks for an image. `before` is the one that it replaces: where nobody can say what the
    /// tag is now and it is the same, its digest stays.
    ///
    /// # Errors
    /// When it isn't an image's name, or its registry says that it isn't there.
    pub async fn check(&self, image: &str, before: &str) -> Result<ImageCheck, Problem> {
        let image = image.trim();
        let reference: Reference = image.parse().map_err(|error| {
            Problem::invalid(
                "image",
                &format!("{image:?} isn't an image's name: {error}"),
                "Write it as registry/path:tag",
            )
        })?;
        if !self.on {
            return Ok(ImageCheck {
                image: image.to_owned(),
                checked: Checked::Off,
                says: "The registry wasn't asked: TROUPE_REGISTRY_CHECK is off".to_owned(),
            });
        }
        let Ok(_slot) = self.slots.try_acquire() else {
            return Ok(unknown(
                image,
                before,
                "too many images are checked at once",
            ));
        };
        match tokio::time::timeout(PATIENCE, ask(&reference)).await {
            Err(_) => Ok(unknown(image, before, "it took too long to answer")),
            Ok(Answer::Digest(digest)) => Ok(found(image, &reference, &digest)),
            Ok(Answer::Unknown(why)) => Ok(unknown(image, before, &why)),
            Ok(Answer::Missing(near)) => Err(missing(image, &near)),
        }
    }
}

/// What came of asking.
enum Answer {
    Digest(String),
    /// It isn't there; tags that come near.
    Missing(Vec<String>),
    /// Nobody can say, and why.
    Unknown(String),
}

async fn ask(reference: &Reference) -> Answer {
    let registry = reference.resolve_registry();
    let protocol = if is_local(registry) {
        ClientProtocol::HttpsExcept(vec![registry.to_owned()])
    } else {
        ClientProtocol::Https
    };
    // Someone may have chosen before, and it can be but the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::try_from(ClientConfig {
        protocol,
        connect_timeout: Some(PATIENCE),
        read_timeout: Some(PATIENCE),
        user_agent: "troupe",
        ..ClientConfig::default()
    });
    let client = match client {
        Ok(client) => client,
        Err(error) => return Answer::Unknown(error.to_string()),
    };
    let nobody = RegistryAuth::Anonymous;
    match client.fetch_manifest_digest(reference, &nobody).await {
        Ok(digest) => Answer::Digest(digest),
        Err(error) if says_missing(&error) => {
            let tags = client
                .list_tags(reference, &nobody, Some(TAGS), None)
                .await
                .map(|tags| tags.tags)
                .unwrap_or_default();
            Answer::Missing(nearby(reference.tag().unwrap_or_default(), &tags))
        }
        Err(error) => Answer::Unknown(words(&error)),
    }
}

/// A registry on this very host speaks plain HTTP, as container tools take it too.
fn is_local(registry: &str) -> bool {
    let host = registry.rsplit_once(':').map_or(registry, |(host, _)| host);
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn says_missing(error: &OciDistributionError) -> bool {
    match error {
        OciDistributionError::RegistryError { envelope, .. } => {
            envelope.errors.iter().any(|error| {
                matches!(
                    error.code,
                    OciErrorCode::ManifestUnknown
                        | OciErrorCode::NameUnknown
                        | OciErrorCode::NotFound
                )
            })
        }
        OciDistributionError::ImageManifestNotFoundError(_)
        | OciDistributionError::ServerError { code: 404, .. } => true,
        _ => false,
    }
}

/// Why nobody can say, in words.
fn words(error: &OciDistributionError) -> String {
    match error {
        OciDistributionError::UnauthorizedError { .. }
        | OciDistributionError::AuthenticationFailure(_) => {
            "it wants a sign-in that Troupe doesn't have".to_owned()
        }
        OciDistributionError::RegistryError { envelope, .. }
            if envelope.errors.iter().any(|error| {
                matches!(
                    error.code,
                    OciErrorCode::Unauthorized | OciErrorCode::Denied
                )
            }) =>
        {
            "it wants a sign-in that Troupe doesn't have".to_owned()
        }
        OciDistributionError::RequestError(_) => "it can't be reached from here".to_owned(),
        OciDistributionError::ServerError { code, .. } => format!("it answered {code}"),
        other => other.to_string(),
    }
}

/// The tags that come nearest, at most three.
fn nearby(tag: &str, tags: &[String]) -> Vec<String> {
    let mut left: Vec<&str> = tags.iter().map(String::as_str).collect();
    let mut near = Vec::new();
    while near.len() < 3
        && let Some(found) = suggest::nearest(tag, left.iter().copied())
    {
        near.push(found.to_owned());
        left.retain(|tag| *tag != found);
    }
    if near.is_empty() {
        near = tags.iter().rev().take(3).cloned().collect();
    }
    near
}

fn found(image: &str, reference: &Reference, digest: &str) -> ImageCheck {
    // What people wrote is kept as it is; only the digest is added.
    let pinned = if reference.digest().is_some() {
        image.to_owned()
    } else {
        format!("{image}@{digest}")
    };
    let short: String = digest.chars().take("sha256:".len() + 12).collect();
    ImageCheck {
        image: pinned,
        checked: Checked::Found,
        says: format!("{} has it; it is {short}", reference.resolve_registry()),
    }
}

fn unknown(image: &str, before: &str, why: &str) -> ImageCheck {
    let kept = before
        .split_once('@')
        .filter(|(tag, _)| *tag == image)
        .map(|_| before);
    let follows = if kept.is_some() {
        "The digest that it had before is kept"
    } else {
        "The image is taken as it was written"
    };
    ImageCheck {
        image: kept.unwrap_or(image).to_owned(),
        checked: Checked::Unknown,
        says: format!("The registry couldn't say whether the image is there: {why}. {follows}"),
    }
}

fn missing(image: &str, near: &[String]) -> Problem {
    let message = format!("The registry has no {image}");
    let remedy = if near.is_empty() {
        "Push it first, or write another tag".to_owned()
    } else {
        format!(
            "Push it first, or take one that is there: {}",
            near.join(", ")
        )
    };
    Problem::Invalid {
        message: message.clone(),
        faults: vec![FieldFault {
            path: "image".into(),
            message,
            remedy,
            ..FieldFault::default()
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_stays_while_nobody_can_say_and_the_tag_is_the_same() {
        let before = "ghcr.io/acme/cart:1.2@sha256:aa";
        assert_eq!(unknown("ghcr.io/acme/cart:1.2", before, "x").image, before);
        assert_eq!(
            unknown("ghcr.io/acme/cart:1.3", before, "x").image,
            "ghcr.io/acme/cart:1.3"
        );
    }

    #[test]
    fn only_registries_of_this_host_are_asked_in_the_clear() {
        for (registry, local) in [
            ("localhost:5000", true),
            ("127.0.0.1:5000", true),
            ("127.1.2.3", true),
            ("10.0.0.1:5000", false),
            ("ghcr.io", false),
            ("localhost.evil.test", false),
        ] {
            assert_eq!(is_local(registry), local, "{registry}");
        }
    }
}
