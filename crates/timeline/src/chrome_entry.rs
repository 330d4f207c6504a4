//! An event of Chrome's trace-event format.

use serde::Serialize;
use serde_json::Value;

/// An event of the format, with the fields that it needs.
#[derive(Serialize)]
pub(crate) struct Entry<'a> {
    pub name: &'a str,
    pub cat: &'static str,
    pub ph: &'static str,
    /// In microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ts: Option<f64>,
    /// In microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dur: Option<f64>,
    pub pid: u32,
    pub tid: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Of an instant: it is about its thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s: Option<&'static str>,
    /// Where a flow ends: in the event around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bp: Option<&'static str>,
    #[serde(skip_serializing_if = "Value::is_null")]
    pub args: Value,
}

/// What an event has that does not need it.
pub(crate) const NOTHING: Entry<'static> = Entry {
    name: "",
    cat: "",
    ph: "",
    ts: None,
    dur: None,
    pid: 0,
    tid: 0,
    id: None,
    s: None,
    bp: None,
    args: Value::Null,
};

/// In microseconds, which is what the format wants.
#[expect(
    clippy::cast_precision_loss,
    reason = "below a nanosecond for a hundred days"
)]
pub(crate) fn micros(nanos: u64) -> f64 {
    nanos as f64 / 1_000.0
}
