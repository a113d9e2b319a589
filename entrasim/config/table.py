"""What the tables of entrasim.toml have in common."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from entrasim.config.durations import duration

Duration = Annotated[timedelta, BeforeValidator(duration)]


class Strict(BaseModel):
    """A table of the file; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
