//! The tasks of the loop, live in a page.

use std::time::Duration;

use taxi::stream::stream;
use taxi::time::sleep;

use crate::{App, Event, Request, Response};

/// The page: it shows what it hears.
const PAGE: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Tasks</title>
<h1>The tasks of this server</h1>
<pre id=\"tasks\">…</pre>
<script>
const source = new EventSource(location.pathname.replace(/\\/$/, '') + '/events');
source.onmessage = (event) => { document.getElementById('tasks').textContent = event.data; };
</script>
</html>
";

impl App {
    // ANCHOR: live
    /// Shows the loop's tasks at this path, each with the line where it waits: a page, and
    /// below it, at `/events`, what the page listens to. It tells whoever may ask how the
    /// program is made: not for strangers.
    ///
    /// ```
    /// let app = web::App::new().live("/tasks");
    /// # let _ = app;
    /// ```
    ///
    /// # Panics
    ///
    /// As [`route`](App::route).
    #[track_caller]
    pub fn live(self, path: &str) -> App {
        let events = format!("{path}/events");
        let app = self.get(path, async |_: Request| Response::html(PAGE));
        app.get(&events, async |_: Request| {
            Response::events(stream(async |mut yields| {
                loop {
                    yields.send(Event::new(tasks())).await;
                    sleep(Duration::from_secs(1)).await;
                }
            }))
        })
    }
    // ANCHOR_END: live
}

/// A line a task.
fn tasks() -> String {
    let tasks = taxi::tasks();
    let lines: Vec<String> = tasks.iter().map(|it| format!("{it:#}")).collect();
    lines.join("\n")
}
