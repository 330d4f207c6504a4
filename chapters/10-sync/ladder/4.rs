//! A turn that is passed on
//!
//! Somebody who waits was called, and the permit is in its hands, though it has not been polled since. Now it is dropped:
//! a limit has passed, or its race is lost. Who has the permit?
//!
//! Nobody. It was handed over, so it is not free; and the one who would have made a `Permit` of it is gone. Soon all
//! permits are lost this way, and everybody waits for ever. So whoever was called, and goes away before it has heard of
//! it, passes the call on:
//!
//!     impl Semaphore {
//!         pub async fn acquire(&self) -> Permit<'_>
//!     }
//!
//! The signature stays. This is the rule that every primitive has to keep, and the one that is forgotten most often.
//!
//! needs: 6.5
//!
//! hint: Your place in the list has a `Drop`, which takes it off the list. What does `cancel` say if it was called
//! already, and what is to happen then?
//!
//! hint: If `cancel` says that it is not in the list, its call has to go to the next one, or back to the counter. There is
//! a method that does just that. An event has nothing to pass on: it has called everybody.
//!
//! hint: Give the place a closure, `pass_on: F` with `F: Fn()`, and
//!
//!     if let Some(number) = self.number {
//!         let was_called = !self.waiters.cancel(number);
//!         if was_called {
//!             (self.pass_on)();
//!         }
//!     }
//!
//! in its `Drop`. Once it has heard the call, its number is `None`, and this does nothing. The semaphore says
//! `Place::in_list(&self.waiters, || self.release())`, and the event `|| {}`.
//!
//! done: asyncio's locks, semaphores and queues have each had this fault once. Your list has it solved in one place, for
//! all that stand on it. One of them is next.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use ladder::Bell;
use mine::sync::{Event, Permit, Semaphore};
use mine::tasks::{Runtime, run};

type Wait<'a> = Pin<Box<dyn Future<Output = Permit<'a>> + 'a>>;

/// So many who wait, polled once each.
fn waiting<'a>(
    semaphore: &'a Semaphore,
    bells: &[std::sync::Arc<Bell>],
) -> Vec<Wait<'a>> {
    let wait = |bell| {
        let mut wait: Wait = Box::pin(semaphore.acquire());
        let _pending = ladder::poll(wait.as_mut(), bell);
        wait
    };
    bells.iter().map(wait).collect()
}

fn to_the_next() {
    ladder::tries("the first of two who wait, called and then dropped");
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire();
    let bells = [Bell::new(), Bell::new()];
    let mut waits = waiting(&semaphore, &bells);
    drop(held);
    drop(waits.remove(0));
    ladder::check!(
        bells[1].rings() != 0,
        "it was called, and has gone; the permit is lost, and the second waits for ever"
    );
    ladder::check!(
        bells[1].rings() == 1 && semaphore.available() == 0,
        "the second is called {}, and {} are free: there is one permit",
        ladder::times(bells[1].rings()),
        semaphore.available()
    );
    let second = ladder::poll(waits[0].as_mut(), &bells[1]);
    ladder::check!(second.is_ready(), "the second was called, and waits on");

    ladder::tries("two who wait, both called in turn and dropped");
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire();
    let mut waits = waiting(&semaphore, &bells);
    drop(held);
    drop(waits.remove(0));
    drop(waits);
    ladder::check!(
        semaphore.available() == 1,
        "all have gone, and {} are free: there is one permit",
        semaphore.available()
    );
}

fn not_called() {
    ladder::tries("the first of two who wait, dropped before anybody was called");
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire();
    let bells = [Bell::new(), Bell::new()];
    let mut waits = waiting(&semaphore, &bells);
    drop(waits.remove(0));
    ladder::check!(
        bells[1].rings() == 0,
        "the second is called, and the first has had no call to pass on: there would be two with one permit"
    );
    drop(held);
    ladder::check!(
        bells[1].rings() == 1,
        "a permit was given back, and the second is called {}",
        ladder::times(bells[1].rings())
    );

    ladder::tries("one who was called, has taken its permit and is dropped after that");
    let mut second = waits.remove(0);
    let permit = ladder::poll(second.as_mut(), &bells[1]);
    drop(second);
    ladder::check!(
        permit.is_ready() && semaphore.available() == 0,
        "it has taken the permit, and gives it back a second time: {} are free",
        semaphore.available()
    );
    drop(permit);
    ladder::check!(
        semaphore.available() == 1,
        "there is one permit, and {} are free",
        semaphore.available()
    );

    ladder::tries("an acquire that was never polled, dropped");
    drop(semaphore.acquire());
    ladder::check!(
        semaphore.available() == 1,
        "there is one permit, and {} are free",
        semaphore.available()
    );
}

fn events() {
    ladder::tries("two who wait for an event, the first called and then dropped");
    let event = Event::new();
    let bells = [Bell::new(), Bell::new()];
    let (mut first, mut second) = (Box::pin(event.wait()), pin!(event.wait()));
    let _pending = ladder::poll(first.as_mut(), &bells[0]);
    let _pending = ladder::poll(second.as_mut(), &bells[1]);
    event.set();
    event.clear();
    let mut third = pin!(event.wait());
    let late = Bell::new();
    let _pending = ladder::poll(third.as_mut(), &late);
    drop(first);
    ladder::check!(
        late.rings() == 0,
        "one who came after the event is called: an event is for those who were waiting, and has nothing to pass on"
    );
    let polled = ladder::poll(second.as_mut(), &bells[1]);
    ladder::check!(polled.is_ready(), "the second was released, and waits on");
}

/// What comes of `future`, if the moment of `limit` does not come first.
async fn before<T>(
    limit: impl Future<Output = ()>,
    future: impl Future<Output = T>,
) -> Option<T> {
    let (mut limit, mut future) = (Box::pin(limit), Box::pin(future));
    poll_fn(|context| {
        if limit.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        future.as_mut().poll(context).map(Some)
    })
    .await
}

fn at_the_limit() {
    ladder::tries(
        "a permit that is given back at 5 s, to one who gives up at 5 s, while a third waits until 9 s",
    );
    let log = Rc::new(RefCell::new(Vec::new()));
    let said = log.clone();
    run(async move |runtime: Runtime| {
        let semaphore = Rc::new(Semaphore::new(1));
        let task = |(number, limit): (usize, u64)| {
            let (runtime, semaphore) = (runtime.clone(), semaphore.clone());
            let log = said.clone();
            async move {
                let sleep = |seconds| runtime.timers.sleep(Duration::from_secs(seconds));
                let permit = before(sleep(limit), semaphore.acquire()).await;
                if permit.is_some() {
                    log.borrow_mut().push(number);
                    sleep(5).await;
                }
            }
        };
        let tasks = [(0, 1), (1, 5), (2, 9)].map(task);
        let tasks = tasks.map(|it| runtime.executor.spawn(it));
        for task in tasks {
            task.await;
        }
        let got = said.borrow().clone();
        ladder::check!(
            got != [0],
            "the third never gets it, and nobody has it: it was handed to the second, which gave up before it heard of it"
        );
        ladder::check!(
            got == [0, 2],
            "the first and the third should get it, and those who get it are {got:?}"
        );
        ladder::check!(
            semaphore.available() == 1,
            "all have ended, and {} are free: there is one permit",
            semaphore.available()
        );
    });
}

fn main() {
    at_the_limit();
    to_the_next();
    not_called();
    events();
}
