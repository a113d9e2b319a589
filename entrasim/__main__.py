"""`python -m entrasim` is `entrasim`."""

from entrasim.cli import main

main()
