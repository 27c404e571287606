"""Decodes payloads for Temporal's own web UI on this machine: the UI asks, its user's browser shows."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.converter import PayloadCodec


def codec_router(codec: PayloadCodec, ui: str) -> APIRouter:
    """`/codec/decode` as Temporal's UI expects it, for pages of the UI's own origin only."""
    router = APIRouter(include_in_schema=False)
    allowed = {ui, ui.replace("127.0.0.1", "localhost")}

    def answer(request: Request, content: bytes = b"", status: int = 200) -> Response:
        origin = request.headers.get("origin", "")
        if origin not in allowed:
            return Response(status_code=403)
        headers = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Headers": "content-type,x-namespace",
            "Access-Control-Allow-Methods": "POST",
            "Vary": "Origin",
        }
        return Response(content, status, headers, "application/json")

    @router.options("/codec/decode")
    async def preflight(request: Request) -> Response:
        return answer(request, status=204)

    @router.post("/codec/decode")
    async def decode(request: Request) -> Response:
        return answer(request, _json(await codec.decode(await _payloads(request))))

    return router


async def _payloads(request: Request) -> Sequence[Payload]:
    return json_format.Parse(await request.body(), Payloads()).payloads


def _json(payloads: Sequence[Payload]) -> bytes:
    return json_format.MessageToJson(Payloads(payloads=payloads)).encode()
