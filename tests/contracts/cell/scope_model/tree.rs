//! Random programs: trees of futures, and what happens to them from outside.

use std::fmt;

use fastrand::Rng;

pub(crate) const GATES: usize = 2;
pub(crate) const SLOTS: usize = 2;

/// Of a task's tree.
const DEPTH: usize = 5;

/// What a node of a tree does. A child that is missing is a future that is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Ready,
    Forever,
    /// Gives way so many times.
    Yield(u8),
    /// For so many milliseconds.
    Sleep(u8),
    /// Until somebody outside opens it.
    Gate(usize),
    /// Asks the task of this number to end, which may be its own. It does not suspend.
    Cancel(usize),
    /// Awaits `Cancelled::resume`.
    Resume,
    /// One child after the other.
    Seq,
    /// `catch_cancel` of the first child; the second one cleans up. The future of it may stay where it is when it is
    /// over, until the clean-up is.
    Scope {
        resumes: bool,
        stays: bool,
    },
    Timeout(u8),
    /// The first two children, until one of them is ready.
    Select(Loser),
    Join,
    /// All children but the first in a `FuturesUnordered`, of which it awaits so many values. Then the first one.
    Unordered {
        takes: u8,
        keeps: bool,
    },
    /// Polls its child once, and puts it into a slot if it is pending.
    Keep(usize),
    /// Polls what is in the slot once, and leaves it there if it is pending.
    Peek(usize),
    /// Takes what is in the slot, and awaits it, in whatever task.
    Await(usize),
    /// Drops what is in the slot.
    Drop(usize),
}

/// What becomes of the future that was slower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loser {
    Dropped,
    Awaited,
    /// By the macro `select_biased!`, and dropped at its end.
    Biased,
}

#[derive(Clone)]
pub(crate) struct Tree {
    /// Its name in the log.
    pub id: usize,
    pub op: Op,
    pub children: Vec<Tree>,
}

/// What happens from outside.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    Cancel(usize),
    /// Ends the task without asking.
    Abort(usize),
    Open(usize),
    /// Those that are ready have their turn.
    GiveWay,
}

#[derive(Clone)]
pub(crate) struct Program {
    /// The tasks, whose numbers begin with 1.
    pub tasks: Vec<Tree>,
    /// After so many milliseconds, all of these.
    pub script: Vec<(u8, Vec<Act>)>,
}

impl Tree {
    /// A future that is ready.
    fn ready(id: usize) -> Tree {
        let op = Op::Ready;
        let children = Vec::new();
        Tree { id, op, children }
    }

    pub(crate) fn child(&self, place: usize) -> Tree {
        let child = self.children.get(place).cloned();
        child.unwrap_or_else(|| Tree::ready(self.id))
    }

    fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }
}

struct Maker {
    random: Rng,
    tasks: usize,
    last_id: usize,
}

pub(crate) fn program(seed: u64) -> Program {
    let mut random = Rng::with_seed(seed);
    let tasks = random.usize(1..=2);
    let mut maker = Maker {
        random,
        tasks,
        last_id: 0,
    };
    let tasks = (0..tasks).map(|_| maker.tree(DEPTH)).collect();
    let acts = maker.random.usize(1..6);
    let script = (0..acts).map(|_| (maker.delay(), maker.acts())).collect();
    Program { tasks, script }
}

impl Maker {
    /// Short, so that much falls on the same instant.
    fn delay(&mut self) -> u8 {
        self.random.u8(..4)
    }

    fn acts(&mut self) -> Vec<Act> {
        let acts = self.random.usize(1..4);
        (0..acts)
            .map(|_| match self.random.u8(..24) {
                0..4 => Act::Open(self.random.usize(..GATES)),
                4..8 => Act::GiveWay,
                8 => Act::Abort(self.random.usize(1..=self.tasks)),
                _ => Act::Cancel(self.random.usize(1..=self.tasks)),
            })
            .collect()
    }

    fn tree(&mut self, depth: usize) -> Tree {
        self.last_id += 1;
        let id = self.last_id;
        let (op, children) = match depth {
            0 => (self.leaf(), 0),
            // Long enough to keep something, and to come back to it.
            DEPTH => (Op::Seq, self.random.usize(2..5)),
            _ => self.node(),
        };
        let children = (0..children).map(|_| self.tree(depth - 1)).collect();
        Tree { id, op, children }
    }

