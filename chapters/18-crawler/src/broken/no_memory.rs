//! A crawler that does not remember what it has fetched: three pages are enough to keep it busy for ever.
//!
//! twin: same

use std::collections::VecDeque;
use std::error::Error;
use std::time::Duration;

use chapter::{Args, BadInput};
use crawler::links;
use crawler::site::{self, Site};
use trace::say;
use web::client::Client;

// ANCHOR: main
const PAGES: [(&str, &str); 3] = [
    ("/", "<a href=/a>a</a> <a href=/b>b</a>"),
    ("/a", "<a href=/>home</a> <a href=/b>b</a>"),
    ("/b", "<a href=/>home</a> <a href=/a>a</a>"),
];

async fn program() -> Result<(), Box<dyn Error>> {
    let site = Site::pages(Duration::ZERO, &PAGES)?;
    let client = Client::new();
    let mut waiting = VecDeque::from([site.url("/")]);
    while let Some(url) = waiting.pop_front() {
        let page = client.get(url.as_str()).await?.bytes().await?;
        waiting.extend(links(&page, &url).links.into_iter().map(|link| link.to));
        let asked = site.asked().len();
        if asked.is_power_of_two() {
            say!("{asked:4} requests, {:4} waiting", waiting.len());
        }
        if asked == 512 {
            say!("the site has {} pages", PAGES.len());
            break;
        }
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    site::run(false, program())
}
