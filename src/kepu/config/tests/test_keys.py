"""The keys of a site: made once, and completed when a newer version needs one more."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

from kepu.config.keys import keyring
from kepu.kit.crypto import Keyring

NAMES = [field.name for field in fields(Keyring)]


def test_keys_are_made_once(tmp_path):
    first = keyring(tmp_path)
    assert keyring(tmp_path) == first
    assert len({getattr(first, name) for name in NAMES}) == len(NAMES)
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_a_site_without_the_newest_key_gets_it_and_keeps_the_others(tmp_path):
    old = keyring(tmp_path)
    path = tmp_path / "keys.json"
    stored = json.loads(path.read_text())
    del stored["credential"]
    path.write_text(json.dumps(stored))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: keyring(tmp_path), range(8)))
    assert len({each.credential for each in found}) == 1
    assert found[0].credential != old.credential
    assert {name: getattr(found[0], name) for name in NAMES if name != "credential"} == {
        name: getattr(old, name) for name in NAMES if name != "credential"
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["keys.json"]
