"""The stand-in for Engagedly: connections, a SCIM endpoint, employees and groups."""

from entrasim.engagedly.application import Engagedly
from entrasim.engagedly.server import EngagedlyServer
from entrasim.engagedly.storage import Connection, NewConnection

__all__ = ["Connection", "Engagedly", "EngagedlyServer", "NewConnection"]
