//! What was measured, drawn: how long which part of all requests took.
//!
//! A histogram shows what is usual. What is rare has bars that nobody sees. So this picture is HdrHistogram's other one:
//! from left to right more and more of all requests, each step a tenth of what the last one had left over (90 %, 99 %,
//! 99.9 %); upwards the longest latency among them.

use std::fmt::Write as _;
use std::time::Duration;

use crate::{Latencies, Report, short};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
/// The corner of the plot that is left and down, and the one opposite.
const LEFT: f64 = 80.0;
const DOWN: f64 = 300.0;
const RIGHT: f64 = 620.0;
const UP: f64 = 50.0;

/// Ink and paper are the reader's, in a light theme and in a dark one.
const STYLE: &str = "svg{color-scheme:light dark;font:14px sans-serif}text{fill:currentColor}\
    .grid{stroke:currentColor;opacity:.2}.line{fill:none;stroke:currentColor;stroke-width:2}\
    .sent{stroke-dasharray:6 4}svg{color:#222}\
    @media(prefers-color-scheme:dark){svg{color:#ddd}}";

/// Where to draw.
struct Plot {
    /// The latency at its upper edge.
    highest: f64,
    /// How often the part that is left over is divided by ten.
    steps: f64,
}

impl Plot {
    fn of(report: &Report) -> Plot {
        let latencies = &report.tally.since_due;
        let highest = latencies.max().max(Duration::from_micros(1));
        // As far as there are requests to tell of: the last step has one left over.
        let steps = (latencies.count().max(10) as f64).log10();
        Plot {
            highest: highest.as_secs_f64(),
            steps,
        }
    }

    fn x(&self, step: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * step / self.steps
    }

    fn y(&self, latency: Duration) -> f64 {
        DOWN - (DOWN - UP) * latency.as_secs_f64() / self.highest
    }

    /// The points of a curve.
    fn curve(&self, latencies: &Latencies) -> String {
        const POINTS: u32 = 200;
        let mut points = String::new();
        for point in 0..=POINTS {
            let step = self.steps * f64::from(point) / f64::from(POINTS);
            let latency = latencies.quantile(1.0 - 10_f64.powf(-step));
            let (x, y) = (self.x(step), self.y(latency));
            let _ = write!(points, "{x:.1},{y:.1} ");
        }
        let _ = write!(points, "{RIGHT:.1},{:.1}", self.y(latencies.max()));
        points
    }

    fn grid(&self, svg: &mut String) {
        for step in 0..=self.steps as i32 {
            let x = self.x(f64::from(step));
            let part = match step {
                0 => "0 %".into(),
                _ => format!("{} %", 100.0 - 100.0 / 10_f64.powi(step)),
            };
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{x:.1} {UP}V{DOWN}\"/>\
                 <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{part}</text>",
                DOWN + 20.0
            );
        }
        for quarter in 0..=4 {
            let latency =
                Duration::from_secs_f64(self.highest * f64::from(quarter) / 4.0);
            let y = self.y(latency);
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 8.0,
                y + 5.0,
                short(latency)
            );
        }
    }
}

impl Report {
    /// The picture, as the text of a file of its own.
    pub fn to_svg(&self) -> String {
        let plot = Plot::of(self);
        let tally = &self.tally;
        let title = format!(
            "{} requests, {} clients: what part of them took how long",
            tally.answered() + tally.failed(),
            self.clients
        );
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             role=\"img\"><title>{title}</title><style>{STYLE}</style>\
             <text x=\"{LEFT}\" y=\"24\">{title}</text>"
        );
        plot.grid(&mut svg);
        let mut line = |class: &str, latencies: &Latencies| {
            let points = plot.curve(latencies);
            let _ = write!(
                svg,
                "<polyline class=\"line {class}\" points=\"{points}\"/>"
            );
        };
        line("due", &tally.since_due);
        let mut caption = "latency within which this part of all requests was answered";
        if self.every.is_some() {
            line("sent", &tally.since_sent);
            caption = "since a request was due; dashed: since it was sent";
        }
        let middle = (LEFT + RIGHT) / 2.0;
        let y = DOWN + 46.0;
        let _ = writeln!(
            svg,
            "<text x=\"{middle}\" y=\"{y}\" text-anchor=\"middle\">{caption}</text></svg>"
        );
        svg
    }
}
