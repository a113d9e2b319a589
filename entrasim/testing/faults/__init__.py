"""A target that fails as targets do: late, refusing, breaking off, answering nonsense.

`Faults([Status(503, share=0.1), LostAnswer(methods=("POST",), times=1)], seed=7).around(app)`
is an ASGI application for `entrasim.serving.AsgiServer`; the fixture's way is `entra.inject`.
"""

from entrasim.testing.faults.broken import Cut, Drip, Huge, LateAnswer, LostAnswer, WrongBody
from entrasim.testing.faults.faults import Faults, Injected
from entrasim.testing.faults.instead import Close, Redirect, Reset, Status
from entrasim.testing.faults.rule import Delay, Rule

__all__ = [
    "Close",
    "Cut",
    "Delay",
    "Drip",
    "Faults",
    "Huge",
    "Injected",
    "LateAnswer",
    "LostAnswer",
    "Redirect",
    "Reset",
    "Rule",
    "Status",
    "WrongBody",
]
