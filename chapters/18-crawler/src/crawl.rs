//! The crawl: so many tasks, each of which takes a page from the frontier, reads it, and puts its links in.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use fastrand::Rng;
use taxi::sync::OnceCell;
use taxi::time::sleep;
use taxi::{group, spawn_blocking};
use url::Url;

use crate::address::{normal, origin};
use crate::fetch::{Answer, Body, Failed, Fetcher, Limits};
use crate::links::{Found, links};
use crate::report::{Outcome, Page, Report};
use crate::{Added, Backoff, Bounds, Frontier, Problem, Robots, Visit};

/// How to crawl.
///
/// ```
/// use crawler::site::Site;
/// use crawler::{Crawl, Settings};
/// use std::rc::Rc;
/// use std::time::Duration;
///
/// taxi::test::run(async {
///     let site = Site::pages(Duration::ZERO, &[("/", "no robots.txt is asked for")])?;
///     let settings = Settings { robots: false, ..Settings::default() };
///     Rc::new(Crawl::new(&site.url("/"), settings)?).run().await;
///     assert_eq!(site.asked(), ["/"]);
///     Ok::<(), Box<dyn std::error::Error>>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Settings {
    /// How far.
    pub bounds: Bounds,
    /// How many pages at once.
    pub concurrency: usize,
    /// What a request may take.
    pub limits: Limits,
    /// How often to try again what may pass.
    pub backoff: Backoff,
    /// How many redirects to follow from one to the next.
    pub redirects: u32,
    /// Whether to ask other sites for what they are linked for. They are never crawled.
    pub external: bool,
    /// Whether to do as `robots.txt` asks. A `Crawl-delay` counts as a minute at most.
    pub robots: bool,
    /// The name under which it goes: a word.
    pub agent: String,
    /// Where the random part of its pauses starts.
    pub seed: u64,
}

impl Default for Settings {
    /// 8 pages at once, 10 redirects, this site alone, as robots should.
    fn default() -> Settings {
        Settings {
            bounds: Bounds::default(),
            concurrency: 8,
            limits: Limits::default(),
            backoff: Backoff::default(),
            redirects: 10,
            external: false,
            robots: true,
            agent: "taxi-crawler".to_string(),
            seed: 0,
        }
    }
}

/// A server that asks for a longer delay between two requests gets this one: nobody waits for a week.
const LONGEST_DELAY: Duration = Duration::from_secs(60);

/// Who is told of each visit that is over, and how many addresses wait.
type Hook = dyn Fn(&Page, usize);

/// What a server asks of robots, once it is known.
type Rules = OnceCell<Result<Robots, Problem>>;

/// Whether an address may be visited.
enum Rule {
    Yes,
    /// No: this is all that will come of it.
    No(Outcome),
    /// That will be known when these are.
    Unknown(Rc<Rules>),
}

/// A crawl of one site: [`run`](Crawl::run) it, and look at its [`report`](Crawl::report) whenever you like.
///
/// ```
/// use crawler::site::Site;
/// use crawler::{Crawl, Fetcher, Limits, Settings};
/// use std::cell::Cell;
/// use std::rc::Rc;
/// use std::time::Duration;
///
/// taxi::test::run(async {
///     let site = Site::pages(Duration::ZERO, &[("/", "<a href=/map>map</a>"), ("/map", "")])?;
///     let count = Rc::new(Cell::new(0));
///     let counter = Rc::clone(&count);
///     let crawl = Crawl::new(&site.url("/"), Settings::default())?
///         .with(Fetcher::new(Limits::default(), "my-crawler"))
///         .watched(move |_page, _waiting| counter.set(counter.get() + 1));
///     let crawl = Rc::new(crawl);
///     crawl.run().await;
///     assert_eq!((count.get(), crawl.report().pages().len()), (2, 2));
///     Ok::<(), Box<dyn std::error::Error>>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: struct
pub struct Crawl {
    start: Url,
    settings: Settings,
    frontier: Frontier,
    fetcher: Fetcher,
    /// By servers.
    robots: RefCell<HashMap<String, Rc<Rules>>>,
    report: RefCell<Report>,
    rng: RefCell<Rng>,
    hook: Box<Hook>,
}
// ANCHOR_END: struct

