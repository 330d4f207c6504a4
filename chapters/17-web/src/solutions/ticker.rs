//! Server-sent events: a meter that runs, for one who listens and one who leaves.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::stream::stream;
use taxi::time::{now, sleep};
use trace::say;
use web::client::Client;
use web::{App, Event, Request, Response, Server};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: main
async fn meter(_: Request) -> Response {
    Response::events(stream(async |mut yields| {
        for fare in 0..5 {
            say!("{} s  the meter: {fare}", now().as_secs());
            yields
                .send(Event::new(fare.to_string()).named("fare"))
                .await;
            sleep(Duration::from_secs(1)).await;
        }
    }))
}

async fn call() -> Fallible {
    let app = App::new().get("/meter", meter);
    let server = Server::bind(anywhere())?.serve(app)?;
    let url = format!("http://{}/meter", server.local_addr());
    let mut events = Client::new().get(&url).await?;
    for _ in 0..2 {
        let event = events.chunk().await?.unwrap_or_default();
        say!(
            "{} s  heard: {:?}",
            now().as_secs(),
            String::from_utf8_lossy(&event)
        );
    }
    drop(events);
    sleep(Duration::from_secs(60)).await;
    say!(
        "{} s  connections: {}",
        now().as_secs(),
        server.connections()
    );
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
