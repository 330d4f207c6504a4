//! All tasks as a tree: who awaits whom, and at which line.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use combinators::awaited_by;
use task_cell::TaskInfo;

use crate::metrics::runtime_name;

/// How many tasks are printed.
const MOST: usize = 1000;

/// How far a task is indented at most: what is deeper stands as deep as this.
const DEEPEST: usize = 32;

/// The tasks of a loop, and which of them awaits which; made by [`tree()`].
///
/// Printed, each task has a line: its name, what it is doing, where it was spawned, and where it waits for what. Below it,
/// and further to the right, are those that it awaits. `{:#}` prints the numbers of the lines, too. It prints a thousand
/// tasks at most, and says how many more there are. Of a [runtime with a name](crate::Builder::name) it begins with that, and
/// how many they are.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The name of their runtime, if it has one.
    runtime: Option<Rc<str>>,
    tasks: Vec<TaskInfo>,
    /// By place: the places of those that it awaits.
    awaits: Vec<Vec<usize>>,
    /// The places of those that nobody awaits.
    tops: Vec<usize>,
}

/// All tasks of the loop that is running, the root among them, as they are now: asyncio's `print_call_graph` of every task,
/// or its `pstree` from within.
///
/// Who awaits whom is known of handles, also within a timeout, and of gather, wait, shield, wait_for and groups. Tasks
/// that are awaited in another way (by select, join or race; by way of a channel) stand at the left, like those that nobody
/// awaits.
///
/// ```
/// use taxi::time::sleep;
///
/// taxi::test::run(async {
///     let ride = taxi::spawn_named("ride", sleep(std::time::Duration::from_secs(9)));
///     let _boss = taxi::spawn_named("boss", async { ride.await });
///     taxi::yield_now().await;
///     let tree = taxi::tree().to_string();
///     let lines: Vec<&str> = tree.lines().collect();
///     assert!(lines[0].starts_with("Task-1 running, the root in "));
///     assert!(lines[1].starts_with("boss waiting, spawned in ") && lines[1].contains(", join in "));
///     assert!(lines[2].starts_with("└─ ride waiting, spawned in "));
/// });
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn tree() -> Tree {
    let tasks = task_cell::tasks();
    let places: BTreeMap<u64, usize> = tasks.iter().map(|it| it.id).zip(0..).collect();
    let mut tree = Tree {
        runtime: runtime_name(),
        awaits: vec![Vec::new(); tasks.len()],
        tops: Vec::new(),
        tasks: Vec::new(),
    };
    for (place, waiter) in awaited_by(&tasks).into_iter().enumerate() {
        match waiter.and_then(|id| places.get(&id)) {
            Some(&waiter) => tree.awaits[waiter].push(place),
            None => tree.tops.push(place),
        }
    }
    tree.tasks = tasks;
    tree
}

/// A line that is still to be printed.
struct Line {
    place: usize,
    depth: usize,
    /// Of those that its waiter awaits, it is the last.
    last: bool,
}

impl Tree {
    /// The tasks, oldest first.
    pub fn tasks(&self) -> &[TaskInfo] {
        &self.tasks
    }

    fn children(&self, place: usize, depth: usize) -> impl Iterator<Item = Line> + '_ {
        let children = self.awaits[place].iter().rev().enumerate();
        children.map(move |(index, &place)| Line {
            place,
            depth: depth + 1,
            last: index == 0,
        })
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.runtime {
            let number = self.tasks.len();
            let s = if number == 1 { "" } else { "s" };
            writeln!(f, "{name}: {number} task{s}")?;
        }
        let mut printed = vec![false; self.tasks.len()];
        let mut count = 0;
        // What goes on to the left of a line: for each depth, whether others come below.
        let mut open: Vec<bool> = Vec::new();
        // Those that nobody awaits; and after them each that was not met, since it awaits itself by way of others.
        for top in self.tops.iter().copied().chain(0..self.tasks.len()) {
            if printed[top] {
                continue;
            }
            // Not by recursion: a chain of tasks may be long.
            let mut lines = vec![Line {
                place: top,
                depth: 0,
                last: true,
            }];
            while let Some(Line { place, depth, last }) = lines.pop() {
                if count == MOST {
                    return writeln!(f, "… and {} more", self.tasks.len() - count);
                }
                open.truncate(depth.saturating_sub(1));
                indent(f, &open, depth, last)?;
                open.push(!last);
                let task = &self.tasks[place];
                if printed[place] {
                    writeln!(f, "{} again: they await each other", task.name)?;
                    continue;
                }
                (printed[place], count) = (true, count + 1);
                match f.alternate() {
                    true => writeln!(f, "{task:#}")?,
                    false => writeln!(f, "{task}")?,
                }
                lines.extend(self.children(place, depth));
            }
        }
        Ok(())
    }
}

/// The lines of the tree that go past a task, and the one that leads to it.
fn indent(
    f: &mut fmt::Formatter<'_>,
    open: &[bool],
    depth: usize,
    last: bool,
) -> fmt::Result {
    let Some(before) = depth.checked_sub(1) else {
        return Ok(());
    };
    for goes_on in &open[..before.min(DEEPEST)] {
        f.write_str(if *goes_on { "│  " } else { "   " })?;
    }
    if depth > DEEPEST {
        write!(f, "({depth} deep) ")?;
    }
    f.write_str(if last { "└─ " } else { "├─ " })
}
