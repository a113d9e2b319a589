"""OData's query options on plain objects, as Microsoft Graph understands them.

Source: learn.microsoft.com/graph/query-parameters
"""

from entrasim.api.odata.answers import GraphJson, count, entity, expanded, page, shown
from entrasim.api.odata.entity_type import EntityType, Shape
from entrasim.api.odata.options import Expansion, Options

__all__ = [
    "EntityType",
    "Expansion",
    "GraphJson",
    "Options",
    "Shape",
    "count",
    "entity",
    "expanded",
    "page",
    "shown",
]
