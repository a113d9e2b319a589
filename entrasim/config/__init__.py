"""What an operator writes: entrasim.toml, schemas, secrets by reference."""

from entrasim.config.configuration import Configuration, JobSettings, load
from entrasim.config.environment import variable_of
from entrasim.config.notify import MailSettings, NotifySettings, WebhookSettings
from entrasim.config.schema_file import install_schema
from entrasim.config.schema_json import LoadedSchema
from entrasim.config.schemas import document_of, load_schema
from entrasim.config.secret import Secret
from entrasim.config.starter import write_starter

__all__ = [
    "Configuration",
    "JobSettings",
    "LoadedSchema",
    "MailSettings",
    "NotifySettings",
    "Secret",
    "WebhookSettings",
    "document_of",
    "install_schema",
    "load",
    "load_schema",
    "variable_of",
    "write_starter",
]
