//! A load tester on `taxi`.
#![forbid(unsafe_code)]
