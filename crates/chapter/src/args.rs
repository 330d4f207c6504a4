//! The flags a program was started with.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use crate::Header;
use crate::text::nearest;

/// What a program was asked for: its flags, checked against its header.
#[derive(Debug, Default)]
pub struct Args {
    real: bool,
    values: BTreeMap<String, String>,
    /// The flags that the header declares, by name.
    declared: Vec<String>,
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

    /// The whole number within `range` given for `--name`, or `None` if the flag was not given. What is too large to be
    /// meant would only seem to hang.
    ///
    /// # Errors
    ///
    /// If the value is no whole number, or not within `range`.
    ///
    /// # Panics
    ///
    /// If the program's header does not declare the flag: then nobody could have given it.
    pub fn number<N: Copy + Into<u64> + TryFrom<u64>>(
        &self,
        name: &str,
        range: RangeInclusive<N>,
    ) -> Result<Option<N>, BadInput> {
        assert!(
            self.declared.iter().any(|declared| declared == name),
            "the program's header declares no flag --{name}"
        );
        let Some(text) = self.values.get(name) else {
            return Ok(None);
        };
        let (lowest, highest) = ((*range.start()).into(), (*range.end()).into());
        let number = text.parse().ok();
        let number = number.filter(|it| (lowest..=highest).contains(it));
        let number = number.and_then(|it| N::try_from(it).ok());
        number.map(Some).ok_or_else(|| {
            BadInput(format!(
                "--{name} wants a whole number from {} to {}, not '{text}'",
                in_thousands(lowest),
                in_thousands(highest)
            ))
        })
    }

    pub(crate) fn parse(
        program: &str,
        header: &Header,
        parser: &mut lexopt::Parser,
    ) -> Result<Args, BadInput> {
        let mut args = Args {
            declared: header.flags.iter().map(|flag| flag.name.clone()).collect(),
            ..Args::default()
        };
        while let Some(arg) = parser.next().map_err(|e| BadInput(e.to_string()))? {
            match arg {
                lexopt::Arg::Long("real") if header.clock => {
                    if std::mem::replace(&mut args.real, true) {
                        return Err(twice("real"));
                    }
                }
                lexopt::Arg::Long("real") => {
                    return Err(BadInput(format!(
                        "{program} does not take --real: its header has no line `//! clock: virtual` \
                         (one that has it runs by `Clock::real_if(args.real())`)"
                    )));
                }
                lexopt::Arg::Long(name)
                    if header.flags.iter().any(|flag| flag.name == name) =>
                {
                    let name = name.to_string();
                    let value = parser.value().map_err(|e| BadInput(e.to_string()))?;
                    let value = value.to_string_lossy().into_owned();
                    if args.values.insert(name.clone(), value).is_some() {
                        return Err(twice(&name));
                    }
                }
                other => return Err(unknown(program, header, &other)),
            }
        }
        Ok(args)
    }
}

/// One of the two may be what was meant: nobody but the reader knows which.
fn twice(name: &str) -> BadInput {
    BadInput(format!("--{name} is given twice"))
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

/// `10,000,000`.
fn in_thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Args {
        let header = "//! Drives.\n//! flag: --seed S  where it starts\n";
        let header = Header::parse(header).unwrap();
        let mut parser = lexopt::Parser::from_args(arguments);
        Args::parse("taxi", &header, &mut parser).unwrap()
    }

    #[test]
    fn a_declared_flag_may_be_given() {
        let all = 0..=u64::MAX;
        assert_eq!(parsed(&[]).number("seed", all.clone()), Ok(None));
        assert_eq!(parsed(&["--seed", "7"]).number("seed", all), Ok(Some(7)));
        let wanted = "--seed wants a whole number from 1 to 10,000, not ";
        for wrong in ["many", "0", "10001", "-1", "1.5", "99999999999999999999"] {
            let asked = parsed(&[&format!("--seed={wrong}")]);
            let error = asked.number("seed", 1..=10_000_u32).unwrap_err();
            assert_eq!(error.to_string(), format!("{wanted}'{wrong}'"));
        }
    }

    #[test]
    fn a_flag_may_be_given_once() {
        let header =
            "//! Drives.\n//! clock: virtual\n//! flag: --seed S  where it starts\n";
        let header = Header::parse(header).unwrap();
        for (arguments, name) in [
            (["--seed", "7", "--seed=7"].as_slice(), "seed"),
            (&["--real", "--seed", "7", "--real"], "real"),
        ] {
            let mut parser = lexopt::Parser::from_args(arguments);
            let error = Args::parse("taxi", &header, &mut parser).unwrap_err();
            assert_eq!(error.to_string(), format!("--{name} is given twice"));
        }
    }

    #[test]
    fn the_wall_clock_is_for_those_whose_header_says_so() {
        let asked = |header: &str| {
            let mut parser = lexopt::Parser::from_args(["--real"]);
            Args::parse("taxi", &Header::own(header), &mut parser)
        };
        assert!(asked("//! clock: virtual\n").unwrap().real());
        let error = asked("//! Drives.\n").unwrap_err().to_string();
        let wanted =
            "taxi does not take --real: its header has no line `//! clock: virtual`";
        assert!(error.starts_with(wanted), "{error}");
    }

    #[test]
    #[should_panic(expected = "declares no flag --sead")]
    fn a_flag_that_is_not_declared_is_a_mistake_in_the_program() {
        let _ = parsed(&[]).number("sead", 0..=9_u64);
    }
}
