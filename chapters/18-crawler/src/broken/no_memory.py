"""A crawler that does not remember what it has fetched: three pages are enough to keep it busy for ever."""

from collections import deque

# ANCHOR: main
PAGES = {"/": ["/a", "/b"], "/a": ["/", "/b"], "/b": ["/", "/a"]}

waiting = deque(["/"])
asked = 0
while asked < 512:
    waiting.extend(PAGES[waiting.popleft()])
    asked += 1
    if asked & (asked - 1) == 0:
        print(f"{asked:4} requests, {len(waiting):4} waiting")
print(f"the site has {len(PAGES)} pages")
# ANCHOR_END: main
