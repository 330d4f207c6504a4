//! All that pages may refer to: the workbook's files, and the other pages.

use catalogue::holes::Hole;
use catalogue::{Chapter, Kind, Program, Snapshot, TAXI, Workbook, snapshot_of};
use mdbook_preprocessor::book::{Book, BookItem};
use std::collections::BTreeMap;
use std::path::Path;

use crate::directive::{Directive, Subject};
use crate::measured::Measured;
use crate::outline::Outline;
use crate::problem::Problem;

/// The workbook and the book's pages.
pub(crate) struct Site {
    /// The chapters, their programs, and the plan.
    pub workbook: Workbook,
    /// The holes of each chapter, by its number.
    pub holes: BTreeMap<u32, Vec<Hole>>,
    /// The pages, in order.
    pub pages: Vec<Page>,
    /// What the benchmarks found.
    pub measured: Measured,
    /// What is wrong with the chapters' files.
    faults: Vec<Problem>,
    /// The page that shows a program's transcript, by the chapter's number and the program's name.
    transcripts: BTreeMap<(u32, String), String>,
}

/// A page, as its author wrote it.
pub(crate) struct Page {
    /// Its place below `book/src`, with `/`.
    pub path: String,
    /// What it is for.
    pub place: Place,
    /// Its Markdown.
    pub text: String,
    /// What its Markdown holds.
    pub outline: Outline,
}

/// What a page is for; its path says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// `NN-name.md`: the page of chapter NN.
    Chapter(u32),
    /// `NN-name/….md`: a page below it. Of the finished runtime, which is no chapter: `taxi.md` and `taxi/….md`.
    Below(u32),
    /// Any other: the introduction and the appendices.
    Guide,
}

impl Page {
    /// Its file, relative to the workspace.
    pub(crate) fn file(&self) -> String {
        format!("book/src/{}", self.path)
    }

    /// The chapter it belongs to.
    pub(crate) fn chapter(&self) -> Option<u32> {
        match self.place {
            Place::Chapter(number) | Place::Below(number) => Some(number),
            Place::Guide => None,
        }
    }
}

impl Site {
    /// Reads what the pages of `book` may refer to.
    ///
    /// # Errors
    ///
    /// If a chapter's file cannot be read.
    pub(crate) fn new(workbook: Workbook, book: &Book) -> anyhow::Result<Site> {
        let (mut holes, mut faults) = (BTreeMap::new(), Vec::new());
        for chapter in workbook.all() {
            faults.extend(chapter.fault.as_deref().map(|it| fault(chapter, it)));
            let known: &mut Vec<Hole> = holes.entry(chapter.number).or_default();
            for (file, holes) in chapter.holes_by_file()? {
                match holes {
                    Ok(holes) => known.extend(holes),
                    Err(why) => faults.push(Problem::with(&file, format!("{why:#}"))),
                }
            }
        }
        let mut pages = Vec::new();
        for item in book.iter() {
            let BookItem::Chapter(page) = item else {
                continue;
            };
            let Some(path) = &page.source_path else {
                continue;
            };
            let path = self::path(path);
            pages.push(Page {
                place: place(&workbook, &path),
                outline: Outline::read(&page.content),
                text: page.content.clone(),
                path,
            });
        }
        let mut site = Site {
            measured: Measured::read(&workbook.root),
            workbook,
            holes,
            pages,
            faults,
            transcripts: BTreeMap::new(),
        };
        site.find_transcripts();
        Ok(site)
    }

    fn find_transcripts(&mut self) {
        for page in &self.pages {
            for line in page.text.lines() {
                let line = line.strip_prefix(">>").map_or(line, str::trim_start);
                let Some(Ok(directive)) = Directive::parse(line) else {
                    continue;
                };
                if let Directive::Transcript(subject) | Directive::Broken(subject) =
                    directive.unfolded()
                    && let Some(number) = subject.chapter.or(page.chapter())
                {
                    let key = (number, subject.name.replace('_', "-"));
                    let path = page.path.clone();
                    self.transcripts.entry(key).or_insert(path);
                }
            }
        }
    }

    /// The page that shows the transcript of `program`.
    pub(crate) fn shows_transcript(&self, chapter: u32, program: &str) -> Option<&str> {
        let key = (chapter, program.to_string());
        self.transcripts.get(&key).map(String::as_str)
    }

    /// The page of chapter `number`, if it is written.
    pub(crate) fn page_of(&self, number: u32) -> Option<&Page> {
        let is = |page: &&Page| page.place == Place::Chapter(number);
        self.pages.iter().find(is)
    }

    /// Chapter `number`, which must exist.
    ///
    /// # Errors
    ///
    /// If it does not; the message says which there are.
    pub(crate) fn chapter(&self, number: u32) -> Result<&Chapter, String> {
        self.workbook.chapter(number).ok_or_else(|| {
            let all = self.workbook.chapters.iter();
            let all: Vec<String> =
                all.map(|chapter| chapter.number.to_string()).collect();
            format!(
                "there is no chapter {number} yet; there are {}",
                all.join(", ")
            )
        })
    }

