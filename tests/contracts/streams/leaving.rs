//! Contexts: what is entered is left.

use std::panic::{AssertUnwindSafe, catch_unwind};

use streams::{Context, Ended, with};
use task_cell::{JoinError, catch_cancel, spawn};
use timers::sleep;

use crate::{Log, SECOND, run, seconds, secs};

/// A room that takes a second to enter and a second to leave, and may refuse both.
pub(crate) struct Room {
    name: &'static str,
    log: Log,
    refuses: bool,
    keeps: bool,
}

impl Room {
    pub(crate) fn new(name: &'static str, log: &Log) -> Room {
        let (refuses, keeps) = (false, false);
        let log = log.clone();
        Room {
            name,
            log,
            refuses,
            keeps,
        }
    }

    fn note(&self, what: &str) {
        self.log
            .note(format!("{}s: {what} {}", seconds(), self.name));
    }
}

impl Context<String> for Room {
    type Value = Room;

    async fn enter(self) -> Result<Room, String> {
        self.note("knocks at");
        sleep(SECOND).await;
        if self.refuses {
            return Err(format!("no entry to {}", self.name));
        }
        self.note("enters");
        Ok(self)
    }

    async fn exit(room: Room, ended: Ended<'_, String>) -> Result<(), String> {
        room.note(&format!("({ended}) goes to the door of"));
        sleep(SECOND).await;
        room.note("leaves");
        match room.keeps {
            true => Err(format!("locked in {}", room.name)),
            false => Ok(()),
        }
    }
}

#[test]
fn a_body_that_finishes_is_between_enter_and_exit() {
    let log = Log::default();
    let given = run(with(Room::new("hall", &log), async |room| {
        room.note("is in");
        sleep(SECOND).await;
        Ok(7)
    }));
    assert_eq!(given, Ok(7));
    let wanted = [
        "0s: knocks at hall",
        "1s: enters hall",
        "1s: is in hall",
        "2s: (finished) goes to the door of hall",
        "3s: leaves hall",
    ];
    assert_eq!(log.take(), wanted);
}

#[test]
fn a_body_that_fails_is_left_and_its_error_counts() {
    let log = Log::default();
    let room = Room {
        keeps: true,
        ..Room::new("hall", &log)
    };
    let given = run(with(room, async |_| Err::<(), _>("fire".to_string())));
    assert_eq!(given, Err("fire".to_string()));
    assert_eq!(
        log.take()[2..],
        [
            "1s: (failed: fire) goes to the door of hall",
            "2s: leaves hall"
        ]
    );
}

#[test]
fn an_exit_that_fails_is_the_error_of_a_body_that_has_finished() {
    let log = Log::default();
    let room = Room {
        keeps: true,
        ..Room::new("hall", &log)
    };
    assert_eq!(
        run(with(room, async |_| Ok(7))),
        Err("locked in hall".to_string())
    );
}

#[test]
fn what_was_not_entered_is_not_left() {
    let log = Log::default();
    let room = Room {
        refuses: true,
        ..Room::new("hall", &log)
    };
    let given = run(with(room, async |_| {
        log.note("in");
        Ok(())
    }));
    assert_eq!(given, Err("no entry to hall".to_string()));
    assert_eq!(log.take(), ["0s: knocks at hall"]);
    // Nor what was cancelled on the way in.
    let room = Room::new("hall", &log);
    run(async {
        let task = spawn(with(room, async |_| Ok(())));
        polling::yield_now().await;
        assert!(task.cancel());
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
    });
    assert_eq!(log.take(), ["0s: knocks at hall"]);
}

/// Cancels what is done in a room after so many seconds, and says how that task ended.
async fn cancelled_at<T: 'static>(
    what: impl Future<Output = T> + 'static,
    at: u64,
) -> Result<T, JoinError> {
    let task = spawn(what);
    sleep(secs(at)).await;
    assert!(task.cancel());
    task.await
}

#[test]
fn a_body_that_is_cancelled_is_left_awaiting() {
    let log = Log::default();
    let what = with(Room::new("hall", &log), async |_| {
        sleep(secs(60)).await;
        Ok(())
    });
    let end = run(cancelled_at(what, 5));
    assert!(matches!(end, Err(JoinError::Cancelled)));
    assert_eq!(
        log.take()[2..],
        [
            "5s: (cancelled) goes to the door of hall",
            "6s: leaves hall"
        ]
    );
}

#[test]
fn the_cancellation_goes_on_to_the_scope_around() {
    let log = Log::default();
    let room = Room::new("hall", &log);
    let noted = log.clone();
    let what = async move {
        let inside = with(room, async |_| {
            sleep(secs(60)).await;
            Ok(())
        });
        let caught = catch_cancel(inside).await;
        noted.note(format!("{}s: {caught:?}", seconds()));
    };
    assert!(run(cancelled_at(what, 5)).is_ok());
    assert_eq!(log.take().last().unwrap(), "6s: Err(Cancelled)");
}

#[test]
fn one_cancellation_waits_until_it_has_left() {
    let log = Log::default();
    let what = with(Room::new("hall", &log), async |_| Ok(()));
    let end = run(async {
        let task = spawn(what);
        sleep(SECOND * 3 / 2).await; // It is leaving.
        assert!(task.cancel());
        task.await
    });
    assert!(matches!(end, Err(JoinError::Cancelled)));
    assert_eq!(log.take().last().unwrap(), "2s: leaves hall");
}

