//! Chapter 6: where everybody is in the middle of a round. The moment is one of the recorded run `turns`: one task has
//! its turn, one is in the queue, one waits, and the layer below knows for what.

use std::any::type_name;
use std::fs;

use timeline::{Phase, Replay, Runnable, State, Trace};
use timers::Timers;
use wakers::ThreadPark;
use workbook_tests::root;

use super::pen::{Picture, Point};

const NAME: Point = (86.0, 38.0);

/// The first moment at which each place has somebody in it.
fn moment(trace: &Trace) -> State<'_> {
    let mut replay = Replay::new(trace);
    while let Some(state) = replay.advance().unwrap() {
        let timers = state.heap().is_some_and(|heap| !heap.is_empty());
        let places = [Phase::Ready, Phase::Running, Phase::Waiting];
        let in_all = places.iter().all(|phase| names(state, *phase).len() == 1);
        if timers && in_all {
            return state.clone();
        }
    }
    panic!("there is always a place with nobody in it");
}

fn names<'t>(state: &State<'t>, phase: Phase) -> Vec<&'t str> {
    let there = state.tasks().iter().filter(|task| task.phase() == phase);
    there.map(|task| task.name).collect()
}

/// The layers of a park, the uppermost first: `Timers<ThreadPark>`.
fn layers<P>() -> Vec<&'static str> {
    let layers = type_name::<P>().trim_end_matches('>').split('<');
    let layers = layers.map(|layer| layer.rsplit("::").next().unwrap());
    layers.collect()
}

pub(super) fn picture() -> Picture {
    let file = root().join("book/traces/ch06-tasks-turns.json");
    let trace = Trace::parse(&fs::read_to_string(file).unwrap()).unwrap();
    let state = moment(&trace);
    let mut picture = Picture::new(
        394,
        "A queue, whose front gets a turn. If it is pending, it waits. A wake puts it at the queue's back. After the \
         turns the loop parks: below are the timers, and below these the thread. A timer wakes the one who waits.",
    );
    draw_queue(&mut picture, &state);
    draw_turn(&mut picture, names(&state, Phase::Running)[0]);
    draw_waiting(&mut picture, &state);
    draw_layers(&mut picture, &state);
    picture
}

fn draw_queue(picture: &mut Picture, state: &State<'_>) {
    picture.text((182.0, 22.0), "the queue", "name");
    picture.area((44.0, 34.0), (276.0, 50.0), "pane");
    for (place, who) in state.queue().enumerate() {
        let Runnable::Task(number) = who else {
            panic!("{who:?} is no task");
        };
        let at = (50.0 + 90.0 * place as f64, 40.0);
        draw_name(picture, at, state.task(number).unwrap().name, "fill");
    }
    picture.arrow((93.0, 88.0), (93.0, 140.0), "");
    picture.text((150.0, 121.0), "a turn each", "");
}

fn draw_turn(picture: &mut Picture, running: &str) {
    draw_name(picture, (50.0, 146.0), running, "lit");
    picture.arrow((141.0, 165.0), (306.0, 165.0), "");
    picture.text((222.0, 154.0), "Pending", "");
    picture.arrow((93.0, 190.0), (93.0, 286.0), "");
    picture.text((142.0, 240.0), "then park", "");
}

fn draw_waiting(picture: &mut Picture, state: &State<'_>) {
    picture.text((376.0, 222.0), "waiting", "name");
    picture.area((312.0, 136.0), (208.0, 66.0), "pane");
    let waiting = state
        .tasks()
        .iter()
        .filter(|task| task.phase() == Phase::Waiting);
    for task in waiting {
        draw_name(picture, (320.0, 150.0), task.name, "fill");
        let why = task.why.unwrap_or_default();
        picture.text((464.0, 175.0), why, "said");
    }
    picture.bent_arrow((440.0, 132.0), (440.0, 62.0), (326.0, 60.0), "call");
    picture.text((450.0, 78.0), "wake", "");
}

fn draw_layers(picture: &mut Picture, state: &State<'_>) {
    for (level, layer) in layers::<Timers<ThreadPark>>().iter().enumerate() {
        let at = (44.0, 292.0 + 50.0 * level as f64);
        picture.area(at, (476.0, 46.0), "pane");
        picture.text((at.0 + 16.0, at.1 + 28.0), layer, "code start");
        if level > 0 {
            continue;
        }
        for (place, number) in state.heap().unwrap_or_default().iter().enumerate() {
            let timer = state.timers()[*number as usize - 1];
            let due = format!("{} s", timer.deadline / 1_000_000_000);
            let corner = (at.0 + 370.0 - 90.0 * place as f64, at.1 + 4.0);
            draw_name(picture, corner, &due, "fill");
        }
    }
    picture.arrow((457.0, 290.0), (457.0, 208.0), "call");
    picture.text((490.0, 254.0), "due", "");
    picture.bent_arrow((40.0, 340.0), (-8.0, 200.0), (40.0, 64.0), "thin");
}

fn draw_name(picture: &mut Picture, at: Point, name: &str, class: &str) {
    picture.area(at, NAME, class);
    let ink = if class == "lit" { "on-lit" } else { "" };
    picture.text((at.0 + NAME.0 / 2.0, at.1 + 25.0), name, ink);
}
