//! The article's fifteen pages, one after another.
//!
//! rows: P35
//! twin: same
//! clock: virtual

use std::error::Error;
use std::time::Duration;

use chapter::{Args, BadInput};
use crawler::site::{self, FIFTEEN, Site};
use taxi::time::now;
use trace::say;
use web::client::Client;

/// The delays of [`FIFTEEN`] are so many of these.
pub const TENTH: Duration = Duration::from_millis(100);

// ANCHOR: one
pub async fn download_one(
    client: &Client,
    site: &Site,
    path: &str,
) -> Result<(), Box<dyn Error>> {
    let response = client.get(site.url(path).as_str()).await?;
    let page = response.bytes().await?;
    say!("Read {} from {path}", page.len());
    Ok(())
}
// ANCHOR_END: one

// ANCHOR: main
async fn download_all(site: &Site) -> Result<(), Box<dyn Error>> {
    let client = Client::new();
    for (path, ..) in FIFTEEN {
        download_one(&client, site, path).await?;
    }
    Ok(())
}

async fn program() -> Result<(), Box<dyn Error>> {
    let site = Site::fifteen(TENTH)?;
    download_all(&site).await?;
    say!("Download 15 sites in {}", now());
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    site::run(args.real(), program())
}
