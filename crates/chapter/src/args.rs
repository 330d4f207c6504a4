//! The flags a program was started with.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::Header;
use crate::text::nearest;

/// What a program was asked for: its flags, checked against its header.
#[derive(Debug, Default)]
pub struct Args {
    real: bool,
    values: BTreeMap<String, String>,
}

/// Input that a program refuses, in words that say what it wants instead. Ends the process with status 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadInput(String);

impl BadInput {
    /// Input refused, for the reason `why`.
    pub fn new(why: impl Into<String>) -> BadInput {
        BadInput(why.into())
    }
}

impl fmt::Display for BadInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadInput {}

impl Args {
    /// Whether the program runs on the wall clock (`--real`).
    pub fn real(&self) -> bool {
        self.real
    }

    /// The whole number given for `--name`, or `None` if the flag was not given.
    ///
    /// # Errors
    ///
    /// If the value is not a whole number of type `N`.
    ///
    /// # Panics
    ///
    /// If the program's header does not declare the flag: then nobody could have given it.
    pub fn number<N: FromStr + Bounds>(&self, name: &str) -> Result<Option<N>, BadInput> {
        let Some(text) = self.values.get(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            BadInput(format!(
                "--{name} wants a whole number from {} to {}, not '{text}'",
                N::LOWEST,
                N::HIGHEST
            ))
        })
    }

    pub(crate) fn parse(
        program: &str,
        header: &Header,
        parser: &mut lexopt::Parser,
    ) -> Result<Args, BadInput> {
        let mut args = Args::default();
        while let Some(arg) = parser.next().map_err(|e| BadInput(e.to_string()))? {
            match arg {
                lexopt::Arg::Long("real") if header.clock => args.real = true,
                lexopt::Arg::Long("real") => {
                    return Err(BadInput(format!(
                        "{program} keeps no time, so --real would change nothing"
                    )));
                }
                lexopt::Arg::Long(name)
                    if header.flags.iter().any(|flag| flag.name == name) =>
                {
                    let name = name.to_string();
                    let value = parser.value().map_err(|e| BadInput(e.to_string()))?;
                    args.values
                        .insert(name, value.to_string_lossy().into_owned());
                }
                other => return Err(unknown(program, header, &other)),
            }
        }
        Ok(args)
    }
}

fn unknown(program: &str, header: &Header, arg: &lexopt::Arg<'_>) -> BadInput {
    let text = match arg {
        lexopt::Arg::Long(name) => format!("--{name}"),
        lexopt::Arg::Short(letter) => format!("-{letter}"),
        lexopt::Arg::Value(value) => value.to_string_lossy().into_owned(),
    };
    let mut known: Vec<String> = header
        .flags
        .iter()
        .map(|f| format!("--{}", f.name))
        .collect();
    if header.clock {
        known.push("--real".into());
    }
    let hint = match (nearest(&text, &known), known.is_empty()) {
        (Some(near), _) => format!("; did you mean {near}?"),
        (None, true) => "; it takes no flags".into(),
        (None, false) => format!("; it takes {}", known.join(", ")),
    };
    BadInput(format!("{program} does not take '{text}'{hint}"))
}

/// The limits of a number type, for messages.
pub trait Bounds {
    /// The smallest value.
    const LOWEST: u64;
    /// The largest value.
    const HIGHEST: u64;
}

impl Bounds for u64 {
    const LOWEST: u64 = u64::MIN;
    const HIGHEST: u64 = u64::MAX;
}

impl Bounds for u32 {
    const LOWEST: u64 = u32::MIN as u64;
    const HIGHEST: u64 = u32::MAX as u64;
}
