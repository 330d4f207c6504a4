//! An accept that goes on
//!
//! `accept` may fail, and a server that ends with it is down because of one caller, or because of a busy minute. There are
//! two kinds of errors. One is the caller's: gone before it was accepted. The next one has nothing to do with it. The
//! other is ours: the process may have no file descriptor left. The caller stays in the queue then, so asking again at
//! once fails at once, and again, and a loop that goes on has no time for anybody who could close one.
//!
//!     /// What `accept` gives at last, whatever goes wrong before.
//!     pub async fn accept_next<T>(
//!         timers: &Timers,
//!         accept: impl AsyncFn() -> io::Result<T>,
//!     ) -> T
//!
//! After `ConnectionAborted`, `ConnectionReset` and `Interrupted` it asks again; after any other error it waits for a second
//! before it does.
//!
//! needs: 5.4 6.5
//!
//! hint: It is a loop around one `accept().await`. How does it go on after each of the three answers?
//!
//! hint: A `match` with three arms: return, do nothing, sleep. The pattern of the second has a guard, and
//! `matches!(error.kind(), ErrorKind::ConnectionAborted | …)` is one.
//!
//! hint: Line for line:
//!
//!     loop {
//!         match accept().await {
//!             Ok(accepted) => return accepted,
//!             Err(error) if is_the_callers(&error) => {}
//!             Err(_) => timers.sleep(Duration::from_secs(1)).await,
//!         }
//!     }
//!
//! done: hyper does the same, and asyncio, which stops listening for that second. Chapter 12's `accept` has it inside.
//! What is left for a server is to come to its end well.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use mine::net::accept_next;
use mine::tasks::{Runtime, run};

/// Answers of a listener, each with the second in which it was asked for.
#[derive(Clone)]
struct Listener {
    runtime: Runtime,
    answers: Rc<RefCell<Vec<io::Result<char>>>>,
    asked: Rc<RefCell<Vec<u64>>>,
}

impl Listener {
    fn new(runtime: &Runtime, answers: Vec<io::Result<char>>) -> Listener {
        Listener {
            runtime: runtime.clone(),
            answers: Rc::new(RefCell::new(answers)),
            asked: Rc::default(),
        }
    }

    async fn accept(&self) -> io::Result<char> {
        let now = self.runtime.timers.now().as_secs();
        self.asked.borrow_mut().push(now);
        ladder::check!(
            self.asked.borrow().len() < 1000,
            "it has asked a thousand times, at {now} s: the answer cannot change while nobody else has a turn"
        );
        if self.answers.borrow().is_empty() {
            ladder::fail("it was given a connection, and asks for the next one");
        }
        // An answer is there after a turn of the others.
        let mut waited = false;
        poll_fn(|context| {
            if std::mem::replace(&mut waited, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        self.answers.borrow_mut().remove(0)
    }
}

/// No descriptor is left, as far as a check can say it on every system.
fn too_many() -> io::Result<char> {
    Err(io::Error::other("too many open files"))
}

fn callers(kind: ErrorKind) -> io::Result<char> {
    Err(kind.into())
}

/// What was accepted, and when it was asked for.
fn accepted(answers: fn() -> Vec<io::Result<char>>) -> (char, Vec<u64>) {
    run(async move |runtime: Runtime| {
        let listener = Listener::new(&runtime, answers());
        let accepted = accept_next(&runtime.timers, async || listener.accept().await);
        (accepted.await, listener.asked.take())
    })
}

fn main() {
    ladder::tries("a connection that is there");
    let (accepted_one, asked) = accepted(|| vec![Ok('A')]);
    ladder::check!(
        (accepted_one, &*asked) == ('A', &[0]),
        "it gives {accepted_one:?}, and asked at {asked:?} s"
    );

    ladder::tries("two callers that are gone, an interruption, and one that is there");
    let (accepted_one, asked) = accepted(|| {
        vec![
            callers(ErrorKind::ConnectionAborted),
            callers(ErrorKind::ConnectionReset),
            callers(ErrorKind::Interrupted),
            Ok('B'),
        ]
    });
    ladder::check!(accepted_one == 'B', "it gives {accepted_one:?}");
    ladder::check!(
        asked == [0; 4],
        "it asked at {asked:?} s: the next caller should not wait because another one is gone"
    );

    ladder::tries("too many open files, three times");
    let (accepted_one, asked) =
        accepted(|| vec![too_many(), too_many(), too_many(), Ok('C')]);
    ladder::check!(accepted_one == 'C', "it gives {accepted_one:?}");
    ladder::check!(
        asked == [0, 1, 2, 3],
        "it asked at {asked:?} s: a second after each failure is at 0, 1, 2 and 3"
    );

    ladder::tries("too many open files, until somebody who sleeps closes one");
    ladder::hangs("it never ends: while it asks again and again, nobody else has a turn");
    let now = run(async |runtime: Runtime| {
        let full = Rc::new(Cell::new(true));
        let (sleeps, closes) = (runtime.clone(), full.clone());
        runtime.executor.spawn(async move {
            sleeps.timers.sleep(Duration::from_millis(2500)).await;
            closes.set(false);
        });
        let asked = Cell::new(0);
        let accept = async || {
            asked.set(asked.get() + 1);
            ladder::check!(
                asked.get() < 1000,
                "it has asked a thousand times at once: it should wait between two tries"
            );
            match full.get() {
                true => too_many(),
                false => Ok('D'),
            }
        };
        accept_next(&runtime.timers, accept).await;
        runtime.timers.now()
    });
    ladder::check!(
        now == Duration::from_secs(3),
        "one is closed after 2.5 s, and it accepts at {now:?}"
    );
}
