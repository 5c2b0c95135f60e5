"""`serve`: API, pulling and delivery in one process, ended by SIGTERM within seconds.

The server's own signal handling would end the process by the signal; ours lets it end by itself, with exit code 0.
"""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Final

import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from gateway.api.app import create_app
from gateway.delivery.worker import Worker
from gateway.errors import UsedWrongly
from gateway.gateway import Gateway
from gateway.pulling import keep_pulling
from gateway.store.database import Database
from gateway.store.search_index import catch_up

log = logging.getLogger(__name__)

GRACE: Final = 5
"""Seconds that running requests have to end, and after them pulling and delivery: together well below 20."""

PAUSE: Final = 3.0
"""Seconds before delivery begins anew after a defect, and between two looks for what the search index lacks."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(gateway: Gateway, host: str, port: int) -> None:
    """Runs until SIGTERM or SIGINT. UsedWrongly when the address can't be had, Occupied when another serve runs."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.INFO)
    for noisy in ("alembic", "httpx", "uvicorn"):  # httpx: a line per request, with its URL
        logging.getLogger(noisy).setLevel(logging.WARNING)
    gateway.database.acquire_single_writer()
    for state in gateway.adapters.states():
        if not state.up:
            log.warning("adapter %s is down: %s", state.id, state.words)
    for name, _, words in gateway.adapters.targets():
        if words:
            log.warning("target %s is down, what is owed to it waits: %s", name, words)
    with _listening(host, port) as listener:
        where = f"http://{host if ':' not in host else f'[{host}]'}:{listener.getsockname()[1]}"
        asyncio.run(_run(gateway, listener, where))


async def _run(gateway: Gateway, listener: socket.socket, where: str) -> None:
    server = _Server(
        uvicorn.Config(
            create_app(gateway.database, gateway.settings, lifespan=lambda app: _background(app, gateway)),
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE,
            server_header=False,
        )
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, server)
    log.info("liandan serves at %s", where)
    await server.serve(sockets=[listener])


def _stop(server: uvicorn.Server) -> None:
    server.should_exit = True


@contextlib.asynccontextmanager
async def _background(_app: FastAPI, gateway: Gateway) -> AsyncIterator[None]:
    """Pulling and delivery, beside the API for as long as it serves."""
    worker = gateway.worker(grace=GRACE)
    pulling = asyncio.create_task(keep_pulling(gateway), name="pulling")
    delivery = asyncio.create_task(keep_delivering(worker), name="delivery")
    indexing = asyncio.create_task(keep_indexing(gateway.database), name="indexing")
    tasks = (pulling, delivery, indexing)
    for task in tasks:
        task.add_done_callback(_complain)
    try:
        yield
    finally:
        pulling.cancel()
        indexing.cancel()
        worker.stop()
        _, late = await asyncio.wait(tasks, timeout=GRACE + 2)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=2)


async def keep_delivering(worker: Worker, pause: float = PAUSE) -> None:
    """Delivers until the worker is stopped. What ends a run before (a database that is away, say) is told; after a
    pause the next one takes up what is owed."""
    while True:
        try:
            await worker.run()
        except ExceptionGroup:
            log.exception("delivery has failed and begins anew in %g s", pause)
            await asyncio.sleep(pause)
        else:
            return


async def keep_indexing(database: Database, pause: float = PAUSE) -> None:
    """Takes what is new into the search index, so that no search has to. A database that is away is asked again later."""
    while True:
        try:
            await asyncio.to_thread(catch_up, database)
        except SQLAlchemyError:
            log.exception("the search index hasn't been moved on; again in %g s", pause)
        await asyncio.sleep(pause)


def _complain(task: asyncio.Task[None]) -> None:
    """A background task that ends by an error is a defect: said loudly, while the API goes on."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s has ended", task.get_name(), exc_info=error)


def _listening(host: str, port: int) -> socket.socket:
    # With the protocol named, asyncio switches Nagle off; without, an answer may wait 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise UsedWrongly(
            f"无法监听 {host}:{port}: {error.strerror}", f"can't listen at {host}:{port}: {error.strerror}"
        ) from error
    return listener
