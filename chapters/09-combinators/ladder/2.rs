//! A waker for each
//!
//! All children had the waker of the whole, so nobody could tell who had been woken. Give each a waker of its own, and
//! poll those that were woken:
//!
//!     pub async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output>
//!
//! The first poll reaches all of them. After that, if one of a thousand is woken, one is polled. A child that wakes
//! itself while it is polled waits for the next poll of the whole.
//!
//! You have written most of this already: the `Ready` of chapter 6 makes wakers with numbers, and a queue of those that
//! were woken. It calls one `Waker` when the queue gets an entry: the one it was made with. But what awaits the whole may
//! come with another waker at each poll, and the newest one counts.
//!
//! needs: 4.5 5.4 6.1
//!
//! hint: Between the queue and the world, put a struct that holds the newest waker, and whose own `wake` passes the call
//! on. It is the unparker of your `Ready`.
//!
//! hint: `struct Parent(Mutex<Waker>)` with `impl Wake for Parent`: clone the waker out, and call it when nothing is locked
//! any more. At the beginning, `Waker::noop()` will do. How does a child get its first poll?
//!
//! hint: Each child is `Option<(Pin<Box<F>>, Waker)>`, and its waker was woken once at the start. The poll:
//!
//!     parent.set(context.waker());
//!     for _ in 0..ready.len() {
//!         let Some(id) = ready.pop() else { break };
//!         let place = id as usize;
//!         let Some((future, waker)) = &mut children[place] else { continue };
//!         let mut context = Context::from_waker(waker);
//!         if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
//!             values[place] = Some(value);
//!             children[place] = None;
//!             left -= 1;
//!         }
//!     }
//!     match left {
//!         0 => Poll::Ready(()),
//!         _ => Poll::Pending,
//!     }
//!
//! done: An executor inside a future: a queue, and only what was woken is polled. The futures crate's
//! `FuturesUnordered` works like this, and so does the chapter's `join_all`. Next: not the last one to end, but the
//! first.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use ladder::Bell;
use mine::combinators::join_all;
use mine::wakers::{block_on, phone};

/// What can be seen of a child, and done to it.
#[derive(Clone, Default)]
struct Child {
    polls: Rc<Cell<usize>>,
    waker: Rc<RefCell<Option<Waker>>>,
    ended: Rc<Cell<bool>>,
}

