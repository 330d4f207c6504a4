//! The link checker: `cargo run -p ch18-crawler -- http://127.0.0.1:8080/`.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use chapter::{BadInput, Failure, Tool};
use crawler::{Bounds, Crawl, Fetcher, Limits, Report, Settings};
use indicatif::{ProgressBar, ProgressStyle};
use lexopt::{Arg, Parser, ValueExt as _};
use taxi::protocols::tls::{TlsConnector, rustls};
use taxi::{Either, select};
use trace::say;
use url::Url;

/// What the binary is for if its first argument is an address.
pub(crate) const CHECK: Tool = Tool {
    usage:
        "Or check the links of a site: cargo run -p ch18-crawler -- http://127.0.0.1:8080/
  --depth N        follow so many links from the start
  --pages N        visit so many addresses (10000)
  --concurrency N  visit so many at once (8)
  --delay MS       leave a server alone for so long after a request
  --time S         give a page so many seconds (60)
  --attempts N     try so often what may pass (4)
  --external       ask other sites for what is linked there, too
  --no-robots      go where robots.txt would not have it
  --json           print the report as JSON
Status 1: a link is broken. Ctrl-C: prints what was found so far.",
    claims: |first| first.starts_with("http://") || first.starts_with("https://"),
    run: check,
};

/// What was asked for.
struct Wanted {
    start: Url,
    settings: Settings,
    json: bool,
}

fn check(arguments: &[String]) -> Result<(), Failure> {
    let wanted = parse(arguments)?;
    let json = wanted.json;
    let (report, is_whole) = taxi::run(crawl(wanted))
        .map_err(|error| Failure::Failed(format!("no event loop: {error}")))??;
    let broken = report.broken().len();
    print(&report, json);
    match (broken, is_whole) {
        (0, true) => Ok(()),
        (0, false) => Err(Failure::Failed("interrupted: this is not all".to_string())),
        (1, _) => Err(Failure::Failed("1 link is broken".to_string())),
        (count, _) => Err(Failure::Failed(format!("{count} links are broken"))),
    }
}

fn parse(arguments: &[String]) -> Result<Wanted, BadInput> {
    let wrong = |error: lexopt::Error| BadInput::new(error.to_string());
    let mut parser = Parser::from_args(arguments);
    let (mut start, mut json) = (None, false);
    let (mut bounds, mut limits) = (Bounds::default(), Limits::default());
    let mut settings = Settings::default();
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Arg::Value(text) if start.is_none() => {
                let text = text.string().map_err(wrong)?;
                let url = text.parse::<Url>();
                start =
                    Some(url.map_err(|why| BadInput::new(format!("'{text}': {why}")))?);
            }
            Arg::Long("depth") => bounds.depth = number(&mut parser, "depth", 0)?,
            Arg::Long("pages") => {
                bounds.pages = number(&mut parser, "pages", 1)? as usize
            }
            Arg::Long("concurrency") => {
                settings.concurrency =
                    number(&mut parser, "concurrency", 1)?.min(1000) as usize;
            }
            Arg::Long("delay") => {
                let millis = number(&mut parser, "delay", 0)?;
                bounds.delay = Duration::from_millis(u64::from(millis));
            }
            Arg::Long("time") => {
                let seconds = number(&mut parser, "time", 1)?;
                limits.time = Duration::from_secs(u64::from(seconds));
            }
            Arg::Long("attempts") => {
                settings.backoff.attempts = number(&mut parser, "attempts", 1)?;
            }
            Arg::Long("external") => settings.external = true,
            Arg::Long("no-robots") => settings.robots = false,
            Arg::Long("json") => json = true,
            other => return Err(wrong(other.unexpected())),
        }
    }
    bounds.per_host = settings.concurrency;
    let start = start.ok_or_else(|| BadInput::new("no address to begin with"))?;
    let settings = Settings {
        bounds,
        limits,
        ..settings
    };
    Ok(Wanted {
        start,
        settings,
        json,
    })
}

/// The whole number after `--name`.
fn number(parser: &mut Parser, name: &str, least: u32) -> Result<u32, BadInput> {
    let refused = |text: &str| {
        BadInput::new(format!(
            "--{name} wants a whole number from {least} on, not '{text}'"
        ))
    };
    let value = parser.value().map_err(|_| refused(""))?;
    let text = value.to_string_lossy();
    let number = text.parse().ok().filter(|number| *number >= least);
    number.ok_or_else(|| refused(&text))
}

// ANCHOR: crawl
/// The report, and whether nothing is missing in it.
async fn crawl(wanted: Wanted) -> Result<(Report, bool), Failure> {
    let Wanted {
        start, settings, ..
    } = wanted;
    let fetcher = Fetcher::new(settings.limits.clone(), &settings.agent).tls(trusted()?);
    let crawl = Crawl::new(&start, settings)
        .map_err(|why| BadInput::new(format!("{start}: {why}")))?;
    // On what is no terminal it draws nothing.
    let bar = ProgressBar::new(1).with_style(style());
    let progress = bar.clone();
    let crawl = Rc::new(crawl.with(fetcher).watched(move |page, waiting| {
        progress.inc(1);
        progress.set_length(progress.position() + waiting as u64);
        progress.set_message(page.url.to_string());
    }));
    let end = select(crawl.run(), interrupted()).await;
    bar.finish_and_clear();
    Ok((crawl.report(), matches!(end, Either::Left(()))))
}
// ANCHOR_END: crawl

fn style() -> ProgressStyle {
    let style = ProgressStyle::with_template("{wide_bar} {pos} of {len}\n{wide_msg}");
    style.expect("the template is one")
}

#[cfg(unix)]
async fn interrupted() {
    // Where it cannot be listened for, Ctrl-C ends the program as ever.
    if taxi::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    std::future::pending::<()>().await;
}

/// Trusts whom the operating system trusts.
fn trusted() -> Result<TlsConnector, Failure> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::Failed(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config).into())
}

fn print(report: &Report, json: bool) {
    if json {
        say!("{:#}", report.to_json());
        return;
    }
    for broken in report.broken() {
        say!("{broken}");
    }
    say!("{report}");
}
