//! Reading and writing the document.

use serde::{Deserialize, Serialize};

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
        #[derive(Deserialize)]
        struct Header {
            format: String,
            version: u32,
        }
        let damaged = |error: serde_json::Error| Damaged::NotATrace(error.to_string());
        // The head first: what is newer may have events that this code does not know.
        let header: Header = serde_json::from_str(json).map_err(damaged)?;
        if header.format != FORMAT {
            let why = format!("its format is {:?}, not {FORMAT:?}", header.format);
            return Err(Damaged::NotATrace(why));
        }
        if header.version > VERSION {
            return Err(Damaged::Newer(header.version));
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
