//! `{{chart: spawn yield instructions}}`: rows of the benchmarks as bars, in the theme's ink.
//!
//! A bar is as wide as a part of the page, and the words over it have the page's own size: so a chart is as legible on a
//! phone. What it shows stands below it as a table, folded.

use std::fmt::Write as _;

use catalogue::measured::{Machine, Record, Row, Side, Spread};

use crate::html::escape;
use crate::measured::{Measured, WHATS, What};

/// Rows, and which of their figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chart {
    rows: Vec<String>,
    what: What,
}

/// How high a side is, with the words over its bar; where those stand; where the bar begins, and how high that is.
const SIDE: usize = 36;
const WORDS: usize = 14;
const BAR: usize = 20;
const BAR_HEIGHT: usize = 9;

/// From here on, a bar of the longest's scale would tell nothing of the shortest.
const FAR_APART: f64 = 40.0;

/// What a length stands for.
struct Scale {
    /// At the left edge, if each step is ten times the one before; 0 if all steps are equal.
    first: f64,
    last: f64,
}

impl Chart {
    /// `spawn yield instructions`: time, if the last word is none of [`WHATS`].
    ///
    /// # Errors
    ///
    /// If no row is named.
    pub(crate) fn parse(words: &str) -> Result<Chart, String> {
        let mut rows: Vec<String> = words.split_whitespace().map(String::from).collect();
        let what = rows.last().and_then(|last| What::named(last));
        if what.is_some() {
            rows.pop();
        }
        if rows.is_empty() {
            return Err("`{{chart: …}}` does not say of what".into());
        }
        let what = what.unwrap_or(What::Time);
        Ok(Chart { rows, what })
    }

    /// The chart as HTML.
    ///
    /// # Errors
    ///
    /// If a row is not recorded, or this figure of none of its sides.
    pub(crate) fn draw(&self, measured: &Measured) -> Result<String, String> {
        let mut bars = String::new();
        let mut tables = String::new();
        let (mut notes, mut records) = (Notes::default(), Vec::new());
        for name in &self.rows {
            let (record, row) = measured.row(name)?;
            let own = measured.own.as_ref().and_then(|it| it.row(name));
            bars += &self.row(row, own, &mut notes)?;
            tables += &table(row, own);
            if !records.contains(&record) {
                records.push(record);
            }
        }
        let (_, _, what) = self.what.entry();
        let mut caption = format!("{}. ", upper(what));
        caption += &notes.text();
        for record in records {
            caption += &told(record);
        }
        if let Some(own) = &measured.own {
            let _ = write!(caption, " The dashed bars are <b>yours</b>: {}", told(own));
        }
        Ok(format!(
            "<figure class=\"chart\">\n{bars}<figcaption>{caption}</figcaption>\n\
             <details><summary>All figures</summary>\n{tables}</details>\n</figure>\n"
        ))
    }

    fn row(
        &self,
        row: &Row,
        own: Option<&Row>,
        notes: &mut Notes,
    ) -> Result<String, String> {
        let with = |side: &Side| self.what.of(side);
        let sides = row.sides.iter();
        let shown = sides.filter_map(|side| {
            let own = own.and_then(|it| it.side(&side.name)).and_then(with);
            Some((side, with(side)?, own))
        });
        let shown: Vec<(&Side, Spread, Option<Spread>)> = shown.collect();
        let (_, what, heading) = self.what.entry();
        if shown.is_empty() {
            let name = &row.name;
            return Err(format!("in the row `{name}`, `{what}` is not recorded"));
        }
        let all = shown.iter().flat_map(|(_, ours, own)| [Some(*ours), *own]);
        let all: Vec<Spread> = all.flatten().collect();
        let scale = Scale::of(&all);
        notes.of(row, &scale, &all);
        let said = shown.iter().map(|(side, it, _)| {
            format!("{} {}", side.name, self.what.shown(row.unit, it.median))
        });
        let said = said.collect::<Vec<_>>().join(", ");
        let about = escape(&upper(&row.about));
        let height = SIDE * shown.len();
        let mut svg = format!(
            "<p class=\"chart-row\">{about}</p>\n\
             <svg width=\"100%\" height=\"{height}\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n\
             <title>{about}, {heading}: {}.</title>\n",
            escape(&said)
        );
        svg += &scale.lines(height);
        for (number, (side, spread, own)) in shown.into_iter().enumerate() {
            let class = match row.limit.as_deref() {
                _ if number == 0 => "bar ours",
                Some(limit) if limit == side.name => "bar limit",
                _ => "bar",
            };
            let mut value = self.what.shown(row.unit, spread.median);
            if let Some(own) = own {
                let _ =
                    write!(value, "; yours {}", self.what.shown(row.unit, own.median));
            }
            let (name, value) = (escape(&side.name), escape(&value));
            let (words, y) = (SIDE * number + WORDS, SIDE * number + BAR);
            let _ = writeln!(svg, "<text x=\"0\" y=\"{words}\">{name}</text>");
            let _ = writeln!(
                svg,
                "<text class=\"value\" x=\"100%\" y=\"{words}\">{value}</text>"
            );
            svg += &scale.bar(class, y, spread);
            if let Some(own) = own {
                svg += &scale.bar("bar mine", y + BAR_HEIGHT / 2, own);
            }
        }
        Ok(svg + "</svg>\n")
    }
}

