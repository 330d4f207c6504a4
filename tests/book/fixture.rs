//! A small workbook of one chapter, whole and sound until a test breaks it.

use std::fs;
use std::path::{Path, PathBuf};

/// A workbook in a folder of its own.
pub(crate) struct Fixture {
    folder: tempfile::TempDir,
}

/// A sound page of the chapter; `WORDS` stands for enough prose.
const PAGE: &str = "\
# Demo

## Rust you need here

- Traits.
- Closures.

## Where we are

WORDS

## Predict

What does it print?

## Build: a greeting

{{code: src/lib.rs#greet}}

{{broken: shouts}}

{{error: mute}}

## Run it

{{transcript: hello}}

{{transcript: long 1-2 40-}}

{{twin: hello}}

{{twin: long#loop 1-1}}

## Check yourself

> What is `1 + 1`?
>> It is **two**, see [the glossary](glossary.md).

{{exercise-hole: greet}}

{{solution: politely}}

{{command: run 1 hello --name Ada}}

## Where this comes from

- [A place far away](https://example.org/).

{{library: 1}}
";

impl Fixture {
    /// A workbook that nothing is wrong with.
    pub(crate) fn new() -> Fixture {
        let fixture = Fixture {
            folder: tempfile::tempdir().unwrap(),
        };
        for (file, text) in FILES {
            fixture.write(file, text);
        }
        let long: Vec<String> = (1..=45).map(|n| format!("line {n}")).collect();
        fixture.snapshot("hello", "hello");
        fixture.snapshot("long", &long.join("\n"));
        fixture.snapshot("long.py", "line one");
        fixture.snapshot("shouts", "HELLO");
        fixture.snapshot("mute", "error[E0425]: cannot find `say`");
        fixture.snapshot("politely", "good day");
        let words = "Prose of five plain words. ".repeat(220);
        fixture.write("book/src/01-demo.md", &PAGE.replace("WORDS", &words));
        fixture
    }

    /// The same, with `from` replaced by `to` in `file`.
    pub(crate) fn but(self, file: &str, from: &str, to: &str) -> Fixture {
        let text = fs::read_to_string(self.root().join(file)).unwrap();
        assert!(text.contains(from), "{file} does not contain {from:?}");
        self.write(file, &text.replacen(from, to, 1));
        self
    }

    /// The same, with `text` in `file`.
    pub(crate) fn with(self, file: &str, text: &str) -> Fixture {
        self.write(file, text);
        self
    }

    /// The same, with a draft beside the broken twin, which the page shows.
    pub(crate) fn with_draft(self) -> Fixture {
        self.snapshot("shouts.report", "heap-use-after-free");
        let draft = "//! Shouts for real.\n\n--- a/lib.rs\n+++ b/lib.rs\n@@ -1 +1 @@\n-quiet\n+LOUD\n";
        let twin = "{{broken: shouts}}\n";
        self.with("chapters/01-demo/src/broken/shouts.diff", draft)
            .but(
                "book/src/01-demo.md",
                twin,
                &format!("{twin}\n{{{{draft: shouts}}}}\n"),
            )
    }

    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Builds its book: the folder, and the problems.
    pub(crate) fn build(&self) -> (PathBuf, Vec<String>) {
        let built = pages::build(self.root(), &self.root().join("target/book")).unwrap();
        let problems = built.problems.iter().map(ToString::to_string).collect();
        (built.dir, problems)
    }

    /// The problems of its pages, before they are rendered.
    pub(crate) fn problems(&self) -> Vec<String> {
        let problems = pages::check(self.root()).unwrap();
        problems.iter().map(ToString::to_string).collect()
    }

    /// The HTML of its page `page`.
    pub(crate) fn html(&self, page: &str) -> String {
        let (dir, problems) = self.build();
        assert_eq!(problems, Vec::<String>::new());
        fs::read_to_string(dir.join(page)).unwrap()
    }

    fn snapshot(&self, name: &str, body: &str) {
        let text = format!("---\nsource: tests/transcripts.rs\n---\n{body}\n");
        self.write(&format!("tests/snapshots/01-demo/{name}.snap"), &text);
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

const FILES: [(&str, &str); 18] = [
    (
        "book/plan.toml",
        "[[milestone]]\nname = \"First\"\nthrough = 1\n\
         [[chapter]]\nnumber = 1\nname = \"demo\"\npart = \"I\"\nadds = \"a greeting\"\n\
         [[chapter]]\nnumber = 2\nname = \"later\"\npart = \"I\"\nadds = \"a farewell\"\n\
         [[article]]\nletter = \"A\"\nabout = \"notes\"\n\
         [[row]]\nid = \"P01\"\nfrom = \"A\"\nwhat = \"says hello\"\nchapters = [1, 2]\n",
    ),
    (
        "book/book.toml",
        "[book]\ntitle = \"Fixture\"\n[build]\ncreate-missing = false\n\
         [preprocessor.workbook]\ncommand = \"false\"\nbefore = [\"links\"]\n\
         [output.html]\nhash-files = false\nadditional-css = [\"theme/own.css\"]\n\
         [output.html.playground]\nrunnable = false\n\
         [output.html.search]\nenable = false\n",
    ),
    // mdBook copies its own fonts unless the theme has some; they cost most of a small book's time.
    ("book/theme/fonts/fonts.css", "/* none */\n"),
    ("book/theme/own.css", "p { color: inherit; }\n"),
    (
        "book/src/SUMMARY.md",
        "# Summary\n\n[Introduction](introduction.md)\n\n- [Demo](01-demo.md)\n\
         - [Later]()\n- [Glossary](glossary.md)\n- [Sources](sources.md)\n",
    ),
    (
        "book/src/introduction.md",
        "# Introduction\n\n{{chapters}}\n\n{{from-asyncio}}\n\n```sh\ncargo run\n```\n",
    ),
    ("book/src/glossary.md", "# Glossary\n\n## Words\n\nNone.\n"),
    ("book/src/sources.md", "# Sources\n\n{{sources}}\n"),
    (
        "chapters/01-demo/Cargo.toml",
        "[package]\nname = \"ch01-demo\"\ndescription = \"a greeting\"\n",
    ),
    (
        "chapters/01-demo/src/main.rs",
        "//! Programs.\nchapter::main! {\n    programs: hello, long;\n    broken: shouts;\n    solutions: politely;\n}\n",
    ),
    (
        "chapters/01-demo/src/lib.rs",
        "//! A greeting.\n\nmod inner {\n    // ANCHOR: greet\n    /// Says <hello>.\n    pub fn greet() {\n        \
         // hole: greet — says the word\n        // tried by: hello\n        // also: contracts\n        let word = \"hello\";\n        \
         // end hole\n        say!(\"{{word}}\");\n    }\n    // ANCHOR_END: greet\n}\n",
    ),
    (
        "chapters/01-demo/src/programs/hello.rs",
        "//! Says hello.\n//!\n//! rows: P01\n//! twin: same\n//! flag: --name WHO  whom to greet\n\nfn run() {}\n",
    ),
    (
        "chapters/01-demo/src/programs/hello.py",
        "\"\"\"Says hello.\n\nIn Python.\n\"\"\"\n\nprint(\"hello\")\n",
    ),
    (
        "chapters/01-demo/src/programs/long.rs",
        "//! Counts.\n//!\n//! twin: own, it says the number as a word\n\nfn run() {}\n",
    ),
    (
        "chapters/01-demo/src/programs/long.py",
        "\"\"\"Counts.\"\"\"\n# ANCHOR: loop\nprint(\"line one\")\n# ANCHOR_END: loop\n",
    ),
    (
        "chapters/01-demo/src/broken/shouts.rs",
        "//! Shouts.\n\nfn run() { shout(); }\n",
    ),
    (
        "chapters/01-demo/src/wont_compile/mute.rs",
        "//! Cannot speak.\n\nfn run() { say(); }\n",
    ),
    (
        "chapters/01-demo/src/solutions/politely.rs",
        "//! Is polite.\n\nfn run() { bow(); }\n",
    ),
];
