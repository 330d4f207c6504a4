//! Chapter 2: the keys of a time heap as a tree, and their slots.

use event_loop::{Time, TimeHeap};

use super::pen::{Picture, Point};

/// What a heap holds, read from what its `Debug` says.
struct Held {
    keys: Vec<Key>,
    slots: Vec<Option<String>>,
}

struct Key {
    seconds: u64,
    order: usize,
    slot: usize,
}

/// Six taxis. One has left the heap, and its slot has a new tenant. One is cancelled.
fn taxis() -> TimeHeap<&'static str> {
    let mut heap = TimeHeap::new();
    heap.push(Time::from_secs(0), "A");
    heap.push(Time::from_secs(3), "B");
    let broken_down = heap.push(Time::from_secs(4), "C");
    heap.push(Time::from_secs(9), "D");
    heap.push(Time::from_secs(7), "E");
    heap.pop();
    heap.push(Time::from_secs(4), "A");
    heap.push(Time::from_secs(5), "F");
    heap.cancel(broken_down);
    heap
}

impl Held {
    fn by(heap: &TimeHeap<&'static str>) -> Held {
        let said = format!("{heap:?}");
        let (keys, rest) = said.split_once("slots: [").unwrap();
        let (slots, _) = rest.split_once("free:").unwrap();
        let keys = keys.split("Key {").skip(1).map(|key| Key {
            seconds: after(key, "deadline: Time(") as u64 / 1_000_000_000,
            order: after(key, "order: "),
            slot: after(key, "slot: "),
        });
        let slots = slots.split("value: ").skip(1);
        let slots = slots.map(|slot| slot.split('"').nth(1).map(str::to_string));
        Held {
            keys: keys.collect(),
            slots: slots.collect(),
        }
    }
}

/// The number that stands behind `name`.
fn after(said: &str, name: &str) -> usize {
    let (_, rest) = said.split_once(name).unwrap();
    let digits = rest.split(|letter: char| !letter.is_ascii_digit());
    digits.into_iter().next().unwrap().parse().unwrap()
}

const KEY: Point = (78.0, 66.0);
const SLOT: Point = (78.0, 38.0);

pub(super) fn picture() -> Picture {
    let held = Held::by(&taxis());
    let mut picture = Picture::new(
        350,
        "Left, the keys of a heap as a tree, the smallest on top. Right, the slots. Each key names the slot with its \
         taxi. One slot is empty: its taxi is cancelled, and its key is still in the tree.",
    );
    picture.text((176.0, 22.0), "keys", "name");
    picture.text((469.0, 22.0), "slots", "name");
    for at in 1..held.keys.len() {
        let (above, below) = (center((at - 1) / 2), center(at));
        let above = (above.0, above.1 + KEY.1 / 2.0);
        picture.line(above, (below.0, below.1 - KEY.1 / 2.0), "thin");
    }
    for (at, key) in held.keys.iter().enumerate() {
        draw_key(
            &mut picture,
            center(at),
            key,
            held.slots[key.slot].is_none(),
        );
    }
    // One live key and the dead one lead to their slots; with all of them the lines would cross.
    for (at, key) in held.keys.iter().enumerate() {
        let dead = held.slots[key.slot].is_none();
        if at == 0 || dead {
            let from = (center(at).0 + KEY.0 / 2.0 + 6.0, center(at).1 + 14.0);
            let to = (slot_at(key.slot).0 - 28.0, slot_at(key.slot).1 + 19.0);
            picture.arrow(from, to, if dead { "dashed" } else { "" });
        }
    }
    for (number, value) in held.slots.iter().enumerate() {
        let at = slot_at(number);
        let class = if value.is_some() {
            "fill"
        } else {
            "fill dashed"
        };
        picture.area(at, SLOT, class);
        let middle = (at.0 + SLOT.0 / 2.0, at.1 + 26.0);
        match value {
            Some(value) => picture.text(middle, &format!("taxi {value}"), ""),
            None => picture.text(middle, "empty", "said"),
        }
        picture.text((at.0 - 14.0, at.1 + 26.0), &number.to_string(), "small");
    }
    picture
}

fn draw_key(picture: &mut Picture, center: Point, key: &Key, dead: bool) {
    let corner = (center.0 - KEY.0 / 2.0, center.1 - KEY.1 / 2.0);
    let class = if dead { "fill dashed" } else { "lit" };
    picture.area(corner, KEY, class);
    let ink = if dead { "" } else { " on-lit" };
    let time = format!("{} s", key.seconds);
    picture.text((center.0, center.1 - 13.0), &time, &format!("name{ink}"));
    let order = format!("order {}", key.order);
    picture.text((center.0, center.1 + 7.0), &order, &format!("small{ink}"));
    let slot = format!("slot {}", key.slot);
    picture.text((center.0, center.1 + 25.0), &slot, &format!("small{ink}"));
}

/// The middle of the key that stands at `at` in the heap's array. Those below it are at `2 * at + 1` and the next.
fn center(at: usize) -> Point {
    let level = (at + 1).ilog2();
    let place = (at + 1 - (1 << level)) as f64;
    let width = 352.0 / f64::from(1 << level);
    (width * (place + 0.5), 74.0 + 116.0 * f64::from(level))
}

fn slot_at(number: usize) -> Point {
    (430.0, 41.0 + 50.0 * number as f64)
}
