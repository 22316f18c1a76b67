"""Whatever an author's function does: one warning, a note on the page, and all else as if alone."""

from __future__ import annotations

import pytest

from fork_hosts import REAL
from left_behind import watched
from provoked import Provoked, assert_as_alone, assert_told
from sphinx_project import make_project
from sphinxcontrib_kerasgraph.worker.launch import FORKS

pytestmark = [
    pytest.mark.slow,  # a build of a hundred and fifty models, some of which hang
    pytest.mark.skipif(not FORKS, reason="needs fork"),  # elsewhere each imports Keras for itself
]

#: Enough for a small model on a busy machine; where many hang, they mustn't take too long.
SECONDS, MANY_SECONDS = 6, 100
SLOW = f"took longer than {SECONDS} seconds"


def worker(what: str, says: str) -> Provoked:
    return Provoked("Your code", what, "worker", says)


def build(what: str, says: str) -> Provoked:
    return Provoked("Your code", what, "build", says)


def internal(what: str, says: str) -> Provoked:
    return Provoked("Your code", what, "internal", says)


def drawn(what: str) -> Provoked:
    return Provoked("Your code", what, "", "is drawn")


def of_signal(name: str, says: str = "") -> tuple[str, Provoked]:
    return f"sends('{name}')", worker(f"is ended by {name}", says or f"was ended by {name}")


