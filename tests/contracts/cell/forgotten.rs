//! Who asked for a task's end, and does not want to know any more.

use polling::yield_now;
use task_cell::spawn;

use crate::Log;
use crate::cancelling::run;
use crate::others_code::OnDrop;

#[test]
fn a_callback_that_is_taken_back_is_dropped_and_not_called() {
    run(async {
        let log = Log::default();
        let (first, second, third) = (log.clone(), log.clone(), log.clone());
        let held = OnDrop(move || second.say("dropped"));
        let task = spawn(yield_now());
        task.on_end(move |_| first.say("the first"));
        let key = task.on_end(move |_| drop(held));
        task.on_end(move |_| third.say("the third"));
        task.forget(key);
        assert_eq!(log.all(), "dropped");
        task.await.unwrap();
        yield_now().await;
        assert_eq!(log.all(), "the first, the third");
    });
}

#[test]
fn a_callback_that_is_taken_back_does_not_move_the_joiners_place() {
    run(async {
        let log = Log::default();
        let (first, second, joined) = (log.clone(), log.clone(), log.clone());
        let task = spawn(async {
            yield_now().await;
            yield_now().await;
        });
        let key = task.on_end(move |_| first.say("never"));
        let other = task.task_handle();
        let joiner = spawn(async move {
            task.await.unwrap();
            joined.say("joined");
        });
        yield_now().await;
        // After the joiner has come.
        other.on_end(move |_| second.say("called"));
        other.forget(key);
        joiner.await.unwrap();
        assert_eq!(log.all(), "joined, called");
    });
}
