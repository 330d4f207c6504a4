//! Which task awaits which: for pictures of all tasks.
//!
//! It is looked at seldom, and noted with each wait: so what is noted is little, a pointer that tells who waits and one to
//! what it waits for.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Weak;
use std::task::Waker;

use task_cell::{TaskHandle, TaskInfo};

/// Tasks for whose ends somebody waits.
pub(crate) trait Children {
    /// Calls `tell` with each of those that are there.
    fn each_child(&self, tell: &mut dyn FnMut(&TaskHandle));
}

struct Note {
    /// The data of the waker of whoever waits.
    waiter: *const (),
    children: Weak<dyn Children>,
}

#[derive(Default)]
struct Notes {
    notes: Vec<Option<Note>>,
    /// The places in `notes` that are empty.
    free: Vec<usize>,
}

thread_local! {
    static NOTES: RefCell<Notes> = RefCell::default();
}

/// What somebody who waits has noted here, until this is dropped.
#[derive(Default)]
pub(crate) struct Noted(Cell<Option<usize>>);

impl Noted {
    /// Whoever has `waker` waits for `children`.
    pub(crate) fn note(&self, waker: &Waker, children: impl Fn() -> Weak<dyn Children>) {
        let waiter = waker.data();
        // While the thread ends nobody looks.
        let _gone = NOTES.try_with(|notes| {
            let Notes { notes, free } = &mut *notes.borrow_mut();
            if let Some(place) = self.0.get() {
                notes[place].iter_mut().for_each(|it| it.waiter = waiter);
                return;
            }
            let place = free.pop().unwrap_or(notes.len());
            if place == notes.len() {
                notes.push(None);
            }
            notes[place] = Some(Note {
                waiter,
                children: children(),
            });
            self.0.set(Some(place));
        });
    }

    /// Nobody waits any more.
    pub(crate) fn clear(&self) {
        if let Some(place) = self.0.take() {
            let _gone = NOTES.try_with(|notes| {
                let Notes { notes, free } = &mut *notes.borrow_mut();
                notes[place] = None;
                free.push(place);
            });
        }
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        self.clear();
    }
}

/// The number of the task, one of `tasks`, that awaits each of `tasks`, by place. `None`: none of them does, or one that
/// cannot be known.
///
/// It is known of whoever awaits a handle, alone or within a timeout, and of gather, wait, shield, wait_for and groups. It
/// is not known of what polls others in place, such as select and join, nor of as_completed.
///
/// ```
/// use combinators::{awaited_by, gather};
/// use event_loop::Clock;
/// use task_cell::{spawn, tasks};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let ride = spawn(std::future::pending::<()>()); // Task-2
///     let outer = spawn(ride); // Task-3
///     let _both = spawn(gather([outer])); // Task-4, since gather spawns a task that awaits `outer`
///     polling::yield_now().await;
///     polling::yield_now().await;
///     let waiters = awaited_by(&tasks());
///     assert_eq!(waiters, [None, Some(3), Some(4), Some(5), None]);
/// });
/// ```
pub fn awaited_by(tasks: &[TaskInfo]) -> Vec<Option<u64>> {
    let noted = noted();
    let own = tasks.iter().map(|it| (it.task.waker_data().0, it.id));
    let ids: HashMap<*const (), u64> = own.collect();
    let waiter = |it: &TaskInfo| {
        let (own, joiner) = it.task.waker_data();
        let waiter = joiner.or_else(|| noted.get(&own).copied())?;
        ids.get(&waiter).copied()
    };
    tasks.iter().map(waiter).collect()
}

/// Who waits, by whom they wait for, both as the data of their wakers.
fn noted() -> HashMap<*const (), *const ()> {
    // What is asked for its children may be the last of its kind when it is let go: not under the borrow.
    let all = NOTES.try_with(|notes| {
        let notes = notes.borrow();
        let each = notes.notes.iter().flatten();
        let all = each.filter_map(|it| Some((it.waiter, it.children.upgrade()?)));
        all.collect::<Vec<_>>()
    });
    let mut noted = HashMap::new();
    for (waiter, children) in all.unwrap_or_default() {
        children.each_child(&mut |child| {
            noted.insert(child.waker_data().0, waiter);
        });
    }
    noted
}