#: Functions of `zoo.attacks`. Each takes all its time.
HANGING = {
    "sleeps": worker("sleeps for ever", SLOW),
    "loops": worker("loops for ever, in Python", SLOW),
    "loops_in_c": worker("loops for ever, in C, with Python's lock", SLOW),
    "backtracks": worker("has a regular expression that never ends", SLOW),
    "waits_for_itself": worker("waits for a lock that it holds", SLOW),
    "waits_for_nobody": worker("reads a pipe into which nobody writes", SLOW),
    "catches_everything": worker("catches all exceptions and ignores all signals, for ever", SLOW),
    "awaits": worker("awaits what never comes", SLOW),
    "waits_for_a_child": worker("waits for a process that never ends", SLOW),
    "stops": worker("stops its process (SIGSTOP)", SLOW),
    "stops_its_group": worker("stops all of its process group", SLOW),
    "hangs_in_call": worker("hangs in the ``call`` of a layer", SLOW),
    "hangs_in_get_config": worker("hangs in ``get_config``", SLOW),
    "hangs_in_del": worker("hangs in ``__del__``", SLOW),
}
ATTACKS = {
    "hangs_in_str": drawn("has a value in a configuration that hangs in ``__str__``"),
    "hangs_at_the_end": drawn("leaves an object that hangs in ``__del__``"),
    # Ends.
    "exits_with_number": build("calls ``sys.exit(3)``", "raised SystemExit: 3"),
    "exits_with_text": build("calls ``sys.exit('enough of it')``", "SystemExit: enough of it"),
    "exits_with_nothing": build("calls ``sys.exit()``", "raised SystemExit"),
    "exits_as_in_a_shell": build("calls ``exit(4)``", "raised SystemExit: 4"),
    "exits_in_its_own_way": build("raises a subclass of ``SystemExit``", "raised Leaving: this"),
    "interrupts": build("raises ``KeyboardInterrupt``", "raised KeyboardInterrupt"),
    "closes_a_generator": build("raises ``GeneratorExit``", "raised GeneratorExit"),
    "raises_beyond": build("raises a ``BaseException`` of its own", "raised Beyond: out of reach"),
    "leaves": worker("calls ``os._exit(0)``", "ended with exit code 0"),
    "leaves(9)": worker(
        "prints, and calls ``os._exit(9)``", "ended with exit code 9; it printed last: goodbye"
    ),
    "quits_in_a_thread": drawn("calls ``sys.exit()`` in a thread"),
    "dies_in_a_thread": worker("calls ``os._exit(5)`` in a thread", "ended with exit code 5"),
    "aborts": worker("calls ``os.abort()``", "SIGABRT (a native library gave up)"),
    **dict(
        [
            of_signal("SIGKILL", "SIGKILL (killed from outside, perhaps for want of memory)"),
            of_signal("SIGSEGV", "SIGSEGV (a crash in a native library)"),
            of_signal("SIGABRT"),
            of_signal("SIGBUS", "SIGBUS (a crash in a native library)"),
            of_signal("SIGFPE", "SIGFPE (a crash in a native library)"),
            of_signal("SIGILL", "SIGILL (a library made for another processor)"),
            of_signal("SIGXCPU", "SIGXCPU (a limit on processor time)"),
            *map(of_signal, ("SIGTERM", "SIGHUP", "SIGALRM", "SIGUSR1", "SIGQUIT", "SIGSYS")),
            of_signal("SIGTRAP"),
        ]
    ),
    "sends('SIGINT')": build("gets a SIGINT", "raised KeyboardInterrupt"),
    "sends('SIGPIPE')": drawn("gets a SIGPIPE"),
    "sends('SIGCHLD')": drawn("gets a SIGCHLD"),
    "sends('SIGXFSZ')": drawn("gets a SIGXFSZ"),
    "leaves_an_alarm": worker("has an alarm that goes off", "was ended by SIGALRM"),
    "kills_its_parent": worker("kills its parent process", "The worker process was ended by SIG"),
    "stops_its_parent": worker("ends its parent process", "The worker process was ended by SIGT"),
    "kills_its_group": worker("kills its process group", "was ended by SIGKILL"),
    "reads_null": worker("reads address 0, with ctypes", "SIGSEGV (a crash in a native"),
    "writes_null": worker("writes to address 0, with ctypes", "SIGSEGV (a crash in a native"),
    "limits_its_time": worker("is over a limit of processor time that it sets", "SIGXCPU"),
    # Memory, and recursion.
    "eats_memory": build("takes more memory than ``kerasgraph_memory_limit``", "MemoryError"),
    "eats_memory_at_once": build("wants an array of 128 gigabytes", "Unable to allocate 128. GiB"),
    "recurses": build("calls itself without end", "raised RecursionError"),
    "recurses_for_ever": worker("compares what is nested a million deep", "was ended by SIGSEGV"),
    "recurses_in_c": worker("recurses without end, with Python's limit raised", "SIGSEGV"),
    # Processes.
    "forks_and_leaves": worker("forks, and leaves", "ended with exit code 0"),
    "forks_and_both_return": drawn("forks, and both return the model"),
    "forks_many": drawn("leaves 30 processes"),
    "forks_a_daemon": drawn("leaves a daemon"),
    "forks_deep": drawn("leaves processes, each in a session of its own"),
    "leaves_a_stranger": worker(
        "leaves a process in a session of its own, and ends", "ended with exit code 3"
    ),
    "becomes_another": worker(
        "becomes another program", "ended with exit code 7; it printed last: I am another"
    ),
    "starts_a_shell": drawn("leaves a program that a shell has started"),
    "renames_itself": drawn("gives its process a misleading name"),
    "wants_no_parent": drawn("undoes what ends it with its parent"),
    # Descriptors, and what is printed.
    "closes_everything": drawn("closes all descriptors"),
    "writes_everywhere": drawn("writes rubbish to all descriptors"),
    "reads_everything": drawn("reads all descriptors"),
    "replaces_everything": drawn("replaces all descriptors"),
    "empties_everything": drawn("truncates all that is open"),
    "opens_everything": worker("opens files until it can't", "it printed last"),
    "may_write_nothing": worker("limits the size of files to nothing", "File too large"),
    "prints_without_end": drawn("prints 60 megabytes without a line's end"),
    "prints_rubbish": worker(
        "prints NUL, escape sequences and what is no UTF-8, and ends", "ended with exit code 6"
    ),
    "closes_the_streams": drawn("closes the standard streams"),
    "replaces_the_streams": drawn("sets the standard streams to ``None``"),
    "streams_raise": drawn("replaces the standard streams by what raises"),
    "answers_for_others": drawn("writes answers for others"),
    "removes_the_answers": drawn("removes the folder of answers"),
    "asks_for_input": build("asks for input", "raised EOFError"),
    # What is left.
    "leaves_threads": drawn("leaves threads, daemons and others"),
    "leaves_a_busy_thread": drawn("leaves a thread that never rests"),
    "leaves_handlers": drawn("leaves at-exit handlers that hang, raise and print"),
    "ignores_signals": drawn("ignores and blocks signals"),
    "audits": worker("adds an audit hook that raises", "ended with exit code 1"),
    "traces": build("sets a trace function that raises", "raised RuntimeError: traced"),
    "profiles": build("sets a profile function that raises", "raised RuntimeError: profiled"),
    "collects": worker("ends Python while garbage is collected", "ended with exit code 8"),
    "excepts": drawn("replaces the hooks of exceptions"),
    "empties_modules": internal("empties ``sys.modules``", "raised AttributeError"),
    "empties_builtins": worker("empties ``builtins``", "ended with exit code 1"),
    "breaks_what_writes": worker(
        "breaks ``os``, ``json`` and ``time``", "ZeroDivisionError: division by zero"
    ),
    "removes_its_folder": drawn("removes its working directory"),
    "lets_nobody_read": drawn("sets the umask to 777"),
    # What the model tells of itself.
    "configured_too_deep": drawn("has a configuration 1,500 deep"),
    "configured_in_a_circle": drawn("has a configuration that holds itself"),
    "configured_hugely": drawn("has a text of 10 megabytes in a configuration"),
    "configured_with_no_numbers": drawn("has NaN, infinity and 5,000 digits in a configuration"),
    "configured_with_rubbish": drawn("has sets, bytes, functions and surrogates in one"),
    "configured_with_a_liar": drawn("has an object that has all attributes in a configuration"),
    "config_raises": drawn("has a ``get_config`` that raises"),
    "config_is_none": drawn("has a ``get_config`` that returns ``None``"),
    "config_is_a_list": drawn("has a ``get_config`` that returns a list"),
    "named_by_a_liar": build("has a name of a class that lies", "raised RuntimeError"),
    "has_a_raising_property": internal("has a property that raises", "RuntimeError: not now"),
    "has_a_class_without_repr": drawn("has a metaclass that raises in ``__repr__``"),
    "has_everything": build("has a ``__getattr__`` that returns nonsense", "AttributeError"),
    # What is raised.
    "raises_nonsense": build("raises ``ValueError``", "raised ValueError: nonsense ("),
    "raises_without_words": build("raises what itself raises in ``__str__``", "raised Silent"),
    "layer_raises_without_words": build(
        "has a layer that raises such", "raised RuntimeError: no words"
    ),
    "raises_at_length": build("raises with a message of 10 megabytes", "very long very long"),
    "raises_a_group": build("raises a group", "ExceptionGroup: several (2 sub-exceptions)"),
    "raises_none": build("raises ``None``", "raised TypeError: exceptions must derive"),
    "raises_in_a_circle": build("raises what is its own cause", "raised ValueError: one"),
    "raises_many_causes": build("raises with 5,000 causes", "raised ValueError: after 4999"),
    "raises_rubbish": build("raises with escapes, NUL and surrogates", "raised ValueError: file"),
    "raises_a_strange_name": build("raises of a class with a strange name", "<b>: strange"),
    "raises_a_syntax_error": build("raises ``SyntaxError`` of nowhere", "raised SyntaxError: odd"),
    "raises_what_is_none": build("raises what has no arguments", "raised Two: two"),
    "raises_a_stop": build("raises ``StopIteration``", "raised StopIteration: stop"),
    "raises_memory": build("raises ``MemoryError``", "raised MemoryError"),
    "warns": build("makes warnings errors", "raised DeprecationWarning: this is old"),
    # What is returned.
    "returns_a_generator": build("is a generator", "an object of type generator"),
    "returns_a_coroutine": build("is a coroutine", "an object of type coroutine"),
    "returns_a_class": build("returns a class", "returned a function."),
    "returns_a_mock": build("returns a mock of a model", "an object of type MagicMock"),
    "returns_anything": build("returns a mock", "returned a function."),
    "returns_a_proxy": build("returns what only says it is a model", "an object of type Proxy"),
    "returns_one_of_another_class": internal("changes the model's class", "ZeroDivisionError"),
    "returns_a_deleted": internal("removes all that the model has", "no attribute '_layers'"),
}
#: What modules do when they are imported, and what is told then.
IMPORTS = {
    "sleeps": worker("sleeps for ever when it is imported", SLOW),
    "stops": worker("stops its process when it is imported", SLOW),
    "leaves(9)": worker(
        "calls ``os._exit(9)`` when it is imported", "exit code 9; it printed last: goodbye"
    ),
    "exits_with_number": Provoked(
        "Your code", "calls ``sys.exit(3)`` when it is imported", "import", "SystemExit: 3"
    ),
    "interrupts": Provoked(
        "Your code", "raises ``KeyboardInterrupt`` when imported", "import", "KeyboardInterrupt"
    ),
    "recurses": Provoked(
        "Your code", "recurses without end when it is imported", "import", "RecursionError"
    ),
    "sends('SIGSEGV')": worker("crashes when it is imported", "SIGSEGV (a crash in a native"),
    "kills_its_parent": worker("kills its parent when it is imported", "process was ended by SIG"),
    "kills_its_group": worker("kills its process group when it is imported", "ended by SIGKILL"),
    "forks_and_leaves": worker("forks, and leaves, when it is imported", "exit code 0"),
    "empties_modules": internal("empties ``sys.modules`` when imported", "AttributeError"),
    "audits": worker("adds an audit hook that raises, when imported", "exit code"),
    "forks_a_daemon": drawn("leaves a daemon when it is imported"),
    "leaves_threads": drawn("leaves threads when it is imported"),
    "closes_everything": drawn("closes all descriptors when it is imported"),
    "writes_everywhere": drawn("writes to all descriptors when it is imported"),
    "replaces_the_streams": drawn("removes the standard streams when imported"),
    "ignores_signals": drawn("ignores signals when it is imported"),
}

