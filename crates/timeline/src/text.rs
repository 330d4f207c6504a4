//! The timeline for a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::chart::{Chart, Charts, Is, Kind, Lane, Limits, Sign, Who, charts};
use crate::layout::{Layout, Measures, label};
use crate::missing::{EMPTY, Missing};
use crate::{Damaged, End, Outcome, Trace};

/// How a timeline for a terminal looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// How many columns the terminal has; less than 60 counts as 60, more than 200 as 200.
    pub width: usize,
    /// Plain ASCII alone.
    pub ascii: bool,
    /// With ANSI colours. The drawing can be read without.
    pub colour: bool,
    /// For so many tasks at most.
    pub tasks: usize,
    /// So many lines at most, or a single band.
    pub lines: usize,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions {
            width: 80,
            ascii: false,
            colour: false,
            tasks: 24,
            lines: 60,
        }
    }
}

const MEASURES: Measures = Measures {
    run: 1,
    event: 1,
    arrow: 0,
    mark: 0,
    gap: (2, 16),
    usual_gap: 4,
    stretch: 1,
    unknown_gap: 5,
    letter: (1, 1),
    between_labels: 1,
};

/// The longest name of a lane.
const NAME: usize = 16;

impl Trace {
    /// The timeline as lines of text: a lane a task, from left to right the polls and the time that passes.
    ///
    /// # Errors
    ///
    /// If the trace is damaged.
    ///
    /// ```
    /// # let json = r#"{"format": "from-yield-to-await trace", "version": 1, "chapter": "", "program": "",
    /// #     "args": [], "places": [], "sources": [], "left_out": 0, "events": [
    /// #     {"at": 0, "kind": "spawned", "task": 1, "name": "taxi A", "place": null, "says": ""},
    /// #     {"at": 0, "kind": "polled", "task": 1, "says": ""},
    /// #     {"at": 0, "kind": "timer-set", "timer": 1, "deadline": 2000000000, "by": {"task": 1}, "heap": [1], "says": ""},
    /// #     {"at": 0, "kind": "pending", "task": 1, "place": null, "why": null, "says": ""},
    /// #     {"at": 0, "kind": "timer-fired", "timer": 1, "heap": [], "says": ""},
    /// #     {"at": 0, "kind": "jumped", "to": 2000000000, "says": ""},
    /// #     {"at": 2000000000, "kind": "polled", "task": 1, "says": ""},
    /// #     {"at": 2000000000, "kind": "finished", "task": 1, "says": ""}]}"#;
    /// let trace = timeline::Trace::parse(json)?;
    /// let options = timeline::TextOptions { ascii: true, ..Default::default() };
    /// assert_eq!(trace.to_text(&options)?, "\
    /// taxi A  #----#
    /// timers       |
    ///         0 s  2 s
    ///
    /// ## runs  - waits  | timer fires
    /// ");
    /// # Ok::<(), timeline::Damaged>(())
    /// ```
    pub fn to_text(&self, options: &TextOptions) -> Result<String, Damaged> {
        let width = options.width.clamp(60, 200);
        let limits = Limits {
            tasks: options.tasks.max(1),
            sockets: 12,
            columns: width * options.lines.max(1),
        };
        let charts = charts(self, limits)?;
        let mut text = Text {
            options: *options,
            width,
            lines_left: options.lines,
            cut: None,
            used: [false; SIGNS.len()],
            out: String::new(),
        };
        if crate::network_svg::is_of_hosts(self) {
            let most = (options.lines, options.ascii);
            (text.out, text.cut) = crate::network_text::lines(self, most)?;
            if !charts.charts.is_empty() {
                text.out.push('\n');
            }
        }
        if text.out.is_empty() || !charts.charts.is_empty() {
            text.draw(&charts);
        }
        if !charts.charts.is_empty() {
            text.legend();
        }
        text.say_what_is_missing(self, &charts);
        Ok(text.out)
    }
}

