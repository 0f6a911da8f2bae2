"""Sending official figures, deciding on them, entering them and taking them back."""

from kepu.figures.writes.deciding import (
    approve_file,
    check_file,
    enter_lines,
    turn_down_file,
)
from kepu.figures.writes.keeping import forget_draft, forget_drafts, keep_export, parse_export
from kepu.figures.writes.sending import keep_job, keep_layout, read_rows, send_file
from kepu.figures.writes.withdrawing import (
    REASON_MAX,
    ask_withdrawal,
    drop_withdrawal,
    withdraw_file,
    withdraw_lines,
)

__all__ = [
    "REASON_MAX",
    "approve_file",
    "ask_withdrawal",
    "check_file",
    "drop_withdrawal",
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
