//! Says what a drawing of a long run leaves out.

use crate::Trace;
use crate::says::time;

/// What stands instead of a drawing that would have nothing in it.
pub(crate) const EMPTY: &str =
    "Nothing waits or is resumed in this run: there is no timeline to draw.";

/// What a drawing does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missing {
    /// So many tasks have no lane.
    pub tasks: usize,
    /// So many sockets have none.
    pub sockets: usize,
    /// The first step that is not shown.
    pub until: Option<usize>,
}

impl Missing {
    /// A sentence for each thing that is missing.
    pub(crate) fn says(&self, trace: &Trace) -> Vec<String> {
        let mut says = Vec::new();
        let lanes = [
            (self.tasks, "task", "tasks"),
            (self.sockets, "socket", "sockets"),
        ];
        for (count, one, many) in lanes {
            if count > 0 {
                let what = if count == 1 { one } else { many };
                says.push(format!("{} more {what} not shown.", number(count)));
            }
        }
        if let Some(step) = self.until {
            let at = trace.events.get(step).map_or(0, |event| event.at);
            let (all, step) = (number(trace.events.len()), number(step));
            says.push(format!(
                "The first {step} of {all} steps are shown, up to {}.",
                time(at)
            ));
        }
        if trace.left_out > 0 {
            let left_out = usize::try_from(trace.left_out).unwrap_or(usize::MAX);
            let left_out = number(left_out);
            says.push(format!(
                "The run had {left_out} more steps, which were not recorded."
            ));
        }
        says
    }
}

/// `count` with a comma after each three digits.
pub(crate) fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
