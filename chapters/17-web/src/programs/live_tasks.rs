//! The tasks of the server, as a page of it hears of them.
//!
//! twin: none, Python's standard library has no HTTP server for asyncio
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::spawn_named;
use taxi::time::{now, sleep};
use trace::say;
use web::client::Client;
use web::{App, Request, Server};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: main
async fn call() -> Fallible {
    let app = App::new()
        .get("/slow", async |_: Request| {
            sleep(Duration::from_secs(2)).await;
            "at last"
        })
        .live("/tasks");
    let server = Server::bind(anywhere())?.serve(app)?;
    let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
    let asker = client.clone();
    let slow = format!("{url}/slow");
    let asked = spawn_named("asker", async move { asker.get(&slow).await?.text().await });
    let mut events = client.get(&format!("{url}/tasks/events")).await?;
    for second in 0..4 {
        let event = events.chunk().await?.unwrap_or_default();
        if second == 1 || second == 3 {
            say!("{} s", now().as_secs());
            for line in String::from_utf8_lossy(&event).trim().lines() {
                say!("  {}", without_numbers(line));
            }
        }
    }
    say!("asker: {}", asked.await??);
    Ok(())
}
// ANCHOR_END: main

/// The numbers of lines are others tomorrow.
fn without_numbers(line: &str) -> String {
    let mut text = String::new();
    for (index, part) in line.split(".rs:").enumerate() {
        match index {
            0 => text += part,
            _ => {
                text += ".rs";
                text += part.trim_start_matches(|it: char| it.is_ascii_digit());
            }
        }
    }
    text
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
