"""Users, groups and the recycle bin in Graph's paths, over a fixture tenant."""

from entrasim.api.directory.routes import routes

__all__ = ["routes"]
