//! `{{step: taxi polled taxi A 2}}` within a line: a link to one step of a run.

use std::collections::BTreeMap;

use serde_json::Value;
use timeline::{Teller, Trace};

use crate::directive::Subject;
use crate::expand::Expander;
use crate::html::{escape, link};

/// How such a link begins.
pub(crate) const START: &str = "{{step:";

/// How many names a problem lists.
const NAMED: usize = 12;

impl Expander<'_> {
    /// The link that `words` (`taxi polled taxi A 2`) stands for: to the second time that taxi A is polled in the
    /// stepper of `taxi`. Its text is what the step says.
    pub(crate) fn step(&self, words: &str) -> Result<String, String> {
        let usage = || {
            format!(
                "`{{{{step: {words}}}}}`: a program, a kind of event, and of whom it is, as in `taxi polled taxi A 2`"
            )
        };
        let (program, rest) = words.split_once(' ').ok_or_else(usage)?;
        let (kind, whom) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
        let subject = Subject::program(program)?;
        let (chapter, program) = self.site.program(self.page, &subject)?;
        let name = &program.name;
        let stepper = self.traces.stepper(self.page, chapter.number, name);
        let stepper = stepper.ok_or_else(|| {
            format!("no page has a stepper of `{name}`: write `{{{{stepper: {name}}}}}`")
        })?;
        let trace = self.traces.of(&stepper.run)?;
        let step = find(trace, kind, whom.trim())?;
        let page = match stepper.page == self.page.path {
            true => String::new(),
            false => link(&self.page.path, &stepper.page),
        };
        Ok(format!(
            "<a class=\"trace-step\" href=\"{page}#{}:step={step}\">{}</a>",
            stepper.id,
            literal(&trace.events[step].says)
        ))
    }
}

/// `text` where Markdown is read.
fn literal(text: &str) -> String {
    let mut safe = escape(text);
    for mark in ['*', '_', '`', '[', ']', '~', '|', '\\', '$'] {
        safe = safe.replace(mark, &format!("&#{};", u32::from(mark)));
    }
    safe
}

/// The step of the event of this `kind` about `whom`: a name, and perhaps which of several, counted from 1.
fn find(trace: &Trace, kind: &str, whom: &str) -> Result<usize, String> {
    let found = of_kind(trace, kind)?;
    let all = |name: &str| -> Vec<usize> {
        let named = found.iter().filter(|it| it.names.iter().any(|n| n == name));
        named.map(|it| it.step).collect()
    };
    let (name, steps, which) = match whom.rsplit_once(' ') {
        _ if !all(whom).is_empty() => (whom, all(whom), 1),
        Some((name, which)) => (name, all(name), which.parse().unwrap_or(0)),
        // No name: any event of this kind.
        None if whom.is_empty() => (whom, found.iter().map(|it| it.step).collect(), 1),
        None => match whom.parse() {
            Ok(which) => ("", found.iter().map(|it| it.step).collect(), which),
            Err(_) => (whom, Vec::new(), 1),
        },
    };
    let step = usize::checked_sub(which, 1).and_then(|index| steps.get(index));
    step.copied().ok_or_else(|| match steps.len() {
        0 => format!(
            "no event `{kind}` is about `{name}`; there are {}",
            named(&found)
        ),
        1 => format!("there is one event `{kind} {name}` only, not {which}"),
        count => format!("there are {count} events `{kind} {name}`, not {which}"),
    })
}

/// An event, and the names it may be found by.
struct Found {
    step: usize,
    names: Vec<String>,
}

fn of_kind(trace: &Trace, kind: &str) -> Result<Vec<Found>, String> {
    let mut last = Teller::new();
    for event in &trace.events {
        last.tell(&event.what);
    }
    let (mut now, mut found, mut kinds) = (Teller::new(), Vec::new(), Vec::new());
    for (step, event) in trace.events.iter().enumerate() {
        now.tell(&event.what);
        let what =
            serde_json::to_value(&event.what).map_err(|error| error.to_string())?;
        let this = what["kind"].as_str().unwrap_or_default().to_string();
        if this == kind {
            let names = names(&what, &now, &last);
            found.push(Found { step, names });
        }
        if !kinds.contains(&this) {
            kinds.push(this);
        }
    }
    if found.is_empty() {
        return Err(match chapter::nearest(kind, &kinds) {
            Some(near) => format!("this run has no event `{kind}`; did you mean {near}?"),
            None => format!(
                "this run has no event `{kind}`; it has {}",
                kinds.join(", ")
            ),
        });
    }
    Ok(found)
}

