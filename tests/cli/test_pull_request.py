"""``kerasgraph diff --git``: what a branch did to the models, as the comment of its pull request.

Also what posts it: the workflow of GitHub and the job of GitLab that the documentation shows, run
by a shell with stubs in place of what goes out into the world.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from git_repository import Repository, repository
from make_graphs import model
from sphinx_project import need
from sphinxcontrib_kerasgraph.cli import main
from sphinxcontrib_kerasgraph.cli.pull_request import MARKER
from sphinxcontrib_kerasgraph.target import ModelRequest

HOWTO = Path(__file__).parents[2] / "docs" / "howto"
NET = model("x InputLayer\ny Dense <- x\n-> y")


@pytest.fixture(scope="module")
def graph(running_worker):
    """The graph of a target."""

    def made(target):
        answer = running_worker.ask(ModelRequest(f"twenty_pairs.{target}"))
        return answer.result

    return made


@pytest.fixture(scope="module")
def original(graph, tmp_path_factory):
    """Three commits: what was, and two on a branch."""
    made = repository(tmp_path_factory.mktemp("branch") / "repo")
    made.snapshot("mynets.digits", graph("digits()"))
    made.snapshot("mynets.denoiser(levels=3)", graph("unet(levels=3)"))
    gone = made.snapshot("mynets.towers", graph("towers()"))
    made.folder.joinpath("docs", "versions.json").write_text("[1]", encoding="utf-8")
    made.commit("Document three nets")
    made.git("checkout", "--quiet", "-b", "wider")
    made.snapshot("mynets.digits", graph("digits(filters=48)"))
    made.folder.joinpath("docs", "versions.json").write_text("[1, 2]", encoding="utf-8")
    made.commit("Widen the first convolution")
    made.snapshot("mynets.digits", graph("digits(filters=48, dropout=True)"))
    made.snapshot("mynets.residual", graph("residual()"))
    made.folder.joinpath(gone).unlink()
    made.commit("Add a dropout, and another net in place of the towers")
    return made


@pytest.fixture
def branch(original, tmp_path, monkeypatch):
    """A copy that may be changed, as the current folder."""
    shutil.copytree(original.folder, tmp_path / "repo")
    monkeypatch.chdir(tmp_path / "repo")
    return Repository(tmp_path / "repo")


def without_hash(text):
    return re.sub(r"\([0-9a-f]{7}\)", "(…)", text)


def test_the_comment_is_that_of_the_documentation(branch, capsys):
    assert main(["diff", "--git", "main", "docs"]) == 1
    said = capsys.readouterr()
    shown = HOWTO.joinpath("ci", "comment.md").read_text(encoding="utf-8")
    assert without_hash(said.out) == without_hash(shown)
    assert said.err == ""


def test_no_model_differs(branch, capsys):
    assert main(["diff", "--git", "HEAD", "docs"]) == 0
    assert "No model differs since `HEAD`" in capsys.readouterr().out


def test_data(branch):
    assert main(["diff", "--git", "main", "-o", "d.json", "-o", "d.md"]) == 1
    data = json.loads(Path("d.json").read_text(encoding="utf-8"))
    assert [(one["old"], one["new"]) for one in data["models"]] == [
        ("mynets.digits", "mynets.digits"),
        (None, "mynets.residual"),
        ("mynets.towers", None),
    ]
    assert data["models"][0]["diff"]["counts"]["added"] == 1
    assert data["models"][1]["totals"]["parameters"]["before"] == 0
    assert Path("d.md").read_text(encoding="utf-8").startswith(MARKER)


def test_what_changed_in_the_base_meanwhile_isnt_told(branch, capsys):
    branch.git("checkout", "--quiet", "main")
    branch.snapshot("mynets.other", NET)
    branch.commit("Document another net")
    branch.git("checkout", "--quiet", "wider")
    assert main(["diff", "--git", "main", "docs"]) == 1
    assert "other" not in capsys.readouterr().out


def test_what_isnt_committed_counts(branch, capsys):
    branch.snapshot("mynets.staged", NET)
    branch.git("add", "docs")
    branch.snapshot("mynets.new", NET)
    branch.snapshot("mynets.elsewhere", NET, "other/_models")
    assert main(["diff", "--git", "HEAD", "docs"]) == 1
    said = capsys.readouterr().out
    assert "2 new since `HEAD`" in said
    assert "elsewhere" not in said


def test_from_within_a_folder(branch, capsys, monkeypatch):
    monkeypatch.chdir("docs/_models")
    assert main(["diff", "--git", "main"]) == 1
    assert "1 changed, 1 new, 1 removed" in capsys.readouterr().out


def test_names_of_all_kinds(branch, capsys):
    old = branch.snapshot("mynets.größe(kind='a|b')", NET, "docs/mo dels/*[ü]")
    branch.commit("Odd names")
    assert main(["diff", "--git", "HEAD~1", "docs/mo dels/*[ü]"]) == 1
    assert r"`mynets.größe(kind='a\|b')` | new" in capsys.readouterr().out
    branch.folder.joinpath(old).unlink()
    branch.snapshot("mynets.gewicht", NET, "docs/mo dels/*[ü]")
    assert main(["diff", "--git", "HEAD", "docs"]) == 1
    said = capsys.readouterr().out
    assert "`mynets.gewicht` | new" in said
    branch.commit("Rename it")  # git knows what is renamed from what is committed
    assert main(["diff", "--git", "HEAD~1", "docs"]) == 1
    said = capsys.readouterr().out
    assert r"| `mynets.größe(kind='a\|b')` → `mynets.gewicht` | renamed |" in said


def test_a_snapshot_that_cant_be_read_is_trouble(branch, capsys):
    path = branch.snapshot("mynets.broken", NET)
    branch.commit("One more")
    branch.folder.joinpath(path).write_text("<<<<<<< HEAD\n", encoding="utf-8")
    assert main(["diff", "--git", "HEAD", "docs"]) == 2
    said = capsys.readouterr()
    assert f"`{path}` can't be compared: `it is no JSON: Expecting" in said.out
    assert f"{path}: it is no JSON" in said.err


def test_a_snapshot_that_may_not_be_read_is_trouble(branch, capsys, monkeypatch):
    def refused(_):
        raise PermissionError(13, "Permission denied")

    path = branch.snapshot("mynets.secret", NET)
    monkeypatch.setattr("sphinxcontrib_kerasgraph.files.opened", refused)
    assert main(["diff", "--git", "HEAD", "docs"]) == 2
    assert f"{path}: it can't be read, Permission denied" in capsys.readouterr().err


def test_a_snapshot_that_is_but_written_anew_is_no_difference(branch, capsys):
    path = branch.folder / branch.snapshot("mynets.anew", NET)
    branch.commit("One more")
    text = path.read_text(encoding="utf-8")
    path.write_text(json.dumps(json.loads(text), indent=3), encoding="utf-8")
    assert main(["diff", "--git", "HEAD", "docs"]) == 0
    assert "1 snapshot is but written anew" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["nosuch", "docs"], "git knows no revision 'nosuch' here."),
        (["main", "dosc"], "There is no folder 'dosc'."),
        (["HEAD^{tree}", "docs"], "'HEAD^{tree}' is no commit: "),
        (["HEAD:docs", "docs"], "'HEAD:docs' is no commit: "),
        (["orphan", "docs"], "'orphan' and HEAD have no commit in common. In continuous"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(branch, given, says, capsys):
    branch.git("checkout", "--quiet", "--orphan", "orphan")
    branch.git("commit", "--quiet", "--message", "Alone")
    branch.git("checkout", "--quiet", "wider")
    assert main(["diff", "--git", *given]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_a_comment_isnt_longer_than_github_takes(branch, capsys):
    layers = "\n".join(f"layer_of_a_long_name_{n} Dense{n} <- x" for n in range(250))
    for at in range(6):
        branch.snapshot(f"mynets.wide(at={at})", NET)
    branch.commit("Six")
    for at in range(6):
        branch.snapshot(
            f"mynets.wide(at={at})", model(f"x InputLayer\ny Dense <- x\n{layers}\n-> y")
        )
    assert main(["diff", "--git", "HEAD", "docs"]) == 1
    said = capsys.readouterr().out
    assert len(said) < 65_536
    assert "`mynets.wide(at=5)` is too long for a comment." in said


def test_a_snapshot_that_is_moved_is_no_difference_even_if_git_isnt_told(branch, capsys):
    old = branch.folder / branch.snapshot("mynets.moved", NET)
    branch.snapshot("mynets.stays", NET)
    branch.commit("Two")
    other = branch.folder / "docs" / "other"
    other.mkdir()
    old.rename(other / old.name)
    assert main(["diff", "--git", "HEAD", "docs"]) == 0
    assert "1 snapshot is but written anew" in capsys.readouterr().out
    branch.git("add", "--all")
    assert main(["diff", "--git", "HEAD", "docs"]) == 0
    branch.git("reset", "--quiet")
    other.joinpath(old.name).unlink()
    branch.snapshot("mynets.moved", model("x InputLayer\ny Dense/16 <- x\n-> y"), "docs/other")
    assert main(["diff", "--git", "HEAD", "docs"]) == 1
    said = capsys.readouterr().out
    assert "1 changed since" in said
    assert "`mynets.moved` | 1 changed |" in said


def test_links_lead_nowhere(branch, capsys, tmp_path):
    """What git has of a link is its path, and that may lead out of the repository."""
    secret = branch.snapshot("mynets.secret", NET)
    branch.folder.joinpath(secret).rename(tmp_path / "secret.json")
    at = branch.folder / "docs" / "_models"
    at.joinpath("link-00000000.json").symlink_to(tmp_path / "secret.json")
    assert main(["diff", "--git", "HEAD", "docs"]) == 0
    branch.commit("A link")
    assert main(["diff", "--git", "HEAD~1", "docs"]) == 0
    at.joinpath("link-00000000.json").unlink()
    at.joinpath("link-00000000.json").symlink_to("nosuch.json")
    assert main(["diff", "--git", "HEAD", "docs"]) == 0
    said = capsys.readouterr()
    assert "secret" not in said.out
    assert said.err == ""


def test_a_link_in_place_of_a_snapshot_is_none(branch, capsys, tmp_path):
    path = branch.folder / branch.snapshot("mynets.gone", NET)
    branch.commit("A snapshot")
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")
    assert main(["diff", "--git", "HEAD", "docs"]) == 1
    assert "`mynets.gone` | removed |" in capsys.readouterr().out
    branch.commit("A link")
    path.unlink()
    branch.snapshot("mynets.gone", NET)
    assert main(["diff", "--git", "HEAD", "docs"]) == 1
    assert "`mynets.gone` | new |" in capsys.readouterr().out


def test_the_table_isnt_longer_than_github_takes(branch, capsys):
    for at in range(700):
        branch.snapshot(f"mynets.with_a_name_that_goes_on_for_some_time.build(number={at})", NET)
    assert main(["diff", "--git", "HEAD", "docs"]) == 1
    said = capsys.readouterr().out
    assert len(said) < 65_536
    assert "700 new since" in said
    rows = said.count("| new |")
    assert 300 < rows < 700
    assert f"And {700 - rows} more, too many for a comment." in said


# What posts it.


@pytest.fixture
def machine(branch, tmp_path, monkeypatch):
    """A machine of continuous integration, on which ``gh`` and ``curl`` note what they get."""
    need("bash", "bash")
    programs = tmp_path / "bin"
    programs.mkdir()
    posted = tmp_path / "posted"
    stubs = {
        "pip": "exit 0",
        "gh": f'echo "gh $*" >> {posted}\nif [ "$2" = --paginate ]; then cat "$LAST"; fi',
        "curl": f'echo "curl $*" >> {posted}\ncase "$*" in *per_page*) cat "$LAST";; esac',
        "python": f'exec {sys.executable} "$@"',
        "kerasgraph": f"exec {sys.executable} -c "
        "'import sys; from sphinxcontrib_kerasgraph.cli import main; sys.exit(main())' \"$@\"",
    }
    for name, text in stubs.items():
        programs.joinpath(name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        programs.joinpath(name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    monkeypatch.setenv("LAST", os.devnull)
    branch.git("update-ref", "refs/remotes/origin/main", "main")

    def run(steps, **environment):
        """The code of the first step that fails, and what was posted."""
        posted.write_text("", encoding="utf-8")
        code = 0
        for step in steps:
            if code == 0:
                done = subprocess.run(
                    ["bash", "-eo", "pipefail", "-c", step], env=os.environ | environment,
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
                code = done.returncode
        return code, posted.read_text(encoding="utf-8").splitlines()

    return run


def github(machine, tmp_path, base="main"):
    """Run the workflow: its steps, with what GitHub writes into them."""
    workflow = yaml.safe_load(HOWTO.joinpath("ci", "models.yml").read_text(encoding="utf-8"))
    output = tmp_path / "output"
    output.write_text("", encoding="utf-8")
    known = {
        "github.repository": "me/nets",
        "github.event.number": "7",
        "github.token": "secret",
    }
    found = {"GITHUB_BASE_REF": base, "GITHUB_OUTPUT": str(output),
             "GITHUB_STEP_SUMMARY": str(tmp_path / "step-summary")}  # fmt: skip
    code, posted = 0, []
    for step in workflow["jobs"]["models"]["steps"]:
        if "run" not in step or code:
            continue
        known["steps.diff.outputs.code"] = output.read_text(encoding="utf-8").strip()[5:]
        environment = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda match: known[match[1]], text)
            for name, text in step.get("env", {}).items()
        }
        code, posted = machine([step["run"]], **found, **environment)
    return code, posted


def test_the_workflow_of_github_posts_the_comment(machine, tmp_path):
    code, posted = github(machine, tmp_path)
    assert code == 0
    assert posted[1:] == ["gh api repos/me/nets/issues/7/comments --field body=@models.md"]
    comment = Path("models.md").read_text(encoding="utf-8")
    assert comment.startswith(MARKER)
    assert tmp_path.joinpath("step-summary").read_text(encoding="utf-8") == comment


def test_the_workflow_of_github_writes_its_last_comment_anew(machine, tmp_path, monkeypatch):
    last = tmp_path / "last"
    last.write_text("12\n34\n", encoding="utf-8")
    monkeypatch.setenv("LAST", str(last))
    for base in ("main", "wider"):  # also if nothing differs any more
        subprocess.run(["git", "update-ref", f"refs/remotes/origin/{base}", base], check=True)
        code, posted = github(machine, tmp_path, base)
        assert code == 0
        update = "--method PATCH repos/me/nets/issues/comments/34 --field body=@models.md"
        assert posted[1:] == [f"gh api {update}"]


def test_the_workflow_of_github_is_silent_if_nothing_differs(machine, tmp_path):
    subprocess.run(["git", "update-ref", "refs/remotes/origin/wider", "wider"], check=True)
    code, posted = github(machine, tmp_path, "wider")
    assert (code, posted[1:]) == (0, [])


def test_the_workflow_of_github_fails_if_nothing_can_be_compared(machine, tmp_path):
    code, posted = github(machine, tmp_path, "nosuch")
    assert code != 0
    assert posted == []


def gitlab(machine, base="main"):
    jobs = yaml.safe_load(HOWTO.joinpath("ci", "gitlab-ci.yml").read_text(encoding="utf-8"))
    script = "\n".join(jobs["models"]["script"])  # GitLab runs it as one
    return machine(
        [script],
        CI_MERGE_REQUEST_DIFF_BASE_SHA=base,
        CI_API_V4_URL="https://gitlab.example/api/v4",
        CI_PROJECT_ID="5",
        CI_MERGE_REQUEST_IID="7",
        KERASGRAPH_TOKEN="secret",
    )


NOTES = "https://gitlab.example/api/v4/projects/5/merge_requests/7/notes"


def test_the_job_of_gitlab_posts_the_comment(machine, tmp_path, monkeypatch):
    last = tmp_path / "last"
    monkeypatch.setenv("LAST", str(last))
    last.write_text('[{"id": 3, "body": "Nice"}]', encoding="utf-8")
    code, posted = gitlab(machine)
    assert code == 0
    assert posted[1].endswith(f"--data-urlencode body@models.md {NOTES}")
    last.write_text(json.dumps([{"id": 3, "body": f"{MARKER} …"}]), encoding="utf-8")
    code, posted = gitlab(machine)
    assert code == 0
    assert posted[1].endswith(f"--request PUT --data-urlencode body@models.md {NOTES}/3")
    last.write_text("[]", encoding="utf-8")
    code, posted = gitlab(machine, "HEAD")
    assert (code, posted[1:]) == (0, [])
    assert gitlab(machine, "nosuch") == (1, [])