impl Scale {
    fn of(all: &[Spread]) -> Scale {
        let positive = all.iter().map(|it| it.median).filter(|it| *it > 0.0);
        let least = positive.fold(f64::INFINITY, f64::min);
        let most = all.iter().map(|it| it.high).fold(0.0, f64::max);
        if most > FAR_APART * least {
            // A step below the shortest, so that it is seen.
            let first = 10_f64.powf((least / 2.0).log10().floor());
            return Scale { first, last: most };
        }
        let last = if most > 0.0 { most } else { 1.0 };
        Scale { first: 0.0, last }
    }

    /// Which part of the width stands for `figure`, in percent.
    fn percent(&self, figure: f64) -> f64 {
        let part = match self.first {
            0.0 => figure / self.last,
            first => (figure.max(first) / first).log10() / (self.last / first).log10(),
        };
        100.0 * part.clamp(0.0, 1.0)
    }

    /// A line at each step of ten, if there are such.
    fn lines(&self, height: usize) -> String {
        let mut lines = String::new();
        let mut at = self.first * 10.0;
        while self.first > 0.0 && at <= self.last {
            let x = self.percent(at);
            let _ = writeln!(
                lines,
                "<line class=\"ten\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"0\" y2=\"{height}\"/>"
            );
            at *= 10.0;
        }
        lines
    }

    /// A bar, and a line for the middle half of the rounds.
    fn bar(&self, class: &str, y: usize, spread: Spread) -> String {
        let [low, median, high] =
            [spread.low, spread.median, spread.high].map(|it| self.percent(it));
        let mut bar = format!(
            "<rect class=\"{class}\" x=\"0\" y=\"{y}\" width=\"{median:.2}%\" height=\"{BAR_HEIGHT}\"/>\n"
        );
        if spread.low < spread.high {
            let middle = y as f64 + BAR_HEIGHT as f64 / 2.0;
            let _ = writeln!(
                bar,
                "<line class=\"spread\" x1=\"{low:.2}%\" x2=\"{high:.2}%\" y1=\"{middle}\" y2=\"{middle}\"/>"
            );
        }
        bar
    }
}

/// What the caption has to explain.
#[derive(Default)]
struct Notes {
    limit: bool,
    far_apart: bool,
    spread: bool,
    absent: Vec<String>,
}

impl Notes {
    /// What has to be explained of `row`.
    fn of(&mut self, row: &Row, scale: &Scale, all: &[Spread]) {
        self.limit |= row.limit.as_ref().is_some_and(|it| row.side(it).is_some());
        self.far_apart |= scale.first > 0.0;
        self.spread |= all.iter().any(|it| it.low < it.high);
        for side in &row.sides {
            self.absent.extend(
                side.absent
                    .as_ref()
                    .map(|why| format!("{}: {}", escape(&side.name), escape(why))),
            );
        }
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        if self.limit {
            text += "Hollow: the limit, the least that the work can cost. ";
        }
        if self.far_apart {
            text += "Each vertical line stands for ten times the one before. ";
        }
        if self.spread {
            text += "The thin lines: the middle half of the rounds. ";
        }
        self.absent.sort();
        self.absent.dedup();
        if !self.absent.is_empty() {
            let _ = write!(text, "Not measured: {}. ", self.absent.join("; "));
        }
        text
    }
}

