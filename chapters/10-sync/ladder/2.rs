//! An event
//!
//! The first rule calls everybody. An event happens once, and releases all who wait for it; after that, nobody has to
//! wait, until it is cleared.
//!
//!     pub struct Event { /* … */ }
//!
//!     impl Event {
//!         pub fn new() -> Event
//!
//!         pub fn is_set(&self) -> bool
//!
//!         pub fn set(&self)
//!
//!         pub fn clear(&self)
//!
//!         pub async fn wait(&self)
//!     }
//!
//! If it is set and cleared at once, before any of them is polled, it has still released those who were waiting. So a
//! waiter must not ask whether the event is set, but whether it was called itself. And a wait that is dropped leaves
//! the list.
//!
//! hint: Make a future of a place in the list: `Place`, with the list and its number. Which of your methods tells it that
//! it was called?
//!
//! hint: At its first poll it registers. After that it renews its waker: if that says that the place is not in the list
//! any more, it was called. Its `Drop` cancels. `wait` awaits `Place::in_list(&self.waiters)`, unless the event is set.
//!
//! hint: With `number: Option<u64>`:
//!
//!     match self.number {
//!         None => self.number = Some(self.waiters.register(context.waker())),
//!         Some(number) if self.waiters.renew(number, context.waker()) => {}
//!         Some(_) => {
//!             self.number = None;
//!             return Poll::Ready(());
//!         }
//!     }
//!     Poll::Pending
//!
//! done: A flag and a list: asyncio's `Event` is no more than that. The place in a list, a future that ends when it is
//! called, is what all the others are made of. Next: not all are called, but one.

use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use ladder::Bell;
use mine::sync::Event;

fn set_and_clear() {
    ladder::tries("a wait for an event that is set");
    let event = Event::new();
    ladder::check!(!event.is_set(), "a new event is set");
    event.set();
    let polled = ladder::poll(pin!(event.wait()), &Bell::new());
    ladder::check!(
        event.is_set() && polled.is_ready(),
        "it is set, and the wait says Pending: nobody will wake it"
    );

    ladder::tries("a wait for an event that was set and cleared before");
    event.clear();
    let polled = ladder::poll(pin!(event.wait()), &Bell::new());
    ladder::check!(
        !event.is_set() && polled.is_pending(),
        "it was cleared before, and the wait is over at once"
    );

    ladder::tries("two who wait, and an event that is set");
    let (mut first, mut second) = (pin!(event.wait()), pin!(event.wait()));
    let bells = [Bell::new(), Bell::new()];
    let _pending = ladder::poll(first.as_mut(), &bells[0]);
    let _pending = ladder::poll(second.as_mut(), &bells[1]);
    event.set();
    let rings = bells.each_ref().map(|it| it.rings());
    ladder::check!(
        rings != [1, 0],
        "only the first is woken: an event is for all"
    );
    ladder::check!(
        rings == [1, 1],
        "each is to be woken once, and they were woken {rings:?} times"
    );
    let over = [
        ladder::poll(first.as_mut(), &bells[0]),
        ladder::poll(second.as_mut(), &bells[1]),
    ];
    ladder::check!(
        over.iter().all(Poll::is_ready),
        "the event is set, and they wait on: {over:?}"
    );
}

fn released() {
    ladder::tries("one who waits, and an event that is set and cleared at once");
    let event = Event::new();
    let mut wait = pin!(event.wait());
    let bell = Bell::new();
    let _pending = ladder::poll(wait.as_mut(), &bell);
    event.set();
    event.clear();
    let polled = ladder::poll(wait.as_mut(), &bell);
    ladder::check!(
        polled.is_ready(),
        "it was released, and waits on: it looks at the flag, which is down again"
    );

    ladder::tries("one who waits, and is polled though nothing has happened");
    let mut wait = pin!(event.wait());
    let _pending = ladder::poll(wait.as_mut(), &bell);
    for _ in 0..3 {
        let polled = ladder::poll(wait.as_mut(), &bell);
        ladder::check!(
            polled.is_pending(),
            "the wait is over, and nobody has set the event: a poll may come for no reason"
        );
    }
    ladder::check!(
        bell.wakers() == 1,
        "after four polls it stands in the list {}: it has a place already",
        ladder::times(bell.wakers())
    );
    let newer = Bell::new();
    let _pending = ladder::poll(wait.as_mut(), &newer);
    let before = bell.rings();
    event.set();
    ladder::check!(
        newer.rings() == 1 && bell.rings() == before,
        "it was polled by another task since, and that one is not woken: the newest waker counts"
    );
}

fn dropped() {
    ladder::tries("one who waits, and is dropped");
    let event = Event::new();
    let bell = Bell::new();
    {
        let mut wait = Box::pin(event.wait());
        let _pending = ladder::poll(wait.as_mut(), &bell);
    }
    ladder::check!(
        bell.wakers() == 0,
        "it is gone, and its waker still stands in the list: a loop of waits with a limit would fill the memory"
    );
}

type Wait = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// What the waker below polls.
    static WAIT: RefCell<Option<(Rc<Event>, Wait)>> = const { RefCell::new(None) };
}

/// Polls the wait as soon as it is woken.
struct Hasty;

impl Wake for Hasty {
    fn wake(self: Arc<Hasty>) {
        let Some((event, mut wait)) = WAIT.take() else {
            return;
        };
        ladder::check!(
            event.is_set(),
            "they are woken before the event is set: whoever looks finds it as it was"
        );
        let polled = wait.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        ladder::check!(
            polled.is_ready(),
            "it was woken, and waits on: it is to be off the list before it is called"
        );
    }
}

fn hasty() {
    ladder::tries("one who looks as soon as it is woken");
    let event = Rc::new(Event::new());
    let of_it = event.clone();
    let mut wait: Wait = Box::pin(async move { of_it.wait().await });
    let waker = Waker::from(Arc::new(Hasty));
    let _pending = wait.as_mut().poll(&mut Context::from_waker(&waker));
    WAIT.set(Some((event.clone(), wait)));
    event.set();
}

fn main() {
    set_and_clear();
    released();
    dropped();
    hasty();
}
