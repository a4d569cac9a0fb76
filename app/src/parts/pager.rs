//! Which part of a long list this is, and the way to the others.

use leptos::prelude::*;
use model::view::{Page, Paging};

use super::icon;

/// The address of another part, with what is asked for kept.
fn part(base: &str, paging: &Paging, page: i64, more: &str) -> String {
    let mut query = vec![];
    if !paging.search.is_empty() {
        query.push(model::path::query("search", &paging.search));
    }
    if let Some(health) = paging.health {
        query.push(model::path::query("health", health.as_str()));
    }
    if paging.per_page != Paging::default().per_page {
        query.push(format!("per_page={}", paging.per_page));
    }
    if !more.is_empty() {
        query.push(more.to_owned());
    }
    query.push(format!("page={page}"));
    format!("{base}?{}", query.join("&"))
}

/// Nothing when all is on one page. `more` is what else stands in the query.
pub fn pager<T>(base: &str, paging: &Paging, shown: &Page<T>, more: &str) -> Option<AnyView> {
    let per_page = shown.per_page.max(1);
    let pages = (shown.total + per_page - 1) / per_page;
    if pages <= 1 {
        return None;
    }
    let first = (shown.page - 1) * per_page + 1;
    let last = (first + per_page - 1).min(shown.total);
    let back = (shown.page > 1).then(|| {
        let address = part(base, paging, shown.page - 1, more);
        view! { <a class="btn" data-size="small" rel="prev" href=address>"Before"</a> }
    });
    let on = (shown.page < pages).then(|| {
        let address = part(base, paging, shown.page + 1, more);
        view! { <a class="btn" data-size="small" rel="next" href=address>"Next"{icon("right")}</a> }
    });
    Some(
        view! {
            <nav class="pager" aria-label="Pages">
                <span>{format!("{first} to {last} of {}", shown.total)}</span>
                <span class="acts">{back}{on}</span>
            </nav>
        }
        .into_any(),
    )
}
