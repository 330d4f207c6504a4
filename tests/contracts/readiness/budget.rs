//! How long a task may go on: 128 operations in a turn of the loop.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use futures::StreamExt;
use futures::future::join;
use futures::stream::FuturesUnordered;
use polling::yield_now;
use readiness::{Io, Readiness, TcpStream};
use tasks::spawn;
use timers::sleep;

use super::{anywhere, pair, real};

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

/// The budget is the task's: two futures of one task share it, and no turn of it does more.
#[test]
fn two_futures_of_one_task_share_its_budget() {
    real(|| async {
        let (first, second) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let both = join(
            operations(640, Rc::clone(&first)),
            operations(640, Rc::clone(&second)),
        );
        let task = spawn(both);
        for turn in 1..=10 {
            yield_now().await;
            assert_eq!(first.get() + second.get(), turn * 128);
        }
        task.await;
    });
}

/// Each operation is a child with a waker of its own. That does not make a budget of its own.
#[test]
fn many_operations_of_one_task_let_a_timer_fire() {
    real(|| async {
        let stop = Rc::new(Cell::new(false));
        let stopped = Rc::clone(&stop);
        let task = spawn(async move {
            // The buffer gets full, so that nobody takes the socket for empty.
            let pump = async |(one, other): (TcpStream, TcpStream)| {
                one.write_all(b"taxi").await.unwrap();
                other.read(&mut [0; 4]).await.unwrap();
                (one, other)
            };
            let mut pumps = FuturesUnordered::new();
            for _ in 0..2 {
                pumps.push(pump(pair().await));
            }
            while let Some(pair) = pumps.next().await {
                if stopped.get() {
                    break;
                }
                pumps.push(pump(pair));
            }
        });
        sleep(Duration::from_millis(10)).await;
        stop.set(true);
        task.await;
    });
}

/// More children wait than the budget has room for: those who come last are polled all the same, and nobody spins.
#[test]
fn who_waits_costs_no_budget() {
    const CHILDREN: usize = 200;
    real(|| async {
        let socket = mio::net::UdpSocket::bind(anywhere()).unwrap();
        let address = socket.local_addr().unwrap();
        let io = Rc::new(Io::new(socket).unwrap());
        let receive = |_| {
            let io = Rc::clone(&io);
            async move {
                let receive = |socket: &mio::net::UdpSocket| socket.recv(&mut [0]);
                assert_eq!(io.run(Readiness::Read, receive).await.unwrap(), 1);
            }
        };
        let mut all = Box::pin(join_all_in_turn((0..CHILDREN).map(receive).collect()));
        let polls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&polls);
        let task = spawn(poll_fn(move |context| {
            counted.set(counted.get() + 1);
            all.as_mut().poll(context)
        }));
        sleep(Duration::from_millis(10)).await;
        assert!(
            polls.get() < 10,
            "{} polls, and nothing happens",
            polls.get()
        );
        let sender = std::net::UdpSocket::bind(anywhere()).unwrap();
        for _ in 0..CHILDREN {
            sender.send_to(b"!", address).unwrap();
        }
        assert_eq!(task.await, CHILDREN);
    });
}

/// Polls each of `children` in each poll, from the first to the last.
async fn join_all_in_turn<F: Future>(children: Vec<F>) -> usize {
    let mut children: Vec<_> = children.into_iter().map(Box::pin).collect();
    let count = children.len();
    poll_fn(move |context| {
        children.retain_mut(|child| child.as_mut().poll(context).is_pending());
        match children.is_empty() {
            true => Poll::Ready(count),
            false => Poll::Pending,
        }
    })
    .await
}
