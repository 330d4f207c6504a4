//! Ctrl-C, with a limit
//!
//! Ctrl-C sends SIGINT. A program that listens for it does not end at once: it is asked to stop, and may finish what it
//! does. But not for ever; and whoever presses the key again does not want to wait at all.
//!
//!     /// Runs `program`, which is given an event: *stop*. Gives
//!     /// what it gives, or none if it was dropped.
//!     pub async fn until_ctrl_c<F: Future>(
//!         runtime: &Runtime,
//!         limit: Duration,
//!         program: impl FnOnce(Rc<Event>) -> F,
//!     ) -> io::Result<Option<F::Output>>
//!
//! With the first Ctrl-C the event is set, and the program may go on for `limit`. If it has not ended then, or when the
//! key is pressed again, it is dropped. `Event` is that of your chapter 10.
//!
//! The number is `signal_hook::consts::SIGINT`. Your clock stands still for no signal, so the check presses the key
//! itself, at exact times.
//!
//! needs: 5.3 10.2
//!
//! hint: There are two phases. In each of them the program runs, and something else may end the phase. What is it in the
//! first, and what are the two in the second?
//!
//! hint: The program must live through both: pin it once, with `std::pin::pin!`, and race `program.as_mut()`. A helper,
//! `unless(work, stop)`, polls `work` first, and then `stop`: it gives `Some` of the one, or `None` for the other.
//!
//! hint: With that helper, and one listener for both keys,
//!
//!     if let Some(value) = unless(work.as_mut(), key.recv()).await {
//!         return Ok(Some(value));
//!     }
//!     stop.set();
//!     let patience = async { unless(pin!(key.recv()), runtime.timers.sleep(limit)).await };
//!     Ok(unless(work, patience).await)
//!
//! done: systemd does the same to every service, with SIGTERM, SIGKILL and 90 seconds between them. asyncio's `run` has the
//! two keys, and no limit. You have both: and all of it is a race between futures, as so much is.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mine::processes::until_ctrl_c;
use mine::readiness::{Runtime, run};
use mine::sync::Event;
use mine::timers::Timers;
use signal_hook::consts::SIGINT;
use signal_hook::low_level::raise;

const LIMIT: Duration = Duration::from_secs(10);

/// When it was over, and what came of it.
type Ended = (u64, Option<&'static str>);

/// Sets a flag when it is dropped.
struct Trace(Rc<Cell<bool>>);

impl Drop for Trace {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// What a program does that is asked to stop.
#[derive(Clone, Copy)]
enum Does {
    /// Drives so many seconds, whatever it is asked.
    Drives(u64),
    /// Cleans up for so many seconds.
    Cleans(u64),
}

async fn shift(timers: Timers, does: Does, stop: Rc<Event>) -> &'static str {
    let seconds = match does {
        Does::Drives(seconds) => seconds,
        Does::Cleans(seconds) => {
            stop.wait().await;
            seconds
        }
    };
    timers.sleep(Duration::from_secs(seconds)).await;
    "home"
}

/// Runs it, with a key that is pressed at these seconds.
fn night(keys: &'static [u64], does: Does) -> Ended {
    // Without anybody who listens, the key would end the check.
    let flag = Arc::default();
    signal_hook::flag::register(SIGINT, flag).expect("a handler");
    let program = async move |runtime: Runtime| {
        let timers = runtime.timers.clone();
        runtime.executor.spawn(async move {
            for second in keys {
                let wait = Duration::from_secs(*second).saturating_sub(timers.now());
                if !wait.is_zero() {
                    timers.sleep(wait).await;
                }
                raise(SIGINT).expect("it is sent");
            }
        });
        let gone = Rc::new(Cell::new(false));
        let trace = Trace(gone.clone());
        let timers = runtime.timers.clone();
        let program = |stop| {
            let shift = shift(timers, does, stop);
            async move {
                let _trace = trace;
                shift.await
            }
        };
        let ended = until_ctrl_c(&runtime, LIMIT, program).await;
        let ended =
            ended.unwrap_or_else(|error| ladder::fail(format_args!("it says: {error}")));
        ladder::check!(gone.get(), "it is over, and the program is not dropped");
        (runtime.timers.now().as_secs(), ended)
    };
    run(program).expect("a runtime")
}

fn check(what: &str, ended: Ended, wanted: Ended, why: &str) {
    ladder::check!(
        ended == wanted,
        "{what} {:?} at {} s, and that was {:?} at {} s: {why}",
        wanted.1,
        wanted.0,
        ended.1,
        ended.0
    );
}

fn main() {
    ladder::tries("a program that ends after 2 s, and no key");
    ladder::hangs("it never ends: the program has, and that is enough");
    let ended = night(&[], Does::Drives(2));
    check(
        "it should give",
        ended,
        (2, Some("home")),
        "nobody called it off",
    );

    ladder::tries("a key after 5 s, and a program that cleans up for 3 s");
    ladder::hangs("it never ends: is the event set?");
    let ended = night(&[5], Does::Cleans(3));
    let why =
        "it is asked to stop, may clean up, and is not held any longer than it needs";
    check("it should give", ended, (8, Some("home")), why);

    ladder::tries(
        "a key after 5 s, and a program that ends after 9 s, as it always does",
    );
    ladder::hangs("it never ends");
    let ended = night(&[5], Does::Drives(9));
    let why = "it was within the limit";
    check("it should give", ended, (9, Some("home")), why);

    ladder::tries("a key after 5 s, and a program that cleans up for a minute");
    ladder::hangs("it never ends: the limit has passed");
    let ended = night(&[5], Does::Cleans(60));
    let why = "the limit of 10 s counts from the key on";
    check("it should give", ended, (15, None), why);

    ladder::tries("a key after 5 s and another one after 7 s, and a minute of cleaning");
    ladder::hangs("it never ends: the key was pressed twice");
    let ended = night(&[5, 7], Does::Cleans(60));
    let why = "who presses the key again does not want to wait";
    check("it should give", ended, (7, None), why);

    ladder::tries("a key that is pressed twice after 5 s, and 3 s of cleaning");
    ladder::hangs("it never ends");
    let ended = night(&[5, 5], Does::Cleans(3));
    let why = "two signals before anybody looks are one";
    check("it should give", ended, (8, Some("home")), why);
}
