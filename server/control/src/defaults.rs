//! What is made at first start, and the demo.

use std::collections::BTreeMap;

use model::{access::platform as platform_grant, manifest, port::SentFile};

use crate::{
    Platform, Result,
    apply::{Mode, documents_applied, read},
    error::Error,
};

/// What v0.3's chart ships (`openchoreo.md` 2.16), as manifests.
pub const MANIFESTS: &str = include_str!("defaults.yaml");

/// A small story beside the shop.
const STORY: &str = include_str!("demo.yaml");

macro_rules! shop {
    ($($file:literal)*) => {
        &[$(($file, include_str!(concat!("../../../end2end/manifests/shop/", $file)))),*]
    };
}

/// The shop demo, as OpenChoreo's samples have it.
const SHOP: &[(&str, &str)] = shop! {
    "gcp-microservice-demo-project.yaml" "ad-component.yaml" "cart-component.yaml"
    "checkout-component.yaml" "currency-component.yaml" "email-component.yaml"
    "frontend-component.yaml" "payment-component.yaml" "productcatalog-component.yaml"
    "recommendation-component.yaml" "redis-component.yaml" "shipping-component.yaml"
};

/// The manifests of the defaults.
pub fn manifests() -> &'static str {
    MANIFESTS
}

fn file(name: &str, text: &str) -> SentFile {
    SentFile {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

/// Makes what a first start makes, once; adds the demo where it was asked for.
///
/// # Errors
/// When the store refuses.
pub async fn first_start(platform: &Platform) -> Result<()> {
    let settings = &platform.0.settings;
    let organizations = platform
        .store()
        .resources_of_kind_everywhere(model::kind::Kind::Organization)
        .await?;
    let mut files = Vec::new();
    if organizations.is_empty() && !settings.bare {
        files.push(file("defaults.yaml", MANIFESTS));
    }
    if settings.demo && platform.store().meta("demo").await?.is_none() {
        files.extend(SHOP.iter().map(|(name, text)| file(name, text)));
        files.push(file("bookshop.yaml", STORY));
    }
    if files.is_empty() {
        return Ok(());
    }
    let documents = read(&files, "default").map_err(|faults| Error::Corrupt {
        what: "the built-in manifests".into(),
        reason: format!("{faults:?}"),
    })?;
    let documents = manifest::in_order(documents);
    let grant = platform_grant("first-start", "default");
    let grants: BTreeMap<_, _> = documents
        .iter()
        .map(|document| (document.identity.clone(), grant.clone()))
        .collect();
    let view =
        documents_applied(platform, &documents, &grants, &BTreeMap::new(), Mode::Apply).await?;
    if !view.faults.is_empty() {
        let reason = format!("{:?}", view.faults);
        return Err(Error::Corrupt {
            what: "the built-in manifests".into(),
            reason,
        });
    }
    if settings.demo {
        let mut tx = platform.store().begin(crate::clock::now().0).await?;
        tx.meta_or("demo", "loaded").await?;
        tx.commit().await?;
    }
    Ok(())
}
