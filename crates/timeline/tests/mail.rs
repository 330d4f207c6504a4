//! Mail, and futures that are dropped: what can happen, what cannot, and how it is drawn.

mod support;

use serde_json::Value;
use support::{pending, polled, spawned, starts, trace, woken};
use timeline::{
    By, Damaged, Letter, Mail, Phase, Replay, Runnable, SvgOptions, Teller, TextOptions,
    Trace, VERSION, What,
};

fn mailed(what: Mail, task: Option<u32>, by: By) -> What {
    What::Mailed { what, task, by }
}

fn read(what: Mail, task: Option<u32>) -> What {
    What::MailRead { what, task }
}

/// While main runs, another thread wakes a taxi, asks for a callback, and drops a reference to main. At the end of the
/// taxi's turn something comes that nobody reads.
fn letters() -> Trace {
    let call = |callback| What::CallbackCalled { callback };
    let by = By::Mail;
    let mut trace = trace(&[
        (0, spawned(1, "main")),
        (0, woken(1, By::Program)),
        (0, starts()),
        (0, spawned(2, "taxi")),
        (0, polled(1)),
        (0, mailed(Mail::Wake, Some(2), By::Thread)),
        (0, mailed(Mail::Call, None, By::Thread)),
        (0, mailed(Mail::Drop, Some(1), By::Thread)),
        (0, pending(1)),
        (0, read(Mail::Wake, Some(2))),
        (0, woken(2, By::Mail)),
        (0, read(Mail::Call, None)),
        (0, What::CallbackQueued { callback: 1, by }),
        (0, read(Mail::Drop, Some(1))),
        (0, polled(2)),
        (0, What::Finished { task: 2 }),
        (0, call(1)),
        (0, What::CallbackReturned { callback: 1 }),
        (0, mailed(Mail::Wake, Some(1), By::Thread)),
        (0, What::LoopEnded),
        (0, What::Dropping { task: 1 }),
        (0, What::Cancelled { task: 1 }),
    ]);
    let (what, task) = (Mail::Wake, Some(1));
    support::push(&mut trace, 0, What::MailRefused { what, task });
    let mut teller = Teller::new();
    for event in &mut trace.events {
        event.says = teller.tell(&event.what);
    }
    trace
}

#[test]
fn what_was_sent_lies_in_the_inbox_until_it_is_read() {
    let trace = letters();
    let mut replay = Replay::new(&trace);
    let mut lying = Vec::new();
    while let Some(state) = replay.advance().unwrap() {
        lying.push(state.inbox().len());
        if lying.len() == 8 {
            let (what, task) = (Mail::Wake, Some(2));
            assert_eq!(state.inbox()[0], Letter { what, task });
            assert_eq!(state.task(2).unwrap().phase(), Phase::Waiting);
        }
        if lying.len() == 14 {
            let queue: Vec<_> = state.queue().collect();
            assert_eq!(queue, [Runnable::Task(2), Runnable::Callback(1)]);
        }
    }
    let counts = [
        0, 0, 0, 0, 0, 1, 2, 3, 3, 2, 2, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0,
    ];
    assert_eq!(lying, counts);
}

#[test]
fn it_is_said_who_sends_what() {
    let trace = letters();
    let says = |step: usize| &*trace.events[step].says;
    assert_eq!(says(5), "another thread sends the loop a wake for taxi");
    assert_eq!(says(6), "another thread sends the loop a call");
    assert_eq!(says(7), "another thread sends the loop a reference to main");
    assert_eq!(says(9), "the loop reads its mail: a wake for taxi");
    assert_eq!(says(10), "taxi is woken by the mail, and queues up");
    assert_eq!(says(12), "callback 1 of the mail queues up");
    assert_eq!(says(20), "main is to end: its future is dropped");
    assert_eq!(
        says(22),
        "the loop is closed, and has not read a wake for main"
    );
}

