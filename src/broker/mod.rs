//! The embedded broker behind one small type.
