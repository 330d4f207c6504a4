//! Asynchronous iterators, generators and contexts.
#![forbid(unsafe_code)]
