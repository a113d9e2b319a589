"""For test suites: the fixture `entra`, and the ports in memory."""
