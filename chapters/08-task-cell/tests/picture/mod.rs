//! A cell and who refers to it, counted in a real one: for the book's picture of it and for its table of counts. It is
//! a module of the library, since the counts are nobody else's business.
#![cfg(not(loom))]

#[allow(dead_code, reason = "the book's other pictures draw more with it")]
#[path = "../../../../tests/book/pictures/pen.rs"]
mod pen;

use std::cell::RefCell;
use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::{env, fs, mem, thread};

use polling::yield_now;
use wakers::ThreadPark;

use self::pen::{Picture, Point};
use super::header::Header;
use crate::Executor;

/// Local and remote.
type Counts = (isize, usize);

/// # Safety
///
/// The cell is not freed, and no other thread counts at this moment.
unsafe fn counts(cell: NonNull<Header>) -> Counts {
    // SAFETY: guaranteed by the caller.
    let header = unsafe { cell.as_ref() };
    (
        header.local_refs.get(),
        header.remote_refs.load(Ordering::SeqCst),
    )
}

fn elsewhere<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| scope.spawn(work).join().unwrap())
}

/// The counts after each event of the page's table, until the task's last turn.
fn life() -> Vec<Counts> {
    let mut executor = Executor::new(ThreadPark::new());
    let left: Arc<Mutex<Option<Waker>>> = Arc::default();
    let slot = Arc::clone(&left);
    let there = Rc::new(());
    let future = Rc::downgrade(&there);
    let mut waits = true;
    let handle = executor.spawn(poll_fn(move |context| {
        let _there = &there;
        if !mem::take(&mut waits) {
            return Poll::Ready(());
        }
        *slot.lock().unwrap() = Some(context.waker().clone());
        Poll::Pending
    }));
    let cell = handle.0.as_ptr();
    let life: Rc<RefCell<Vec<Counts>>> = Rc::default();
    let lines = Rc::clone(&life);
    let count = move || {
        assert!(future.strong_count() > 0, "its last turn is over");
        // SAFETY: the task is not over, so its life is a reference. Each thread is joined.
        lines.borrow_mut().push(unsafe { counts(cell) });
    };
    count();
    executor.run_until_complete(async {});
    count();
    let waker = left.lock().unwrap().take().unwrap();
    let clone = elsewhere(|| waker.clone());
    count();
    elsewhere(|| drop(clone));
    count();
    executor.run_until_complete(yield_now());
    count();
    executor.run_until_complete(async { drop(handle) });
    count();
    // It is in the queue before the letter is sent, so its turn comes before the task's.
    executor.call_soon(count.clone());
    elsewhere(|| waker.wake());
    count();
    executor.run_until_complete(yield_now());
    life.take()
}

const BOX: Point = (178.0, 44.0);
const LEFT: f64 = 150.0;

/// The cell while a telephone's thread has a clone of its waker.
fn picture((local, remote): Counts) -> Picture {
    let mut picture = Picture::new(
        270,
        "A cell is a header and behind it the future. Three references are counted in the plain number: the task's \
         life, its handle and its waker. One is counted in the atomic number: a clone that another thread has made.",
    );
    picture.text((LEFT + BOX.0 / 2.0, 22.0), "the cell", "name");
    let header = (LEFT, 36.0);
    picture.area(header, (BOX.0, 140.0), "pane");
    let middle = LEFT + BOX.0 / 2.0;
    picture.text((middle, 64.0), "header", "name");
    picture.text((middle, 108.0), &format!("local_refs  {local}"), "code");
    picture.text((middle, 146.0), &format!("remote_refs  {remote}"), "code");
    picture.area((LEFT, 176.0), (BOX.0, 72.0), "lit");
    picture.text((middle, 207.0), "the future,", "on-lit");
    picture.text((middle, 231.0), "later its output", "on-lit");
    let (owners, elsewhere) = (["its life", "handle", "waker"], ["clone"]);
    assert_eq!(
        usize::try_from(local),
        Ok(owners.len()),
        "one of them has no name"
    );
    assert_eq!(remote, elsewhere.len(), "one of them has no name");
    for (place, name) in owners.into_iter().enumerate() {
        draw_owner(&mut picture, (12.0, 52.0 + 50.0 * place as f64), name);
    }
    for (place, name) in elsewhere.into_iter().enumerate() {
        draw_owner(&mut picture, (438.0, 122.0 + 50.0 * place as f64), name);
    }
    picture.line((382.0, 14.0), (382.0, 256.0), "thin dashed");
    picture.text((64.0, 22.0), "counted locally", "said");
    picture.text((462.0, 22.0), "remotely", "said");
    picture
}

/// Somebody who refers to the cell.
fn draw_owner(picture: &mut Picture, at: Point, name: &str) {
    picture.area(at, (82.0, 38.0), "fill");
    picture.text((at.0 + 41.0, at.1 + 25.0), name, "");
    let height = at.1 + 19.0;
    if at.0 < LEFT {
        picture.arrow((at.0 + 86.0, height), (LEFT - 5.0, 90.0 + height / 8.0), "");
    } else {
        picture.arrow((at.0 - 4.0, height), (LEFT + BOX.0 + 5.0, height), "call");
    }
}

fn book(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../book")
        .join(file)
}

#[test]
fn the_picture_of_the_cell_is_true() {
    let drawn = picture(life()[2]).svg();
    let file = book("drawings/cell.svg");
    if env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
        fs::write(&file, &drawn).unwrap();
    }
    let shown = fs::read_to_string(file).unwrap_or_default();
    assert_eq!(
        shown.replace("\r\n", "\n"),
        drawn,
        "INSTA_UPDATE=always draws it anew"
    );
}

#[test]
fn the_table_of_counts_is_true() {
    let page = fs::read_to_string(book("src/08-task-cell/cell.md")).unwrap();
    let (_, table) = page
        .split_once("| what happens | local | remote | sum |")
        .unwrap();
    let (rows, life) = (table.lines().skip(2), life());
    assert_eq!(life.len(), 8, "somebody counted too late, and was told so");
    for (row, (local, remote)) in rows.zip(life) {
        let sum = local.wrapping_add_unsigned(remote);
        let counts = format!(" | {local} | {remote} | {sum} |");
        assert!(row.ends_with(&counts), "{row}\nit is {counts}");
    }
}
