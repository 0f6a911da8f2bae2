"""名册 and 单位."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import persons, roster_files, rosters, units
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    person, file, unit = "rosters/<id:account>/", "rosters/files/<id:file>/", "units/<id:unit>/"
    return [
        path("rosters/", rosters.rosters_page, name="console_rosters"),
        path("rosters/backbones/", rosters.backbones_page, name="console_backbones"),
        path("rosters/export/", rosters.export_page, name="console_roster_export"),
        path("rosters/template/", roster_files.template_page, name="console_roster_template"),
        path("rosters/files/", roster_files.send_page, name="console_roster_send"),
        path(file, roster_files.roster_file_page, name="console_roster_file"),
        path(f"{file}enter/", roster_files.enter_page, name="console_roster_enter"),
        path(f"{file}refused/", roster_files.refused_page, name="console_roster_refused"),
        path(person, persons.person_page, name="console_person"),
        path(f"{person}move/", persons.move_page, name="console_move"),
        path(f"{person}call-off/", persons.call_off_page, name="console_call_off_move"),
        path(f"{person}merge/", persons.merge_page, name="console_merge"),
        path(f"{person}merges/<id:merge>/undo/", persons.undo_merge_page, name="console_undo_merge"),
        path("units/", units.units_page, name="console_units"),
        path("units/new/", units.add_page, name="console_unit_add"),
        path(unit, units.unit_page, name="console_unit"),
        path(f"{unit}rename/", units.rename_page, name="console_unit_rename"),
        path(f"{unit}call-off/", units.call_off_renaming_page, name="console_unit_call_off"),
        path(f"{unit}close/", units.close_page, name="console_unit_close"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def roster_item() -> MenuItem:
    """名册."""
    to = reverse("console_rosters")
    return AbleItem(Ability.LOOK, _("Rosters"), to, name="rosters", icon_name="list-ul", order=130)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def unit_item() -> MenuItem:
    """单位."""
    to = reverse("console_units")
    return AbleItem(Ability.LOOK, _("Units"), to, name="units", icon_name="site", order=140)
