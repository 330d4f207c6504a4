//! What a client has already, and which part it wants: RFC 9110, sections 13 and 14.

use std::ops::Range;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{StatusCode, http};

use super::open::Opened;

// ANCHOR: stamp
/// By what one version of a file is told from another.
pub(super) struct Stamp {
    tag: String,
    /// In whole seconds, as headers give it.
    modified: Option<SystemTime>,
    length: u64,
}
// ANCHOR_END: stamp

/// What of a file is to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Range(Range<u64>),
    /// It is not as long as that.
    None,
}

impl Stamp {
    /// Of `file`, to which something is added if `more` is there.
    pub(super) fn of(file: &Opened, more: Option<u64>) -> Stamp {
        let since = |time: SystemTime| time.duration_since(UNIX_EPOCH).ok();
        let age = file.modified.and_then(since);
        let nanos = age.map_or(0, |age| age.as_nanos());
        let mut tag = format!("\"{:x}-{nanos:x}", file.length);
        if let Some(more) = more {
            tag += &format!("-{more:x}");
        }
        tag.push('"');
        let seconds = age.map(|age| Duration::from_secs(age.as_secs()));
        Stamp {
            tag,
            modified: seconds.map(|seconds| UNIX_EPOCH + seconds),
            length: file.length,
        }
    }

    /// Tells it to the client.
    pub(super) fn write(&self, headers: &mut HeaderMap) {
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(header::ETAG, &self.tag);
        if let Some(modified) = self.modified {
            set(header::LAST_MODIFIED, &httpdate::fmt_http_date(modified));
        }
    }

    // ANCHOR: judges
    /// Why the file is not sent, if what the client knows of it makes that needless or wrong. A
    /// tag is asked for before a date, which is as coarse as a second.
    pub(super) fn judges(&self, headers: &HeaderMap) -> Option<StatusCode> {
        let changed = |since: SystemTime| self.modified.is_none_or(|it| it > since);
        let wrong = match headers.get(header::IF_MATCH) {
            Some(_) => !self.is_among(headers, header::IF_MATCH, false),
            None => date(headers, header::IF_UNMODIFIED_SINCE).is_some_and(changed),
        };
        if wrong {
            return Some(StatusCode::PRECONDITION_FAILED);
        }
        let known = match headers.get(header::IF_NONE_MATCH) {
            Some(_) => self.is_among(headers, header::IF_NONE_MATCH, true),
            None => date(headers, header::IF_MODIFIED_SINCE)
                .is_some_and(|since| !changed(since)),
        };
        known.then_some(StatusCode::NOT_MODIFIED)
    }
    // ANCHOR_END: judges

    /// Whether our tag is one of those in the header, where a weak one counts only if `weak`.
    fn is_among(&self, headers: &HeaderMap, name: HeaderName, weak: bool) -> bool {
        let values = headers.get_all(name).into_iter();
        let texts = values.filter_map(|value| value.to_str().ok());
        let mut tags = texts.flat_map(|text| text.split(',')).map(str::trim);
        tags.any(|tag| {
            let strong = tag.strip_prefix("W/").filter(|_| weak).unwrap_or(tag);
            strong == "*" || strong == self.tag
        })
    }

    /// The part that the client asks for. Several at once, and what is no range, are answered by the whole.
    pub(super) fn part(&self, headers: &HeaderMap) -> Part {
        let asked = text(headers, header::RANGE);
        let Some(asked) = asked.and_then(|range| range.strip_prefix("bytes=")) else {
            return Part::Whole;
        };
        // Of another version, a part would be glued to a part of this one.
        let same = text(headers, header::IF_RANGE).is_none_or(|version| {
            version == self.tag
                || date(headers, header::IF_RANGE).is_some() && {
                    date(headers, header::IF_RANGE) == self.modified
                }
        });
        if !same {
            return Part::Whole;
        }
        range(asked, self.length)
    }
}

// ANCHOR: range
/// `first-last`, `first-` or `-how many at the end`, of a file of `length` bytes.
fn range(asked: &str, length: u64) -> Part {
    let number = |text: &str| {
        let digits = text.bytes().all(|it| it.is_ascii_digit()) && !text.is_empty();
        // One that is too large is behind any end.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let Some((first, last)) = asked.trim().split_once('-') else {
        return Part::Whole;
    };
    // hole: range — read the three forms of a range, and keep it within the file
    // tried by: ranges
    // also: web
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => return Part::Whole,
        (Some(first), Some(last)) => first..last.saturating_add(1).min(length),
        (Some(first), None) if last.is_empty() => first..length,
        (None, Some(count)) if first.is_empty() => length.saturating_sub(count)..length,
        _ => return Part::Whole,
    };
    match range.start < range.end {
        true => Part::Range(range),
        false => Part::None,
    }
    // end hole
}
// ANCHOR_END: range

fn text(headers: &http::HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, name)?).ok()
}
