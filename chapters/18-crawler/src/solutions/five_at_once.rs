//! The fifteen pages, five at once.
//!
//! twin: none, chapter 10 has the twin of its semaphore
//! clock: virtual

use std::error::Error;
use std::rc::Rc;

use chapter::{Args, BadInput};
use crawler::site::{self, FIFTEEN, Site};
use taxi::gather;
use taxi::sync::Semaphore;
use taxi::time::now;
use trace::say;
use web::client::Client;

use crate::programs::one_by_one::{TENTH, download_one};

// ANCHOR: main
async fn program() -> Result<(), Box<dyn Error>> {
    let site = Rc::new(Site::fifteen(TENTH)?);
    let client = Client::new();
    let five = Rc::new(Semaphore::new(5));
    let downloads = FIFTEEN.into_iter().map(|(path, ..)| {
        let (site, client, five) = (Rc::clone(&site), client.clone(), Rc::clone(&five));
        async move {
            let _permit = five.acquire().await;
            download_one(&client, &site, path).await.is_ok()
        }
    });
    gather(downloads).await?;
    say!(
        "Download 15 sites in {}, {} at once",
        now(),
        site.most_at_once()
    );
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    site::run(args.real(), program())
}
