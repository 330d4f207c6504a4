//! One child goes on ten times while the others wait. How often are the others polled, here and in the futures crate?
//!
//! twin: none, polls cannot be counted there

use std::future::pending;
use std::pin::Pin;

use chapter::{Args, BadInput};
use combinators::{join_all, select};
use event_loop::Clock;
use futures::future::{self, FutureExt};
use futures::stream::{FuturesUnordered, StreamExt};
use polling::{Counted, Polls, counted, yield_now};
use task_cell::spawn;
use trace::say;

// ANCHOR: count
type Child = Counted<Pin<Box<dyn Future<Output = ()>>>>;

async fn busy() {
    for _ in 0..10 {
        yield_now().await;
    }
}

/// Lets one of `n` children go on ten times, and says how often the others were polled.
async fn count<F>(how: &str, n: usize, together: impl FnOnce(Vec<Child>) -> F)
where
    F: Future<Output: 'static> + 'static,
{
    let (mut children, polls): (Vec<Child>, Vec<Polls>) =
        (1..n).map(|_| counted(pending().boxed_local())).unzip();
    children.push(counted(busy().boxed_local()).0);
    let task = spawn(together(children));
    for _ in 0..40 {
        yield_now().await;
    }
    let polled: u64 = polls.iter().map(Polls::get).sum();
    say!("{how:26} {n:4} children: the others are polled {polled:3} times");
    task.abort();
}
// ANCHOR_END: count

// ANCHOR: main
async fn main() {
    count("join_all", 30, join_all).await;
    count("futures: join_all", 30, future::join_all).await;
    count("join_all", 1000, join_all).await;
    count("futures: join_all", 1000, future::join_all).await;
    count("futures: FuturesUnordered", 1000, |children| {
        FuturesUnordered::from_iter(children).collect::<()>()
    })
    .await;
    count("select", 2, async |children| {
        let [a, b] = children.try_into().unwrap_or_else(|_| unreachable!());
        select(a, b).await
    })
    .await;
    count("futures: select!", 2, async |children| {
        let [a, b] = children.try_into().unwrap_or_else(|_| unreachable!());
        futures::select! { () = a.fuse() => (), () = b.fuse() => () }
    })
    .await;
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::virtual_time(), main());
    Ok(())
}
