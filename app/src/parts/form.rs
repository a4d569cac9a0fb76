//! A form's parts: what is asked, how it is answered, what is wrong with the answer.

use std::cell::Cell;

use leptos::prelude::*;
use model::{access::Viewer, problem::FieldFault};

use super::{count, icon, preview};
use crate::{context::csrf, forms::Typed, islands::Draft as DraftIsland, parts::yaml::escape};

/// A form as it is drawn: what was typed, and what is wrong with it.
pub struct Sheet<'a> {
    viewer: &'a Viewer,
    typed: &'a Typed,
    /// Whether some control has taken the focus: the first that may does.
    focused: Cell<bool>,
}

/// One question: the field's name, what it is called, and a line that says what it is.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The field's name and id.
    pub name: &'a str,
    /// What people call it.
    pub label: &'a str,
    /// One line that says what it is and what happens with it.
    pub hint: &'a str,
}

/// A question with its three texts.
pub fn ask<'a>(name: &'a str, label: &'a str, hint: &'a str) -> Question<'a> {
    Question { name, label, hint }
}

/// How a single line is typed.
#[derive(Clone, Copy, Default)]
pub struct Line<'a> {
    /// What it must be typed as: `text`, `number`, `url`; `text` when empty.
    pub kind: &'a str,
    /// An example, shown while nothing is typed.
    pub example: &'a str,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether it can be read and not changed.
    pub fixed: bool,
    /// What stands before it, such as `shop /`.
    pub before: &'a str,
    /// The id of a list of suggestions.
    pub list: &'a str,
}

/// One of several answers: what is sent, what people read, what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What people read.
    pub label: String,
    /// What it means; may be empty.
    pub means: String,
    /// Its sign; may be empty.
    pub sign: &'static str,
}

impl Choice {
    /// A choice that says itself.
    pub fn plain(value: &str) -> Self {
        Self::called(value, value)
    }

    /// A choice with words for it.
    pub fn called(value: &str, label: &str) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            means: String::new(),
            sign: "",
        }
    }
}

impl<'a> Sheet<'a> {
    /// A form as somebody sees it.
    pub fn new(viewer: &'a Viewer, typed: &'a Typed) -> Self {
        Self {
            viewer,
            typed,
            focused: Cell::new(false),
        }
    }

