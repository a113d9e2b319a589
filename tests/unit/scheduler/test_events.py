"""What the daemon says, as lines for people and for programs."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta

import pytest
from timetable import EIGHT

from entrasim.errors import JobRunningError, NotificationError, SourceError
from entrasim.model.cycle import Counts, Cycle, CycleKind, CycleState, TaskExecution
from entrasim.model.notice import Notice, NoticeKind
from entrasim.scheduler.events import JobEvents, configure_logging

EVENTS = JobEvents("engagedly")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def said():
    """Sets the logging up and gives the stream; what was there before is put back."""
    root, ours = logging.getLogger(), logging.getLogger("entrasim")
    handlers, level = root.handlers[:], ours.level

    def set_up(form, stream=None):
        stream = stream or io.StringIO()
        configure_logging(form, stream)
        return stream

    yield set_up
    root.handlers[:] = handlers
    ours.setLevel(level)


def an_execution(state=CycleState.SUCCEEDED):
    cycle = Cycle(id="c1", job_id="engagedly", kind=CycleKind.INITIAL, began_at=EIGHT)
    return TaskExecution(
        cycle=cycle,
        state=state,
        counts=Counts(imported=3, created=2),
        ended_at=EIGHT + timedelta(seconds=2),
        requests={"GET": 3, "POST": 2},
    )


def test_end_of_a_cycle_is_one_json_line_with_its_counts(said):
    stream = said("json")

    EVENTS.ended(an_execution())

    event = json.loads(stream.getvalue())
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "cycle ended",
        "level": "info",
        "job": "engagedly",
        "cycle": "c1",
        "kind": "initial",
        "state": "Succeeded",
        "seconds": 2.0,
        "requests": 5,
        "counts": {"imported": 3, "created": 2},
    }


def test_end_of_a_cycle_is_told_to_people_in_words(said):
    stream = said("plain")

    EVENTS.ended(an_execution())

    assert "3 imported, 2 created" in stream.getvalue()


def test_cycle_with_failed_objects_is_a_warning(said):
    stream = said("json")

    EVENTS.ended(an_execution(CycleState.ENTRY_LEVEL_ERRORS))

    assert json.loads(stream.getvalue())["level"] == "warning"


def test_failed_cycle_tells_its_code(said):
    stream = said("json")

    EVENTS.failed(SourceError("users.json can't be read"))

    event = json.loads(stream.getvalue())
    assert event["code"] == "SourceUnreadable"
    assert event["reason"] == "users.json can't be read"


def test_cycle_that_runs_elsewhere_is_no_failure(said):
    stream = said("json")

    EVENTS.not_run(JobRunningError("another process runs it"))

    assert json.loads(stream.getvalue())["level"] == "info"


def a_notice(**changed):
    facts = {
        "job_id": "engagedly",
        "kind": NoticeKind.QUARANTINE_BEGAN,
        "reason": "TooManyDeletes",
        "message": "612 would leave at once",
        "began_at": EIGHT,
        "next_attempt_at": EIGHT + timedelta(minutes=80),
        "cycle_id": "c1",
    }
    return Notice(**{**facts, **changed})


def test_quarantine_is_a_warning_with_reason_and_next_attempt(said):
    stream = said("json")

    EVENTS.noticed(a_notice())

    event = json.loads(stream.getvalue())
    event.pop("timestamp")
    assert event == {
        "event": "quarantined",
        "level": "warning",
        "job": "engagedly",
        "kind": "quarantineBegan",
        "code": "TooManyDeletes",
        "reason": "612 would leave at once",
        "since": EIGHT.isoformat(),
        "next_attempt": (EIGHT + timedelta(minutes=80)).isoformat(),
        "cycle": "c1",
    }


def test_disabled_job_has_no_next_attempt(said):
    stream = said("json")

    EVENTS.noticed(a_notice(kind=NoticeKind.JOB_DISABLED, next_attempt_at=None, cycle_id=None))

    event = json.loads(stream.getvalue())
    assert (event["event"], event["level"]) == ("disabled", "warning")
    assert event["next_attempt"] is None


def test_notification_that_failed_says_which_channel_and_why(said):
    stream = said("json")

    EVENTS.untold(NotificationError({"mail": "connection refused"}, told=frozenset({"webhook"})))

    event = json.loads(stream.getvalue())
    assert (event["event"], event["level"]) == ("notification failed", "error")
    assert event["reason"] == "mail: connection refused"


def test_plain_line_has_no_colours_when_piped(said):
    stream = said("plain")

    EVENTS.began()

    assert "cycle began" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_plain_line_is_coloured_on_a_terminal(said, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = said("plain", Terminal())

    EVENTS.began()

    assert "\x1b" in stream.getvalue()


@pytest.mark.parametrize("form", ["plain", "json"])
def test_mistake_is_told_with_its_place_but_without_values(said, form):
    stream = said(form)

    try:
        _fail("eyJh" + "bGciOi")
    except ZeroDivisionError as error:
        EVENTS.broke(error)

    assert "in _fail" in stream.getvalue()
    assert "eyJhbGciOi" not in stream.getvalue()


@pytest.mark.parametrize("form", ["plain", "json"])
def test_bearer_token_in_a_message_is_masked(said, form):
    stream = said(form)

    EVENTS.failed(SourceError("refused Authorization: Bearer eyJhbGciOi.x-y_z"))

    assert "eyJhbGciOi" not in stream.getvalue()


def test_warning_of_a_library_comes_in_the_same_form(said):
    stream = said("json")

    logging.getLogger("apscheduler.executors.default").warning("%s is late", "wake-up")

    assert json.loads(stream.getvalue())["event"] == "wake-up is late"


def test_chatter_of_a_library_is_left_out(said):
    stream = said("json")

    logging.getLogger("apscheduler.scheduler").info("added a job")

    assert stream.getvalue() == ""


def test_logging_set_up_twice_says_everything_once(said):
    first, second = said("json"), said("json")

    EVENTS.began()

    assert first.getvalue() == ""
    assert len(second.getvalue().splitlines()) == 1


def _fail(token):
    raise ZeroDivisionError(f"a mistake of {len(token)} letters")
