//! A crawler on `taxi`.
#![forbid(unsafe_code)]