impl Child {
    /// Leaves its waker, and waits until it is told to end.
    fn future(&self) -> impl Future<Output = ()> + use<> {
        let child = self.clone();
        poll_fn(move |context| {
            child.polls.set(child.polls.get() + 1);
            child.waker.replace(Some(context.waker().clone()));
            match child.ended.get() {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
    }

    fn wake(&self) {
        let waker = self.waker.borrow().clone();
        waker.expect("it was polled, and has left a waker").wake();
    }
}

/// How often they were polled, all together.
fn polls(children: &[Child]) -> usize {
    children.iter().map(|it| it.polls.get()).sum()
}

fn one_of_a_thousand() {
    ladder::tries("a thousand children, and the first poll");
    let children: Vec<_> = (0..1000).map(|_| Child::default()).collect();
    let futures = children.iter().map(Child::future).collect();
    let mut all = pin!(join_all(futures));
    let bell = Bell::new();
    let _pending = ladder::poll(all.as_mut(), &bell);
    let first = polls(&children);
    ladder::check!(
        first != 0,
        "none is polled: nobody has been woken yet, and yet each wants a first poll"
    );
    ladder::check!(
        first == 1000,
        "there should be 1000 polls, and there are {first}"
    );

    ladder::tries("a thousand children, and a poll for which none of them was woken");
    let _pending = ladder::poll(all.as_mut(), &bell);
    let none = polls(&children) - 1000;
    ladder::check!(
        none == 0,
        "{none} are polled, and nobody has woken them: does each have a waker of its own?"
    );

    ladder::tries("a thousand children, of which one is woken");
    let before = bell.rings();
    children[700].wake();
    ladder::check!(
        bell.rings() > before,
        "whoever awaits the whole is not woken: the thousand would wait for ever"
    );
    let _pending = ladder::poll(all.as_mut(), &bell);
    let one = polls(&children) - 1000;
    ladder::check!(
        one != 0,
        "it was woken, and it is not polled: was it polled with the waker that the queue has made for it?"
    );
    ladder::check!(
        one == 1 && children[700].polls.get() == 2,
        "one was woken, and the poll of the whole has polled {one}"
    );

    ladder::tries("a child that ends, and is woken afterwards");
    children[7].ended.set(true);
    children[7].wake();
    let _pending = ladder::poll(all.as_mut(), &bell);
    let polled = children[7].polls.get();
    children[7].wake();
    let panicked = ladder::panics(|| {
        let _pending = ladder::poll(all.as_mut(), &bell);
    });
    ladder::check!(
        panicked.is_none() && children[7].polls.get() == polled,
        "it is polled again after its end: who holds an old waker may still call it"
    );
}

fn newest_waker() {
    ladder::tries("the whole polled by one task, and then by another");
    let child = Child::default();
    let mut all = pin!(join_all(vec![child.future()]));
    let (first, second) = (Bell::new(), Bell::new());
    let _pending = ladder::poll(all.as_mut(), &first);
    let _pending = ladder::poll(all.as_mut(), &second);
    let before = (first.rings(), second.rings());
    child.wake();
    ladder::check!(
        second.rings() > before.1,
        "a child is woken, and the task that polled the whole last is not: the newest waker counts"
    );
    ladder::check!(
        first.rings() == before.0,
        "the task that polled the whole first is woken, too"
    );
}

/// A future that wakes itself `times` times.
fn wakes_itself(polls: Rc<Cell<usize>>, times: usize) -> impl Future<Output = ()> {
    poll_fn(move |context| {
        polls.set(polls.get() + 1);
        if polls.get() > times {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
}

fn while_it_is_polled() {
    ladder::tries("a child that wakes itself each time it is polled");
    ladder::hangs(
        "the poll never ends: a child that wakes itself is to wait for the next one, or nobody else gets a turn",
    );
    let polls = Rc::new(Cell::new(0));
    let mut all = pin!(join_all(vec![wakes_itself(polls.clone(), usize::MAX)]));
    let bell = Bell::new();
    let _pending = ladder::poll(all.as_mut(), &bell);
    ladder::check!(
        bell.rings() > 0,
        "it has woken itself, and whoever awaits the whole is not woken"
    );
    let _pending = ladder::poll(all.as_mut(), &bell);
    ladder::check!(
        polls.get() != 1,
        "the wake that came while it was polled is lost"
    );
    ladder::check!(
        polls.get() == 2,
        "two polls of the whole have polled it {}",
        ladder::times(polls.get())
    );
}

type Whole = Pin<Box<dyn Future<Output = Vec<()>>>>;

thread_local! {
    /// What the waker below polls.
    static WHOLE: RefCell<Option<Whole>> = const { RefCell::new(None) };
}

/// Polls the whole as soon as it is woken.
struct Hasty;

impl Wake for Hasty {
    fn wake(self: Arc<Hasty>) {
        if let Some(mut whole) = WHOLE.take() {
            let _pending = whole.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}

fn called_unlocked() {
    ladder::tries("a task that polls the whole as soon as it is woken");
    ladder::hangs(
        "it waits for a lock that is held: whoever awaits the whole is called while it is locked",
    );
    let child = Child::default();
    let mut whole: Whole = Box::pin(join_all(vec![child.future()]));
    let waker = Waker::from(Arc::new(Hasty));
    let _pending = whole.as_mut().poll(&mut Context::from_waker(&waker));
    WHOLE.set(Some(whole));
    child.wake();
    ladder::check!(
        child.polls.get() == 2,
        "the child is not polled: its entry is to be in the queue before anybody is called"
    );
}

fn from_other_threads() {
    ladder::tries("join_all of three phones that are called from other threads");
    ladder::hangs("all three have called, and the thread sleeps on");
    let (callers, phones): (Vec<_>, Vec<_>) = (0..3).map(|_| phone()).unzip();
    let threads: Vec<_> = (0..)
        .zip(callers)
        .map(|(number, caller)| thread::spawn(move || caller.say(number)))
        .collect();
    let heard = block_on(join_all(phones));
    ladder::check!(
        heard == [0, 1, 2],
        "it should give [0, 1, 2], and gives {heard:?}"
    );
    for thread in threads {
        thread.join().expect("the caller ends");
    }
}

fn main() {
    one_of_a_thousand();
    newest_waker();
    while_it_is_polled();
    called_unlocked();
    from_other_threads();
}
