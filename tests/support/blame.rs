//! Who is blamed by a panic: it should be the line of whoever has misused something, not one of ours.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, set_hook, take_hook};
use std::sync::Once;

/// What a panic said, in which file, at which line.
type Heard = (String, String, u32);

thread_local! {
    /// The last panic of this thread, if there was one; while somebody listens.
    static HEARD: RefCell<Option<Option<Heard>>> = const { RefCell::new(None) };
}

/// Runs what must panic, and must blame a line here, not one of ours: what it says.
///
/// # Panics
///
/// If it does not panic, or blames another line.
#[track_caller]
pub fn panic_of<T>(misuse: impl FnOnce() -> T) -> String {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            let listening = HEARD.with_borrow(Option::is_some);
            if !listening {
                return usual(info);
            }
            let words = info.payload_as_str().unwrap_or("").to_string();
            let location = info.location().unwrap();
            let file = location.file().to_string();
            HEARD.set(Some(Some((words, file, location.line()))));
        }));
    });
    HEARD.set(Some(None));
    let outcome = catch_unwind(AssertUnwindSafe(misuse));
    let heard = HEARD.take().flatten();
    assert!(outcome.is_err(), "it did not panic");
    let (words, file, line) = heard.unwrap();
    let here = Location::caller();
    assert_eq!(file, here.file(), "it says: {words}");
    // A call may be written over some lines.
    let lines = here.line()..here.line() + 4;
    assert!(lines.contains(&line), "{lines:?}, and it blames {line}");
    words
}
