"""The connection to Weaviate: every call has our own deadline, and goes to the next server when one is away.

The client alone hangs for a minute when its server is gone, stays with one server, and is slow to find it again.
"""

import asyncio
import atexit
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import SecretStr

from core.errors import StoreError
from core.log import log
from core.store.weaviate.address import Address
from core.store.weaviate.errors import away, is_away, store_error

if TYPE_CHECKING:
    from weaviate import WeaviateAsyncClient

PROBE_SECONDS = 0.3  # between two looks at a server that is away
PROBE_TIMEOUT = 2.0
PATIENCE_SECONDS = 1.0  # how long a call waits for a server known to be away: those after it need not wait at all
REST_SECONDS = 60.0  # a server of a cluster that came back misses what was written meanwhile; repair took 20-45 s
BELT_SECONDS = 0.5
# Without these the same client needs 4-15 s to find a server that came back; with them 0.9 s (measured).
CHANNEL = (
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
    ("grpc.use_local_subchannel_pool", 1),
)

T = TypeVar("T")
Work = Callable[["WeaviateAsyncClient"], Awaitable[T]]


_loading = threading.Lock()


def load_client() -> None:
    """Import the client whole, one thread at a time: two that import it at once fail in its circular imports."""
    with _loading:
        import weaviate
        import weaviate.classes  # noqa: F401


class _Node:
    """One server: its client once connected, and whether it is up. Touched by the loop's thread only."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.client: WeaviateAsyncClient | None = None
        self.connecting = asyncio.Lock()
        self.up = asyncio.Event()
        self.up.set()
        self.since: datetime | None = None
        self.rest_until = 0.0
        self.probing: asyncio.Task[None] | None = None


class Nodes:
    """Servers of one Weaviate, tried in the order given. Opens nothing before its first call; thread-safe.

    ``quiet`` writes no line to the log when one is away: whoever only looks will say it.
    """

    def __init__(self, addresses: Sequence[Address], api_key: SecretStr, *, quiet: bool = False) -> None:
        self.addresses = list(addresses)
        self.api_key = api_key
        self._log = _silent if quiet else log
        self._guard = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._nodes: list[_Node] = []

    @property
    def since(self) -> datetime | None:
        """Since when no server answers; None while one does."""
        missing = [node.since for node in self._nodes]
        known = [moment for moment in missing if moment is not None]
        return max(known) if known and len(known) == len(missing) else None

    def run(self, work: Work[T], *, seconds: float) -> T:
        """Do ``work`` with a client of a server that answers, within ``seconds`` in all; raises StoreError.

        A call that ran out of time may still have been carried out: work must be idempotent.
        """
        load_client()
        future = asyncio.run_coroutine_threadsafe(self._run(work, seconds), self._running_loop())
        try:
            return future.result(seconds + BELT_SECONDS)
        except FutureTimeout as error:
            future.cancel()
            raise away() from error

    def close(self) -> None:
        """Close all connections; the next call would open them again."""
        with self._guard:
            loop, self._loop = self._loop, None
        if loop is None:
            return
        atexit.unregister(self.close)
        with suppress(Exception):
            asyncio.run_coroutine_threadsafe(self._close(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._guard:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._nodes = [_Node(address) for address in self.addresses]
                threading.Thread(target=_run_loop, args=(self._loop,), name="weaviate", daemon=True).start()
                atexit.register(self.close)
            return self._loop

    async def _run(self, work: Work[T], seconds: float) -> T:
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        left = await self._candidates(ends)
        while left:
            node = left.pop(0)
            # All the time that is left, shared with those that could be asked instead.
            budget = (ends - loop.time()) / (len(left) + 1)
            try:
                return await asyncio.wait_for(self._on(node, work), max(0.05, budget))
            except (Exception, asyncio.CancelledError) as error:
                if isinstance(error, asyncio.CancelledError) and (task := asyncio.current_task()) and task.cancelling():
                    raise
                if not is_away(error):
                    raise store_error(error) from error
                self._is_away(node)
        raise away()

    async def _candidates(self, ends: float) -> list[_Node]:
        """Return the servers worth asking, best first; waits a moment for one to be back where none is."""
        loop = asyncio.get_running_loop()
        if not any(node.up.is_set() for node in self._nodes):
            waits = [asyncio.ensure_future(node.up.wait()) for node in self._nodes]
            patience = min(PATIENCE_SECONDS, ends - loop.time())
            _, pending = await asyncio.wait(waits, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            for wait in pending:
                wait.cancel()
        up = [node for node in self._nodes if node.up.is_set()]
        return sorted(up, key=lambda node: node.rest_until > loop.time())

    async def _on(self, node: _Node, work: Work[T]) -> T:
        return await work(await self._connected(node))

    async def _connected(self, node: _Node) -> "WeaviateAsyncClient":
        """Return the server's client. It is asked for a sign of life by gRPC first: a dead port looks connected."""
        async with node.connecting:
            if node.client is None:
                client = _client(node.address, self.api_key)
                try:
                    await client.connect()
                    if not await client.is_live():
                        raise away()
                except BaseException:
                    with suppress(Exception):
                        await client.close()
                    raise
                node.client = client
            return node.client

    def _is_away(self, node: _Node) -> None:
        """Let nobody wait for this server; look in the background until it is back."""
        if not node.up.is_set():
            return
        node.up.clear()
        node.since = datetime.now(UTC)
        self._log("store.away", server=node.address.url)
        node.probing = asyncio.ensure_future(self._probe(node))

    async def _probe(self, node: _Node) -> None:
        while True:
            try:
                if await asyncio.wait_for(self._alive(node), PROBE_TIMEOUT):
                    break
            except (Exception, asyncio.CancelledError) as error:
                if isinstance(error, asyncio.CancelledError) and (task := asyncio.current_task()) and task.cancelling():
                    raise
                if not is_away(error):
                    break  # it answers, if only to refuse: the next call says why
            await asyncio.sleep(PROBE_SECONDS)
        if len(self._nodes) > 1:
            node.rest_until = asyncio.get_running_loop().time() + REST_SECONDS
        node.since = None
        node.up.set()
        self._log("store.back", server=node.address.url)

    async def _alive(self, node: _Node) -> bool:
        import httpx

        async with httpx.AsyncClient(trust_env=False) as web:
            answer = await web.get(f"{node.address.url}/v1/.well-known/ready")
        return answer.status_code == 200 and await (await self._connected(node)).is_live()

    async def _close(self) -> None:
        for node in self._nodes:
            if node.probing is not None:
                node.probing.cancel()
            if node.client is not None:
                with suppress(Exception):
                    await node.client.close()
                node.client = None