    /// The program that `subject`, written in `page`, means, and its chapter.
    ///
    /// # Errors
    ///
    /// If there is none; the message names the nearest.
    pub(crate) fn program(
        &self,
        page: &Page,
        subject: &Subject,
    ) -> Result<(&Chapter, &Program), String> {
        let number = subject.chapter.or(page.chapter()).ok_or_else(|| {
            let name = &subject.name;
            format!(
                "`{name}`: of which chapter? outside a chapter's pages write 2/{name}"
            )
        })?;
        let chapter = self.chapter(number)?;
        let program = program(chapter, &subject.name)?;
        Ok((chapter, program))
    }

    /// The hole `name` of chapter `number`.
    ///
    /// # Errors
    ///
    /// If there is none; the message says which there are.
    pub(crate) fn hole(&self, number: u32, name: &str) -> Result<&Hole, String> {
        let holes = self.holes.get(&number).map_or(&[][..], Vec::as_slice);
        let hole = holes.iter().find(|hole| hole.name == name);
        hole.ok_or_else(|| {
            let names: Vec<&str> = holes.iter().map(|hole| hole.name.as_str()).collect();
            let names = names.join(", ");
            format!("chapter {number} has no hole `{name}`; it has {names}")
        })
    }

    /// The transcript of `program`, or, of a twin that prints another one, that one.
    ///
    /// # Errors
    ///
    /// If it has not been recorded.
    pub(crate) fn transcript(
        &self,
        chapter: &Chapter,
        name: &str,
    ) -> Result<Vec<String>, String> {
        let path = snapshot_of(&self.workbook.root, &chapter.slug, name);
        match Snapshot::read(&path) {
            Ok(Some(Snapshot(body))) => Ok(body.lines().map(str::to_string).collect()),
            Ok(None) => Err(format!(
                "there is no snapshot tests/snapshots/{}/{name}.snap",
                chapter.slug
            )),
            Err(error) => Err(error.to_string()),
        }
    }

    /// `path` relative to the workspace, with `/`.
    pub(crate) fn relative(&self, path: &Path) -> String {
        self::path(path.strip_prefix(&self.workbook.root).unwrap_or(path))
    }

    /// Problems with the chapters and pages as a whole: files that cannot be read, chapters without a page, pages named
    /// like a chapter that does not exist.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let without = self.workbook.chapters.iter();
        let without = without.filter(|chapter| self.page_of(chapter.number).is_none());
        let mut problems = self.faults.clone();
        problems.extend(self.measured.problems.iter().cloned());
        problems.extend(without.map(|chapter| {
            let page = format!("{}.md", chapter.slug);
            Problem::with(
                "book/src/SUMMARY.md",
                format!("chapter {} has no page {page}", chapter.number),
            )
        }));
        for page in &self.pages {
            if page.place == Place::Guide
                && page.path.starts_with(|c: char| c.is_ascii_digit())
            {
                let message = "the page is named like a chapter's, but there is no folder \
                               chapters/… of that name";
                problems.push(Problem::with(&page.file(), message));
            }
        }
        problems
    }
}

/// What is wrong with a chapter's files. The catalogue begins with the path of the first.
fn fault(chapter: &Chapter, fault: &str) -> Problem {
    match fault.split_once(": ") {
        Some((file, why)) if file.starts_with("chapters/") => Problem::with(file, why),
        _ => Problem::with(&format!("chapters/{}", chapter.slug), fault),
    }
}

/// `path` as it is written in pages, with `/`.
pub(crate) fn path(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The program of `chapter` named `name`.
///
/// # Errors
///
/// If there is none; the message names the nearest.
pub(crate) fn program<'c>(
    chapter: &'c Chapter,
    name: &str,
) -> Result<&'c Program, String> {
    let mine = |program: &&Program| program.kind != Kind::Mine;
    chapter.program(name).filter(mine).ok_or_else(|| {
        let names: Vec<String> =
            chapter.programs.iter().map(|p| p.name.clone()).collect();
        let hint = match chapter::nearest(name, &names) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("it has {}", names.join(", ")),
        };
        format!("{} has no program `{name}`; {hint}", chapter.called())
    })
}

fn place(workbook: &Workbook, path: &str) -> Place {
    let (folder, below) = match path.split_once('/') {
        Some((folder, _)) => (folder, true),
        None => (path.trim_end_matches(".md"), false),
    };
    match workbook.all().find(|c| c.slug == folder) {
        // Of the finished runtime no page is a chapter's.
        Some(taxi) if taxi.number == TAXI => Place::Below(TAXI),
        Some(chapter) if below => Place::Below(chapter.number),
        Some(chapter) => Place::Chapter(chapter.number),
        None => Place::Guide,
    }
}
