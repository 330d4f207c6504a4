//! Chapter 9, by me.

use std::future::poll_fn;
use std::task::Poll;

pub async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let futures = futures.into_iter();
    let mut children: Vec<_> = futures.map(|it| Some(Box::pin(it))).collect();
    let mut values: Vec<_> = children.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (child, value) in children.iter_mut().zip(&mut values) {
            let Some(future) = child else { continue };
            if let Poll::Ready(it) = future.as_mut().poll(context) {
                *value = Some(it);
                // Who has ended is not polled again.
                *child = None;
            }
        }
        match children.iter().all(Option::is_none) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    values.into_iter().flatten().collect()
}
