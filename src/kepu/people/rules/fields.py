"""What people type: numbers, codes, names, and the network they type from."""

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address


def phone_of(text: str) -> str | None:
    """A mainland mobile number as 11 digits, or None.

    Spaces, hyphens and +86 are dropped; full-width digits, as elderly people's keyboards give, count.
    """
    if len(text) > 40:
        return None
    bare = re.sub(r"[\s\-‐–—()]", "", unicodedata.normalize("NFKC", text))
    for prefix in ("+86", "0086", "86"):
        if bare.startswith(prefix) and len(bare) == len(prefix) + 11:
            bare = bare[len(prefix) :]
    return bare if re.fullmatch(r"1[3-9][0-9]{9}", bare) else None


def code_of(text: str) -> str | None:
    """A code as typed (spaces, full-width digits) as six digits, or None."""
    if len(text) > 40:
        return None
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return bare if re.fullmatch(r"[0-9]{6}", bare) else None


def name_of(text: str) -> str | None:
    """A person's name as it will be kept, or None when it cannot be one.

    2–20 Chinese characters with · between the parts of a minority name, or 2–40 Latin letters with
    single spaces. Spaces around and inside a Chinese name are dropped; every kind of middle dot becomes ·.
    """
    if len(text) > 80:
        return None
    bare = re.sub(r"[•‧・･．∙⋅]", "·", " ".join(text.split()))
    chinese = bare.replace(" ", "")
    if re.fullmatch(rf"[{_HAN}]+(?:·[{_HAN}]+)*", chinese) and 2 <= len(chinese) <= 20:
        return chinese
    if re.fullmatch(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?: [A-Za-zÀ-ÖØ-öø-ÿ]+)*", bare) and 2 <= len(bare) <= 40:
        return bare
    return None


def masked_phone(phone: str) -> str:
    """138****1234."""
    return f"{phone[:3]}****{phone[-4:]}"


def masked_name(name: str) -> str:
    """王*明: the first and last characters; 王* for two."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def client_network(remote: str, forwarded: str, proxies: int) -> str:
    """The network a request comes from: an IPv4 address, or the /64 of an IPv6 one; "" when unknown.

    `forwarded` is the X-Forwarded-For header; only the last `proxies` of its entries were written by
    proxies the site trusts, so the client is the first of those. With no proxy the header is ignored, and
    an entry that is no address counts as if it were not there.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    address = _address(hops[-proxies]) if 0 < proxies <= len(hops) else None
    address = address or _address(remote)
    if address is None:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address in `1.2.3.4`, `1.2.3.4:80`, `2001:db8::1`, `fe80::1%eth0`, `[2001:db8::1]:80`."""
    with_port = re.fullmatch(r"\[([^\]]+)\](?::\d+)?|([^:]+):\d+", text)
    bare = (with_port[1] or with_port[2]) if with_port else text
    try:
        return ip_address(bare.partition("%")[0])
    except ValueError:
        return None


_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
