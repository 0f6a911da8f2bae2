"""The API's address list and its description (OpenAPI at /v1/openapi.json, readable at /v1/docs)."""

from typing import Any

from django.urls import path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from kepu.api import accounts, errors, reading
from kepu.api.activities import ACTIVITIES


class Api(NinjaAPI):
    """The API with the two addresses of the hot path in its description."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The whole description: what ninja answers and what the intake answers before it."""
        schema = super().get_openapi_schema(**options)
        for address, methods in ACTIVITIES.items():
            schema["paths"].setdefault(address, {}).update(methods)
        return schema


api = Api(
    title="Kepu",
    version="1",
    urls_namespace="v1",
    description="Science-communication campaigns: every count traceable to evidence.",
)
errors.answer_in_our_form(api)
api.add_router("", accounts.router)
api.add_router("", reading.router)

urlpatterns = [path("", api.urls)]
