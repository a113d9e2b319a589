"""The way from every released version of the state database to this one."""
