//! How many pages of a site are so many links from its start.
//!
//! twin: none, it is an exercise on the crate's own types
//! clock: virtual

use std::collections::BTreeMap;
use std::error::Error;
use std::rc::Rc;

use chapter::{Args, BadInput};
use crawler::site::{self, Site};
use crawler::{Bounds, Crawl, Settings};
use trace::say;
use web::Response;

// ANCHOR: main
/// A page `/n` links to `/2n` and `/2n+1`, without end.
async fn tree(path: &str) -> Response {
    let number: u64 = path.trim_start_matches('/').parse().unwrap_or(1);
    let (left, right) = (2 * number, 2 * number + 1);
    Response::html(format!(
        "<a href=/{left}>left</a> <a href=/{right}>right</a>"
    ))
}

async fn program() -> Result<(), Box<dyn Error>> {
    let site = Site::serve(tree)?;
    let bounds = Bounds {
        depth: 2,
        ..Bounds::default()
    };
    let settings = Settings {
        bounds,
        robots: false,
        ..Settings::default()
    };
    let crawl = Rc::new(Crawl::new(&site.url("/"), settings)?);
    crawl.run().await;
    let mut depths = BTreeMap::new();
    for page in crawl.report().pages() {
        *depths.entry(page.depth).or_insert(0) += 1;
    }
    for (depth, pages) in depths {
        say!("{depth} links away: {pages}");
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    site::run(args.real(), program())
}
