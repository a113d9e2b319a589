"""From the configuration to the people: what a job's ports tell whom."""

from __future__ import annotations

from receivers import NINE, a_notice

from entrasim import bootstrap
from entrasim.config import load, write_starter
from entrasim.scheduler.clocks import VirtualClock
from entrasim.testing.memory_store import MemoryStore


def settings_of(folder, notify):
    path = write_starter(folder)[0]
    path.write_text(path.read_text().partition("# [jobs.notify]")[0] + notify)
    return load(path, {"ENGAGEDLY_TOKEN": "x", "HOOK_TOKEN": "s3cret", "PASSWORD": "pa55"}).job(
        None
    )


async def test_job_tells_people_as_its_configuration_says(
    tmp_path, receiver, post_office, server_tls, certificates
):
    office = await post_office(tls=server_tls, credentials=("idm", "pa55"))
    settings = settings_of(
        tmp_path,
        f"""[jobs.notify]
        webhook = "{receiver.url}/hook"
        webhook_token = "env:HOOK_TOKEN"
        [jobs.notify.mail]
        host = "127.0.0.1"
        port = {office.port}
        security = "starttls"
        from = "idm@contoso.com"
        to = ["it@contoso.com", "hr@contoso.com"]
        username = "idm"
        password = "env:PASSWORD"
        ca_file = "{certificates.ca}"
        """,
    )
    clock = VirtualClock(NINE)

    async with bootstrap.assembled(settings, MemoryStore(), clock) as found:
        await found.ports.notifier.notify(a_notice())

    [(headers, _)] = receiver.calls
    [(letter, recipients)] = office.letters
    assert headers["authorization"] == "Bearer s3cret"
    assert recipients == ["it@contoso.com", "hr@contoso.com"]
    assert letter["Date"] == "Wed, 25 Nov 2026 09:20:00 +0000"
    assert office.secured == [True]


async def test_job_without_the_table_tells_nobody(tmp_path):
    settings = settings_of(tmp_path, "")

    async with bootstrap.assembled(settings, MemoryStore(), VirtualClock(NINE)) as found:
        told = await found.ports.notifier.notify(a_notice())

    assert told is None
