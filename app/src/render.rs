//! Pages that answer a form: whole documents out of values, without ports and without a router.

use leptos::{prelude::*, reactive::owner::Owner};
use model::{
    access::Viewer,
    problem::Problem,
    view::{EndpointOffer, FrameView, KeyOffer, PlanView},
};

use crate::{
    context::Around,
    forms::Draw,
    frame::{door, framed},
    pages::{apply::plan_screen, component_form::lists, problem::problem_screen, sign_in},
    shell::document,
};

/// Draws what `view` makes, under an owner that goes when it is drawn.
fn whole(view: impl FnOnce() -> AnyView) -> String {
    format!("<!DOCTYPE html>{}", part(view))
}

/// The same for a part of a page.
fn part(view: impl FnOnce() -> AnyView) -> String {
    let owner = Owner::new();
    let html = owner.with(|| view().to_html());
    owner.unset_with_forced_cleanup();
    html
}

/// The plan of what was sent, with its faults, or what was done.
pub fn apply(
    around: &Around,
    viewer: &Viewer,
    frame: &FrameView,
    plan: &PlanView,
    text: &str,
) -> String {
    whole(|| framed(around, viewer, frame, plan_screen(viewer, plan, text)))
}

/// A form again, or what is to be confirmed.
pub fn form(around: &Around, viewer: &Viewer, frame: &FrameView, draw: Draw) -> String {
    whole(|| framed(around, viewer, frame, draw()))
}

/// The sign-in page after an attempt that failed.
pub fn sign_in(around: &Around, return_to: &str, name: &str, message: &str) -> String {
    whole(|| sign_in::sign_in_document(around, return_to, name, message))
}

/// The setup page after an attempt that failed.
pub fn setup(around: &Around, token: &str, message: &str) -> String {
    whole(|| sign_in::setup_document(around, token, message))
}

/// Endpoints as the options of a list, for a component of this project.
pub fn endpoint_options(offers: &[EndpointOffer], project: &str) -> String {
    part(|| lists::endpoints(offers, project))
}

/// Keys of ConfigurationGroups as the options of a list.
pub fn key_options(offers: &[KeyOffer]) -> String {
    part(|| lists::keys(offers))
}

/// A problem that was met outside of a page.
pub fn problem(
    around: &Around,
    viewer: Option<&Viewer>,
    frame: Option<&FrameView>,
    problem: &Problem,
) -> String {
    whole(|| {
        let screen = problem_screen(problem, around, viewer.is_some());
        match viewer {
            Some(viewer) => framed(
                around,
                viewer,
                frame.unwrap_or(&FrameView::default()),
                screen,
            ),
            None => document(around, &screen.title, door(screen.body)),
        }
    })
}