#[test]
fn mail_that_cannot_be_is_refused() {
    let by = By::Mail;
    let again = What::Woken {
        task: 2,
        by,
        again: true,
    };
    let called = What::CallbackQueued { callback: 1, by };
    let (what, task) = (Mail::Wake, Some(1));
    let refused = What::MailRefused { what, task };
    const NONE: &str = "no such mail is in the inbox";
    const UNASKED: &str = "no mail that was just read asks for it";
    let thread = |what, task| mailed(what, task, By::Thread);
    let cases: [(usize, What, &str); 14] = [
        (5, read(Mail::Wake, Some(2)), NONE),
        (6, read(Mail::Drop, Some(2)), NONE),
        (6, read(Mail::Wake, Some(1)), NONE),
        (10, read(Mail::Wake, Some(2)), NONE),
        (9, refused, NONE),
        (5, thread(Mail::Wake, Some(9)), "there is no task 9"),
        (5, thread(Mail::Wake, Some(0)), "there is no task 0"),
        (5, thread(Mail::Drop, None), "it is about no task"),
        (9, woken(2, by), UNASKED),
        (10, woken(1, by), UNASKED),
        (11, again, UNASKED),
        (10, called.clone(), UNASKED),
        (13, called, UNASKED),
        (10, mailed(Mail::Call, None, by), UNASKED),
    ];
    for (step, what, why) in cases {
        let mut trace = letters();
        trace.events.truncate(step);
        support::push(&mut trace, 0, what);
        let why = why.to_string();
        let found = trace.check();
        let event = &trace.events[step];
        assert_eq!(found, Err(Damaged::Impossible { step, why }), "{event:?}");
    }
}

#[test]
fn no_mail_is_read_while_the_loop_waits() {
    let trace = trace(&[
        (0, starts()),
        (0, mailed(Mail::Call, None, By::Thread)),
        (0, What::Parked { until: None }),
        (0, read(Mail::Call, None)),
    ]);
    let why = "mail is read while the loop waits".to_string();
    assert_eq!(trace.check(), Err(Damaged::Impossible { step: 3, why }));
}

/// It leaves the queue from wherever it stands, and what its destructors wake is woken by it.
#[test]
fn a_task_whose_future_is_dropped_is_in_no_queue() {
    let mut trace = trace(&[
        (0, spawned(1, "A")),
        (0, spawned(2, "B")),
        (0, woken(1, By::Program)),
        (0, woken(2, By::Program)),
        (0, What::Dropping { task: 2 }),
        (0, woken(2, By::Task(2))),
    ]);
    let mut replay = Replay::new(&trace);
    while replay.played() < 5 {
        replay.advance().unwrap();
    }
    let queue: Vec<_> = replay.state().queue().collect();
    assert_eq!(queue, [Runnable::Task(1)]);
    assert_eq!(replay.state().task(2).unwrap().phase(), Phase::Running);
    assert_eq!(replay.state().task(2).unwrap().polls, 0);
    assert_eq!(trace.check(), Ok(()));
    support::push(&mut trace, 0, What::Dropping { task: 2 });
    let why = "it runs, and cannot be dropped".to_string();
    assert_eq!(trace.check(), Err(Damaged::Impossible { step: 6, why }));
}

#[test]
fn the_inbox_has_a_lane() {
    let ascii = true;
    let options = TextOptions {
        ascii,
        ..TextOptions::default()
    };
    assert_eq!(
        letters().to_text(&options).unwrap(),
        "\
main            ^#----x
taxi             -^#
callbacks         ^=#
inbox            mm  mmm
another thread   +   +
the program     +
                0 s

# runs  = ready  - waits  ^ woken  x ends early  + acts from outside  m mail
"
    );
    let svg = letters().to_svg(&SvgOptions::default()).unwrap();
    assert!(svg.contains(">inbox</text>") && svg.contains(">mail</text>"));
}

#[test]
fn in_chromes_form_mail_flows_to_the_inbox_and_from_there_to_whom_it_wakes() {
    let json: Value = serde_json::from_str(&letters().to_chrome().unwrap()).unwrap();
    let events = json["traceEvents"].as_array().unwrap();
    let ends = |name: &str, phase: &str| -> Vec<u64> {
        let of = |event: &&Value| event["name"] == name && event["ph"] == phase;
        let found = events.iter().filter(of);
        found.map(|event| event["tid"].as_u64().unwrap()).collect()
    };
    let (outside, inbox, callbacks) = (4, 5, 1);
    assert_eq!(ends("mail", "s"), [outside; 4]);
    assert_eq!(ends("mail", "f"), [inbox; 4]);
    assert_eq!(ends("wake", "s"), [outside, inbox, inbox]);
    assert_eq!(ends("wake", "f"), [1, 2, callbacks]);
    let ended = |event: &&Value| event["args"]["ends"] == "cancelled";
    assert_eq!(events.iter().filter(ended).count(), 1);
}

/// Version 2 has added mail, and futures that are dropped.
#[test]
fn a_trace_of_the_first_version_is_read_and_written_as_one_of_this() {
    let (json, now) = (
        support::small().to_json(),
        format!("\"version\": {VERSION}"),
    );
    let older = json.replace(&now, "\"version\": 1");
    assert_ne!(older, json);
    let trace = Trace::parse(&older).unwrap();
    assert_eq!(trace.version, 1);
    assert!(trace.to_playable().unwrap().contains(&now));
}
