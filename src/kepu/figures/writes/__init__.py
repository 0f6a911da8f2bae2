"""Sending official figures, deciding on them, entering them and taking them back."""

from kepu.figures.writes.deciding import (
    REASON_MAX,
    approve_file,
    check_file,
    enter_lines,
    turn_down_file,
    withdraw_file,
    withdraw_lines,
)
from kepu.figures.writes.keeping import forget_draft, forget_drafts, keep_export, parse_export
from kepu.figures.writes.sending import keep_job, keep_layout, read_rows, send_file

__all__ = [
    "REASON_MAX",
    "approve_file",
    "check_file",
    "enter_lines",
    "forget_draft",
    "forget_drafts",
    "keep_export",
    "keep_job",
    "keep_layout",
    "parse_export",
    "read_rows",
    "send_file",
    "turn_down_file",
    "withdraw_file",
    "withdraw_lines",
]