INNOCENT = "zoo.first.mlp", "zoo.first.branches", "zoo.shapes.shared"
CONF = "kerasgraph_memory_limit = 600\nkerasgraph_timeout = "


def module_of(attack: str) -> str:
    return "mod_" + "".join(letter if letter.isalnum() else "_" for letter in attack)


def page(title: str, targets) -> str:
    return "\n\n".join(
        [f":orphan:\n\n{title}\n=======", *map(".. keras-model:: {}".format, targets)]
    )


def made(folder, seconds, attacks, imported):
    """A project with innocent models before and after, in their order of pages."""
    modules = {
        module_of(one): f"from zoo import attacks\nattacks.{one}\nfrom zoo.first import mlp\n"
        if one.endswith(")")
        else f"from zoo import attacks\nattacks.{one}()\nfrom zoo.first import mlp\n"
        for one in imported
    }
    targets = [f"zoo.attacks.{one}" for one in attacks]
    targets += [f"{module_of(one)}.mlp" for one in imported]
    pages = {
        "a": page("A", INNOCENT[:2]),
        "attacks": page("Attacks", targets),
        "index": page("Index", INNOCENT[2:]),
        "z": page("Z", [f"{target}()" for target in INNOCENT]),
    }
    project = make_project(folder, f"{CONF}{seconds}\n", **pages, **modules)
    alone = make_project(folder / "alone", **pages | {"attacks": page("Attacks", [])})
    return project, alone


