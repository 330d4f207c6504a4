//! One band of the SVG timeline: lanes, boxes, arrows, the axis.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::chart::{Arrow, Chart, Is, Kind, Lane, Mark, Sign, Who};
use crate::layout::{Layout, label};
use crate::svg::escape;
use crate::svg_legend::{Item, Signs};
use crate::{End, Outcome};

/// A lane's height.
pub(crate) const ROW: usize = 26;

/// Half the height of a box.
const HALF: usize = 7;

/// The height of the axis, with its labels.
const AXIS: usize = 20;

/// A band: the columns from one to another.
pub(crate) struct Band<'c> {
    chart: &'c Chart,
    columns: (usize, usize),
    lanes: Vec<&'c Lane>,
    /// Of each column of the band the left edge, and at the end the right edge of the last.
    edges: Vec<usize>,
    /// The arrows of the band, and where they stand.
    arrows: Vec<(&'c Arrow, usize)>,
    top: usize,
    width: usize,
    pub height: usize,
    pub signs: Signs,
    pub out: String,
}

impl<'c> Band<'c> {
    /// At `at`: the left edge of its first column, and its top.
    pub(crate) fn new(
        chart: &'c Chart,
        layout: &Layout,
        columns: (usize, usize),
        at: (usize, usize),
        width: usize,
    ) -> Band<'c> {
        let mut edges = vec![at.0];
        for column in &layout.widths[columns.0..columns.1] {
            edges.push(edges[edges.len() - 1] + column);
        }
        let seen = |lane: &&Lane| chart.is_seen(lane, columns);
        let lanes: Vec<&Lane> = chart.lanes.iter().filter(seen).collect();
        let labelled =
            (columns.0..columns.1).any(|column| label(chart, column).is_some());
        let height = lanes.len() * ROW + if labelled { AXIS } else { 6 };
        Band {
            chart,
            columns,
            lanes,
            edges,
            arrows: Vec::new(),
            top: at.1,
            width,
            height,
            signs: Signs::default(),
            out: String::new(),
        }
    }

    pub(crate) fn draw(&mut self, names: usize) {
        self.place_arrows();
        self.axis();
        for index in 0..self.lanes.len() {
            self.lane(index, names);
        }
        self.arrows();
        self.marks();
        self.columns_to_point_at();
    }

    fn has(&self, column: usize) -> bool {
        (self.columns.0..self.columns.1).contains(&column)
    }

    /// The left edge of a column, and its right one.
    fn edges(&self, column: usize) -> (usize, usize) {
        let place = column - self.columns.0;
        (self.edges[place], self.edges[place + 1])
    }

    fn middle(&self, lane: usize) -> usize {
        self.top + lane * ROW + ROW / 2
    }

    fn lane_of(&self, who: Who) -> Option<usize> {
        self.lanes.iter().position(|lane| lane.who == who)
    }

    fn axis(&mut self) {
        let bottom = self.top + self.lanes.len() * ROW;
        let (left, right) = (self.edges[0], self.edges[self.edges.len() - 1]);
        let mut labels = String::new();
        for column in self.columns.0..self.columns.1 {
            let Some(label) = label(self.chart, column) else {
                continue;
            };
            let x = self.edges(column).0;
            let (top, below) = (self.top, bottom + 4);
            let _ = writeln!(
                labels,
                "<path class=\"i\" d=\"M{x} {top}V{below}\"/><text class=\"s\" x=\"{x}\" y=\"{}\">{label}</text>",
                bottom + 16
            );
        }
        if !labels.is_empty() {
            let _ = writeln!(
                self.out,
                "<path class=\"x\" d=\"M{left} {bottom}H{right}\"/>"
            );
        }
        self.out.push_str(&labels);
    }

    /// A lane's name, and what its owner does.
    fn lane(&mut self, index: usize, names: usize) {
        let (lane, y) = (self.lanes[index], self.middle(index));
        let name = shorten(&lane.name, names);
        let _ = writeln!(
            self.out,
            "<text x=\"4\" y=\"{}\">{}</text>",
            y + 4,
            escape(&name)
        );
        let cells = lane.cells[self.columns.0..self.columns.1].to_vec();
        let mut first = self.columns.0;
        for group in cells.chunk_by(|one, other| one == other && !runs(*one)) {
            let last = first + group.len() - 1;
            let (left, right) = (self.edges(first).0, self.edges(last).1);
            match (group[0], lane.who) {
                (Is::Absent, _) => {}
                (Is::Waiting, Who::Socket(_)) | (Is::Mail, _) => {
                    self.line("w", left, right, y);
                }
                (Is::Waiting, _) => self.waits(first, last, y),
                (Is::Ready, _) => {
                    self.signs.use_of(Item::Ready);
                    // It waited, or was not there, up to the arrow.
                    let woken = self.woken_at(first, lane.who).unwrap_or(left);
                    if left < woken && self.waited_before(lane, first) {
                        self.line("w", left, woken, y);
                    }
                    self.line("q", woken, right, y);
                }
                (is, _) => self.runs(is, first, y),
            }
            first = last + 1;
        }
    }

    fn waited_before(&self, lane: &Lane, column: usize) -> bool {
        let before = column.checked_sub(1).map(|before| lane.cells[before]);
        before == Some(Is::Waiting)
    }

    fn line(&mut self, class: &str, left: usize, right: usize, y: usize) {
        let _ = writeln!(
            self.out,
            "<path class=\"{class}\" d=\"M{left} {y}H{right}\"/>"
        );
    }

    /// A line; dotted where nobody knows how long it is.
    fn waits(&mut self, first: usize, last: usize, y: usize) {
        self.signs.use_of(Item::Waits);
        let mut start = first;
        for column in first..=last {
            if self.chart.columns[column].kind == (Kind::Gap { to: None }) {
                self.signs.use_of(Item::Unknown);
                let (left, right) = self.edges(column);
                if start < column {
                    self.line("w", self.edges(start).0, left, y);
                }
                self.line("u", left, right, y);
                start = column + 1;
            }
        }
        if start <= last {
            self.line("w", self.edges(start).0, self.edges(last).1, y);
        }
    }

    fn runs(&mut self, is: Is, column: usize, y: usize) {
        let class = if is == Is::Calling { "c" } else { "r" };
        self.signs.use_of(if is == Is::Calling {
            Item::Calls
        } else {
            Item::Runs
        });
        let (left, right) = self.edges(column);
        let _ = writeln!(
            self.out,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\"/>",
            left + 1,
            y - HALF,
            right - left - 2,
            2 * HALF
        );
    }

    /// The arrows of a column share its width.
    fn place_arrows(&mut self) {
        let chart = self.chart;
        let arrows = chart.arrows.iter().filter(|arrow| self.has(arrow.column));
        let arrows: Vec<&Arrow> = arrows.collect();
        for group in arrows.chunk_by(|one, other| one.column == other.column) {
            let (left, right) = self.edges(group[0].column);
            for (arrow, nth) in group.iter().zip(1..) {
                let x = left + (right - left) * nth / (group.len() + 1);
                self.arrows.push((arrow, x));
            }
        }
    }

    /// Where the owner of a lane is woken in a column, if an arrow says so.
    fn woken_at(&self, column: usize, who: Who) -> Option<usize> {
        let start = self
            .arrows
            .partition_point(|(arrow, _)| arrow.column < column);
        let here = self.arrows[start..]
            .iter()
            .take_while(|(arrow, _)| arrow.column == column);
        let mut wakes = here.filter(|(arrow, _)| {
            arrow.to == who && arrow.from != who && !arrow.again && !arrow.cancels
        });
        wakes.next().map(|(_, x)| *x)
    }

    fn arrows(&mut self) {
        for (arrow, x) in self.arrows.clone() {
            let lanes = (self.lane_of(arrow.from), self.lane_of(arrow.to));
            if let (Some(from), Some(to)) = lanes {
                self.arrow(arrow, x, (self.middle(from), self.middle(to)));
            }
        }
    }

    fn arrow(&mut self, arrow: &Arrow, x: usize, (from, to): (usize, usize)) {
        let item = if arrow.cancels {
            Item::Cancels
        } else {
            Item::Wakes
        };
        self.signs.use_of(item);
        let (line, head) = if arrow.cancels {
            ("b", "b")
        } else {
            ("a", "h")
        };
        let group = if arrow.again { " class=\"g\"" } else { "" };
        let _ = write!(self.out, "<g{group}>");
        if from == to {
            // Whoever wakes itself: a loop above its box.
            let top = to - HALF;
            let _ = write!(
                self.out,
                "<path class=\"{line}\" d=\"M{} {top}c0 -8 7 -8 7 -2\"/><path class=\"{head}\" d=\"M{} {}h6l-3 4z\"/>",
                x - 4,
                x,
                top - 4
            );
        } else {
            let down = to > from;
            let start = if down { from + HALF } else { from - HALF };
            let end = if down { to - HALF - 1 } else { to + HALF + 1 };
            let (neck, tip) = if down {
                (end - 4, "4")
            } else {
                (end + 4, "-4")
            };
            let _ = write!(
                self.out,
                "<path class=\"{line}\" d=\"M{x} {start}V{neck}\"/><path class=\"{head}\" d=\"M{} {neck}h6l-3 {tip}z\"/>",
                x - 3
            );
        }
        self.out.push_str("</g>\n");
    }

    fn marks(&mut self) {
        let mut crowds: BTreeMap<(usize, Who), (usize, usize)> = BTreeMap::new();
        let arrows = &self.chart.arrows;
        let shown = |mark: &&Mark| match mark.what {
            // An arrow says so.
            Sign::Woken => !arrows
                .iter()
                .any(|a| a.step == mark.step && a.to == mark.who),
            Sign::Ended(End::Finished) => false,
            _ => true,
        };
        let marks = self.chart.marks.iter().filter(|mark| self.has(mark.column));
        let (marks, ends): (Vec<Mark>, Vec<Mark>) =
            marks.copied().partition(|mark| shown(&mark));
        for mark in &marks {
            crowds.entry((mark.column, mark.who)).or_default().1 += 1;
        }
        for mark in marks {
            let Some(lane) = self.lane_of(mark.who) else {
                continue;
            };
            let (nth, all) = crowds.entry((mark.column, mark.who)).or_default();
            *nth += 1;
            let (left, right) = (self.edges(mark.column).0, self.edges(mark.column).1);
            let x = left + (right - left) * *nth / (*all + 1);
            self.mark(mark, x, self.middle(lane));
        }
        for mark in ends {
            if let (Sign::Ended(_), Some(lane)) = (mark.what, self.lane_of(mark.who)) {
                self.signs.use_of(Item::Over);
                let (x, y) = (self.edges(mark.column).1, self.middle(lane));
                let (top, bottom) = (y - HALF - 2, y + HALF + 2);
                let _ =
                    writeln!(self.out, "<path class=\"e\" d=\"M{x} {top}V{bottom}\"/>");
            }
        }
    }

    fn mark(&mut self, mark: Mark, x: usize, y: usize) {
        let item = match mark.what {
            Sign::Woken => Item::Queued,
            Sign::Printed => Item::Prints,
            Sign::Ended(End::Panicked) => Item::Panics,
            Sign::Ended(_) => Item::Ends,
            Sign::Fired => Item::Fires,
            Sign::TimerCancelled => Item::TimerCancelled,
            Sign::Told => Item::Told,
            Sign::Tried(Outcome::Done) => Item::Works,
            Sign::Tried(Outcome::WouldBlock) => Item::Blocks,
            Sign::Tried(Outcome::Failed) => Item::Fails,
            Sign::Mailed => Item::Mailed,
            Sign::Acted => Item::Acts,
        };
        self.signs.use_of(item);
        item.draw(&mut self.out, x, y);
        self.out.push('\n');
    }

    /// Each column can be pointed at, and says what happens in it.
    fn columns_to_point_at(&mut self) {
        let height = self.lanes.len() * ROW;
        for column in self.columns.0..self.columns.1 {
            let (left, right) = self.edges(column);
            let _ = writeln!(
                self.out,
                "<rect class=\"k\" data-step=\"{}\" x=\"{left}\" y=\"{}\" width=\"{}\" height=\"{height}\"/>",
                self.chart.columns[column].step,
                self.top,
                right - left
            );
        }
        debug_assert!(self.edges[self.edges.len() - 1] <= self.width, "it fits");
    }
}

fn runs(is: Is) -> bool {
    matches!(is, Is::Running | Is::Calling)
}

/// A name in so many letters.
pub(crate) fn shorten(name: &str, letters: usize) -> String {
    if name.chars().count() <= letters {
        return name.to_string();
    }
    let start: String = name.chars().take(letters.saturating_sub(1)).collect();
    format!("{start}…")
}
