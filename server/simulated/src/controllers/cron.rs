//! CronJobs: Jobs on a schedule, in a time zone.

use super::events::{News, tell};
use super::job::finished;
use super::{make, owner};
use crate::delete::{self, Options};
use crate::kinds::by_kind;
use crate::storage::{Key, State};
use crate::value::{int, items, parse_time, stamp, text};
use croner::errors::CronError;
use croner::parser::CronParser;
use croner::{CivilDate, CivilDateTime, CivilTime, Cron, CronDateTime, Resolution, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned, civil};
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::sync::Arc;

/// Reads a schedule of five fields or a nickname like `@hourly`.
pub(crate) fn parse(schedule: &str) -> Result<Cron, String> {
    let fields = schedule.split_whitespace().count();
    if !schedule.starts_with('@') && fields != 5 {
        return Err(format!(
            "expected exactly 5 fields, found {fields}: [{schedule}]"
        ));
    }
    CronParser::new().parse(schedule).map_err(|e| e.to_string())
}

/// The first time after `after` at which a schedule is due.
pub(crate) fn next(cron: &Cron, zone: &TimeZone, after: i64) -> Option<i64> {
    let from = Timestamp::from_microsecond(after)
        .ok()?
        .to_zoned(zone.clone());
    cron.find_next_occurrence(&Moment(from), false)
        .ok()
        .map(|m| m.0.timestamp().as_microsecond())
}

/// A time as the cron library sees it.
#[derive(Clone)]
struct Moment(Zoned);

impl CronDateTime for Moment {
    fn to_civil(&self) -> CivilDateTime {
        let at = self.0.datetime();
        let part = |n: i8| u32::try_from(n).unwrap_or_default();
        CivilDateTime::new(
            CivilDate::from_parts_unchecked(i32::from(at.year()), part(at.month()), part(at.day())),
            CivilTime::from_parts_unchecked(part(at.hour()), part(at.minute()), part(at.second())),
        )
    }

    fn civil_weekday(&self) -> Weekday {
        Weekday::from_days_from_sunday(
            u32::try_from(self.0.weekday().to_sunday_zero_offset()).unwrap_or_default(),
        )
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let part = |n: u32| i8::try_from(n).map_err(|_| CronError::InvalidDate);
        let at = civil::DateTime::new(
            i16::try_from(civil.year()).map_err(|_| CronError::InvalidDate)?,
            part(civil.month())?,
            part(civil.day())?,
            part(civil.hour())?,
            part(civil.minute())?,
            part(civil.second())?,
            0,
        )
        .map_err(|_| CronError::InvalidDate)?;
        let found = self.0.time_zone().to_ambiguous_zoned(at);
        let bad = |_| CronError::InvalidTime;
        Ok(match found.offset() {
            AmbiguousOffset::Unambiguous { .. } => {
                Resolution::Single(Self(found.unambiguous().map_err(bad)?))
            }
            AmbiguousOffset::Fold { .. } => Resolution::Ambiguous(
                Self(found.clone().earlier().map_err(bad)?),
                Self(found.later().map_err(bad)?),
            ),
            AmbiguousOffset::Gap { .. } => Resolution::Gap,
        })
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        self.0
            .checked_add(SignedDuration::from_secs(seconds))
            .ok()
            .map(Self)
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.0.timestamp().cmp(&other.0.timestamp())
    }
}

type Jobs = Vec<(Key, Arc<Value>)>;

/// Looks at one CronJob.
pub(crate) fn reconcile(state: &mut State, key: &Key, object: &Value, now: i64) -> Option<i64> {
    let spec = &object["spec"];
    let jobs = state.children(object, by_kind("Job"));
    tidy(state, spec, &jobs, now);
    report(state, key, object, &jobs);
    if spec["suspend"] == true {
        return None;
    }
    let cron = parse(text(&spec["schedule"])).ok()?;
    let zone = spec["timeZone"]
        .as_str()
        .and_then(|z| TimeZone::get(z).ok())
        .unwrap_or(TimeZone::UTC);
    let born = parse_time(&object["metadata"]["creationTimestamp"]).unwrap_or(now);
    let last = parse_time(&object["status"]["lastScheduleTime"]).unwrap_or(born);
    let limit = spec["startingDeadlineSeconds"]
        .as_i64()
        .map_or(i64::MIN, |s| now - s * 1_000_000);
    // Of several missed times only the latest counts.
    let mut due = None;
    let mut after = last.max(limit).max(now - 86_400_000_000);
    while let Some(at) = next(&cron, &zone, after).filter(|at| *at <= now) {
        due = Some(at);
        after = at;
    }
    let Some(at) = due else {
        return next(&cron, &zone, now);
    };
    let active: Jobs = jobs
        .into_iter()
        .filter(|(_, j)| finished(j).is_none())
        .collect();
    match text(&spec["concurrencyPolicy"]) {
        "Forbid" if !active.is_empty() => {
            let message = "Not starting job because prior execution is running and concurrency policy is Forbid";
            tell(
                state,
                object,
                &News::normal("cronjob-controller", "JobAlreadyActive", message),
                now,
            );
            // Counted as missed; the next end of a job or the next time looks again.
            return next(&cron, &zone, now);
        }
        "Replace" => {
            for (job, _) in &active {
                let _ = delete::delete(state, job, &Options::default(), now);
            }
        }
        _ => {}
    }
    start(state, key, object, at, now);
    next(&cron, &zone, now)
}