    fn leaf(&mut self) -> Op {
        let slot = self.random.usize(..SLOTS);
        match self.random.u8(..32) {
            0 => Op::Ready,
            1..6 => Op::Yield(self.random.u8(1..4)),
            6..13 => Op::Sleep(self.random.u8(1..5)),
            13..18 => Op::Forever,
            18..23 => Op::Gate(self.random.usize(..GATES)),
            23 => Op::Cancel(self.random.usize(1..=self.tasks)),
            24 => Op::Resume,
            25 => Op::Peek(slot),
            26..31 => Op::Await(slot),
            _ => Op::Drop(slot),
        }
    }

    fn node(&mut self) -> (Op, usize) {
        match self.random.u8(..24) {
            0..3 => (self.leaf(), 0),
            3..7 => (Op::Seq, self.random.usize(2..4)),
            7..14 => {
                let [resumes, stays] = [0, 1].map(|_| self.random.bool());
                (Op::Scope { resumes, stays }, 2)
            }
            14 => (Op::Timeout(self.random.u8(1..5)), 1),
            15..17 => {
                let losers = [Loser::Dropped, Loser::Awaited, Loser::Biased];
                (Op::Select(losers[self.random.usize(..3)]), 2)
            }
            17..19 => (Op::Join, 2),
            19..21 => {
                let children = self.random.usize(2..5);
                let takes = self.random.u8(..4);
                let keeps = self.random.bool();
                (Op::Unordered { takes, keeps }, children)
            }
            _ => (Op::Keep(self.random.usize(..SLOTS)), 1),
        }
    }
}

/// All programs that are a little smaller.
pub(crate) fn smaller(program: &Program) -> Vec<Program> {
    let mut found = Vec::new();
    let mut add = |tasks: &[Tree], script: &[(u8, Vec<Act>)]| {
        found.push(Program {
            tasks: tasks.to_vec(),
            script: script.to_vec(),
        });
    };
    for (place, task) in program.tasks.iter().enumerate() {
        for tree in smaller_trees(task) {
            let mut tasks = program.tasks.clone();
            tasks[place] = tree;
            add(&tasks, &program.script);
        }
    }
    for (place, (delay, acts)) in program.script.iter().enumerate() {
        let mut script = program.script.clone();
        script.remove(place);
        add(&program.tasks, &script);
        if *delay > 0 {
            let mut script = program.script.clone();
            script[place].0 -= 1;
            add(&program.tasks, &script);
        }
        for act in 0..acts.len() {
            let mut script = program.script.clone();
            script[place].1.remove(act);
            add(&program.tasks, &script);
        }
    }
    found
}

fn smaller_trees(tree: &Tree) -> Vec<Tree> {
    let mut found = tree.children.clone();
    if tree.op != Op::Ready {
        found.push(Tree::ready(tree.id));
    }
    found.extend(smaller_op(tree.op).map(|op| Tree { op, ..tree.clone() }));
    for (place, child) in tree.children.iter().enumerate() {
        let mut without = tree.clone();
        without.children.remove(place);
        found.push(without);
        for child in smaller_trees(child) {
            let mut with = tree.clone();
            with.children[place] = child;
            found.push(with);
        }
    }
    found
}

fn smaller_op(op: Op) -> Option<Op> {
    match op {
        Op::Yield(times @ 2..) => Some(Op::Yield(times - 1)),
        Op::Sleep(time @ 2..) => Some(Op::Sleep(time - 1)),
        Op::Scope {
            resumes: true,
            stays,
        } => Some(Op::Scope {
            resumes: false,
            stays,
        }),
        Op::Scope {
            resumes,
            stays: true,
        } => Some(Op::Scope {
            resumes,
            stays: false,
        }),
        Op::Timeout(time @ 2..) => Some(Op::Timeout(time - 1)),
        Op::Unordered {
            takes: takes @ 1..,
            keeps,
        } => Some(Op::Unordered {
            takes: takes - 1,
            keeps,
        }),
        _ => None,
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?}", self.id, self.op)?;
        if self.is_leaf() {
            return Ok(());
        }
        f.write_str("(")?;
        for (place, child) in self.children.iter().enumerate() {
            let comma = if place > 0 { ", " } else { "" };
            write!(f, "{comma}{child}")?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, task) in self.tasks.iter().enumerate() {
            writeln!(f, "task {}: {task}", place + 1)?;
        }
        for (delay, acts) in &self.script {
            writeln!(f, "after {delay} ms: {acts:?}")?;
        }
        Ok(())
    }
}
