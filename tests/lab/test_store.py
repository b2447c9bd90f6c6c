"""A host's memory: locked, atomic, shared by all users of the host."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from lab.store import Store


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    with Store(tmp_path).open("db2") as content:
        content["instances"] = {"db2inst1": {"port": 50000}}
    assert Store(tmp_path).read("db2") == {"instances": {"db2inst1": {"port": 50000}}}


def test_an_error_inside_leaves_the_old_content(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.open("db2") as content:
        content["state"] = "old"
    with pytest.raises(ZeroDivisionError), store.open("db2") as content:
        content["state"] = 1 / 0
    assert store.read("db2") == {"state": "old"}


def test_opening_twice_in_one_thread_is_refused_instead_of_waiting_for_ever(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.open("db2"), pytest.raises(RuntimeError, match="open already"), store.open("db2"):
        pass
    with store.open("db2"):
        pass


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    def count() -> None:
        for _ in range(50):
            with Store(tmp_path).open("counter") as content:
                content["n"] = content.get("n", 0) + 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Store(tmp_path).read("counter") == {"n": 200}


def test_every_user_may_write_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        with Store(tmp_path).open("db2") as content:
            content["a"] = 1
    finally:
        os.umask(before)
    assert (tmp_path / "db2.json").stat().st_mode & 0o666 == 0o666
    assert (tmp_path / "db2.lock").stat().st_mode & 0o666 == 0o666
