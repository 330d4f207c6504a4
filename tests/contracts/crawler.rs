//! What chapter 18 promises.

#[path = "crawler/attacks.rs"]
mod attacks;
#[path = "crawler/crawling.rs"]
mod crawling;
#[path = "crawler/frontier.rs"]
mod frontier;
#[path = "crawler/links.rs"]
mod links;
#[path = "crawler/robots.rs"]
mod robots;
#[path = "crawler/tool.rs"]
mod tool;
#[path = "crawler/trying_again.rs"]
mod trying_again;

use std::rc::Rc;

use crawler::site::Site;
use crawler::{Crawl, Report, Settings};
use url::Url;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

/// Crawls `site` from `/`.
async fn crawl(site: &Site, settings: Settings) -> Report {
    let crawl = Rc::new(Crawl::new(&site.url("/"), settings).unwrap());
    crawl.run().await;
    crawl.report()
}

/// What is broken: the paths of page and link, and the problem.
fn broken(report: &Report) -> Vec<String> {
    let path = |text: &str| {
        text.parse::<Url>().map_or_else(
            |_| text.to_string(),
            |it| it[url::Position::BeforePath..].to_string(),
        )
    };
    let all = report.broken().into_iter().map(|it| {
        let page = it
            .page
            .map_or_else(String::new, |page| page.path().to_string());
        format!("{page} {}: {}", path(&it.link), it.problem)
    });
    all.collect()
}

/// No path was asked for twice.
#[track_caller]
fn once_each(site: &Site) {
    let mut asked = site.asked();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all, "{:?}", site.asked());
}
