"""For walks that are refused at hundreds of addresses."""

from typing import Any

import pytest
from django.http import HttpResponse

from kepu.console import gate


@pytest.fixture
def one_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that says no is the same for one person everywhere: it is made, and searched, once a walk."""
    made: dict[tuple[object, ...], bytes] = {}
    real = gate.render

    def render(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        if template != "console/missing.html":
            return real(request, template, context, status=status)
        key = (request.user.pk, context["words"], status)
        if key not in made:
            made[key] = real(request, template, context, status=status).content
        return HttpResponse(made[key], status=status)

    monkeypatch.setattr(gate, "render", render)
