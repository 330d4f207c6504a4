//! The plan: every row once, and only chapters and rows that are in it.

use catalogue::Workbook;
use std::collections::BTreeSet;

#[test]
fn the_rows_are_p01_to_p53_once_each() {
    let plan = Workbook::open(crate::root()).unwrap().plan;
    let ids: Vec<&str> = plan.row.iter().map(|row| row.id.as_str()).collect();
    let wanted: Vec<String> = (1..=53).map(|n| format!("P{n:02}")).collect();
    assert_eq!(ids, wanted);
}

#[test]
fn every_row_names_articles_and_planned_chapters() {
    let plan = Workbook::open(crate::root()).unwrap().plan;
    let articles: BTreeSet<&str> =
        plan.article.iter().map(|a| a.letter.as_str()).collect();
    assert_eq!(articles, BTreeSet::from(["A", "B", "C", "D", "E"]));
    let chapters = plan.chapter.iter().map(|c| c.number);
    // The finished runtime, too.
    let chapters: BTreeSet<u32> = chapters.chain([catalogue::TAXI]).collect();
    for row in &plan.row {
        assert!(!row.from.is_empty(), "{} comes from nowhere", row.id);
        for letter in row.from.split(' ') {
            assert!(articles.contains(letter), "{} comes from {letter}", row.id);
        }
        for number in &row.chapters {
            assert!(
                chapters.contains(number),
                "{} names chapter {number}",
                row.id
            );
        }
        assert!(!row.chapters.is_empty(), "{}", row.id);
    }
}

#[test]
fn headers_name_only_rows_that_exist() {
    let book = Workbook::open(crate::root()).unwrap();
    let rows: BTreeSet<&str> = book.plan.row.iter().map(|row| row.id.as_str()).collect();
    let mut named = 0;
    for program in book.all().flat_map(|chapter| &chapter.programs) {
        for id in &program.header.rows {
            let file = program.file.display();
            assert!(rows.contains(id.as_str()), "{file} names {id}");
            named += 1;
        }
    }
    assert!(named > 0, "no header names a row");
}
