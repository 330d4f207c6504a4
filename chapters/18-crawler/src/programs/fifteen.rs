//! The article's fifteen pages at once: they come as its readers saw them.
//!
//! rows: P35
//! twin: same
//! clock: virtual

use std::error::Error;
use std::rc::Rc;

use chapter::{Args, BadInput};
use crawler::site::{self, FIFTEEN, Site};
use taxi::gather;
use taxi::time::now;
use trace::say;
use web::client::Client;

use crate::programs::one_by_one::{TENTH, download_one};

// ANCHOR: main
async fn program() -> Result<(), Box<dyn Error>> {
    let site = Rc::new(Site::fifteen(TENTH)?);
    let client = Client::new();
    let downloads = FIFTEEN.into_iter().map(|(path, ..)| {
        let (site, client) = (Rc::clone(&site), client.clone());
        async move { download_one(&client, &site, path).await.is_ok() }
    });
    let read = gather(downloads).await?;
    assert!(read.iter().all(|it| *it));
    say!("Download {} sites in {}", read.len(), now());
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    site::run(args.real(), program())
}
