//! Three hundred pages at once, to a server that can do ten: most are turned away.
//!
//! twin: none, the standard library has no client for the loop

use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use crawler::site::{self, Site};
use taxi::gather;
use taxi::sync::Semaphore;
use taxi::time::{now, sleep};
use trace::say;
use web::client::Client;
use web::{Response, StatusCode};

// ANCHOR: main
/// One who needs a second for an answer, and turns away whoever is the eleventh meanwhile.
fn small() -> std::io::Result<Site> {
    let busy = Cell::new(0);
    Site::serve(async move |_: &str| {
        if busy.get() == 10 {
            return Response::empty(StatusCode::SERVICE_UNAVAILABLE);
        }
        busy.set(busy.get() + 1);
        sleep(Duration::from_secs(1)).await;
        busy.set(busy.get() - 1);
        Response::text("a page")
    })
}

async fn download(at_once: usize) -> Result<(), Box<dyn Error>> {
    let (site, client, start) = (small()?, Client::new(), now());
    let limit = Rc::new(Semaphore::new(at_once));
    let read = gather((0..300).map(|number| {
        let answer = client.get(site.url(&format!("/{number}")).as_str());
        let limit = Rc::clone(&limit);
        async move {
            let _permit = limit.acquire().await;
            answer.await.is_ok_and(|it| it.status() == 200)
        }
    }));
    let read = read.await?.into_iter().filter(|it| *it).count();
    let took = (now() - start).as_secs();
    say!("{at_once} at once: {read} of 300 read in {took} s");
    Ok(())
}
// ANCHOR_END: main

async fn program() -> Result<(), Box<dyn Error>> {
    download(300).await?;
    download(10).await
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    site::run(false, program())
}
