//! The lists that a component's fields suggest from. With the script they keep up with what is typed.

use leptos::prelude::*;
use model::{
    form::component::TEMPLATES,
    kind::value::Exposure,
    path,
    view::{EndpointOffer, KeyOffer},
};

use super::Desk;

/// All of them.
pub(super) fn all(desk: &Desk) -> AnyView {
    let templates: Vec<AnyView> = TEMPLATES
        .iter()
        .map(|(template, words)| option(template, words))
        .collect();
    view! {
        <datalist id="known-endpoints" data-suggest=path::suggest_endpoints(&desk.project, desk.name())>
            {endpoints(&desk.endpoints, &desk.project)}
        </datalist>
        <datalist id="known-keys" data-suggest=path::suggest_keys()>{keys(&desk.keys)}</datalist>
        <datalist id="known-templates">{templates}</datalist>
    }
    .into_any()
}

/// Endpoints as a connection of this project names them.
pub fn endpoints(offers: &[EndpointOffer], own: &str) -> AnyView {
    let options: Vec<AnyView> = offers
        .iter()
        .map(|offer| option(&address(offer, own), &words(offer)))
        .collect();
    options.into_any()
}

/// Keys as a variable names them.
pub fn keys(offers: &[KeyOffer]) -> AnyView {
    let options: Vec<AnyView> = offers
        .iter()
        .map(|offer| option(&format!("{}/{}", offer.group, offer.key), ""))
        .collect();
    options.into_any()
}

fn option(value: &str, words: &str) -> AnyView {
    let words = (!words.is_empty()).then(|| words.to_owned());
    view! { <option value=value.to_owned()>{words}</option> }.into_any()
}

fn address(offer: &EndpointOffer, own: &str) -> String {
    let near = format!("{}/{}", offer.component, offer.endpoint);
    if offer.project == own {
        near
    } else {
        format!("{}/{near}", offer.project)
    }
}

/// What it speaks, where, and who sees it.
fn words(offer: &EndpointOffer) -> String {
    let seen = match offer.exposure {
        Exposure::Project => "",
        Exposure::Organization => ", seen by the organization",
        Exposure::Public => ", seen by the internet",
    };
    format!("{} on port {}{seen}", offer.endpoint_type, offer.port)
}
