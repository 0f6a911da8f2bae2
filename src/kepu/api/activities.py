"""The description of the two addresses that the hot path (room `intake`) answers before Django."""

from typing import Any

_PROBLEM = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["error", "message"],
            "properties": {
                "error": {"type": "string"},
                "message": {"type": "string"},
                "detail": {"type": "string"},
            },
        }
    }
}
_RECEIPT = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["book", "seq", "points", "volume", "reason", "left_today"],
            "properties": {
                "book": {"type": "integer"},
                "seq": {"type": "integer"},
                "points": {"type": "integer"},
                "volume": {"type": "integer"},
                "reason": {"type": "string"},
                "left_today": {"type": ["integer", "null"]},
                "link": {"type": "string", "description": "the personal link, for a share"},
            },
        }
    }
}


def _no(what: str) -> dict[str, Any]:
    return {"description": what, "content": _PROBLEM}


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


ACTIVITIES: dict[str, Any] = {
    "/v1/activities": {
        "post": {
            "operationId": "record_activity",
            "summary": "Record what I did",
            "description": "Durable before it is answered. `event_id` makes retries free.",
            "tags": ["activities"],
            "security": [{"Bearer": []}],
            "requestBody": _body(
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["event_id", "kind"],
                    "properties": {
                        "event_id": {"type": "string", "format": "uuid"},
                        "kind": {
                            "type": "string",
                            "enum": ["share", "check_in", "browse"],
                            "description": "browse: `event_id` and `stamp` as the article was given",
                        },
                        "article": {"type": "integer", "description": "needed for share and browse"},
                        "channel": {
                            "type": "string",
                            "enum": ["page", "copy_link", "system", "wechat", "poster", "offline"],
                        },
                        "parent": {"type": "string", "description": "token of the link I came by"},
                        "stamp": {"type": "string", "description": "for browse: as the article was given"},
                    },
                }
            ),
            "responses": {
                "201": {"description": "Recorded; `reason` says what it earned and why", "content": _RECEIPT},
                "200": {"description": "Recorded before; the first receipt", "content": _RECEIPT},
                "400": _no("Not filled in correctly; `forged_stamp`: another account's or article's"),
                "401": _no("No session"),
                "403": _no(
                    "`other_account`: the header Kepu-Account names another account than the session's;"
                    " `switched_off`: the site or the campaign does without check-ins"
                ),
                "404": _no("No such article"),
                "409": _no(
                    "`conflict`: the same event_id with other content; `too_soon`: the article was not open"
                    " for `seconds` yet, send it again later"
                ),
                "410": _no("The article was opened more than six hours ago"),
                "413": _no("Larger than any activity"),
                "415": _no("Not JSON"),
                "503": _no("Too many at once; see Retry-After"),
            },
        }
    },
    "/v1/reads": {
        "post": {
            "operationId": "record_read",
            "summary": "A reader stayed long enough on a shared page",
            "tags": ["activities"],
            "requestBody": _body(
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["stamp"],
                    "properties": {"stamp": {"type": "string"}},
                }
            ),
            "responses": {
                "201": {"description": "Counted"},
                "200": {"description": "Not counted: the sharer, a robot, or known already"},
                "400": _no("Not a stamp of this site"),
                "409": _no("Not open long enough yet"),
                "410": _no("Opened too long ago"),
                "503": _no("Too many at once; see Retry-After"),
            },
        }
    },
}
