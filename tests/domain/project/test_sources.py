"""What a compilation sends: folders by four passes, files by name, examples with their library."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.domain.project.conftest import Tree

from particle_cli.adapters.disk import Disk
from particle_cli.domain.project.errors import NoSource, SourceMissing, SourceOutside, SourcesClash
from particle_cli.domain.project.sources import SIZE_LIMIT, collect_sources

WORKED = [
    "build.mk",
    "project.properties",
    "README.md",
    "assets/a.bin",
    "src/a.ino",
    "src/b.c",
    "src/x.hpp",
    "src/y.hh",
    "src/z.hxx",
    "src/q.S",
    "src/q.txt",
    "src/App.CPP",
    "src/.dot.h",
    "src/sub/b.cpp",
    "src/build.mk",
    "lib/foo/library.properties",
    "lib/foo/project.properties",
    "lib/foo/src/foo.cpp",
    "lib/foo/src/foo.h",
    "lib/foo/test/t.cpp",
    "lib/foo/examples/top.ino",
    "lib/foo/examples/usage/usage.ino",
    "examples/e1/e.ino",
    "node_modules/x/n.h",
    ".hidden/h.h",
]

SENT = [
    "build.mk",
    "examples/e1/e.ino",
    "lib/foo/src/foo.cpp",
    "lib/foo/src/foo.h",
    "lib/foo/test/t.cpp",
    "node_modules/x/n.h",
    "project.properties",
    "src/a.ino",
    "src/b.c",
    "src/build.mk",
    "src/sub/b.cpp",
    "src/x.hpp",
    "src/y.hh",
    "src/z.hxx",
]


def sent(disk: Disk, *arguments: str, follow_links: bool = False) -> list[str]:
    return [file.path for file in collect_sources(disk, arguments, follow_links=follow_links).files]


def empty(*paths: str) -> dict[str, str]:
    return dict.fromkeys(paths, "")


def test_the_worked_example(disk: Disk, tree: Tree) -> None:
    tree(empty(*WORKED))
    assert sent(disk, ".") == SENT


def test_no_argument_means_the_current_folder(disk: Disk, tree: Tree) -> None:
    tree(empty(*WORKED))
    assert sent(disk) == SENT


def test_the_worked_example_with_include_and_ignore(disk: Disk, tree: Tree) -> None:
    tree(empty(*WORKED))
    tree(
        {
            "src/particle.include": "# c\n\n*.txt\nsub\n../README.md\n",
            "src/particle.ignore": "b.c\n**/*.hxx\nsub/*\n",
        }
    )
    gone = {"src/b.c", "src/z.hxx", "src/sub/b.cpp"}
    assert sent(disk, ".") == sorted((set(SENT) | {"README.md", "src/q.txt"}) - gone)


def test_paths_are_relative_to_the_folder_and_shown_from_where_one_is(disk: Disk, tree: Tree) -> None:
    root = tree({"project/src/a.ino": "x", "project/project.properties": ""})
    files = collect_sources(disk, ["project"]).files
    assert [file.path for file in files] == ["project.properties", "src/a.ino"]
    assert [file.shown for file in files] == ["project/project.properties", "project/src/a.ino"]
    assert files[1].local == str(root / "project/src/a.ino")
    assert files[1].content == b"x"


def test_ignore_beats_include_whatever_file_says_it(disk: Disk, tree: Tree) -> None:
    tree(empty("a.ino", "x.txt", "sub/y.txt"))
    tree({"particle.include": "**/*.txt", "sub/particle.ignore": "../x.txt"})
    assert sent(disk, ".") == ["a.ino", "sub/y.txt"]


@pytest.mark.parametrize(
    ("pattern", "joins"),
    [
        ("*.txt", ["a.txt"]),
        ("**/*.txt", ["a.txt", "d/a.txt", "d/e/b.txt"]),
        ("d/**", ["d/a.txt", "d/e/b.txt", "d/e/c.md"]),
        ("d", []),
        ("!a.txt", []),
        ("*.TXT", []),
        ("?.txt", ["a.txt"]),
        ("d/*/[a-b].txt", ["d/e/b.txt"]),
        ("d/*/[!a].{txt,md}", ["d/e/b.txt", "d/e/c.md"]),
        ("./d/a.txt", ["d/a.txt"]),
        ("d/../a.txt", ["a.txt"]),
        (".secret.txt", [".secret.txt"]),
        ("*secret.txt", []),
        ("missing.txt", []),
        ("  a.txt  ", ["a.txt"]),
        ("[", []),
        ("[z-a].txt", []),
    ],
)
def test_patterns(disk: Disk, tree: Tree, pattern: str, joins: list[str]) -> None:
    tree(empty("m.ino", "a.txt", "d/a.txt", "d/e/b.txt", "d/e/c.md", ".secret.txt"))
    tree({"particle.include": pattern})
    assert [path for path in sent(disk, ".") if path != "m.ino"] == joins


def test_an_include_that_leads_out_of_the_project_is_told(disk: Disk, tree: Tree) -> None:
    tree({"project/m.ino": "", "project/src/particle.include": "ok.txt\n../../shared.h", "shared.h": ""})
    with pytest.raises(SourceOutside, match=r"src/particle\.include, line 2"):
        sent(disk, "project")


def test_an_ignore_that_leads_out_of_the_project_does_nothing(disk: Disk, tree: Tree) -> None:
    tree({"project/m.ino": "", "project/particle.ignore": "../*"})
    assert sent(disk, "project") == ["m.ino"]


def test_names_with_wild_card_characters_are_names(disk: Disk, tree: Tree) -> None:
    tree({"p/[x]/particle.include": "*.txt", "p/[x]/a.txt": "", "p/x/a.txt": "", "p/m.ino": ""})
    assert sent(disk, "p") == ["[x]/a.txt", "m.ino"]


def test_the_order_is_that_of_javascript(disk: Disk, tree: Tree) -> None:
    tree(empty("\U0001f600.h", "\uff5e.h", "a.h", "Z.h"))
    assert sent(disk, ".") == ["Z.h", "a.h", "\U0001f600.h", "\uff5e.h"]


# Links


def test_of_a_linked_folder_the_files_directly_in_it_are_sent(disk: Disk, tree: Tree) -> None:
    root = tree(empty("project/src/m.ino", "o/t.h", "o/d1/u.h"))
    (root / "project/src/lnk").symlink_to(root / "o")
    assert sent(disk, "project") == ["src/lnk/t.h", "src/m.ino"]
    assert sent(disk, "project", follow_links=True) == ["src/lnk/d1/u.h", "src/lnk/t.h", "src/m.ino"]


def test_a_link_to_a_file_is_sent(disk: Disk, tree: Tree) -> None:
    root = tree({"project/m.ino": "", "elsewhere.h": "x"})
    (root / "project/linked.h").symlink_to(root / "elsewhere.h")
    files = collect_sources(disk, ["project"]).files
    assert [(file.path, file.content) for file in files] == [("linked.h", b"x"), ("m.ino", b"")]


def test_links_in_a_circle_end(disk: Disk, tree: Tree) -> None:
    root = tree(empty("project/src/m.ino"))
    (root / "project/src/again").symlink_to(root / "project")
    assert "src/m.ino" in sent(disk, "project", follow_links=True)


# Files


def test_files_are_sent_by_their_bare_names_whatever_they_are(disk: Disk, tree: Tree) -> None:
    tree(empty("a/m.ino", "b/q.txt", "q.S", "README.md"))
    assert sent(disk, "a/m.ino", "b/q.txt", "q.S", "README.md") == ["m.ino", "q.txt", "q.S", "README.md"]


def test_pictures_lists_and_binaries_are_left_out_even_when_named(disk: Disk, tree: Tree) -> None:
    names = ["a.jpg", "b.GIF", "c.png", "particle.include", "particle.ignore", ".git", ".DS_Store", "x.bin"]
    tree(empty("m.ino", *names))
    assert sent(disk, "m.ino", *names) == ["m.ino"]


def test_a_binary_that_is_all_there_is_is_kept(disk: Disk, tree: Tree) -> None:
    tree({"x.bin": b"\x01"})
    assert sent(disk, "x.bin") == ["x.bin"]


def test_two_files_of_one_name_are_an_error(disk: Disk, tree: Tree) -> None:
    tree(empty("a/m.ino", "b/m.ino"))
    with pytest.raises(SourcesClash, match=r"a/m\.ino and b/m\.ino would both be sent as m\.ino"):
        sent(disk, "a/m.ino", "b/m.ino")
    assert sent(disk, "a/m.ino", "./a/m.ino") == ["m.ino"]


def test_a_file_that_is_too_big_is_left_out_with_a_word(disk: Disk, tree: Tree) -> None:
    tree({"m.ino": "", "big.txt": bytes(SIZE_LIMIT + 1), "just.txt": bytes(SIZE_LIMIT)})
    found = collect_sources(disk, ["m.ino", "big.txt", "just.txt"])
    assert [file.path for file in found.files] == ["m.ino", "just.txt"]
    assert found.left_out == (f"Skipping big.txt it's too big! {SIZE_LIMIT + 1}",)


def test_in_a_folder_size_does_not_matter(disk: Disk, tree: Tree) -> None:
    tree({"p/big.h": bytes(SIZE_LIMIT + 1)})
    assert sent(disk, "p") == ["big.h"]


def test_what_is_not_there_is_told_before_anything_is_read(disk: Disk, tree: Tree) -> None:
    tree(empty("m.ino"))
    with pytest.raises(SourceMissing, match=r"I couldn't find that: nope\.ino"):
        sent(disk, "m.ino", "nope.ino")


@pytest.mark.parametrize("files", [[], ["README.md", ".git/config"]])
def test_a_folder_without_sources_is_told(disk: Disk, tree: Tree, files: list[str]) -> None:
    (tree(empty(*files)) / "empty").mkdir()
    with pytest.raises(NoSource, match="No source to compile!"):
        sent(disk, "." if files else "empty")


# Examples of libraries

LIBRARY = {
    "library.properties": "name=blinker\n",
    "src/blinker.h": "",
    "src/deep/notes.txt": "",
    "src/.hidden": "",
    "lib/dep/src/dep.h": "",
    "examples/blink-an-led/blink-an-led.cpp": "",
    "examples/blink-an-led/pins.h": "",
    "examples/other/other.ino": "",
}
EXAMPLE = [
    "src/examples/blink-an-led/blink-an-led.cpp",
    "src/examples/blink-an-led/pins.h",
    "project.properties",
    "src/blinker.h",
    "src/deep/notes.txt",
    "lib/dep/src/dep.h",
]


@pytest.mark.parametrize(
    "argument",
    ["examples/blink-an-led", "examples/blink-an-led/", "examples/blink-an-led/blink-an-led.cpp"],
)
def test_an_example_is_sent_with_its_library(disk: Disk, tree: Tree, argument: str) -> None:
    root = tree(LIBRARY)
    found = collect_sources(disk, [argument]).files
    assert [file.path for file in found] == EXAMPLE
    assert found[2].content == b"name=blinker\n"
    assert found[2].local == str(root / "library.properties")


def test_an_example_is_one_from_wherever_it_is_named(
    disk: Disk, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree(LIBRARY)
    monkeypatch.chdir(root / "examples" / "blink-an-led")
    assert sent(disk) == EXAMPLE
    assert sent(disk, str(Path("..", "blink-an-led"))) == EXAMPLE


def test_a_library_itself_is_no_example(disk: Disk, tree: Tree) -> None:
    tree(LIBRARY)
    assert "examples/other/other.ino" in sent(disk, ".")


@pytest.mark.parametrize("kind", ["spark.json", None])
def test_an_examples_folder_elsewhere_is_just_a_folder(disk: Disk, tree: Tree, kind: str | None) -> None:
    tree(empty("examples/e/e.ino", *([kind, "library.properties"] if kind else [])))
    assert sent(disk, "examples/e") == ["e.ino"]
