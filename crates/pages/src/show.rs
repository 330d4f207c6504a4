//! What each directive becomes.

use catalogue::{Chapter, Kind, Program};
use chapter::Twin;

use crate::command;
use crate::directive::{Directive, Lines, Subject};
use crate::drawing;
use crate::expand::{self, Expander, SOURCES};
use crate::figure::{self, Look, Output};
use crate::format;
use crate::html::{escape, link};
use crate::ladder;
use crate::library;
use crate::listing::{Listing, WIDEST, resolve};
use crate::python;
use crate::sources;
use crate::tables;
use crate::types::Shown;

impl<'a> Expander<'a> {
    /// The Markdown that `directive` stands for.
    pub(crate) fn show(&mut self, directive: &Directive) -> Result<String, String> {
        match directive {
            Directive::Code { file, anchor } => self.code(file, anchor.as_deref()),
            Directive::Transcript(subject) => self.transcript(subject),
            Directive::Command(words) => {
                command::checked(self.site, words).map(|line| figure::command(&line))
            }
            Directive::Twin(subject) => self.twin(subject),
            Directive::Broken(subject) => self.broken(subject),
            Directive::Draft(subject) => self.draft(subject),
            Directive::Error(subject) => self.error(subject),
            Directive::ExerciseHole(name) => self.exercise(name),
            Directive::Library(number) => self.library(*number),
            Directive::Ladder(number) => ladder::rungs(self.site, self.page, *number),
            Directive::Goal(subject) => self.goal(subject),
            Directive::Solution(subject) => self.solution(subject),
            Directive::Stepper(traced) => self.stepper(traced),
            Directive::Timeline(traced) => self.timeline(traced),
            Directive::TraceJson(subject) => self.trace_json(subject),
            Directive::TraceFormat(name) => format::table(&self.site.workbook.root, name),
            Directive::Drawing(name) => {
                self.done.drawings.insert(name.clone());
                drawing::figure(&self.site.workbook.root, name)
            }
            Directive::Chart(chart) => chart.draw(&self.site.measured),
            Directive::FromAsyncio => {
                let (table, problems) = tables::from_asyncio(self.site, self.page);
                self.done.problems.extend(problems);
                Ok(table)
            }
            Directive::PythonNames => {
                let (names, problems) = python::names(self.site, self.page);
                self.done.problems.extend(problems);
                Ok(names)
            }
            Directive::Chapters => Ok(tables::chapters(self.site, self.page)),
            Directive::Programs => {
                let number = self.page.chapter();
                let number = number.ok_or("`{{programs}}` stands in a chapter's page")?;
                Ok(tables::programs(self.site.chapter(number)?))
            }
            Directive::Sources => Ok(SOURCES.into()),
            Directive::Folded(directive) => self.folded(directive),
        }
    }

    /// What `directive` shows, to be unfolded: it is neither counted nor kept short.
    fn folded(&mut self, directive: &Directive) -> Result<String, String> {
        let summary = match directive {
            Directive::Code { file, anchor } => {
                let name = file
                    .rsplit_once('/')
                    .map_or(file.as_str(), |(_, name)| name);
                let part = part(anchor.as_deref());
                format!("The code: <code>{}</code>{part}", escape(name))
            }
            Directive::Twin(subject) => {
                let part = part(subject.anchor.as_deref());
                format!("In Python: <code>{}</code>{part}", escape(&subject.name))
            }
            Directive::Transcript(subject) => {
                format!("What <code>{}</code> prints", escape(&subject.name))
            }
            Directive::Broken(subject) => {
                format!("Wrong on purpose: <code>{}</code>", escape(&subject.name))
            }
            _ => "What the compiler says".to_string(),
        };
        let before = std::mem::replace(&mut self.folded, true);
        let shown = self.show(directive);
        self.folded = before;
        Ok(format!(
            "<details class=\"answer solution\">\n<summary>{summary}</summary>\n\n{}\n</details>\n",
            shown?
        ))
    }

