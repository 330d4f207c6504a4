//! Turning a page as its author wrote it into the Markdown that mdBook renders.

use std::collections::BTreeSet;

use crate::directive::Directive;
use crate::problem::Problem;
use crate::site::{Page, Place, Site};
use crate::traces::Traces;
use crate::types::Shown;
use crate::{measured, step};

/// What became of a page.
#[derive(Debug, Default)]
pub(crate) struct Expanded {
    /// Its Markdown, without directives.
    pub text: String,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// The programs it shows: the chapter's number and the name.
    pub programs: BTreeSet<(u32, String)>,
    /// The broken twins whose drafts it shows.
    pub drafts: BTreeSet<(u32, String)>,
    /// The holes it names.
    pub holes: BTreeSet<(u32, String)>,
    /// The pieces of code that stand open in it.
    pub listings: Vec<Shown>,
    /// The chapters whose whole library it shows.
    pub libraries: BTreeSet<u32>,
    /// The source files it links to.
    pub sources: BTreeSet<String>,
    /// The pictures it shows.
    pub drawings: BTreeSet<String>,
}

/// Works through one page.
pub(crate) struct Expander<'a> {
    pub(crate) site: &'a Site,
    pub(crate) page: &'a Page,
    pub(crate) traces: &'a Traces,
    /// The line that is being worked on.
    pub(crate) line: usize,
    /// How long it takes to read what is not prose.
    pub(crate) seconds: usize,
    /// Whether what is shown now is to be unfolded.
    pub(crate) folded: bool,
    /// The names given to figures so far.
    pub(crate) ids: BTreeSet<String>,
    pub(crate) done: Expanded,
}

/// Where `{{sources}}` stands until all pages are done.
pub(crate) const SOURCES: &str = "<!-- the sources -->";

/// Words that are read in a minute by somebody to whom all of it is new.
const WORDS_A_MINUTE: usize = 160;
/// How long a line of code takes, a line of output, and playing a run.
pub(crate) const SECONDS_A_LINE_OF_CODE: usize = 3;
pub(crate) const SECONDS_A_LINE_OF_OUTPUT: usize = 1;
pub(crate) const SECONDS_A_RUN: usize = 120;

