//! Two at once
//!
//! Python's `async with` takes several in one statement. A pair of them can be one of them:
//!
//!     impl<A: ContextManager, B: ContextManager<Error = A::Error>> ContextManager for (A, B) {
//!         // …
//!     }
//!
//! They are entered in order and left in reverse. If the second cannot be entered, the first is left, and has failed. If
//! it cannot be left, the first is left all the same, and hears that something has failed inside it. The error that was
//! there first is the one to report.
//!
//! needs: 6.5
//!
//! hint: Its value is a pair, too. In an `impl`, `async fn enter(&mut self)` will do where the trait has an `impl Future`.
//!
//! hint: Both of its functions have a line after which a `?` would be too early. Which?
//!
//! hint: To leave is:
//!
//!     let inner = self.1.exit(second, failed).await;
//!     let outer = self.0.exit(first, failed || inner.is_err()).await;
//!     inner.and(outer)
//!
//! and to enter is `self.0.enter().await?`, and then a `match` on `self.1.enter().await`, which leaves the first before it
//! gives an error back.
//!
//! done: And a pair of pairs is three or four. From an empty file you have now, on a runtime of your own, what asyncio
//! calls `gather`, `Event`, `Semaphore`, `Queue`, async generators and `async with`, and a group that waits for its
//! tasks. This is the last rung for now.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use mine::streams::{ContextManager, with};
use mine::tasks::{Runtime, run};

type Log = Rc<RefCell<Vec<String>>>;

/// A gate that notes what is done to it; each way takes a second.
struct Gate {
    name: &'static str,
    runtime: Runtime,
    log: Log,
    closed: bool,
    jams: bool,
}

impl Gate {
    async fn waits(&self, what: String) {
        self.log.borrow_mut().push(format!("{what} {}", self.name));
        let second = Duration::from_secs(1);
        self.runtime.timers.sleep(second).await;
    }
}

impl ContextManager for Gate {
    type Value = &'static str;
    type Error = String;

    async fn enter(&mut self) -> Result<&'static str, String> {
        self.waits("enter".to_string()).await;
        match self.closed {
            true => Err(format!("{} is closed", self.name)),
            false => Ok(self.name),
        }
    }

    async fn exit(&mut self, _: &'static str, failed: bool) -> Result<(), String> {
        let how = if failed { "fail" } else { "leave" };
        self.waits(how.to_string()).await;
        match self.jams {
            true => Err(format!("{} is jammed", self.name)),
            false => Ok(()),
        }
    }
}

/// Which gates are closed, and which jam.
#[derive(Clone, Copy, Default)]
struct Trouble {
    closed: [bool; 2],
    jams: [bool; 2],
    body: bool,
}

/// What comes of a pair of gates, A and B, and what was done meanwhile.
fn through(trouble: Trouble) -> (Result<(), String>, String) {
    run(async move |runtime: Runtime| {
        let log = Log::default();
        let gate = |place: usize| Gate {
            name: ["A", "B"][place],
            runtime: runtime.clone(),
            log: log.clone(),
            closed: trouble.closed[place],
            jams: trouble.jams[place],
        };
        let pair = (gate(0), gate(1));
        let outcome = with(pair, async |(first, second)| {
            log.borrow_mut().push(format!("body {first}{second}"));
            if trouble.body {
                Err("flat tyre".to_string())
            } else {
                Ok(())
            }
        });
        (outcome.await, log.take().join(", "))
    })
}

fn in_and_out() {
    ladder::tries("a pair, and a body that ends well");
    ladder::hangs("it never ends");
    let (outcome, did) = through(Trouble::default());
    ladder::check!(
        !did.ends_with("leave A, leave B"),
        "{did}: A is left before B, which was entered inside it: out in reverse"
    );
    ladder::check!(
        did == "enter A, enter B, body AB, leave B, leave A",
        "it should be enter A, enter B, body AB, leave B, leave A, and is {did}"
    );
    ladder::check!(outcome == Ok(()), "all is well, and it gives {outcome:?}");

    ladder::tries("a pair, and a body that fails");
    let (outcome, did) = through(Trouble {
        body: true,
        ..Trouble::default()
    });
    ladder::check!(
        did == "enter A, enter B, body AB, fail B, fail A",
        "both are to hear that it failed: enter A, enter B, body AB, fail B, fail A; and it is {did}"
    );
    ladder::check!(
        outcome == Err("flat tyre".to_string()),
        "it should give the body's error, and gives {outcome:?}"
    );
}

fn not_entered() {
    ladder::tries("a pair of which the second is closed");
    let (outcome, did) = through(Trouble {
        closed: [false, true],
        ..Trouble::default()
    });
    ladder::check!(
        did != "enter A, enter B",
        "{did}: A was entered, and is never left"
    );
    ladder::check!(
        did == "enter A, enter B, fail A",
        "A is to be left, and has failed: enter A, enter B, fail A; and it is {did}"
    );
    ladder::check!(
        outcome == Err("B is closed".to_string()),
        "it should say that B is closed, and gives {outcome:?}"
    );
    let (outcome, did) = through(Trouble {
        closed: [false, true],
        jams: [true, false],
        ..Trouble::default()
    });
    ladder::check!(
        outcome == Err("B is closed".to_string()),
        "{did}: B is closed, and then A jams; it gives {outcome:?}, and not what was first"
    );

    ladder::tries("a pair of which the first is closed");
    let (outcome, did) = through(Trouble {
        closed: [true, false],
        ..Trouble::default()
    });
    ladder::check!(
        did == "enter A",
        "{did}: A could not be entered, and so nothing else may run"
    );
    ladder::check!(
        outcome == Err("A is closed".to_string()),
        "it should say that A is closed, and gives {outcome:?}"
    );
}

fn not_left() {
    ladder::tries("a pair of which the second jams when it is left");
    let (outcome, did) = through(Trouble {
        jams: [false, true],
        ..Trouble::default()
    });
    ladder::check!(
        did.ends_with('A'),
        "{did}: B could not be left, and A is never left"
    );
    ladder::check!(
        did.ends_with("leave B, fail A"),
        "{did}: B could not be left, and A is not told that something has failed inside it"
    );
    ladder::check!(
        outcome == Err("B is jammed".to_string()),
        "it should say that B is jammed, and gives {outcome:?}"
    );

    ladder::tries("a pair of which both jam when they are left");
    let (outcome, did) = through(Trouble {
        jams: [true, true],
        ..Trouble::default()
    });
    ladder::check!(
        outcome == Err("B is jammed".to_string()),
        "{did}: it gives {outcome:?}, and B was jammed first"
    );
}

fn main() {
    in_and_out();
    not_entered();
    not_left();
}
