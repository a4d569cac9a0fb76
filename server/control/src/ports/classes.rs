//! Classes: versions, users, impact, roll-outs.

use async_trait::async_trait;
use model::{
    access::Viewer,
    class,
    identity::Identity,
    kind::Kind,
    moment::Moment,
    port::{Answer, Sending, classes::Classes},
    problem::Problem,
    view::*,
};
use serde_json::Value;
use store::{
    classes::{ClassVersion, Users},
    resources::Resource,
};

use super::{cut, look, manifests};
use crate::{
    Platform, Result,
    delete::{found, users},
    impact, rollouts,
};

/// How many roll-outs a class's page shows.
const ROLLOUTS: i64 = 10;

#[async_trait]
impl Classes for Platform {
    async fn list(&self, viewer: &Viewer) -> Answer<Vec<ClassRow>> {
        Ok(list(self, viewer).await?)
    }

    async fn find(
        &self,
        viewer: &Viewer,
        class: &Identity,
        users: &ClassUsers,
        paging: &Paging,
    ) -> Answer<ClassView> {
        Ok(find(self, viewer, class, users, paging).await?)
    }

    async fn version(
        &self,
        viewer: &Viewer,
        class: &Identity,
        version: i64,
    ) -> Answer<ClassVersionView> {
        Ok(one_version(self, viewer, class, version).await?)
    }

    async fn diff(
        &self,
        viewer: &Viewer,
        class: &Identity,
        from: Option<i64>,
        to: Option<i64>,
    ) -> Answer<ClassDiffView> {
        Ok(diff(self, viewer, class, from, to).await?)
    }

    async fn impact(
        &self,
        viewer: &Viewer,
        sending: &Sending,
        paging: &Paging,
    ) -> Answer<ImpactView> {
        Ok(impact::run(self, viewer, sending, paging).await?)
    }

    async fn roll_out(
        &self,
        viewer: &Viewer,
        class: &Identity,
        order: &RolloutOrder,
    ) -> Answer<RolloutRow> {
        Ok(rollouts::ordered(self, viewer, class, order).await?)
    }
}

/// The kinds of classes.
fn kinds() -> impl Iterator<Item = Kind> {
    Kind::ALL.iter().copied().filter(|kind| kind.is_class())
}

