//! A clock for the stages of the tiled engine, which reads none itself.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use fundcast::simulation::stage::{Observer, Stage};

thread_local! {
    /// When the last stage was done on this thread.
    static LAST: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Nanoseconds by stage, of all threads.
#[derive(Debug, Default)]
pub struct Clock([AtomicU64; Stage::ALL.len()]);

impl Clock {
    /// Forgets when the last stage was done on this thread: what a job does before its first stage counts nowhere.
    pub fn begin() {
        LAST.set(None);
    }

    /// Nanoseconds of a stage so far.
    pub fn ns(&self, stage: Stage) -> f64 {
        self.0[stage as usize].load(Ordering::Relaxed) as f64
    }
}

impl Observer for Clock {
    fn done(&self, stage: Stage) {
        let now = Instant::now();
        if let Some(last) = LAST.replace(Some(now)) {
            let ns = u64::try_from((now - last).as_nanos()).expect("a stage takes no centuries");
            self.0[stage as usize].fetch_add(ns, Ordering::Relaxed);
        }
    }
}
