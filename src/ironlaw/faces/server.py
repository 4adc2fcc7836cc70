"""The lab's server: the page, and one WebSocket on which it speaks the protocol of docs/protocol.md."""

from __future__ import annotations

import re
import time
import uuid
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocketDisconnect

from ironlaw.base.errors import ModelError
from ironlaw.faces.store import Store, StoreError
from ironlaw.faces.uploads import Shelf, take_trace
from ironlaw.lab.ledger import Ledger
from ironlaw.lab.messages import Message
from ironlaw.lab.mission import handle
from ironlaw.lab.progress import State, opened
from ironlaw.lab.view import view

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send
    from starlette.types import Message as AsgiMessage
    from starlette.websockets import WebSocket

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
LONGEST_MESSAGE = 64 * 1024  # bytes
_BAD_ORIGIN = 4403
_OPENING = ("hello", "restart")  # messages that take another ledger up and write nothing
_KEPT = "It is kept as it is; a new one was started."
_LEDGER_ID = re.compile(r"[0-9a-f]{32}")

_decoder = msgspec.json.Decoder(Message)
_encoder = msgspec.json.Encoder()


class Session:
    """One open page: its state, and the messages that change it."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf
        self._state = self._fresh()

    def answer(self, text: str) -> bytes:
        """The answer to a message, its events committed before it is sent.

        Args:
            text: A message as JSON.
        """
        try:
            message = _decoder.decode(text)
        except (msgspec.MsgspecError, RecursionError) as error:
            return _refusal(0, "message", f"not a message of the protocol: {error}")
        try:
            state, shown = handle(self._before(message), message, time.time())
            if message.type not in _OPENING:
                self._commit(state)
        except ModelError as error:
            return _refusal(message.id, error.field, str(error))
        self._state = state
        return _encoder.encode({"id": message.id, "type": "view", "view": shown})

    def _before(self, message: Message) -> State:
        """The state that a message speaks to: another ledger's, where it opens or starts one."""
        if message.type == "hello":
            return self._opened(message.ledger)
        return self._fresh() if message.type == "restart" else self._state

    def _commit(self, state: State) -> None:
        """Write the events that are new, before anyone is told of them."""
        known = len(self._state.ledger.events)
        if len(state.ledger.events) > known:
            self._store.save(state.ledger, known)

    def _opened(self, ledger: str | None) -> State:
        notice = self._store.notice
        if ledger is None or not _LEDGER_ID.fullmatch(ledger):
            return self._fresh(notice)
        try:
            state = opened(self._store.load(ledger), notice, self._shelf.recordings)
            view(state)
        except StoreError as error:
            return self._fresh(f"{error}. {_KEPT}")
        except (
            ModelError,
            KeyError,
            TypeError,
            ValueError,
        ):  # sealed well, but by another version of the lab
            return self._fresh(f"Ledger {ledger[:8]} is of another version of the lab. {_KEPT}")
        return state

    def _fresh(self, notice: str | None = None) -> State:
        return opened(Ledger(uuid.uuid4().hex), notice, self._shelf.recordings)


def _refusal(number: int, field: str, message: str) -> bytes:
    return _encoder.encode({"id": number, "type": "error", "field": field, "message": message})


class PolicyHeaders:
    """Says with every answer that the page may ask nobody else for anything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with the headers on its answer."""

        async def with_headers(message: AsgiMessage) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", []),
                    (b"content-security-policy", POLICY.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                    (b"cache-control", b"no-cache"),
                ]
            await send(message)

        await self._app(scope, receive, with_headers)


async def _talk(socket: WebSocket) -> None:
    """One page's conversation: a message in, an answer out."""
    origin = socket.headers.get("origin")
    if origin is not None and origin.split("://")[-1] != socket.headers.get("host"):
        await socket.close(_BAD_ORIGIN, "another site may not speak for this page")
        return
    await socket.accept()
    session = Session(socket.app.state.store, socket.app.state.shelf)
    try:
        while True:
            received = await socket.receive()
            if received["type"] == "websocket.disconnect":
                return
            answer = _answered(session, received.get("text"))
            await socket.send_text(answer.decode())
    except WebSocketDisconnect:
        return


def _answered(session: Session, text: str | None) -> bytes:
    if text is None:
        return _refusal(0, "message", "not a text frame")
    if len(text.encode()) > LONGEST_MESSAGE:
        return _refusal(0, "message", f"longer than {LONGEST_MESSAGE} bytes")
    return session.answer(text)


async def _health(_: Request) -> Response:
    return PlainTextResponse("ok")


def application(folder: Path, hosts: list[str] | None = None) -> Starlette:
    """The lab as an ASGI application.

    Args:
        folder: Where the ledgers are kept.
        hosts: Host names under which the lab may be asked for; any if None.

    Raises:
        StoreError: if the ledgers cannot be kept there.
    """
    store = Store(folder)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        app.state.store, app.state.shelf = store, Shelf()
        try:
            yield
        finally:
            app.state.shelf.close()
            store.close()

    static = Path(__file__).with_name("static")
    middleware = [Middleware(PolicyHeaders)]
    if hosts is not None:
        middleware.append(Middleware(TrustedHostMiddleware, allowed_hosts=hosts))
    return Starlette(
        routes=[
            WebSocketRoute("/ws", _talk),
            Route("/health", _health),
            Route("/trace", take_trace, methods=["POST"]),
            Mount("/", StaticFiles(directory=str(static), html=True)),
        ],
        middleware=middleware,
        lifespan=lifespan,
    )
