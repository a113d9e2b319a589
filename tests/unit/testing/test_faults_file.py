"""A file of faults: what it says, and every mistake in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from entrasim.cli.faults_example import EXAMPLE
from entrasim.errors import ConfigurationError
from entrasim.testing.faults import Close, Delay, Faults, LostAnswer, Status
from entrasim.testing.faults.faults_file import KINDS, read_faults


@pytest.fixture
def file(tmp_path):
    return tmp_path / "faults.toml"


def mistakes(path, text):
    path.write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        read_faults(path)
    return [problem.removeprefix(f"{path}: ") for problem in raised.value.problems]


def test_rules_are_read_in_their_order(file):
    file.write_text(
        'seed = 3\n[[rules]]\nfault = "delay"\ntime = "1h30m"\nshare = 0.5\n'
        '[[rules]]\nfault = "close"\nmethods = ["POST"]\n'
    )

    found = read_faults(file)

    assert found.seed == 3
    assert found.rules == (Delay(timedelta(minutes=90), share=0.5), Close(methods=("POST",)))


def test_file_and_program_draw_alike(file):
    file.write_text('seed = 3\n[[rules]]\nfault = "lost_answer"\nshare = 0.5\n')

    (rule,) = read_faults(file).rules

    assert repr(rule) == repr(LostAnswer(share=0.5))
    assert Faults.load(file).counts == {}


def test_example_in_the_help_can_be_read(file):
    file.write_text(EXAMPLE)

    found = read_faults(file)

    assert [str(rule) for rule in found.rules] == ["slow writes", "status 429", "lost_answer"]


def test_example_with_every_comment_taken_off_can_be_read(file):
    rules = EXAMPLE.partition("# fault = ")[0]
    file.write_text(re.sub(r"^# (?=\w+ = )", "", rules, flags=re.MULTILINE))

    slow, status, lost = read_faults(file).rules

    assert slow.sent == "ada@contoso[.]com"
    assert status == Status(
        429,
        timedelta(seconds=2),
        "date",
        {"X-Reason": "maintenance"},
        "slowly, please",
        carried_out=True,
        share=0.02,
    )
    assert lost.ending == "close"


@pytest.mark.parametrize("word", KINDS)
def test_example_names_every_kind_and_each_of_its_keys(word):
    keys = KINDS[word].__dataclass_fields__

    missing = [key for key in keys if key not in EXAMPLE]

    assert f'fault = "{word}"' in EXAMPLE
    assert missing == []


def test_all_mistakes_are_told_at_once(file):
    found = mistakes(
        file,
        """
        sed = 3
        [[rules]]
        fault = "statsu"
        [[rules]]
        fault = "status"
        statis = 503
        share = 2
        path = "("
        [[rules]]
        time = "2s"
        [[rules]]
        fault = "delay"
        time = "2"
        [[rules]]
        fault = "reset"
        carried_out = true
        """,
    )

    assert sorted(found) == [
        'rules.0.fault: there is no fault "statsu"; did you mean status?',
        "rules.1.path: no regular expression: missing ), unterminated subpattern at position 0",
        "rules.1.share: Input should be less than or equal to 1",
        "rules.1.statis: status has no such key; did you mean status?",
        "rules.1.status: is missing",
        f"rules.2.fault: is missing; one of {', '.join(KINDS)}",
        "rules.3.time: '2' is no duration; write 40m, 90s, 1h30m or PT40M",
        "rules.4.carried_out: reset has no such key",
        "sed: there is no such key; did you mean seed?",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "rules: is missing"),
        ("rules = []", "rules: expected [[rules]] tables, one at least"),
        ("[rules]\nfault = 'reset'", "rules: expected [[rules]] tables, one at least"),
        ("rules = [3]", "rules.0: expected a table"),
        (
            "[[rules]]\nfault = 'x'",
            f'rules.0.fault: there is no fault "x"; there are {", ".join(KINDS)}',
        ),
        ("seed = 'a'\n[[rules]]\nfault = 'reset'", "seed: Input should be a valid integer"),
        ("[[rules", "broken TOML"),
    ],
)
def test_mistake_in_a_file_names_its_place(file, text, told):
    (found,) = mistakes(file, text)

    assert found.startswith(told)


def test_file_that_is_not_there_is_a_mistake(file):
    with pytest.raises(ConfigurationError, match="serve --help` shows an example"):
        read_faults(file)


def test_file_that_is_no_text_is_a_mistake(file):
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigurationError, match="it is no TOML in UTF-8"):
        read_faults(file)
