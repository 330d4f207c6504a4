//! What the ladders' files must say. No package has them as its own, so no lint looks at them.

use std::collections::BTreeSet;
use std::fs;

use catalogue::Chapter;
use catalogue::ladders::{Ladder, Rung};
use workbook_tests::chapters::workbook;

use crate::assert_none;

/// Each chapter that has a ladder.
fn ladders() -> impl Iterator<Item = (&'static Chapter, Ladder)> {
    let chapters = workbook().unwrap().chapters.iter();
    chapters.filter_map(|it| Some((it, Ladder::of(it).unwrap()?)))
}

/// Our file after the rung `place`, and what it is called.
fn solution(chapter: &Chapter, place: usize) -> (String, String) {
    let name = format!("ladder/solution/{place}.rs");
    let text = fs::read_to_string(chapter.dir.join(&name)).unwrap();
    (text, format!("{}: {name}", chapter.slug))
}

/// The waker by hand is what chapter 8's is about.
#[test]
fn no_ladder_but_the_task_cells_has_unsafe_code_and_there_each_piece_says_why() {
    let mut broken = Vec::new();
    for (chapter, ladder) in ladders() {
        for place in 1..=ladder.rungs.len() {
            let (text, name) = solution(chapter, place);
            if chapter.name != "task-cell" && text.contains("unsafe") {
                broken.push(format!("{name} has unsafe code"));
            }
            let bare =
                undocumented(&text).map(|line| format!("{name}: {line} says no SAFETY"));
            broken.extend(bare);
        }
    }
    assert_none("unsafe code on a ladder", broken);
}

/// The lines that open an `unsafe` block with no `// SAFETY:` in the comment above.
fn undocumented(text: &str) -> impl Iterator<Item = &str> {
    let mut documented = false;
    text.lines().filter(move |line| {
        let comment = line.trim_start().starts_with("//");
        let bare = line.contains("unsafe {") && !comment && !documented;
        documented = comment && (documented || line.contains("// SAFETY:"));
        bare
    })
}

#[test]
fn an_unsafe_block_without_a_reason_is_found() {
    let text =
        "// SAFETY: why,\n// and how\nunsafe { a }\nunsafe { b }\n// c\nunsafe { d }\n";
    let found: Vec<&str> = undocumented(text).collect();
    assert_eq!(found, ["unsafe { b }", "unsafe { d }"]);
}

/// Else a reader who has not been there is told by the compiler that something is missing from the wrong file.
#[test]
fn a_rung_says_on_which_other_ladders_it_stands() {
    let all: Vec<(&Chapter, Ladder)> = ladders().collect();
    let mut broken = Vec::new();
    for (chapter, ladder) in &all {
        // What an earlier rung stands on, a later one does.
        let mut named = BTreeSet::new();
        for (place, rung) in (1..).zip(&ladder.rungs) {
            named.extend(rung.needs.iter().filter_map(|it| it.split('.').next()));
            let check = fs::read_to_string(&rung.file).unwrap();
            let (ours, _) = solution(chapter, place);
            for (_, other) in &all {
                let used = check.contains(&format!("mine::{}::", other.module))
                    || ours.contains(&format!("crate::{}::", other.module));
                let own = other.chapter == ladder.chapter;
                if used && !own && !named.contains(&*other.chapter.to_string()) {
                    let (number, on) = (&rung.number, other.chapter);
                    broken.push(format!("{number} uses what is written in chapter {on}"));
                }
            }
        }
    }
    assert_none("`needs:` of a rung", broken);
}

/// Where nobody has been can no rung stand.
#[test]
fn a_rung_stands_on_earlier_chapters_rungs() {
    let all: Vec<Ladder> = ladders().map(|(_, ladder)| ladder).collect();
    let rungs = || all.iter().flat_map(|ladder| &ladder.rungs);
    let before = |on: &str, rung: &Rung| {
        let found = rungs().position(|it| it.number == on);
        let own = rungs().position(|it| it.number == rung.number);
        found.is_some() && found < own
    };
    let mut broken = Vec::new();
    for rung in rungs() {
        let wrong = rung.needs.iter().filter(|on| !before(on, rung));
        broken.extend(wrong.map(|on| format!("{} stands on {on}", rung.number)));
    }
    assert_none("`needs:` of a rung", broken);
}
