//! Reading a directive: one line of a page, `{{name: what}}`.

use std::fmt::Write as _;

/// What a line of a page asks for. The crate's documentation says what each becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Directive {
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
    /// `{{error: yield-keyword}}`
    Error(Subject),
    /// `{{exercise-hole: push}}`
    ExerciseHole(String),
    /// `{{goal: two-garages}}`
    Goal(Subject),
    /// `{{solution: two-garages}}`
    Solution(Subject),
    /// `{{from-asyncio}}`
    FromAsyncio,
    /// `{{chapters}}`
    Chapters,
    /// `{{programs}}`
    Programs,
    /// `{{sources}}`
    Sources,
}

/// A program, and which part of its code and of its transcript is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The chapter's number, if it is another one's program: `2/taxi`.
    pub chapter: Option<u32>,
    /// The program's name.
    pub name: String,
    /// The region of its code.
    pub anchor: Option<String>,
    /// The lines of its transcript, all if there are none.
    pub ranges: Vec<Lines>,
}

/// Lines of a transcript, counted from 1: `3`, `3-8` or `3-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// The first.
    pub first: usize,
    /// The last; `None` is the transcript's end.
    pub last: Option<usize>,
}

/// The names of all directives.
const NAMES: [&str; 13] = [
    "code",
    "transcript",
    "command",
    "twin",
    "broken",
    "error",
    "exercise-hole",
    "goal",
    "solution",
    "from-asyncio",
    "chapters",
    "programs",
    "sources",
];

impl Directive {
    /// The directive that `line` is, or `None` if it is ordinary text.
    ///
    /// A line is a directive if it begins with `{{`; one that ends otherwise, or that has another name, is an error.
    pub fn parse(line: &str) -> Option<Result<Directive, String>> {
        let text = line.trim_end().strip_prefix("{{")?;
        let Some(inner) = text.strip_suffix("}}") else {
            return Some(Err("a directive stands alone on its line".into()));
        };
        let (name, what) = inner.split_once(':').unwrap_or((inner, ""));
        Some(read(name.trim(), what.trim()))
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
        "transcript" => subject(name, what).map(Directive::Transcript),
        "twin" => subject(name, what).map(Directive::Twin),
        "broken" => subject(name, what).map(Directive::Broken),
        "error" => subject(name, what).map(Directive::Error),
        "goal" => subject(name, what).map(Directive::Goal),
        "solution" => subject(name, what).map(Directive::Solution),
        "from-asyncio" => alone(Directive::FromAsyncio),
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

fn subject(name: &str, what: &str) -> Result<Subject, String> {
    let mut words = what.split_whitespace();
    let first = words.next().unwrap_or("");
    required(name, first)?;
    let (program, anchor) = with_anchor(first);
    let (chapter, program) = match program.split_once('/') {
        Some((number, program)) => {
            let number = number.parse();
            let number = number.map_err(|_| {
                format!("`{first}`: expected a chapter's number before `/`")
            });
            (Some(number?), program.to_string())
        }
        None => (None, program),
    };
    let ranges = words.map(Lines::parse).collect::<Result<Vec<_>, _>>()?;
    if !ranges.is_empty() && matches!(name, "error" | "goal" | "solution") {
        return Err(format!("`{{{{{name}: …}}}}` takes no line numbers"));
    }
    if anchor.is_some() && name == "transcript" {
        return Err("a transcript has no anchors; give line numbers: `taxi 1-12`".into());
    }
    Ok(Subject {
        chapter,
        name: program,
        anchor,
        ranges,
    })
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
    fn ordinary_text_is_no_directive() {
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
            ("{{transcript: two/taxi}}", "chapter's number"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(why), "{line}: {error}");
        }
    }
}
