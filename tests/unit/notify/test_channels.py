"""Several channels: each for itself."""

from __future__ import annotations

import pytest
from receivers import a_notice

from entrasim.errors import NotificationError
from entrasim.notify import Channels


async def test_every_channel_is_used(receiver, webhook_to, mail_to, post_office):
    office = await post_office()
    channels = Channels([webhook_to(receiver.url), mail_to(office.port)])

    await channels.notify(a_notice())

    assert (len(receiver.calls), len(office.letters)) == (1, 1)


async def test_channel_that_fails_does_not_hide_the_others(
    receiver, webhook_to, mail_to, post_office
):
    office, receiver.status = await post_office(), 503
    channels = Channels([webhook_to(receiver.url), mail_to(office.port)])

    with pytest.raises(NotificationError) as caught:
        await channels.notify(a_notice())

    assert len(office.letters) == 1
    assert caught.value.failures == {"webhook": "127.0.0.1 answered 503"}
    assert caught.value.told == {"mail"}


async def test_all_failures_are_told_at_once(receiver, webhook_to, mail_to, post_office):
    office = await post_office(refused=("it@contoso.com", "hr@contoso.com"))
    receiver.status = 503
    channels = Channels([webhook_to(receiver.url), mail_to(office.port)])

    with pytest.raises(NotificationError, match=r"webhook: .*; mail: ") as caught:
        await channels.notify(a_notice())

    assert caught.value.told == frozenset()


async def test_another_try_leaves_out_who_was_told(receiver, webhook_to, mail_to, post_office):
    office, receiver.status = await post_office(), 503
    channels = Channels([webhook_to(receiver.url), mail_to(office.port)])
    with pytest.raises(NotificationError) as caught:
        await channels.notify(a_notice())
    receiver.status = 200

    await channels.notify(a_notice(), told=caught.value.told)

    assert (len(receiver.calls), len(office.letters)) == (2, 1)


async def test_another_try_that_fails_still_knows_who_was_told(receiver, webhook_to):
    receiver.status = 503
    channels = Channels([webhook_to(receiver.url)])

    with pytest.raises(NotificationError) as caught:
        await channels.notify(a_notice(), told=frozenset({"mail"}))

    assert caught.value.told == {"mail"}
