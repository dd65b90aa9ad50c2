"""What runs in a finished page, or would be read as another page, is told; what our writers write is let through."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from verified_edition import build, write_source

from publisher.verification.active import active_content
from publisher.verify import Request, verify_edition


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("active")
    folder = write_source(root)
    build(folder, root / "build", "epub", "web")
    return folder, root / "build"


@pytest.fixture
def request_(made: tuple[Path, Path], tmp_path: Path) -> Request:
    folder, out = made
    shutil.copytree(out, tmp_path / "build")
    return Request(folder, tmp_path / "build")


def told(path: Path) -> list[tuple[str, str]]:
    return list(active_content(path))


def page_of(path: Path, body: str) -> Path:
    path.write_text(f"<!DOCTYPE html><html lang='en'><head><title>A</title></head><body>{body}</body></html>", "utf-8")
    return path


def test_what_we_write_is_let_through(made: tuple[Path, Path]) -> None:
    files = [path for path in (made[1] / "lamp").iterdir() if path.suffix in (".html", ".epub")]
    assert len(files) >= 4
    assert {path.name: told(path) for path in files} == {path.name: [] for path in files}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<script>alert(1)</script>", "a script that is in no file of ours"),
        ("<script src='a.js'>alert(1)</script>", "a script that is in no file of ours"),
        ("<script type='application/ld+json'>alert(1)</script>", "a script that is in no file of ours"),
        ("<script src='//a.example/a.js'></script>", "fetches //a.example/a.js from outside"),
        ("<img src=x alt='' onerror=alert(1)>", "a script in the attribute onerror of <img>"),
        ("<svg><a xlink:href='javascript:alert(1)'><text>a</text></a></svg>", "the address javascript:alert(1) in <a>"),
        ("<svg><animate attributeName='href' values='javascript:a()'/></svg>", "holds the element <animate>"),
        ("<svg><script>alert(1)</script></svg>", "a script that is in no file of ours"),
        ("<math><mi href='javascript:alert(1)'>x</mi></math>", "the address javascript:alert(1) in <mi>"),
        ("<a href=' \x01java\nscript:alert(1)'>a</a>", "the address"),
        ("<a href='data:text/html,a'>a</a>", "the address data:text/html,a in <a>"),
        ("<a href='a.html' ping='https://a.example'>a</a>", "the attribute ping of <a>"),
        ("<iframe srcdoc='&lt;script>'></iframe>", "holds the element <iframe>"),
        ("<object data='a.swf'></object>", "holds the element <object>"),
        ("<form action='https://a.example'><input></form>", "holds the element <form>"),
        ("<button formaction='https://a.example'>a</button>", "the attribute formaction of <button>"),
        ("<base href='https://a.example'>", "holds the element <base>"),
        ("<meta http-equiv='Refresh' content='0;url=https://a.example'>", "a meta element for Refresh"),
        ("<link rel='stylesheet' href='https://a.example/a.css'>", "fetches https://a.example/a.css from outside"),
        ("<img alt='' src='https://a.example/a.png'>", "fetches https://a.example/a.png from outside"),
        ("<style>@import 'a.css'</style>", "a style that asks for something from outside"),
        ("<p style='background: url(https://a.example)'>a</p>", "a style of <p> that asks for something from outside"),
        ("<select><i onclick='a()'>a</i></select>", "a script in the attribute onclick of <i>"),
        ("<template><math><tr></template>", "the element <template>"),
        ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>", "the element <noscript>"),
    ],
)
def test_a_page_that_runs_is_told(body: str, words: str, tmp_path: Path) -> None:
    found = told(page_of(tmp_path / "a.html", body))
    assert any(check == "active-content" and words in message for check, message in found), found


@pytest.mark.parametrize(
    "body",
    [
        "<p>a &lt;script> b &amp;lt; c</p><pre>\n\none &amp; two</pre><a href='https://a.example/?a=1&amp;b'>a</a>",
        "<script type='application/ld+json'>{\"a\": \"<b>\"}</script><script defer src='a.js'></script>",
        "<table><tr><td>a<td>b</table><ul><li>a<li>b</ul><p>c<p>d<br>e",
        "<pre>\n\n\none</pre><pre class='a'>\ntwo</pre><ruby>a<rt>b</ruby><math><mi>x</p></math>",
        "<svg viewBox='0 0 9 9'><path d='M0 0'/></svg><math><mi>x</mi><mspace width='1em'/></math>",
        "<a href='mailto:a@a.example'>a</a><a href='a.html#b:c'>b</a><a href='#javascript:a'>c</a>",
    ],
)
def test_other_pages_are_let_through(body: str, tmp_path: Path) -> None:
    assert told(page_of(tmp_path / "a.html", body)) == []


@pytest.mark.parametrize(
    "body",
    [
        "<a href='a.html'><table><a href='b.html'>two</a></table></a>",
        "<p><svg><desc><table><p>a</p></table></desc></svg></p><a href=a><p><table><a href=b>",
    ],
)
def test_a_page_that_changes_when_it_is_read_again_is_told(body: str, tmp_path: Path) -> None:
    assert [check for check, _ in told(page_of(tmp_path / "a.html", body))] == ["markup-unstable"]


@pytest.mark.parametrize("name", ["index.html", "lamp.epub"])
def test_verifying_tells_of_both(name: str, request_: Request) -> None:
    path = request_.out / "lamp" / name
    if name == "index.html":
        page = path.read_text("utf-8").replace("</main>", "<p onclick='a()'></p></main>", 1)
        path.write_text(page, "utf-8")
    else:
        _change_book(path)
    findings = [one for one in verify_edition(request_).findings if one.check == "active-content"]
    assert [one.where for one in findings] == [name]
    assert "a script in the attribute onclick of <p>" in findings[0].message
    assert findings[0].severity.value == "error"


def _change_book(path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        entries = {entry: book.read(entry) for entry in book.infolist()}
    spoilt = next(entry for entry, data in entries.items() if b"<p " in data and entry.filename.endswith(".xhtml"))
    entries[spoilt] = entries[spoilt].replace(b"<p ", b"<p onclick='a()' ", 1)
    with zipfile.ZipFile(path, "w") as book:
        for entry, data in entries.items():
            book.writestr(entry, data)
