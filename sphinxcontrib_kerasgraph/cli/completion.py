"""``kerasgraph --print-completion``: what a shell completes, made of the parser by shtab."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.option_kinds import Choice
from sphinxcontrib_kerasgraph.settings import ModelOptions

if TYPE_CHECKING:
    from argparse import ArgumentParser

SHELLS = ("bash", "zsh", "tcsh")
#: The arguments that are files, or may be, and those that are folders.
_FILES = frozenset({"FILE", "TARGET", "MODEL"})
_FOLDERS = frozenset({"FOLDER", "SOURCEDIR"})
#: Bash has signs of assignment, and colons, as words: of ``--theme=keras`` what stands before is
#: its option, and of ``HEAD~1:docs/net.json`` it is left out. As of Bash 3, which macOS has.
_WHOLE_WORDS = """\
_kerasgraph() {
  local -a words=()
  local index word last
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word="${COMP_WORDS[index]}"
    if [[ "$word" == "=" || "$word" == ":" ]]; then
      last=$((${#words[@]} - 1))
      [[ "$word" == "=" && "${words[last]}" == --* ]] || unset "words[last]"
      ((index < COMP_CWORD)) && continue
      word=""
    fi
    words+=("$word")
  done
  local -a COMP_WORDS=("${words[@]}")
  local COMP_CWORD=$((${#words[@]} - 1))
  _shtab_kerasgraph
}
"""


def script(parser: ArgumentParser, commands: list[ArgumentParser], shell: str) -> str:
    """The script that the shell reads."""
    import shtab

    words = {
        option_fields.page_name(option): list(option.metadata["kind"].values)
        for group in (*options.DRAWING, ModelOptions)
        for option in fields(group)
        if isinstance(option.metadata["kind"], Choice)
    }
    for action in (action for one in commands for action in one._actions):  # noqa: SLF001
        if action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # as shtab reads it
        elif action.metavar in _FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
            if not action.option_strings:  # options that aren't known here stand before it
                action.nargs = "*"
        elif action.dest in words:
            action.choices = words[action.dest]
    made = str(shtab.complete(parser, shell))
    if shell != "bash":
        return made
    return _WHOLE_WORDS + made.replace("-F _shtab_kerasgraph ", "-F _kerasgraph ")
