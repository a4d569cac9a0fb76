//! Legacy network addresses; filled in by the manifest rooms.
