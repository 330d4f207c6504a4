//! What a crawl has found, and which links are broken.

use std::collections::{HashMap, HashSet};
use std::fmt;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use url::Url;

use crate::address::normal;
use crate::links::Found;
use crate::problem::Problem;

/// What was found of each address that was visited, in the order in which that was done.
///
/// It can be looked at while the crawl is under way.
///
/// ```
/// use crawler::site::Site;
/// use crawler::{Crawl, Outcome, Settings};
/// use std::rc::Rc;
/// use std::time::Duration;
///
/// taxi::test::run(async {
///     let site = Site::pages(Duration::ZERO, &[("/", "<img src=taxi.png>")])?;
///     let crawl = Rc::new(Crawl::new(&site.url("/"), Settings::default())?);
///     crawl.run().await;
///     let report = crawl.report();
///     assert_eq!(report.page(&site.url("/#top")).unwrap().outcome, Outcome::Read(18));
///     assert_eq!(report.bytes(), 18);
///     assert_eq!(report.broken()[0].element, "img");
///     assert_eq!(report.to_json()["broken"][0]["problem"], "404 Not Found");
///     assert_eq!(report.to_string(), "1 read, 18 bytes, 1 failed");
///     Ok::<(), Box<dyn std::error::Error>>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: report
#[derive(Debug, Clone, Default)]
pub struct Report {
    pages: Vec<Page>,
    /// The places of pages in `pages`.
    places: HashMap<Url, usize>,
    /// How many links were left out, since there were too many addresses.
    pub(crate) left_out: usize,
}

/// What was found at one address; made by [`Report::pages`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page {
    /// Its address.
    pub url: Url,
    /// How many links it is from the start.
    pub depth: u32,
    /// How often it was asked for.
    pub attempts: u32,
    /// What came of it.
    pub outcome: Outcome,
    /// What it refers to, if it is an HTML page of the site itself.
    pub found: Option<Found>,
}
// ANCHOR_END: report

// ANCHOR: outcome
/// What came of a visit; made by [`Report::pages`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It was read: so many bytes. (Of what is on other sites, only that it is there: 0.)
    Read(usize),
    /// The server says that it is elsewhere.
    Moved(Url),
    /// The site does not want robots there.
    Disallowed,
    /// It could not be read.
    Failed(Problem),
}
// ANCHOR_END: outcome

/// A link that leads nowhere; made by [`Report::broken`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Broken {
    /// The page that has it. `None`: it is where the crawl began.
    pub page: Option<Url>,
    /// Its element.
    pub element: String,
    /// What stands there.
    pub link: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// Where a link leads in the end.
enum End<'a> {
    Page(&'a Page),
    Broken(Problem),
    /// It was not looked at.
    Unknown,
}

impl Report {
    pub(crate) fn add(&mut self, page: Page) {
        self.places.insert(page.url.clone(), self.pages.len());
        self.pages.push(page);
    }

    /// What was visited, in that order.
    ///
    /// ```
    /// use crawler::site::Site;
    /// use crawler::{Crawl, Outcome, Page, Settings};
    /// use std::rc::Rc;
    /// use std::time::Duration;
    ///
    /// taxi::test::run(async {
    ///     let site = Site::pages(Duration::ZERO, &[("/", "<a href=/map>map</a>"), ("/map", "")])?;
    ///     let crawl = Rc::new(Crawl::new(&site.url("/"), Settings::default())?);
    ///     crawl.run().await;
    ///     let report = crawl.report();
    ///     let depths: Vec<u32> = report.pages().iter().map(|page: &Page| page.depth).collect();
    ///     assert_eq!(depths, [0, 1]);
    ///     assert_eq!(report.pages()[1].outcome, Outcome::Read(0));
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// What was found at `url`, however it is spelt.
    pub fn page(&self, url: &Url) -> Option<&Page> {
        let place = self.places.get(&normal(url)?)?;
        Some(&self.pages[*place])
    }

