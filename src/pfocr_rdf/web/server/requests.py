"""What a form or a program sends: the parameters of an address and of a body, within limits."""

from __future__ import annotations

from email.message import Message
from typing import Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

FORM: Final = "application/x-www-form-urlencoded"


def check_address(request: Request, most: int) -> None:
    """Raise HTTPException for an address that is too long."""
    if len(request.scope["query_string"]) > most:
        raise HTTPException(
            414, f"The address has more than {most:,} bytes, the most this server takes."
        )


async def read_body(request: Request, most: int) -> bytes:
    """Return the body of a request.

    Raises:
        HTTPException: It has too many bytes, or was cut short.
    """
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise HTTPException(
                    413,
                    f"The request has more than {most:,} bytes, the most this server takes.",
                    {"connection": "close"},  # what is still to come is not worth reading
                )
    except ClientDisconnect as error:
        raise HTTPException(400, "The request was cut short.") from error
    return bytes(body)


def media_type_of(request: Request) -> str:
    """Return the media type of a body, as a MIME message tells it."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "Compressed requests are not taken.")
    header = Message()  # it knows how such a header is written
    header["content-type"] = request.headers.get("content-type", "")
    return header.get_content_type()


def parameters_of(encoded: bytes, most: int) -> list[tuple[str, str]]:
    """Return the parameters of an address or a form, in their order.

    Raises:
        HTTPException: There are too many, or they are not in UTF-8.
    """
    try:
        return parse_qsl(
            encoded.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=most
        )
    except UnicodeDecodeError as error:
        raise HTTPException(400, f"The parameters are not in UTF-8: {error.reason}.") from error
    except ValueError as error:
        raise HTTPException(400, f"There are more than {most} parameters.") from error


async def read_form(request: Request, most_bytes: int, most: int) -> list[tuple[str, str]]:
    """Return what a form sends, by its address or its body.

    Args:
        request: By GET or POST.
        most_bytes: That its address, or its body, may have.
        most: How many parameters there may be.

    Raises:
        HTTPException: It is too much, no form, or not in UTF-8.
    """
    check_address(request, most_bytes)
    parameters = parameters_of(request.scope["query_string"], most)
    if request.method == "POST":
        if media_type_of(request) != FORM:
            raise HTTPException(415, f"The Content-Type of a POST must be {FORM}.")
        parameters += parameters_of(await read_body(request, most_bytes), most)
    return parameters