def built(tmp_path_factory, seconds, attacks, imported):
    folder = tmp_path_factory.mktemp("attacks")
    folder.joinpath("alone").mkdir()
    project, alone = made(folder, seconds, attacks, imported)
    with watched(folder) as environment:
        of_all = project.build("html", "-j", "2", env=environment | REAL)
        of_innocent = alone.build("html", env=environment | REAL)
    assert of_innocent.warnings == []
    return of_all, of_innocent


def line_of(build, target: str) -> int:
    source = build.folder.parent / "source" / "attacks.rst"
    return source.read_text().splitlines().index(f".. keras-model:: {target}") + 1


def check(build, alone, faults: dict[str, Provoked]) -> None:
    """No other warnings, a note for each, all others drawn as if alone."""
    told = [one for one in faults.values() if one.subtype]
    assert len(build.warnings) == len(told), build.warnings
    assert "Traceback" not in build.output
    of_attacks = build.read("attacks.html")
    assert of_attacks.count("could not be drawn") == len(told)
    assert of_attacks.count("<svg role") == len(faults) - len(told)
    for name in ("a", "index", "z"):
        assert_as_alone(build, alone, f"{name}.html")


@pytest.fixture(scope="module")
def quick(tmp_path_factory, dot):
    return built(tmp_path_factory, MANY_SECONDS, ATTACKS, ())


@pytest.mark.parametrize(("attack", "fault"), ATTACKS.items(), ids=ATTACKS)
def test_an_attack_is_told_once(quick, attack, fault):
    build, _ = quick
    assert_told(fault, build, f"attacks.rst:{line_of(build, f'zoo.attacks.{attack}')}")


def test_all_others_are_drawn_as_if_alone(quick):
    check(*quick, ATTACKS)


@pytest.fixture(scope="module")
def slow(tmp_path_factory, dot):
    return built(tmp_path_factory, SECONDS, HANGING, IMPORTS)


@pytest.mark.parametrize(("attack", "fault"), HANGING.items(), ids=HANGING)
def test_what_hangs_is_told_once(slow, attack, fault):
    build, _ = slow
    assert_told(fault, build, f"attacks.rst:{line_of(build, f'zoo.attacks.{attack}')}")


@pytest.mark.parametrize(("attack", "fault"), IMPORTS.items(), ids=IMPORTS)
def test_what_imports_do_is_told_once(slow, attack, fault):
    build, _ = slow
    assert_told(fault, build, f"attacks.rst:{line_of(build, f'{module_of(attack)}.mlp')}")


def test_all_others_are_drawn_as_if_alone_meanwhile(slow):
    check(*slow, HANGING | {f"imported {name}": one for name, one in IMPORTS.items()})
