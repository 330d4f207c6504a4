// Only in a book that `cargo run -- read` serves: loads the page again when it has been built again, and shows what is
// wrong with it.
(() => {
  // The list of chapters is a page in a frame where there is no other way to show it.
  if (top !== self || !navigator.locks) return;
  const channel = new BroadcastChannel("book");
  let last;
  const show = (problems) => {
    let box = document.getElementById("book-problems");
    if (!box) {
      box = document.createElement("pre");
      box.id = "book-problems";
      box.setAttribute("role", "alert");
      box.style =
        "position:fixed;inset:auto 0 0 0;z-index:1000;margin:0;padding:1em;max-height:40vh;overflow:auto;" +
        "white-space:pre-wrap;background:#fff4e5;color:#5c2b00;border-top:2px solid #b35900;font-size:14px";
      document.body.append(box);
    }
    box.textContent = problems;
    box.hidden = !problems;
  };
  const hear = (news) => {
    last = news;
    if (news.built !== BUILT) location.reload();
    else show(news.problems);
  };
  // A browser keeps six connections to a server, and each source of events takes one for as long as it is open: with a
  // source in every tab, the seventh would load nothing. So one tab listens, and tells the others.
  channel.onmessage = ({ data }) => {
    if (data !== "?") hear(data);
    else if (last) channel.postMessage(last);
  };
  channel.postMessage("?");
  navigator.locks.request("book", () => {
    new EventSource("/-/news").onmessage = ({ data }) => {
      const news = JSON.parse(data);
      channel.postMessage(news);
      hear(news);
    };
    // Until this tab is closed.
    return new Promise(() => {});
  });
})();
