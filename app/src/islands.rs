//! What runs in the browser: each island a verb, on markup that reads and posts without it.
//!
//! Compiled twice: for the server, that draws them, and for the browser, that wakes them.

pub mod caret;
pub mod clock;
pub mod copy;
pub mod draft;
pub mod editor;
pub mod follow_log;
pub mod line;
pub mod live;
pub mod pending;
pub mod shortcuts;
pub mod suggest;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(not(feature = "hydrate"))]
#[path = "islands/server.rs"]
mod browser;

pub use clock::Clock;
pub use copy::Copy;
pub use draft::Draft;
pub use editor::Editor;
pub use follow_log::FollowLog;
pub use live::Live;
pub use pending::Pending;
pub use shortcuts::Shortcuts;
pub use suggest::Suggest;
