"""Whoever guesses waits; whoever doesn't is not kept waiting by others."""

from __future__ import annotations

from entrasim.api.token.wrong_secrets import WrongSecrets


class Watch:
    at = 0.0

    def __call__(self):
        return self.at


def guessing(times, address="1.2.3.4"):
    watch = Watch()
    wrong = WrongSecrets(watch)
    for _ in range(times):
        wrong.note(address)
    return wrong, watch


def test_a_few_slips_cost_nothing():
    wrong, _ = guessing(9)

    assert wrong.wait("1.2.3.4") == 0


def test_guessing_address_waits_out_its_minute():
    wrong, watch = guessing(10)
    watch.at = 20

    waiting = wrong.wait("1.2.3.4")
    watch.at = 60

    assert (waiting, wrong.wait("1.2.3.4")) == (40, 0)


def test_slips_long_apart_do_not_add_up():
    wrong, watch = guessing(9)
    watch.at = 61

    wrong.note("1.2.3.4")

    assert wrong.wait("1.2.3.4") == 0


def test_others_are_listened_to():
    wrong, _ = guessing(10)

    assert wrong.wait("5.6.7.8") == 0


def test_memory_of_addresses_is_bounded():
    wrong, _ = guessing(10)

    for number in range(1024):
        wrong.note(f"address {number}")

    assert wrong.wait("1.2.3.4") == 0