    // ANCHOR: end
    /// Follows redirects from `url`.
    fn end(&self, url: &Url) -> End<'_> {
        let mut passed: HashSet<Url> = HashSet::new();
        let mut url = url.clone();
        loop {
            let Some(page) = self.page(&url) else {
                return End::Unknown;
            };
            let to = match &page.outcome {
                Outcome::Moved(to) => to,
                Outcome::Failed(problem) => return End::Broken(problem.clone()),
                Outcome::Read(_) | Outcome::Disallowed => return End::Page(page),
            };
            // hole: moved — go on where it has moved to, unless that was passed before
            // tried by: bad-sites
            // also: crawler
            if !passed.insert(page.url.clone()) {
                return End::Broken(Problem::RedirectLoop);
            }
            url = to.clone();
            // end hole
        }
    }
    // ANCHOR_END: end

    /// What is wrong with a link to `to`, if anything is known to be.
    fn problem(&self, to: &Url) -> Option<Problem> {
        match self.end(to) {
            End::Broken(problem) => Some(problem),
            End::Unknown => None,
            End::Page(page) => {
                let place = to.fragment().filter(|it| !is_everywhere(it))?;
                let found = page.found.as_ref()?;
                (!has_place(found, place))
                    .then(|| Problem::NoSuchPlace(place.to_string()))
            }
        }
    }

    /// The links that are broken: those of the pages in the order in which they were visited; and the start, if it could
    /// not be read itself.
    pub fn broken(&self) -> Vec<Broken> {
        let first = self.pages.first();
        let start = first.and_then(|page| {
            Some(Broken {
                page: None,
                element: "start".to_string(),
                link: page.url.to_string(),
                problem: self.problem(&page.url)?,
            })
        });
        start
            .into_iter()
            .chain(self.pages.iter().flat_map(|page| self.broken_on(page)))
            .collect()
    }

    fn broken_on<'a>(&'a self, page: &'a Page) -> impl Iterator<Item = Broken> + 'a {
        let from = move |element: &str, link: &str, problem| Broken {
            page: Some(page.url.clone()),
            element: element.to_string(),
            link: link.to_string(),
            problem,
        };
        let found = page.found.iter();
        let links = found.clone().flat_map(|it| &it.links);
        let dead = links.filter_map(move |link| {
            Some(from(
                &link.element,
                link.to.as_str(),
                self.problem(&link.to)?,
            ))
        });
        let unreadable = found.flat_map(|it| &it.unreadable);
        dead.chain(
            unreadable
                .map(move |(element, text)| from(element, text, Problem::NoAddress)),
        )
    }

    /// How many bytes were read.
    pub fn bytes(&self) -> usize {
        let read = |page: &Page| match page.outcome {
            Outcome::Read(bytes) => bytes,
            _ => 0,
        };
        self.pages.iter().map(read).sum()
    }

    /// How many visits ended in a way that `is` says.
    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.pages.iter().filter(|page| is(&page.outcome)).count()
    }

    /// How many links were left out, since the crawl had as many addresses as it was to have.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The same for a program.
    pub fn to_json(&self) -> Value {
        let broken = self.broken().into_iter().map(|it| {
            json!({
                "page": it.page.map(|page| page.to_string()),
                "element": it.element,
                "link": it.link,
                "problem": it.problem.to_string(),
            })
        });
        let pages = self.pages.iter().map(|page| {
            let (outcome, more) = match &page.outcome {
                Outcome::Read(bytes) => ("read", json!(bytes)),
                Outcome::Moved(to) => ("moved", json!(to.as_str())),
                Outcome::Disallowed => ("disallowed", Value::Null),
                Outcome::Failed(problem) => ("failed", json!(problem.to_string())),
            };
            json!({
                "url": page.url.as_str(),
                "depth": page.depth,
                "attempts": page.attempts,
                "outcome": outcome,
                "more": more,
            })
        });
        json!({
            "pages": pages.collect::<Vec<_>>(),
            "broken": broken.collect::<Vec<_>>(),
            "left_out": self.left_out(),
        })
    }
}

/// Whether a page has a place of that name. What stands behind a colon is for the browser, or for the page's script:
/// `#night:~:text=taxi` is within `#night`.
fn has_place(found: &Found, place: &str) -> bool {
    let decoded = percent_decode_str(place).decode_utf8_lossy();
    let before = decoded.split(':').next().unwrap_or_default();
    [place, &decoded, before]
        .iter()
        .any(|it| found.ids.contains(*it))
}

/// The places that every page has.
fn is_everywhere(place: &str) -> bool {
    place.is_empty() || place.eq_ignore_ascii_case("top") || place.starts_with(":~:")
}

/// The counts, in a line.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read = self.count(|it| matches!(it, Outcome::Read(_)));
        let moved = self.count(|it| matches!(it, Outcome::Moved(_)));
        let disallowed = self.count(|it| matches!(it, Outcome::Disallowed));
        let failed = self.count(|it| matches!(it, Outcome::Failed(_)));
        write!(f, "{read} read, {} bytes", self.bytes())?;
        let others = [
            (moved, "moved"),
            (disallowed, "not for robots"),
            (failed, "failed"),
            (self.left_out(), "left out"),
        ];
        for (count, what) in others.into_iter().filter(|it| it.0 > 0) {
            write!(f, ", {count} {what}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(page) = &self.page {
            write!(f, "{page}: <{}> ", self.element)?;
        }
        write!(f, "{}: {}", self.link, self.problem)
    }
}
