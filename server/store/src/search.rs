//! The words that things are found by, kept in the transactions that write the things.

use std::collections::BTreeMap;

use model::{
    access::Grant,
    identity::Identity,
    kind::Kind,
    search::{self, Found, Subject, Word},
};
use sqlx::FromRow;

use crate::{
    Result, Store, Tx,
    bulk::{Cell, Columns},
    on,
    resources::{Draft, Resource, kind_named},
    within,
};

/// More words than this of a tier aren't looked through: whoever typed so little types on.
pub const DEPTH: i64 = 1500;

const WORDS: Columns = Columns {
    table: "search_words",
    names: "organization, tier, word, entry, rank, said, source",
};
const ENTRIES: Columns = Columns {
    table: "search_entries",
    names: "organization, entry, kind, project, name, title",
};

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The words, the rarest first; at most four.
    pub terms: &'a [String],
    /// The kind's name; empty for all.
    pub kind: &'a str,
    /// After so many of each kind.
    pub offset: i64,
    /// At most so many of each kind.
    pub limit: i64,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub identity: Identity,
    /// What people call it.
    pub title: String,
    /// What of it was found.
    pub found: Found,
    /// The image, host or owner that it was found by.
    pub said: String,
    /// How many of its kind there are.
    pub total: i64,
    /// How many words were looked through.
    pub scanned: i64,
}

#[derive(FromRow)]
struct Row {
    kind: String,
    project: String,
    name: String,
    title: String,
    best: String,
    total: i64,
    scanned: i64,
}

/// One tier's words that begin as typed, of things that also have the other words.
macro_rules! tier {
    ($tier:literal, $others:expr) => {
        concat!(
            "SELECT * FROM (SELECT w.entry, CAST(w.rank AS TEXT) || w.said AS fit FROM ",
            "search_words w WHERE w.organization = $1 AND w.tier = ",
            $tier,
            " AND w.word >= $6 AND w.word < $7",
            $others,
            " ORDER BY w.word LIMIT $5) tier",
            $tier
        )
    };
}

/// Another word that the same thing must have.
macro_rules! also {
    ($from:literal, $to:literal) => {
        concat!(
            " AND EXISTS (SELECT 1 FROM search_words x WHERE x.organization = $1 AND ",
            "x.entry = w.entry AND x.word >= ",
            $from,
            " AND x.word < ",
            $to,
            ")"
        )
    };
}

macro_rules! found {
    ($others:expr) => {
        concat!(
            "WITH near AS (",
            tier!("0", $others),
            " UNION ALL ",
            tier!("1", $others),
            "), best AS (SELECT entry, MIN(fit) AS fit FROM near GROUP BY entry), ",
            "placed AS (SELECT e.kind, e.project, e.name, e.title, b.fit, ",
            "ROW_NUMBER() OVER (PARTITION BY e.kind ORDER BY SUBSTR(b.fit, 1, 1), ",
            "LENGTH(e.name), e.name, e.project) AS place, ",
            "COUNT(*) OVER (PARTITION BY e.kind) AS total FROM best b JOIN search_entries e ON ",
            "e.organization = $1 AND e.entry = b.entry WHERE $2 = '' OR e.kind = $2) ",
            "SELECT kind, project, name, title, fit AS best, total, ",
            "(SELECT COUNT(*) FROM near) AS scanned FROM placed ",
            "WHERE place > $3 AND place <= $4 ORDER BY kind, place"
        )
    };
}

const ONE: &str = found!("");
const TWO: &str = found!(also!("$8", "$9"));
const THREE: &str = found!(concat!(also!("$8", "$9"), also!("$10", "$11")));
const FOUR: &str = found!(concat!(
    also!("$8", "$9"),
    also!("$10", "$11"),
    also!("$12", "$13")
));

impl TryFrom<(&str, Row)> for Hit {
    type Error = crate::Error;

    fn try_from((organization, row): (&str, Row)) -> Result<Self> {
        let kind = kind_named("search_entries", &row.kind)?;
        let rank = row.best.get(..1).and_then(|rank| rank.parse().ok());
        Ok(Hit {
            identity: Identity::in_project(kind, organization, &row.project, &row.name),
            title: row.title,
            found: Found::ranked(rank.unwrap_or(i64::MAX)),
            said: row.best.get(1..).unwrap_or_default().to_owned(),
            total: row.total,
            scanned: row.scanned,
        })
    }
}

