"""What an operator writes: entrasim.toml, schemas, secrets by reference."""

from entrasim.config.configuration import Configuration, JobSettings, load
from entrasim.config.schema_json import LoadedSchema
from entrasim.config.schemas import load_schema
from entrasim.config.secret import Secret
from entrasim.config.starter import write_starter

__all__ = [
    "Configuration",
    "JobSettings",
    "LoadedSchema",
    "Secret",
    "load",
    "load_schema",
    "write_starter",
]
