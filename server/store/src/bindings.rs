//! What became of each binding: the status of a binding resource, in columns.

use sqlx::FromRow;

use crate::{Result, Store, Tx, artifacts::Of, on, within};

/// A binding's status. `id` is the binding resource's.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Binding {
    /// The binding resource's id.
    pub id: String,
    /// The organization.
    pub organization: String,
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
    /// The binding's name.
    pub name: String,
    /// The plane that it runs on; empty until known.
    pub plane: String,
    /// The namespace on it; empty until rendered.
    pub namespace: String,
    /// Active, Suspend or Undeploy.
    pub state: String,
    /// The number of the artifact that should run.
    pub artifact: Option<i64>,
    /// The version people read.
    pub label: String,
    /// The number of the current release.
    pub release: Option<i64>,
    /// The newest attempt.
    pub deployment_id: Option<String>,
    /// How it runs.
    pub health: String,
    /// Why, in words.
    pub sentence: String,
    /// Since when.
    pub since: i64,
    /// Pods that are ready.
    pub ready: i64,
    /// Pods that are wanted.
    pub wanted: i64,
    /// Its addresses, as JSON.
    pub endpoints: String,
    /// What stops the next release, as a JSON list of sentences.
    pub blocked: String,
    /// The failing container's last lines, as a JSON list.
    pub last_lines: String,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization, project, component, environment, name, plane, namespace, ",
            "state, artifact, label, release, deployment_id, health, sentence, since, ready, ",
            "wanted, endpoints, blocked, last_lines FROM bindings ",
            $rest
        )
    };
}

const BY_ID: &str = columns!("WHERE id = $1");
const OF_COMPONENT: &str =
    columns!("WHERE organization = $1 AND project = $2 AND component = $3 ORDER BY environment");
const OF_PROJECT: &str = columns!("WHERE organization = $1 AND project = $2");
const FAILING: &str =
    columns!("WHERE organization = $1 AND health = 'Degraded' ORDER BY since DESC LIMIT $2");
const ON_PLANE: &str = columns!("WHERE organization = $1 AND plane = $2");
const IN_ENVIRONMENT: &str = columns!("WHERE organization = $1 AND environment = $2");
const SAVE: &str = "INSERT INTO bindings (id, organization, project, component, environment, \
    name, plane, namespace, state, artifact, label, release, deployment_id, health, sentence, \
    since, ready, wanted, endpoints, blocked, last_lines) VALUES ($1, $2, $3, $4, $5, $6, $7, \
    $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) ON CONFLICT (id) DO \
    UPDATE SET environment = excluded.environment, name = excluded.name, plane = excluded.plane, \
    namespace = excluded.namespace, state = excluded.state, artifact = excluded.artifact, \
    label = excluded.label, release = excluded.release, deployment_id = excluded.deployment_id, \
    health = excluded.health, sentence = excluded.sentence, since = excluded.since, \
    ready = excluded.ready, wanted = excluded.wanted, endpoints = excluded.endpoints, \
    blocked = excluded.blocked, last_lines = excluded.last_lines";

impl Store {
    /// A binding's status.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn binding(&self, id: &str) -> Result<Option<Binding>> {
        Ok(on!(self, |db| sqlx::query_as(BY_ID)
            .bind(id)
            .fetch_optional(db)
            .await)?)
    }

    /// The bindings of a component.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn bindings_of_component(&self, of: Of<'_>) -> Result<Vec<Binding>> {
        Ok(on!(self, |db| sqlx::query_as(OF_COMPONENT)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .fetch_all(db)
            .await)?)
    }

    /// The bindings of a project.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn bindings_of_project(
        &self,
        organization: &str,
        project: &str,
    ) -> Result<Vec<Binding>> {
        Ok(on!(self, |db| sqlx::query_as(OF_PROJECT)
            .bind(organization)
            .bind(project)
            .fetch_all(db)
            .await)?)
    }

    /// What fails, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn failing(&self, organization: &str, limit: i64) -> Result<Vec<Binding>> {
        Ok(on!(self, |db| sqlx::query_as(FAILING)
            .bind(organization)
            .bind(limit)
            .fetch_all(db)
            .await)?)
    }

    /// What runs on a plane.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn bindings_on_plane(&self, organization: &str, plane: &str) -> Result<Vec<Binding>> {
        Ok(on!(self, |db| sqlx::query_as(ON_PLANE)
            .bind(organization)
            .bind(plane)
            .fetch_all(db)
            .await)?)
    }

    /// What runs in an environment.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn bindings_in_environment(
        &self,
        organization: &str,
        environment: &str,
    ) -> Result<Vec<Binding>> {
        Ok(on!(self, |db| sqlx::query_as(IN_ENVIRONMENT)
            .bind(organization)
            .bind(environment)
            .fetch_all(db)
            .await)?)
    }
}

impl Tx {
    /// A binding's status.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn binding(&mut self, id: &str) -> Result<Option<Binding>> {
        Ok(within!(self, |db| sqlx::query_as(BY_ID)
            .bind(id)
            .fetch_optional(db)
            .await)?)
    }

    /// Writes a binding's status, and says so under its component, project and home.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn save_binding(&mut self, binding: &Binding) -> Result<()> {
        within!(self, |db| sqlx::query(SAVE)
            .bind(&binding.id)
            .bind(&binding.organization)
            .bind(&binding.project)
            .bind(&binding.component)
            .bind(&binding.environment)
            .bind(&binding.name)
            .bind(&binding.plane)
            .bind(&binding.namespace)
            .bind(&binding.state)
            .bind(binding.artifact)
            .bind(&binding.label)
            .bind(binding.release)
            .bind(&binding.deployment_id)
            .bind(&binding.health)
            .bind(&binding.sentence)
            .bind(binding.since)
            .bind(binding.ready)
            .bind(binding.wanted)
            .bind(&binding.endpoints)
            .bind(&binding.blocked)
            .bind(&binding.last_lines)
            .execute(db)
            .await
            .map(|_| ()))?;
        self.touch_component(&binding.organization, &binding.project, &binding.component);
        Ok(())
    }

    /// Says that a component changed: under itself, its project and home.
    pub fn touch_component(&mut self, organization: &str, project: &str, component: &str) {
        self.touch(format!("{organization}/component/{project}/{component}"));
        self.touch(format!("{organization}/project/{project}"));
        self.touch(format!("{organization}/home"));
    }

    /// Takes a binding's status away, with its releases and attempts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_binding(&mut self, id: &str) -> Result<()> {
        for sql in [
            "DELETE FROM bindings WHERE id = $1",
            "DELETE FROM releases WHERE binding_id = $1",
            "DELETE FROM deployments WHERE binding_id = $1",
            "DELETE FROM inventory WHERE binding_id = $1",
            "DELETE FROM live_objects WHERE binding_id = $1",
            "DELETE FROM dependencies WHERE binding_id = $1",
            "DELETE FROM restarts WHERE binding_id = $1",
            "DELETE FROM runs WHERE binding_id = $1",
        ] {
            within!(self, |db| sqlx::query(sql)
                .bind(id)
                .execute(db)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }
}
