"""Applications as Graph shows them: service principals, who is assigned, and templates."""

from entrasim.api.applications.routes import routes

__all__ = ["routes"]
