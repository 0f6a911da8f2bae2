"""What a report from a phone must look like, as values. No Django."""

import uuid
from typing import Annotated, Literal

import msgspec

from kepu.campaigns.rules import Kind
from kepu.ledger.rules import Channel

BODY_MAX = 4096


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of POST /v1/activities.

    `parent` is the link by which the person came to the article; `stamp`: for browse, what its page was
    served with.
    """

    event_id: uuid.UUID
    kind: Literal["share", "check_in", "browse"]
    article: Annotated[int, msgspec.Meta(ge=1, le=2**53)] | None = None
    channel: Literal["page", "copy_link", "system", "wechat", "poster", "offline"] = "page"
    parent: Annotated[str, msgspec.Meta(max_length=120)] = ""
    stamp: Annotated[str, msgspec.Meta(max_length=120)] = ""


class Beacon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of POST /v1/reads: the stamp the shared page was served with."""

    stamp: Annotated[str, msgspec.Meta(max_length=200)]


REPORTED_KINDS = {"share": Kind.SHARE, "check_in": Kind.CHECK_IN, "browse": Kind.BROWSE}
CHANNELS = {
    "page": Channel.PAGE,
    "copy_link": Channel.COPY_LINK,
    "system": Channel.SYSTEM,
    "wechat": Channel.WECHAT,
    "poster": Channel.POSTER,
    "offline": Channel.OFFLINE,
}
NEEDS_ARTICLE = frozenset({"share", "browse"})

decode_report = msgspec.json.Decoder(Report).decode
decode_beacon = msgspec.json.Decoder(Beacon).decode
