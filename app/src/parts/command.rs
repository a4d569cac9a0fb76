//! The same by command line, ready to be copied.

use leptos::prelude::*;
use model::identity::Identity;

use crate::islands::Copy;

use super::fold;

/// A command with its copy button.
pub fn command(id: &str, text: &str) -> AnyView {
    view! {
        <div class="cli">
            <code tabindex="0" id=id.to_owned()>{text.to_owned()}</code>
            <Copy of=id.to_owned() label="Copy the command".to_owned()/>
        </div>
    }
    .into_any()
}

/// The options that say whose something is, with a space before each.
pub fn owner(own: &Identity) -> String {
    [("-p", &own.project), ("-c", &own.component)]
        .into_iter()
        .filter(|(_, name)| !name.is_empty())
        .map(|(option, name)| format!(" {option} {name}"))
        .collect()
}

/// Commands that do what the page does, folded.
pub fn same_by_cli(commands: &[String]) -> AnyView {
    let lines: Vec<AnyView> = commands
        .iter()
        .enumerate()
        .map(|(at, text)| command(&format!("command-{at}"), text))
        .collect();
    fold(
        "cli",
        "Same by command line",
        false,
        view! { <div class="stack" data-gap="small">{lines}</div> },
    )
}
