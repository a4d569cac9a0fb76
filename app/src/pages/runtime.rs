//! What a component really is on its plane, down to the pod. The healthy is folded, the broken open.

use leptos::prelude::*;
use model::{
    health::Health,
    path,
    view::{ComponentView, ContainerRow, ObjectNode, RuntimeView},
};

use crate::{
    context::Ask,
    pages::{component::failure, tabs},
    parts::{command, empty, icon, moment, state},
    screen,
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let component = tabs::component(&ask).await?;
        let Some(card) = tabs::chosen(&ask, &component) else {
            let body = empty::nothing(
                "layers",
                "The project's pipeline has no environment yet.",
                (),
            );
            return Ok(tabs::within(&ask, &component, "runtime", (), body));
        };
        if card.artifact.is_none() {
            let body = tabs::not_there(&component, "runtime", &card.environment);
            return Ok(tabs::within(&ask, &component, "runtime", (), body));
        }
        let environment = &card.environment.name;
        let runtime = ask
            .ports
            .components
            .runtime(
                &ask.viewer,
                &component.project,
                &component.name,
                environment,
            )
            .await?;
        let failing = card.artifact.is_some() && card.health == Health::Degraded;
        let failure = failing.then(|| failure(&ask, &component, card, false));
        let body = view! {
            <div class="row">{tabs::pick(&component, "runtime", environment)}</div>
            <div class="stack" data-live="runtime">{failure}{tree(&ask, &component, &runtime)}</div>
            {command::same_by_cli(&[format!(
                "kubectl get all -n {} -l app.kubernetes.io/name={}", runtime.namespace, component.name
            )])}
        };
        Ok(tabs::within(&ask, &component, "runtime", (), body))
    })
}

fn tree(ask: &Ask, component: &ComponentView, runtime: &RuntimeView) -> AnyView {
    let simulated = runtime
        .simulated
        .then(|| view! { <span class="chip">"simulated"</span> });
    let seen = (runtime.as_of.0 > 0)
        .then(|| view! { <span>"Seen "{moment::ago(ask.now(), runtime.as_of)}</span> });
    let trouble = (!runtime.unreachable.is_empty()).then(|| {
        view! {
            <div class="banner" data-state="degraded">
                {icon("s-warn")}
                <p>
                    <b>{format!("Plane {} can't be seen: {}. ", runtime.plane, runtime.unreachable)}</b>
                    "What is below is what was seen last."
                </p>
                <a class="btn" data-size="small" href=path::planes()>"See the planes"</a>
            </div>
        }
    });
    let objects = if runtime.objects.is_empty() {
        empty::nothing("cube", "Nothing of it is on the plane here.", ())
    } else {
        let leaves: Vec<AnyView> = runtime
            .objects
            .iter()
            .map(|node| leaf(ask, component, &runtime.environment, node))
            .collect();
        view! { <ul class="tree">{leaves}</ul> }.into_any()
    };
    view! {
        {trouble}
        <section class="band" aria-labelledby="tree">
            <header>
                <h2 id="tree">"What is on the plane"</h2>
                <p class="sub">
                    <span class="row">{icon("server")}{runtime.plane.clone()}{simulated}</span>
                    <code>{runtime.namespace.clone()}</code>{seen}
                </p>
            </header>
            {objects}
        </section>
    }
    .into_any()
}

fn leaf(ask: &Ask, component: &ComponentView, environment: &str, node: &ObjectNode) -> AnyView {
    let words = if node.sentence.is_empty() {
        node.health.word()
    } else {
        &node.sentence
    };
    let line = view! {
        <span><span class="kind">{node.kind.clone()}</span>" "{node.name.clone()}</span>
        {state::says(node.health, words)}
        <span class="age">{moment::age(ask.now(), node.created)}</span>
    };
    let inside = !(node.children.is_empty() && node.facts.is_empty() && node.containers.is_empty());
    if !inside {
        return view! { <li><span class="leaf"><span></span>{line}</span></li> }.into_any();
    }
    let children: Vec<AnyView> = node
        .children
        .iter()
        .map(|child| leaf(ask, component, environment, child))
        .collect();
    let children = (!children.is_empty()).then(|| view! { <ul>{children}</ul> });
    let id = format!("node-{}-{}", node.kind, node.name);
    view! {
        <li>
            <details id=id open=troubled(node)>
                <summary class="leaf">{icon("right")}{line}</summary>
                {inner(component, environment, node)}
                {children}
            </details>
        </li>
    }
    .into_any()
}

/// Whether it, or anything that it owns, isn't as it should be.
fn troubled(node: &ObjectNode) -> bool {
    let well = matches!(node.health, Health::Healthy | Health::Suspended);
    !well || node.children.iter().any(troubled)
}

fn inner(component: &ComponentView, environment: &str, node: &ObjectNode) -> Option<AnyView> {
    if node.facts.is_empty() && node.containers.is_empty() {
        return None;
    }
    let facts: Vec<AnyView> = node
        .facts
        .iter()
        .map(|(term, value)| view! { <dt>{term.clone()}</dt><dd>{value.clone()}</dd> }.into_any())
        .collect();
    let facts = (!facts.is_empty()).then(|| view! { <dl class="facts">{facts}</dl> });
    let containers: Vec<AnyView> = node
        .containers
        .iter()
        .map(|container| contained(component, environment, &node.name, container))
        .collect();
    let containers =
        (!containers.is_empty()).then(|| view! { <ul class="words">{containers}</ul> });
    Some(view! { <div class="inner">{facts}{containers}</div> }.into_any())
}

fn contained(
    component: &ComponentView,
    environment: &str,
    pod: &str,
    row: &ContainerRow,
) -> AnyView {
    let base = path::component_tab(&component.project, &component.name, "logs", environment);
    let log = format!(
        "{base}&{}&{}",
        path::query("pod", pod),
        path::query("container", &row.name)
    );
    let (tone, shape) = if row.ready {
        ("healthy", "s-ok")
    } else {
        ("failed", "s-bad")
    };
    let restarts =
        (row.restarts > 0).then(|| format!(", {}", crate::parts::count(row.restarts, "restart")));
    view! {
        <li data-state=tone>
            {icon(shape)}
            <span>
                <b>{row.name.clone()}</b>{format!(" {}", row.state)}{restarts}" "
                <a href=log>"Log"</a><br/><code>{row.image.clone()}</code>
            </span>
        </li>
    }
    .into_any()
}
