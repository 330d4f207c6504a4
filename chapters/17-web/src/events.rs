//! Server-sent events: an answer that does not end.

use hyper::body::Bytes;

/// One event. See [`Response::events`](crate::Response::events).
///
/// ```
/// use web::Event;
///
/// let event = Event::new("two\nlines").named("taxis");
/// assert_eq!(event.into_bytes(), "event: taxis\ndata: two\ndata: lines\n\n");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    name: Option<String>,
    data: String,
}

impl Event {
    /// With this text.
    pub fn new(data: impl Into<String>) -> Event {
        let data = data.into();
        Event { name: None, data }
    }

    /// For those who listen to this name; `message`, if none is given.
    ///
    /// # Panics
    ///
    /// If it has more than one line.
    #[track_caller]
    pub fn named(mut self, name: impl Into<String>) -> Event {
        let name = name.into();
        assert!(!name.contains(['\r', '\n']), "a name is one line: {name:?}");
        self.name = Some(name);
        self
    }

    /// As it is sent.
    pub fn into_bytes(self) -> Bytes {
        let mut text = String::new();
        if let Some(name) = self.name {
            text += &format!("event: {name}\n");
        }
        for line in self.data.split('\n') {
            // To the browser a lone return ends a line, too.
            text += &format!("data: {}\n", line.replace('\r', ""));
        }
        text.push('\n');
        text.into()
    }
}
