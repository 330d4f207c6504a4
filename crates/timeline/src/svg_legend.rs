//! The signs of the SVG timeline, and the line that says what they mean.

use std::fmt::Write as _;

use crate::svg::LETTER;

/// What can be seen in a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    Runs,
    Calls,
    Ready,
    Waits,
    Unknown,
    Wakes,
    Queued,
    Fires,
    TimerCancelled,
    Prints,
    Over,
    Ends,
    Panics,
    Cancels,
    Told,
    Works,
    Blocks,
    Fails,
    Acts,
    Mailed,
    Sends,
    Loses,
    Leads,
    Faulty,
}

const ALL: [(Item, &str); 24] = [
    (Item::Runs, "runs"),
    (Item::Calls, "has called another"),
    (Item::Ready, "ready to run"),
    (Item::Waits, "waits"),
    (Item::Unknown, "no clock tells how long"),
    (Item::Wakes, "wakes"),
    (Item::Queued, "made ready by the loop"),
    (Item::Fires, "timer fires"),
    (Item::TimerCancelled, "timer cancelled"),
    (Item::Prints, "prints"),
    (Item::Over, "over"),
    (Item::Ends, "ends early"),
    (Item::Panics, "panics"),
    (Item::Cancels, "asks to end"),
    (Item::Told, "socket ready"),
    (Item::Works, "call works"),
    (Item::Blocks, "call would block"),
    (Item::Fails, "call fails"),
    (Item::Acts, "acts from outside"),
    (Item::Mailed, "mail"),
    (Item::Sends, "message"),
    (Item::Loses, "message that is lost"),
    (Item::Leads, "leads"),
    (Item::Faulty, "a fault lasts"),
];

/// Which of them are in a drawing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Signs(u32);

impl Signs {
    pub(crate) fn use_of(&mut self, item: Item) {
        self.0 |= 1 << item as u32;
    }

    pub(crate) fn add(&mut self, other: Signs) {
        self.0 |= other.0;
    }

    fn has(self, item: Item) -> bool {
        self.0 & (1 << item as u32) != 0
    }
}

impl Item {
    /// The sign, its middle at `x` and `y`.
    pub(crate) fn draw(self, out: &mut String, x: usize, y: usize) {
        let _ = match self {
            Item::Runs => square(out, "r", x, y),
            Item::Calls => square(out, "c", x, y),
            Item::Ready => write!(out, "<path class=\"q\" d=\"M{} {y}h15\"/>", x - 8),
            Item::Waits => write!(out, "<path class=\"w\" d=\"M{} {y}h16\"/>", x - 8),
            Item::Unknown => write!(out, "<path class=\"u\" d=\"M{} {y}h16\"/>", x - 8),
            Item::Wakes => write!(
                out,
                "<path class=\"a\" d=\"M{x} {}v9\"/><path class=\"h\" d=\"M{} {}h6l-3 4z\"/>",
                y - 7,
                x - 3,
                y + 2
            ),
            Item::Queued => write!(
                out,
                "<path class=\"h\" d=\"M{} {}h8l-4 5z\"/>",
                x - 4,
                y - 12
            ),
            Item::Fires => write!(
                out,
                "<path class=\"t\" d=\"M{x} {}v7\"/><circle class=\"o\" cx=\"{x}\" cy=\"{}\" r=\"3\"/>",
                y + 2,
                y
            ),
            Item::TimerCancelled | Item::Ends => cross(out, "t", x, y),
            Item::Fails | Item::Panics => cross(out, "b", x, y),
            Item::Prints => {
                write!(out, "<circle class=\"p\" cx=\"{x}\" cy=\"{y}\" r=\"2\"/>")
            }
            Item::Over => write!(out, "<path class=\"e\" d=\"M{x} {}v14\"/>", y - 7),
            Item::Cancels => write!(
                out,
                "<path class=\"b\" d=\"M{x} {}v9M{} {}h6l-3 4z\"/>",
                y - 7,
                x - 3,
                y + 2
            ),
            Item::Told => write!(
                out,
                "<path class=\"o\" d=\"M{} {}h9l-4.5 -8z\"/>",
                x - 4,
                y + 4
            ),
            Item::Works => {
                write!(out, "<circle class=\"o\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>")
            }
            Item::Blocks => {
                write!(out, "<circle class=\"t\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>")
            }
            Item::Acts => write!(
                out,
                "<rect class=\"o\" x=\"{}\" y=\"{}\" width=\"6\" height=\"6\"/>",
                x - 3,
                y - 3
            ),
            Item::Mailed => {
                let (x, y) = (x - 5, y - 4);
                write!(out, "<path class=\"t\" d=\"M{x} {y}h10v8h-10zl5 4l5 -4\"/>")
            }
            _ => self.draw_between_hosts(out, x, y),
        };
    }

    /// Those of a simulated network.
    fn draw_between_hosts(
        self,
        out: &mut String,
        x: usize,
        y: usize,
    ) -> std::fmt::Result {
        match self {
            Item::Sends => write!(
                out,
                "<path class=\"m\" d=\"M{} {y}h13\"/><path class=\"h\" d=\"M{} {}l7 4l-7 4z\"/>",
                x - 8,
                x + 2,
                y - 4
            ),
            Item::Loses => {
                let _ = write!(out, "<path class=\"m d\" d=\"M{} {y}h10\"/>", x - 8);
                cross(out, "b", x + 5, y)
            }
            Item::Leads => write!(out, "<path class=\"l\" d=\"M{x} {}v16\"/>", y - 8),
            Item::Faulty => write!(
                out,
                "<rect class=\"z\" x=\"{}\" y=\"{}\" width=\"16\" height=\"16\"/>",
                x - 8,
                y - 8
            ),
            _ => Ok(()),
        }
    }
}

fn square(out: &mut String, class: &str, x: usize, y: usize) -> std::fmt::Result {
    let (x, y) = (x - 6, y - 6);
    write!(
        out,
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"12\" height=\"12\" rx=\"2\"/>"
    )
}

pub(crate) fn cross(
    out: &mut String,
    class: &str,
    x: usize,
    y: usize,
) -> std::fmt::Result {
    write!(
        out,
        "<path class=\"{class}\" d=\"M{} {}l8 8m0 -8l-8 8\"/>",
        x - 4,
        y - 4
    )
}

/// Draws the legend under `y`, in as many lines as it needs, and gives its lower end.
pub(crate) fn legend(out: &mut String, signs: Signs, y: usize, width: usize) -> usize {
    let (mut x, mut y) = (4, y);
    if signs == Signs::default() {
        return y;
    }
    for (item, says) in ALL.iter().filter(|(item, _)| signs.has(*item)) {
        let length = 24 + (says.len() * LETTER.0).div_ceil(LETTER.1) + 14;
        if x + length > width && x > 4 {
            (x, y) = (4, y + 22);
        }
        match item {
            Item::Prints if signs.has(Item::Runs) => {
                Item::Runs.draw(out, x + 9, y + 11);
                item.draw(out, x + 9, y + 11);
            }
            Item::Queued => item.draw(out, x + 9, y + 19),
            _ => item.draw(out, x + 9, y + 11),
        }
        let _ = writeln!(
            out,
            "<text class=\"s\" x=\"{}\" y=\"{}\">{says}</text>",
            x + 24,
            y + 15
        );
        x += length;
    }
    y + 26
}
