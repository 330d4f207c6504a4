//! A site whose pages all link to one another, and each is fetched once.
//!
//! twin: same

use std::error::Error;

use chapter::{Args, BadInput};
use crawler::site;
use crawler::{Added, Bounds, Frontier};
use trace::say;
use url::Url;

// ANCHOR: main
/// What each page links to.
const SITE: [(&str, &[&str]); 5] = [
    ("/", &["/a", "/b", "/"]),
    ("/a", &["/b", "/c", "/./a#part"]),
    ("/b", &["/", "/%63", "/d"]),
    ("/c", &["/a", "/b", "/c", "/d", "/e"]),
    ("/d", &["/"]),
];

async fn program() -> Result<(), Box<dyn Error>> {
    let bounds = Bounds {
        pages: 4,
        depth: 2,
        ..Bounds::default()
    };
    let frontier = Frontier::new(bounds);
    let start: Url = "http://taxi.example/".parse()?;
    frontier.add(&start, 0);
    while let Some(visit) = frontier.next().await {
        let path = visit.url().path();
        let page = SITE.iter().find(|page| page.0 == path);
        let mut told = Vec::new();
        for link in page.into_iter().flat_map(|page| page.1) {
            let added = frontier.add(&visit.url().join(link)?, visit.depth() + 1);
            told.push(match added {
                Added::New => format!("{link} is new"),
                Added::Known => format!("{link} is known"),
                Added::TooDeep => format!("{link} is too deep"),
                Added::Full => format!("{link} is too much"),
                Added::Foreign => format!("{link} is foreign"),
            });
        }
        say!("{path}: {}", told.join(", "));
    }
    say!("{} pages", frontier.known());
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    site::run(false, program())
}
