//! The traces that pages show: programs that are built with the recorder and run.
//!
//! Each is stored in `book/traces`, under the name of its program and flags, so that a reader's first book need not wait
//! until every chapter is built with the recorder. A test renews them. If a file that one quotes has changed, it is made
//! anew while the book is built, and kept in the target folder until the binary changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use catalogue::build::{self, Build, Built};
use catalogue::process::{self, End};
use catalogue::{Chapter, Program};
use timeline::Trace;

use crate::command;
use crate::directive::{Directive, Traced};
use crate::site::{Page, Site};

/// How long a program may run. They keep virtual time.
const LIMIT: Duration = Duration::from_secs(20);

/// One run: a program and its flags.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Run {
    /// The number of its chapter.
    pub chapter: u32,
    /// Its name.
    pub program: String,
    /// What it is given.
    pub flags: Vec<String>,
}

impl Run {
    /// What a reader types after `cargo run --`; `word` is `run` or `trace`.
    pub(crate) fn command(&self, word: &str) -> String {
        let mut command = format!("{word} {} {}", self.chapter, self.program);
        for flag in &self.flags {
            command += " ";
            command += flag;
        }
        command
    }
}

/// A stepper in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stepper {
    /// The page's path.
    pub page: String,
    /// Its name in links.
    pub id: String,
    /// What it plays.
    pub run: Run,
}

/// All runs that the book shows, and where its steppers are.
#[derive(Debug, Default)]
pub(crate) struct Traces {
    runs: BTreeMap<Run, Result<Trace, String>>,
    steppers: Vec<Stepper>,
}

impl Traces {
    /// Makes every run that a page of `site` asks for. What is wrong with one is told where it is asked for.
    pub(crate) fn record(site: &Site) -> Traces {
        let (mut traces, wanted) = Traces::wanted(site);
        let (stored, missing): (Vec<_>, Vec<_>) = wanted
            .into_iter()
            .map(|run| (stored(site, &run), run))
            .partition(|(trace, _)| trace.is_some());
        let stored = stored
            .into_iter()
            .filter_map(|(trace, run)| Some((run, Ok(trace?))));
        traces.runs.extend(stored);
        let missing: BTreeSet<Run> = missing.into_iter().map(|(_, run)| run).collect();
        if !missing.is_empty() {
            let built = built_for(site, &missing);
            for run in missing {
                let trace = recorded(site, &built, &run);
                traces.runs.insert(run, trace);
            }
        }
        traces
    }

    /// The steppers of all pages, and the runs that pages ask for.
    fn wanted(site: &Site) -> (Traces, BTreeSet<Run>) {
        let mut traces = Traces::default();
        let mut wanted = BTreeSet::new();
        for (page, directive) in site.pages.iter().flat_map(directives) {
            let Some(traced) = directive.traced() else {
                continue;
            };
            let Ok(run) = run_of(site, page, &traced) else {
                continue;
            };
            if let Directive::Stepper(_) = &directive {
                traces.add_stepper(page, &run);
            }
            wanted.insert(run);
        }
        (traces, wanted)
    }

    fn add_stepper(&mut self, page: &Page, run: &Run) {
        let id = format!("trace-{}-{}", run.chapter, run.program);
        let same = |it: &&Stepper| it.page == page.path && it.run.program == run.program;
        let before = self.steppers.iter().filter(same);
        let before = before.filter(|it| it.run.chapter == run.chapter).count();
        self.steppers.push(Stepper {
            page: page.path.clone(),
            id: match before {
                0 => id,
                _ => format!("{id}-{}", before + 1),
            },
            run: run.clone(),
        });
    }

    /// The trace of a run.
    ///
    /// # Errors
    ///
    /// If it could not be recorded.
    pub(crate) fn of(&self, run: &Run) -> Result<&Trace, String> {
        let missing = || format!("`{}` was not recorded", run.command("trace"));
        let trace = self.runs.get(run).ok_or_else(missing)?;
        trace.as_ref().map_err(String::clone)
    }

    /// The steppers of `page`, in its order.
    pub(crate) fn steppers_of<'t>(
        &'t self,
        page: &Page,
    ) -> impl Iterator<Item = &'t Stepper> {
        let path = page.path.clone();
        self.steppers.iter().filter(move |it| it.page == path)
    }

    /// The stepper that a link in `page` to a step of this program leads to: the page's own, else the book's first.
    pub(crate) fn stepper(
        &self,
        page: &Page,
        chapter: u32,
        program: &str,
    ) -> Option<&Stepper> {
        let plays =
            |it: &&Stepper| it.run.chapter == chapter && it.run.program == program;
        let mut own = self.steppers_of(page).filter(plays);
        own.next().or_else(|| self.steppers.iter().find(plays))
    }
}

