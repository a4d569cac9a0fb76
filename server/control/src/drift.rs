//! Drift: somebody else changed or deleted what we put onto a plane. It is put right at once, and
//! ever more rarely where somebody keeps changing it back, so that two controllers never race.
//!
//! Who wrote is told by the managed fields of server-side apply; see "Field management" in the
//! documentation of Kubernetes.

use std::collections::BTreeMap;

use plane::{FIELD_MANAGER, json};
use serde_json::Value;

/// The first repair comes after so long, in microseconds: what else happens now is seen with it.
const FIRST: i64 = 1_000_000;
/// The longest pause between two repairs of a binding: then the regular comparison does it.
const LONGEST: i64 = 10 * 60 * 1_000_000;

/// How often each binding of a plane was put right lately.
#[derive(Debug, Default)]
pub struct Repairs(BTreeMap<String, (u32, i64)>);

impl Repairs {
    /// When a binding that drifted now is to be put right. Each repair doubles the pause to the
    /// next; half the longest pause without drift forgives.
    pub fn due(&mut self, binding: &str, now: i64) -> i64 {
        let (count, last) = self.0.entry(binding.to_owned()).or_default();
        if now - *last > LONGEST / 2 {
            *count = 0;
        }
        let pause = FIRST.saturating_mul(1 << (*count).min(20)).min(LONGEST);
        if now + pause > *last {
            *count += 1;
            *last = now + pause;
        }
        *last
    }
}

/// Whether somebody else wrote to an object since it was last seen. What controllers make out of
/// ours is theirs, and status is nobody's.
pub fn is_foreign(before: &Value, after: &Value) -> bool {
    if made_by_a_controller(after) {
        return false;
    }
    let theirs = |object: &Value| -> Vec<Value> {
        json::list(object, "metadata.managedFields")
            .iter()
            .filter(|entry| {
                json::text(entry, "manager") != FIELD_MANAGER
                    && json::text(entry, "subresource").is_empty()
            })
            .map(|entry| entry["fieldsV1"].clone())
            .collect()
    };
    let generation = |object: &Value| object["metadata"]["generation"].clone();
    // Objects without a generation, such as ConfigMaps, are told by who owns which field.
    theirs(before) != theirs(after)
        && (generation(after).is_null() || generation(before) != generation(after))
}

/// Whether an object follows from another one: a pod, a ReplicaSet, a Job of a CronJob.
pub fn made_by_a_controller(object: &Value) -> bool {
    json::list(object, "metadata.ownerReferences")
        .iter()
        .any(|owner| owner["controller"] == Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment(generation: i64, others: &Value) -> Value {
        json!({"metadata": {"generation": generation, "managedFields": [
            {"manager": "troupe", "operation": "Apply", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
            {"manager": "kube-controller-manager", "subresource": "status", "fieldsV1": {"f:status": generation}},
            {"manager": "kubectl", "fieldsV1": others},
        ]}})
    }

    #[test]
    fn others_writing_is_drift_and_status_is_not() {
        let calm = deployment(1, &json!({}));
        assert!(!is_foreign(&calm, &deployment(2, &json!({}))));
        let scaled = deployment(2, &json!({"f:spec": {"f:replicas": {}}}));
        assert!(is_foreign(&calm, &scaled));
        let mut annotated = scaled;
        annotated["metadata"]["generation"] = 1.into();
        assert!(!is_foreign(&calm, &annotated), "its spec is as it was");
    }

    #[test]
    fn repairs_of_a_fight_come_ever_more_rarely() {
        let mut repairs = Repairs::default();
        let mut now = 1_000_000_000;
        let mut pauses = Vec::new();
        for _ in 0..14 {
            let due = repairs.due("a", now);
            pauses.push((due - now) / 1_000_000);
            now = due;
        }
        assert_eq!(pauses[..4], [1, 2, 4, 8]);
        assert_eq!(pauses.last(), Some(&600));
        assert_eq!(repairs.due("a", now + LONGEST) - now - LONGEST, FIRST);
        assert_eq!(repairs.due("b", now) - now, FIRST, "each for itself");
    }

    #[test]
    fn drift_that_is_told_twice_is_repaired_once() {
        let mut repairs = Repairs::default();
        let now = 1_000_000_000;
        let due = repairs.due("a", now);
        let again = repairs.due("a", now + FIRST / 2);
        assert!(again >= due, "{again} {due}");
    }
}