def _silent(_event: str, **_facts: object) -> None:
    """Write nothing."""


def _but_for_the_poller(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say what went wrong in the loop, but for what gRPC says for nothing where a process has two loops.

    Its poller wakes all loops and lets one read: https://github.com/grpc/grpc/issues/25364.
    """
    if not isinstance(context.get("exception"), BlockingIOError):
        loop.default_exception_handler(context)


def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(_but_for_the_poller)
    try:
        loop.run_forever()
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def _client(address: Address, key: SecretStr) -> "WeaviateAsyncClient":
    # On a failed insert the client logs whole objects: documents' texts, which no log may hold.
    logging.getLogger("weaviate-client").setLevel(logging.CRITICAL + 1)
    from weaviate import WeaviateAsyncClient
    from weaviate.classes.init import AdditionalConfig, Auth, Timeout
    from weaviate.config import GrpcConfig
    from weaviate.connect import ConnectionParams

    secret = key.get_secret_value()
    try:
        where = ConnectionParams.from_params(
            http_host=address.host,
            http_port=address.port,
            http_secure=address.secure,
            grpc_host=address.grpc_host,
            grpc_port=address.grpc_port,
            grpc_secure=address.secure,
        )
    except ValueError as error:
        raise StoreError(
            "The Weaviate address cannot be used.",
            "HTTP and gRPC need two ports of their own: check WEAVIATE_URL and WEAVIATE_GRPC.",
            code="weaviate_address",
        ) from error
    return WeaviateAsyncClient(
        where,
        auth_client_secret=Auth.api_key(secret) if secret else None,
        skip_init_checks=True,  # they ask the internet for a newer client; the one that matters is made above
        additional_config=AdditionalConfig(
            timeout=Timeout(init=2, query=30, insert=60), grpc_config=GrpcConfig(channel_options=list(CHANNEL))
        ),
    )
