//! The book in a real browser, served as `cargo run -- read` serves it: every page of it (`tests/browser/pages.mjs`),
//! what it offers beside them (`site.mjs`), and the stepper that plays traces (`stepper.mjs`, and without a browser
//! `replay.test.mjs`).

use std::process::{Command, ExitCode};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use libtest_mimic::Completion;
use pages::Desk;
use workbook_tests::limits::quick_or_full;
use workbook_tests::process::{last_lines, run_limited};
use workbook_tests::{root, run, skip, trial};

/// How long one of the scripts may take. The full form opens each page of the book in five themes.
fn limit() -> Duration {
    Duration::from_secs(quick_or_full(600, 1500))
}

/// The status with which a script says that something is not installed.
const LEFT_OUT: i32 = 77;

fn main() -> ExitCode {
    run(Ok(vec![
        trial("every page of the book", || in_browser("pages.mjs")),
        trial("looking up, the keyboard, the printed page", || {
            in_browser("site.mjs")
        }),
        trial("the stepper", || in_browser("stepper.mjs")),
        #[cfg(unix)]
        trial("pages that are open while it is built again", live::reload),
        trial("the stepper's replay", || {
            script(&["--test", "replay.test.mjs"])
        }),
    ]))
}

/// Where the book is served, once for all scripts, until this process ends. An error is told by all of them.
static BOOK: LazyLock<Result<String, String>> =
    LazyLock::new(|| serve().map_err(|error| format!("{error:#}")));

fn serve() -> Result<String> {
    let built = pages::build(&root(), &root().join("target/book"))?;
    let desk = Desk::take(0).context("no port")?;
    let address = desk.url();
    #[cfg(unix)]
    std::mem::forget(live::start(&desk, &built.dir)?);
    #[cfg(not(unix))]
    thread::spawn(move || desk.serve(&built.dir));
    Ok(address)
}

#[cfg(unix)]
mod live {
    use super::*;
    use pages::{News, Ours};
    use std::fs;
    use std::path::Path;
    use std::time::Instant;

    /// The server that stands on the chapters; it ends with us.
    pub(super) fn start(desk: &Desk, dir: &Path) -> Result<Ours> {
        let program = Ours::program(&root()).map_err(|why| anyhow!("{why}"))?;
        let ours = Ours::start(&program, desk, dir, &News::default(), None);
        ours.map_err(|why| anyhow!("{why}"))
    }

    /// A book of one page is exchanged for another while it is open in many tabs.
    pub(super) fn reload() -> Result<Completion> {
        let folder = tempfile::tempdir()?;
        let (book, sign) = (folder.path().join("book"), folder.path().join("sign"));
        let page = |text: &str| {
            fs::create_dir(&book)?;
            fs::write(
                book.join("index.html"),
                format!("<title>Book</title><h1>{text}</h1>"),
            )
        };
        page("The first")?;
        let desk = Desk::take(0)?;
        let mut ours = start(&desk, &book)?;
        let url = desk.url();
        let arguments = ["live.mjs", &url, sign.to_str().context("a path")?];
        thread::scope(|scope| {
            let script = scope.spawn(|| script(&arguments));
            let until = Instant::now() + limit();
            while !sign.exists() && !script.is_finished() && Instant::now() < until {
                thread::sleep(Duration::from_millis(20));
            }
            fs::rename(&book, folder.path().join("old"))?;
            page("It is another")?;
            let news = |problems: &str| News {
                built: 1,
                problems: problems.into(),
            };
            ours.tell(&news(""))?;
            ours.tell(&news("something is <b>wrong with it"))?;
            script.join().map_err(|_| anyhow!("a panic"))?
        })
    }
}

/// Runs a script that is given the address of the book.
fn in_browser(name: &str) -> Result<Completion> {
    let address = BOOK.as_ref().map_err(|error| anyhow!("{error}"))?;
    script(&[name, address])
}

fn script(arguments: &[&str]) -> Result<Completion> {
    let mut node = Command::new("node");
    if run_limited(node.arg("--version"), Duration::from_secs(30)).is_err() {
        return skip("Node.js is not installed");
    }
    let mut node = Command::new("node");
    node.args(arguments)
        .current_dir(root().join("tests/browser"));
    let finished = run_limited(&mut node, limit())?;
    if finished.status.code() == Some(LEFT_OUT) {
        return skip(finished.stderr.trim());
    }
    ensure!(
        finished.status.success(),
        "{}\n{}",
        last_lines(&finished.stdout, 60),
        last_lines(&finished.stderr, 60)
    );
    Ok(Completion::Completed)
}
