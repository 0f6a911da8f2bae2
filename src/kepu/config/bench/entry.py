"""The site with two more addresses: a no-op that parses the same body, and the plain view."""

import gc
import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kepu.config.settings")
django.setup(set_prefix=False)
settings.ROOT_URLCONF = "kepu.config.bench.plain"

from kepu.config.entry import Site  # noqa: E402  (the address list must be chosen first)
from kepu.intake.answers import Answer, send_answer  # noqa: E402
from kepu.intake.app import Receive, Scope, Send, headers_of, read_body  # noqa: E402
from kepu.intake.rules import decode_report  # noqa: E402
from kepu.ledger import process  # noqa: E402
from kepu.ledger.writes import commit_batch  # noqa: E402

NOTHING = Answer(
    201, b'{"book":430623,"seq":1000,"points":1,"volume":1,"reason":"credited","left_today":299}'
)


class Bench(Site):
    """The site, and the floor beside it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As the site, but /bench/noop parses the body and records nothing."""
        if scope.get("path") == "/bench/noop":
            decode_report(await read_body(headers_of(scope), receive) or b"{}")
            await send_answer(send, NOTHING)
        else:
            await super().__call__(scope, receive, send)


gc.freeze()
application = Bench(process.begin(commit_batch))
