//! The figures made of a trace: the stepper, which a script plays, and the timeline.
//!
//! Without the script, a stepper is its timeline and a table of its steps.

use std::fmt::Write as _;

use timeline::{Damaged, SvgOptions, Trace};

use crate::directive::{Directive, Subject, Traced};
use crate::expand::{Expander, SECONDS_A_RUN};
use crate::figure::{Look, Output};
use crate::html::escape;
use crate::traces::{Run, Stepper, run_of};

/// A table of more steps than this shows the first and the last only.
const LONGEST_TABLE: usize = 400;
const FIRST: usize = 200;
const LAST: usize = 20;
/// What the script takes away when it can play. A browser does not load it from a file.
const STILL: &str = "<p class=\"ts-still\">This picture stands still. To play the run, open the book with \
                     <code>cargo run -- read</code>, in a browser with JavaScript.</p>";

impl Expander<'_> {
    /// `{{stepper: taxi --taxis 5 predict}}`
    pub(crate) fn stepper(&mut self, traced: &Traced) -> Result<String, String> {
        let run = run_of(self.site, self.page, traced)?;
        let trace = self.traces.of(&run)?;
        let steppers = self.traces.steppers_of(self.page);
        let mut same = steppers.filter(|it| it.run == run && !self.ids.contains(&it.id));
        let stepper = same.next().ok_or("this stepper was not recorded")?;
        self.ids.insert(stepper.id.clone());
        self.seconds += SECONDS_A_RUN;
        self.done.programs.insert((run.chapter, run.program));
        figure(stepper, trace, traced.predict).map_err(|why| why.to_string())
    }

    /// `{{timeline: taxi --taxis 5}}`
    pub(crate) fn timeline(&mut self, traced: &Traced) -> Result<String, String> {
        let run = run_of(self.site, self.page, traced)?;
        let figure = timeline(&run, self.traces.of(&run)?);
        self.done.programs.insert((run.chapter, run.program));
        figure.map_err(|why| why.to_string())
    }

    /// `{{trace-json: 2/late 1-9}}`: those events as they stand in the document.
    pub(crate) fn trace_json(&mut self, subject: &Subject) -> Result<String, String> {
        let traced = Directive::TraceJson(subject.clone()).traced();
        let traced = traced.ok_or("it shows no run")?;
        let run = run_of(self.site, self.page, &traced)?;
        let json = self.traces.of(&run)?.to_json();
        let events = json
            .lines()
            .skip_while(|line| !line.starts_with("  \"events\": ["));
        let events = events.skip(1).take_while(|line| line.starts_with("    "));
        let lines: Vec<String> = events.map(|line| line.trim().to_string()).collect();
        let output = Output {
            look: Look::Plain,
            id: None,
            command: &format!("cargo run -- {} -o -", run.command("trace")),
            lines: &lines,
            ranges: &subject.ranges,
            exit: 0,
        };
        let (html, count) = output.figure()?;
        self.count("this piece of the trace", count, "show fewer events");
        Ok(html)
    }
}

/// A figure that plays `trace`. `predict`: it asks what comes next, as long as the reader does not say otherwise.
///
/// # Errors
///
/// If the trace is damaged.
pub(crate) fn figure(
    stepper: &Stepper,
    trace: &Trace,
    predict: bool,
) -> Result<String, Damaged> {
    // Who is asked what comes next is told nothing of it.
    let about = match predict {
        true => format!("The run of {}.", trace.cast()?),
        false => trace.alt()?,
    };
    let drawn = drawn(&picture(trace)?, predict);
    let predict = if predict { " data-predict" } else { "" };
    let html = format!(
        "<figure class=\"trace-stepper\" id=\"{}\"{predict}>\n{}\n{STILL}\n\
         {drawn}\
         <details class=\"ts-table\"><summary>All steps as a table</summary>\n\
         <div class=\"ts-scroll\">\n{}</div></details>\n\
         <script type=\"application/json\">\n{}</script>\n</figure>\n",
        escape(&stepper.id),
        caption(&stepper.run, &about),
        table(trace),
        script(&trace.to_playable()?),
    );
    Ok(without_blank_lines(&html))
}

