//! What a page's Markdown holds: its headings, its fences, its words.

use mdbook_markdown::pulldown_cmark::{
    CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd,
};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use std::ops::Range;

/// What a page holds, read once.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// Its headings.
    pub headings: Vec<Heading>,
    /// Its blocks of code that no directive made.
    pub fences: Vec<Fence>,
    /// The words of its prose.
    pub words: usize,
    /// Where code stands, in blocks and within lines: no directive is meant there.
    code: Vec<Range<usize>>,
}

/// A heading.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// 1 to 6.
    pub level: usize,
    /// Its text, without marks.
    pub text: String,
    /// Its line, counted from 1.
    pub line: usize,
    /// The items of the lists below it, up to the next heading; those within items do not count.
    pub items: usize,
}

/// A block of code written in the page itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fence {
    /// The language it names; empty if it names none, or is indented.
    pub language: String,
    /// Its line, counted from 1.
    pub line: usize,
}

impl Outline {
    /// Reads `text` as mdBook will.
    pub(crate) fn read(text: &str) -> Outline {
        let lines = LineStarts::of(text);
        let mut outline = Outline::default();
        let mut reader = Reader::default();
        let parser: Parser<'_> = new_cmark_parser(text, &MarkdownOptions::default());
        for (event, range) in parser.into_offset_iter() {
            let line = lines.line(range.start);
            reader.event(&mut outline, event, &range, line, |at| {
                text[lines.0[lines.line(at) - 1]..].starts_with("{{")
            });
        }
        outline
    }

    /// Whether the byte `at` of the page is within code.
    pub(crate) fn is_code(&self, at: usize) -> bool {
        self.code.iter().any(|range| range.contains(&at))
    }
}

#[derive(Default)]
struct Reader {
    heading: Option<String>,
    block: bool,
    lists: usize,
}

impl Reader {
    fn event(
        &mut self,
        outline: &mut Outline,
        event: Event<'_>,
        range: &Range<usize>,
        line: usize,
        is_directive: impl Fn(usize) -> bool,
    ) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.heading = Some(String::new());
                outline.headings.push(Heading {
                    level: depth(level),
                    text: String::new(),
                    line,
                    items: 0,
                });
            }
            Event::End(TagEnd::Heading(_)) => {
                let text = self.heading.take().unwrap_or_default();
                if let Some(heading) = outline.headings.last_mut() {
                    heading.text = text;
                }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => info.split([',', ' ']).next(),
                    CodeBlockKind::Indented => None,
                };
                let language = language.unwrap_or("").to_string();
                outline.fences.push(Fence { language, line });
                outline.code.push(range.clone());
                self.block = true;
            }
            Event::End(TagEnd::CodeBlock) => self.block = false,
            Event::Start(Tag::List(_)) => self.lists += 1,
            Event::End(TagEnd::List(_)) => self.lists -= 1,
            Event::Start(Tag::Item) if self.lists == 1 => {
                if let Some(heading) = outline.headings.last_mut() {
                    heading.items += 1;
                }
            }
            Event::Text(text) | Event::Code(text) if self.heading.is_some() => {
                self.heading.get_or_insert_default().push_str(&text);
            }
            Event::Text(text) if !self.block && !is_directive(range.start) => {
                outline.words += words(&text);
            }
            Event::Code(text) => {
                outline.words += words(&text);
                outline.code.push(range.clone());
            }
            _ => {}
        }
    }
}

fn words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .count()
}

fn depth(level: HeadingLevel) -> usize {
    level as usize
}

/// Where each line of a text begins.
struct LineStarts(Vec<usize>);

impl LineStarts {
    fn of(text: &str) -> LineStarts {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        LineStarts(std::iter::once(0).chain(after).collect())
    }

    /// The line, counted from 1, that the byte `at` is in.
    fn line(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_fences_and_words_are_found() {
        let outline = Outline::read(
            "# A `taxi` page\n\nTwo words.\n\n{{code: src/heap.rs}}\n\n## Rust you need here\n\n- one\n  - within\n- \
             two\n\n```sh\ncargo run\n```\n\n> four `{{words}}` – in here\n>> and five in the answer\n",
        );
        let headings: Vec<_> = outline
            .headings
            .iter()
            .map(|h| (h.level, h.text.as_str(), h.line, h.items))
            .collect();
        assert_eq!(
            headings,
            [(1, "A taxi page", 1, 0), (2, "Rust you need here", 7, 2)]
        );
        assert_eq!(outline.fences.len(), 1);
        assert_eq!(outline.fences[0].language, "sh");
        assert_eq!(outline.fences[0].line, 13);
        assert_eq!(outline.words, 2 + 3 + 4 + 5);
    }

    #[test]
    fn code_within_a_line_is_code() {
        let text = "Write `{{code: x}}` and {{code: y}}.";
        let outline = Outline::read(text);
        assert!(outline.is_code(text.find("{{code: x").unwrap()));
        assert!(!outline.is_code(text.find("{{code: y").unwrap()));
    }
}