/// The directives of a page, those in answers among them.
fn directives(page: &Page) -> impl Iterator<Item = (&Page, Directive)> {
    page.text.lines().filter_map(move |line| {
        let line = line.strip_prefix(">>").map_or(line, str::trim_start);
        let directive = Directive::parse(line)?.ok()?;
        Some((page, directive))
    })
}

/// The run that `traced`, written in `page`, means.
///
/// # Errors
///
/// If there is no such program, or it does not run, or does not take these flags.
pub(crate) fn run_of(site: &Site, page: &Page, traced: &Traced) -> Result<Run, String> {
    let (chapter, program) = site.program(page, &traced.subject)?;
    let name = &program.name;
    if program.kind == catalogue::Kind::WontCompile {
        return Err(format!(
            "`{name}` is there to be refused, so it does not run"
        ));
    }
    let flags: Vec<&str> = traced.flags.iter().map(String::as_str).collect();
    command::takes(&program.header, name, &flags)?;
    Ok(Run {
        chapter: chapter.number,
        program: name.clone(),
        flags: traced.flags.clone(),
    })
}

/// The chapters of `runs`, built so that they record.
fn built_for(site: &Site, runs: &BTreeSet<Run>) -> Built {
    let chapters: BTreeSet<u32> = runs.iter().map(|run| run.chapter).collect();
    let packages: Vec<&str> = chapters
        .iter()
        .filter_map(|number| site.workbook.chapter(*number))
        .map(|chapter| &*chapter.package)
        .collect();
    build(&site.workbook.root, &packages)
}

/// Every trace that a page of the workbook at `root` shows, recorded now: what should stand in [`STORE`], by file name.
///
/// # Errors
///
/// If the book or the catalogue cannot be read, or a run cannot be recorded.
pub fn recordings(root: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let root = std::path::absolute(root)?;
    let book = mdbook_driver::MDBook::load(root.join("book"))?.book;
    let site = Site::new(catalogue::Workbook::open(&root)?, &book)?;
    let (_, wanted) = Traces::wanted(&site);
    let (here, elsewhere): (BTreeSet<Run>, BTreeSet<Run>) =
        wanted.into_iter().partition(|run| {
            site.workbook
                .chapter(run.chapter)
                .is_none_or(|it| it.runs(&run.program))
        });
    let built = built_for(&site, &here);
    let named = |run: &Run, json| {
        let chapter = site.chapter(run.chapter).map_err(anyhow::Error::msg)?;
        Ok((file_name(&chapter.package, run), json))
    };
    let record = |run: &Run| {
        let trace = recorded(&site, &built, run).map_err(anyhow::Error::msg)?;
        named(run, trace.to_json())
    };
    // What cannot run here stays as it is.
    let keep = |run: &Run| {
        let trace = stored(&site, run).context("it was recorded elsewhere")?;
        named(run, trace.to_json())
    };
    let recorded = here.iter().map(record);
    recorded.chain(elsewhere.iter().map(keep)).collect()
}

/// Where traces are stored, below the workspace.
pub const STORE: &str = "book/traces";

/// The trace of a run that is stored, if the files that it quotes still say the same.
fn stored(site: &Site, run: &Run) -> Option<Trace> {
    let root = &site.workbook.root;
    let package = &site.chapter(run.chapter).ok()?.package;
    let file = root.join(STORE).join(file_name(package, run));
    let trace = Trace::parse(&fs::read_to_string(file).ok()?).ok()?;
    quotes_what_is(&trace, root).then_some(trace)
}

fn quotes_what_is(trace: &Trace, root: &Path) -> bool {
    let is_now = |source: &timeline::Source| {
        fs::read_to_string(root.join(&source.file)).is_ok_and(|it| it == source.text)
    };
    trace.sources.iter().all(is_now) && check(trace).is_ok()
}

/// `ch02-event-loop-taxi-seed-7.json`
fn file_name(package: &str, run: &Run) -> String {
    let words = [&[run.program.clone()][..], &run.flags[..]]
        .concat()
        .join("-");
    let words = words.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let words = words.join("-");
    format!("{package}-{words}.json")
}

