"""A model on a page of its own, drawn again whenever its code is saved: ``kerasgraph serve``.

- `session` goes round: build, draw, show, wait until a file is saved.
- `builder` has a process that has imported Keras wait for the next build, since a module that was
  edited needs a fresh one; `watch` knows which files decide the model, and whether one was saved.
- `drawn` makes of a graph what the page needs, `changes` tells what is another than before, and
  `shown` is all that the page shows at a time.
- `board` has the last of it, and wakes who waits for the next; `server` brings it to browsers, and
  `page` writes the page. ``live.js`` takes a new drawing in there.

Knows no Sphinx; and needs no library, neither of a server nor to watch files: a few dozen files
are looked at ten times a second in less than a thousandth of the time, on every system alike, also
where the system tells nothing of them, such as in containers.
"""
