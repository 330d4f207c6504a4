//! The generator with a stack of its own: straight-line code on a thread, equal to the state machine.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineState, Countdown};
use trace::say;

// ANCHOR: body
fn countdown(mut n: u32, yields: &Yields<u32>) -> &'static str {
    while n > 0 {
        yields.give(n);
        n -= 1;
    }
    "lift-off"
}
// ANCHOR_END: body

// ANCHOR: thread
/// A coroutine whose place and variables are on the stack of a thread.
struct OnThread<Y, R> {
    go: Sender<()>,
    stops: Receiver<CoroutineState<Y, R>>,
}

struct Yields<Y> {
    go: Receiver<()>,
    stop: Box<dyn Fn(Y) + Send>,
}

impl<Y> Yields<Y> {
    /// Hands over `value` and sleeps until the next resume: a `yield` made of two channels.
    fn give(&self, value: Y) {
        (self.stop)(value);
        self.wait();
    }

    /// A coroutine that is dropped half-way is never resumed. Its stack is unwound, as
    /// Python does with `GeneratorExit`.
    fn wait(&self) {
        if self.go.recv().is_err() {
            panic::resume_unwind(Box::new("dropped half-way"));
        }
    }
}
// ANCHOR_END: thread

impl<Y: Send + 'static, R: Send + 'static> OnThread<Y, R> {
    fn new(body: impl FnOnce(&Yields<Y>) -> R + Send + 'static) -> OnThread<Y, R> {
        let (go, resumed) = channel();
        let (stop, stops) = channel();
        let yielded = stop.clone();
        thread::spawn(move || {
            // A send fails only if the coroutine is dropped meanwhile: `wait` will tell.
            let give =
                Box::new(move |value| drop(yielded.send(CoroutineState::Yielded(value))));
            let yields = Yields {
                go: resumed,
                stop: give,
            };
            let result = panic::catch_unwind(AssertUnwindSafe(|| {
                yields.wait();
                body(&yields)
            }));
            if let Ok(result) = result {
                drop(stop.send(CoroutineState::Complete(result)));
            }
        });
        OnThread { go, stops }
    }
}

impl<Y, R> Coroutine for OnThread<Y, R> {
    type Yield = Y;
    type Return = R;

    fn resume(&mut self, _: ()) -> CoroutineState<Y, R> {
        let sent = self.go.send(());
        let stop = sent.ok().and_then(|()| self.stops.recv().ok());
        stop.expect("resumed after completion")
    }
}

/// All that a coroutine does until its end, in words.
fn life(mut coroutine: impl Coroutine<Yield = u32, Return = &'static str>) -> String {
    let mut words = String::new();
    loop {
        match coroutine.resume(()) {
            CoroutineState::Yielded(n) => words += &format!("{n} "),
            CoroutineState::Complete(result) => return words + result,
        }
    }
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    say!(
        "a thread:        {}",
        life(OnThread::new(|yields| countdown(3, yields)))
    );
    say!("a state machine: {}", life(Countdown::from(3)));
    let equal = (0..100).all(|n| {
        let on_thread = OnThread::new(move |yields| countdown(n, yields));
        life(on_thread) == life(Countdown::from(n))
    });
    say!("equal for every n below 100: {equal}");
    say!("a state machine takes {} bytes", size_of::<Countdown>());
    Ok(())
}
// ANCHOR_END: main
