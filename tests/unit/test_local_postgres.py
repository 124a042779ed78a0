"""The local PostgreSQL: ready when it says so, durable, and gone when its owner is gone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from cli.local.postgres import LocalPostgres
from tests.waiting import until

OWNER = """
import sys, time, pathlib
from cli.local.postgres import LocalPostgres
print(LocalPostgres(pathlib.Path(sys.argv[1])).start(), flush=True)
time.sleep(600)
"""


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _postmaster(data_directory: Path) -> int:
    return int((data_directory / "postmaster.pid").read_text().split()[0])


def test_data_outlives_a_restart(tmp_path: Path) -> None:
    server = LocalPostgres(tmp_path / "postgres")
    with server, psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    assert not _answers(server.url())
    with server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_server_that_runs_already_is_used_and_left_running(tmp_path: Path) -> None:
    with LocalPostgres(tmp_path / "postgres") as first:
        with LocalPostgres(tmp_path / "postgres") as second:
            assert second.url() == first.url()
        assert _answers(first.url())


def test_a_path_too_long_for_a_socket_works(tmp_path: Path) -> None:
    with LocalPostgres(tmp_path / ("long" * 30) / "postgres") as server:
        assert _answers(server.url())


def test_the_server_ends_with_a_killed_owner(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child that its parent was killed")
    command = [sys.executable, "-c", OWNER, str(tmp_path / "postgres")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        url = owner.stdout.readline().strip() if owner.stdout else ""
        assert _answers(url)
        owner.kill()
    until(lambda: not _answers(url))


def test_it_starts_while_a_killed_owners_server_still_shuts_down(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path / "postgres")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline()
        owner.kill()
    with LocalPostgres(tmp_path / "postgres") as server:
        assert _answers(server.url())


def test_after_a_crash_it_starts_again(tmp_path: Path) -> None:
    server = LocalPostgres(tmp_path / "postgres")
    server.start()
    os.kill(_postmaster(server.data_directory), signal.SIGKILL)
    server.stop()
    with LocalPostgres(tmp_path / "postgres") as again:
        assert _answers(again.url())


def test_every_test_gets_a_migrated_database_of_its_own(database_url: str, postgres: LocalPostgres) -> None:
    postgres.create_database("template_copy", template="baton_template")
    with psycopg.connect(database_url) as mine, psycopg.connect(postgres.url("template_copy")) as other:
        mine.execute("CREATE TABLE only_mine (id int)")
        assert other.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone() == (True,)
        assert other.execute("SELECT to_regclass('only_mine')").fetchone() == (None,)
    postgres.drop_database("template_copy")
