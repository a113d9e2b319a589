"""Whom the scoping filter is asked about, and whom it needn't be."""

from __future__ import annotations

from entrasim.engine.compiled import CompiledMapping
from entrasim.engine.filtering import Miss
from entrasim.engine.sifting import sift
from entrasim.errors import SourceObjectError
from entrasim.model.connection import SourceRecord
from entrasim.model.entry import Anchor, Entry, ObjectType, Presence
from entrasim.model.schema import FilterClause

MISS = Miss("", FilterClause(source_operand="x", operator="IS NULL"), "1")


def mapping(asks):
    return CompiledMapping(ObjectType.USER, frozenset(), (), (), (), (), asks)


def record(name, kind=ObjectType.USER, presence=Presence.PRESENT, **more):
    return SourceRecord(entry=Entry(anchor=Anchor(kind, name), presence=presence), **more)


class Filter:
    """A filter that writes down whom it was asked about, and gives one answer."""

    def __init__(self, answer=()):
        self.asked = []
        self.answer = answer

    def __call__(self, entry):
        self.asked.append(entry.anchor.id)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def sifted(asks, *records, again=()):
    found = {r.entry.anchor: r for r in records}
    assigned = dict.fromkeys(found, "assigned directly")
    return sift(found, assigned, {ObjectType.USER: mapping(asks)}, again)


def test_without_a_filter_nobody_is_asked_and_nothing_is_copied():
    assigned = {Anchor(ObjectType.USER, "ada"): "assigned directly"}

    found = sift({}, assigned, {ObjectType.USER: mapping(None)}, ())

    assert found.entitled_by is assigned


def test_who_was_entitled_and_has_not_changed_is_not_asked_about():
    asks = Filter((MISS,))

    found = sifted(asks, record("ada", entitled=True))

    assert asks.asked == []
    assert len(found.entitled_by) == 1


def test_who_changed_or_failed_or_was_not_entitled_is_asked_about_once():
    asks = Filter()
    failed = record("failed", entitled=True)

    sifted(
        asks,
        record("changed", entitled=True, pending=True),
        failed,
        record("outsider"),
        again={failed.entry.anchor},
    )

    assert asks.asked == ["changed", "failed", "outsider"]


def test_what_does_not_exist_or_is_of_another_kind_is_not_asked_about():
    asks = Filter((MISS,))

    found = sifted(
        asks,
        record("group", ObjectType.GROUP, pending=True),
        record("deleted", presence=Presence.SOFT_DELETED, pending=True),
        record("purged", presence=Presence.PURGED, pending=True),
    )

    assert asks.asked == []
    assert len(found.entitled_by) == 3


def test_refusal_says_which_clauses_failed():
    found = sifted(Filter((MISS,)), record("ada", entitled=True, pending=True))

    assert found.entitled_by == {}
    assert list(found.refusals.values()) == [(MISS,)]


def test_who_cant_be_told_about_keeps_the_entitlement_they_had():
    asks = Filter(SourceObjectError("too slow"))

    found = sifted(asks, record("in", entitled=True, pending=True), record("out", pending=True))

    assert [anchor.id for anchor in found.entitled_by] == ["in"]
    assert [anchor.id for anchor in found.undecided] == ["in", "out"]
