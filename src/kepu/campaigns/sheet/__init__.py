"""Rule sheets as files people write: TOML in, a checked sheet or every trouble of the file out. Pure."""

from kepu.campaigns.sheet.edition import edition_of
from kepu.campaigns.sheet.parse import parse_sheet
from kepu.campaigns.sheet.troubles import Allowed, SheetTrouble

__all__ = ["Allowed", "SheetTrouble", "edition_of", "parse_sheet"]
