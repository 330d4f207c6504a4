//! The timeline as an SVG, for the book and for the README.

use std::fmt::Write as _;

use crate::chart::{Chart, Charts, Limits, charts};
use crate::layout::{Layout, Measures};
use crate::missing::{EMPTY, Missing};
use crate::svg_band::{Band, ROW};
use crate::svg_legend::{Signs, legend};
use crate::{Damaged, Trace};

/// How an SVG timeline looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SvgOptions {
    /// Its width in pixels; less than 320 counts as 320.
    pub width: usize,
    /// For so many tasks at most.
    pub tasks: usize,
    /// So many bands at most, one under the other.
    pub bands: usize,
    /// It is a file of its own, and finds out itself whether the reader likes it dark. Otherwise it stands in a page
    /// of the book, and takes its colours from the book's theme.
    pub alone: bool,
}

impl Default for SvgOptions {
    fn default() -> SvgOptions {
        SvgOptions {
            width: 750,
            tasks: 16,
            bands: 6,
            alone: false,
        }
    }
}

const MEASURES: Measures = Measures {
    run: 14,
    event: 10,
    arrow: 6,
    mark: 7,
    gap: (10, 96),
    usual_gap: 34,
    stretch: 2,
    unknown_gap: 40,
    letter: (33, 5),
    between_labels: 8,
};

/// A letter of a lane's name, of the legend and of the notes is at most so wide: 7.3 pixels.
pub(crate) const LETTER: (usize, usize) = (73, 10);

/// The longest name of a lane.
const NAME: usize = 16;

/// Colours and lines. Everything is under the class `tl`, since a style in an SVG holds for the whole page.
const STYLE: &str = "\
.tl{--tl-run:#2468ad;--tl-ready:#b06a00;--tl-wake:#8a3ca8;--tl-bad:#b3261e;--tl-dot:#fff;max-width:none}\
.tl text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;fill:currentColor}\
.tl .s{font-size:11px}\
.tl .f{opacity:.75}\
.tl .w{stroke:currentColor;stroke-opacity:.5;stroke-width:1.5;fill:none}\
.tl .u{stroke:currentColor;stroke-opacity:.5;stroke-width:1.5;stroke-dasharray:1.5 4}\
.tl .q{stroke:var(--tl-ready);stroke-width:10;stroke-dasharray:2 2.5}\
.tl .r{fill:var(--tl-run);stroke:var(--tl-run)}\
.tl .c{fill:none;stroke:var(--tl-run);stroke-width:1.5}\
.tl .p{fill:var(--tl-dot)}\
.tl .a{stroke:var(--tl-wake);stroke-width:1.3;fill:none}\
.tl .h{fill:var(--tl-wake)}\
.tl .g{opacity:.45}\
.tl .b{stroke:var(--tl-bad);stroke-width:2;fill:none}\
.tl .e{stroke:currentColor;stroke-width:2.5}\
.tl .t{stroke:currentColor;stroke-width:1.5;fill:none}\
.tl .o{fill:currentColor}\
.tl .i{stroke:currentColor;stroke-opacity:.14}\
.tl .x{stroke:currentColor;stroke-opacity:.6}\
.tl .k{fill:transparent}\
.tl .k.tl-now{fill:currentColor;fill-opacity:.12}";

/// What changes in the dark.
const DARK: &str = "--tl-run:#6aa9ea;--tl-ready:#e0a040;--tl-wake:#cf9bea;--tl-bad:#ff8f82;--tl-dot:#10151d";

impl Trace {
    /// The timeline as an SVG: a lane a task, boxes where it runs, stripes where it is ready, a line where it waits,
    /// arrows from who wakes to who is woken, and the timers on the axis of time. Of a simulated network: a lane a host from
    /// top to bottom, a row a step, and arrows from where a message is sent to where it arrives, or is lost.
    ///
    /// It has no `id`s, so that several can stand in one page. Each column, or row, is a `rect` of the class `k` whose
    /// `data-step` is its first step; a script may mark one with the class `tl-now`. A message is a `g` whose
    /// `data-from` and `data-to` are the steps at its ends; one that is under way may be marked with `tl-way`.
    ///
    /// # Errors
    ///
    /// If the trace is damaged.
    ///
    /// ```
    /// # let json = r#"{"format": "from-yield-to-await trace", "version": 1, "chapter": "", "program": "taxi",
    /// #     "args": [], "places": [], "sources": [], "left_out": 0, "events": [
    /// #     {"at": 0, "kind": "spawned", "task": 1, "name": "taxi A", "place": null, "says": ""},
    /// #     {"at": 0, "kind": "polled", "task": 1, "says": ""},
    /// #     {"at": 0, "kind": "finished", "task": 1, "says": ""}]}"#;
    /// let trace = timeline::Trace::parse(json)?;
    /// let svg = trace.to_svg(&timeline::SvgOptions::default())?;
    /// assert!(svg.starts_with("<svg class=\"tl\" role=\"img\""));
    /// assert!(svg.contains("<title>Timeline of taxi</title>"));
    /// # Ok::<(), timeline::Damaged>(())
    /// ```
    pub fn to_svg(&self, options: &SvgOptions) -> Result<String, Damaged> {
        let width = options.width.max(320);
        let limits = Limits {
            tasks: options.tasks.max(1),
            sockets: 8,
            // A column is at least so wide that there are no more.
            columns: width * options.bands.max(1) / MEASURES.event,
        };
        let charts = charts(self, limits)?;
        let mut drawing = Drawing {
            width,
            bands_left: options.bands.max(1),
            y: 12,
            cut: None,
            signs: Signs::default(),
            out: String::new(),
        };
        let hosts = crate::network_svg::draw(self, &mut drawing)?;
        if !hosts || !charts.charts.is_empty() {
            drawing.charts(&charts);
        }
        drawing.notes(self, &charts);
        Ok(drawing.frame(self, options.alone, self.alt()?))
    }
}

