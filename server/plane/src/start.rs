//! Runs a task once, beside its schedule, as `kubectl create job --from` does.

use http::{Request, header};
use serde_json::{Value, json};

use crate::error::PlaneError;
use crate::json::{at, text};
use crate::owner::Owner;
use crate::plane::{Plane, build};
use crate::reference::ObjectRef;

/// Says of a Job that a person asked for it; the field's own word.
const BY_HAND: (&str, &str) = ("cronjob.kubernetes.io/instantiate", "manual");

impl Plane {
    /// Makes a Job of a CronJob's template, under that CronJob, so that the plane keeps and clears it
    /// like those it makes by the clock. Doing it twice under one name makes one Job.
    pub async fn start(
        &self,
        cron_job: &ObjectRef,
        name: &str,
        owner: &Owner,
    ) -> Result<ObjectRef, PlaneError> {
        let Some(live) = self.fetch(cron_job).await? else {
            return Err(no(404, "NotFound", format!("{cron_job} isn't there")));
        };
        if let Some(why) = owner.objection(&live, false) {
            return Err(no(403, "NotOurs", format!("{cron_job}: {why}")));
        }
        let body = job(&live, name);
        let job = ObjectRef {
            api_version: "batch/v1".to_owned(),
            kind: "Job".to_owned(),
            namespace: cron_job.namespace.clone(),
            name: name.to_owned(),
        };
        let path = self.resource_of(&job).await?.path(job.namespace.as_deref());
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        match self
            .call(build(request, body.to_string().into_bytes())?)
            .await
        {
            Ok(_) => Ok(job),
            // Somebody who was cut off after writing does it again.
            Err(PlaneError::Refused {
                code: 409, reason, ..
            }) if reason == "AlreadyExists" => Ok(job),
            Err(error) => Err(error),
        }
    }
}

fn no(code: u16, reason: &str, message: String) -> PlaneError {
    PlaneError::Refused {
        code,
        reason: reason.to_owned(),
        message,
        causes: Vec::new(),
    }
}

/// The Job that a CronJob's template makes.
fn job(cron_job: &Value, name: &str) -> Value {
    let template = at(cron_job, "spec.jobTemplate")
        .cloned()
        .unwrap_or_default();
    let mut metadata = json!({
        "name": name,
        "namespace": text(cron_job, "metadata.namespace"),
        "ownerReferences": [{
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "name": text(cron_job, "metadata.name"),
            "uid": text(cron_job, "metadata.uid"),
            "controller": true,
        }],
    });
    for field in ["labels", "annotations"] {
        if let Some(entries) = at(&template, &format!("metadata.{field}")) {
            metadata[field] = entries.clone();
        }
    }
    metadata["annotations"][BY_HAND.0] = BY_HAND.1.into();
    json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        "spec": at(&template, "spec").cloned().unwrap_or_else(|| json!({})),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_its_cron_jobs_and_says_who_asked() {
        let cron_job = json!({
            "metadata": {"name": "report", "namespace": "shop", "uid": "u-1"},
            "spec": {"schedule": "0 3 * * *", "jobTemplate": {
                "metadata": {"labels": {"troupe.dev/binding": "b-1"}},
                "spec": {"backoffLimit": 2, "template": {"spec": {"restartPolicy": "Never"}}}}},
        });
        let job = job(&cron_job, "report-run-1");
        assert_eq!(job["metadata"]["labels"]["troupe.dev/binding"], "b-1");
        assert_eq!(job["metadata"]["annotations"][BY_HAND.0], "manual");
        assert_eq!(job["metadata"]["ownerReferences"][0]["uid"], "u-1");
        assert_eq!(job["spec"]["backoffLimit"], 2);
        assert!(job["spec"].get("schedule").is_none());
    }
}
