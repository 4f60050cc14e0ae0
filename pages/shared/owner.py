"""Whose work is whose: on a server for many a visitor cancels and removes only what is theirs.

On a server that only its own machine reaches everybody is its owner. Else a visitor is known by the secret that
Streamlit gives each browser to prove where an upload comes from (its XSRF cookie, which stays after a reload), or,
without cookies, by one of the session. What is stored is a hash of it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from typing import Final

import streamlit as st

from recsys.errors import BadRequestError
from recsys.settings import load_settings

COOKIE: Final = "_streamlit_xsrf"
TOKEN: Final = "owner.token"  # of a session whose browser keeps no cookie
HEX: Final = 32  # digits that are kept: 128 bits
NOT_YOURS: Final = "Somebody else started it: they, or who runs the server, can cancel or remove it."


def shared() -> bool:
    """Whether others than who runs the server may be here: by the setting, else by the address it listens at."""
    told = load_settings().shared
    return not is_local(str(st.get_option("server.address") or "")) if told is None else told


def is_local(address: str) -> bool:
    """Whether only programs of the same machine reach a server that listens at that address; "" is every address."""
    if address.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def me() -> str:
    """Who is here, for what is started now: "" where all of it belongs to who runs the server."""
    return hashlib.sha256(b"shelflens " + _secret()).hexdigest()[:HEX] if shared() else ""


def browser() -> str:
    """A name for the browser that is here, on any server: to tell voters apart, under a pseudonym."""
    return hashlib.sha256(b"shelflens browser " + _secret()).hexdigest()[:HEX]


def may(owner: str) -> bool:
    """Whether the person who is here may cancel and remove what belongs to that owner."""
    return not shared() or (owner != "" and secrets.compare_digest(owner, me()))


def must(owner: str) -> None:
    """Raise BadRequestError where they may not: a page that was open before may still show a button."""
    if not may(owner):
        raise BadRequestError("it is not yours to cancel or remove", allowed="what you started", remedy=NOT_YOURS)


def _secret() -> bytes:
    cookie = _unmasked(str(st.context.cookies.get(COOKIE, "")))
    if cookie:
        return cookie
    token: str = st.session_state.setdefault(TOKEN, secrets.token_hex(32))
    return token.encode()


def _unmasked(cookie: str) -> bytes:
    """The secret of a cookie `2|mask|secret under the mask|time`, b"" for anything else: the mask differs each time."""
    try:
        version, mask, masked, _ = cookie.strip("\"'").split("|")
        over, under = bytes.fromhex(mask), bytes.fromhex(masked)
    except ValueError:
        return b""
    if version != "2" or len(over) != 4 or len(under) < 16:
        return b""
    return bytes(each ^ over[place % 4] for place, each in enumerate(under))
