"""Scoping filters: clauses → closures, and why an object doesn't pass.

Source: learn.microsoft.com/entra/identity/app-provisioning/
define-conditional-rules-for-provisioning-user-accounts
"""

from entrasim.engine.filtering.checking import mistakes
from entrasim.engine.filtering.compiling import Filter, Miss, compile_filter

__all__ = ["Filter", "Miss", "compile_filter", "mistakes"]
