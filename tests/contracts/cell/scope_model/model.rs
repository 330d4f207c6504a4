//! The model: what *Cancelling* promises, said once more, plainly and without regard to cost.
//!
//! A task has one *request* at a time; further ones wait until it is answered. The *path* of a scope
//! is what it stands in: the scopes round it, from the outermost, and itself.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::mem;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use event_loop::Clock;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use task_cell::Cancelled;
use timers::Timers;
use wakers::{Park, ThreadPark};

use crate::scope_model::play::{Play, World, drive};
use crate::scope_model::tree::Program;

enum Entry {
    Turn(usize),
    /// The task is over: whoever wants to know is told.
    Told(usize),
}

/// The run queue, which wakers must be able to reach.
#[derive(Default)]
struct Queue {
    entries: VecDeque<Entry>,
    queued: Vec<bool>,
}

struct WakesTask(Arc<Mutex<Queue>>, usize);

impl Wake for WakesTask {
    fn wake(self: Arc<WakesTask>) {
        let mut queue = self.0.lock().unwrap();
        if !mem::replace(&mut queue.queued[self.1], true) {
            queue.entries.push_back(Entry::Turn(self.1));
        }
    }
}

/// The request at hand.
#[derive(Default)]
struct Request {
    /// The scopes that were there when it came.
    asked: Vec<usize>,
    /// It came before the poll that is under way, or that comes next.
    before_the_poll: bool,
    /// The paths of those that have answered it.
    answers: Vec<Vec<usize>>,
}

#[derive(Default)]
struct Task {
    future: Option<LocalBoxFuture<'static, ()>>,
    over: Option<Box<dyn FnOnce(bool)>>,
    was_cancelled: bool,
    running: bool,
    /// It ends at its next suspension, or at its turn.
    ending: bool,
    is_over: bool,
    request: Option<Request>,
    further: usize,
    /// The scopes that it has polled, and that are pending, with what they were polled with; in that order.
    scopes: Vec<(usize, Option<Waker>)>,
}

#[derive(Default)]
struct Model {
    tasks: RefCell<Vec<Task>>,
    queue: Arc<Mutex<Queue>>,
    current: Cell<usize>,
    /// The scopes that are being polled, each with whether somebody has resumed directly inside.
    path: RefCell<Vec<(usize, bool)>>,
    last_scope: Cell<usize>,
}

impl Model {
    fn task<T>(&self, task: usize, look: impl FnOnce(&mut Task) -> T) -> T {
        look(&mut self.tasks.borrow_mut()[task])
    }

    fn waker(&self, task: usize) -> Waker {
        Waker::from(Arc::new(WakesTask(Arc::clone(&self.queue), task)))
    }

    fn add(&self, future: LocalBoxFuture<'static, ()>, over: Box<dyn FnOnce(bool)>) {
        let task = Task {
            future: Some(future),
            over: Some(over),
            ..Task::default()
        };
        self.tasks.borrow_mut().push(task);
        self.queue.lock().unwrap().queued.push(false);
        self.waker(self.tasks.borrow().len() - 1).wake();
    }

    /// It ends at its turn, unpolled.
    fn end_soon(&self, task: usize) {
        self.task(task, |it| {
            it.ending = true;
            it.request = None;
        });
        self.waker(task).wake();
    }

    /// A request is there for every scope that can answer. Without any, the task ends.
    fn ask(&self, task: usize) {
        let (running, asked) = self.task(task, |it| {
            let asked: Vec<_> = it.scopes.iter().map(|scope| scope.0).collect();
            (it.running, asked)
        });
        if asked.is_empty() && !running {
            return self.end_soon(task);
        }
        let request = Request {
            asked,
            before_the_poll: !running,
            answers: Vec::new(),
        };
        self.task(task, |it| it.request = Some(request));
        if !running {
            let wakers = |it: &mut Task| {
                let wakers = it.scopes.iter_mut().map(|scope| scope.1.take());
                wakers.collect::<Vec<_>>()
            };
            for waker in self.task(task, wakers).into_iter().flatten() {
                waker.wake();
            }
            self.waker(task).wake();
        }
    }

    /// Whether the scope at the end of `path`, which is pending, is who the request is for.
    fn hears(&self, path: &[usize]) -> bool {
        self.task(self.current.get(), |task| {
            let Some(request) = &task.request else {
                return false;
            };
            let answered_in = |scope: Option<&usize>| {
                let mut answers = request.answers.iter();
                answers.any(|path| scope.is_none_or(|it| path.contains(it)))
            };
            // If it has begun since, it is for it only if nobody has answered where it stands: in the innermost scope
            // round it that was asked, or in the task.
            let is_asked = |scope: &&usize| request.asked.contains(scope);
            let stands_in = path.iter().rfind(is_asked);
            !answered_in(path.last()) && !answered_in(stands_in)
        })
    }

    /// It is over, or belongs to another task now, and takes no request along.
    fn forget(&self, scope: usize, but: Option<usize>) {
        for (place, task) in self.tasks.borrow_mut().iter_mut().enumerate() {
            if Some(place) != but {
                task.scopes.retain(|it| it.0 != scope);
                let asked = task.request.iter_mut().flat_map(|it| &mut it.asked);
                asked.filter(|it| **it == scope).for_each(|it| *it = 0);
            }
        }
    }

