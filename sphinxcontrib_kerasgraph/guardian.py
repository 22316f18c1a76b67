"""Ends what this process has started, and removes what it has made for a while, when it dies.

Whoever is killed can't do so. So another process waits for its end: a shell, which costs a
millisecond, and reads what it is told from a pipe until nobody is at the other end. Where there is
no ``sh``, as on Windows, nobody waits.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import threading

#: What it reads: "run ID" for a process, or with a minus for a group, "path PATH" for a file or
#: folder, and "norun" and "nopath" where that is gone. Those that run have a second to end in
#: order: a keeper of builders ends what is below it. What was started but not told of yet, when
#: this process was killed, has the shell's name in its environment, on Linux, as `dot` has;
#: workers haven't, whose models would see it, and end with their standard input. "bye" says that
#: there is none.
_SCRIPT = r"""
trap '' HUP INT TERM
running=' '
while IFS= read -r said; do
  what=${said#* }
  case $said in
    'run '*) running="$running$what " ;;
    'path '*) set -- "$@" "$what" ;;
    'norun '*)
      case $running in
        *" $what "*) running="${running%%" $what "*} ${running#*" $what "}" ;;
      esac ;;
    'nopath '*)
      for one; do
        shift
        [ "$one" = "$what" ] || set -- "$@" "$one"
      done ;;
    bye) bye=1 ;;
  esac
done
for one in $running; do kill -s TERM -- "$one" && left=$one; done
turn=0
while [ "$left" ] && [ $turn -lt 20 ]; do
  sleep 0.05
  turn=$((turn + 1)) left=
  for one in $running; do kill -s 0 -- "$one" && left=$one; done
done
for one in $running; do kill -s KILL -- "$one"; done
[ "$bye" ] || for one in $(grep -als "$0" /proc/[0-9]*/environ); do
  one=${one#/proc/}
  kill -s KILL "${one%/environ}"
done
[ $# -eq 0 ] || rm -rf -- "$@"
"""


class _Guardian:
    """The shell of one process; a fork of this has another."""

    def __init__(self) -> None:
        self.name = f"kerasgraph-guardian-{os.urandom(8).hex()}"
        self._lock = threading.RLock()
        self._pipe: int | None = None
        self._shell: subprocess.Popen[bytes] | None = None
        self._is_missing = os.name != "posix"

    def tell(self, line: bytes) -> None:
        """Start it if it isn't there; never raises."""
        if self._is_missing or b"\n" in line:
            return
        with self._lock, contextlib.suppress(OSError):  # it was killed, or can't be had
            if self._pipe is None:
                self._start()
            os.write(self._number(), line + b"\n")

    def _number(self) -> int:
        if self._pipe is None:
            raise OSError("there is no shell")
        return self._pipe

    def _start(self) -> None:
        read, write = os.pipe()
        try:
            self._shell = subprocess.Popen(
                ["/bin/sh", "-c", _SCRIPT, self.name],
                stdin=read,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=os.environ | {"LC_ALL": "C"},
                start_new_session=True,
            )
        except BaseException as error:
            os.close(write)
            self._is_missing = isinstance(error, OSError)
            raise
        finally:
            os.close(read)
        os.set_blocking(write, False)  # nobody waits for it, whatever it does
        self._pipe = write

    def close(self) -> None:
        """Let it go, with all that it was told of."""
        with self._lock:
            self._is_missing = True
            if self._pipe is None:
                return
            with contextlib.suppress(OSError):
                os.write(self._pipe, b"bye\n")
            os.close(self._pipe)
            self._pipe = None
            if self._shell is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._shell.wait(2)

    def leave(self) -> None:
        """Have nothing to do with it, in a fork: else it would wait for this process's end, too."""
        self._lock = threading.RLock()  # another thread may have held it
        if self._pipe is not None:
            os.close(self._pipe)
        self._pipe = self._shell = None
        self.name = f"kerasgraph-guardian-{os.urandom(8).hex()}"


_guardian = _Guardian()
atexit.register(_guardian.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_guardian.leave)


def start_guardian() -> None:
    """Have it there before what it guards."""
    _guardian.tell(b"")


def guarded_environment() -> dict[str, str]:
    """The environment for what is started, by which it is known before its group can be."""
    return os.environ | {"KERASGRAPH_GUARDIAN": guardian_name()}


def guardian_name() -> str:
    """By which the shell of this process is called."""
    return _guardian.name


def guard_group(group: int) -> None:
    """Have the processes of this group ended with this process."""
    _guardian.tell(b"run -%d" % group)


def release_group(group: int) -> None:
    """Forget them: they have ended."""
    _guardian.tell(b"norun -%d" % group)


def guard_process(process: int) -> None:
    """Have this process ended with this one."""
    _guardian.tell(b"run %d" % process)


def release_process(process: int) -> None:
    """Forget it: it has ended."""
    _guardian.tell(b"norun %d" % process)


def guard_path(path: str | os.PathLike[str]) -> None:
    """Have a file or folder removed with the end of this process."""
    _guardian.tell(b"path " + os.path.abspath(os.fsencode(path)))


def release_path(path: str | os.PathLike[str]) -> None:
    """Forget it: it is gone, or stays."""
    _guardian.tell(b"nopath " + os.path.abspath(os.fsencode(path)))
