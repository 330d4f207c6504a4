//! What chapter 19 promises.

#[path = "load_test/beside_ab.rs"]
mod beside_ab;
#[path = "load_test/errors.rs"]
mod errors;
#[path = "load_test/figures.rs"]
mod figures;
#[path = "load_test/requests.rs"]
mod requests;
#[path = "load_test/tool.rs"]
mod tool;

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use load_test::{Answer, Http};
use web::{App, Running, Server};

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}

const ANSWER: Answer = Answer {
    status: 200,
    sent: 0,
    received: 0,
};

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A server that answers at once, and counts.
fn counting() -> io::Result<(Running, Rc<Cell<u64>>)> {
    let seen = Rc::new(Cell::new(0));
    let asked = Rc::clone(&seen);
    let app = App::new().get("/", async move |_| {
        asked.set(asked.get() + 1);
        "a taxi"
    });
    let server = Server::bind(([127, 0, 0, 1], 0).into())?.serve(app)?;
    Ok((server, seen))
}

async fn target(server: &Running) -> Rc<Http> {
    let url = format!("http://{}/", server.local_addr());
    Rc::new(Http::new(&url).unwrap().look_up().await.unwrap())
}
