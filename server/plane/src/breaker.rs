//! Stops asking a plane that doesn't answer, and notices when it does again.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::error::PlaneError;

/// Whether a plane is asked at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaneState {
    /// It answers, as far as we know.
    Live,
    /// It doesn't; all calls fail at once, and it is probed now and then.
    Unreachable {
        /// Since when, in microseconds since the epoch.
        since: i64,
        /// What the connection said.
        error: String,
    },
}

/// Opens after some consecutive connection failures, closes at the first success.
#[derive(Debug)]
pub(crate) struct Breaker {
    limit: u32,
    /// Failures in a row, and when the first of them was.
    failed: Mutex<(u32, i64)>,
    state: watch::Sender<PlaneState>,
}

impl Breaker {
    pub(crate) fn new(limit: u32) -> Self {
        Self {
            limit,
            failed: Mutex::new((0, 0)),
            state: watch::Sender::new(PlaneState::Live),
        }
    }

    pub(crate) fn state(&self) -> PlaneState {
        self.state.borrow().clone()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<PlaneState> {
        self.state.subscribe()
    }

    /// Whether a call may be tried.
    pub(crate) fn admit(&self) -> Result<(), PlaneError> {
        match self.state() {
            PlaneState::Live => Ok(()),
            PlaneState::Unreachable { since, error } => {
                Err(PlaneError::Unreachable { since, error })
            }
        }
    }

    /// Something answered, be it a refusal.
    pub(crate) fn answered(&self) {
        self.failures().0 = 0;
        self.state.send_if_modified(|state| {
            let closes = *state != PlaneState::Live;
            *state = PlaneState::Live;
            closes
        });
    }

    /// Nothing answered. Says whether this opened the breaker.
    pub(crate) fn silent(&self, error: &str, now: i64) -> bool {
        let (failures, first) = {
            let mut failures = self.failures();
            if failures.0 == 0 {
                failures.1 = now;
            }
            failures.0 = failures.0.saturating_add(1);
            *failures
        };
        if failures < self.limit {
            return false;
        }
        self.state.send_if_modified(|state| {
            let opens = *state == PlaneState::Live;
            if opens {
                *state = PlaneState::Unreachable {
                    since: first,
                    error: error.to_owned(),
                };
            }
            opens
        })
    }

    fn failures(&self) -> std::sync::MutexGuard<'_, (u32, i64)> {
        // Two numbers can't be left half written by a panic.
        self.failed
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_after_failures_in_a_row_and_closes_at_a_success() {
        let breaker = Breaker::new(3);
        assert!(!breaker.silent("refused", 10));
        assert!(!breaker.silent("refused", 20));
        breaker.answered();
        assert!(!breaker.silent("refused", 30));
        assert!(!breaker.silent("refused", 40));
        assert!(breaker.admit().is_ok());
        assert!(
            breaker.silent("connection refused", 50),
            "the third in a row opens it"
        );
        assert!(!breaker.silent("connection refused", 60), "it opens once");
        let PlaneState::Unreachable { since, error } = breaker.state() else {
            panic!("open")
        };
        assert_eq!((since, error.as_str()), (30, "connection refused"));
        assert!(matches!(
            breaker.admit(),
            Err(PlaneError::Unreachable { since: 30, .. })
        ));
        breaker.answered();
        assert_eq!(breaker.state(), PlaneState::Live);
        assert!(breaker.admit().is_ok());
    }
}
