//! A server that is out of order for a second, and a client that asks again at once.
//!
//! twin: none, its random numbers are others

use std::error::Error;
use std::time::Duration;

use chapter::{Args, BadInput};
use crawler::Backoff;
use crawler::site::{self, Site};
use fastrand::Rng;
use taxi::time::{now, sleep};
use trace::say;
use web::client::Client;
use web::{Response, StatusCode};

/// A request takes it a millisecond, whatever it answers.
fn out_of_order() -> std::io::Result<Site> {
    let start = now();
    Site::serve(async move |_: &str| {
        sleep(Duration::from_millis(1)).await;
        match now() - start < Duration::from_secs(1) {
            true => Response::empty(StatusCode::SERVICE_UNAVAILABLE),
            false => Response::text("here I am again"),
        }
    })
}

// ANCHOR: insist
async fn insist(backoff: &Backoff) -> Result<usize, Box<dyn Error>> {
    let (site, client) = (out_of_order()?, Client::new());
    let mut rng = Rng::with_seed(7);
    for attempt in 1.. {
        let response = client.get(site.url("/").as_str()).await?;
        if response.status() == 200 {
            break;
        }
        // Dropping an answer would close its connection.
        response.bytes().await?;
        match backoff.pause(attempt, &mut rng) {
            Some(pause) => sleep(pause).await,
            None => break,
        }
    }
    Ok(site.asked().len())
}
// ANCHOR_END: insist

async fn program() -> Result<(), Box<dyn Error>> {
    let first = Duration::from_millis(100);
    let backoff = Backoff {
        first,
        attempts: 10_000,
        ..Backoff::default()
    };
    let none = Backoff {
        first: Duration::ZERO,
        ..backoff.clone()
    };
    say!("without pauses: {} requests", insist(&none).await?);
    say!(
        "with pauses that grow: {} requests",
        insist(&backoff).await?
    );
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    site::run(false, program())
}
