"""Whoever gives a value up comes before whoever takes it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from entrasim.engine.ordering import waves
from entrasim.model.entry import Anchor, ObjectType


def anchors(**values):
    return {Anchor(ObjectType.USER, name): value for name, value in values.items()}


def names(found):
    return [[anchor.id for anchor in wave] for wave in found]


def test_unrelated_changes_share_a_wave():
    held = anchors(a="1", b="2")

    assert names(waves(held, anchors(a="3", b="4"))) == [["a", "b"]]


def test_chain_is_walked_from_its_free_end_whatever_the_case():
    held = anchors(a="X", b="Y", c="Z")

    assert names(waves(held, anchors(a="y", b="z", c="w"))) == [["c"], ["b"], ["a"]]


def test_ring_has_no_order_and_ends():
    held = anchors(a="1", b="2")

    found = waves(held, anchors(a="2", b="1"))

    assert sorted(name for wave in names(found) for name in wave) == ["a", "b"]


values = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("stuvwxyz"), max_size=8)


@given(held=values, wanted=values)
def test_everybody_is_in_one_wave_and_holders_come_first(held, wanted):
    held = {**wanted, **held}
    holders = {value: name for name, value in held.items()}

    found = names(waves(anchors(**held), anchors(**wanted)))

    rank = {name: index for index, wave in enumerate(found) for name in wave}
    assert set(rank) == set(wanted)
    for name, value in wanted.items():
        holder = holders.get(value)
        in_ring = leads_back(name, holders, wanted)
        if holder in wanted and holder != name and not in_ring:
            assert rank[holder] < rank[name]


def leads_back(name, holders, wanted):
    """Whether following the holders never ends."""
    seen, current = set(), name
    while current in wanted and current not in seen:
        seen.add(current)
        holder = holders.get(wanted[current])
        if holder == current:
            return False
        current = holder
    return current in seen
