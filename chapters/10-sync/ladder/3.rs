//! Only so many at once
//!
//! Two pumps, and a dozen taxis. A semaphore has a number of permits; whoever has one may go on, and gives it back by
//! dropping it.
//!
//!     pub struct Semaphore { /* … */ }
//!
//!     impl Semaphore {
//!         pub fn new(permits: usize) -> Semaphore
//!
//!         /// How many are free.
//!         pub fn available(&self) -> usize
//!
//!         /// One, if it can be had without waiting.
//!         pub fn try_acquire(&self) -> Option<Permit<'_>>
//!
//!         pub async fn acquire(&self) -> Permit<'_>
//!
//!         /// One more: for the first who waits, or else it is free.
//!         pub fn release(&self)
//!     }
//!
//!     /// Dropping it gives it back.
//!     pub struct Permit<'a>(/* … */);
//!
//! First come, first served, and nobody slips in. Think of the moment between two polls: a permit was given back, the
//! first who waits was woken, and was not polled yet. If the permit lay on the counter meanwhile, a newcomer could take
//! it. So it is *handed over*: it never becomes free, and whoever is called has it.
//!
//! needs: 6.5
//!
//! hint: When a permit is given back, there are two cases. In which of them does the number of free permits change?
//!
//! hint: `release` wakes one, and if nobody waits it adds one to what is free. `acquire` takes what is free, or else awaits
//! a place in the list. Does it have to look again when it was called?
//!
//! hint: All of it:
//!
//!     pub async fn acquire(&self) -> Permit<'_> {
//!         if let Some(permit) = self.try_acquire() {
//!             return permit;
//!         }
//!         Place::in_list(&self.waiters).await;
//!         Permit(self)
//!     }
//!
//!     pub fn release(&self) {
//!         if !self.waiters.wake_one() {
//!             self.free.set(self.free.get() + 1);
//!         }
//!     }
//!
//! done: A semaphore with one permit is a lock; tokio's semaphore and asyncio's hand over in the same way. But between the
//! call and the poll the permit is in nobody's hands, and there is a gap. Next: the gap.

use std::cell::{Cell, RefCell};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use ladder::Bell;
use mine::sync::Semaphore;
use mine::tasks::{Runtime, run};

fn counted() {
    ladder::tries("a semaphore of two permits, and three who want one without waiting");
    let semaphore = Semaphore::new(2);
    ladder::check!(
        semaphore.available() == 2,
        "two should be free, and {} are",
        semaphore.available()
    );
    let (first, second) = (semaphore.try_acquire(), semaphore.try_acquire());
    ladder::check!(
        first.is_some() && second.is_some(),
        "two are free, and two cannot be had: is one dropped before it is returned?"
    );
    ladder::check!(
        semaphore.try_acquire().is_none(),
        "there is a third one, and there are two"
    );
    ladder::check!(
        semaphore.available() == 0,
        "both are taken, and {} are free",
        semaphore.available()
    );

    ladder::tries("a permit that is dropped");
    drop(first);
    ladder::check!(
        semaphore.available() != 0,
        "it does not go back: after two there would be none for ever"
    );
    ladder::check!(
        semaphore.available() == 1,
        "one went back, and {} are free",
        semaphore.available()
    );
}

fn in_order() {
    ladder::tries("three who wait for one permit, in turn");
    ladder::hangs("they wait for each other");
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire();
    let bells = [Bell::new(), Bell::new(), Bell::new()];
    let mut waits = [0, 1, 2].map(|_| Box::pin(semaphore.acquire()));
    for (wait, bell) in waits.iter_mut().zip(&bells) {
        let polled = ladder::poll(wait.as_mut(), bell);
        ladder::check!(
            polled.is_pending(),
            "none is free, and somebody has got one"
        );
    }
    drop(held);
    let rings = bells.each_ref().map(|it| it.rings());
    ladder::check!(
        rings != [0, 0, 0],
        "one was given back, and nobody is woken"
    );
    ladder::check!(
        rings == [1, 0, 0],
        "one was given back, so the first is to be woken, and they were woken {rings:?} times"
    );
    let first = ladder::poll(waits[0].as_mut(), &bells[0]);
    let Poll::Ready(first) = first else {
        ladder::fail(
            "the first was called, and waits on: whoever is called has the permit",
        )
    };
    drop(first);
    let rings = bells.each_ref().map(|it| it.rings());
    ladder::check!(
        rings != [1, 1, 1],
        "one was given back, and two are woken: a call that was heard must not be passed on again"
    );
    ladder::check!(
        rings == [1, 1, 0],
        "the second is to be woken next, and they were woken {rings:?} times"
    );
    let second = ladder::poll(waits[1].as_mut(), &bells[1]);
    ladder::check!(second.is_ready(), "the second was called, and waits on");
}

