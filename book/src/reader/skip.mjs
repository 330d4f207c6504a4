// The first thing that the Tab key reaches: a way past the list of chapters, which has dozens of links.

const main = document.querySelector("main");
if (main) {
  main.id ||= "page";
  main.tabIndex = -1;
  const skip = document.createElement("a");
  skip.className = "skip";
  skip.href = `#${main.id}`;
  skip.textContent = "Skip to the page";
  // The address stays as it is: a link to a step of a run is kept in it.
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  document.body.prepend(skip);
  // mdBook scrolls its list to the page that is open, and a browser takes that for the place where Tab begins.
  document.addEventListener("keydown", (event) => {
    const begins = event.key === "Tab" && !event.shiftKey && document.activeElement === document.body;
    if (begins && !skip.dataset.reached) {
      skip.dataset.reached = "yes";
      event.preventDefault();
      skip.focus();
    }
  });
}
