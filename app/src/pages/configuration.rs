//! All configuration groups: what they hold, who takes from them, and what is missing.

use leptos::prelude::*;
use model::{path, view::ConfigurationRow};

use crate::{
    context::Ask,
    parts::{command, count, empty, icon, moment, state},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let rows = ask.ports.configuration.list(&ask.viewer).await?;
        let number = i64::try_from(rows.len()).unwrap_or_default();
        let list = if rows.is_empty() {
            empty::nothing(
                "sliders",
                "No configuration group yet. A group holds keys with a value for each environment; components take them as variables.",
                view! { <a class="btn" data-kind="main" href=path::new_configuration_group()>"New group"</a> },
            )
        } else {
            table(&ask, &rows)
        };
        let body = view! {
            <header class="head">
                <div><h1>"Configuration"</h1><p class="sub"><span>{count(number, "group")}</span><span>"environment beats group beats global"</span></p></div>
                <div class="acts"><a class="btn" data-kind="main" href=path::new_configuration_group()>{icon("plus")}"New group"</a></div>
            </header>
            {list}
            {command::same_by_cli(&["troupe get configurationgroups".into()])}
        };
        Ok(Screen::new("Configuration", Place::Configuration, body))
    })
}

fn table(ask: &Ask, rows: &[ConfigurationRow]) -> AnyView {
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            let missing = if row.missing == 0 {
                view! { <span class="quiet">"none"</span> }.into_any()
            } else {
                let words = format!("{} missing", row.missing);
                state::named("failed", "s-warn", &words)
            };
            let about = row.description.clone();
            let about = (!about.is_empty()).then(|| view! { <p class="quiet">{about}</p> });
            view! {
                <tr>
                    <th scope="row"><a href=path::configuration_group(&row.name)>{icon("sliders")}{row.display_name.clone()}</a>{about}</th>
                    <td class="num">{row.keys}</td>
                    <td class="num">{row.components}</td>
                    <td>{missing}</td>
                    <td>{moment::ago(ask.now(), row.updated)}" by "{row.by.clone()}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="boxed" tabindex="0" role="region" aria-label="Configuration groups">
            <table class="table">
                <thead><tr>
                    <th scope="col">"Group"</th><th scope="col" class="num">"Keys"</th>
                    <th scope="col" class="num">"Components"</th><th scope="col">"Values missing"</th>
                    <th scope="col">"Changed"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
