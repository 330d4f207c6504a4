//! A layer that lets two be served at a time, and asks the others to come back.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::gather;
use taxi::sync::Semaphore;
use taxi::time::{now, sleep};
use trace::say;
use web::client::{self, Client};
use web::{App, HeaderValue, Next, Request, Response, Server, StatusCode, header};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: main
fn at_most(app: App, number: usize) -> App {
    let room = Semaphore::new(number);
    app.layer(async move |request: Request, next: Next| {
        // Given back when the answer is there, or its client gone.
        let Some(_permit) = room.try_acquire() else {
            return Response::text("all taxis are out\n")
                .with_status(StatusCode::SERVICE_UNAVAILABLE)
                .with_header(header::RETRY_AFTER, HeaderValue::from(3));
        };
        next.run(request).await
    })
}

async fn passenger(
    name: char,
    wait: u64,
    client: Client,
    url: String,
) -> Result<(), client::Error> {
    sleep(Duration::from_secs(wait)).await;
    let response = client.get(&url).await?;
    let status = response.status().as_u16();
    let text = response.text().await?;
    say!("{} s  {name}: {status} {}", now().as_secs(), text.trim());
    Ok(())
}

async fn call() -> Fallible {
    let app = App::new().get("/", async |_: Request| {
        sleep(Duration::from_secs(3)).await;
        "here we are\n"
    });
    let server = Server::bind(anywhere())?.serve(at_most(app, 2))?;
    let (client, url) = (Client::new(), format!("http://{}/", server.local_addr()));
    let passengers = [('A', 0), ('B', 1), ('C', 2), ('D', 4)];
    gather(
        passengers.map(|(name, wait)| passenger(name, wait, client.clone(), url.clone())),
    )
    .await?;
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