    fn code(&mut self, file: &str, anchor: Option<&str>) -> Result<String, String> {
        let folder = match self.page.chapter() {
            Some(number) => self.site.relative(&self.site.chapter(number)?.dir),
            None => String::new(),
        };
        let file = resolve(&folder, file)?;
        let owner = self.site.workbook.all().find_map(|chapter| {
            let is =
                |program: &&Program| self.site.relative(&program.file) == *file.as_str();
            Some((chapter, chapter.programs.iter().find(is)?))
        });
        if let Some((chapter, program)) = owner {
            let directive = match program.kind {
                Kind::Broken => "broken",
                Kind::WontCompile => "error",
                Kind::Solution => "solution",
                Kind::Mine => return Err(format!("{file} is the reader's own")),
                Kind::Program | Kind::Step => "",
            };
            if !directive.is_empty() {
                let name = &program.name;
                return Err(format!("{file}: show it by `{{{{{directive}: {name}}}}}`"));
            }
            self.shows(chapter, program);
        }
        self.listing(Look::Plain, &file, anchor, true)
    }

    fn transcript(&mut self, subject: &Subject) -> Result<String, String> {
        let (chapter, program) = self.site.program(self.page, subject)?;
        let other = match program.kind {
            Kind::Broken => "broken",
            Kind::WontCompile => "error",
            Kind::Solution => "goal",
            _ => "",
        };
        if !other.is_empty() {
            let name = &program.name;
            return Err(format!(
                "`{name}` is shown by `{{{{{other}: {name}}}}}`, which says what it is"
            ));
        }
        self.output(Look::Plain, chapter, program, &subject.ranges, true)
    }

    fn broken(&mut self, subject: &Subject) -> Result<String, String> {
        let (chapter, program) = self.program(subject, Kind::Broken)?;
        let file = self.site.relative(&program.file);
        let code = self.listing(Look::Broken, &file, subject.anchor.as_deref(), true)?;
        let output =
            self.output(Look::Broken, chapter, program, &subject.ranges, true)?;
        Ok(format!(
            "<div class=\"pair\">\n\n{code}\n{output}\n</div>\n"
        ))
    }

    /// The change that makes the library fail as a broken twin does, and what a sanitizer says to it.
    fn draft(&mut self, subject: &Subject) -> Result<String, String> {
        let (chapter, program) = self.program(subject, Kind::Broken)?;
        let name = &program.name;
        let file = program
            .draft()
            .ok_or_else(|| format!("`{name}` has no draft beside it"))?;
        let file = self.site.relative(&file);
        let code = self.listing(Look::Broken, &file, None, true)?;
        let lines = self.site.transcript(chapter, &program.report_snapshot())?;
        let instead = "make the program that tries it smaller";
        self.count("the sanitizer's report", lines.len(), instead);
        self.done.drafts.insert((chapter.number, name.clone()));
        let output = figure::report(&lines);
        Ok(format!(
            "<div class=\"pair\">\n\n{code}\n{output}\n</div>\n"
        ))
    }

    fn error(&mut self, subject: &Subject) -> Result<String, String> {
        let (chapter, program) = self.program(subject, Kind::WontCompile)?;
        let file = self.site.relative(&program.file);
        let code = self.listing(Look::Refused, &file, subject.anchor.as_deref(), true)?;
        let lines = self.site.transcript(chapter, &program.name)?;
        self.count(
            "the compiler's answer",
            lines.len(),
            "make the file smaller",
        );
        self.shows(chapter, program);
        let output = figure::refusal(&lines);
        Ok(format!(
            "<div class=\"pair\">\n\n{code}\n{output}\n</div>\n"
        ))
    }

    /// All files of a chapter's library, folded.
    fn library(&mut self, number: u32) -> Result<String, String> {
        let (shown, files) = library::fold(self.site, self.page, number)?;
        self.done.libraries.insert(number);
        self.done.sources.extend(files);
        Ok(shown)
    }

    /// What an exercise's program must print, without the code that does.
    fn goal(&mut self, subject: &Subject) -> Result<String, String> {
        let (chapter, program) = self.program(subject, Kind::Solution)?;
        let lines = self.site.transcript(chapter, &program.name)?;
        self.count("the transcript", lines.len(), "make the program print less");
        Ok(figure::goal(&lines))
    }

