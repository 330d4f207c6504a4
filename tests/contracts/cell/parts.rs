//! A part of a task that may end without the rest.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use task_cell::{
    Cancelled, Heard, JoinError, TaskState, catch_cancel, heard, spawn, tasks,
};
use timers::sleep;

use crate::run;

/// Awaits `part` until it is ready or has resumed a cancellation, and says what it has heard of one in all.
async fn as_part(part: impl Future) -> Heard {
    let (mut part, mut answered) = (pin!(part), false);
    poll_fn(|context| {
        let (polled, heard) = heard(|| part.as_mut().poll(context));
        answered |= heard.answered;
        match heard.resumed || polled.is_ready() {
            true => Poll::Ready(Heard { answered, ..heard }),
            false => Poll::Pending,
        }
    })
    .await
}

#[test]
fn what_a_part_resumes_goes_no_further() {
    run(async {
        let task = spawn(catch_cancel(as_part(Cancelled::resume())));
        let heard = task.await.unwrap().unwrap();
        assert_eq!(
            heard,
            Heard {
                answered: false,
                resumed: true
            }
        );
    });
}

#[test]
fn a_scope_in_a_part_is_asked_and_answers_for_all_around_it() {
    run(async {
        let task = spawn(catch_cancel(as_part(async {
            let asked = catch_cancel(sleep(Duration::MAX)).await;
            assert_eq!(asked, Err(Cancelled));
            // It cleans up: nobody around it is told meanwhile.
            sleep(Duration::from_secs(1)).await;
        })));
        polling::yield_now().await;
        assert!(task.cancel());
        let heard = task.await.unwrap().unwrap();
        assert_eq!(
            heard,
            Heard {
                answered: true,
                resumed: false
            }
        );
    });
}

#[test]
fn a_scope_that_is_new_in_a_part_answers_what_is_at_hand() {
    run(async {
        let task = spawn(as_part(async {
            let own = tasks()
                .into_iter()
                .find(|it| it.state == TaskState::Running);
            assert!(own.unwrap().cancel());
            let asked = catch_cancel(sleep(Duration::MAX)).await;
            assert_eq!(asked, Err(Cancelled));
        }));
        assert!(task.await.unwrap().answered);
    });
}

#[test]
fn a_request_that_no_scope_in_a_part_answers_is_for_the_scopes_around_it() {
    run(async {
        let never = std::future::pending::<()>;
        let task = spawn(catch_cancel(as_part(never())));
        let bare = spawn(as_part(never()));
        polling::yield_now().await;
        assert!(task.cancel() && bare.cancel());
        assert_eq!(task.await.unwrap(), Err(Cancelled));
        assert!(matches!(bare.await, Err(JoinError::Cancelled)));
    });
}

#[test]
fn a_part_that_panics_is_no_part_any_more() {
    run(async {
        let task = spawn(async {
            let broken = std::panic::catch_unwind(|| heard(|| panic!("no fuel")));
            assert!(broken.is_err());
            // It ends the task, as if nothing had been.
            Cancelled::resume().await
        });
        assert!(matches!(task.await, Err::<(), _>(JoinError::Cancelled)));
    });
}