/// What an event is about: its task by the name it has then and at the end, its timer, callback or socket by number,
/// its line; its host, its message by what that says and between whom, its fault in words.
fn names(what: &Value, now: &Teller, last: &Teller) -> Vec<String> {
    let number = |field: &str| what[field].as_u64().and_then(|it| u32::try_from(it).ok());
    if let Some(task) = number("task") {
        return vec![last.task(task), now.task(task)];
    }
    if let Some(host) = number("host") {
        return vec![last.host(host)];
    }
    if let Some(message) = number("message") {
        let (from, to, about) = last.message(message);
        return vec![about.clone(), format!("{from} to {to}: {about}")];
    }
    let numbers = ["timer", "callback", "socket"].into_iter().find_map(number);
    let texts = ["text", "name", "what"]
        .into_iter()
        .filter_map(|it| what[it].as_str());
    let texts = texts.map(|text| text.trim().to_string());
    numbers
        .map(|it| it.to_string())
        .into_iter()
        .chain(texts)
        .collect()
}

/// `taxi A (7), taxi B`.
fn named(found: &[Found]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in found.iter().filter_map(|it| it.names.first()) {
        *counts.entry(name).or_default() += 1;
    }
    let more = counts.len().saturating_sub(NAMED);
    let names = counts.iter().take(NAMED).map(|(name, count)| match count {
        1 => (*name).to_string(),
        _ => format!("{name} ({count})"),
    });
    let mut names: Vec<String> = names.collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    match names.is_empty() {
        true => format!("{}, about nobody", found.len()),
        false => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two coroutines by turns; the second finds its name on the way.
    fn trace() -> Trace {
        let events = [
            "\"kind\":\"spawned\",\"task\":1,\"name\":\"taxi A\",\"place\":null",
            "\"kind\":\"spawned\",\"task\":2,\"name\":\"coroutine-2\",\"place\":null",
            "\"kind\":\"polled\",\"task\":1",
            "\"kind\":\"printed\",\"text\":\"  taxi A leaves\"",
            "\"kind\":\"polled\",\"task\":2",
            "\"kind\":\"named\",\"task\":2,\"name\":\"taxi 3\"",
            "\"kind\":\"polled\",\"task\":1",
            "\"kind\":\"jumped\",\"to\":5",
            "\"kind\":\"jumped\",\"to\":7",
        ];
        let events = events.map(|it| format!("{{\"at\":0,{it},\"says\":\"\"}}"));
        let mut trace = Trace::new("ch02", "taxi", &[]);
        trace.events = serde_json::from_str(&format!("[{}]", events.join(","))).unwrap();
        trace
    }

    #[test]
    fn a_step_is_named_by_kind_name_and_number() {
        let step = |kind: &str, whom: &str| find(&trace(), kind, whom);
        assert_eq!(step("polled", "taxi A"), Ok(2));
        assert_eq!(step("polled", "taxi A 2"), Ok(6));
        // By the name at the end, which looks like a number, and by the one before.
        assert_eq!(step("polled", "taxi 3"), Ok(4));
        assert_eq!(step("polled", "coroutine-2"), Ok(4));
        assert_eq!(step("printed", "taxi A leaves"), Ok(3));
        assert_eq!(step("jumped", ""), Ok(7));
        assert_eq!(step("jumped", "2"), Ok(8));
    }

    #[test]
    fn a_step_that_is_not_there_is_told_with_those_that_are() {
        let error = |kind: &str, whom: &str| find(&trace(), kind, whom).unwrap_err();
        for (kind, whom, wanted) in [
            ("poled", "taxi A", "did you mean polled?"),
            ("polled", "taxi D", "there are taxi 3, taxi A (2)"),
            (
                "polled",
                "taxi A 3",
                "there are 2 events `polled taxi A`, not 3",
            ),
            ("polled", "taxi 3 2", "one event `polled taxi 3` only"),
            ("polled", "taxi A 0", "not 0"),
            ("jumped", "3", "there are 2 events"),
            ("timer-fired", "1", "no event `timer-fired`; it has spawned"),
        ] {
            let error = error(kind, whom);
            assert!(error.contains(wanted), "{kind} {whom}: {error}");
        }
    }

    #[test]
    fn what_a_step_says_is_no_markup() {
        assert_eq!(literal("a*b_<c>"), "a&#42;b&#95;&lt;c&gt;");
    }
}
