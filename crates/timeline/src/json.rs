//! Reading and writing the document.

use serde::Serialize;

use crate::{Damaged, FORMAT, Trace, VERSION};

impl Trace {
    /// An empty trace of `program`, in this version's format.
    pub fn new(chapter: &str, program: &str, args: &[String]) -> Trace {
        Trace {
            format: FORMAT.to_string(),
            version: VERSION,
            chapter: chapter.to_string(),
            program: program.to_string(),
            args: args.to_vec(),
            places: Vec::new(),
            sources: Vec::new(),
            left_out: 0,
            events: Vec::new(),
        }
    }

    /// Reads a trace.
    ///
    /// # Errors
    ///
    /// If `json` is no trace, or a newer one than this code knows. Whether its events can follow one another is seen
    /// only when they are replayed.
    pub fn parse(json: &str) -> Result<Trace, Damaged> {
        // The head first: what is newer may have events that this code does not know.
        let damaged = |error: serde_json::Error| Damaged::NotATrace(in_words(&error));
        let head: serde_json::Value = serde_json::from_str(json).map_err(damaged)?;
        let not = |why: &str| Err(Damaged::NotATrace(why.to_string()));
        let Some(format) = head["format"].as_str() else {
            return not("it does not say its format");
        };
        if format != FORMAT {
            return not(&format!("its format is {format:?}, not {FORMAT:?}"));
        }
        match head["version"].as_u64().map(u32::try_from) {
            None => return not("its version is no number"),
            Some(Ok(..=VERSION)) => {}
            Some(version) => return Err(Damaged::Newer(version.unwrap_or(u32::MAX))),
        }
        serde_json::from_str(json).map_err(damaged)
    }

    /// The trace as JSON, an event a line.
    pub fn to_json(&self) -> String {
        self.write(&[])
    }

    /// The trace as JSON, and the fields `more` after its own.
    pub(crate) fn write(&self, more: &[(&str, String)]) -> String {
        let own = [
            ("format", json(&self.format)),
            // What was of an older version is not, written anew.
            ("version", json(&VERSION)),
            ("chapter", json(&self.chapter)),
            ("program", json(&self.program)),
            ("args", json(&self.args)),
            ("left_out", json(&self.left_out)),
            ("places", lines(&self.places)),
            ("sources", lines(&self.sources)),
            ("events", lines(&self.events)),
        ];
        let fields = own.iter().chain(more);
        let fields = fields.map(|(name, value)| format!("  \"{name}\": {value}"));
        format!("{{\n{}\n}}\n", fields.collect::<Vec<_>>().join(",\n"))
    }
}

/// What is wrong with a text, and where, for somebody who has not read this code.
fn in_words(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return format!("it ends too early, in line {line}");
    }
    if error.is_syntax() {
        return format!("line {line}, column {column} is not JSON");
    }
    let words = error.to_string();
    let mut quoted = words.split('`');
    match (quoted.next(), quoted.next()) {
        (Some("missing field "), Some(name)) => {
            format!("`{name}` is missing in what ends at line {line}, column {column}")
        }
        (Some("unknown variant "), Some(name)) => {
            format!("line {line} says `{name}`, which means nothing there")
        }
        _ => format!("something else belongs at line {line}, column {column}"),
    }
}

/// Each item as JSON on a line of its own.
pub(crate) fn lines<T: Serialize>(items: &[T]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|item| format!("\n    {}", json(item)))
        .collect();
    format!("[{}]", items.join(","))
}

pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("only strings, numbers, lists and structs")
}
