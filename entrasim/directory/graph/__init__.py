"""Microsoft Graph as a directory: users and groups by delta queries, assignments by polling.

Microsoft's SDK is imported when such a directory is first asked, and by nothing else.
"""

from entrasim.directory.graph.directory import GraphDirectory
from entrasim.directory.graph.source import GraphSource

__all__ = ["GraphDirectory", "GraphSource"]
