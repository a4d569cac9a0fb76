//! What fits what was typed, by kind: the palette for those without a script, and for long lists.

use leptos::prelude::*;
use model::{
    kind::Kind,
    path,
    view::{HitGroup, Page, Paging, SearchQuestion, SearchView},
};

use crate::{
    context::Ask,
    parts::{count, empty, hits, icon, pager, things},
    screen::{self, Place, Screen},
};

/// So many of each kind are shown beside the others.
const OF_EACH: i64 = 6;

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let text = ask.query("q").trim().to_owned();
        let wanted = ask.query("kind");
        let kind = Kind::ALL
            .iter()
            .copied()
            .find(|kind| kind.plural() == wanted);
        let paging = ask.paging();
        let question = SearchQuestion {
            text: text.clone(),
            kind,
            per_kind: if kind.is_some() {
                paging.per_page
            } else {
                OF_EACH
            },
            page: if kind.is_some() { paging.page } else { 1 },
        };
        let found = ask.ports.find.search(&ask.viewer, &question).await?;
        Ok(draw(&text, kind, &paging, &found))
    })
}

fn draw(text: &str, kind: Option<Kind>, paging: &Paging, found: &SearchView) -> Screen {
    let total: i64 = found.groups.iter().map(|group| group.total).sum();
    let says = match (text.is_empty(), total) {
        (true, _) => "Names, owners, images and hosts, of all that you may see.".to_owned(),
        (false, 0) => "Nothing fits.".to_owned(),
        (false, total) => {
            let more = if found.more { "More than " } else { "" };
            format!("{more}{}", count(total, "thing"))
        }
    };
    let list = if found.groups.is_empty() {
        nothing(text, kind)
    } else {
        let groups: Vec<AnyView> = found
            .groups
            .iter()
            .map(|group| group_of(text, kind, paging, group, found))
            .collect();
        groups.into_any()
    };
    let more = found.more.then(|| {
        view! {
            <div class="banner">{icon("note")}<p>"These are the first of very many. Type more to see fewer."</p></div>
        }
    });
    let of = kind.map(|kind| view! { <input type="hidden" name="kind" value=kind.plural()/> });
    let body = view! {
        <header class="head"><div><h1>"Search"</h1><p class="sub">{says}</p></div></header>
        <form class="filters" action="/search" role="search" aria-label="Search everything">
            <div class="field">
                <label for="q">"Name, owner, image or host begins with"</label>
                <input class="input" type="search" id="q" name="q" value=text.to_owned() autocomplete="off"/>
            </div>
            {of}
            <button class="btn" data-kind="main">"Search"</button>
        </form>
        {more}
        <div class="stack found" data-gap="wide">{list}</div>
    };
    let title = if text.is_empty() {
        "Search".to_owned()
    } else {
        format!("{text}, search")
    };
    Screen::new("Search", Place::Nowhere, body).titled(title)
}

fn nothing(text: &str, kind: Option<Kind>) -> AnyView {
    if text.is_empty() {
        let example = view! { <a class="btn" href=path::projects()>"All projects"</a> };
        return empty::nothing(
            "search",
            "Type the beginning of a word, or of several: “pay api” finds payments-api.",
            example,
        );
    }
    let sentence = match kind {
        Some(kind) => format!("No {kind} fits “{text}”."),
        None => format!("Nothing fits “{text}”. Words are found by their beginnings."),
    };
    let next = match kind {
        Some(_) => {
            view! { <a class="btn" href=path::search(text)>"Search everything"</a> }.into_any()
        }
        None => view! { <a class="btn" href=path::resource_kinds()>"All resources by kind"</a> }
            .into_any(),
    };
    empty::nothing("search", &sentence, next)
}

fn group_of(
    text: &str,
    kind: Option<Kind>,
    paging: &Paging,
    group: &HitGroup,
    found: &SearchView,
) -> AnyView {
    let id = format!("of-{}", group.kind.plural());
    let rows: Vec<AnyView> = group
        .hits
        .iter()
        .map(|hit| {
            let says = hits::whereabouts(hit);
            let says = (!says.is_empty()).then(|| {
                view! { <p class="says">{hits::marked(&says, &found.terms)}</p> }
            });
            view! {
                <li>
                    {icon(hits::sign(group.kind))}
                    <div>
                        <b><a href=things::address(&hit.identity)>{hits::marked(&hit.title, &found.terms)}</a></b>
                        {says}
                    </div>
                </li>
            }
            .into_any()
        })
        .collect();
    let shown = i64::try_from(group.hits.len()).unwrap_or(i64::MAX);
    let all = (kind.is_none() && group.total > shown).then(|| {
        view! {
            <a class="says" href=path::search_of(text, group.kind)>{format!("All {}", group.total)}</a>
        }
    });
    let pages = kind.and_then(|kind| {
        let page = Page {
            items: group.hits.clone(),
            total: group.total,
            page: paging.page.max(1),
            per_page: paging.per_page,
        };
        let more = format!("{}&kind={}", path::query("q", text), kind.plural());
        let bare = Paging {
            search: String::new(),
            ..paging.clone()
        };
        pager::pager("/search", &bare, &page, &more)
    });
    view! {
        <section class="band" aria-labelledby=id.clone()>
            <header><h2 id=id.clone()>{hits::plural(group.kind)}</h2>{all}</header>
            <ul class="list">{rows}</ul>
            {pages}
        </section>
    }
    .into_any()
}
