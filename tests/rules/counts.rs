//! How much code a reader has to read: lines that are neither blank nor comments, of the chapters' libraries alone.
//! Tests, programs, and what stands behind the feature `programs` (what only programs use, such as the story) are left
//! out.
//!
//! Where a goal is not reached, no chapter may grow: the ceiling is what was counted last, and is only ever lowered. Where
//! it is, the ceiling is the goal. `cargo test -p workbook-tests --test rules -- counts --show-output` prints where the
//! lines are.

use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use catalogue::{Chapter, Kind};
use workbook_tests::chapters::workbook;
use workbook_tests::{files, root};

/// How many lines some chapters have together.
struct Limit {
    chapters: RangeInclusive<u32>,
    /// What they are to come down to.
    goal: usize,
    /// What they may have until then. It is only ever lowered.
    ceiling: usize,
}

const LIMITS: [Limit; 2] = [
    Limit {
        chapters: 1..=7,
        goal: 3000,
        ceiling: 3164,
    },
    Limit {
        chapters: 8..=8,
        goal: 2100,
        ceiling: 2100,
    },
];

pub(crate) const ASIDE: [Kind; 5] = [
    Kind::Program,
    Kind::Step,
    Kind::Broken,
    Kind::Solution,
    Kind::WontCompile,
];

/// In front of what is there for the programs alone: one line, such as `mod taxi;`.
const STORY: &str = "#[cfg(feature = \"programs\")]";

/// The lines of code in `text`. What follows `#[cfg(test)]` is tests, to the end of the file.
fn lines(text: &str) -> usize {
    let lines = text.lines().map(str::trim);
    let code: Vec<&str> = lines
        .take_while(|line| *line != "#[cfg(test)]")
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .collect();
    let story = code.iter().filter(|line| **line == STORY).count();
    code.len() - 2 * story
}

/// The modules that are there only with the feature `programs`, as the crate's `lib.rs` says.
fn story(lib: &str) -> Vec<String> {
    let mut modules = Vec::new();
    let mut gated = false;
    for line in lib.lines() {
        let module = line
            .strip_prefix("mod ")
            .and_then(|it| it.strip_suffix(';'));
        modules.extend(module.filter(|_| gated).map(str::to_string));
        gated = line == STORY;
    }
    modules
}

/// The files of a chapter's library that are counted, below `src`.
fn counted(chapter: &Chapter) -> Vec<(PathBuf, usize)> {
    let src = chapter.dir.join("src");
    let story = story(&fs::read_to_string(src.join("lib.rs")).unwrap());
    let mut counted = Vec::new();
    for file in files(&src) {
        let below = file.strip_prefix(&src).unwrap().to_path_buf();
        let is_aside = ASIDE.iter().any(|kind| below.starts_with(kind.folder()));
        let module = below.with_extension("");
        let is_story = story.iter().any(|it| module.starts_with(it));
        let is_rust = below.extension().is_some_and(|it| it == "rs");
        if is_rust && !is_aside && !is_story && below.as_os_str() != "main.rs" {
            let text = fs::read_to_string(&file).unwrap();
            counted.push((below, lines(&text)));
        }
    }
    counted.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    counted
}

/// How `total` stands to the goal and to the ceiling.
fn says(total: usize, limit: &Limit) -> String {
    let Limit {
        chapters,
        goal,
        ceiling,
    } = limit;
    let (first, last) = (chapters.start(), chapters.end());
    let reached = match total.saturating_sub(*goal) {
        0 => "reached".to_string(),
        more => format!("not reached ({more} too many)"),
    };
    format!(
        "{first} to {last}: {total} lines; the goal of {goal} is {reached}; \
         the ceiling is {ceiling}"
    )
}

#[test]
fn the_chapters_do_not_grow() {
    let mut too_long = Vec::new();
    for limit in LIMITS {
        let (mut total, mut table) = (0, String::new());
        let chapters = workbook().unwrap().chapters.iter();
        for chapter in chapters.filter(|it| limit.chapters.contains(&it.number)) {
            let files = counted(chapter);
            let sum: usize = files.iter().map(|(_, lines)| lines).sum();
            let files = files
                .iter()
                .map(|(file, lines)| format!("{} {lines}", file.display()));
            let files = files.collect::<Vec<_>>().join(", ");
            table += &format!("\n{:5}  {}: {files}", sum, chapter.slug);
            total += sum;
        }
        let says = format!("{}{table}\n", says(total, &limit));
        println!("{says}");
        if total > limit.ceiling {
            too_long.push(says);
        }
    }
    assert!(
        too_long.is_empty(),
        "longer than before:\n{}",
        too_long.join("\n")
    );
}

/// A page of chapter 13 compares three echoes, and one of the figures is how long they are.
#[test]
fn the_three_echoes_are_as_long_as_their_page_says() {
    let read = |file: &str| fs::read_to_string(root().join(file)).unwrap();
    let echo = |program: &str, regions: &[&str]| -> usize {
        let text = read(&format!(
            "chapters/13-protocols/src/programs/echo_{program}.rs"
        ));
        let region = |name: &&str| {
            let start = format!("// ANCHOR: {name}\n");
            let (_, after) = text.split_once(&start).unwrap();
            lines(after.split_once("// ANCHOR_END:").unwrap().0)
        };
        regions.iter().map(region).sum()
    };
    let row = format!(
        "| lines of the echo | {} | {}, one of them the echo | {} |",
        echo("callbacks", &["watch", "echo"]),
        echo("protocol", &["protocol"]),
        echo("streams", &["echo"]),
    );
    let page = read("book/src/13-protocols.md");
    assert!(page.lines().any(|line| line == row), "not there: {row}");
}

#[test]
fn only_code_is_counted() {
    let text = "//! Why.\n\nfn one() {\n    // Two.\n    two(); // three\n}\n\n\
                #[cfg(test)]\nmod tests {\n    fn four() {}\n}\n";
    assert_eq!(lines(text), 3);
    let lib = "mod heap;\n#[cfg(feature = \"programs\")]\nmod taxi;\nmod time;\n\
               #[cfg(feature = \"programs\")]\npub use taxi::Taxi;\n";
    assert_eq!(story(lib), ["taxi"]);
    assert_eq!(lines(lib), 2);
}
