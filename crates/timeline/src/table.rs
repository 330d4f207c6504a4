//! A run step by step, in words; and the form of it that is kept as a snapshot.

use std::ops::Range;

use crate::says::time;
use crate::{Damaged, Replay, Trace};

/// A step in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'t> {
    /// Its number, counted from 0: the index of its event.
    pub step: usize,
    /// When it happens, as people write it: `3 s`.
    pub time: String,
    /// What happens.
    pub says: &'t str,
}

impl Trace {
    /// The steps of `range` as rows of a table; what of it is not there is left out.
    ///
    /// ```
    /// use timeline::Trace;
    ///
    /// let mut trace = Trace::new("ch02-event-loop", "taxi", &[]);
    /// assert_eq!(trace.rows(0..20).count(), 0);
    /// ```
    pub fn rows(&self, range: Range<usize>) -> impl Iterator<Item = Row<'_>> {
        let end = range.end.min(self.events.len());
        let start = range.start.min(end);
        let events = self.events[start..end].iter().zip(start..);
        events.map(|(event, step)| Row {
            step,
            time: time(event.at),
            says: &event.says,
        })
    }

    /// Plays the whole trace.
    ///
    /// # Errors
    ///
    /// If an event cannot have happened when it did.
    pub fn check(&self) -> Result<(), Damaged> {
        Replay::new(self).finish().map(|_| ())
    }

    /// The trace without what changes whenever somebody edits a file: no numbers of lines, no sources. Places keep
    /// their files and texts. This is what a snapshot holds.
    ///
    /// ```
    /// use timeline::{Place, Trace};
    ///
    /// let mut trace = Trace::new("ch02-event-loop", "taxi", &[]);
    /// let (file, text) = ("taxi.rs".to_string(), "event_loop.start(taxi);".to_string());
    /// trace.places.push(Place { file, line: 18, text });
    /// assert_eq!(trace.without_lines().places[0].line, 0);
    /// assert_eq!(trace.without_lines().places[0].text, "event_loop.start(taxi);");
    /// ```
    pub fn without_lines(&self) -> Trace {
        let mut trace = self.clone();
        trace.sources.clear();
        for place in &mut trace.places {
            place.line = 0;
        }
        trace
    }
}
