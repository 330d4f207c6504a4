//! A web server on `taxi`: routes, forms, templates, files.
#![forbid(unsafe_code)]
