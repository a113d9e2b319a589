"""Dates as .NET reads and writes them."""
