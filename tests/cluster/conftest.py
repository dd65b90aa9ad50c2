"""An S3 server on loopback, and the extra's absence told: these tests need what `tools/setup.sh dev` installs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from cluster_running import Cluster, cluster  # isort: skip


@dataclass(frozen=True)
class S3:
    """A server with one empty bucket, and what a process has to know to find it."""

    client: Any
    bucket: str
    environment: dict[str, str]

    @property
    def address(self) -> str:
        return f"s3://{self.bucket}"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def s3(s3_server: str, request: pytest.FixtureRequest) -> Iterator[S3]:
    environment = {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    client = boto3.client(
        "s3",
        endpoint_url=s3_server,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        region_name="us-east-1",
        config=Config(retries={"max_attempts": 1}),
    )
    bucket = f"b{abs(hash(request.node.nodeid)):x}"
    client.create_bucket(Bucket=bucket)
    yield S3(client, bucket, environment)
    client.close()


@pytest.fixture
def lone(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers."""
    with cluster(tmp_path / "cluster", {}) as made:
        yield made


@pytest.fixture
def on_s3(tmp_path: Path, s3: S3) -> Iterator[Cluster]:
    """A scheduler without workers, where all processes find the S3 server."""
    with cluster(tmp_path / "cluster", s3.environment) as made:
        yield made
