"""Ask Graph through the SDK's own adapter: it signs in and sends, the patience is ours.

The SDK's models are left alone: they read 300 users a second, and lose what is null.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import quote

from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from kiota_abstractions.method import Method
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from kiota_http.middleware.options import (
    RedirectHandlerOption,
    ResponseHandlerOption,
    RetryHandlerOption,
)
from msgraph import GraphRequestAdapter
from msgraph_core import GraphClientFactory

from entrasim.directory.graph.credentials import credential_of
from entrasim.directory.graph.diagnosing import no_sign_in, refusal, refused_sign_in
from entrasim.directory.graph.pages import UNREADABLE, Page, read_page
from entrasim.directory.graph.source import GraphSource
from entrasim.errors import SourceError, StoppedError
from entrasim.fan_out import STOPPED
from entrasim.transport import (
    Answer,
    Loan,
    NoAnswerError,
    Patience,
    TransportError,
    UntrustedServerError,
    answer_of,
    lend,
)

TIMEOUT = timedelta(seconds=100)
PAGE_SIZE = 999  # what Graph gives at most
MOST_PAGES = 100_000  # of one collection; a directory of millions has a tenth of them
_IN_VAIN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, *range(500, 600)})


class GraphClient:
    """Reads from one Graph, page by page; a page that fails is asked for again, not those before.

    Links that lead elsewhere are not followed, since the token would go with them.
    """

    def __init__(
        self,
        source: GraphSource,
        adapter: GraphRequestAdapter,
        opened: Sequence[Loan | AsyncTokenCredential],
        *,
        patience: Patience,
        stopping: Callable[[], bool],
    ) -> None:
        self.source, self._adapter, self._opened = source, adapter, opened
        self._patience, self._stopping = patience, stopping

    @classmethod
    def connect(
        cls, source: GraphSource, *, patience: Patience, stopping: Callable[[], bool]
    ) -> Self:
        """A client on real connections; nothing is sent yet.

        Raises:
            ConfigurationError: certificate, CA file or credential can't be used.
        """
        credential = credential_of(source)
        loan = lend(timeout=TIMEOUT, ca_file=source.ca_file)
        options: dict[str, Any] = {
            RetryHandlerOption.get_key(): RetryHandlerOption(max_retries=0),
            RedirectHandlerOption.get_key(): RedirectHandlerOption(should_redirect=False),
        }
        http = GraphClientFactory.create_with_default_middleware(
            client=loan.client, options=options
        )
        signing = AzureIdentityAuthenticationProvider(
            credential, scopes=[source.scope], allowed_hosts=[source.address.hostname or ""]
        )
        adapter = GraphRequestAdapter(signing, client=http)
        adapter.base_url = source.base_url
        opened = (loan, credential)
        return cls(source, adapter, opened, patience=patience, stopping=stopping)

    def url(self, path: str, **query: str) -> str:
        """The URL of a path, with query options whose names go without their dollar."""
        told = "&".join(f"${name}={quote(value, safe=',()$=')}" for name, value in query.items())
        return f"{self.source.base_url}{path}{'?' * bool(told)}{told}"

    def check_ours(self, link: str) -> None:
        """See that a link leads to this very Graph, before it is followed or kept for later.

        Raises:
            SourceError: it doesn't.
        """
        if not self.source.is_ours(link):
            raise SourceError(
                f"Graph at {self.source.base_url} gave a link to another host, which was not "
                "followed, since it would have got the token; nothing was written"
            )

    async def get(self, url: str, *prefer: str) -> bytes:
        """What is there, as Graph wrote it.

        Raises:
            StateLostError, AbsentError, SourceError: Graph refuses, or can't be reached.
            StoppedError: somebody asked to stop while it waited.
        """
        self.check_ours(url)
        try:
            answer = await self._patience.send("GET", partial(self._once, url, prefer))
        except TransportError as error:
            raise self._unreached(error) from None
        if answer.status != HTTPStatus.OK:
            raise refusal(answer, url, self.source)
        return answer.content

    def _unreached(self, error: TransportError) -> SourceError:
        times = f" after {error.times} tries" * (error.times > 1)
        text = f"Graph at {self.source.base_url} can't be reached{times}: {error}"
        if isinstance(error, UntrustedServerError):
            text += f"; name the file of its CA as {self.source.place}.ca_file"
        elif self.source.base_url.startswith("http:"):
            text += f"; is it there, or does {self.source.place}.base_url want https?"
        return SourceError(f"{text}; nothing was written")

    async def pages(self, url: str, *prefer: str) -> AsyncIterator[Page]:
        """The pages of a collection, one at a time.

        Raises:
            SourceError: as `get` does; or what came is no page, or leads in a circle.
        """
        link: str | None = url
        followed: set[int] = set()
        while link is not None:
            if self._stopping():
                raise StoppedError(STOPPED)
            if hash(link) in followed:
                raise SourceError("Graph's pages lead in a circle; nothing was written")
            if len(followed) == MOST_PAGES:
                raise SourceError(f"Graph gave more than {MOST_PAGES:,} pages; nothing was written")
            followed.add(hash(link))
            page = self._page(await self.get(link, *prefer))
            yield page
            link = page.next_link

    async def close(self) -> None:
        """Let go of connections."""
        for opened in self._opened:
            await opened.close()

    def _page(self, content: bytes) -> Page:
        try:
            return read_page(content)
        except UNREADABLE as error:
            raise SourceError(f"what Graph answered is no page of objects: {error}") from None

    async def _once(self, url: str, prefer: tuple[str, ...]) -> Answer:
        request = RequestInformation(Method.GET)
        request.url = url
        request.headers.add("Accept", "application/json")
        if prefer:
            request.headers.add("Prefer", ", ".join(prefer))
        request.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
        try:
            return await answer_of(self._adapter.send_primitive_async(request, "bytes", {}))
        except ClientAuthenticationError as error:
            refused = self._unsigned(error)
        except AzureError as error:
            refused = no_sign_in(error, self.source)
        raise refused  # out here it carries no context, which would hold the secret

    def _unsigned(self, error: ClientAuthenticationError) -> Exception:
        """Why there is no token: for a reason that passes, or one to set right."""
        status = getattr(error.response, "status_code", None)
        if status in _IN_VAIN:
            return NoAnswerError(f"signing in was answered {status}")
        return refused_sign_in(str(error.message), self.source)
