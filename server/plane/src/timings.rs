//! Every duration and limit that a plane keeps, in one place.

use std::time::Duration;

/// How long a plane is waited for, and how much it is asked at once.
///
/// `Default` is what production runs with; tests shorten it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timings {
    /// To establish a connection.
    pub connect: Duration,
    /// For one call, from the first byte sent to the last byte read.
    pub call: Duration,
    /// Calls under way at once.
    pub concurrency: usize,
    /// Consecutive connection failures that open the breaker.
    pub failures: u32,
    /// From the opening of the breaker to the first probe.
    pub probe_first: Duration,
    /// The longest pause between probes; the pause doubles up to it.
    pub probe_longest: Duration,
    /// How long one watch request runs before it is renewed: a server that stopped answering
    /// goes unnoticed for this time and five seconds.
    pub watch: Duration,
    /// Between two looks for a kind that the plane doesn't have.
    pub absent: Duration,
    /// How long a new custom resource definition may take until its kind is served.
    pub established: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(30),
            concurrency: 8,
            failures: 5,
            probe_first: Duration::from_secs(15),
            probe_longest: Duration::from_secs(120),
            watch: Duration::from_secs(120),
            absent: Duration::from_secs(60),
            established: Duration::from_secs(10),
        }
    }
}
