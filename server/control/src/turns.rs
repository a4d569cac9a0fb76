//! Turns: who works on the same thing waits for the other to end.
//!
//! A key of the queue is worked on once at a time, but a binding has two (`binding/…` and `resync/…`).
//! Both at once would each write what it read before the other wrote.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, Weak},
};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// Turns by the id of what is worked on, within this process.
#[derive(Default)]
pub(crate) struct Turns(Mutex<BTreeMap<String, Weak<Turn<()>>>>);

impl Turns {
    /// Waits for the turn, which lasts until it is dropped.
    pub async fn of(&self, id: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self
                .0
                .lock()
                .expect("no one panics while holding the turns");
            turns.retain(|_, turn| turn.strong_count() > 0);
            match turns.get(id).and_then(Weak::upgrade) {
                Some(turn) => turn,
                None => {
                    let turn = Arc::new(Turn::new(()));
                    turns.insert(id.to_owned(), Arc::downgrade(&turn));
                    turn
                }
            }
        };
        turn.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_waits_and_another_does_not() {
        let turns = Turns::default();
        let first = turns.of("a").await;
        turns.of("b").await;
        let mut second = Box::pin(turns.of("a"));
        assert!(futures::poll!(&mut second).is_pending());
        drop(first);
        second.await;
        turns.of("c").await;
        assert_eq!(
            turns.0.lock().expect("fine").len(),
            1,
            "ended turns are forgotten"
        );
    }
}
