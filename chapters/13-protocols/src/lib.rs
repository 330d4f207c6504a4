//! Transports and protocols, flow control, TLS.
#![forbid(unsafe_code)]
