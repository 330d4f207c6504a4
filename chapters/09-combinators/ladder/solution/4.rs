//! Chapter 9, by me.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use crate::tasks::{Executor, JoinHandle, Ready};

/// Whoever awaits the children: the waker of the last poll.
struct Parent(Mutex<Waker>);

impl Parent {
    fn new() -> Arc<Parent> {
        Arc::new(Parent(Mutex::new(Waker::noop().clone())))
    }

    fn set(&self, waker: &Waker) {
        // Nothing is locked while a waker is cloned or dropped.
        let newest = waker.clone();
        let old = std::mem::replace(&mut *self.0.lock().unwrap(), newest);
        drop(old);
    }
}

impl Wake for Parent {
    fn wake(self: Arc<Parent>) {
        let told = Waker::noop().clone();
        let waker = std::mem::replace(&mut *self.0.lock().unwrap(), told);
        // Nothing is locked any more when it is called.
        waker.wake();
    }
}

/// Futures that are polled in place, each by a waker of its own.
struct Children<F> {
    ready: Arc<Ready>,
    parent: Arc<Parent>,
    /// Emptied when it has ended.
    all: Vec<Option<Child<F>>>,
}

struct Child<F> {
    future: Pin<Box<F>>,
    waker: Waker,
}

impl<F: Future> Children<F> {
    fn new(futures: Vec<F>) -> Children<F> {
        let parent = Parent::new();
        let ready = Ready::new(Waker::from(parent.clone()));
        let child = |(id, future)| {
            let waker = ready.waker(id);
            // The first poll needs no call.
            waker.wake_by_ref();
            let future = Box::pin(future);
            Some(Child { future, waker })
        };
        let all = (0..).zip(futures).map(child).collect();
        Children { ready, parent, all }
    }

    /// Polls those that were woken, each once, until one has ended: which, and with what.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<(usize, F::Output)> {
        self.parent.set(context.waker());
        for _ in 0..self.ready.len() {
            let Some(id) = self.ready.pop() else { break };
            let place = &mut self.all[id as usize];
            let Some(child) = place else { continue };
            let mut context = Context::from_waker(&child.waker);
            if let Poll::Ready(value) = child.future.as_mut().poll(&mut context) {
                *place = None;
                return Poll::Ready((id as usize, value));
            }
        }
        Poll::Pending
    }

    /// The next one that ends.
    async fn next(&mut self) -> (usize, F::Output) {
        poll_fn(|context| self.poll(context)).await
    }
}

pub async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut children = Children::new(futures);
    let mut values: Vec<_> = children.all.iter().map(|_| None).collect();
    for _ in 0..values.len() {
        let (place, value) = children.next().await;
        values[place] = Some(value);
    }
    values.into_iter().flatten().collect()
}

pub async fn race_all<F: Future>(futures: Vec<F>) -> (usize, F::Output) {
    Children::new(futures).next().await
}

/// Tasks of their own, in order.
fn spawn_all<F: Future + 'static>(
    executor: &Executor,
    futures: Vec<F>,
) -> Vec<JoinHandle<F::Output>> {
    let futures = futures.into_iter();
    futures.map(|it| executor.spawn(it)).collect()
}

pub async fn gather<F, T, E>(executor: &Executor, futures: Vec<F>) -> Result<Vec<T>, E>
where
    F: Future<Output = Result<T, E>> + 'static,
{
    let mut children = Children::new(spawn_all(executor, futures));
    let mut values: Vec<_> = children.all.iter().map(|_| None).collect();
    for _ in 0..values.len() {
        let (place, value) = children.next().await;
        values[place] = Some(value?);
    }
    Ok(values.into_iter().flatten().collect())
}

pub async fn gather_all<F: Future + 'static>(
    executor: &Executor,
    futures: Vec<F>,
) -> Vec<F::Output> {
    join_all(spawn_all(executor, futures)).await
}
