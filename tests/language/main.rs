//! The language that scripts are written in, tested by running scripts on a bare engine.

mod callbacks;
mod captures;
mod globals;
mod harness;
mod imports;
mod positions;
mod words;
