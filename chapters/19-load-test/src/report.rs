//! What was measured, told.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::{Bar, Latencies, Tally, figures, short};

// ANCHOR: report
/// What was measured. Its text is for a terminal.
///
/// ```
/// use std::time::Duration;
/// use load_test::{Report, Tally};
///
/// let report = Report {
///     clients: 8,
///     every: None,
///     elapsed: Duration::from_secs(2),
///     tally: Tally::default(),
/// };
/// assert!(report.to_string().starts_with("clients            8\n"));
/// assert_eq!(report.to_json()["clients"], 8);
/// assert!(report.to_svg().starts_with("<svg"));
/// assert_eq!(report.chart(), ""); // of nothing
///
/// let mut twice = report.clone();
/// twice.add(&report);
/// assert_eq!(twice.elapsed.as_secs(), 4);
/// assert_eq!(twice.per_second(), 0.0);
/// ```
#[derive(Debug, Clone)]
pub struct Report {
    /// How many clients there were.
    pub clients: usize,
    /// The time from one request to the next, if they had one.
    pub every: Option<Duration>,
    /// From the first request to the end of the last.
    pub elapsed: Duration,
    /// What became of them.
    pub tally: Tally,
}
// ANCHOR_END: report

/// The parts of all of which a report tells what they stay within.
const PARTS: [(&str, f64); 4] =
    [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

/// How many letters the longest bar has.
const WIDEST: u64 = 40;

impl Report {
    /// How many requests were answered in a second.
    pub fn per_second(&self) -> f64 {
        self.rate(self.tally.answered() as f64)
    }

    /// Adds another round to this one: what it measured, and how long it took.
    pub fn add(&mut self, round: &Report) {
        self.elapsed += round.elapsed;
        self.tally.add(&round.tally);
    }

    fn rate(&self, amount: f64) -> f64 {
        match self.elapsed {
            Duration::ZERO => 0.0,
            elapsed => amount / elapsed.as_secs_f64(),
        }
    }

    fn counts(&self) -> Vec<Line> {
        let tally = &self.tally;
        let all = tally.answered() + tally.failed();
        let mut lines = vec![line("clients", self.clients), line("requests", all)];
        let statuses = tally.statuses.iter();
        lines.extend(statuses.map(|(it, count)| line(format!("  status {it}"), count)));
        let failures = tally.failures.iter();
        lines.extend(failures.map(|(it, count)| line(format!("  {it}"), count)));
        lines.push(line("in all", short(self.elapsed)));
        if let Some(every) = self.every {
            lines.push(line("due/s", figures(1.0 / every.as_secs_f64())));
        }
        lines.push(line("answers/s", figures(self.per_second())));
        let directions = [("sent", tally.sent), ("received", tally.received)];
        for (name, bytes) in directions.into_iter().filter(|it| it.1 > 0) {
            let (amount, rate) = (size(bytes as f64), size(self.rate(bytes as f64)));
            lines.push(line(name, format!("{amount}, {rate}/s")));
        }
        lines
    }

    // ANCHOR: latency
    /// Latencies: of an open loop in two columns, since each request was due and since it
    /// was sent.
    fn latencies(&self) -> Vec<Line> {
        let tally = &self.tally;
        let row = |name: &str, of: &dyn Fn(&Latencies) -> Duration| {
            let (due, sent) = (short(of(&tally.since_due)), short(of(&tally.since_sent)));
            match self.every {
                Some(_) => line(name, format!("{due:<12} {sent}")),
                None => line(name, due),
            }
        };
        let mut lines = vec![
            row("max", &Latencies::max),
            row("min", &Latencies::min),
            row("mean", &Latencies::mean),
        ];
        let parts = PARTS.iter();
        lines.extend(parts.map(|(name, part)| row(name, &|it| it.quantile(*part))));
        lines
    }
    // ANCHOR_END: latency

    /// How many latencies there are of each length, counted since they were due: a line for
    /// each bar. Empty if there are none.
    pub fn chart(&self) -> String {
        let bars = self.tally.since_due.bars();
        let most = bars.iter().map(|bar| bar.count).max().unwrap_or(1);
        let line = |bar: &Bar| {
            let length = (bar.count * WIDEST).div_ceil(most);
            let bar_text = "█".repeat(usize::try_from(length).unwrap_or(0));
            let from = short(bar.from);
            let text = format!("from {from:>7} {:>8} {bar_text}", bar.count);
            text.trim_end().to_string()
        };
        bars.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Everything, for another program. Latencies are in milliseconds.
    pub fn to_json(&self) -> Value {
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        let latencies = |of: &Latencies| {
            let mut all = json!({
                "count": of.count(),
                "max_ms": millis(of.max()),
                "min_ms": millis(of.min()),
                "mean_ms": millis(of.mean()),
            });
            for (name, part) in PARTS {
                all[format!("{name}_ms")] = millis(of.quantile(part)).into();
            }
            all
        };
        let tally = &self.tally;
        let named = |(name, count): (String, &u64)| (name, Value::from(*count));
        let statuses = tally.statuses.iter().map(|(it, n)| (it.to_string(), n));
        let failures = tally.failures.iter().map(|(it, n)| (it.to_string(), n));
        json!({
            "clients": self.clients,
            "due_per_second": self.every.map(|every| 1.0 / every.as_secs_f64()),
            "elapsed_s": self.elapsed.as_secs_f64(),
            "answered": tally.answered(),
            "failed": tally.failed(),
            "answers_per_second": self.per_second(),
            "statuses": Value::Object(statuses.map(named).collect()),
            "failures": Value::Object(failures.map(named).collect()),
            "sent_bytes": tally.sent,
            "received_bytes": tally.received,
            "since_due": latencies(&tally.since_due),
            "since_sent": latencies(&tally.since_sent),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.counts();
        if self.tally.since_due.count() > 0 {
            if self.every.is_some() {
                lines.push(line("latency", "since due    since sent"));
            }
            lines.extend(self.latencies());
        }
        let lines = lines
            .iter()
            .map(|(name, value)| format!("{name:<18} {value}"));
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

/// A line of the text: what it tells, and that.
type Line = (String, String);

fn line(name: impl Into<String>, value: impl ToString) -> Line {
    (name.into(), value.to_string())
}

/// An amount of bytes. A kilobyte is 1024 of them, as in the article that this report is
/// from.
fn size(bytes: f64) -> String {
    match bytes {
        1_048_576.0.. => format!("{} MB", figures(bytes / 1_048_576.0)),
        1024.0.. => format!("{} KB", figures(bytes / 1024.0)),
        _ => format!("{} B", figures(bytes)),
    }
}
