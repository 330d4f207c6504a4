//! Chapter 4: a poll that goes down to the leaf, and the wake that comes back. A loop, its park and its futures write
//! down what they do, in order; each arrow has the number of its line.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Wake, Waker};
use std::time::Duration;

use wakers::{Caller, Park, block_on_with, phone};

use super::pen::{Picture, Point};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, what: &str) {
        self.0.lock().unwrap().push(what.to_string());
    }
}

impl Wake for Log {
    fn wake(self: Arc<Log>) {
        self.add("wake");
    }
}

/// Somebody calls while it is parked.
struct Parked {
    log: Log,
    caller: Option<Caller<&'static str>>,
}

impl Park for Parked {
    fn park(&mut self, _: Option<Duration>) -> io::Result<bool> {
        self.log.add("park");
        let caller = self.caller.take().expect("the first call woke nobody");
        self.log.add("say");
        caller.say("Main Street");
        self.log.add("woken");
        Ok(true)
    }

    fn unparker(&self) -> Waker {
        Waker::from(Arc::new(self.log.clone()))
    }

    fn enter(&self) -> impl Sized + 'static {}

    fn expects_wake(&self) -> bool {
        true
    }
}

/// `inner`, which tells when it is polled, and what it answers.
async fn told<F: Future>(log: Log, name: &str, inner: F) -> F::Output {
    let mut inner = pin!(inner);
    let polled = poll_fn(|context| {
        log.add(&format!("poll {name}"));
        let answer = inner.as_mut().poll(context);
        let word = if answer.is_pending() {
            "Pending"
        } else {
            "Ready"
        };
        log.add(&format!("{word} {name}"));
        answer
    });
    polled.await
}

const FUTURES: [&str; 3] = ["night", "trip", "phone"];

fn log() -> Vec<String> {
    let log = Log::default();
    let (caller, phone) = phone();
    let phone = told(log.clone(), "phone", phone);
    let trip = told(log.clone(), "trip", phone);
    let night = told(log.clone(), "night", trip);
    let mut park = Parked {
        log: log.clone(),
        caller: Some(caller),
    };
    block_on_with(&mut park, night);
    log.0.lock().unwrap().clone()
}

const BOX: Point = (150.0, 44.0);
const LEFT: f64 = 92.0;

fn above(level: usize) -> f64 {
    14.0 + 90.0 * level as f64
}

pub(super) fn picture() -> Picture {
    let log = log();
    let number = |what: &str| {
        let at = log.iter().position(|line| line == what);
        (at.unwrap_or_else(|| panic!("no {what} in {log:?}")) + 1).to_string()
    };
    let mut picture = Picture::new(
        340,
        "A loop polls a night, the night polls its trip, the trip polls a telephone, and each hands down the waker. \
         The telephone keeps it; three times Pending goes back up, and the loop parks. A call uses the waker, which \
         ends the park.",
    );
    for (level, name) in ["block_on"].iter().chain(&FUTURES).enumerate() {
        picture.area(
            (LEFT, above(level)),
            BOX,
            if level == 0 { "pane" } else { "fill" },
        );
        let middle = (LEFT + BOX.0 / 2.0, above(level) + 28.0);
        picture.text(middle, name, "code");
        if level == 0 {
            continue;
        }
        let (from, to) = (above(level - 1) + BOX.1 + 4.0, above(level) - 4.0);
        let (down, up) = (LEFT + 36.0, LEFT + BOX.0 - 36.0);
        let between = (from + to) / 2.0 + 6.0;
        picture.arrow((down, from), (down, to), "");
        let poll = format!("{} poll", number(&format!("poll {name}")));
        picture.text((down - 40.0, between), &poll, "");
        picture.arrow((up, to), (up, from), "thin");
        let answer = format!("{} Pending", number(&format!("Pending {name}")));
        picture.text((up + 54.0, between), &answer, "");
    }
    draw_wake(&mut picture, number);
    picture
}

fn draw_wake(picture: &mut Picture, number: impl Fn(&str) -> String) {
    let right = LEFT + BOX.0;
    // The way to sleep, beside the loop.
    let park = (right + 128.0, above(0));
    picture.area(park, BOX, "pane");
    picture.text((park.0 + 75.0, park.1 + 28.0), "park", "code");
    picture.arrow(
        (right + 5.0, park.1 + 14.0),
        (park.0 - 5.0, park.1 + 14.0),
        "",
    );
    picture.text((right + 64.0, park.1 + 8.0), &number("park"), "");
    picture.arrow(
        (park.0 - 5.0, park.1 + 32.0),
        (right + 5.0, park.1 + 32.0),
        "call",
    );
    picture.text((right + 64.0, park.1 + 54.0), &number("woken"), "");
    // The waker, where the leaf keeps it.
    let waker = (right + 5.0, above(3) + 4.0);
    picture.area(waker, (76.0, 36.0), "lit");
    picture.text((waker.0 + 38.0, waker.1 + 24.0), "waker", "on-lit");
    let wakes = (waker.0 + 76.0, waker.1 + 8.0);
    let by = (park.0 + 90.0, waker.1 - 20.0);
    picture.bent_arrow(wakes, by, (park.0 + 75.0, park.1 + BOX.1 + 6.0), "call");
    let wake = format!("{} wake", number("wake"));
    picture.text((park.0 + 112.0, above(2) + 10.0), &wake, "");
    let caller = (park.0 + 75.0, waker.1 + 24.0);
    picture.text(
        (caller.0 + 30.0, caller.1),
        &format!("{} a call", number("say")),
        "",
    );
    picture.arrow(
        (caller.0 - 12.0, caller.1 - 5.0),
        (waker.0 + 84.0, caller.1 - 5.0),
        "call",
    );
}
