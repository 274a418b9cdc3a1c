//! `request`, `requestAsync` and `reply`.
