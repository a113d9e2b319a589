"""What an operator writes: entrasim.toml, schemas, secrets by reference."""

from entrasim.config.configuration import Configuration, JobSettings, load
from entrasim.config.directory import DirectorySettings, FixtureSettings, GraphSettings
from entrasim.config.environment import variable_of
from entrasim.config.made import OBLIGATORY, in_graph_words, made_settings
from entrasim.config.notify import MailSettings, NotifySettings, WebhookSettings
from entrasim.config.schema_file import install_schema
from entrasim.config.schema_json import LoadedSchema, read_schema
from entrasim.config.schemas import document_of, load_schema, schema_text
from entrasim.config.secret import Secret
from entrasim.config.secret_files import MASK, MaskedSecretError, SecretFiles, unmasked
from entrasim.config.starter import write_starter

__all__ = [
    "MASK",
    "OBLIGATORY",
    "Configuration",
    "DirectorySettings",
    "FixtureSettings",
    "GraphSettings",
    "JobSettings",
    "LoadedSchema",
    "MailSettings",
    "MaskedSecretError",
    "NotifySettings",
    "Secret",
    "SecretFiles",
    "WebhookSettings",
    "document_of",
    "in_graph_words",
    "install_schema",
    "load",
    "load_schema",
    "made_settings",
    "read_schema",
    "schema_text",
    "unmasked",
    "variable_of",
    "write_starter",
]
