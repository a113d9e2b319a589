"""Microsoft Entra's user provisioning service on your own machine."""

from importlib.metadata import version

__version__ = version("entrasim")
