"""The API's address list and its description (OpenAPI at /v1/openapi.json, readable at /v1/docs)."""

from django.urls import path
from ninja import NinjaAPI

from kepu.api import accounts, errors, reading
from kepu.api.activities import ACTIVITIES

api = NinjaAPI(
    title="Kepu",
    version="1",
    urls_namespace="v1",
    description="Science-communication campaigns: every count traceable to evidence.",
    openapi_extra={"paths": ACTIVITIES},
)
errors.answer_in_our_form(api)
api.add_router("", accounts.router)
api.add_router("", reading.router)

urlpatterns = [path("", api.urls)]
