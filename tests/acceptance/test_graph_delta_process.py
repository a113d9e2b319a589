"""Delta links of the real daemon, which is killed while its tenant changes."""

from __future__ import annotations

import httpx
from daemon import Daemon
from delta_client import Follower

PATHS = ("users/delta?$select=city,manager", "groups/delta")


async def test_links_outlive_a_kill_and_edits_by_hand_and_by_command(site):
    followers = [Follower(None, path, "return=minimal") for path in PATHS]
    await _follow(site, followers)
    await site.run("tenant", "user", "add", "zoe@contoso.com", "city=Rome")
    await site.run("tenant", "user", "delete", "ada@contoso.com")
    short_form = site.folder / "config/tenants/contoso/tenant.yaml"
    text = short_form.read_text(encoding="utf-8")
    short_form.write_text(text.replace("London", "Leeds"), encoding="utf-8")

    anew = [Follower(None, path, "") for path in PATHS]
    await _follow(site, [*followers, *anew])

    assert [one.held for one in followers] == [one.held for one in anew]
    assert [one.pages for one in followers] == [2, 2]
    cities = {one.get("city") for one in followers[0].held.values()}
    assert {"Rome", "Leeds"} <= cities
    assert "London" not in cities


async def _follow(site, followers):
    """Let each go on from where it was, at a daemon that is killed afterwards."""
    daemon = await Daemon.started(site, ENTRASIM_JOBS__ENGAGEDLY__START="paused")
    root = daemon.url.removesuffix("health") + "v1.0/"
    async with httpx.AsyncClient() as http:
        for one in followers:
            one.http, one.link = http, root + one.link.rpartition("/v1.0/")[2]
            await one.follow()
    daemon.process.kill()
    await daemon.process.communicate()
