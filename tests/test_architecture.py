"""The house's rules, checked on the code itself: imports run one way, each third-party library lives in one place."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "assistant"
ORDER = [
    {"types", "errors", "config", "messages"},
    {"language"},
    {"reading", "models", "stores"},
    {"indexing"},
    {"retrieval"},
    {"answering"},
    {"citing"},
    {"payloads"},
    {"assistant"},
    {"pipeline"},
    {"doctor", "evaluation"},
    {"web", "mcp"},
    {"cli"},
    {"__main__"},
]
LEVEL = {room: level for level, rooms in enumerate(ORDER) for room in rooms}
ONE_PLACE = {
    "faiss": {"stores/dense.py"},
    "sqlite3": {"stores/catalog.py", "stores/journal.py"},
    "tantivy": {"stores/sparse.py"},
    "filelock": {"stores/index.py"},
    "llama_index": {"pipeline.py", "models/llms.py"},
    "gradio": {"web/"},
    "fastapi": {"web/"},
    "pypdfium2": {"reading/"},
    "selectolax": {"reading/"},
    "markdown_it": {"reading/"},
    "mcp": {"mcp.py"},
    "tomlkit": {"config.py"},
    "docx": {"reading/word.py", "citing/drafts.py"},
    "pptx": {"reading/deck.py"},
    "openpyxl": {"reading/workbook.py"},
    "sentence_transformers": {"models/"},
    "sudachipy": {"language/tokens.py"},
    "Stemmer": {"language/tokens.py"},
}
HEAVY = ["torch", "transformers", "sentence_transformers", "llama_index", "gradio", "faiss", "pandas", "scipy"]
FILES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> list[str]:
    """Every module that a file imports, inside functions too."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += [node.module or ""]
            if node.module == "assistant" or (node.module or "").startswith("assistant."):
                found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def room_of(module: str) -> str | None:
    """The room that an import names, or None for the package's root."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in LEVEL else None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if room == "__init__":
        assert imported(path) == []
        return
    assert room in LEVEL, f"{room} has no place in the order"
    for module in imported(path):
        target = room_of(module) if module.split(".")[0] == "assistant" else None
        if target is not None and target != room:
            assert LEVEL[target] <= LEVEL[room], f"{room} imports {module}"
            if LEVEL[target] == LEVEL[room]:
                assert LEVEL[room] in (0, LEVEL["doctor"]), f"{room} imports its neighbour {module}"


@pytest.mark.parametrize("library", sorted(ONE_PLACE))
def test_a_library_is_imported_in_its_one_place(library: str) -> None:
    places = {
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        if any(module.split(".")[0] == library for module in imported(path))
    }
    strays = {place for place in places if not any(place.startswith(home) for home in ONE_PLACE[library])}
    assert strays == set()
    assert places, f"nobody imports {library} any more"


def test_nothing_heavy_is_imported_with_the_package_or_its_help() -> None:
    code = (
        "import sys, assistant, assistant.cli\n"
        "try: assistant.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_asking_without_a_model_imports_no_framework(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom assistant.cli import main\n"
        f"common = ['--corpus', {str(tmp_path / 'corpus')!r}, '--index', {str(tmp_path / 'index')!r}]\n"
        "assert main(['sync', *common]) == 0\n"
        "assert main(['ask', '協業はいつ発表されましたか', *common]) == 0\n"
        f"print(sorted(set({HEAVY!r}) - {{'faiss'}} & set(sys.modules)), file=sys.stderr)"
    )
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("# 報告\n\n協業は2025年7月15日に発表された。\n", encoding="utf-8")
    env = {**os.environ, "ASSISTANT_STATE_DIR": str(tmp_path / "state")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stderr.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_file_says_what_it_is_for_and_stays_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "no docstring"
    assert len(text.splitlines()) <= 500
