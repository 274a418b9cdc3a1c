//! What a script sees: one file per host object, each with one `register` function and one table of entries.
//!
//! Option maps become typed options here, in one step and without I/O. No sockets and no tokio.

pub mod table;
