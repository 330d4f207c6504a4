//! A client that leaves, and what becomes of its handler; and a handler that panics.
//!
//! twin: none, Python's standard library has no HTTP server for asyncio
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::time::{now, sleep, timeout};
use trace::say;
use web::client::Client;
use web::{AccessLog, App, Request, Server};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: main
/// Says when it is dropped.
struct Taxi;

impl Drop for Taxi {
    fn drop(&mut self) {
        say!("{} s  the taxi is free again", now().as_secs());
    }
}

async fn ride(_: Request) -> &'static str {
    let _taxi = Taxi;
    say!("{} s  a taxi is on its way", now().as_secs());
    sleep(Duration::from_secs(60)).await;
    "here we are"
}

async fn crash(_: Request) -> &'static str {
    panic!("the engine is on fire")
}

async fn call() -> Fallible {
    // What standard error says of a panic stays out of the transcript.
    std::panic::set_hook(Box::new(|_| {}));
    let log = AccessLog::new(|line| say!("log: {line}"));
    let app = App::new()
        .get("/ride", ride)
        .get("/crash", crash)
        .on_error(|line, error| {
            say!("{line}: {:?}", error.cause().map(ToString::to_string))
        })
        .log(log);
    let server = Server::bind(anywhere())?.serve(app)?;
    let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
    let ride = client.get(&format!("{url}/ride"));
    if timeout(Duration::from_secs(5), ride).await.is_err() {
        say!("{} s  the passenger leaves", now().as_secs());
    }
    sleep(Duration::from_secs(1)).await;
    let response = client.get(&format!("{url}/crash")).await?;
    say!("{}: {}", response.status(), response.text().await?.trim());
    say!("connections: {}", server.connections());
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
