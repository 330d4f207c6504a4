//! The book: mdBook as a library, directives of our own, and the rules that a page must keep.
//!
//! A page holds no code and no output of its own. It names them, and they come from files that are compiled, run and
//! compared by the tests.
//!
//! # Directives
//!
//! Each stands alone on its line, in a chapter's page `book/src/NN-name.md` or a page below it,
//! `book/src/NN-name/….md`. The chapter follows from the page's path; another chapter's program is written `2/taxi`.
//!
//! | directive | becomes |
//! |---|---|
//! | `{{code: src/heap.rs#push}}` | the lines between `// ANCHOR: push` and `// ANCHOR_END: push` (in Python `# ANCHOR: …`), dedented, without markers of regions and holes, hooks, and examples of documentation; captioned with its file and line. Without `#push`, the whole file less its `//!` header. Paths are relative to the chapter's folder, or, with a `/` before them, to the workspace. |
//! | `{{transcript: taxi}}` | the command that runs the program, and what it prints |
//! | `{{transcript: taxi 1-12 48-}}` | those lines of it, with a mark where others are left out, and the whole to unfold |
//! | `{{command: run 2 taxi --seed 7}}` | `cargo run -- run 2 taxi --seed 7`. The chapter, the program, the hole and the flags must exist. `{{command:}}` is `cargo run`; `{{command: -p ch02-event-loop -- taxi}}` names the package; `--release` may come first. |
//! | `{{twin: taxi}}`, `{{twin: taxi#loop}}` | the program's Python twin less its docstring, or a region of it; then a link to the transcript that it shares, or its own transcript and the reason (from `twin: own, …` in the program's header; lines may be chosen as for a transcript) |
//! | `{{broken: max-heap}}`, `{{broken: max-heap#loop 1-9}}` | a broken twin: its code and its transcript, marked as wrong |
//! | `{{draft: unlisted}}` | the change beside a broken twin, `src/broken/unlisted.diff`, that makes the library itself fail so, and what a sanitizer says then |
//! | `{{error: yield-keyword}}` | a file of `src/wont_compile`, and what the compiler says to it |
//! | `{{exercise-hole: push}}` | a hole: its number, what belongs there, and the commands to practise it |
//! | `{{library: 2}}` | every file of that chapter's library, in the order in which the chapter's pages first quote them, folded. It costs no reading time, is not searched, and is not printed. |
//! | `{{ladder: 2}}` | the chapter's ladder: its rungs by their titles, and the commands that set and check them |
//! | `{{goal: two-garages}}` | what that program prints, without its code: for the reader who is to write it |
//! | `{{solution: two-garages}}` | a program of `src/solutions`, its code and its transcript, folded |
//! | `{{stepper: taxi}}`, `{{stepper: taxi --seed 7 predict}}` | a run to be played step by step: its timeline, a table of its steps, its trace, and the script that plays it. With `predict` it asks what comes next. |
//! | `{{timeline: taxi --seed 7}}` | the timeline of a run |
//! | `{{trace-json: 2/late 1-9}}` | those events of a run's trace, as they stand in the document |
//! | `{{trace-format: What}}` | a type of the trace's format as a table |
//! | `{{programs}}` | the chapter's programs with their commands |
//! | `{{drawing: heap}}` | the picture `book/drawings/heap.svg`, which says in its `<title>` what it shows |
//! | `{{chart: spawn yield}}`, `{{chart: echo system-calls}}` | those rows of the benchmarks as bars, from the records in `book/bench`, and as a table, folded; what else than `time`: `to-tokio`, `to-limit`, `instructions`, `allocations`, `atomics`, `system-calls`, `bytes`. A reader's own record, `book/bench/mine.json`, is laid beside. |
//! | `{{python-names}}` | every name of `book/python.toml`, with a heading that the search finds |
//! | `{{chapters}}`, `{{from-asyncio}}`, `{{sources}}` | the tables of the introduction and the appendices |
//!
//! `code`, `transcript`, `twin`, `broken` and `error` may end in `folded`, as in `{{twin: taxi folded}}`: then the reader
//! unfolds it.
//!
//! One stands within a line: `{{step: taxi polled taxi A 2}}` is a link to the second event of the kind `polled` about
//! `taxi A` in the stepper of `taxi` (the page's own, else the first of the book), and its text is what that event says.
//! Tasks go by their names, timers, callbacks and sockets by their numbers, printed lines by what they say; without a
//! name it is any event of the kind, as in `{{step: taxi jumped 3}}`.
//!
//! So does a figure: `{{figure: spawn ours instructions}}` is what the latest record that has the row `spawn` says of that
//! side, and `{{figure: start thread/ours time}}` how many times as much the one side took as the other.
//!
//! What steppers and timelines show is recorded by the chapters, built with the feature `trace/record`, and stored in
//! [`STORE`], so that a first book need not wait for that. `INSTA_UPDATE=always cargo test --package workbook-tests --test
//! traces -- stored` writes the store anew. A run that is not in it, or that quotes a file which has changed since, is
//! recorded while the book is built, and kept in the target folder.
//!
//! A question and its answer, to be unfolded (Markdown and directives work within the answer):
//!
//! ```text
//! > A taxi yields a time in the past. What does the loop do?
//! >> It resumes it at once, and the clock does not go back.
//! ```
//!
//! # Rules
//!
//! Each of these fails the build, with the file and where possible the line:
//!
//! - a directive that is unknown (mdBook's own `{{#…}}` too), that does not stand alone, or that names a file, a
//!   region, a program, a hole, a flag or a snapshot which does not exist;
//! - a run that cannot be recorded: its chapter does not compile, it does not end in time or as its header says, or what
//!   it left cannot have happened; a step that is not in it;
//! - code written into a page. In pages that belong to no chapter, a fence of `sh` is allowed;
//! - a piece of code or of a transcript over [`LONGEST_LISTING`] lines, or with a line of code that is wider than the
//!   page, unless it is folded;
//! - a chapter's page without its parts: a title; `Rust you need here`, a list of one to three items; `Where we are`,
//!   `Predict`, `Build…`, `Run it`, `Check yourself`; and at the end `Where this comes from`;
//! - a listing with methods of a type that no listing before it shows, on its page or an earlier one;
//! - a chapter's page without `{{library: N}}`, its own;
//! - a chapter's page outside [`WORDS_OF_A_CHAPTER`] words of prose; a page below it has no lower bound;
//! - a program, step, broken twin, draft, refused file or solution that no page shows, a hole that no page names, and a
//!   ladder that no page sets;
//! - a row of the articles' list that a written chapter should run and no program's header there names, and a header
//!   that names no such row;
//! - a link or a fragment in the built pages that leads nowhere; anything that a built page loads from elsewhere;
//! - a chart or a figure of what is not recorded (unless nothing is: then it says so), and a record that cannot be read;
//! - whatever mdBook warns of.
//!
//! [`build`] goes on after a problem, to find them all; `pages build` then exits with 1. `pages serve` prints them and
//! serves the book nevertheless: a reader at work on a chapter may break a rule, and must not lose the book by it.
//!
//! A stock `mdbook build` calls `pages preprocess` and stops at all of these but the last two: it has no built pages
//! to check the links of yet, and mdBook prints its warnings itself.
//!
//! # Reading time
//!
//! Under the title of a chapter's page: its words at 160 a minute, three seconds for each line of code that stands open,
//! one for each line of output, and two minutes for each run that is played; rounded up.
#![forbid(unsafe_code)]

mod book;
mod chart;
mod command;
mod coverage;
mod directive;
mod drawing;
mod exchange;
mod expand;
mod figure;
mod fill;
mod format;
mod html;
mod ladder;
mod library;
mod links;
mod listing;
mod measured;
#[cfg(unix)]
mod ours;
mod outline;
mod problem;
mod python;
mod read;
mod request;
mod rules;
mod serve;
mod show;
mod site;
mod sources;
mod step;
mod stepper;
mod tables;
mod traces;
mod types;
mod warnings;
mod watch;

pub use book::{Built, build, check, preprocess};
pub use listing::LONGEST as LONGEST_LISTING;
#[cfg(unix)]
pub use ours::{News, Ours};
pub use problem::Problem;
pub use read::Reading;
pub use rules::WORDS as WORDS_OF_A_CHAPTER;
pub use serve::Desk;
pub use traces::{STORE, recordings};
