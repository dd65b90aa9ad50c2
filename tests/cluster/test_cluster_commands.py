"""Several commands at once on one scheduler, with output at an address; and keys that stand in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from cluster_running import PATIENCE, S3, Cluster, cluster, objects, write_edition
from distributed import Client

from publisher.cluster.turns import in_turn


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_edition(tmp_path / "source", "bay").parent


def test_two_commands_for_two_formats_of_one_edition_leave_both(on_s3: Cluster, s3: S3, source: Path) -> None:
    on_s3.add()
    on_s3.add()
    there = ("--source", str(source), "--out", f"{s3.address}/out")
    with (
        on_s3.publishing("--format", "web", *there) as web,
        on_s3.publishing("--format", "docx", *there) as docx,
    ):
        for command in (web, docx):
            _, err = command.communicate(timeout=PATIENCE)
            assert command.returncode == 0, err
    assert {"bay/index.html", "bay/bay.docx"} <= objects(s3.client, s3.bucket, "out/").keys()


def test_a_catalogue_is_made_by_one_command_after_the_other(on_s3: Cluster, s3: S3, source: Path) -> None:
    """Its reading of all manifests comes after its own publishing, and no older list is put over a newer one."""
    on_s3.add()
    out = f"{s3.address}/out"
    arguments = ("--format", "docx", "--source", str(source), "--out", f"{out}/")
    with Client(on_s3.address, set_as_default=False) as other, on_s3.publishing(*arguments) as process:
        with in_turn(f"the catalogue of {out}", other):
            assert process.stdout is not None
            assert process.stdout.readline() == f"bay: 2 files in {out}/bay (1 of 1)\n"
            assert "index.html" not in objects(s3.client, s3.bucket, "out/")
            # Another command published meanwhile.
            for name, data in objects(s3.client, s3.bucket, "out/bay/").items():
                s3.client.put_object(Bucket=s3.bucket, Key=f"out/strait/{name}", Body=data)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
    assert b"strait/" in objects(s3.client, s3.bucket, "out/")["index.html"]


def test_a_store_at_an_address_is_reached_with_keys_that_stand_in_a_file(s3: S3, source: Path, tmp_path: Path) -> None:
    """The process that asks it is held, and yet reads what its libraries look for."""
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "credentials").write_text(
        "[press]\naws_access_key_id = testing\naws_secret_access_key = testing\n", "utf-8"
    )
    (home / ".aws" / "config").write_text(
        f"[profile press]\nendpoint_url = {s3.environment['AWS_ENDPOINT_URL']}\n", "utf-8"
    )
    keys = dict.fromkeys(s3.environment, "") | {"HOME": str(home), "AWS_PROFILE": "press"}
    keys |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "us-east-1"}
    # Processes that are held read all of the folder for temporary files, in which the tests' own folders stand.
    keys["TMPDIR"] = str(tmp_path / "t")
    (tmp_path / "t").mkdir()
    keys = {name: value for name, value in keys.items() if value}
    with cluster(tmp_path / "cluster", keys) as made:
        made.add()
        done = made.publish(
            "--format", "audio", "--source", str(source), "--out", "shared", PUBLISHER_CACHE=f"{s3.address}/cache"
        )
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    assert any(name.endswith(".flac") for name in objects(s3.client, s3.bucket, "cache/"))
