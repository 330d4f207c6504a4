//! Left in any case
//!
//! A connection is closed, a transaction committed or rolled back, however the work on it went. Python's `async with` does
//! that. In Rust a destructor would, but closing may have to wait, and no destructor can await. So let a function do it:
//! enter, run a body, leave.
//!
//!     pub trait ContextManager {
//!         type Value;
//!         type Error;
//!
//!         fn enter(&mut self) -> impl Future<Output = Result<Self::Value, Self::Error>>;
//!
//!         /// `failed` says whether what was done inside has failed.
//!         fn exit(
//!             &mut self,
//!             value: Self::Value,
//!             failed: bool,
//!         ) -> impl Future<Output = Result<(), Self::Error>>;
//!     }
//!
//!     pub async fn with<C: ContextManager, R>(
//!         context: C,
//!         body: impl AsyncFnOnce(&mut C::Value) -> Result<R, C::Error>,
//!     ) -> Result<R, C::Error>
//!
//! What was entered is left, also if the body returns early with a `?`, and `with` ends when that is done. What could not
//! be entered is not left, and its body does not run. An exit may fail, too, as a commit does. If both fail, the body's
//! error is the one to report: it was there first.
//!
//! needs: 6.5
//!
//! hint: Write it without a `?` first. After which line must `exit` run whatever happened, and which line needs the value?
//!
//! hint: Only `enter` may have its `?` at once. Keep what the body gives as a `Result`, leave, and look at it after that.
//!
//! hint: In that order:
//!
//!     let mut value = context.enter().await?;
//!     let outcome = body(&mut value).await;
//!     let left = context.exit(value, outcome.is_err()).await;
//!     let outcome = outcome?;
//!     left?;
//!     Ok(outcome)
//!
//! done: Four lines, and a body's error cannot get past them. A body that is *dropped* can: your tasks know no other end,
//! and then nothing is awaited any more. Chapter 8's tasks can be asked to end, and the chapter's `with` hears that, leaves,
//! and lets the request go on. Next: two at once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use mine::streams::{ContextManager, with};
use mine::tasks::{Runtime, run};

type Log = Rc<RefCell<Vec<String>>>;

fn note(log: &Log, what: &str) {
    log.borrow_mut().push(what.to_string());
}

/// A gate that notes what is done to it; going out takes a second.
struct Gate {
    runtime: Runtime,
    log: Log,
    closed: bool,
    jams: bool,
}

impl ContextManager for Gate {
    type Value = i32;
    type Error = &'static str;

    async fn enter(&mut self) -> Result<i32, &'static str> {
        note(&self.log, "enter");
        if self.closed { Err("closed") } else { Ok(7) }
    }

    async fn exit(&mut self, value: i32, failed: bool) -> Result<(), &'static str> {
        let how = if failed { "failed" } else { "well" };
        note(&self.log, &format!("exit {how} with {value}"));
        let second = Duration::from_secs(1);
        self.runtime.timers.sleep(second).await;
        note(&self.log, "gone");
        if self.jams { Err("jammed") } else { Ok(()) }
    }
}

/// What `with` gives, what was done meanwhile, and how long it took.
type Seen = (Result<i32, &'static str>, String, u64);

/// `with` on a gate that is closed or jams, and a body that ends well or not.
fn through(closed: bool, jams: bool, failure: Option<&'static str>) -> Seen {
    run(async move |runtime: Runtime| {
        let log = Log::default();
        let gate = Gate {
            runtime: runtime.clone(),
            log: log.clone(),
            closed,
            jams,
        };
        let outcome = with(gate, async |value| {
            note(&log, "body");
            if let Some(failure) = failure {
                Err(failure)?;
            }
            *value += 1;
            Ok(*value * 10)
        });
        let outcome = outcome.await;
        (
            outcome,
            log.take().join(", "),
            runtime.timers.now().as_secs(),
        )
    })
}

fn all_well() {
    ladder::tries("a body that ends well");
    ladder::hangs("it never ends");
    let (outcome, did, took) = through(false, false, None);
    ladder::check!(did.contains("exit"), "{did}: it is entered, and never left");
    ladder::check!(
        did.contains("gone") && took == 1,
        "{did}: to leave takes a second, and `with` does not wait for it"
    );
    ladder::check!(
        !did.contains("failed"),
        "{did}: the body has ended well, and exit is told that it failed: a transaction would be rolled back"
    );
    ladder::check!(
        did == "enter, body, exit well with 8, gone",
        "it should be enter, body, exit well with 8, gone, and is {did}"
    );
    ladder::check!(
        outcome == Ok(80),
        "it should give what the body gives, Ok(80), and gives {outcome:?}"
    );
}

fn fails() {
    ladder::tries("a body that returns early, with an error");
    let (outcome, did, _) = through(false, false, Some("flat tyre"));
    ladder::check!(
        did.contains("exit"),
        "{did}: the body fails, and what was entered is never left"
    );
    ladder::check!(
        !did.contains("well"),
        "{did}: the body has failed, and exit is told that all is well: a transaction would be committed"
    );
    ladder::check!(
        did == "enter, body, exit failed with 7, gone",
        "it should be enter, body, exit failed with 7, gone, and is {did}"
    );
    ladder::check!(
        outcome == Err("flat tyre"),
        "it should give the body's error, and gives {outcome:?}"
    );

    ladder::tries("a gate that is closed");
    let (outcome, did, _) = through(true, false, None);
    ladder::check!(
        did == "enter",
        "{did}: it could not be entered, so neither body nor exit may run"
    );
    ladder::check!(
        outcome == Err("closed"),
        "it should give what enter has failed with, and gives {outcome:?}"
    );
}

fn exit_fails() {
    ladder::tries("a body that ends well, and an exit that fails");
    let (outcome, _, _) = through(false, true, None);
    ladder::check!(
        outcome == Err("jammed"),
        "it gives {outcome:?}, and the exit has failed: a commit that fails must not go unheard"
    );

    ladder::tries("a body that fails, and an exit that fails, too");
    let (outcome, _, _) = through(false, true, Some("flat tyre"));
    ladder::check!(
        outcome == Err("flat tyre"),
        "it gives {outcome:?}, and the body's error was there first: with the other one, nobody learns why"
    );
}

/// Money in a till; what is done to it counts when it is committed.
struct Transaction(Rc<Cell<i64>>);

impl ContextManager for Transaction {
    type Value = i64;
    type Error = &'static str;

    async fn enter(&mut self) -> Result<i64, &'static str> {
        Ok(self.0.get())
    }

    async fn exit(&mut self, value: i64, failed: bool) -> Result<(), &'static str> {
        if !failed {
            self.0.set(value);
        }
        Ok(())
    }
}

fn transactions() {
    ladder::tries(
        "two fares that are paid in a transaction each, of which the second fails",
    );
    let till = Rc::new(Cell::new(100));
    let seen = till.clone();
    run(async move |_| {
        for fare in [30, 500] {
            let paid = with(Transaction(till.clone()), async |money| {
                *money += fare;
                if fare > 50 { Err("no change") } else { Ok(()) }
            });
            let _ok_or_not = paid.await;
        }
    });
    let money = seen.get();
    ladder::check!(
        money == 130,
        "130 should be in the till: the first is committed, the second rolled back; and {money} are"
    );
}

fn main() {
    all_well();
    fails();
    exit_fails();
    transactions();
}