fn nobody_slips_in() {
    ladder::tries("a permit that was given back while somebody waits, and a newcomer");
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire();
    let (bell, other) = (Bell::new(), Bell::new());
    let mut first = pin!(semaphore.acquire());
    let _pending = ladder::poll(first.as_mut(), &bell);
    drop(held);
    ladder::check!(
        semaphore.available() == 0,
        "it is free, before the one who was called has been polled: whoever comes along could take it"
    );
    ladder::check!(
        semaphore.try_acquire().is_none(),
        "the newcomer gets it, and the one who was called has waited for nothing"
    );
    let mut newcomer = pin!(semaphore.acquire());
    let polled = ladder::poll(newcomer.as_mut(), &other);
    ladder::check!(
        polled.is_pending(),
        "the newcomer gets it, and the one who was called has waited for nothing"
    );
    let polled = ladder::poll(first.as_mut(), &bell);
    let Poll::Ready(permit) = polled else {
        ladder::fail("the one who was called waits on")
    };
    drop(permit);
    let polled = ladder::poll(newcomer.as_mut(), &other);
    ladder::check!(
        polled.is_ready(),
        "the first has given it back, and the newcomer waits on"
    );
    drop(polled);
    ladder::check!(
        semaphore.available() == 1,
        "all have given back what they had, and {} are free: there was one",
        semaphore.available()
    );
}

type Wait = Pin<Box<dyn Future<Output = bool>>>;

thread_local! {
    /// What the waker below polls.
    static WAIT: RefCell<Option<Wait>> = const { RefCell::new(None) };
    static HEARD: Cell<Option<Poll<bool>>> = const { Cell::new(None) };
}

/// Polls the wait as soon as it is woken.
struct Hasty;

impl Wake for Hasty {
    fn wake(self: Arc<Hasty>) {
        let Some(mut wait) = WAIT.take() else { return };
        let polled = wait.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        HEARD.set(Some(polled));
    }
}

fn hasty() {
    ladder::tries(
        "one who looks as soon as it is woken, and gives the permit back at once",
    );
    let semaphore = Rc::new(Semaphore::new(1));
    let of_it = semaphore.clone();
    let mut wait: Wait = Box::pin(async move {
        let permit = of_it.acquire().await;
        of_it.available() == 0 && of_it.try_acquire().is_none() && {
            drop(permit);
            of_it.available() == 1
        }
    });
    let held = semaphore.try_acquire();
    let waker = Waker::from(Arc::new(Hasty));
    let _pending = wait.as_mut().poll(&mut Context::from_waker(&waker));
    WAIT.set(Some(wait));
    drop(held);
    let heard = HEARD.take();
    ladder::check!(
        heard == Some(Poll::Ready(true)),
        "it should have the only permit, and then give it back: it finds {heard:?}"
    );
}

fn at_the_pumps() {
    ladder::tries("six tasks that hold a permit of two for a second each");
    ladder::hangs("it never ends: some of them wait for ever");
    let (most, took) = run(async |runtime: Runtime| {
        let semaphore = Rc::new(Semaphore::new(2));
        let (inside, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let task = |_| {
            let (runtime, semaphore) = (runtime.clone(), semaphore.clone());
            let (inside, most) = (inside.clone(), most.clone());
            async move {
                let _permit = semaphore.acquire().await;
                inside.set(inside.get() + 1);
                most.set(most.get().max(inside.get()));
                runtime.timers.sleep(Duration::from_secs(1)).await;
                inside.set(inside.get() - 1);
            }
        };
        let tasks: Vec<_> = (0..6)
            .map(task)
            .map(|it| runtime.executor.spawn(it))
            .collect();
        for task in tasks {
            task.await;
        }
        (most.get(), runtime.timers.now().as_secs())
    });
    ladder::check!(most == 2, "{most} were inside at once, and two may be");
    ladder::check!(
        took == 3,
        "three pairs should take 3 s, and they take {took}"
    );
}

fn main() {
    counted();
    in_order();
    nobody_slips_in();
    hasty();
    at_the_pumps();
}