impl<'a> Expander<'a> {
    /// An expander for `page`.
    pub(crate) fn new(
        site: &'a Site,
        page: &'a Page,
        traces: &'a Traces,
    ) -> Expander<'a> {
        Expander {
            site,
            page,
            traces,
            line: 1,
            seconds: 0,
            folded: false,
            ids: BTreeSet::new(),
            done: Expanded::default(),
        }
    }

    /// Works through the page.
    pub(crate) fn run(mut self) -> Expanded {
        let (mut before, mut after) = (String::new(), String::new());
        let title = self.page.outline.headings.first();
        let title = title.map_or(0, |heading| heading.line);
        let (lines, starts) = lines(&self.page.text);
        let mut at = 0;
        while at < lines.len() {
            self.line = at + 1;
            let out = if at < title { &mut before } else { &mut after };
            let code = self.page.outline.is_code(starts[at]);
            match question(&lines[at..]).filter(|_| !code) {
                Some(asked) => {
                    self.answer(&lines[at..], asked, &starts[at..], out);
                    at += asked.0 + asked.1;
                }
                None => {
                    self.plain(lines[at], starts[at], out);
                    at += 1;
                }
            }
        }
        if self.page.place != Place::Guide {
            before += &self.reading_time();
        }
        self.done.text = before + &after;
        self.done
    }

    /// A question and its answer: `> asked` and `>> answered` become something to unfold.
    fn answer(
        &mut self,
        lines: &[&str],
        (asked, answered): (usize, usize),
        starts: &[usize],
        out: &mut String,
    ) {
        let first = self.line;
        *out += "\n<details class=\"answer\">\n<summary>\n\n";
        for (index, line) in lines[..asked].iter().enumerate() {
            self.line = first + index;
            let line = self.inline(line, starts[index]);
            *out += unquoted(&line, 1);
            out.push('\n');
        }
        *out += "\n</summary>\n\n";
        for index in asked..asked + answered {
            self.line = first + index;
            self.plain(unquoted(lines[index], 2), starts[index], out);
        }
        *out += "\n</details>\n\n";
    }

    fn plain(&mut self, line: &str, start: usize, out: &mut String) {
        let code = self.page.outline.is_code(start);
        match Directive::parse(line).filter(|_| !code) {
            Some(Ok(directive)) => match self.show(&directive) {
                Ok(shown) => *out += &format!("\n{shown}\n"),
                Err(why) => self.problem(why),
            },
            Some(Err(why)) => self.problem(why),
            None => {
                *out += &self.inline(line, start);
                out.push('\n');
            }
        }
    }

    /// `line` with its links to steps and its figures; what else looks like a directive is none.
    fn inline(&mut self, line: &str, start: usize) -> String {
        let (mut out, mut done) = (String::new(), 0);
        for (at, _) in line.match_indices("{{") {
            let rest = &line[at..];
            let code = self.page.outline.is_code(start + at);
            if rest.starts_with("{{#") {
                self.problem("`{{#…}}` is mdBook's own, also within code, and fails silently; use our directives");
            } else if code || at < done {
                continue;
            } else if let Some((start, words)) = within(rest) {
                out += &line[done..at];
                done = at + start.len() + words.len() + "}}".len();
                let shown = match start == step::START {
                    true => self.step(words.trim()),
                    false => self.figure(words.trim()),
                };
                match shown {
                    Ok(shown) => out += &shown,
                    Err(why) => self.problem(why),
                }
            } else {
                self.problem("a directive stands alone on its line");
            }
        }
        out + &line[done..]
    }

    /// Notes a problem at the line that is being worked on.
    pub(crate) fn problem(&mut self, why: impl Into<String>) {
        let problem = Problem::at(&self.page.file(), self.line, why);
        self.done.problems.push(problem);
    }

    fn reading_time(&self) -> String {
        let words = self.page.outline.words * 60 / WORDS_A_MINUTE;
        let seconds = words + self.seconds;
        let minutes = match seconds.div_ceil(60).max(1) {
            1 => "1 minute".to_string(),
            minutes => format!("{minutes} minutes"),
        };
        format!("\n<p class=\"reading-time\">{minutes} to read</p>\n\n")
    }
}

/// How the directive begins that `text` begins with, if it is one that stands within a line, and what it holds.
fn within(text: &str) -> Option<(&'static str, &str)> {
    let starts = [step::START, measured::START];
    let start = starts.into_iter().find(|start| text.starts_with(start))?;
    let (words, _) = text[start.len()..].split_once("}}")?;
    Some((start, words))
}

/// The lines of a text, and the byte each begins at.
fn lines(text: &str) -> (Vec<&str>, Vec<usize>) {
    let (mut lines, mut starts, mut at) = (Vec::new(), Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        lines.push(line.trim_end_matches(['\n', '\r']));
        starts.push(at);
        at += line.len();
    }
    (lines, starts)
}

/// How many lines ask and how many answer, if a question begins here.
fn question(lines: &[&str]) -> Option<(usize, usize)> {
    let asks = |line: &&&str| line.starts_with('>') && !line.starts_with(">>");
    let answers = |line: &&&str| line.starts_with(">>");
    let asked = lines.iter().take_while(asks).count();
    let answered = lines[asked..].iter().take_while(answers).count();
    (asked > 0 && answered > 0).then_some((asked, answered))
}

fn unquoted(line: &str, marks: usize) -> &str {
    let rest = &line[marks..];
    rest.strip_prefix(' ').unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_needs_an_answer() {
        assert_eq!(question(&["> What?", "> Why?", ">> So.", ""]), Some((2, 1)));
        assert_eq!(question(&["> Only quoted.", ""]), None);
        assert_eq!(question(&["text", ">> no question"]), None);
    }
}
