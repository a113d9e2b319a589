"""The real daemon in a process of its own."""

from __future__ import annotations

import signal


class Daemon:
    """`entrasim serve` in a process; knows its log and its port."""

    def __init__(self, site, process):
        self._site, self.process, self.lines = site, process, []

    @classmethod
    async def started(cls, site, *more, **environment):
        arguments = ("serve", "--log-format", "json", *more)
        daemon = cls(site, await site.start(*arguments, ENTRASIM_SERVICE__PORT="0", **environment))
        await daemon.line_with("/health")
        return daemon

    async def line_with(self, text):
        """Read the log until a line has a text."""
        while True:
            line = (await self.process.stderr.readline()).decode()
            assert line, self.lines
            self.lines.append(line)
            if text in line:
                return line

    @property
    def url(self):
        return next(line for line in self.lines if "/health" in line).split()[1].rstrip(",")

    async def stopped(self):
        self.process.send_signal(signal.SIGTERM)
        _, rest = await self.process.communicate()
        self.lines += rest.decode().splitlines()
        return self.process.returncode