impl Store {
    /// What has all these words, or words that begin so: the best of each kind, kind by kind.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn search(&self, organization: &str, wanted: Wanted<'_>) -> Result<Vec<Hit>> {
        let sql = match wanted.terms.len() {
            0 => return Ok(Vec::new()),
            1 => ONE,
            2 => TWO,
            3 => THREE,
            _ => FOUR,
        };
        let rows: Vec<Row> = on!(self, |db| {
            let mut query = sqlx::query_as(sql)
                .bind(organization)
                .bind(wanted.kind)
                .bind(wanted.offset)
                .bind(wanted.offset.saturating_add(wanted.limit))
                .bind(DEPTH);
            for term in wanted.terms.iter().take(4) {
                query = query.bind(term.clone()).bind(search::after(term));
            }
            query.fetch_all(db).await
        })?;
        rows.into_iter()
            .map(|row| Hit::try_from((organization, row)))
            .collect()
    }

    /// Makes all words anew, unless they were made by the same rules.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn fill_search(&self) -> Result<()> {
        const NAME: &str = "search";
        if self.meta(NAME).await?.as_deref() == Some(search::RULES) {
            return Ok(());
        }
        let mut tx = self.begin(0).await?;
        // Whoever comes second waits here, and finds it done.
        tx.next_sequence().await?;
        if tx.meta_or(NAME, "").await? == search::RULES {
            return Ok(());
        }
        for sql in ["DELETE FROM search_words", "DELETE FROM search_entries"] {
            within!(tx, |db| sqlx::query(sql).execute(db).await.map(|_| ()))?;
        }
        let mut after = String::new();
        loop {
            let part = tx.resources_after(&after, 500).await?;
            let Some(last) = part.last() else { break };
            after = last.id.clone();
            let drafts: Vec<(String, Draft)> = part
                .iter()
                .map(|resource: &Resource| (resource.id.clone(), resource.draft()))
                .collect();
            tx.add_words(drafts.iter().map(|(id, draft)| (id.as_str(), draft)))
                .await?;
        }
        let mut after = String::new();
        loop {
            let part = tx.addresses_after(&after, 500).await?;
            let Some(last) = part.last() else { break };
            after = last.id.clone();
            tx.add_hosts(part.iter()).await?;
        }
        tx.set_meta(NAME, search::RULES).await?;
        tx.commit().await
    }
}

/// Where a binding's component can be reached.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct Addresses {
    /// The binding's id.
    pub id: String,
    /// The organization.
    pub organization: String,
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// Its addresses, as JSON.
    pub endpoints: String,
}

/// What stands for a thing in the index.
fn entry(identity: &Identity) -> String {
    format!(
        "{}/{}/{}",
        identity.kind.as_str(),
        identity.project,
        identity.name
    )
}

fn rows(target: &Identity, source: &str, words: Vec<Word>) -> impl Iterator<Item = Vec<Cell>> {
    let tier = i64::from(target.kind == Kind::Component);
    let (organization, entry, source) = (
        target.organization.clone(),
        entry(target),
        source.to_owned(),
    );
    words.into_iter().map(move |word| {
        vec![
            organization.clone().into(),
            tier.into(),
            word.word.into(),
            entry.clone().into(),
            word.found.rank().into(),
            word.said.into(),
            source.clone().into(),
        ]
    })
}

fn words_of(draft: &Draft) -> Vec<Word> {
    let labels: Vec<(&str, &str)> = draft
        .labels
        .iter()
        .chain(&draft.annotations)
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    search::words(Subject {
        identity: &draft.identity,
        title: draft.display_name(),
        labels: &labels,
        spec: &draft.spec,
    })
}

fn hosts_of(addresses: &Addresses) -> Vec<Word> {
    let all: serde_json::Value = serde_json::from_str(&addresses.endpoints).unwrap_or_default();
    let hosts = all.as_array().into_iter().flatten().filter_map(|address| {
        // What only the cell can reach is no address that people look for.
        let inside = address["exposure"].as_str() == Some("Project");
        address["host"].as_str().filter(|_| !inside)
    });
    search::host_words(hosts)
}

/// The source of a binding's host words: its own id is that of its manifest.
fn host_source(binding: &str) -> String {
    format!("hosts/{binding}")
}

