//! Building the book: mdBook, with our preprocessor in the same process.

use anyhow::{Context, Result, bail};
use catalogue::Workbook;
use mdbook_driver::MDBook;
use mdbook_preprocessor::book::{Book, BookItem};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::coverage;
use crate::drawing;
use crate::exchange::exchange;
use crate::expand::{Expanded, Expander};
use crate::fill;
use crate::links;
use crate::problem::Problem;
use crate::rules;
use crate::site::{self, Site};
use crate::sources;
use crate::traces::Traces;
use crate::types;
use crate::warnings::Warnings;

/// A book that was built.
#[derive(Debug)]
pub struct Built {
    /// The folder with its `index.html`.
    pub dir: PathBuf,
    /// What is wrong with it, in the order of files and lines.
    pub problems: Vec<Problem>,
}

/// Builds the book of the workbook at `root` into the folder `out`.
///
/// It is built as far as it goes even if there are problems, so that all of them are found in one run. It is built beside `out`,
/// and takes its place when it is whole; whoever builds into the same folder waits until then.
///
/// # Errors
///
/// If there is no book at all: a file that mdBook or the catalogue needs cannot be read.
pub fn build(root: &Path, out: &Path) -> Result<Built> {
    let root = std::path::absolute(root)?;
    let out = std::path::absolute(out)?;
    let problems = exchange(&out, |aside| build_in(&root, aside))?;
    Ok(Built { dir: out, problems })
}

/// Builds it into the folder `out`, which is empty; what is wrong with it.
fn build_in(root: &Path, out: &Path) -> Result<Vec<Problem>> {
    let found: Rc<RefCell<Vec<Problem>>> = Rc::default();
    let warnings = Warnings::listen();
    let mut book = MDBook::load(root.join("book"))?;
    book.config.build.build_dir = out.to_path_buf();
    book.with_preprocessor(Collecting(found.clone()));
    book.build()?;
    let mut problems = found.take();
    problems.extend(warnings.end());
    fill::all(root, out)?;
    problems.extend(links::broken(root, out)?);
    problems.sort();
    problems.dedup();
    Ok(problems)
}

/// What is wrong with the pages of the workbook at `root`, as far as it shows before they are rendered: all but links
/// and what mdBook warns of.
///
/// # Errors
///
/// If there is no book at all: a file that mdBook or the catalogue needs cannot be read.
pub fn check(root: &Path) -> Result<Vec<Problem>> {
    let root = std::path::absolute(root)?;
    let mut book = MDBook::load(root.join("book"))?.book;
    let mut problems = expand(&root, &mut book)?;
    problems.sort();
    Ok(problems)
}

/// Expands our directives in every page of `book`, and adds the pages with the sources.
///
/// # Errors
///
/// If the catalogue cannot be read.
fn expand(root: &Path, book: &mut Book) -> Result<Vec<Problem>> {
    let site = Site::new(Workbook::open(root)?, book)?;
    let mut problems = site.problems();
    let traces = Traces::record(&site);
    let (mut programs, mut drafts) = (BTreeSet::new(), BTreeSet::new());
    let (mut holes, mut files) = (BTreeSet::new(), BTreeSet::new());
    let (mut drawings, mut texts) = (BTreeSet::new(), BTreeMap::new());
    let mut open = Vec::new();
    for page in &site.pages {
        let Expanded {
            text,
            problems: found,
            programs: shown,
            drafts: tried,
            holes: named,
            listings,
            libraries,
            sources,
            drawings: pictures,
        } = Expander::new(&site, page, &traces).run();
        problems.extend(rules::broken(page, &libraries));
        problems.extend(found);
        open.extend(listings);
        programs.extend(shown);
        drafts.extend(tried);
        holes.extend(named);
        files.extend(sources);
        drawings.extend(pictures);
        texts.insert(page.path.clone(), text);
    }
    problems.extend(types::unseen(&site, &open));
    problems.extend(coverage::unshown(&site, &programs, &drafts, &holes));
    problems.extend(drawing::unshown(&site.workbook.root, &drawings));
    book.for_each_mut(|item| {
        if let BookItem::Chapter(page) = item
            && let Some(path) = &page.source_path
            && let Some(text) = texts.remove(&site::path(path))
        {
            page.content = text;
        }
    });
    problems.extend(sources::add(&site.workbook.root, book, &files));
    Ok(problems)
}

/// The preprocessor that [`build`] runs: it goes on after a problem.
struct Collecting(Rc<RefCell<Vec<Problem>>>);

impl Preprocessor for Collecting {
    fn name(&self) -> &str {
        "workbook"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let problems = expand(workspace(context)?, &mut book)?;
        self.0.borrow_mut().extend(problems);
        Ok(book)
    }
}

fn workspace(context: &PreprocessorContext) -> Result<&Path> {
    let root = context.root.parent();
    root.context("the book's folder is not in a workspace")
}

/// What a stock `mdbook build` runs, through the command in `book.toml`: a book comes in as JSON and goes out expanded.
///
/// # Errors
///
/// If what comes in is no book, or the pages have problems; the error lists them.
pub fn preprocess(input: impl Read, output: impl Write) -> Result<()> {
    let (context, mut book) = mdbook_preprocessor::parse_input(input)?;
    let mut problems = expand(workspace(&context)?, &mut book)?;
    if !problems.is_empty() {
        problems.sort();
        let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
        bail!("{}", lines.join("\n"));
    }
    serde_json::to_writer(output, &book)?;
    Ok(())
}
