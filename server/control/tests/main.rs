//! The control plane from outside: a database, an embedded plane, and what people declare.

mod suite;
