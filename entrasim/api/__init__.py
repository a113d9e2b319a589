"""The daemon's HTTP surface, and the JSON that commands print."""
