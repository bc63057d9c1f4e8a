"""/store?graph=… and /store?default, read in the event loop: an export may wait long for its turn.

What is refused, leads elsewhere or is not there goes to Flask, which decides by the same code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from server.gateway.sending import Told, send_body, send_problem
from server.gateway.wire import Receive, Scope, Send, Watch, head
from server.graphs import DESCRIBED, Wanted, wanted
from server.limits import Limits
from server.problems import Problem
from server.responses import STANDING
from server.site import Site
from server.sparql.request import parameters


@dataclass(frozen=True, slots=True)
class GraphStore:
    """Answers what it can; the rest is Flask's."""

    site: Site
    limits: Limits

    def takes(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Wanted | None:
        """Return what is to be answered here; None for what is Flask's."""
        accept = headers.get(b"accept", b"").decode("latin-1")
        if scope["method"] not in ("GET", "HEAD") or "html" in accept.lower():
            return None
        try:
            pairs = parameters(scope["query_string"], "the query string")
            asked = {name: [v for n, v in pairs if n == name] for name, _ in pairs}
            graphs, default = asked.get("graph", []), "default" in asked
            if len(graphs) + default != 1:
                return None
            format = asked.get("format", [""])[0]
            return wanted(self.site, graphs[0] if graphs else None, accept, format)
        except Problem:
            return None

    async def answer(
        self,
        asked: Wanted,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        client: str,
        receive: Receive,
        send: Send,
    ) -> Told | None:
        """Answer with a graph; None when there is none of that name.

        Raises:
            Broken: the answer stops short; the connection must break.
            Dropped: the client is too slow.
        """
        service = self.site.service
        with Watch(receive):
            try:
                if asked.exists is not None:
                    found = await service.reply(asked.exists, "", client=client)
                    if not json.loads(found.content)["boolean"]:
                        return None
                body = await service.reply(
                    asked.job,
                    asked.media.content_type,
                    client=client,
                    unless=headers.get(b"if-none-match", b"").decode("latin-1"),
                    encodings=headers.get(b"accept-encoding", b"").decode("latin-1"),
                )
            except Problem as problem:
                return await send_problem(problem, scope, send)
            try:
                start = head(body.status, {**body.headers, **STANDING, "Link": DESCRIBED})
                seconds = self.limits.send_seconds
                sent = await send_body(body, start, scope, send, seconds=seconds)
                return Told(body.status, sent, release=body.headers["X-Release"])
            finally:
                body.drop()
