//! Three servers, and four tasks that ask: each server is left alone for two seconds after a request.
//!
//! twin: same
//! clock: virtual

use std::error::Error;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use crawler::site;
use crawler::{Bounds, Frontier};
use taxi::gather;
use taxi::time::{now, sleep};
use trace::say;

// ANCHOR: main
async fn work(frontier: Rc<Frontier>) {
    while let Some(visit) = frontier.next().await {
        let (host, path) = (visit.url().host_str().unwrap_or("?"), visit.url().path());
        say!("{} s  {host}{path}", now().as_secs());
        // A long one: the next is not asked for before its end.
        let seconds = if path == "/3" { 5 } else { 1 };
        sleep(Duration::from_secs(seconds)).await;
    }
}

async fn program() -> Result<(), Box<dyn Error>> {
    let bounds = Bounds {
        per_host: 1,
        delay: Duration::from_secs(2),
        ..Bounds::default()
    };
    let frontier = Rc::new(Frontier::new(bounds));
    for page in [
        "ann/1", "ann/2", "ann/3", "ann/4", "bob/1", "bob/2", "eve/1",
    ] {
        frontier.add(&format!("http://{page}").parse()?, 0);
    }
    gather((0..4).map(|_| work(Rc::clone(&frontier)))).await?;
    say!("{} s  the end", now().as_secs());
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    site::run(args.real(), program())
}
