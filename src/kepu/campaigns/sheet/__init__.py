"""Rule sheets as files people write: TOML in, a checked sheet or every trouble of the file out. Pure."""

from kepu.campaigns.sheet.checks import Caution, cautions_on
from kepu.campaigns.sheet.comparing import Difference, differences, text_differences
from kepu.campaigns.sheet.edition import edition_of
from kepu.campaigns.sheet.fields import Field, Form
from kepu.campaigns.sheet.fitting import Fit, Fitted, fitted_to
from kepu.campaigns.sheet.forms import (
    SECTIONS,
    entered,
    field_value,
    made_voluntary,
    path_of,
    rows_of,
    ticks_of,
    typed_of,
    typed_text,
    with_row,
    without_row,
)
from kepu.campaigns.sheet.moving import moved_sheet, next_name, next_title
from kepu.campaigns.sheet.parse import parse_sheet
from kepu.campaigns.sheet.plain_table import table_of, text_of
from kepu.campaigns.sheet.schema import SHEET
from kepu.campaigns.sheet.troubles import Allowed, SheetTrouble

__all__ = [
    "SECTIONS",
    "SHEET",
    "Allowed",
    "Caution",
    "Difference",
    "Field",
    "Fit",
    "Fitted",
    "Form",
    "SheetTrouble",
    "cautions_on",
    "differences",
    "edition_of",
    "entered",
    "field_value",
    "fitted_to",
    "made_voluntary",
    "moved_sheet",
    "next_name",
    "next_title",
    "parse_sheet",
    "path_of",
    "rows_of",
    "table_of",
    "text_differences",
    "text_of",
    "ticks_of",
    "typed_of",
    "typed_text",
    "with_row",
    "without_row",
]
