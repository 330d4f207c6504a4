//! What a user asks for.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use chapter::BadInput;
use lexopt::{Arg, Parser, ValueExt};

use crate::{Http, Plan};

pub(super) const USAGE: &str = "\
Or test a server: cargo run --release -p ch19-load-test -- http://HOST:PORT/PATH [flags]

  -c, --clients N      so many clients at the same time (10)
  -n, --requests N     so many requests
  -d, --duration TIME  for so long (10s, if there is no -n): 500ms, 10s, 2m
  --rate N             so many requests a second, whatever becomes of them
  --rounds N           all of it so many times
  --warm-up N          so many requests before, which are not counted
  --timeout TIME       how long an answer may take (30s)
  --upload BYTES       POST so many bytes; --upload @FILE posts a file
  --no-keep-alive      a connection for each request
  --json               the report for another program
  --svg FILE           draw the latencies there";

/// The largest number of clients: a process may have about so many sockets.
const MOST_CLIENTS: u64 = 20_000;
/// The largest body that is made up: a gigabyte.
const MOST_BYTES: u64 = 1 << 30;

/// The command line, checked.
pub(super) struct Options {
    pub(super) target: Http,
    pub(super) plan: Plan,
    pub(super) rounds: u64,
    pub(super) json: bool,
    pub(super) svg: Option<PathBuf>,
}

impl Options {
    pub(super) fn parse(arguments: &[String]) -> Result<Options, BadInput> {
        let mut parser = Parser::from_args(arguments);
        let mut url: Option<String> = None;
        let mut plan = Plan::new(10);
        let (mut rounds, mut json, mut svg, mut keep_alive) = (1, false, None, true);
        let mut body = None;
        while let Some(argument) = parser.next().map_err(bad)? {
            match argument {
                Arg::Value(value) if url.is_none() => url = Some(text(value)?),
                Arg::Short('c') | Arg::Long("clients") => {
                    let clients = number(&mut parser, "--clients", MOST_CLIENTS)?;
                    plan.clients = usize::try_from(clients).unwrap_or(usize::MAX);
                }
                Arg::Short('n') | Arg::Long("requests") => {
                    plan.requests = Some(number(&mut parser, "--requests", u64::MAX)?);
                }
                Arg::Short('d') | Arg::Long("duration") => {
                    plan.duration = Some(time(&mut parser, "--duration")?);
                }
                Arg::Long("rate") => plan.every = Some(every(&mut parser)?),
                Arg::Long("rounds") => rounds = number(&mut parser, "--rounds", 10_000)?,
                Arg::Long("warm-up") => {
                    plan.warm_up = number(&mut parser, "--warm-up", u64::MAX)?;
                }
                Arg::Long("timeout") => plan.timeout = time(&mut parser, "--timeout")?,
                Arg::Long("upload") => body = Some(upload(&mut parser)?),
                Arg::Long("no-keep-alive") => keep_alive = false,
                Arg::Long("json") => json = true,
                Arg::Long("svg") => svg = Some(parser.value().map_err(bad)?.into()),
                other => return Err(bad(other.unexpected())),
            }
        }
        if plan.requests.is_none() && plan.duration.is_none() {
            plan.duration = Some(Duration::from_secs(10));
        }
        let url = url.ok_or_else(|| BadInput::new("which address is to be tested?"))?;
        let target = Http::new(&url).map_err(|why| BadInput::new(why.to_string()))?;
        let target = target.keep_alive(keep_alive);
        Ok(Options {
            target: match body {
                Some(body) => target.upload(body),
                None => target,
            },
            plan,
            rounds,
            json,
            svg,
        })
    }
}

fn bad(error: lexopt::Error) -> BadInput {
    BadInput::new(error.to_string())
}

fn text(value: OsString) -> Result<String, BadInput> {
    value.string().map_err(bad)
}

fn value(parser: &mut Parser, flag: &str) -> Result<String, BadInput> {
    let value = parser.value();
    text(value.map_err(|_| BadInput::new(format!("{flag} wants a value")))?)
}

fn number(parser: &mut Parser, flag: &str, most: u64) -> Result<u64, BadInput> {
    let text = value(parser, flag)?;
    let number = text.parse().ok();
    number
        .filter(|it| (1..=most).contains(it))
        .ok_or_else(|| match most {
            u64::MAX => BadInput::new(format!(
                "{flag} wants a whole number from 1 on, not '{text}'"
            )),
            _ => BadInput::new(format!(
                "{flag} wants a whole number from 1 to {most}, not '{text}'"
            )),
        })
}

fn time(parser: &mut Parser, flag: &str) -> Result<Duration, BadInput> {
    let text = value(parser, flag)?;
    let units = [("ms", 1), ("s", 1000), ("m", 60_000)];
    let millis = units.iter().find_map(|(unit, millis)| {
        let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
        number.checked_mul(*millis)
    });
    let time = millis.filter(|it| *it > 0).map(Duration::from_millis);
    time.ok_or_else(|| {
        BadInput::new(format!(
            "{flag} wants a time such as 500ms, 10s or 2m, not '{text}'"
        ))
    })
}

/// The time between two requests.
fn every(parser: &mut Parser) -> Result<Duration, BadInput> {
    let text = value(parser, "--rate")?;
    let rate: Option<f64> = text.parse().ok();
    match rate.filter(|it| (0.001..=1e6).contains(it)) {
        Some(rate) => Ok(Duration::from_secs_f64(1.0 / rate)),
        None => Err(BadInput::new(format!(
            "--rate wants a number of requests a second, from 0.001 to 1000000, not '{text}'"
        ))),
    }
}

fn upload(parser: &mut Parser) -> Result<Vec<u8>, BadInput> {
    let text = value(parser, "--upload")?;
    if let Some(file) = text.strip_prefix('@') {
        let read = std::fs::read(file);
        return read.map_err(|error| BadInput::new(format!("--upload: {file}: {error}")));
    }
    let length: Option<u64> = text.parse().ok();
    let length = length.filter(|it| *it <= MOST_BYTES);
    let length = length.and_then(|it| usize::try_from(it).ok());
    length.map(|length| vec![b'x'; length]).ok_or_else(|| {
        BadInput::new(format!(
            "--upload wants a number of bytes up to {MOST_BYTES}, or @FILE, not '{text}'"
        ))
    })
}
