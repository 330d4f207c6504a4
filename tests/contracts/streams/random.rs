//! Random bodies and consumers, and random contexts that are nested in two ways.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use streams::{Context, Ended, StreamExt, Yields, stream, with};
use task_cell::spawn;
use timers::{sleep, timeout};
use workbook_tests::limits::quick_or_full;

use crate::{Log, run};

fn quarters(random: &mut fastrand::Rng, most: u64) -> Duration {
    Duration::from_millis(250 * random.u64(0..=most))
}

/// What the clock of the current loop says, in milliseconds: rooms take quarters of a second.
fn millis() -> u64 {
    timers::now().as_nanos() / 1_000_000
}

/// Sends numbers in all the ways there are, and notes those that were polled.
async fn send_somehow(
    random: &mut fastrand::Rng,
    yields: &mut Yields<u32>,
    sent: &RefCell<Vec<u32>>,
) {
    for n in 0..random.u32(0..12) {
        let pause = quarters(random, 4);
        // What is polled for the first time is sent.
        let send = async {
            sent.borrow_mut().push(n);
            yields.send(n).await;
        };
        match random.u32(0..6) {
            0 => sleep(pause).await,
            1 => {
                let _ = send.now_or_never();
                // Until the item was taken, it would be in the way of the next.
                polling::yield_now().await;
            }
            2 => drop(timeout(pause, send).await),
            3 => {
                // Each by a waker of its own.
                let mut both = futures::stream::FuturesUnordered::new();
                both.push(send.left_future());
                both.push(sleep(pause).right_future());
                while futures::StreamExt::next(&mut both).await.is_some() {}
            }
            4 => {
                combinators::join(send, sleep(pause)).await;
            }
            _ => send.await,
        }
    }
}

#[test]
fn every_item_that_was_sent_is_given_once_and_in_order() {
    for seed in 0..quick_or_full(300, 5_000) {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut bodys, sent) = (random.fork(), Rc::new(RefCell::new(Vec::new())));
        let noted = Rc::clone(&sent);
        let given = run(async {
            let mut items = stream(async move |mut yields| {
                send_somehow(&mut bodys, &mut yields, &noted).await;
            });
            let (mut given, mut left) = (Vec::new(), random.u32(0..30));
            loop {
                let pause = quarters(&mut random, 3);
                match random.u32(0..4) {
                    0 => sleep(pause).await,
                    1 => match timeout(pause, items.next()).await {
                        Ok(Some(item)) => given.push(item),
                        Ok(None) => return given,
                        Err(_) => {}
                    },
                    _ => match items.next().await {
                        Some(item) => given.push(item),
                        None => return given,
                    },
                }
                if left == 0 {
                    // It may stop at any time. What it sends after that is not given.
                    items.close().await;
                    assert_eq!(items.next().await, None, "seed {seed}");
                    sent.borrow_mut().truncate(given.len());
                    return given;
                }
                left -= 1;
            }
        });
        assert_eq!(given, *sent.borrow(), "seed {seed}");
    }
}

/// A room of a random kind.
#[derive(Clone)]
struct Room {
    name: u8,
    log: Log,
    /// How long it takes to enter and to leave.
    takes: [Duration; 2],
    /// What entering and leaving come to: 0 is an error, 1 a panic.
    fate: [u32; 2],
}

impl Room {
    fn random(name: u8, random: &mut fastrand::Rng, log: &Log) -> Room {
        Room {
            name,
            log: log.clone(),
            takes: [quarters(random, 3), quarters(random, 3)],
            fate: [random.u32(0..10), random.u32(0..8)],
        }
    }

    async fn pass(&self, way: usize, what: &str) -> Result<(), String> {
        let name = self.name;
        self.log.note(format!("{}: {what} {name}", millis()));
        sleep(self.takes[way]).await;
        self.log.note(format!("{}: done with {name}", millis()));
        match self.fate[way] {
            0 => Err(format!("{what} {name} failed")),
            1 => panic!("{what} {name} panicked"),
            _ => Ok(()),
        }
    }
}

impl Context<String> for Room {
    type Value = Room;

    async fn enter(self) -> Result<Room, String> {
        self.pass(0, "enter").await.map(|()| self)
    }

    async fn exit(room: Room, ended: Ended<'_, String>) -> Result<(), String> {
        room.pass(1, &format!("({ended}) leave")).await
    }
}

/// The log of a task that is done by `what`, and cancelled at some times; and how it ended.
fn told<F>(what: F, cancels: &[Duration], log: &Log) -> (Vec<String>, String)
where
    F: Future<Output: std::fmt::Debug + 'static> + 'static,
{
    let end = run(async {
        let task = spawn(what);
        for pause in cancels {
            sleep(*pause).await;
            task.cancel();
        }
        task.await
    });
    (log.take(), format!("{end:?}"))
}

#[test]
fn several_in_one_statement_are_as_if_they_were_nested() {
    for seed in 0..quick_or_full(1_000, 20_000) {
        let told = |as_one: bool| {
            let (log, mut random) = (Log::default(), fastrand::Rng::with_seed(seed));
            let [a, b] = [1, 2].map(|name| Room::random(name, &mut random, &log));
            let (pause, fate) = (quarters(&mut random, 6), random.u32(0..6));
            let cancels = (0..random.u32(0..3)).map(|_| quarters(&mut random, 8));
            let cancels: Vec<Duration> = cancels.collect();
            let noted = log.clone();
            let body = async move || {
                noted.note(format!("{}: body", millis()));
                sleep(pause).await;
                match fate {
                    0 => Err("fire".to_string()),
                    1 => panic!("fire"),
                    _ => Ok(7),
                }
            };
            match as_one {
                true => told(with((a, b), async move |_| body().await), &cancels, &log),
                false => {
                    let inner = async move |_: &mut Room| {
                        with(b, async move |_: &mut Room| body().await).await
                    };
                    told(with(a, inner), &cancels, &log)
                }
            }
        };
        assert_eq!(told(true), told(false), "seed {seed}");
    }
}
