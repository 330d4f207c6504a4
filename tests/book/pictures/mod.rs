//! Pictures of what lies in memory. They are drawn from values that the code gives, so a change of the code that
//! makes a picture untrue fails here. `INSTA_UPDATE=always` draws them anew.

mod buffers;
mod heap;
mod moved;
mod pen;
mod round;
mod wake;

use std::{env, fs};

use pen::Picture;
use workbook_tests::root;

#[test]
fn the_heap_is_drawn_as_it_is() {
    same_picture("heap", &heap::picture());
}

#[test]
fn a_future_is_drawn_before_a_move_and_after_it() {
    same_picture("moved", &moved::picture());
}

#[test]
fn a_poll_is_drawn_and_the_wake_that_answers_it() {
    same_picture("poll-and-wake", &wake::picture());
}

#[test]
fn a_round_is_drawn_as_it_was_recorded() {
    same_picture("round", &round::picture());
}

#[test]
fn buffers_are_drawn_with_their_marks() {
    same_picture("buffers", &buffers::picture());
}

/// Holds the picture that the book shows to the one that was just drawn.
fn same_picture(name: &str, drawn: &Picture) {
    let file = root().join(format!("book/drawings/{name}.svg"));
    let drawn = drawn.svg();
    if env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
        fs::write(&file, &drawn).unwrap();
    }
    let shown = fs::read_to_string(&file).unwrap_or_default();
    let shown = shown.replace("\r\n", "\n");
    let changed = similar::TextDiff::from_lines(&shown, &drawn);
    let lines = changed.unified_diff().context_radius(0).to_string();
    assert!(
        shown == drawn,
        "{name}.svg does not show what is there. Look at it after INSTA_UPDATE=always.\n{lines}"
    );
}