async fn list(platform: &Platform, viewer: &Viewer) -> Result<Vec<ClassRow>> {
    look(viewer, Kind::ServiceClass, "")?;
    let org = viewer.organization.as_str();
    let store = platform.store();
    let newest = store.newest_class_versions(org).await?;
    let tally = store.users_by_class(org).await?;
    let mut rows = Vec::new();
    for kind in kinds() {
        let declaration = kind.component_type().and_then(|it| it.declaration());
        let declaration = declaration.map_or("", Kind::as_str);
        for resource in store.resources_of_kind(org, kind).await? {
            let known = newest.iter().find(|(own, _)| *own == resource.identity);
            let version = known.map_or(1, |(_, version)| *version);
            let name = resource.identity.name.clone();
            let mut row = row(resource, version);
            for (_, _, theirs, count) in tally
                .iter()
                .filter(|(of, class, ..)| of == declaration && *class == name)
            {
                row.users += count;
                row.behind += if theirs.is_some_and(|theirs| theirs < version) {
                    *count
                } else {
                    0
                };
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

fn row(resource: Resource, version: i64) -> ClassRow {
    ClassRow {
        gives: class::gives(resource.identity.kind, &resource.spec),
        identity: resource.identity,
        display_name: resource.display_name,
        description: resource.description,
        version,
        updated: Moment(resource.updated_at),
        by: resource.updated_by,
        users: 0,
        behind: 0,
    }
}

/// A class that is there.
async fn known(platform: &Platform, viewer: &Viewer, class: &Identity) -> Result<Resource> {
    look(viewer, class.kind, "")?;
    if !class.kind.is_class() {
        return Err(Problem::not_found("class", &class.name).into());
    }
    found(platform, class).await
}

async fn find(
    platform: &Platform,
    viewer: &Viewer,
    class: &Identity,
    wanted: &ClassUsers,
    paging: &Paging,
) -> Result<ClassView> {
    let resource = known(platform, viewer, class).await?;
    let store = platform.store();
    let versions = store.class_versions(&resource.id).await?;
    let newest = versions.first().map_or(1, |newest| newest.version);
    let rollouts = store.rollouts(&resource.id, ROLLOUTS).await?;
    let (limit, offset) = cut(paging);
    let mut page = Page {
        page: paging.page.max(1),
        per_page: limit,
        ..Page::default()
    };
    let mut by_version = Vec::new();
    if let Some(all) = rollouts::users_of(class) {
        by_version = store.users_by_version(all).await?;
        let part = Users {
            project: &wanted.project,
            search: &paging.search,
            only: wanted.version.unwrap_or(0),
            except: wanted.except.unwrap_or(0),
            ..all
        };
        page.total = total(&store.users_by_version(part).await?);
        page.items = part_of_users(platform, part, limit, offset).await?;
    }
    let count = |version| {
        let found = by_version.iter().find(|(known, _)| *known == version);
        found.map_or(0, |(_, count)| *count)
    };
    let mut row = row(resource.clone(), newest);
    row.users = total(&by_version);
    row.behind = by_version
        .iter()
        .filter(|(version, _)| version.is_some_and(|version| version < newest))
        .map(|(_, count)| count)
        .sum();
    let services = match class.kind {
        Kind::APIClass => users(platform, class).await?,
        _ => Vec::new(),
    };
    Ok(ClassView {
        row,
        resource_version: resource.version,
        yaml: manifests::yaml(&resource, None),
        manifest: manifests::manifest(&resource, None),
        note: class.kind.note().map(str::to_owned),
        versions: version_rows(&versions, |version| count(Some(version))),
        waiting: count(None),
        users: page,
        services: services.into_iter().take(50).collect(),
        rollouts: rollouts.into_iter().map(rollouts::row).collect(),
    })
}

fn total(by_version: &[(Option<i64>, i64)]) -> i64 {
    by_version.iter().map(|(_, count)| count).sum()
}

async fn part_of_users(
    platform: &Platform,
    part: Users<'_>,
    limit: i64,
    offset: i64,
) -> Result<Vec<ClassUserRow>> {
    let store = platform.store();
    let running = store.users_running(part, limit, offset).await?;
    let users = store.class_users(part, limit, offset).await?;
    let row = |user: store::classes::User| {
        let places = running
            .iter()
            .filter(|(project, name, ..)| *project == user.project && *name == user.component);
        let environments =
            places.map(|(_, _, environment, version)| (environment.clone(), *version));
        ClassUserRow {
            environments: environments.collect(),
            project: user.project,
            component: user.component,
            display_name: user.display_name,
            version: user.version,
            artifact: user.artifact,
        }
    };
    Ok(users.into_iter().map(row).collect())
}

/// Versions, newest first, each with what it changed against the one before.
fn version_rows(versions: &[ClassVersion], users: impl Fn(i64) -> i64) -> Vec<ClassVersionRow> {
    let before = versions.iter().skip(1).map(Some).chain([None]);
    versions
        .iter()
        .zip(before)
        .map(|(version, before)| version_row(version, before, users(version.version)))
        .collect()
}

fn version_row(
    version: &ClassVersion,
    before: Option<&ClassVersion>,
    users: i64,
) -> ClassVersionRow {
    let changed = before.map(|before| model::diff::fields(&before.spec, &version.spec));
    ClassVersionRow {
        version: version.version,
        at: Moment(version.created_at),
        by: version.created_by.clone(),
        words: class::changes(&changed.unwrap_or_default()),
        users,
    }
}

/// One version, or the problem that there is none of that number.
async fn numbered(platform: &Platform, class: &Resource, version: i64) -> Result<ClassVersion> {
    let found = platform.store().class_version(&class.id, version).await?;
    found.ok_or_else(|| {
        let name = format!("{} of {}", version, class.identity.name);
        Problem::not_found("version", &name).into()
    })
}

fn spec_yaml(spec: &Value) -> String {
    model::yaml::write(spec)
}

async fn one_version(
    platform: &Platform,
    viewer: &Viewer,
    class: &Identity,
    version: i64,
) -> Result<ClassVersionView> {
    let resource = known(platform, viewer, class).await?;
    let store = platform.store();
    let own = numbered(platform, &resource, version).await?;
    let before = store.class_version(&resource.id, version - 1).await?;
    let newest = store.class_versions(&resource.id).await?;
    let users = match rollouts::users_of(class) {
        Some(all) => {
            let part = Users {
                only: version,
                ..all
            };
            total(&store.users_by_version(part).await?)
        }
        None => 0,
    };
    Ok(ClassVersionView {
        identity: class.clone(),
        newest: newest.first().map_or(version, |newest| newest.version),
        version: version_row(&own, before.as_ref(), users),
        yaml: spec_yaml(&own.spec),
        gives: class::gives(class.kind, &own.spec),
    })
}

async fn diff(
    platform: &Platform,
    viewer: &Viewer,
    class: &Identity,
    from: Option<i64>,
    to: Option<i64>,
) -> Result<ClassDiffView> {
    let resource = known(platform, viewer, class).await?;
    let all = platform.store().class_versions(&resource.id).await?;
    let numbers: Vec<i64> = all.iter().map(|version| version.version).collect();
    let newest = numbers.first().copied().unwrap_or(1);
    let to = to.unwrap_or(newest);
    let from = from.unwrap_or((to - 1).max(1));
    let before = numbered(platform, &resource, from).await?;
    let after = numbered(platform, &resource, to).await?;
    let fields = model::diff::fields(&before.spec, &after.spec);
    Ok(ClassDiffView {
        identity: class.clone(),
        versions: numbers,
        from,
        to,
        before: spec_yaml(&before.spec),
        after: spec_yaml(&after.spec),
        words: class::changes(&fields),
        fields,
    })
}