fn start(state: &mut State, key: &Key, object: &Value, at: i64, now: i64) {
    let template = &object["spec"]["jobTemplate"];
    // Named by the minute, so that the same time never runs twice.
    let name = format!("{}-{}", key.name, at / 60_000_000);
    let mut job = json!({"metadata": {"name": name, "ownerReferences": owner(object)}, "spec": template["spec"]});
    for field in ["labels", "annotations"] {
        if template["metadata"][field].is_object() {
            job["metadata"][field] = template["metadata"][field].clone();
        }
    }
    job["metadata"]["annotations"]["batch.kubernetes.io/cronjob-scheduled-timestamp"] =
        stamp(at).into();
    match make(state, "Job", &key.namespace, job, now) {
        Ok(_) => {
            let message = format!("Created job {name}");
            tell(
                state,
                object,
                &News::normal("cronjob-controller", "SuccessfulCreate", &message),
                now,
            );
        }
        Err(failure) if failure.reason != "AlreadyExists" => {
            let message = format!("Error creating job: {}", failure.message);
            tell(
                state,
                object,
                &News::warning("cronjob-controller", "FailedCreate", &message),
                now,
            );
        }
        Err(_) => {}
    }
    state.modify(key, |o| o["status"]["lastScheduleTime"] = stamp(at).into());
}

/// Which jobs run, and when the last one ended well.
fn report(state: &mut State, key: &Key, object: &Value, jobs: &Jobs) {
    let reference = |j: &Value| {
        json!({"apiVersion": "batch/v1", "kind": "Job", "name": j["metadata"]["name"], "namespace": j["metadata"]["namespace"],
            "uid": j["metadata"]["uid"], "resourceVersion": j["metadata"]["resourceVersion"]})
    };
    let active: Vec<Value> = jobs
        .iter()
        .filter(|(_, j)| finished(j).is_none())
        .map(|(_, j)| reference(j))
        .collect();
    let good = jobs
        .iter()
        .filter_map(|(_, j)| parse_time(&j["status"]["completionTime"]))
        .max();
    let told = parse_time(&object["status"]["lastSuccessfulTime"]);
    let last = good.max(told);
    // The version of an active job changes often; only which jobs they are matters.
    let names = |list: &[Value]| list.iter().map(|r| r["uid"].clone()).collect::<Vec<_>>();
    let same = names(items(&object["status"]["active"])) == names(&active);
    state.modify(key, |o| {
        if !same {
            o["status"]["active"] = active.into();
            if items(&o["status"]["active"]).is_empty() {
                crate::value::drop_field(&mut o["status"], "active");
            }
        }
        if let Some(last) = last {
            o["status"]["lastSuccessfulTime"] = stamp(last).into();
        }
    });
}

/// Old finished jobs beyond the limits go.
fn tidy(state: &mut State, spec: &Value, jobs: &Jobs, now: i64) {
    for (good, field, default) in [
        (true, "successfulJobsHistoryLimit", 3),
        (false, "failedJobsHistoryLimit", 1),
    ] {
        let keep = usize::try_from(int(&spec[field], default)).unwrap_or_default();
        let mut done: Vec<_> = jobs
            .iter()
            .filter(|(_, j)| finished(j) == Some(good))
            .collect();
        done.sort_by_key(|(k, j)| {
            (
                text(&j["metadata"]["creationTimestamp"]).to_owned(),
                k.name.clone(),
            )
        });
        for (key, _) in done.iter().take(done.len().saturating_sub(keep)) {
            let _ = delete::delete(state, key, &Options::default(), now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(schedule: &str, zone: &str, after: &str) -> String {
        let after: Timestamp = after.parse().unwrap();
        let zone = TimeZone::get(zone).unwrap();
        stamp(next(&parse(schedule).unwrap(), &zone, after.as_microsecond()).unwrap())
    }

    #[test]
    fn schedules_know_their_next_time() {
        assert_eq!(
            first("*/5 * * * *", "UTC", "2026-11-24T04:12:30Z"),
            "2026-11-24T04:15:00Z"
        );
        assert_eq!(
            first("0 9 * * 1", "Europe/Berlin", "2026-11-24T04:12:30Z"),
            "2026-11-30T08:00:00Z"
        );
        assert_eq!(
            first("@hourly", "UTC", "2026-11-24T04:00:00Z"),
            "2026-11-24T05:00:00Z"
        );
        assert!(parse("* * * *").is_err());
        assert!(parse("61 * * * *").is_err());
    }
}