    /// Whether typing goes on in this control: the one of the row that was just made that is drawn
    /// first.
    fn focus(&self, name: &str) -> bool {
        let row = &self.typed.focus;
        let own = !row.is_empty()
            && name
                .strip_prefix(row.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        own && !self.focused.replace(true)
    }

    /// What was typed into a field.
    pub fn value(&self, name: &str) -> String {
        self.typed.fields.raw(name).to_owned()
    }

    /// What is wrong with a field.
    fn fault(&self, name: &str) -> Option<&FieldFault> {
        self.typed.faults.iter().find(|fault| fault.path == name)
    }

    /// The label, the control, the error and the hint, tied together.
    fn field(&self, of: Question<'_>, optional: bool, control: AnyView) -> AnyView {
        let (id, label) = (of.name.to_owned(), of.label.to_owned());
        let optional = optional.then(|| view! { " "<span class="opt">"optional"</span> });
        let error = self.fault(of.name).map(|fault| {
            let says = format!("{}. {}", sentence(&fault.message), fault.remedy);
            view! {
                <p class="error" id=error_id(of.name)>{icon("s-bad")}<span>{says}</span></p>
            }
        });
        let hint = (!of.hint.is_empty()).then(|| {
            let hint = of.hint.to_owned();
            view! { <p class="hint" id=hint_id(of.name)>{hint}</p> }
        });
        view! {
            <div class="field"><label for=id>{label}{optional}</label>{control}{error}{hint}</div>
        }
        .into_any()
    }

    /// What describes a field to those who hear it.
    fn described(&self, of: Question<'_>) -> Option<String> {
        let error = self.fault(of.name).map(|_| error_id(of.name));
        let hint = (!of.hint.is_empty()).then(|| hint_id(of.name));
        let all: Vec<String> = error.into_iter().chain(hint).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn invalid(&self, name: &str) -> Option<&'static str> {
        self.fault(name).map(|_| "true")
    }

    /// A line of text.
    pub fn line(&self, of: Question<'_>, line: Line<'_>) -> AnyView {
        let kind = if line.kind.is_empty() {
            "text"
        } else {
            line.kind
        };
        let input = view! {
            <input
                class="input" type=kind.to_owned() id=of.name.to_owned() name=of.name.to_owned()
                value=self.value(of.name) placeholder=some(line.example) list=some(line.list)
                readonly=line.fixed aria-invalid=self.invalid(of.name) autofocus=self.focus(of.name)
                aria-describedby=self.described(of) autocomplete="off" autocapitalize="none"
                spellcheck="false"
            />
        }
        .into_any();
        let before = some(line.before);
        let control = match before {
            Some(before) => {
                view! { <div class="prefix"><span>{before}</span>{input}</div> }.into_any()
            }
            None => input,
        };
        self.field(of, line.optional, control)
    }

    /// The indexes of the rows under a name.
    pub fn rows(&self, list: &str) -> Vec<usize> {
        self.typed.fields.indexes(list)
    }

    /// A line of text in a table, whose row and column say what it is; `label` says it to those who hear it.
    pub fn cell(&self, name: &str, label: &str, line: Line<'_>) -> AnyView {
        let of = ask(name, label, "");
        let error = self.fault(name).map(|fault| {
            let says = format!("{}. {}", sentence(&fault.message), fault.remedy);
            view! { <p class="error" id=error_id(name)>{icon("s-bad")}<span>{says}</span></p> }
        });
        view! {
            <div class="field">
                <input
                    class="input" id=name.to_owned() name=name.to_owned() value=self.value(name)
                    placeholder=some(line.example) aria-label=label.to_owned()
                    aria-invalid=self.invalid(name) aria-describedby=self.described(of)
                    autocomplete="off" autocapitalize="none" spellcheck="false"
                />
                {error}
            </div>
        }
        .into_any()
    }

    /// A text of many lines; `code` is shown as such.
    pub fn area(&self, of: Question<'_>, rows: u32, optional: bool, code: bool) -> AnyView {
        // Leptos escapes nothing in a textarea, and the parser drops a first line end.
        let text = format!("\n{}", escape(&self.value(of.name)));
        let control = view! {
            <textarea
                class="input" id=of.name.to_owned() name=of.name.to_owned() rows=rows
                data-code=code.then_some("") spellcheck=if code { "false" } else { "true" }
                autofocus=self.focus(of.name)
                aria-invalid=self.invalid(of.name) aria-describedby=self.described(of)
                inner_html=text
            ></textarea>
        };
        self.field(of, optional, control.into_any())
    }

    /// One of several, in a list.
    pub fn select(&self, of: Question<'_>, choices: &[Choice], optional: bool) -> AnyView {
        let chosen = self.value(of.name);
        let options: Vec<AnyView> = choices
            .iter()
            .map(|choice| {
                let selected = choice.value == chosen;
                view! {
                    <option value=choice.value.clone() selected=selected>{choice.label.clone()}</option>
                }
                .into_any()
            })
            .collect();
        // What was typed is never replaced by what merely comes first.
        let stray = (!choices.iter().any(|choice| choice.value == chosen)).then(|| {
            let words = if chosen.is_empty() {
                "Choose one".to_owned()
            } else {
                format!("{chosen} (not there)")
            };
            view! { <option value=chosen.clone() selected>{words}</option> }
        });
        let control = view! {
            <select
                class="input" id=of.name.to_owned() name=of.name.to_owned()
                aria-invalid=self.invalid(of.name) aria-describedby=self.described(of)
                autofocus=self.focus(of.name)
            >{stray}{options}</select>
        };
        self.field(of, optional, control.into_any())
    }

    /// One of a few, all in view, each with what it means.
    pub fn choices(&self, of: Question<'_>, choices: &[Choice]) -> AnyView {
        let chosen = self.value(of.name);
        let cards: Vec<AnyView> = choices
            .iter()
            .map(|choice| {
                let sign = (!choice.sign.is_empty()).then(|| icon(choice.sign));
                let means = some(&choice.means).map(|means| view! { <small>{means}</small> });
                view! {
                    <label class="choice">
                        {sign}<b>{choice.label.clone()}</b>
                        <input
                            type="radio" name=of.name.to_owned() value=choice.value.clone()
                            checked=choice.value == chosen
                        />
                        {means}
                    </label>
                }
                .into_any()
            })
            .collect();
        let error = self.fault(of.name).map(|fault| {
            let says = format!("{}. {}", sentence(&fault.message), fault.remedy);
            view! { <p class="error" id=error_id(of.name)>{icon("s-bad")}<span>{says}</span></p> }
        });
        let hint =
            some(of.hint).map(|hint| view! { <p class="hint" id=hint_id(of.name)>{hint}</p> });
        view! {
            <div class="field">
                <div
                    class="choices" role="radiogroup" id=of.name.to_owned()
                    aria-label=of.label.to_owned() aria-describedby=self.described(of)
                >{cards}</div>
                {error}{hint}
            </div>
        }
        .into_any()
    }

    /// A box to be ticked; it sends `on`.
    pub fn tick(&self, of: Question<'_>) -> AnyView {
        let hint =
            some(of.hint).map(|hint| view! { <p class="hint" id=hint_id(of.name)>{hint}</p> });
        view! {
            <div class="field">
                <label class="check">
                    <input
                        type="checkbox" id=of.name.to_owned() name=of.name.to_owned() value="on"
                        checked=self.typed.fields.has(of.name) aria-describedby=self.described(of)
                    />
                    <span>{of.label.to_owned()}</span>
                </label>
                {hint}
            </div>
        }
        .into_any()
    }

    /// The button that makes one more row under a name; see [`model::form::Fields::reshape`].
    pub fn add(&self, list: &str, label: &str) -> AnyView {
        view! {
            <div class="acts">
                <button
                    class="btn" data-size="small" name="add" value=list.to_owned()
                    autofocus=self.focus(&format!("add {list}"))
                >
                    {icon("plus")}{label.to_owned()}
                </button>
            </div>
        }
        .into_any()
    }

    /// The button that takes a row away; `label` names the row.
    pub fn drop(&self, list: &str, at: usize, label: &str) -> AnyView {
        let label = format!("Remove {label}");
        view! {
            <button
                class="btn" data-kind="bare" data-size="small" data-only="icon" name="drop"
                value=format!("{list}.{at}") aria-label=label.clone() title=label
            >{icon("cross")}</button>
        }
        .into_any()
    }

    /// The form itself: what was typed in the meantime, all faults with links to their fields, the
    /// groups, the buttons at its foot; and beside it what it comes to.
    pub fn form(
        &self,
        action: String,
        cancel: String,
        save: &str,
        groups: Vec<AnyView>,
    ) -> AnyView {
        self.form_with(action, cancel, save, groups, ().into_any())
    }

    /// The same, with something of its own in the panel beside it.
    pub fn form_with(
        &self,
        action: String,
        cancel: String,
        save: &str,
        groups: Vec<AnyView>,
        beside: AnyView,
    ) -> AnyView {
        let confirm = self.typed.confirm.clone();
        let sure = confirm.is_some();
        let words = if sure {
            "This is what changes. Nothing has been done yet."
        } else {
            "You can look at what it comes to before you save."
        };
        let save = if sure {
            format!("{save} now")
        } else {
            save.to_owned()
        };
        let confirmed = confirm.map(|hash| {
            view! { <input type="hidden" name="confirmed" value=hash/> }
        });
        let form = view! {
            <form class="form" method="post" action=action novalidate data-draft=self.begun()>
                // What Enter presses: the first button of a form.
                <button class="sr" name="intent" value="preview" tabindex="-1" aria-hidden="true">"Preview"</button>
                <input type="hidden" name="csrf" value=csrf(self.viewer).to_owned()/>
                <input type="hidden" name="version" value=self.value("version")/>
                {confirmed}
                {stale(self.typed.stale.as_deref())}
                {self.summary()}
                {groups}
                <div class="foot">
                    <p>{words}</p>
                    <a class="btn" data-kind="bare" href=cancel>"Cancel"</a>
                    <button class="btn" name="intent" value="preview">{icon("search")}"Preview"</button>
                    <button class="btn" data-kind="main" name="intent" value="save">{save}</button>
                </div>
            </form>
        };
        view! {
            <div class="cols" data-wide="aside">
                {form}
                <aside class="drawer" data-stick aria-labelledby="preview" data-live="preview" tabindex="0">
                    {preview::panel(self.typed)}{beside}
                </aside>
            </div>
            <DraftIsland/>
        }
        .into_any()
    }

    /// A form that is done at once: nothing of it can be previewed. `kind` is its button's.
    pub fn alone(
        &self,
        action: String,
        cancel: String,
        button: &str,
        kind: &'static str,
        groups: Vec<AnyView>,
    ) -> AnyView {
        view! {
            <form class="form" method="post" action=action novalidate>
                <input type="hidden" name="csrf" value=csrf(self.viewer).to_owned()/>
                {self.summary()}
                {groups}
                <div class="acts">
                    <button class="btn" data-kind=kind>{button.to_owned()}</button>
                    <a class="btn" data-kind="bare" href=cancel>"Cancel"</a>
                </div>
            </form>
        }
        .into_any()
    }

    /// Whether there is something to preview before anybody types: what is there already, or what
    /// was typed before a row was added.
    fn begun(&self) -> &'static str {
        let known = !self.value("version").is_empty() || self.typed.fields.has("csrf");
        if known && self.typed.preview.is_none() && self.typed.faults.is_empty() {
            "now"
        } else {
            ""
        }
    }

