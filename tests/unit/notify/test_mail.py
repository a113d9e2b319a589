"""Notices by mail: the letter, how it is sent, and what its failures tell and don't tell."""

from __future__ import annotations

import socket
import traceback

import pytest
from receivers import a_notice, failure_of, text_of

from entrasim.model.notice import NoticeKind

KNOWN = ("provisioning", "pa55 word")


async def hang(reader, _writer):
    await reader.read()


async def test_letter_says_what_happened_since_when_why_and_what_to_do(mail_to, post_office):
    office = await post_office()

    await mail_to(office.port).deliver(a_notice())

    [(letter, recipients)] = office.letters
    assert recipients == ["it@contoso.com", "hr@contoso.com"]
    assert letter["Subject"] == 'entrasim: Job "engagedly" is in quarantine: TooManyDeletes'
    assert text_of(letter) == (
        'Job "engagedly" is in quarantine: TooManyDeletes.\n'
        "\n"
        "Since         2026-11-25 09:20 UTC\n"
        "Why           612 would leave at once, more than the 500 allowed\n"
        "Next attempt  2026-11-25 10:40 UTC\n"
        "Cycle         c1\n"
        "\n"
        "What to do, on the machine that runs entrasim:\n"
        "\n"
        "  entrasim job status --job engagedly\n"
        "      how it stands\n"
        "  entrasim logs --job engagedly --action stagedDelete\n"
        "      who is held back, and why\n"
        "  entrasim job restart --job engagedly --reset ForceDeletes\n"
        "      let them go, if it is right\n"
        "  entrasim job restart --job engagedly\n"
        "      begin anew, once the cause is repaired\n"
    )


async def test_letter_about_a_target_that_fails_says_how_to_try_it(mail_to, post_office):
    office = await post_office()

    await mail_to(office.port).deliver(a_notice(reason="EncounteredQuarantineException"))

    text = text_of(office.letters[0][0])
    assert "entrasim logs --job engagedly --status failure\n      what failed" in text
    assert "entrasim sync --job engagedly\n      try now; a good cycle ends the quarantine" in text
    assert "ForceDeletes" not in text


async def test_letter_is_one_that_robots_leave_alone_and_mailboxes_know_again(mail_to, post_office):
    office = await post_office()
    mail, notice = mail_to(office.port), a_notice()

    await mail.deliver(notice)
    await mail.deliver(a_notice(cycle_id="c2"))

    (first, _), (second, _) = office.letters
    assert first["From"] == "entrasim <idm@contoso.com>"
    assert first["To"] == "it@contoso.com, hr@contoso.com"
    assert first["Date"] == "Wed, 25 Nov 2026 12:20:00 +0000"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"] == second["Message-ID"] == f"<{notice.id}@contoso.com>"


async def test_letter_about_a_disabled_job_says_that_nothing_comes_by_itself(mail_to, post_office):
    office = await post_office()

    await mail_to(office.port).deliver(
        a_notice(kind=NoticeKind.JOB_DISABLED, next_attempt_at=None, cycle_id=None)
    )

    text = text_of(office.letters[0][0])
    assert "Next attempt  none by itself" in text
    assert "entrasim job restart --job engagedly" in text
    assert "Cycle" not in text
    assert "entrasim sync" not in text


async def test_words_from_outside_add_no_header_and_no_recipient(mail_to, post_office):
    office = await post_office()
    evil = "Zoë\r\nBcc: evil@contoso.com\r\n\r\n.\r\nRCPT TO:<evil@contoso.com>"

    await mail_to(office.port).deliver(a_notice(reason=evil, message=evil))

    [(letter, recipients)] = office.letters
    assert recipients == ["it@contoso.com", "hr@contoso.com"]
    assert letter["Bcc"] is None
    assert "Zoë Bcc: evil@contoso.com" in letter["Subject"]
    assert "\n.\nRCPT TO:<evil@contoso.com>" in text_of(letter)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_letter_and_password_go_through_tls(mail_to, post_office, server_tls, security):
    office = await post_office(tls=server_tls, from_the_start=security == "tls", credentials=KNOWN)

    error = await failure_of(mail_to(office.port, security=security, credentials=KNOWN))

    assert error is None
    assert office.secured == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_server_with_an_unknown_certificate_gets_nothing(
    mail_to, post_office, server_tls, security
):
    office = await post_office(tls=server_tls, from_the_start=security == "tls")

    error = await failure_of(mail_to(office.port, security=security, trusting=False))

    assert "certificate" in str(error)
    assert office.letters == []


