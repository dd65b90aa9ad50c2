"""`publisher preview` as a command: how it begins, what it leaves, how it ends."""

from __future__ import annotations

import signal
import socket
import urllib.request
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

import pytest
from preview_sample import write_edition
from running import Running

from publisher import cli
from publisher.preview.session import _Inbox, _Interrupted, ended_by_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_a_line_and_leaves_nothing_of_its_own(tmp_path: Path, number: int) -> None:
    write_edition(tmp_path / "source")
    running = Running(tmp_path, "bridge")
    try:
        assert running.line.endswith("/bridge/  (Ctrl-C ends the preview)\n")
        with urllib.request.urlopen(running.address.removesuffix("bridge/") + ".preview/preview.js") as answer:
            assert answer.status == 200
    finally:
        status = running.end(number)
    assert status == 130
    assert running.stderr.splitlines()[-1] == "the preview has ended"
    assert "Traceback" not in running.stderr
    assert list(running.temporary.glob("publisher-preview-*")) == []


def test_an_interrupt_that_a_library_loses_is_not_lost() -> None:
    inbox: _Inbox = SimpleQueue()
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), ended_by_signals(inbox, lambda: None):
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        assert inbox.get() == _Interrupted()
    assert signal.getsignal(signal.SIGTERM) == before


def test_without_an_edition_it_tells_the_catalogue_s_address(tmp_path: Path) -> None:
    write_edition(tmp_path / "source")
    running = Running(tmp_path)
    assert running.end() == 130
    assert running.address.count("/") == 3


def test_a_port_that_is_taken_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_edition(tmp_path / "source")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        arguments = ["--source", str(tmp_path / "source"), "--out", str(tmp_path / "build"), "--port", str(port)]
        assert cli.main(["preview", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        f"error: port {port} is taken, perhaps by another preview; end that one, or choose another with --port"
        " (0 for any that is free)\n"
    )


def test_an_edition_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_edition(tmp_path / "source")
    assert cli.main(["preview", "--source", str(tmp_path / "source"), "harbour"]) == 2
    assert "no edition harbour; there are: bridge" in capsys.readouterr().err


def test_a_format_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_edition(tmp_path / "source")
    assert cli.main(["preview", "--source", str(tmp_path / "source"), "--format", "paper"]) == 2
    assert "no format paper" in capsys.readouterr().err
