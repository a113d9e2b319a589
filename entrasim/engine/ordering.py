"""In which order linked objects are updated, so that a freed name can be taken."""

from __future__ import annotations

from collections.abc import Mapping

from entrasim.model.entry import Anchor, ObjectType

Place = tuple[ObjectType, str]
"""What one object of a kind can have only: the folded matching value."""


def waves(held: Mapping[Anchor, str], wanted: Mapping[Anchor, str]) -> list[list[Anchor]]:
    """Group objects so that whoever gives a value up comes before whoever takes it.

    `held` maps objects to the matching value they have in the target, `wanted` to the one
    they are to get; only objects in `wanted` are ordered. Objects that trade values in a
    ring can't be ordered; they share a wave, and the target's conflict tells about them.
    """
    holders = {_place(anchor, value): anchor for anchor, value in held.items()}
    ranks: dict[Anchor, int] = {}
    for anchor in wanted:
        _rank(anchor, holders, wanted, ranks)
    grouped: dict[int, list[Anchor]] = {}
    for anchor in wanted:
        grouped.setdefault(ranks[anchor], []).append(anchor)
    return [grouped[rank] for rank in sorted(grouped)]


def _rank(
    anchor: Anchor,
    holders: Mapping[Place, Anchor],
    wanted: Mapping[Anchor, str],
    ranks: dict[Anchor, int],
) -> None:
    """Follow the chain of holders to one that waits for nobody, then count back."""
    chain: list[Anchor] = []
    current: Anchor | None = anchor
    while current is not None and current not in ranks and current not in chain:
        chain.append(current)
        holder = holders.get(_place(current, wanted[current]))
        current = holder if holder != current and holder in wanted else None
    rank = ranks[current] + 1 if current is not None and current in ranks else 0
    for link in reversed(chain):
        ranks[link] = rank
        rank += 1


def _place(anchor: Anchor, value: str) -> Place:
    return anchor.object_type, value.casefold()
