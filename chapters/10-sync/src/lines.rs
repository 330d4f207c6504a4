//! What a wait for a lock is called: it names the line that has the lock, and the one that waits. And what is said to
//! whoever awaits a future again.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::Location;
use std::ptr;
use std::sync::{Mutex, PoisonError};

/// What is said of something that somebody has, the line that took it, and one that waits for it.
type Lines = (
    &'static str,
    &'static Location<'static>,
    &'static Location<'static>,
);

/// A suspension's word is a `&'static str`, so these are kept for good: one for each two lines of the program that have
/// ever met at a lock. Nobody comes here who finds the lock free, or the word of the last time.
static WORDS: Mutex<BTreeMap<Lines, &'static str>> = Mutex::new(BTreeMap::new());

thread_local! {
    /// What this thread asked for last. Without a destructor.
    static LAST: Cell<Option<(Lines, &'static str)>> = const { Cell::new(None) };
}

/// `lock` if nobody is known to have it; else `lock held since line 9, waited for at line 12`.
pub(crate) fn lock_word(
    taken: Option<&'static Location<'static>>,
    waits: &'static Location<'static>,
) -> &'static str {
    held_word(("lock", "lock held"), taken, waits)
}

/// The same of something else: its word, and what is said of it when somebody has it.
pub(crate) fn held_word(
    (word, held): (&'static str, &'static str),
    taken: Option<&'static Location<'static>>,
    waits: &'static Location<'static>,
) -> &'static str {
    let Some(taken) = taken else { return word };
    let lines = (held, taken, waits);
    if let Some((last, word)) = LAST.get()
        && (ptr::eq(last.0, held) && ptr::eq(last.1, taken) && ptr::eq(last.2, waits))
    {
        return word;
    }
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    let word = *words
        .entry(lines)
        .or_insert_with(|| both_lines(lines).leak());
    LAST.set(Some((lines, word)));
    word
}

fn both_lines((held, taken, waits): Lines) -> String {
    let since = match taken.file() == waits.file() {
        true => format!("line {}", taken.line()),
        false => polling::file_name(taken, true),
    };
    format!("{held} since {since}, waited for at line {}", waits.line())
}

/// The panic of whoever awaits the `why` that was made at `location` once more.
#[cold]
#[track_caller]
pub(crate) fn awaited_again(why: &str, location: &Location<'_>) -> ! {
    panic!("the {why} made at {location} was awaited after its end");
}
