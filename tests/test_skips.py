"""With REQUIRE_ALL=1, what did not run cannot pass for having passed."""

import pytest

from tests import conftest


def report_skip(nodeid: str) -> pytest.TestReport:
    where = (__file__, 1, "Skipped: no broker")
    return pytest.TestReport(nodeid, (__file__, 1, "t"), {}, "skipped", where, "call")


@pytest.fixture
def require_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_ALL", "1")


@pytest.mark.usefixtures("require_all")
def test_a_skip_fails_where_everything_must_run() -> None:
    report = report_skip("tests/test_x.py::test_y")
    conftest.refuse_skip(report)
    assert report.outcome == "failed"
    assert "no broker" in str(report.longrepr)


def test_a_skip_stays_a_skip_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_ALL", raising=False)
    report = report_skip("tests/test_x.py::test_y")
    conftest.refuse_skip(report)
    assert report.outcome == "skipped"


@pytest.mark.usefixtures("require_all")
def test_an_expected_failure_is_not_a_skip() -> None:
    report = report_skip("tests/test_x.py::test_y")
    report.wasxfail = "known"
    conftest.refuse_skip(report)
    assert report.outcome == "skipped"


@pytest.mark.usefixtures("require_all")
def test_a_named_test_may_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "read_may_skip", lambda _text: ("tests/test_x.py::*",))
    assert not conftest.must_run("tests/test_x.py::test_y[z]")
    assert conftest.must_run("tests/test_z.py::test_y")


def test_a_pattern_without_a_reason_does_not_count() -> None:
    text = "# heading\n\ntests/a.py::*  # AWS only\ntests/b.py::*\ntests/c.py::*  # \n"
    assert conftest.read_may_skip(text) == ("tests/a.py::*",)
