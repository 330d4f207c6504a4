//! Pages made of templates, by minijinja.

use minijinja::Environment;
use serde::Serialize;

use crate::{Error, Response};

/// Templates, by name. In one whose name ends in `.html`, values are escaped: what somebody has typed stays text.
///
/// ```
/// use web::Templates;
///
/// let mut templates = Templates::new();
/// templates.add("rides.html", "<h1>{{ to }}</h1>").unwrap();
/// let values = std::collections::BTreeMap::from([("to", "<Airport>")]);
/// let page = templates.render("rides.html", values).unwrap();
/// assert_eq!(page, "<h1>&lt;Airport&gt;</h1>");
/// let values = std::collections::BTreeMap::from([("to", "the sea")]);
/// assert_eq!(templates.page("rides.html", values).unwrap().status(), 200);
/// ```
#[derive(Debug, Default)]
pub struct Templates(Environment<'static>);

impl Templates {
    /// None yet.
    pub fn new() -> Templates {
        Templates(Environment::new())
    }

    /// One more.
    ///
    /// # Errors
    ///
    /// If it is none, with the line.
    pub fn add(&mut self, name: &'static str, text: &'static str) -> Result<(), Error> {
        Ok(self.0.add_template(name, text)?)
    }

    /// The text that it makes of these values.
    ///
    /// # Errors
    ///
    /// If there is no such template, or it cannot make a text of them.
    pub fn render(&self, name: &str, values: impl Serialize) -> Result<String, Error> {
        let values = minijinja::value::Serde(values);
        Ok(self.0.get_template(name)?.render(values)?)
    }

    /// [`render`](Templates::render), as an answer.
    ///
    /// # Errors
    ///
    /// As [`render`](Templates::render).
    pub fn page(&self, name: &str, values: impl Serialize) -> Result<Response, Error> {
        Ok(Response::html(self.render(name, values)?))
    }
}
