//! Chapter 3: a future that remembers where its variable is, before a move and after it. What it holds is read from
//! the program `moved`, and where `next` points from what that program prints.

use std::fs;

use workbook_tests::root;

use super::pen::{Picture, Point};

const ROW: Point = (184.0, 40.0);

struct Moved {
    streets: Vec<String>,
    /// Which of the streets is remembered.
    remembered: usize,
    /// Whether `next` points into the future itself: where it stays, and after the move.
    points_inside: [bool; 2],
}

fn read(file: &str) -> String {
    let text = fs::read_to_string(root().join(file)).unwrap();
    text.replace("\r\n", "\n")
}

/// What stands between `begin` and `end`.
fn between<'t>(text: &'t str, begin: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(begin).unwrap();
    rest.split_once(end).unwrap().0
}

fn moved() -> Moved {
    let program = read("chapters/03-polling/src/broken/moved.rs");
    let streets = between(&program, "streets: [\"", "\"],").split("\", \"");
    let remembered = between(&program, "&raw const self.streets[", "]");
    let printed = read("tests/snapshots/03-polling/moved.snap");
    let points = |run| between(&printed, run, "\n").ends_with("Ready(true)");
    Moved {
        streets: streets.map(str::to_string).collect(),
        remembered: remembered.parse().unwrap(),
        points_inside: ["it stays:", "it is moved:"].map(points),
    }
}

pub(super) fn picture() -> Picture {
    let moved = moved();
    let mut picture = Picture::new(
        250,
        "A future before a move and after it. Before, its field next points at its own second street. After, all \
         fields have been copied to another place, and next points back to the old one.",
    );
    let (before, after) = ((46.0, 40.0), (336.0, 40.0));
    let middle = |at: Point| (at.0 + ROW.0 / 2.0, 22.0);
    picture.text(middle(before), "before the move", "name");
    picture.text(middle(after), "after the move", "name");
    for (at, class) in [(before, "fill dashed"), (after, "fill")] {
        for (row, street) in moved.streets.iter().enumerate() {
            let target = row == moved.remembered && at == before;
            draw_row(
                &mut picture,
                at,
                row,
                street,
                if target { "lit" } else { class },
            );
        }
        draw_row(&mut picture, at, moved.streets.len(), "next", class);
    }
    let here = |at: Point, row: usize| at.1 + ROW.1 * (row as f64 + 0.5);
    let next = moved.streets.len();
    for (at, inside) in [before, after].into_iter().zip(moved.points_inside) {
        let from = (at.0 - 4.0, here(at, next));
        let to = here(at, moved.remembered);
        if inside {
            let by = (at.0 - 62.0, (from.1 + to) / 2.0);
            picture.bent_arrow(from, by, (at.0 - 5.0, to), "");
        } else {
            let old = (before.0 + ROW.0 + 6.0, to);
            picture.bent_arrow(from, (at.0 - 50.0, from.1 - 4.0), old, "wrong");
        }
    }
    let below = here(before, next) + ROW.1 / 2.0 + 32.0;
    picture.text((middle(before).0, below), "no longer ours", "said");
    picture.text((middle(after).0, below), "the same bytes", "said");
    picture
}

fn draw_row(picture: &mut Picture, at: Point, row: usize, words: &str, class: &str) {
    let at = (at.0, at.1 + ROW.1 * row as f64);
    picture.area(at, ROW, class);
    let is_next = words == "next";
    let ink = if class == "lit" { " on-lit" } else { "" };
    let words_class = if is_next { "code" } else { ink.trim() };
    if !is_next {
        let index = format!("[{row}]");
        picture.text((at.0 + 24.0, at.1 + 26.0), &index, &format!("code{ink}"));
    }
    let x = at.0 + ROW.0 / 2.0 + if is_next { 0.0 } else { 18.0 };
    picture.text((x, at.1 + 26.0), words, words_class);
}
