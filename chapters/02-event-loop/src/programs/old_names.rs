//! What an old name does in a heap that uses its slots again, and what a thousand dead timeouts leave behind.
//!
//! twin: none, Python's timers are objects: a handle cannot name another one's timer

use chapter::{Args, BadInput};
use event_loop::{Time, TimeHeap};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut heap = TimeHeap::new();
    let old = heap.push(Time::from_secs(1), "taxi B picks up a passenger");
    say!("due:       {}", heap.pop().map_or("nothing", |(_, what)| what));
    heap.push(Time::from_secs(2), "taxi C picks up a passenger");
    say!("cancelled: {}", heap.cancel(old).unwrap_or("nothing"));
    say!("due:       {}", heap.pop().map_or("nothing", |(_, what)| what));

    for _ in 0..1000 {
        let timeout = heap.push(Time::from_secs(30), "the time is up");
        heap.cancel(timeout);
    }
    say!("entries after a thousand cancelled timeouts: {}", heap.len());
    say!("at most 64 keys are left: {}", heap.keys() <= 64);
    Ok(())
}
// ANCHOR_END: main