#[test]
fn a_second_cancellation_drops_the_exit() {
    for first in [1, 3] {
        let log = Log::default();
        let what = with(Room::new("hall", &log), async |_| {
            sleep(secs(2)).await;
            Ok(())
        });
        let end = run(async {
            let task = spawn(what);
            sleep(secs(first) + SECOND / 4).await; // In the body; or leaving.
            assert!(task.cancel());
            sleep(SECOND / 4).await;
            assert!(task.cancel());
            task.await
        });
        assert!(matches!(end, Err(JoinError::Cancelled)));
        assert!(
            log.take()
                .last()
                .unwrap()
                .ends_with("goes to the door of hall"),
            "{first}"
        );
    }
}

#[test]
fn a_body_that_panics_is_left_and_the_panic_goes_on() {
    let log = Log::default();
    let what = with(Room::new("hall", &log), async |_| {
        sleep(SECOND).await;
        panic!("fire");
        #[expect(unreachable_code, reason = "it says what the body would give")]
        Ok(())
    });
    let panic = catch_unwind(AssertUnwindSafe(|| run(what))).unwrap_err();
    assert_eq!(*panic.downcast::<&str>().unwrap(), "fire");
    assert_eq!(
        log.take()[2..],
        ["2s: (panicked) goes to the door of hall", "3s: leaves hall"]
    );
}

#[test]
fn several_are_entered_in_order_and_left_in_reverse() {
    let log = Log::default();
    let [hall, stairs, attic] =
        ["hall", "stairs", "attic"].map(|name| Room::new(name, &log));
    let given = run(with((hall, stairs, attic), async |(hall, _, attic)| {
        hall.note("is past");
        attic.note("is in");
        Ok(7)
    }));
    assert_eq!(given, Ok(7));
    let wanted = [
        "0s: knocks at hall",
        "1s: enters hall",
        "1s: knocks at stairs",
        "2s: enters stairs",
        "2s: knocks at attic",
        "3s: enters attic",
        "3s: is past hall",
        "3s: is in attic",
        "3s: (finished) goes to the door of attic",
        "4s: leaves attic",
        "4s: (finished) goes to the door of stairs",
        "5s: leaves stairs",
        "5s: (finished) goes to the door of hall",
        "6s: leaves hall",
    ];
    assert_eq!(log.take(), wanted);
}

#[test]
fn what_was_entered_is_left_if_a_later_one_refuses_or_is_cancelled() {
    let log = Log::default();
    let rooms = |refuses| {
        let stairs = Room {
            refuses,
            ..Room::new("stairs", &log)
        };
        (Room::new("hall", &log), stairs)
    };
    let given = run(with(rooms(true), async |_| Ok(())));
    assert_eq!(given, Err("no entry to stairs".to_string()));
    let wanted = "2s: (failed: no entry to stairs) goes to the door of hall";
    assert_eq!(log.take()[3..], [wanted, "3s: leaves hall"]);

    let what = with(rooms(false), async |_| Ok(()));
    let end = run(async {
        let task = spawn(what);
        sleep(SECOND * 3 / 2).await;
        assert!(task.cancel());
        task.await
    });
    assert!(matches!(end, Err(JoinError::Cancelled)));
    let wanted = "1s: (cancelled) goes to the door of hall";
    assert_eq!(log.take()[3..], [wanted, "2s: leaves hall"]);
}

#[test]
fn one_is_told_of_what_came_of_leaving_the_one_inside_it() {
    let log = Log::default();
    let attic = Room {
        keeps: true,
        ..Room::new("attic", &log)
    };
    let given = run(with((Room::new("hall", &log), attic), async |_| Ok(())));
    assert_eq!(given, Err("locked in attic".to_string()));
    let wanted = "3s: (failed: locked in attic) goes to the door of hall";
    assert_eq!(log.take()[6..], [wanted, "4s: leaves hall"]);

    // Two cancellations while it leaves the inner one: that is dropped, the outer one is not.
    let rooms = (Room::new("hall", &log), Room::new("attic", &log));
    let what = with(rooms, async |_| Ok(()));
    let end = run(async {
        let task = spawn(what);
        sleep(SECOND * 9 / 4).await;
        assert!(task.cancel());
        sleep(SECOND / 4).await;
        assert!(task.cancel());
        task.await
    });
    assert!(matches!(end, Err(JoinError::Cancelled)));
    let log = log.take();
    assert!(log[log.len() - 3].ends_with("(finished) goes to the door of attic"));
    assert!(log[log.len() - 2].ends_with("(cancelled) goes to the door of hall"));
    assert!(log[log.len() - 1].ends_with("leaves hall"));
}

#[test]
fn one_is_told_of_a_cancellation_though_the_body_has_failed() {
    let log = Log::default();
    let rooms = (Room::new("hall", &log), Room::new("attic", &log));
    let what = with(rooms, async |_| Err::<(), _>("fire".to_string()));
    let end = run(async {
        let task = spawn(what);
        sleep(SECOND * 9 / 4).await; // It is leaving the attic.
        assert!(task.cancel());
        sleep(SECOND / 4).await;
        assert!(task.cancel());
        task.await
    });
    assert!(matches!(end, Err(JoinError::Cancelled)));
    let wanted = [
        "2s: (failed: fire) goes to the door of attic",
        "2s: (cancelled) goes to the door of hall",
        "3s: leaves hall",
    ];
    assert_eq!(log.take()[4..], wanted);
}