pub(crate) struct Drawing {
    pub width: usize,
    bands_left: usize,
    /// The lower end of what is drawn.
    pub y: usize,
    /// The first step for which there was no band.
    pub cut: Option<usize>,
    pub signs: Signs,
    pub out: String,
}

impl Drawing {
    fn charts(&mut self, charts: &Charts) {
        let count = charts.charts.len();
        if count == 0 {
            self.note(EMPTY);
        }
        for (chart, number) in charts.charts.iter().zip(1..) {
            if self.bands_left == 0 {
                let step = chart.columns.first().map(|column| column.step);
                self.cut = self.cut.or(step);
                break;
            }
            if count > 1 {
                let _ = writeln!(
                    self.out,
                    "<text class=\"s f\" x=\"4\" y=\"{}\">part {number} of {count}</text>",
                    self.y + 14
                );
                self.y += 20;
            }
            self.chart(chart);
        }
    }

    fn chart(&mut self, chart: &Chart) {
        let names = chart.lanes.iter().map(|lane| lane.name.chars().count());
        let names = names.max().unwrap_or(0).min(NAME);
        let x = 4 + (names * LETTER.0).div_ceil(LETTER.1) + 10;
        let layout = Layout::of(chart, &MEASURES, self.width - x - 4);
        for &columns in &layout.bands {
            if self.bands_left == 0 {
                self.cut = Some(chart.columns[columns.0].step);
                return;
            }
            self.bands_left -= 1;
            let (y, width) = (self.y, self.width);
            let mut band = Band::new(chart, &layout, columns, (x, y), width);
            band.draw(names);
            self.signs.add(band.signs);
            self.out.push_str(&band.out);
            self.y += band.height + ROW / 2;
        }
    }

    /// What the signs mean, and what is not shown.
    fn notes(&mut self, trace: &Trace, charts: &Charts) {
        self.y += 4;
        self.y = legend(&mut self.out, self.signs, self.y, self.width);
        let missing = Missing {
            tasks: charts.tasks_left_out(),
            sockets: charts.sockets_left_out(),
            until: self.cut.or(charts.drawn_until),
        };
        for line in missing.says(trace) {
            self.note(&line);
        }
    }

    fn note(&mut self, line: &str) {
        let y = self.y + 14;
        let line = escape(line);
        let _ = writeln!(
            self.out,
            "<text class=\"s\" x=\"4\" y=\"{y}\">{line}</text>"
        );
        self.y += 18;
    }

    fn frame(self, trace: &Trace, alone: bool, alt: String) -> String {
        let (width, height) = (self.width, self.y.max(ROW));
        let dark = match alone {
            true => format!(
                ".tl{{color:#1c2330}}@media(prefers-color-scheme:dark){{.tl{{color:#dde3ec;{DARK}}}}}"
            ),
            false => format!(":is(.coal,.navy,.ayu) .tl{{{DARK}}}"),
        };
        let title = escape(&format!("Timeline of {}", trace.program));
        let (kind, style) = match crate::network_svg::is_of_hosts(trace) {
            true => ("tl tl-hosts", crate::network_svg::STYLE),
            false => ("tl", ""),
        };
        let alt = escape(&alt);
        format!(
            "<svg class=\"{kind}\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" \
             height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n<title>{title}</title>\n\
             <desc>{alt}</desc>\n<style>{STYLE}{style}{dark}</style>\n{}</svg>\n",
            self.out
        )
    }
}

/// `text` in XML.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // What XML cannot hold.
            control if control.is_control() => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
