"""What a user gets: the wheel, and commands in the README that exist."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from thanosql_kernel import packages

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a clean clone."""
    if not (ROOT / ".git").exists():
        pytest.skip(
            "the wheel is built from a clean clone and this is no git checkout: git clone the project"
        )
    folder = tmp_path_factory.mktemp("clone")
    clone, out = folder / "project", folder / "dist"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", ROOT.as_uri(), str(clone)], check=True)
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(out),
        str(clone),
    ]
    subprocess.run(build, check=True)
    (built,) = out.glob("thanosql_kernel-*.whl")
    return built


@pytest.fixture(scope="module")
def wheel_names(wheel: Path) -> set[str]:
    """The files in the wheel."""
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.e2e
@pytest.mark.parametrize(
    "part",
    [
        r"thanosql_kernel-[^/]+\.data/data/share/jupyter/kernels/thanosql/kernel\.json",
        r"thanosql_kernel-[^/]+\.data/data/share/jupyter/labextensions/thanosql-jupyterlab/package\.json",
        r"thanosql_kernel-[^/]+\.data/data/share/jupyter/labextensions/thanosql-jupyterlab/static/remoteEntry\.\w+\.js",
        r"thanosql_kernel/jupyter/kernelspec/kernel\.json",
        r"thanosql_kernel/jupyter/kernelspec/logo-64x64\.png",
        r"thanosql_kernel/jupyter/labextension/static/remoteEntry\.\w+\.js",
        r"thanosql_kernel/__main__\.py",
        r"thanosql_kernel/jupyter/vocabulary\.json",
        r"thanosql_kernel/py\.typed",
        r"thanosql_kernel/engine/datasets/sample_photos\.tsv",
        r"thanosql_kernel/models/data/mini/.+\.onnx",
        r"thanosql_lsp/__init__\.py",
    ],
)
def test_a_wheel_of_a_clean_clone_has_everything(part: str, wheel_names: set[str]) -> None:
    assert [name for name in wheel_names if re.fullmatch(part, name)]


@pytest.mark.e2e
def test_a_wheel_has_nothing_else(wheel_names: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names}
    others = {top for top in tops if not top.startswith("thanosql_kernel-")}
    assert others == {"thanosql", "thanosql_kernel", "thanosql_lsp"}


def test_the_extra_of_clip_is_what_clip_imports() -> None:
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [Requirement(need).name.replace("-", "_") for need in about["optional-dependencies"]["clip"]]
    # sentencepiece is wanted by SigLIP's first release alone, which asks for it itself; without openvino torch runs
    assert sorted(names) == sorted([*packages.CLIP, "openvino", "sentencepiece"])
    assert not set(packages.CLIP) & {
        Requirement(need).name.replace("-", "_") for need in about["dependencies"]
    }


def make_targets() -> set[str]:
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z0-9]*):", rules, flags=re.MULTILINE))


@pytest.mark.parametrize("page", ["README.md", "README.ko.md", "CONTRIBUTING.md"])
def test_every_make_command_in_a_page_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    named = {target for block in blocks for target in re.findall(r"\bmake ([a-z][a-z0-9]*)", block)}
    assert named
    assert named <= make_targets()


@pytest.mark.parametrize("page", ["README.md", "README.ko.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_every_local_link_in_a_page_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]
    assert missing == []


def test_ci_runs_the_same_command_as_people() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.rstrip().endswith("make test")
