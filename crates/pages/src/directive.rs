//! Reading a directive: one line of a page, `{{name: what}}`.

use std::fmt::Write as _;

use crate::chart::Chart;

/// What a line of a page asks for. The crate's documentation says what each becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Directive {
    /// `{{code: src/heap.rs#push}}`
    Code {
        /// The file, relative to the chapter's folder, or to the workspace if it begins with `/`.
        file: String,
        /// The region of it.
        anchor: Option<String>,
    },
    /// `{{transcript: taxi 1-12 48-}}`
    Transcript(Subject),
    /// `{{command: run 2 taxi --seed 7}}`
    Command(String),
    /// `{{twin: taxi#loop}}`
    Twin(Subject),
    /// `{{broken: max-heap}}`
    Broken(Subject),
    /// `{{draft: unlisted}}`
    Draft(Subject),
    /// `{{error: yield-keyword}}`
    Error(Subject),
    /// `{{exercise-hole: push}}`
    ExerciseHole(String),
    /// `{{library: 2}}`
    Library(u32),
    /// `{{ladder: 2}}`
    Ladder(u32),
    /// `{{goal: two-garages}}`
    Goal(Subject),
    /// `{{solution: two-garages}}`
    Solution(Subject),
    /// `{{stepper: taxi --taxis 5 predict}}`
    Stepper(Traced),
    /// `{{timeline: taxi --taxis 5}}`
    Timeline(Traced),
    /// `{{trace-json: 2/late 1-9}}`
    TraceJson(Subject),
    /// `{{trace-format: What}}`
    TraceFormat(String),
    /// `{{drawing: heap}}`
    Drawing(String),
    /// `{{chart: spawn yield instructions}}`
    Chart(Chart),
    /// `{{from-asyncio}}`
    FromAsyncio,
    /// `{{python-names}}`
    PythonNames,
    /// `{{chapters}}`
    Chapters,
    /// `{{programs}}`
    Programs,
    /// `{{sources}}`
    Sources,
    /// `{{code: src/heap.rs#entry folded}}`: any that shows code or output, to be unfolded
    Folded(Box<Directive>),
}

/// A program, and which part of its code and of its transcript is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    /// The chapter's number, if it is another one's program: `2/taxi`.
    pub chapter: Option<u32>,
    /// The program's name.
    pub name: String,
    /// The region of its code.
    pub anchor: Option<String>,
    /// The lines of its transcript, all if there are none.
    pub ranges: Vec<Lines>,
}

/// A run whose trace is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Traced {
    /// The program.
    pub subject: Subject,
    /// What it is given.
    pub flags: Vec<String>,
    /// Whether the reader is asked what comes next.
    pub predict: bool,
}

/// Lines of a transcript, counted from 1: `3`, `3-8` or `3-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lines {
    /// The first.
    pub first: usize,
    /// The last; `None` is the transcript's end.
    pub last: Option<usize>,
}

/// The names of all directives.
const NAMES: [&str; 23] = [
    "code",
    "transcript",
    "command",
    "twin",
    "broken",
    "draft",
    "error",
    "exercise-hole",
    "library",
    "ladder",
    "goal",
    "solution",
    "stepper",
    "timeline",
    "trace-json",
    "trace-format",
    "drawing",
    "chart",
    "from-asyncio",
    "python-names",
    "chapters",
    "programs",
    "sources",
];

impl Directive {
    /// The directive that `line` is, or `None` if it is ordinary text.
    ///
    /// A line is a directive if it begins with `{{`; one that ends otherwise, or that has another name, is an error.
    pub(crate) fn parse(line: &str) -> Option<Result<Directive, String>> {
        let text = line.trim_end().strip_prefix("{{")?;
        if line.starts_with(crate::step::START)
            || line.starts_with(crate::measured::START)
        {
            // It stands within a line, also at its beginning.
            return None;
        }
        let Some(inner) = text.strip_suffix("}}") else {
            return Some(Err("a directive stands alone on its line".into()));
        };
        let (name, what) = inner.split_once(':').unwrap_or((inner, ""));
        let (name, what) = (name.trim(), what.trim());
        Some(match what.strip_suffix(" folded") {
            Some(what) => folded(name, what.trim()),
            None => read(name, what),
        })
    }
}

impl Directive {
    /// What is shown, whether it stands open or not.
    pub(crate) fn unfolded(&self) -> &Directive {
        match self {
            Directive::Folded(directive) => directive,
            directive => directive,
        }
    }

    /// The run that it shows, if it shows one.
    pub(crate) fn traced(&self) -> Option<Traced> {
        match self {
            Directive::Stepper(traced) | Directive::Timeline(traced) => {
                Some(traced.clone())
            }
            Directive::TraceJson(subject) => Some(Traced {
                subject: subject.clone(),
                flags: Vec::new(),
                predict: false,
            }),
            _ => None,
        }
    }
}

