"""How often a request is sent again, by fidelity and by setting."""

from __future__ import annotations

import pytest

from entrasim.bootstrap import retries_of
from entrasim.config import load, write_starter
from entrasim.errors import ConfigurationError


def retries(folder, **settings):
    path = write_starter(folder)[0]
    environment = {f"ENTRASIM_JOBS__ENGAGEDLY__{name}": text for name, text in settings.items()}
    return retries_of(load(path, {"ENGAGEDLY_TOKEN": "x", **environment}).job(None))


def test_entra_repeats_nothing(tmp_path):
    assert retries(tmp_path) == 0


def test_practical_fidelity_repeats_three_times(tmp_path):
    assert retries(tmp_path, FIDELITY="practical") == 3


@pytest.mark.parametrize("fidelity", ["entra", "practical"])
def test_setting_beats_fidelity(tmp_path, fidelity):
    assert retries(tmp_path, FIDELITY=fidelity, TARGET__RETRIES="1") == 1


@pytest.mark.parametrize("setting", ["-1", "11", "often"])
def test_other_numbers_are_refused(tmp_path, setting):
    with pytest.raises(ConfigurationError, match=r"jobs\.engagedly\.target\.retries"):
        retries(tmp_path, TARGET__RETRIES=setting)
