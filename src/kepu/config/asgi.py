"""What the server loads: the site, ready to answer, and the ledger's process beside it."""

import gc
import os

import django

gc.disable()  # loading makes hardly a cycle, and looking for them takes a tenth of its time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kepu.config.settings")
django.setup(set_prefix=False)

from kepu.config.entry import Site  # noqa: E402  (Django must be ready first)
from kepu.ledger import process  # noqa: E402
from kepu.ledger.writes import commit_batch  # noqa: E402

gc.freeze()  # what is loaded stays: no later look goes through it again, and both processes share it
gc.enable()
application = Site(process.begin(commit_batch))
