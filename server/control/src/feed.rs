//! Tells watchers of committed changes, in their order, from whichever replica they came.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{Platform, clock};

/// Between two looks when nobody rings: what other replicas commit is seen within this.
const PAUSE: Duration = Duration::from_millis(500);
/// So long changes are kept for watchers that resume.
const KEPT: i64 = 24 * 3600 * 1_000_000;

/// Runs until told to stop.
pub async fn run(platform: Platform, stop: CancellationToken) {
    let mut last = platform.store().newest_sequence().await.unwrap_or(0);
    let mut cleaned = clock::now().0;
    while !stop.is_cancelled() {
        let rung = platform.0.bell.notified();
        match platform.store().changes_after(last, 1000).await {
            Ok(changes) => {
                let more = changes.len() == 1000;
                for change in changes {
                    last = change.sequence;
                    // No receiver is no error: nobody watches.
                    let _ = platform.0.changes.send(change);
                }
                if more {
                    continue;
                }
            }
            Err(error) => tracing::warn!(%error, "the change feed can't read"),
        }
        let now = clock::now().0;
        if now - cleaned > KEPT / 24 {
            cleaned = now;
            if let Err(error) = platform.store().forget_changes(now - KEPT).await {
                tracing::warn!(%error, "old changes couldn't be forgotten");
            }
        }
        tokio::select! {
            () = rung => {}
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => break,
        }
    }
}
