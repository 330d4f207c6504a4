//! A server that ends well: it answers what is under way, and cuts off what takes too long.
//!
//! twin: none, Python's standard library has no HTTP server for asyncio
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::spawn;
use taxi::time::{now, sleep};
use trace::say;
use web::client::Client;
use web::{App, Error, Request, Server};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: main
/// Takes as many seconds as the path says.
async fn ride(request: Request) -> Result<&'static str, Error> {
    sleep(Duration::from_secs(request.param("seconds")?)).await;
    Ok("here we are")
}

async fn passenger(name: char, client: Client, url: String) {
    trace::name(format_args!("{name}"));
    let heard = match client.get(&url).await {
        Ok(response) => response.text().await,
        Err(error) => Err(error),
    };
    let heard = heard.unwrap_or_else(|_| "the line was cut".into());
    say!("{:2} s  {name}: {heard}", now().as_secs());
}

async fn call() -> Fallible {
    trace::name(format_args!("main"));
    let app = App::new().get("/{seconds}", ride);
    let server = Server::bind(anywhere())?.serve(app)?;
    let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
    let rides = [('A', 0), ('B', 5), ('C', 60)].map(|(name, seconds)| {
        spawn(passenger(name, client.clone(), format!("{url}/{seconds}")))
    });
    sleep(Duration::from_secs(1)).await;
    // A has her answer. Her connection is open, for the next one.
    say!(" 1 s  closing, with {} connections", server.connections());
    let late = server.shutdown(Duration::from_secs(10)).await;
    say!("{:2} s  closed; cut off: {late}", now().as_secs());
    for ride in rides {
        ride.await?;
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
