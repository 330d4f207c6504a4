//! Whether another thread sleeps.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// A thread, to be watched by another one.
#[derive(Debug, Clone)]
pub struct Sleeper(Option<PathBuf>);

impl Sleeper {
    /// The thread that calls this.
    pub fn here() -> Sleeper {
        // Of this thread, so it must be followed here.
        let this = fs::read_link("/proc/thread-self").ok();
        Sleeper(this.map(|it| PathBuf::from("/proc").join(it).join("stat")))
    }

    /// Waits until the operating system has put it to sleep; false if it has not within `limit`. Where that cannot be
    /// seen, it has been given the time to fall asleep.
    pub fn falls_asleep(&self, limit: Duration) -> bool {
        let start = Instant::now();
        while start.elapsed() < limit {
            match self.state() {
                Some('S') => return true,
                Some(_) => thread::yield_now(),
                None => {
                    thread::sleep(Duration::from_millis(50));
                    return true;
                }
            }
        }
        false
    }

    /// The letter by which Linux tells what it does.
    fn state(&self) -> Option<char> {
        let stat = fs::read_to_string(self.0.as_ref()?).ok()?;
        // After its name, which may hold anything.
        stat.rsplit_once(") ")?.1.chars().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_parked_thread_sleeps_and_a_busy_one_does_not() {
        let watched = Sleeper::here();
        let limit = Duration::from_secs(20);
        // Whoever waits for the answer sleeps.
        let (answer, answered) = mpsc::channel();
        thread::spawn({
            let watched = watched.clone();
            move || answer.send(watched.falls_asleep(limit))
        });
        assert!(answered.recv().unwrap());
        if watched.state().is_some() {
            let (stop, stopped) = mpsc::channel::<()>();
            let busy = thread::spawn(move || {
                let here = Sleeper::here();
                let asked = here.clone();
                let watcher = thread::spawn(move || {
                    let asleep = asked.falls_asleep(Duration::from_millis(20));
                    drop(stop);
                    asleep
                });
                while stopped.try_recv() == Err(mpsc::TryRecvError::Empty) {}
                watcher.join().unwrap()
            });
            assert!(!busy.join().unwrap());
        }
    }
}