async def test_server_without_starttls_gets_neither_letter_nor_password(mail_to, post_office):
    office = await post_office(credentials=KNOWN)

    error = await failure_of(mail_to(office.port, security="starttls", credentials=KNOWN))

    assert "STARTTLS" in str(error)
    assert office.letters == []


async def test_server_that_speaks_no_tls_is_a_failure(mail_to, post_office):
    office = await post_office()

    error = await failure_of(mail_to(office.port, security="tls"))

    assert str(error).startswith(f"mail: 127.0.0.1:{office.port}: ")


async def test_wrong_password_is_told_without_what_the_server_repeats(mail_to, post_office):
    office = await post_office(credentials=KNOWN)

    error = await failure_of(mail_to(office.port, credentials=("provisioning", "wr0ng")))

    told = "".join(traceback.format_exception(error)) + repr(error)
    assert str(error) == f"mail: 127.0.0.1:{office.port}: refused username or password (535)"
    assert "wr0ng" not in told


async def test_recipients_who_are_all_refused_are_named_with_the_reason(mail_to, post_office):
    office = await post_office(refused=("it@contoso.com", "hr@contoso.com"))

    error = await failure_of(mail_to(office.port))

    assert "refused it@contoso.com (550 5.1.1 no such user), hr@contoso.com" in str(error)
    assert error.told == frozenset()


async def test_one_refused_recipient_is_told_and_the_others_are_not_mailed_again(
    mail_to, post_office
):
    office = await post_office(refused=("hr@contoso.com",))

    error = await failure_of(mail_to(office.port))

    assert [recipients for _, recipients in office.letters] == [["it@contoso.com"]]
    assert "refused hr@contoso.com (550 5.1.1 no such user)" in str(error)
    assert error.told == {"mail"}


async def test_server_that_is_gone_is_a_failure(mail_to):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, but nobody listens
        port = held.getsockname()[1]

        error = await failure_of(mail_to(port))

    assert str(error) == f"mail: 127.0.0.1:{port}: connection refused"


@pytest.mark.parametrize("host", ["nobody.invalid", "a..b", "a" * 100])
async def test_host_that_cannot_be_found_is_a_failure(mail_to, host):
    error = await failure_of(mail_to(25, host=host))

    assert str(error).startswith(f"mail: {host}:25: ")


async def test_server_that_hangs_up_is_a_failure(mail_to, serve):
    async def hang_up(_reader, writer):
        writer.write(b"220 hello\r\n")
        await writer.drain()

    error = await failure_of(mail_to(await serve(hang_up)))

    assert "mail: 127.0.0.1" in str(error)


async def test_server_that_never_greets_is_given_up(mail_to, serve):
    error = await failure_of(mail_to(await serve(hang), seconds=0.4))

    assert str(error).endswith("no answer in time")


async def test_server_that_answers_each_command_late_is_bounded_as_a_whole(mail_to, serve):
    commands = []

    async def dawdle(reader, writer):
        writer.write(b"220 hello\r\n")
        while line := await reader.readline():
            commands.append(line)
            if len(commands) > 2:
                await reader.read()  # it goes on waiting, for a QUIT too
            writer.write(b"250 slowly\r\n")
            await writer.drain()

    error = await failure_of(mail_to(await serve(dawdle), seconds=0.4))

    assert str(error).endswith("no answer in time")
    assert len(commands) == 3


async def test_letter_that_was_taken_counts_though_nobody_says_goodbye(mail_to, serve):
    async def abrupt(reader, writer):
        writer.write(b"220 hello\r\n")
        while line := await reader.readline():
            if line == b"DATA\r\n":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 taken\r\n")
                await writer.drain()
                return
            writer.write(b"250 yes\r\n")

    assert await failure_of(mail_to(await serve(abrupt))) is None
