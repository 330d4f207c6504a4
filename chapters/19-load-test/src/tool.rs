//! The load tester on the command line.

mod options;

use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Failure, Tool};
use indicatif::{ProgressBar, ProgressStyle};
use taxi::net::TcpStream;
use taxi::time::sleep;
use taxi::{Either, race, select};
use trace::say;

use crate::{Http, Load, Plan, Report};
use options::Options;

/// `cargo run --release -p ch19-load-test -- http://127.0.0.1:8080/ -c 64 -n 100000`
///
/// ```
/// assert!((load_test::TOOL.claims)("http://127.0.0.1:8080/"));
/// let arguments = ["http://127.0.0.1:8080/", "-c", "0"].map(String::from);
/// assert!((load_test::TOOL.run)(&arguments).is_err());
/// ```
pub const TOOL: Tool = Tool {
    usage: options::USAGE,
    claims: |first| first.contains("://"),
    run,
};

fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments)?;
    let failed = |error: io::Error| Failure::Failed(error.to_string());
    taxi::run(measure(options)).map_err(failed)?
}

/// How a run ends: as planned, or by Ctrl-C.
type End = Either<Report, ()>;

async fn measure(options: Options) -> Result<(), Failure> {
    let host = options.target.host().to_string();
    let failed = |why| move |error: io::Error| Failure::Failed(format!("{why}: {error}"));
    let target = options.target.look_up().await;
    let target = target.map_err(failed(format!("{host} is not known")))?;
    // Whether anybody is there. Otherwise a report of refused connections would be all there is to see.
    let there = TcpStream::connect_any(target.addresses()).await;
    drop(there.map_err(failed(format!("nobody answers at {host}")))?);
    let target = Rc::new(target);
    let mut all: Option<Report> = None;
    for round in 1..=options.rounds {
        let (report, stopped) = one_round(&target, &options.plan).await;
        if options.rounds > 1 && !options.json {
            say!("round {round} of {}", options.rounds);
            say!("{report}\n");
        }
        all = Some(match all {
            Some(mut sum) => {
                sum.add(&report);
                sum
            }
            None => report,
        });
        if stopped {
            break;
        }
    }
    let Some(report) = all else {
        return Ok(());
    };
    match options.json {
        true => say!("{}", report.to_json()),
        false => say!(
            "{report}\nconnections        {}\n\n{}",
            target.connections(),
            report.chart()
        ),
    }
    if let Some(file) = &options.svg {
        let written = std::fs::write(file, report.to_svg());
        written.map_err(failed(file.display().to_string()))?;
    }
    match report.tally.answered() {
        0 => Err(Failure::Failed("no request was answered".into())),
        _ => Ok(()),
    }
}

/// Its report, and whether Ctrl-C has stopped it.
async fn one_round(target: &Rc<Http>, plan: &Plan) -> (Report, bool) {
    let load = Load::new(plan.clone());
    let target = Rc::clone(target);
    let run = load.run(async move |client, _| target.send(client).await);
    let end: End = select(pin!(run), pin!(race(show(&load, plan), stopped()))).await;
    match end {
        Either::Left(report) => (report, false),
        Either::Right(()) => (load.report(), true),
    }
}

/// Draws how far it is, again and again.
async fn show(load: &Load, plan: &Plan) {
    let bar = match plan.requests {
        Some(requests) => {
            ProgressBar::new(requests).with_style(style("{wide_bar} {pos}/{len}"))
        }
        None => ProgressBar::new_spinner().with_style(style("{spinner} {pos}")),
    };
    loop {
        bar.set_position(load.ended());
        sleep(Duration::from_millis(100)).await;
    }
}

fn style(middle: &str) -> ProgressStyle {
    let template = format!("{{elapsed_precise}} {middle} {{per_sec}}");
    ProgressStyle::with_template(&template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Waits for Ctrl-C.
#[cfg(unix)]
async fn stopped() {
    if taxi::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

/// Nobody can ask here: the system ends the process.
#[cfg(not(unix))]
async fn stopped() {
    std::future::pending().await
}
