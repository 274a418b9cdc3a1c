//! Messages after which the broker closes the connection again and again.