/// `packages`, built so that they record. What the compiler says to one that does not compile is told where a reader
/// asks for it: `cargo run -- check`.
fn build(root: &Path, packages: &[&str]) -> Built {
    let build = Build {
        packages,
        features: &["trace/record"],
        ..Build::default()
    };
    // Where cargo cannot be run, nothing was built.
    let built = build.run(&mut build::cargo(root), |_| ());
    built.unwrap_or_default()
}

/// The trace of a run: the one that is kept, if it is still true, else a new one.
fn recorded(site: &Site, built: &Built, run: &Run) -> Result<Trace, String> {
    let chapter = site.chapter(run.chapter)?;
    let program = crate::site::program(chapter, &run.program)?;
    let executable = built.package(&chapter.package).executable;
    let executable = &executable.ok_or_else(|| {
        let number = chapter.number;
        format!("chapter {number} does not compile (`cargo run -- check {number}`), so nothing of it is traced")
    })?;
    let root = &site.workbook.root;
    let failed = |why: String| format!("`{}`: {why}", run.command("trace"));
    let kept =
        Kept::new(chapter, executable, run).map_err(|error| failed(error.to_string()))?;
    if let Some(trace) = kept.read(root) {
        return Ok(trace);
    }
    let json = kept.make(root, executable, program, run).map_err(failed)?;
    let trace = Trace::parse(&json).map_err(|why| failed(why.to_string()))?;
    check(&trace).map_err(failed)?;
    kept.keep(&json);
    Ok(trace)
}

fn check(trace: &Trace) -> Result<(), String> {
    if trace.events.is_empty() {
        return Err("it left no step, so there is nothing to show".into());
    }
    trace.check().map_err(|why| why.to_string())
}

/// A trace in the target folder. Its first line tells which binary it is from.
struct Kept {
    file: PathBuf,
    binary: String,
}

impl Kept {
    fn new(chapter: &Chapter, executable: &Path, run: &Run) -> std::io::Result<Kept> {
        // From target/debug/ch02-event-loop to target.
        let target = executable.ancestors().nth(2).unwrap_or(executable);
        let mut binary = DefaultHasher::new();
        fs::read(executable)?.hash(&mut binary);
        let name = file_name(&chapter.package, run);
        Ok(Kept {
            file: target.join("traces").join(name),
            binary: format!("{:016x}", binary.finish()),
        })
    }

    /// The trace that is kept, if it is this binary's and the files that it quotes still say the same.
    fn read(&self, root: &Path) -> Option<Trace> {
        let text = fs::read_to_string(&self.file).ok()?;
        let (binary, json) = text.split_once('\n')?;
        let trace = Trace::parse(json).ok()?;
        (binary == self.binary && quotes_what_is(&trace, root)).then_some(trace)
    }

    /// Keeps a trace. If that fails, it is made again the next time.
    fn keep(&self, json: &str) {
        let aside = self.aside();
        let text = format!("{}\n{json}", self.binary);
        let _ = fs::write(&aside, text).and_then(|()| fs::rename(&aside, &self.file));
    }

    /// A name beside it that no other process uses.
    fn aside(&self) -> PathBuf {
        self.file
            .with_extension(format!("{}.new", std::process::id()))
    }

    /// Runs the program, and returns what it wrote down.
    fn make(
        &self,
        root: &Path,
        executable: &Path,
        program: &Program,
        run: &Run,
    ) -> Result<String, String> {
        let aside = self.aside();
        let folder = aside.parent().unwrap_or(&aside);
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        let mut command = Command::new(executable);
        command.arg(&run.program).args(&run.flags).current_dir(root);
        let ended = process::run(command.env("WORKBOOK_TRACE", &aside), LIMIT)
            .map_err(|error| error.to_string())?;
        let json = fs::read_to_string(&aside);
        let _ = fs::remove_file(&aside);
        let exit = program.header.exit;
        match ended.end {
            End::TimedOut => Err(format!(
                "it had not ended after {} seconds",
                LIMIT.as_secs()
            )),
            End::TooMuch => Err("it printed without end".into()),
            End::Status(status) if status.code() != Some(exit) => {
                Err(format!("it ended with {status}, and should with {exit}"))
            }
            End::Status(_) => json.map_err(|_| "it left no trace".to_string()),
        }
    }
}
