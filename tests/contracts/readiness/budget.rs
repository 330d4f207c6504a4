//! How long a task may go on: 128 operations in a turn of the loop.

use std::cell::Cell;
use std::rc::Rc;

use futures::future::join;
use polling::yield_now;
use readiness::{Io, Readiness};
use tasks::spawn;

use super::{anywhere, real};

/// Does so many operations that are always ready, and counts them. The socket is only there to be used.
async fn operations(count: u32, done: Rc<Cell<u32>>) {
    let socket = mio::net::UdpSocket::bind(anywhere()).unwrap();
    let io = Io::new(socket).unwrap();
    for _ in 0..count {
        io.run(Readiness::Write, |_| Ok(())).await.unwrap();
        done.set(done.get() + 1);
    }
}

#[test]
fn a_task_does_128_operations_in_a_turn() {
    real(|| async {
        let done = Rc::new(Cell::new(0));
        let busy = [1, 2].map(|_| spawn(operations(1280, Rc::clone(&done))));
        // Two tasks, 128 operations each, between two turns of this one.
        yield_now().await;
        for turn in 1..=10 {
            assert_eq!(done.get(), turn * 256);
            yield_now().await;
        }
        for task in busy {
            task.await;
        }
    });
}

#[test]
fn what_one_task_has_spent_is_not_taken_from_the_next() {
    real(|| async {
        let done = Rc::new(Cell::new(0));
        let tasks = [64, 128, 1].map(|count| spawn(operations(count, Rc::clone(&done))));
        yield_now().await;
        assert!(tasks.iter().all(|task| task.is_finished()), "{done:?}");
    });
}

/// One is polled first each time, and would spend all there is, for ever.
#[test]
fn two_futures_of_one_task_both_go_on() {
    real(|| async {
        let (first, second) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let both = join(
            operations(2000, Rc::clone(&first)),
            operations(2000, Rc::clone(&second)),
        );
        let task = spawn(both);
        for turn in 1..=10 {
            yield_now().await;
            assert_eq!((first.get(), second.get()), (turn * 128, turn * 128));
        }
        task.await;
    });
}