    /// All that is wrong, with links to the fields.
    fn summary(&self) -> Option<AnyView> {
        let faults = &self.typed.faults;
        if faults.is_empty() {
            return None;
        }
        let rows: Vec<AnyView> = faults
            .iter()
            .map(|fault| {
                let says = sentence(&fault.message);
                // What was written as text is wrong in a line of it.
                if fault.line > 0 {
                    let target = format!("#{}", fault.path);
                    let line = format!("Line {}", fault.line);
                    return view! { <li><a href=target>{line}</a>": "{fault.message.clone()}". "{fault.remedy.clone()}</li> }
                        .into_any();
                }
                // Paths of manifests have dots and colons and no field; names of fields are ids.
                if fault.path.contains(':') || fault.path.is_empty() {
                    let path = fault.path.clone();
                    view! { <li><code>{path}</code>" "{says}". "{fault.remedy.clone()}</li> }
                        .into_any()
                } else {
                    let target = format!("#{}", fault.path);
                    view! { <li><a href=target>{says}</a></li> }.into_any()
                }
            })
            .collect();
        let number = i64::try_from(faults.len()).unwrap_or(i64::MAX);
        Some(
            view! {
                <div class="summary" role="alert" tabindex="-1">
                    <b>{format!("Nothing was saved: {} to put right", count(number, "thing"))}</b>
                    <ul>{rows}</ul>
                </div>
            }
            .into_any(),
        )
    }
}

/// Somebody was faster.
fn stale(message: Option<&str>) -> Option<AnyView> {
    let message = message?.to_owned();
    Some(
        view! {
            <div class="banner" data-state="degraded" role="alert">
                {icon("s-warn")}
                <p><b>"Nothing was saved. "</b>{message}</p>
                <a class="btn" href="">"Load it anew"</a>
            </div>
        }
        .into_any(),
    )
}

/// A group of questions with what they are about.
pub fn group(title: &str, about: &str, body: Vec<AnyView>) -> AnyView {
    view! {
        <fieldset class="group">
            <legend><h2>{title.to_owned()}</h2><p>{about.to_owned()}</p></legend>
            <div class="stack">{body}</div>
        </fieldset>
    }
    .into_any()
}

/// Questions beside each other.
pub fn pair(fields: Vec<AnyView>) -> AnyView {
    view! { <div class="pair">{fields}</div> }.into_any()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn error_id(name: &str) -> String {
    format!("{name}-error")
}

fn hint_id(name: &str) -> String {
    format!("{name}-hint")
}

/// A message as a sentence begins.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
