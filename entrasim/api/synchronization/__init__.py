"""Graph's synchronization API: jobs, their schemas and secrets, and the provisioning log.

Source: learn.microsoft.com/graph/api/resources/synchronization-overview
"""

from entrasim.api.synchronization.routing import routes

__all__ = ["routes"]
