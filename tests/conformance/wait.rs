//! `client.wait`: the script blocks until something happens.
