//! What a wait for a lock is called: it names the line that has the lock, and the one that waits. And what is said to
//! whoever awaits a future again.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::Location;
use std::path::Path;
use std::ptr;
use std::sync::{Mutex, PoisonError};

/// The line that took a lock, and one that waits for it.
type Lines = (&'static Location<'static>, &'static Location<'static>);

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
    let Some(taken) = taken else { return "lock" };
    let lines = (taken, waits);
    if let Some((last, word)) = LAST.get()
        && (ptr::eq(last.0, taken) && ptr::eq(last.1, waits))
    {
        return word;
    }
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    let word = *words.entry(lines).or_insert_with(|| word(lines).leak());
    LAST.set(Some((lines, word)));
    word
}

fn word((taken, waits): Lines) -> String {
    let since = match taken.file() == waits.file() {
        true => format!("line {}", taken.line()),
        false => {
            let path = Path::new(taken.file());
            let file = path.file_name().unwrap_or(path.as_os_str()).display();
            format!("{file}:{}", taken.line())
        }
    };
    format!(
        "lock held since {since}, waited for at line {}",
        waits.line()
    )
}

/// The panic of whoever awaits the `why` that was made at `location` once more.
#[cold]
#[track_caller]
pub(crate) fn awaited_again(why: &str, location: &Location<'_>) -> ! {
    panic!("the {why} made at {location} was awaited after its end");
}
