//! What a draft of a class would do to those who use it: their releases with it, against those that
//! should run now. Counted for all, rendered for a part, nothing written.

use model::{
    access::{Thing, Verb, Viewer, may},
    identity::Identity,
    kind::Kind,
    manifest::Document,
    port::Sending,
    problem::Problem,
    view::{Change, ImpactRow, ImpactView, ObjectDiff, Outcome, Page, Paging},
};
use render::ClassPin;
use store::classes::User;

use crate::{
    Platform, Result, apply,
    preview::{Reclassed, with_class},
    rollouts::users_of,
};

/// At most so many components are rendered at once.
const RENDERED: i64 = 20;
/// At most so many things are said of a release in words.
const SAID: usize = 12;

/// What the one class that was sent would do.
///
/// # Errors
/// Every fault of what was sent, a refusal, or what broke.
pub async fn run(
    platform: &Platform,
    viewer: &Viewer,
    sending: &Sending,
    paging: &Paging,
) -> Result<ImpactView> {
    let document = class_of(sending, &viewer.organization)?;
    let who = &document.identity;
    may(viewer, Verb::View, &Thing::of(who.kind, &who.organization))?;
    let store = platform.store();
    let stored = store.resource(who).await?;
    let newest = match &stored {
        Some(resource) => store.class_versions(&resource.id).await?.into_iter().next(),
        None => None,
    };
    let differs = newest
        .as_ref()
        .is_none_or(|newest| newest.spec != document.spec);
    let known = newest.map_or(0, |newest| newest.version);
    let mut view = ImpactView {
        identity: who.clone(),
        version: if differs { known + 1 } else { known },
        differs,
        users: Vec::new(),
        environments: Vec::new(),
        rows: Page {
            page: paging.page.max(1),
            per_page: paging.per_page.clamp(1, RENDERED),
            ..Page::default()
        },
    };
    let Some(users) = users_of(who) else {
        return Ok(view);
    };
    view.users = store.users_by_version(users).await?;
    view.environments = store.users_by_environment(users).await?;
    view.rows.total = view.components();
    let (limit, page) = (view.rows.per_page, view.rows.page.min(1_000_000));
    let part = store.class_users(users, limit, (page - 1) * limit).await?;
    let class = ClassPin {
        kind: who.kind,
        name: who.name.clone(),
        version: view.version,
        spec: document.spec,
    };
    for user in part {
        let rows = rows(platform, who, &class, &user).await?;
        view.rows.items.extend(rows);
    }
    Ok(view)
}

/// The one class that was sent.
fn class_of(sending: &Sending, organization: &str) -> Result<Document> {
    let documents =
        apply::read(&sending.files, organization).map_err(|faults| Problem::Invalid {
            message: "The class can't be read".into(),
            faults,
        })?;
    let only = <[Document; 1]>::try_from(documents);
    match only {
        Ok([document]) if document.identity.kind.is_class() => Ok(document),
        _ => Err(Problem::invalid(
            "text",
            "The impact is that of one class",
            "Send the manifest of one class",
        )
        .into()),
    }
}

/// One component in each environment that it runs in.
async fn rows(
    platform: &Platform,
    class: &Identity,
    pin: &ClassPin,
    user: &User,
) -> Result<Vec<ImpactRow>> {
    let component = Identity::in_project(
        Kind::Component,
        &class.organization,
        &user.project,
        &user.component,
    );
    let releases = with_class(platform, component, pin).await?;
    Ok(releases
        .into_iter()
        .map(|release| row(user, release))
        .collect())
}

fn row(user: &User, release: Reclassed) -> ImpactRow {
    let mut row = ImpactRow {
        project: user.project.clone(),
        component: user.component.clone(),
        environment: release.environment,
        version: Some(release.version),
        ..ImpactRow::default()
    };
    match release.diff {
        Err(why) => {
            row.outcome = Outcome::Breaks;
            row.words = why;
        }
        Ok(diff) => {
            for object in diff.iter().filter(|it| it.change != Change::Unchanged) {
                row.outcome = Outcome::Changes;
                row.words.extend(words(object));
            }
            if row.words.len() > SAID {
                let more = row.words.len() - SAID;
                row.words.truncate(SAID);
                row.words.push(format!("and {more} more"));
            }
            let changed = diff.into_iter().filter(|it| it.change != Change::Unchanged);
            row.diff = changed
                .map(|object| ObjectDiff {
                    kind: object.kind,
                    name: object.name,
                    change: object.change,
                    before: object.before,
                    after: object.after,
                })
                .collect();
        }
    }
    row
}

/// What becomes of an object, in words.
fn words(object: &render::diff::ObjectDiff) -> Vec<String> {
    let (kind, name) = (&object.kind, &object.name);
    match object.change {
        Change::Created => vec![format!("{kind} {name} is new")],
        Change::Deleted => vec![format!("{kind} {name} goes")],
        Change::Unchanged => Vec::new(),
        Change::Changed => {
            let says = model::class::changes(&object.fields).into_iter();
            says.map(|says| format!("{kind}: {says}")).collect()
        }
    }
}
