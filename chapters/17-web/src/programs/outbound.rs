//! A handler that asks another server before it answers, while others are served.
//!
//! rows: P38
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::join;
use taxi::time::{now, sleep};
use trace::say;
use web::client::Client;
use web::{App, Error, Request, Response, Server};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: app
/// One that is slow.
fn archive() -> App {
    App::new().get("/", async |_: Request| {
        sleep(Duration::from_secs(3)).await;
        "found"
    })
}

/// One that asks it.
fn office(client: Client, archive: String) -> App {
    let demo2 = async move |_: Request| {
        say!("{} s  demo2 asks the archive", now().as_secs());
        let response = client.get(&archive).await?;
        let found = response.text().await?;
        say!("{} s  demo2 has an answer: {found}", now().as_secs());
        Ok::<_, Error>(Response::text("welcome"))
    };
    App::new()
        .post("/demo2", demo2)
        .get("/", async |_: Request| "Hello, world")
}
// ANCHOR_END: app

// ANCHOR: main
async fn call() -> Fallible {
    let client = Client::new();
    let archive = Server::bind(anywhere())?.serve(archive())?;
    let archive = format!("http://{}/", archive.local_addr());
    let office = office(client.clone(), archive);
    let office = Server::bind(anywhere())?.serve(office)?;
    let url = format!("http://{}", office.local_addr());
    let ann = async {
        let response = client
            .post(&format!("{url}/demo2"), "text/plain", "")
            .await?;
        let text = response.text().await?;
        say!("{} s  Ann: {text}", now().as_secs());
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    let bob = async {
        sleep(Duration::from_secs(1)).await;
        let text = client.get(&url).await?.text().await?;
        say!("{} s  Bob: {text}", now().as_secs());
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    let (ann, bob) = join(ann, bob).await;
    ann.and(bob)
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
