//! The tables of the trace's format, made from the code that reads and writes it.
//!
//! `{{trace-format: What}}` is the type `What` of `crates/timeline/src/doc.rs`: a struct's fields, or an enum's kinds
//! and what each of them has. The words are its doc comments, the names those in JSON. `{{trace-format: VERSION}}` is
//! the sentence that says which version this is.

use std::fs;
use std::path::Path;

use syn::{Attribute, Expr, Field, Fields, Item, ItemEnum, Lit, Meta, Type};

use timeline::{FORMAT, VERSION};

use crate::html::cell;

/// Where the types are.
const FILE: &str = "crates/timeline/src/doc.rs";

/// The table for the type `name`.
///
/// # Errors
///
/// If there is no such type, or it has something that this does not know how to write.
pub(crate) fn table(root: &Path, name: &str) -> Result<String, String> {
    if name == "VERSION" {
        return Ok(format!("This is version {VERSION}.\n"));
    }
    let text = fs::read_to_string(root.join(FILE));
    let text = text.map_err(|error| format!("{FILE}: {error}"))?;
    of_text(&text, name).map_err(|why| format!("{FILE}: {why}"))
}

fn of_text(text: &str, name: &str) -> Result<String, String> {
    let file = syn::parse_file(text).map_err(|error| error.to_string())?;
    let table = file.items.iter().find_map(|item| match item {
        Item::Struct(it) if it.ident == name => Some(fields(&it.fields)),
        Item::Enum(it) if it.ident == name => Some(variants(it)),
        _ => None,
    });
    let table = table.ok_or_else(|| format!("there is no type `{name}`"))??;
    Ok(format!("<div class=\"made format\">\n\n{table}\n</div>\n"))
}

fn fields(fields: &Fields) -> Result<String, String> {
    let mut table = String::from("| field | is | what it says |\n|---|---|---|\n");
    for field in fields {
        let (name, means) = (field_name(field)?, doc(&field.attrs));
        if flattened(field) {
            table += &format!("| `kind` … | text | {means} Its fields follow. |\n");
            continue;
        }
        table += &format!("| `{name}` | {} | {means} |\n", type_name(&field.ty)?);
    }
    Ok(table)
}

fn variants(it: &ItemEnum) -> Result<String, String> {
    let has_fields = it
        .variants
        .iter()
        .any(|v| matches!(v.fields, Fields::Named(_)));
    let mut table = String::from(match has_fields {
        true => "| kind | when | its fields |\n|---|---|---|\n",
        false => "| in JSON | means |\n|---|---|\n",
    });
    for variant in &it.variants {
        let (name, means) = (kebab(&variant.ident.to_string()), doc(&variant.attrs));
        match &variant.fields {
            Fields::Unit if !has_fields => {
                table += &format!("| `\"{name}\"` | {means} |\n");
            }
            Fields::Unnamed(_) => {
                table += &format!("| `{{\"{name}\": 1}}` | {means} |\n");
            }
            fields => {
                let fields = fields
                    .iter()
                    .map(field_line)
                    .collect::<Result<Vec<_>, _>>()?;
                table += &format!("| `{name}` | {means} | {} |\n", fields.join("<br>"));
            }
        }
    }
    Ok(table)
}

/// `` `task` (number): Whose name.``
fn field_line(field: &Field) -> Result<String, String> {
    let (name, kind) = (field_name(field)?, type_name(&field.ty)?);
    Ok(format!("`{name}` ({kind}): {}", doc(&field.attrs)))
}

fn field_name(field: &Field) -> Result<String, String> {
    let name = field.ident.as_ref().ok_or("a field without a name")?;
    Ok(name.to_string())
}

/// Whether serde writes the fields of this one in its place.
fn flattened(field: &Field) -> bool {
    let mut found = false;
    for attribute in field.attrs.iter().filter(|it| it.path().is_ident("serde")) {
        // What cannot be read here is not `flatten`.
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("flatten");
            Ok(())
        });
    }
    found
}

/// What JSON has for a type.
fn type_name(ty: &Type) -> Result<String, String> {
    let Type::Path(path) = ty else {
        return Err("a type that is no path".into());
    };
    let last = path.path.segments.last().ok_or("a type without a name")?;
    let inner = || match &last.arguments {
        syn::PathArguments::AngleBracketed(it) => match it.args.first() {
            Some(syn::GenericArgument::Type(inner)) => type_name(inner),
            _ => Err(format!("`{}` of what?", last.ident)),
        },
        _ => Err(format!("`{}` of what?", last.ident)),
    };
    Ok(match last.ident.to_string().as_str() {
        "String" => "text".into(),
        "u32" | "u64" | "usize" => "number".into(),
        "bool" => "`true` or `false`".into(),
        "Vec" => format!("list of {}", inner()?),
        "Option" => format!("{}, or `null`", inner()?),
        other => format!("`{other}`"),
    })
}

/// The doc comment, in a line of a table.
fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let Meta::NameValue(it) = &attribute.meta else {
            return None;
        };
        match &it.value {
            Expr::Lit(it) if attribute.path().is_ident("doc") => match &it.lit {
                Lit::Str(text) => Some(text.value().trim().to_string()),
                _ => None,
            },
            _ => None,
        }
    });
    let text = lines.collect::<Vec<_>>().join(" ");
    cell(&unlinked(&text))
}

/// Without links, since what the documentation links to is not in the book, and a constant by its value.
fn unlinked(text: &str) -> String {
    let text = text.replace("[`", "`").replace("`]", "`");
    text.replace("`FORMAT`", &format!("`\"{FORMAT}\"`"))
}

/// `LoopStarted` as serde's `kebab-case` writes it.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(letter.to_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "
        /// An event.
        pub struct Event {
            /// When, see [`Other`].
            pub at: u64,
            /// The rest.
            #[serde(flatten)]
            pub what: What,
            /// All | of it.
            pub heap: Option<Vec<u32>>,
        }
        #[serde(rename_all = \"kebab-case\")]
        pub enum What {
            /// It ends.
            LoopEnded,
            /// It is
            /// woken.
            Woken {
                /// Who.
                by: By,
            },
        }
        pub enum By {
            /// A task.
            Task(u32),
            /// Nobody.
            Loop,
        }";

    #[test]
    fn a_table_has_the_names_in_json_and_the_comments() {
        let lines = |name: &str| -> Vec<String> {
            let table = of_text(CODE, name).unwrap();
            let lines = table.lines().filter(|it| it.starts_with('|'));
            lines.skip(2).map(str::to_string).collect()
        };
        assert_eq!(
            lines("Event"),
            [
                "| `at` | number | When, see `Other`. |",
                "| `kind` … | text | The rest. Its fields follow. |",
                "| `heap` | list of number, or `null` | All \\| of it. |",
            ]
        );
        assert_eq!(
            lines("What"),
            [
                "| `loop-ended` | It ends. |  |",
                "| `woken` | It is woken. | `by` (`By`): Who. |",
            ]
        );
        assert_eq!(
            lines("By"),
            ["| `{\"task\": 1}` | A task. |", "| `\"loop\"` | Nobody. |"]
        );
        assert!(of_text(CODE, "None").is_err());
    }
}
