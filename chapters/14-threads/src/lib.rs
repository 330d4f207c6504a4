//! Blocking work on threads, and calls into the loop from outside.
#![forbid(unsafe_code)]
