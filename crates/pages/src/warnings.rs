//! What mdBook warns of while it builds: HTML that is not closed, and other things that no reader should meet.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::problem::Problem;

/// Listens to mdBook on this thread until [`Warnings::end`].
pub(crate) struct Warnings {
    log: Log,
    _listening: Box<dyn std::any::Any>,
}

/// Lines that several writers add to.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Warnings {
    /// Begins to listen.
    pub(crate) fn listen() -> Warnings {
        let log = Log::default();
        let writer = log.clone();
        let listening = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::WARN)
            .with_ansi(false)
            .without_time()
            .with_level(false)
            .with_target(false)
            .with_writer(move || writer.clone())
            .finish()
            .set_default();
        Warnings {
            log,
            _listening: Box::new(listening),
        }
    }

    /// What was said, a problem a line.
    pub(crate) fn end(self) -> Vec<Problem> {
        let log = self.log.0.lock().unwrap_or_else(PoisonError::into_inner);
        let log = String::from_utf8_lossy(&log);
        let lines = log.lines().filter(|line| !line.trim().is_empty());
        lines
            .map(|line| Problem::with("book", line.trim()))
            .collect()
    }
}
