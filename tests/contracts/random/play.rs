//! What a random program logs on the runtime.

use std::cell::{Cell, RefCell};
use std::panic::resume_unwind;
use std::rc::Rc;
use std::time::Duration;

use combinators::{
    WaitForError, gather_all_handles, gather_handles, group, shield_handle, wait,
    wait_for_handle,
};
use event_loop::Clock;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use sync::{Event, Lock, Queue, Semaphore};
use task_cell::{Cancelled, JoinError, JoinHandle, TaskHandle, catch_cancel};
use timers::sleep;

use crate::program::{
    EVENTS, LAST_MOMENT, LIMIT, LOCKS, Program, QUEUES, SEMAPHORES, Step, When,
};

type Handle = JoinHandle<usize>;

/// What the tasks of a program share.
struct World {
    program: Program,
    events: [Event; EVENTS],
    locks: [Lock<()>; LOCKS],
    semaphores: [Semaphore; 2],
    queues: [Queue<usize>; 2],
    /// By number.
    tasks: RefCell<Vec<TaskHandle>>,
    begun: Cell<usize>,
    log: RefCell<String>,
}

/// What the program logs.
pub(crate) fn run(program: &Program) -> String {
    let world = Rc::new(World {
        program: program.clone(),
        events: [const { Event::new() }; EVENTS],
        locks: [const { Lock::new(()) }; LOCKS],
        semaphores: SEMAPHORES.map(Semaphore::new),
        queues: QUEUES.map(Queue::bounded),
        tasks: RefCell::default(),
        begun: Cell::new(0),
        log: RefCell::default(),
    });
    task_cell::run(Clock::virtual_time(), Rc::clone(&world).main());
    assert_eq!(Rc::strong_count(&world), 1, "a future is left");
    world.log.take()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// How a task has ended, in a word.
fn word(end: &Result<usize, JoinError>) -> String {
    match end {
        Ok(value) => value.to_string(),
        Err(JoinError::Cancelled) => "lost".into(),
        Err(JoinError::Panicked(_)) => "failed".into(),
    }
}

fn words(ends: &[Result<usize, JoinError>]) -> String {
    ends.iter().map(word).collect::<Vec<_>>().join(" ")
}

impl World {
    async fn main(self: Rc<World>) {
        drop(self.spawn(0));
        drop(self.spawn(1));
        sleep(seconds(LAST_MOMENT)).await;
        loop {
            let tasks = self.tasks.borrow().clone();
            if tasks.iter().all(|task| task.is_finished()) {
                break;
            }
            for task in tasks {
                task.cancel();
            }
            sleep(seconds(1)).await;
        }
    }

    fn say(&self, who: usize, what: &str) {
        let now = timers::now().as_secs();
        *self.log.borrow_mut() += &format!("{now} {who} {what}\n");
    }

    /// A number for a task that begins, if there may be one more.
    fn begin(&self) -> Option<usize> {
        let number = self.begun.get();
        self.begun.set(number + 1);
        (number < LIMIT).then_some(number)
    }

    fn spawn(self: &Rc<World>, body: usize) -> Option<Handle> {
        let me = self.begin()?;
        let handle = task_cell::spawn(Rc::clone(self).task(body, me));
        self.tasks.borrow_mut().push(handle.task_handle());
        Some(handle)
    }

    fn spawn_all(self: &Rc<World>, bodies: &[usize]) -> Vec<Handle> {
        bodies.iter().filter_map(|body| self.spawn(*body)).collect()
    }

    async fn task(self: Rc<World>, body: usize, me: usize) -> usize {
        self.say(me, "starts");
        self.body(body, me).await;
        self.say(me, "ends");
        me
    }

    /// Boxed, since bodies run bodies.
    fn body(self: &Rc<World>, body: usize, me: usize) -> LocalBoxFuture<'_, ()> {
        async move {
            let mut handles = Vec::new();
            for step in &self.program[body] {
                let told = self.step(step, me, &mut handles).await;
                if let Some(told) = told {
                    self.say(me, &told);
                }
            }
        }
        .boxed_local()
    }

    /// Does a step, and gives what is to be said of it.
    async fn step(
        self: &Rc<World>,
        step: &Step,
        me: usize,
        handles: &mut Vec<Handle>,
    ) -> Option<String> {
        match step {
            Step::Sleep(delay) => sleep(seconds(*delay)).await,
            Step::Spawn(body) => {
                handles.extend(self.spawn(*body));
                return None;
            }
            Step::JoinOldest | Step::JoinNewest => {
                let newest = handles.len().checked_sub(1)?;
                let oldest = *step == Step::JoinOldest;
                let end = handles.remove(if oldest { 0 } else { newest }).await;
                return Some(format!("joins {}", word(&end)));
            }
            Step::Cancel(task) => {
                let task = self.tasks.borrow().get(*task).cloned()?;
                return Some(format!("cancels: {}", u8::from(task.cancel())));
            }
            Step::Fail => resume_unwind(Box::new(())),
            Step::Set { event, clears } => {
                self.events[*event].set();
                if *clears {
                    self.events[*event].clear();
                }
                return None;
            }
            Step::WaitEvent(event) => self.events[*event].wait().await,
            _ => return self.longer_step(step, me, handles).await,
        }
        Some("goes on".into())
    }

    /// A step that runs bodies, or waits for several tasks.
    async fn longer_step(
        self: &Rc<World>,
        step: &Step,
        me: usize,
        handles: &mut Vec<Handle>,
    ) -> Option<String> {
        match step {
            Step::Catch { body, resumes } => {
                if catch_cancel(self.body(*body, me)).await.is_ok() {
                    return None;
                }
                self.say(me, "hears");
                if *resumes {
                    Cancelled::resume().await;
                }
                None
            }
            Step::Lock(lock, body) => {
                let _guard = self.locks[*lock].lock().await;
                self.say(me, &format!("locks {lock}"));
                self.body(*body, me).await;
                None
            }
            Step::Acquire(semaphore, body) => {
                let _permit = self.semaphores[*semaphore].acquire().await;
                self.say(me, &format!("acquires {semaphore}"));
                self.body(*body, me).await;
                None
            }
            Step::Put(queue) => {
                self.queues[*queue]
                    .put(me)
                    .await
                    .expect("it is never closed");
                Some(format!("has put into {queue}"))
            }
            Step::Get(queue) => {
                let item = self.queues[*queue].get().await;
                Some(format!("gets {}", item.expect("it is never closed")))
            }
            _ => self.together(step, me, handles).await,
        }
    }

    /// A step that waits for several tasks.
    async fn together(
        self: &Rc<World>,
        step: &Step,
        me: usize,
        handles: &mut Vec<Handle>,
    ) -> Option<String> {
        match step {
            Step::Gather(bodies) => match gather_handles(self.spawn_all(bodies)).await {
                Ok(values) => Some(format!("gathers {values:?}")),
                Err(error) => Some(format!("gathers {}", word(&Err(error)))),
            },
            Step::GatherAll(bodies) => {
                let ends = gather_all_handles(self.spawn_all(bodies)).await;
                Some(format!("gathers all: {}", words(&ends)))
            }
            Step::Wait(when, limit) => {
                if handles.is_empty() {
                    return None;
                }
                let when = match when {
                    When::First => combinators::When::FirstCompleted,
                    When::Error => combinators::When::FirstError,
                    When::All => combinators::When::All,
                    When::Unless => unreachable!("no step has it"),
                };
                let all = std::mem::take(handles);
                let waited = wait(all, when, limit.map(seconds)).await;
                let told = (waited.done.len(), waited.pending.len());
                *handles = waited.pending;
                Some(format!("waited: {} done, {} pending", told.0, told.1))
            }
            Step::WaitFor(limit, body) => {
                let handle = self.spawn(*body)?;
                let end = match wait_for_handle(seconds(*limit), handle).await {
                    Ok(value) => value.to_string(),
                    Err(WaitForError::Elapsed) => "elapsed".into(),
                    Err(WaitForError::Join(error)) => word(&Err(error)),
                };
                Some(format!("waited for {end}"))
            }
            Step::Shield(body) => {
                let end = shield_handle(self.spawn(*body)?).await;
                Some(format!("shielded {}", word(&end)))
            }
            Step::Group(children, body) => {
                let end = group(async |group| {
                    for child in children {
                        let Some(child_me) = self.begin() else {
                            continue;
                        };
                        let task = Rc::clone(self).task(*child, child_me);
                        let handle = group.spawn(task);
                        self.tasks.borrow_mut().push(handle.task_handle());
                    }
                    self.body(*body, me).await;
                });
                match end.await {
                    Ok(()) => Some("group ends".into()),
                    Err(error) => Some(format!("group fails {}", error.failures().len())),
                }
            }
            _ => unreachable!("{step:?}"),
        }
    }
}
