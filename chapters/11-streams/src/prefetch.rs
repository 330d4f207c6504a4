//! A stream that a task of its own asks for its items, some time before they are wanted.

use std::pin::pin;
use std::rc::Rc;

use futures_core::Stream;
use sync::Queue;
use task_cell::{JoinError, JoinHandle, spawn};

use crate::{StreamExt, Yields};

// ANCHOR: prefetch
/// Sends the items of `items`, which a task asks for: `limit` lie ready, and one more waits
/// in `put`.
pub(crate) async fn prefetch<S>(items: S, limit: usize, mut yields: Yields<S::Item>)
where
    S: Stream<Item: 'static> + 'static,
{
    let queue = Rc::new(Queue::bounded(limit));
    let end = Closes(Rc::clone(&queue));
    let mut producer = Aborts(spawn(async move {
        let mut items = pin!(items);
        while let Some(item) = items.next().await {
            // Here it waits while the queue is full, and the stream is not asked.
            if end.0.put(item).await.is_err() {
                break;
            }
        }
    }));
    while let Ok(item) = queue.get().await {
        yields.send(item).await;
    }
    if let Err(JoinError::Panicked(panic)) = (&mut producer.0).await {
        std::panic::resume_unwind(
            panic
                .into_payload()
                .unwrap_or_else(|| Box::new("a stream panicked")),
        );
    }
}

// ANCHOR_END: prefetch

// ANCHOR: ends
/// Closes the queue when the producer is over, however it ends.
struct Closes<T>(Rc<Queue<T>>);

impl<T> Drop for Closes<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Ends the producer when nobody wants its items any more.
struct Aborts(JoinHandle<()>);

impl Drop for Aborts {
    fn drop(&mut self) {
        self.0.abort();
    }
}
// ANCHOR_END: ends
