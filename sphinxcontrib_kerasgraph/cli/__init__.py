"""The ``kerasgraph`` command: what a page shows of a model, without a page.

- `entry` has the table of the commands; it reads the arguments, runs one, and says what is wrong in
  a line. `command` is what each module of a command declares.
- `draw`, `summary`, `diff`, `serve`, `options` and `sphinx_builds` are the commands.
- `operands` finds the model that is named: a target, a file, or a file of a revision. `graphs` has
  targets built, or their graphs from the cache.
- `changed_snapshots` has those of a branch, and `pull_request` the comment on them; `git` runs git.
- `arguments` makes arguments of the declared options, and `terminal` knows what may be shown where.

What a command needs to run is imported when it runs: ``--help`` and a drawing from the cache are
there at once.
"""

from sphinxcontrib_kerasgraph.cli.entry import main

__all__ = ["main"]