fn folded(name: &str, what: &str) -> Result<Directive, String> {
    let directive = read(name, what)?;
    match directive {
        Directive::Code { .. }
        | Directive::Transcript(_)
        | Directive::Twin(_)
        | Directive::Broken(_)
        | Directive::Error(_) => Ok(Directive::Folded(Box::new(directive))),
        _ => Err(format!("`{{{{{name}: …}}}}` cannot be folded")),
    }
}

fn read(name: &str, what: &str) -> Result<Directive, String> {
    let alone = |directive| {
        if what.is_empty() {
            Ok(directive)
        } else {
            Err(format!("`{{{{{name}}}}}` takes nothing, not `{what}`"))
        }
    };
    match name {
        "code" => {
            let (file, anchor) = with_anchor(what);
            required(name, &file)?;
            Ok(Directive::Code { file, anchor })
        }
        "command" => Ok(Directive::Command(what.to_string())),
        "exercise-hole" => {
            required(name, what).map(|()| Directive::ExerciseHole(what.into()))
        }
        "library" => number(name, what).map(Directive::Library),
        "ladder" => number(name, what).map(Directive::Ladder),
        "transcript" => subject(name, what).map(Directive::Transcript),
        "twin" => subject(name, what).map(Directive::Twin),
        "broken" => subject(name, what).map(Directive::Broken),
        "draft" => subject(name, what).map(Directive::Draft),
        "error" => subject(name, what).map(Directive::Error),
        "goal" => subject(name, what).map(Directive::Goal),
        "solution" => subject(name, what).map(Directive::Solution),
        "stepper" => traced(name, what).map(Directive::Stepper),
        "timeline" => traced(name, what).map(Directive::Timeline),
        "trace-json" => subject(name, what).map(Directive::TraceJson),
        "trace-format" => {
            required(name, what).map(|()| Directive::TraceFormat(what.into()))
        }
        "drawing" => required(name, what).map(|()| Directive::Drawing(what.into())),
        "chart" => Chart::parse(what).map(Directive::Chart),
        "from-asyncio" => alone(Directive::FromAsyncio),
        "python-names" => alone(Directive::PythonNames),
        "chapters" => alone(Directive::Chapters),
        "programs" => alone(Directive::Programs),
        "sources" => alone(Directive::Sources),
        _ => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> String {
    let mut message = format!("unknown directive `{{{{{name}}}}}`");
    match chapter::nearest(name, NAMES) {
        Some(near) => write!(message, "; did you mean `{near}`?"),
        None => write!(message, "; there are {}", NAMES.join(", ")),
    }
    .expect("a string can be written to");
    message
}

fn required(name: &str, what: &str) -> Result<(), String> {
    if what.is_empty() {
        return Err(format!("`{{{{{name}: …}}}}` does not say of what"));
    }
    Ok(())
}

fn number(name: &str, what: &str) -> Result<u32, String> {
    required(name, what)?;
    let number = what.parse();
    number.map_err(|_| format!("expected a chapter's number, not `{what}`"))
}

fn subject(name: &str, what: &str) -> Result<Subject, String> {
    let mut words = what.split_whitespace();
    let first = words.next().unwrap_or("");
    required(name, first)?;
    let Subject {
        chapter,
        name: program,
        anchor,
        ..
    } = Subject::program(first)?;
    let ranges = words.map(Lines::parse).collect::<Result<Vec<_>, _>>()?;
    if !ranges.is_empty() && matches!(name, "draft" | "error" | "goal" | "solution") {
        return Err(format!("`{{{{{name}: …}}}}` takes no line numbers"));
    }
    if anchor.is_some() && (name == "transcript" || name == "trace-json") {
        return Err("a transcript has no anchors; give line numbers: `taxi 1-12`".into());
    }
    if anchor.is_some() && name == "draft" {
        return Err("a draft has no anchors: it is shown whole".into());
    }
    Ok(Subject {
        chapter,
        name: program,
        anchor,
        ranges,
    })
}

/// `taxi --taxis 5 predict`
fn traced(name: &str, what: &str) -> Result<Traced, String> {
    let mut words: Vec<&str> = what.split_whitespace().collect();
    let predict = words.len() > 1 && words.last() == Some(&"predict");
    if predict && name == "timeline" {
        return Err(
            "a timeline asks nothing: only `{{stepper: …}}` takes `predict`".into(),
        );
    }
    words.truncate(words.len() - usize::from(predict));
    let (program, flags) = match words.split_first() {
        Some((program, flags)) => (*program, flags),
        None => ("", &[][..]),
    };
    required(name, program)?;
    let subject = Subject::program(program)?;
    if subject.anchor.is_some() {
        return Err(format!("`{{{{{name}: …}}}}` takes no anchor"));
    }
    Ok(Traced {
        subject,
        flags: flags.iter().map(|flag| (*flag).to_string()).collect(),
        predict,
    })
}

impl Subject {
    /// `2/taxi#loop`, without lines.
    ///
    /// # Errors
    ///
    /// If something else than a number stands before `/`.
    pub(crate) fn program(text: &str) -> Result<Subject, String> {
        let (name, anchor) = with_anchor(text);
        let (chapter, name) = match name.split_once('/') {
            Some((number, name)) => {
                let number = number.parse();
                let number = number.map_err(|_| {
                    format!("`{text}`: expected a chapter's number before `/`")
                });
                (Some(number?), name.to_string())
            }
            None => (None, name),
        };
        Ok(Subject {
            chapter,
            name,
            anchor,
            ranges: Vec::new(),
        })
    }
}

fn with_anchor(text: &str) -> (String, Option<String>) {
    match text.split_once('#') {
        Some((name, anchor)) => (name.to_string(), Some(anchor.to_string())),
        None => (text.to_string(), None),
    }
}

impl Lines {
    fn parse(text: &str) -> Result<Lines, String> {
        let bad = || format!("`{text}`: expected lines such as 3, 3-8 or 3-");
        let number = |text: &str| text.parse::<usize>().map_err(|_| bad());
        let lines = match text.split_once('-') {
            None => Lines {
                first: number(text)?,
                last: Some(number(text)?),
            },
            Some((first, "")) => Lines {
                first: number(first)?,
                last: None,
            },
            Some((first, last)) => Lines {
                first: number(first)?,
                last: Some(number(last)?),
            },
        };
        if lines.first == 0 || lines.last.is_some_and(|last| last < lines.first) {
            return Err(bad());
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Directive, String> {
        Directive::parse(line).expect("a directive")
    }

    #[test]
    fn a_subject_has_a_chapter_an_anchor_and_lines() {
        let all = parse("{{broken: 2/max-heap#loop 1-12 48-}}").unwrap();
        let wanted = Subject {
            chapter: Some(2),
            name: "max-heap".into(),
            anchor: Some("loop".into()),
            ranges: vec![
                Lines {
                    first: 1,
                    last: Some(12),
                },
                Lines {
                    first: 48,
                    last: None,
                },
            ],
        };
        assert_eq!(all, Directive::Broken(wanted));
    }

    #[test]
    fn a_run_has_flags_and_may_ask() {
        let stepper = parse("{{stepper: 2/taxi --taxis 5 predict}}").unwrap();
        let wanted = Traced {
            subject: Subject::program("2/taxi").unwrap(),
            flags: vec!["--taxis".into(), "5".into()],
            predict: true,
        };
        assert_eq!(stepper, Directive::Stepper(wanted));
    }

    #[test]
    fn a_listing_may_be_folded() {
        let folded = parse("{{twin: 2/taxi#loop folded}}").unwrap();
        let open = parse("{{twin: 2/taxi#loop}}").unwrap();
        assert_eq!(folded, Directive::Folded(Box::new(open)));
    }

    #[test]
    fn ordinary_text_is_no_directive() {
        assert_eq!(Directive::parse("{{step: taxi polled A}} is first."), None);
        assert_eq!(Directive::parse("A line with {{code: x}} inside."), None);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for (line, why) in [
            ("{{#include src/lib.rs}}", "unknown directive"),
            ("{{cod: src/lib.rs}}", "did you mean `code`?"),
            ("{{code: src/lib.rs}} and more", "alone on its line"),
            ("{{code:}}", "does not say of what"),
            ("{{chapters: 3}}", "takes nothing"),
            ("{{transcript: taxi 0-3}}", "expected lines"),
            ("{{transcript: taxi 9-3}}", "expected lines"),
            ("{{transcript: taxi#loop}}", "no anchors"),
            ("{{error: taxi 1-3}}", "no line numbers"),
            ("{{draft: taxi 1-3}}", "no line numbers"),
            ("{{draft: taxi#loop}}", "no anchors"),
            ("{{transcript: two/taxi}}", "chapter's number"),
            ("{{stepper:}}", "does not say of what"),
            ("{{library:}}", "does not say of what"),
            ("{{library: two}}", "chapter's number"),
            ("{{ladder: two}}", "chapter's number"),
            ("{{chart:}}", "does not say of what"),
            ("{{chart: instructions}}", "does not say of what"),
            ("{{chart: spawn folded}}", "cannot be folded"),
            ("{{stepper: taxi#loop}}", "no anchor"),
            ("{{timeline: taxi predict}}", "asks nothing"),
            ("{{stepper: taxi folded}}", "cannot be folded"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(why), "{line}: {error}");
        }
    }
}
