//! Two threads at once: calls that come at any moment of a poll, and how many of them are lost.
//!
//! twin: none, the two threads of Python take turns
//! flag: --calls N  how many calls (20000)

use std::hint::spin_loop;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
use std::thread;

use chapter::{Args, BadInput};
use trace::say;
use wakers::phone;

#[derive(Default)]
struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Bell>) {
        self.0.store(true, Ordering::Release);
    }
}

/// How many times one of two threads has come to the start.
static THERE: AtomicUsize = AtomicUsize::new(0);

/// Waits for the other thread, and then for a moment that differs from round to round.
fn start(round: usize, moment: usize) {
    THERE.fetch_add(1, Ordering::AcqRel);
    let mut looks = 0_u32;
    while THERE.load(Ordering::Acquire) < 2 * (round + 1) {
        looks += 1;
        match looks % 2000 {
            // With one processor, or a busy one, the other has to be let in.
            0 => thread::yield_now(),
            _ => spin_loop(),
        }
    }
    for _ in 0..moment {
        spin_loop();
    }
}

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let calls: u32 = args.number("calls", 0..=1_000_000)?.unwrap_or(20_000);
    let (callers, phones): (Vec<_>, Vec<_>) = (0..calls).map(|_| phone()).unzip();
    let passengers = thread::spawn(|| {
        for (round, caller) in callers.into_iter().enumerate() {
            start(round, round / 16 % 16);
            caller.say("Main Street");
        }
    });
    let mut waits = Vec::new();
    for (round, mut phone) in phones.into_iter().enumerate() {
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(Arc::clone(&bell));
        start(round, round % 16);
        let heard = Pin::new(&mut phone).poll(&mut Context::from_waker(&waker));
        if heard.is_pending() {
            waits.push((phone, bell));
        }
    }
    passengers.join().expect("they only call");
    let lost = waits
        .iter()
        .filter(|(_, bell)| !bell.0.load(Ordering::Acquire));
    say!(
        "{calls} calls, each at some moment of a poll: {} lost",
        lost.count()
    );
    Ok(())
}
// ANCHOR_END: main