/// A character for each thing to be seen, another for ASCII, and what it says in the legend.
const SIGNS: [(char, char, &str, AnsiColor); 17] = [
    ('█', '#', "runs", AnsiColor::Green),
    ('▓', '%', "calls another", AnsiColor::Green),
    ('░', '=', "ready", AnsiColor::Yellow),
    ('─', '-', "waits", AnsiColor::BrightBlack),
    ('▲', '^', "woken", AnsiColor::Yellow),
    ('╵', '|', "timer fires", AnsiColor::Cyan),
    ('×', 'x', "ends early", AnsiColor::Red),
    ('●', 'o', "call works", AnsiColor::Green),
    ('○', '.', "call would block", AnsiColor::Yellow),
    ('!', '!', "call fails", AnsiColor::Red),
    ('◆', '*', "socket ready", AnsiColor::Cyan),
    ('•', '+', "acts from outside", AnsiColor::Cyan),
    (
        '…',
        '~',
        "waits, nobody knows how long",
        AnsiColor::BrightBlack,
    ),
    ('✗', 'X', "panics", AnsiColor::Red),
    (' ', ' ', "", AnsiColor::White),
    ('·', ':', "open", AnsiColor::BrightBlack),
    ('▪', 'm', "mail", AnsiColor::Cyan),
];

const RUNS: usize = 0;
const CALLS: usize = 1;
const READY: usize = 2;
const WAITS: usize = 3;
const WOKEN: usize = 4;
const FIRES: usize = 5;
const ENDS: usize = 6;
const WORKS: usize = 7;
const BLOCKS: usize = 8;
const FAILS: usize = 9;
const TOLD: usize = 10;
const ACTS: usize = 11;
const UNKNOWN: usize = 12;
const PANICS: usize = 13;
const NOTHING: usize = 14;
const OPEN: usize = 15;
const MAIL: usize = 16;

struct Text {
    options: TextOptions,
    width: usize,
    lines_left: usize,
    /// The first step for which there was no band.
    cut: Option<usize>,
    /// Which signs the legend has to explain.
    used: [bool; SIGNS.len()],
    out: String,
}

impl Text {
    fn draw(&mut self, charts: &Charts) {
        if charts.charts.is_empty() {
            let _ = writeln!(self.out, "{EMPTY}");
        }
        let mut first = true;
        for (chart, number) in charts.charts.iter().zip(1..) {
            if self.cut.is_some() || self.lines_left == 0 {
                self.cut = self.cut.or(chart.columns.first().map(|column| column.step));
                break;
            }
            if !std::mem::take(&mut first) {
                self.out.push('\n');
            }
            if charts.charts.len() > 1 {
                let _ = writeln!(self.out, "Part {number}:");
            }
            self.chart(chart);
        }
    }

    fn chart(&mut self, chart: &Chart) {
        let names = chart.lanes.iter().map(|lane| lane.name.chars().count());
        let names = names.max().unwrap_or(0).min(NAME);
        let layout = Layout::of(chart, &MEASURES, self.width - names - 2);
        let mut first = true;
        for &band in &layout.bands {
            let seen = |lane: &&Lane| chart.is_seen(lane, band);
            let lanes: Vec<&Lane> = chart.lanes.iter().filter(seen).collect();
            if !self.has_room(lanes.len() + 2) {
                self.cut = Some(chart.columns[band.0].step);
                break;
            }
            if !std::mem::take(&mut first) {
                self.out.push('\n');
            }
            for lane in lanes {
                let signs = lane_signs(chart, lane, &layout, band);
                self.line(&short(&lane.name, names), names, &signs);
            }
            self.axis(chart, &layout, band, names);
        }
    }

    /// Takes `lines` of those that are left. The first band has room always.
    fn has_room(&mut self, lines: usize) -> bool {
        let first = self.lines_left == self.options.lines;
        let fits = first || lines <= self.lines_left;
        self.lines_left = if fits {
            self.lines_left.saturating_sub(lines)
        } else {
            0
        };
        fits
    }

    fn line(&mut self, name: &str, names: usize, signs: &[usize]) {
        let end = signs.iter().rposition(|sign| *sign != NOTHING);
        let signs = &signs[..end.map_or(0, |end| end + 1)];
        let _ = write!(self.out, "{name:names$}");
        if !signs.is_empty() {
            self.out.push_str("  ");
        }
        for group in signs.chunk_by(|one, other| one == other) {
            let (unicode, ascii, _, colour) = SIGNS[group[0]];
            self.used[group[0]] = true;
            let sign = if self.options.ascii { ascii } else { unicode };
            let group: String = std::iter::repeat_n(sign, group.len()).collect();
            let plain = !self.options.colour || sign == ' ';
            let style = if plain {
                Style::new()
            } else {
                colour.on_default()
            };
            let _ = write!(self.out, "{style}{group}{style:#}");
        }
        let blanks = self.out.len() - self.out.trim_end_matches(' ').len();
        self.out.truncate(self.out.len() - blanks);
        self.out.push('\n');
    }