    fn poll_scope(
        &self,
        scope: usize,
        inner: &mut LocalBoxFuture<'static, ()>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Cancelled>> {
        let current = self.current.get();
        self.forget(scope, Some(current));
        self.path.borrow_mut().push((scope, false));
        let polled = inner.poll_unpin(context);
        let path: Vec<_> = self.path.borrow().iter().map(|it| it.0).collect();
        let (_, resumed) = self.path.borrow_mut().pop().unwrap();
        if polled.is_ready() {
            self.forget(scope, None);
            return Poll::Ready(Ok(()));
        }
        let hears = self.hears(&path);
        if hears {
            let answers = |task: &mut Task| {
                task.request.as_mut().unwrap().answers.push(path);
            };
            self.task(current, answers);
        }
        if hears || resumed {
            self.forget(scope, None);
            return Poll::Ready(Err(Cancelled));
        }
        let newest = Some(context.waker().clone());
        self.task(current, |task| {
            match task.scopes.iter_mut().find(|it| it.0 == scope) {
                Some(mine) => mine.1 = newest,
                None => task.scopes.push((scope, newest)),
            }
        });
        Poll::Pending
    }

    fn turn(&self, task: usize) {
        let (ending, future) = self.task(task, |it| (it.ending, it.future.take()));
        let Some(mut future) = future else { return };
        if ending {
            return self.end(task, future, true);
        }
        self.current.set(task);
        self.task(task, |it| it.running = true);
        let polled = future.poll_unpin(&mut Context::from_waker(&self.waker(task)));
        self.task(task, |it| it.running = false);
        if polled.is_ready() {
            return self.end(task, future, false);
        }
        let (ending, request) = self.task(task, |it| (it.ending, it.request.take()));
        let answered = request.as_ref().is_some_and(|it| !it.answers.is_empty());
        match request {
            _ if ending => return self.end(task, future, true),
            None => {}
            Some(request) if !answered && request.before_the_poll => {
                return self.end(task, future, true);
            }
            Some(_) if !answered => self.ask(task),
            Some(_) if self.task(task, |it| it.further) > 0 => {
                self.task(task, |it| it.further -= 1);
                self.ask(task);
            }
            Some(_) => {}
        }
        self.task(task, |it| it.future = Some(future));
    }

    fn end(&self, task: usize, future: LocalBoxFuture<'static, ()>, cancelled: bool) {
        drop(future);
        self.task(task, |it| {
            it.is_over = true;
            it.was_cancelled = cancelled;
            it.scopes.clear();
        });
        let mut queue = self.queue.lock().unwrap();
        queue.entries.push_back(Entry::Told(task));
    }
}

/// The root is task 0.
impl World for Rc<Model> {
    fn spawn(
        &self,
        _: usize,
        body: LocalBoxFuture<'static, ()>,
        over: Box<dyn FnOnce(bool)>,
    ) {
        self.add(body, over);
    }

    fn cancel(&self, task: usize) -> bool {
        if self.is_over(task) {
            return false;
        }
        let (ending, asked) = self.task(task, |it| (it.ending, it.request.is_some()));
        match (ending, asked) {
            (true, _) => {}
            (false, true) => self.task(task, |it| it.further += 1),
            (false, false) => self.ask(task),
        }
        true
    }

    /// From outside: no task is running.
    fn abort(&self, task: usize) {
        if !self.is_over(task) {
            self.end_soon(task);
        }
    }

    fn is_over(&self, task: usize) -> bool {
        self.task(task, |it| it.is_over)
    }

    fn catch(
        &self,
        mut future: LocalBoxFuture<'static, ()>,
    ) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        /// What is dropped is in no list.
        struct Forgets(Rc<Model>, usize);
        impl Drop for Forgets {
            fn drop(&mut self) {
                self.0.forget(self.1, None);
            }
        }
        self.last_scope.set(self.last_scope.get() + 1);
        let scope = Forgets(Rc::clone(self), self.last_scope.get());
        poll_fn(move |context| scope.0.poll_scope(scope.1, &mut future, context))
            .boxed_local()
    }

    fn resume(&self) -> LocalBoxFuture<'static, ()> {
        let model = Rc::clone(self);
        poll_fn(move |_| {
            match model.path.borrow_mut().last_mut() {
                Some(innermost) => innermost.1 = true,
                None => model.task(model.current.get(), |it| it.ending = true),
            }
            Poll::Pending
        })
        .boxed_local()
    }
}

/// What `program` should log.
pub(crate) fn log(program: &Program) -> String {
    let model = Rc::<Model>::default();
    let play = Play::new(Rc::new(Rc::clone(&model)));
    let mut timers = Timers::new(ThreadPark::new(), Clock::virtual_time());
    let _entered = timers.enter();
    let root = drive(Rc::clone(&play), program.clone()).boxed_local();
    model.add(root, Box::new(drop));
    while !model.is_over(0) {
        let entry = model.queue.lock().unwrap().entries.pop_front();
        match entry {
            Some(Entry::Turn(task)) => {
                model.queue.lock().unwrap().queued[task] = false;
                model.turn(task);
            }
            Some(Entry::Told(task)) => {
                let (over, cancelled) =
                    model.task(task, |it| (it.over.take(), it.was_cancelled));
                over.unwrap()(cancelled);
            }
            None => _ = timers.park(None).unwrap(),
        }
    }
    let log = play.log();
    // What the root has spawned lives in a ring: the tasks are in the model.
    model.tasks.borrow_mut().clear();
    log
}
