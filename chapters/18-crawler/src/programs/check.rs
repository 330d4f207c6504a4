//! A link checker: the pages of a small site, and who links to what is not there.
//!
//! twin: none, chapter 17's twins show a server, and the frontier's a crawl
//! clock: virtual

use std::error::Error;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use crawler::site::{self, Site};
use crawler::{Crawl, Settings};
use taxi::time::now;
use trace::say;

// ANCHOR: pages
const PAGES: [(&str, &str); 4] = [
    (
        "/",
        "<a href=fleet.html>our fleet</a> <a href=fares.html#night>at night</a>",
    ),
    (
        "/fleet.html",
        "<img src=taxi.png> <a href=/>home</a> <a href=drivers.html>drivers</a>",
    ),
    (
        "/fares.html",
        "<h2 id=day>By day</h2> <a href=/fleet.html#ann>Ann</a>",
    ),
    (
        "/drivers.html",
        "<a id=ann>Ann</a> <a href=http://elsewhere.example/>a friend</a>",
    ),
];
// ANCHOR_END: pages

// ANCHOR: main
async fn program() -> Result<(), Box<dyn Error>> {
    let site = Site::pages(Duration::from_secs(1), &PAGES)?;
    let crawl = Crawl::new(&site.url("/"), Settings::default())?.watched(|page, _| {
        say!("{} s  {} {}", now().as_secs(), page.depth, page.url.path());
    });
    let crawl = Rc::new(crawl);
    crawl.run().await;
    let report = crawl.report();
    let root = site.url("/").to_string();
    for broken in report.broken() {
        say!("{}", broken.to_string().replace(&root, "/"));
    }
    say!("{report}");
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    site::run(args.real(), program())
}