    /// The line of the times, under the lanes.
    fn axis(
        &mut self,
        chart: &Chart,
        layout: &Layout,
        band: (usize, usize),
        names: usize,
    ) {
        let mut line = " ".repeat(names + 2);
        let mut place = names + 2;
        for column in band.0..band.1 {
            if let Some(label) = label(chart, column) {
                let length = line.chars().count();
                // The last label of a band may hang over; one that would not fit is left out.
                let fits = length <= place && place + label.chars().count() <= self.width;
                if fits {
                    line.push_str(&" ".repeat(place - length));
                    line.push_str(&label);
                }
            }
            place += layout.widths[column];
        }
        if self.options.ascii {
            line = line.replace('µ', "u");
        }
        if !line.trim().is_empty() {
            let _ = writeln!(self.out, "{line}");
        }
    }

    fn legend(&mut self) {
        let used = SIGNS.iter().zip(self.used).enumerate();
        let used = used.filter(|(i, (_, used))| *used && *i != NOTHING);
        let mut room = 0;
        for (_, ((unicode, ascii, says, _), _)) in used {
            let sign = if self.options.ascii { ascii } else { unicode };
            let length = 2 + says.chars().count();
            // In a line if it fits.
            if room >= length + 2 {
                self.out.push_str("  ");
                room -= length + 2;
            } else {
                self.out.push('\n');
                room = self.width - length;
            }
            let _ = write!(self.out, "{sign} {says}");
        }
        self.out.push('\n');
    }

    fn say_what_is_missing(&mut self, trace: &Trace, charts: &Charts) {
        let missing = Missing {
            tasks: charts.tasks_left_out(),
            sockets: charts.sockets_left_out(),
            until: self.cut.or(charts.drawn_until),
        };
        for line in missing.says(trace) {
            let _ = writeln!(self.out, "{line}");
        }
    }
}

/// A name in so many letters.
fn short(name: &str, letters: usize) -> String {
    if name.chars().count() <= letters {
        return name.to_string();
    }
    let start: String = name.chars().take(letters.saturating_sub(1)).collect();
    format!("{start}~")
}

/// What stands in a lane between two columns, a sign a character.
fn lane_signs(
    chart: &Chart,
    lane: &Lane,
    layout: &Layout,
    band: (usize, usize),
) -> Vec<usize> {
    let mut signs = Vec::new();
    let mut starts = Vec::new();
    for column in band.0..band.1 {
        let sign = match (lane.cells[column], lane.who) {
            (Is::Absent, _) => NOTHING,
            (_, Who::Socket(_)) => OPEN,
            (Is::Waiting, _) => match chart.columns[column].kind {
                Kind::Gap { to: None } => UNKNOWN,
                _ => WAITS,
            },
            (Is::Ready, _) => READY,
            (Is::Running, _) => RUNS,
            (Is::Calling, _) => CALLS,
            (Is::Mail, _) => MAIL,
        };
        starts.push(signs.len());
        signs.extend(std::iter::repeat_n(sign, layout.widths[column]));
    }
    let marks = chart.marks.iter().filter(|mark| mark.who == lane.who);
    for mark in marks.filter(|mark| (band.0..band.1).contains(&mark.column)) {
        let sign = &mut signs[starts[mark.column - band.0]];
        *sign = match mark.what {
            Sign::Woken if *sign != RUNS && *sign != CALLS => WOKEN,
            Sign::Woken | Sign::Printed | Sign::Ended(End::Finished) => *sign,
            Sign::Ended(End::Panicked) => PANICS,
            Sign::Ended(_) | Sign::TimerCancelled => ENDS,
            Sign::Fired => FIRES,
            Sign::Told => TOLD,
            Sign::Tried(Outcome::Done) => WORKS,
            Sign::Tried(Outcome::WouldBlock) => BLOCKS,
            Sign::Tried(Outcome::Failed) => FAILS,
            Sign::Mailed => MAIL,
            Sign::Acted => ACTS,
        };
    }
    signs
}