impl Tx {
    /// Adds the words of resources that have none yet.
    pub(crate) async fn add_words<'a>(
        &mut self,
        all: impl Iterator<Item = (&'a str, &'a Draft)>,
    ) -> Result<()> {
        let (mut words, mut entries) = (Vec::new(), Vec::new());
        for (id, draft) in all {
            let Some(target) = search::leads_to(&draft.identity) else {
                continue;
            };
            words.extend(rows(&target, id, words_of(draft)));
            if target == draft.identity {
                entries.push(vec![
                    target.organization.clone().into(),
                    entry(&target).into(),
                    target.kind.as_str().into(),
                    target.project.clone().into(),
                    target.name.clone().into(),
                    draft.display_name().into(),
                ]);
            }
        }
        self.add_rows(ENTRIES, entries).await?;
        self.add_rows(WORDS, words).await
    }

    /// Puts a resource's words in place of those that it had.
    pub(crate) async fn index(
        &mut self,
        id: &str,
        before: Option<&Draft>,
        after: Option<&Draft>,
    ) -> Result<()> {
        let either = before.or(after).map(|draft| &draft.identity);
        let Some(who) = either.filter(|who| search::leads_to(who).is_some()) else {
            return Ok(());
        };
        let said = |draft: Option<&Draft>| {
            draft.map(|draft| (draft.display_name().to_owned(), words_of(draft)))
        };
        if said(before) == said(after) {
            return Ok(());
        }
        if before.is_some() {
            self.forget_words(id).await?;
            const DROP: &str = "DELETE FROM search_entries WHERE organization = $1 AND entry = $2";
            within!(self, |db| sqlx::query(DROP)
                .bind(&who.organization)
                .bind(entry(who))
                .execute(db)
                .await
                .map(|_| ()))?;
        }
        self.add_words(after.into_iter().map(|draft| (id, draft)))
            .await
    }

    async fn forget_words(&mut self, source: &str) -> Result<()> {
        const SQL: &str = "DELETE FROM search_words WHERE source = $1";
        within!(self, |db| sqlx::query(SQL)
            .bind(source)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Adds the host words of bindings that have none yet.
    pub(crate) async fn add_hosts<'a>(
        &mut self,
        all: impl Iterator<Item = &'a Addresses>,
    ) -> Result<()> {
        let mut words = Vec::new();
        for at in all {
            let target = Identity::in_project(
                Kind::Component,
                &at.organization,
                &at.project,
                &at.component,
            );
            words.extend(rows(&target, &host_source(&at.id), hosts_of(at)));
        }
        self.add_rows(WORDS, words).await
    }

    /// Puts a binding's host words in place of those that it had, when its addresses are others.
    pub(crate) async fn index_hosts(&mut self, now: Addresses) -> Result<()> {
        const KNOWN: &str = "SELECT endpoints FROM bindings WHERE id = $1";
        let known: Option<String> = within!(self, |db| sqlx::query_scalar(KNOWN)
            .bind(&now.id)
            .fetch_optional(db)
            .await)?;
        let known = known.map(|endpoints| Addresses {
            endpoints,
            ..now.clone()
        });
        let before = known.as_ref().map(hosts_of).unwrap_or_default();
        if before == hosts_of(&now) {
            return Ok(());
        }
        self.forget_hosts(&now.id).await?;
        self.add_hosts(std::iter::once(&now)).await
    }

    pub(crate) async fn forget_hosts(&mut self, binding: &str) -> Result<()> {
        self.forget_words(&host_source(binding)).await
    }

    async fn addresses_after(&mut self, id: &str, limit: i64) -> Result<Vec<Addresses>> {
        const SQL: &str = "SELECT id, organization, project, component, endpoints FROM bindings \
            WHERE id > $1 ORDER BY id LIMIT $2";
        Ok(within!(self, |db| sqlx::query_as(SQL)
            .bind(id)
            .bind(limit)
            .fetch_all(db)
            .await)?)
    }
}

/// What names whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uses {
    /// The resource that names others.
    pub id: String,
    /// The organization.
    pub organization: String,
    /// Those that it names, as people read them.
    pub what: Vec<String>,
}

const USES: Columns = Columns {
    table: "resource_uses",
    names: "resource_id, organization, what",
};

impl Store {
    /// Who names it, by kind and name; at most `limit`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn users_of(&self, identity: &Identity, limit: i64) -> Result<Vec<Identity>> {
        const SQL: &str = "SELECT r.kind, r.project, r.component, r.name FROM resource_uses u \
            JOIN resources r ON r.id = u.resource_id WHERE u.organization = $1 AND u.what = $2 \
            ORDER BY r.kind, r.project, r.component, r.name LIMIT $3";
        let rows: Vec<(String, String, String, String)> = on!(self, |db| sqlx::query_as(SQL)
            .bind(&identity.organization)
            .bind(identity.to_string())
            .bind(limit)
            .fetch_all(db)
            .await)?;
        rows.into_iter()
            .map(|(kind, project, component, name)| {
                let kind = kind_named("resources", &kind)?;
                let organization = &identity.organization;
                Ok(Identity::in_component(
                    kind,
                    organization,
                    &project,
                    &component,
                    &name,
                ))
            })
            .collect()
    }
}

impl Tx {
    /// Writes down whom a resource names.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_uses(&mut self, _grant: &Grant, uses: &Uses) -> Result<()> {
        const DROP: &str = "DELETE FROM resource_uses WHERE resource_id = $1";
        within!(self, |db| sqlx::query(DROP)
            .bind(&uses.id)
            .execute(db)
            .await
            .map(|_| ()))?;
        self.add_uses(std::slice::from_ref(uses)).await
    }

    /// Writes down whom resources name that nothing is written of yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_uses(&mut self, all: &[Uses]) -> Result<()> {
        let mut rows: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        for uses in all {
            for what in &uses.what {
                rows.insert((&uses.id, what), &uses.organization);
            }
        }
        let rows = rows
            .into_iter()
            .map(|((id, what), organization)| vec![id.into(), organization.into(), what.into()]);
        self.add_rows(USES, rows.collect()).await
    }
}