    fn solution(&mut self, subject: &Subject) -> Result<String, String> {
        let (chapter, program) = self.program(subject, Kind::Solution)?;
        let file = self.site.relative(&program.file);
        let code = self.listing(Look::Plain, &file, subject.anchor.as_deref(), false)?;
        let output = self.output(Look::Plain, chapter, program, &[], false)?;
        Ok(format!(
            "<details class=\"answer solution\">\n<summary>A solution: {}</summary>\n\n{}\n\n{code}\n{output}\n</details>\n",
            escape(&program.name),
            program.header.about,
        ))
    }

    fn twin(&mut self, subject: &Subject) -> Result<String, String> {
        let (chapter, program) = self.site.program(self.page, subject)?;
        let name = &program.name;
        let file = program
            .twin()
            .ok_or_else(|| format!("`{name}` has no Python twin, its header says"))?;
        let file = self.site.relative(&file);
        let look = match program.kind {
            Kind::Broken => Look::BrokenPython,
            _ => Look::Python,
        };
        let code = self.listing(look, &file, subject.anchor.as_deref(), true)?;
        let Twin::Own(why) = &program.header.twin else {
            if !subject.ranges.is_empty() {
                return Err(format!("`{name}`: its twin has no transcript of its own"));
            }
            return Ok(format!(
                "{code}\n{}",
                self.prints_the_same(chapter, program)
            ));
        };
        let lines = self.site.transcript(chapter, &program.twin_snapshot())?;
        let command = format!("python3 tests/asyncio/run.py {file}");
        let output = Output {
            look,
            id: None,
            command: &command,
            lines: &lines,
            ranges: &subject.ranges,
            exit: 0,
        };
        let (output, count) = output.figure()?;
        self.count(
            "the twin's transcript",
            count,
            "show some lines: `name 1-9`",
        );
        let why = sentence(why);
        Ok(format!(
            "<div class=\"pair\">\n\n{code}\n{output}\n</div>\n\n<div class=\"twin-note\">\n\n\
             It does not print what the Rust program prints: {why}\n\n</div>\n"
        ))
    }

    fn prints_the_same(&self, chapter: &Chapter, program: &Program) -> String {
        let name = &program.name;
        let same = match self.site.shows_transcript(chapter.number, name) {
            Some(page) => {
                let id = self.id(chapter, program);
                format!(
                    "[the same transcript]({}#{id})",
                    link(&self.page.path, page)
                )
            }
            None => "the same transcript".to_string(),
        };
        format!(
            "<div class=\"twin-note\">\n\nIt prints {same} as `cargo run -- run {} {name}`.\n\n</div>\n",
            chapter.typed()
        )
    }

    fn exercise(&mut self, name: &str) -> Result<String, String> {
        let outside = "`{{exercise-hole: …}}` stands in a chapter's page";
        let number = self.page.chapter().ok_or(outside)?;
        let hole = self.site.hole(number, name)?;
        self.done.holes.insert((number, name.to_string()));
        let file = self.site.relative(&hole.file);
        self.done.sources.insert(file.clone());
        let place = link(&self.page.path, &sources::page(&file));
        let line = |text: &str| format!("<code>cargo run -- {text}</code>");
        let first: Vec<String> = hole.tried_by.iter().map(|p| format!("`{p}`")).collect();
        let tell = if first.len() == 1 { "tells" } else { "tell" };
        let tests = hole.tests();
        let tests: Vec<String> = tests.iter().map(|test| format!("`{test}`")).collect();
        let tests = match tests.is_empty() {
            true => String::new(),
            false => format!(" What no transcript sees: {}.", listed(&tests)),
        };
        Ok(format!(
            "<div class=\"exercise\">\n\n**Hole {}: `{name}`** {}\n\n\
             <dl>\n<dt>{}</dt><dd>takes it out of <a href=\"{place}\">{file}</a></dd>\n\
             <dt>{}</dt><dd>says how far you are</dd>\n\
             <dt>{}</dt><dd>puts ours back</dd>\n</dl>\n\n\
             It is filled when `check {number}` shows no ✗; {} {tell} first.{tests}\n\n</div>\n",
            hole.number,
            sentence(&hole.about),
            line(&format!("practice {number} {name}")),
            line(&format!("check {number}")),
            line(&format!("solve {number} {name}")),
            listed(&first),
        ))
    }