impl Crawl {
    /// Of the site that has the page `start`.
    ///
    /// # Errors
    ///
    /// If that is no address of the web.
    pub fn new(start: &Url, settings: Settings) -> Result<Crawl, Problem> {
        let fetcher = Fetcher::new(settings.limits.clone(), &settings.agent);
        Ok(Crawl {
            start: normal(start).ok_or(Problem::NoAddress)?,
            frontier: Frontier::new(settings.bounds.clone()),
            fetcher,
            robots: RefCell::default(),
            report: RefCell::default(),
            rng: RefCell::new(Rng::with_seed(settings.seed)),
            hook: Box::new(|_, _| {}),
            settings,
        })
    }

    /// Has `hook` told of each visit, as soon as it is over, and how many addresses are known to wait.
    pub fn watched(mut self, hook: impl Fn(&Page, usize) + 'static) -> Crawl {
        self.hook = Box::new(hook);
        self
    }

    /// Fetches with this one, which may trust other certificates than the usual ones.
    pub fn with(mut self, fetcher: Fetcher) -> Crawl {
        self.fetcher = fetcher;
        self
    }

    /// What was found so far.
    pub fn report(&self) -> Report {
        self.report.borrow().clone()
    }

    // ANCHOR: run
    /// Crawls until nothing is left. If it is dropped before, requests under way are given up.
    pub async fn run(self: &Rc<Crawl>) {
        self.frontier.add(&self.start, 0);
        let crawled = group(async |workers| {
            for _ in 0..self.settings.concurrency {
                let crawl = Rc::clone(self);
                workers.spawn(async move { crawl.work().await });
            }
        });
        // A worker fails by a panic alone, and that was reported where it happened.
        drop(crawled.await);
    }

    async fn work(&self) {
        while let Some(visit) = self.frontier.next().await {
            self.visit(visit).await;
        }
    }
    // ANCHOR_END: run

    // ANCHOR: visit
    async fn visit(&self, visit: Visit<'_>) {
        let url = visit.url();
        match self.rules(url) {
            Rule::Unknown(rules) => {
                // They come first, and may say that the server is to be left alone.
                self.ask_for(&rules, url).await;
                visit.put_back();
            }
            Rule::No(outcome) => {
                self.over(&visit, outcome, None);
                visit.skip();
            }
            Rule::Yes => match self.fetcher.fetch(url, self.is_ours(url)).await {
                Ok(Answer::Page(body)) => self.read(&visit, body).await,
                Ok(Answer::Moved(to)) => self.moved(&visit, to),
                Err(failed) => match self.pause(visit.attempt(), &failed) {
                    Some(pause) => visit.again_after(pause),
                    None => self.failed(&visit, failed.problem),
                },
            },
        }
    }
    // ANCHOR_END: visit

    // ANCHOR: pause
    /// How long to wait before another attempt, if there is to be one.
    fn pause(&self, attempt: u32, failed: &Failed) -> Option<Duration> {
        let backoff = &self.settings.backoff;
        let pause = backoff.pause(attempt, &mut self.rng.borrow_mut());
        let pause = pause.filter(|_| failed.problem.is_passing())?;
        // A server that says when to come back knows best; but nobody waits for it all day.
        let asked = failed.retry_after.unwrap_or_default();
        (asked <= backoff.most).then_some(pause.max(asked))
    }
    // ANCHOR_END: pause

    /// Whether it is a page of the site that is crawled.
    fn is_ours(&self, url: &Url) -> bool {
        origin(url) == origin(&self.start)
    }

    // ANCHOR: rules
    /// What its server asks of robots about `url`.
    fn rules(&self, url: &Url) -> Rule {
        if !self.settings.robots {
            return Rule::Yes;
        }
        let mut all = self.robots.borrow_mut();
        let rules = all.entry(origin(url)).or_default();
        match rules.get() {
            None => Rule::Unknown(Rc::clone(rules)),
            Some(Err(problem)) => Rule::No(Outcome::Failed(problem.clone())),
            Some(Ok(robots)) if robots.allows(url) => Rule::Yes,
            Some(Ok(_)) => Rule::No(Outcome::Disallowed),
        }
    }
    // ANCHOR_END: rules

