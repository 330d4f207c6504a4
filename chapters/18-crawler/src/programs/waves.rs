//! Five pages, at most three at once, in the order in which they come.
//!
//! rows: P08
//! twin: same
//! clock: virtual

use std::error::Error;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use crawler::site::{self, Site};
use taxi::as_completed;
use taxi::sync::Semaphore;
use taxi::time::{now, sleep};
use trace::say;
use web::Response;
use web::client::Client;

// ANCHOR: main
/// Answers `/3` after three seconds.
async fn slow(path: &str) -> Response {
    let seconds = path.trim_start_matches('/').parse().unwrap_or(0);
    sleep(Duration::from_secs(seconds)).await;
    Response::text(format!("page {path}"))
}

async fn program() -> Result<(), Box<dyn Error>> {
    let site = Site::serve(slow)?;
    let client = Client::new();
    let three = Rc::new(Semaphore::new(3));
    let mut pages = as_completed([3, 1, 2, 4, 6].into_iter().map(|seconds| {
        let url = site.url(&format!("/{seconds}"));
        let (client, three) = (client.clone(), Rc::clone(&three));
        async move {
            let _permit = three.acquire().await;
            say!("{} s  asks for {}", now().as_secs(), url.path());
            let response = client.get(url.as_str()).await?;
            response.text().await
        }
    }));
    while let Some(page) = pages.next().await {
        say!("{} s  {}", now().as_secs(), page??);
    }
    say!("at most {} at once", site.most_at_once());
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    site::run(args.real(), program())
}