/// A figure with the timeline of `trace`.
///
/// # Errors
///
/// If the trace is damaged.
pub(crate) fn timeline(run: &Run, trace: &Trace) -> Result<String, Damaged> {
    let html = format!(
        "<figure class=\"trace-timeline\">\n{}{}\n</figure>\n",
        in_box(&picture(trace)?),
        caption(run, &trace.alt()?),
    );
    Ok(without_blank_lines(&html))
}

/// The command that draws it, and what it shows in words.
fn caption(run: &Run, about: &str) -> String {
    format!(
        "<figcaption><code>cargo run -- {}</code> {}</figcaption>",
        escape(&run.command("trace")),
        escape(about)
    )
}

/// The picture in its box. It shows what comes next, so whoever is asked that unfolds it, or has the script that hides
/// it meanwhile.
fn drawn(picture: &str, predict: bool) -> String {
    let timeline = in_box(picture);
    match predict {
        true => format!(
            "<details class=\"ts-answer\"><summary>The run as a picture, with its end</summary>\n\
             {timeline}</details>\n"
        ),
        false => timeline,
    }
}

/// A picture where it scrolls. One of hosts is long, so the keyboard must reach it.
fn in_box(picture: &str) -> String {
    let reached = match picture.starts_with("<svg class=\"tl tl-hosts\"") {
        true => " tabindex=\"0\" role=\"region\" aria-label=\"The run as a picture\"",
        false => "",
    };
    format!("<div class=\"ts-timeline\"{reached}>\n{picture}</div>\n")
}

/// The timeline. mdBook must not take anything in it for its own.
fn picture(trace: &Trace) -> Result<String, Damaged> {
    Ok(trace
        .to_svg(&SvgOptions::default())?
        .replace("{{", "{&#123;"))
}

fn table(trace: &Trace) -> String {
    let mut html = String::from(
        "<table><thead><tr><th scope=\"col\">step</th><th scope=\"col\">time</th>\
         <th scope=\"col\">what happened</th></tr></thead><tbody>\n",
    );
    let steps = trace.events.len();
    let hidden = match steps > LONGEST_TABLE {
        true => FIRST..steps - LAST,
        false => 0..0,
    };
    for row in trace.rows(0..steps) {
        if row.step == hidden.start && !hidden.is_empty() {
            let _ = writeln!(
                html,
                "<tr class=\"ts-gap\"><td colspan=\"3\">Steps {} to {} are left out here.</td></tr>",
                hidden.start,
                hidden.end - 1
            );
        }
        if !hidden.contains(&row.step) {
            let _ = writeln!(
                html,
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                row.step,
                escape(&row.time),
                escape(row.says)
            );
        }
    }
    html + "</tbody></table>\n"
}

/// JSON that stands between `<script>` and `</script>`. What is escaped occurs in strings only, and says the same
/// to whoever parses it: nothing ends or nests the script, and nothing is a directive of mdBook's.
fn script(json: &str) -> String {
    json.replace("</", "<\\/")
        .replace("<!--", "<\\u0021--")
        .replace("{{", "{\\u007b")
}

/// A blank line would end the block of HTML.
fn without_blank_lines(html: &str) -> String {
    let lines = html.lines().filter(|line| !line.trim().is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_trace_ends_its_script() {
        let text = "</script> <!-- <script> {{#include x}} {{{{";
        let json = serde_json::to_string(text).unwrap();
        let escaped = script(&json);
        for bad in ["</", "<!--", "{{"] {
            assert!(!escaped.contains(bad), "{bad} in {escaped}");
        }
        let back: String = serde_json::from_str(&escaped).unwrap();
        assert_eq!(back, text);
    }

    #[test]
    fn who_is_asked_what_comes_next_unfolds_the_picture() {
        let is_folded = |predict| drawn("<svg/>", predict).starts_with("<details");
        assert_eq!([true, false].map(is_folded), [true, false]);
    }

    #[test]
    fn a_figure_has_no_blank_line() {
        assert_eq!(without_blank_lines("a\n\n  \nb\n"), "a\nb\n");
    }
}
