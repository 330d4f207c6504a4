//! What a site asks of robots: `robots.txt`.

use std::time::Duration;

use texting_robots::Robot;
use url::Url;

/// More than so many bytes of it are not read; the least that
/// [RFC 9309, 2.5](https://www.rfc-editor.org/rfc/rfc9309#section-2.5) asks for.
pub(crate) const MOST: usize = 500 * 1024;

/// What one server allows.
///
/// ```
/// use crawler::Robots;
///
/// let text = "User-agent: *\nDisallow: /private\nAllow: /private/map\nCrawl-delay: 2";
/// let robots = Robots::from_text("taxi-crawler", text.as_bytes());
/// let allows = |address: &str| robots.allows(&address.parse().unwrap());
/// assert!(allows("http://taxi.example/") && allows("http://taxi.example/private/map"));
/// assert!(!allows("http://taxi.example/private/diary"));
/// assert_eq!(robots.delay().unwrap().as_secs(), 2);
/// ```
#[derive(Debug)]
pub struct Robots(Rules);

#[derive(Debug)]
enum Rules {
    Everything,
    Text(Box<Robot>),
}

// ANCHOR: robots
impl Robots {
    /// There are no rules.
    pub const EVERYTHING: Robots = Robots(Rules::Everything);

    /// Those of a `robots.txt` for the crawler with that name. What is no rule is passed over.
    pub fn from_text(agent: &str, text: &[u8]) -> Robots {
        let text = &text[..text.len().min(MOST)];
        match Robot::new(agent, text) {
            Ok(robot) => Robots(Rules::Text(Box::new(robot))),
            Err(_) => Robots::EVERYTHING,
        }
    }

    /// Whether they let the crawler fetch `url`.
    pub fn allows(&self, url: &Url) -> bool {
        match &self.0 {
            Rules::Everything => true,
            Rules::Text(robot) => robot.allowed(url.as_str()),
        }
    }

    /// How long the site is to be left alone between two requests, if it says so.
    pub fn delay(&self) -> Option<Duration> {
        let Rules::Text(robot) = &self.0 else {
            return None;
        };
        robot
            .delay
            .and_then(|it| Duration::try_from_secs_f32(it).ok())
    }
}
// ANCHOR_END: robots