    // ANCHOR: ask
    /// Asks for it, unless somebody does already: then this waits for what he is told.
    async fn ask_for(&self, rules: &Rules, url: &Url) {
        rules
            .get_or_init(async || {
                let robots = self.robots_of(url).await?;
                if let Some(delay) = robots.delay() {
                    self.frontier.slow_down(url, delay.min(LONGEST_DELAY));
                }
                Ok(robots)
            })
            .await;
    }
    // ANCHOR_END: ask

    /// Fetches the rules. That there are none is as good as an answer; that they cannot be had now is not.
    async fn robots_of(&self, url: &Url) -> Result<Robots, Problem> {
        let mut place = url.join("/robots.txt").map_err(|_| Problem::NoAddress)?;
        let (mut attempt, mut redirects) = (1, 0);
        loop {
            match self.fetcher.fetch(&place, true).await {
                Ok(Answer::Page(body)) => {
                    return Ok(Robots::from_text(&self.settings.agent, &body.bytes));
                }
                Ok(Answer::Moved(Some(to))) if redirects < self.settings.redirects => {
                    (place, redirects) = (to, redirects + 1);
                }
                Ok(Answer::Moved(_)) => return Ok(Robots::EVERYTHING),
                Err(failed) => match self.pause(attempt, &failed) {
                    Some(pause) => {
                        sleep(pause).await;
                        attempt += 1;
                    }
                    None if failed.problem.is_absent() => return Ok(Robots::EVERYTHING),
                    None => return Err(failed.problem),
                },
            }
        }
    }

    fn moved(&self, visit: &Visit<'_>, to: Option<Url>) {
        let most = self.settings.redirects;
        match to.as_ref().and_then(normal) {
            None => self.failed(visit, Problem::NowhereToGo),
            Some(_) if visit.redirects() >= most => {
                self.failed(visit, Problem::TooManyRedirects(most));
            }
            Some(to) => {
                if self.is_wanted(&to) {
                    self.frontier.add_redirect(visit, &to);
                }
                self.over(visit, Outcome::Moved(to), None);
            }
        }
    }

    /// Whether `url` is to be visited: it is a page of the site, or other sites are asked, too.
    fn is_wanted(&self, url: &Url) -> bool {
        self.settings.external || self.is_ours(url)
    }

    // ANCHOR: read
    async fn read(&self, visit: &Visit<'_>, body: Body) {
        let length = body.bytes.len();
        let found = match body.is_html && self.is_ours(visit.url()) {
            true => parse(body.bytes, visit.url().clone()).await,
            false => Ok(None),
        };
        let found = match found {
            Ok(found) => found,
            Err(problem) => return self.failed(visit, problem),
        };
        for link in found.iter().flat_map(|it| &it.links) {
            if self.is_wanted(&link.to)
                && self.frontier.add(&link.to, visit.depth() + 1) == Added::Full
            {
                self.report.borrow_mut().left_out += 1;
            }
        }
        self.over(visit, Outcome::Read(length), found);
    }
    // ANCHOR_END: read

    fn failed(&self, visit: &Visit<'_>, problem: Problem) {
        self.over(visit, Outcome::Failed(problem), None);
    }

    fn over(&self, visit: &Visit<'_>, outcome: Outcome, found: Option<Found>) {
        let page = Page {
            url: visit.url().clone(),
            depth: visit.depth(),
            attempts: visit.attempt(),
            outcome,
            found,
        };
        (self.hook)(&page, self.frontier.waiting());
        self.report.borrow_mut().add(page);
    }
}

/// A page of so many bytes is read by a thread of the pool, so that it does not keep the loop.
const LONG: usize = 64 * 1024;

async fn parse(html: Vec<u8>, url: Url) -> Result<Option<Found>, Problem> {
    if html.len() < LONG {
        return Ok(Some(links(&html, &url)));
    }
    let found = spawn_blocking(move || links(&html, &url)).await;
    found
        .map(Some)
        .map_err(|error| Problem::Other(error.to_string()))
}