    /// The program `subject` means, which must be of `kind`.
    fn program(
        &self,
        subject: &Subject,
        kind: Kind,
    ) -> Result<(&'a Chapter, &'a Program), String> {
        let (chapter, program) = self.site.program(self.page, subject)?;
        if program.kind != kind {
            let folder = self
                .site
                .relative(&chapter.dir.join("src").join(kind.folder()));
            return Err(format!(
                "`{}` is not one of those in {folder}",
                program.name
            ));
        }
        Ok((chapter, program))
    }

    fn listing(
        &mut self,
        look: Look,
        file: &str,
        anchor: Option<&str>,
        open: bool,
    ) -> Result<String, String> {
        let listing = Listing::read(&self.site.workbook.root, file, anchor)?;
        if open {
            let instead = "put an anchor round less of it, or show it in pieces";
            let code = listing.lines.iter().filter(|line| !line.is_empty());
            let seconds = code.count() * expand::SECONDS_A_LINE_OF_CODE;
            self.takes(seconds, file, listing.lines.len(), instead);
            let wide = |line: &&String| line.chars().count() > WIDEST;
            // A draft shows lines of the library as they are.
            if !file.ends_with(".diff")
                && let Some(line) = listing.lines.iter().find(wide)
            {
                let line = line.trim();
                self.problem(format!("{file}: a page has no room for all of `{line}`"));
            }
            self.done.listings.push(Shown {
                page: self.page.file(),
                at: self.line,
                chapter: self.page.chapter(),
                file: file.to_string(),
                lines: listing.first..=listing.last,
            });
        }
        self.done.sources.insert(file.to_string());
        let target = format!("{}#L{}", sources::page(file), listing.first);
        Ok(figure::code(
            look,
            &listing,
            &link(&self.page.path, &target),
        ))
    }

    fn output(
        &mut self,
        look: Look,
        chapter: &Chapter,
        program: &Program,
        ranges: &[Lines],
        open: bool,
    ) -> Result<String, String> {
        let lines = self.site.transcript(chapter, &program.name)?;
        let id = self.id(chapter, program);
        let command = format!("cargo run -- run {} {}", chapter.typed(), program.name);
        let output = Output {
            look,
            id: self.ids.insert(id.clone()).then_some(id),
            command: &command,
            lines: &lines,
            ranges,
            exit: program.header.exit,
        };
        let (html, count) = output.figure()?;
        if open {
            let name = &program.name;
            let instead = format!("show some lines of it: `{name} 1-12 48-`");
            self.count(&format!("the transcript of `{name}`"), count, &instead);
        }
        self.shows(chapter, program);
        Ok(html)
    }

    /// Counts lines of output that stand open, and notes a problem if they are too many in one piece.
    pub(crate) fn count(&mut self, what: &str, lines: usize, instead: &str) {
        let seconds = lines * expand::SECONDS_A_LINE_OF_OUTPUT;
        self.takes(seconds, what, lines, instead);
    }

    /// The same for lines of any kind, which take `seconds` to read.
    fn takes(&mut self, seconds: usize, what: &str, lines: usize, instead: &str) {
        if self.folded {
            return;
        }
        self.seconds += seconds;
        if let Err(why) = figure::short_enough(what, lines, instead) {
            self.problem(why);
        }
    }

    fn shows(&mut self, chapter: &Chapter, program: &Program) {
        let program = (chapter.number, program.name.clone());
        self.done.programs.insert(program);
    }

    /// The name of a transcript in links.
    fn id(&self, chapter: &Chapter, program: &Program) -> String {
        format!("transcript-{}-{}", chapter.typed(), program.name)
    }
}

/// `a`, `a and b`, or `a, b and c`.
fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => {
            format!("{} and {last}", before.join(", "))
        }
        _ => names.concat(),
    }
}

/// `text` ending in a full stop.
fn sentence(text: &str) -> String {
    let end = text.ends_with(['.', '?', '!']);
    format!("{text}{}", if end { "" } else { "." })
}

/// Which part of a file is folded, if it is not the chief one: of one file there may be several, side by side.
fn part(anchor: Option<&str>) -> String {
    let part = anchor.filter(|it| *it != "main");
    part.map_or_else(String::new, |it| {
        format!(", {}", escape(&it.replace('-', " ")))
    })
}
