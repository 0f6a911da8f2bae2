"""Long work of the back office, by the kind its page asks for."""

from kepu.console.tasks import (
    announcements,
    articles,
    audit,
    campaigns,
    certificates,
    figures,
    mall,
    payouts,
    rosters,
    rounds,
)
from kepu.jobs.rules import Work

WORKS: dict[str, Work] = {
    "send_announcement": announcements.send_announcement,
    "fetch_feed": articles.fetch_feed,
    "fetch_link": articles.fetch_link,
    "tell_sharers": articles.tell_sharers,
    "look_at_roster": rosters.look,
    "enter_roster": rosters.enter,
    "export_roster": rosters.export,
    "export_audit": audit.export_audit,
    "try_rules": campaigns.try_rules,
    "parse_figures": figures.parse,
    "judge_round": rounds.judge,
    "read_figures": figures.read,
    "enter_figures": figures.enter,
    "withdraw_figures": figures.withdraw,
    "report_figures": figures.save_report,
    "print_certificates": certificates.print_certificates,
    "payout_roster": payouts.payout_roster,
    "mall_supplier_list": mall.supplier_list,
}
