"""后台任务: everybody sees their own."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.pages import jobs


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/."""
    return [
        path("jobs/", jobs.jobs_page, name="console_jobs"),
        path("jobs/<id:job>/", jobs.job_page, name="console_job"),
        path("jobs/<id:job>/stop/", jobs.stop_page, name="console_job_stop"),
        path("jobs/<id:job>/file/", jobs.job_file_page, name="console_job_file"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """后台任务."""
    return MenuItem(_("Long work"), reverse("console_jobs"), name="jobs", icon_name="time", order=900)