/// Where, when and with what it was measured.
fn told(record: &Record) -> String {
    let Machine {
        cpu,
        cores,
        memory,
        system,
        kernel,
        load,
    } = &record.machine;
    let mut text = format!("{}: {cpu}, {cores} cores", day(&record.date));
    if let Some(bytes) = memory {
        let _ = write!(text, ", {:.0} GB", *bytes as f64 / 1e9);
    }
    let kernel = kernel.as_deref().unwrap_or_default();
    let _ = write!(text, ", {}", format!("{system} {kernel}").trim_end());
    if let Some(load) = load {
        let _ = write!(text, ", load {load:.1}");
    }
    let versions = record.versions.iter();
    let versions: Vec<String> =
        versions.map(|(name, it)| format!("{name} {it}")).collect();
    if !versions.is_empty() {
        let _ = write!(text, "; {}", versions.join(", "));
    }
    if !record.note.is_empty() {
        let _ = write!(text, "; {}", record.note);
    }
    format!("<span class=\"measured\">{}.</span>", escape(&text))
}

/// The day of a date such as `2026-12-01T22:15:00Z`.
fn day(date: &str) -> &str {
    date.split('T').next().unwrap_or(date)
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// All that is recorded of a row.
fn table(row: &Row, own: Option<&Row>) -> String {
    let recorded = |what: &What| row.sides.iter().any(|side| what.of(side).is_some());
    let whats = WHATS.iter().filter(|(what, _, _)| recorded(what));
    let whats: Vec<(What, &str)> = whats.map(|(what, _, said)| (*what, *said)).collect();
    let mut text = format!("<table>\n<thead><tr><th>{}</th>", escape(&row.name));
    for (_, said) in &whats {
        let _ = write!(text, "<th>{said}</th>");
    }
    text += "</tr></thead>\n<tbody>\n";
    let mut line = |name: &str, side: &Side| {
        let _ = write!(text, "<tr><td>{}</td>", escape(name));
        for (what, _) in &whats {
            let shown = what.of(side).map_or("–".to_string(), |it| {
                let [low, median, high] =
                    [it.low, it.median, it.high].map(|it| what.shown(row.unit, it));
                match low == high {
                    true => median,
                    false => format!("{median} ({low} to {high})"),
                }
            });
            let _ = write!(text, "<td>{}</td>", escape(&shown));
        }
        text += "</tr>\n";
    };
    for side in row.sides.iter().filter(|it| it.absent.is_none()) {
        line(&side.name, side);
        if let Some(mine) = own.and_then(|it| it.side(&side.name)) {
            line(&format!("{}, yours", side.name), mine);
        }
    }
    text + "</tbody>\n</table>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(figures: &[f64]) -> Vec<Spread> {
        let spread = |it: &f64| Spread {
            low: *it,
            median: *it,
            high: *it,
        };
        figures.iter().map(spread).collect()
    }

    #[test]
    fn a_bar_is_as_long_as_its_figure() {
        let scale = Scale::of(&exact(&[10.0, 40.0, 0.0]));
        assert_eq!(
            [0.0, 10.0, 40.0].map(|it| scale.percent(it)),
            [0.0, 25.0, 100.0]
        );
        assert_eq!(scale.lines(9), "");
        // Nothing at all is no reason to divide by zero.
        assert_eq!(Scale::of(&exact(&[0.0])).percent(0.0), 0.0);
    }

    #[test]
    fn what_is_far_apart_has_steps_of_ten() {
        let scale = Scale::of(&exact(&[30.0, 10_000.0, 0.0]));
        let percents =
            [10.0, 100.0, 1000.0, 10_000.0].map(|it| scale.percent(it).round());
        assert_eq!(percents, [0.0, 33.0, 67.0, 100.0]);
        assert_eq!(scale.lines(9).lines().count(), 3);
        assert_eq!(scale.percent(0.0), 0.0);
    }
}
