"""Who may do what at every address of the back office. A new page is a new line here, or the walk fails.

`OURS`: by the name of the address. `WAGTAILS`: by pattern of the name, the first that fits counts.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from kepu.people.rules import ABILITIES, Ability, Role, divisions_for
from kepu.people.tests.land import COUNTY, OTHER_COUNTY, TOWN

VILLAGE, FAR_VILLAGE, FAR_TOWN, FAR_CITY = "430623110001", "430624100201", "430624100", "4307"


@dataclass(frozen=True, slots=True)
class Ours:
    """An address of our own. `ability` None: all staff; several: any of them.

    `of`: what the address is about, a name of `world.town_at_work`; it lies in the town of VILLAGE.
    Whoever has the ability elsewhere alone gets 404 there. "": a list, a form: open to whoever has the
    ability anywhere, and shows nothing of that town to the others. "my …" (`world.belongings`): it is one
    person's alone, so a colleague's is 404 for all, one's own is not; `anywhere`: and lies in no town.
    """

    methods: str
    ability: Ability | tuple[Ability, ...] | None
    of: str = ""
    form: tuple[tuple[str, str], ...] = ()
    anywhere: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether it belongs to one person alone."""
        return self.of.startswith("my ")

    def lets(self, role: Role, division: str) -> bool:
        """Whether the table gives one scope the ability anywhere."""
        if self.ability == tuple(Ability):  # the operator's own
            return (role, division) == (Role.OPERATOR, "")
        wanted = self.ability if isinstance(self.ability, tuple) else (self.ability,)
        return any(
            ability is None or bool(divisions_for(frozenset({(role, division)}), ability))
            for ability in wanted
        )


GET, POST, BOTH = "GET", "POST", "GET POST"
A = Ability
REVIEW = (A.REVIEW_1, A.REVIEW_2, A.REVIEW_3)
OURS: dict[str, Ours] = {
    "console_certifications": Ours(GET, A.CERTIFY),
    "console_certification": Ours(GET, A.CERTIFY, "applicant"),
    "console_approve_many": Ours(POST, A.CERTIFY),
    "console_approve": Ours(POST, A.CERTIFY, "applicant"),
    "console_return": Ours(POST, A.CERTIFY, "applicant"),
    "console_revoke": Ours(POST, A.CERTIFY, "applicant"),
    "console_backbone": Ours(POST, A.CERTIFY, "applicant"),
    "console_complaints": Ours(GET, A.COMPLAINTS),
    "console_settle": Ours(POST, A.COMPLAINTS, "complaint"),
    "console_unmask": Ours(POST, A.UNMASK, "applicant"),
    "console_audit": Ours(GET, A.AUDIT),
    "console_audit_export": Ours(POST, A.AUDIT),
    "console_staff": Ours(GET, A.STAFF),
    "console_appoint": Ours(BOTH, A.STAFF),
    "console_staff_member": Ours(GET, A.STAFF, "member"),
    "console_dismiss": Ours(POST, A.STAFF, "member", (("role", "unit_clerk"), ("division", VILLAGE))),
    "console_wake": Ours(POST, A.STAFF, "member"),
    "console_factor_off": Ours(POST, A.STAFF, "member"),
    "console_end_sessions": Ours(POST, A.STAFF, "member"),
    "console_sessions": Ours(GET, None),
    "console_session_end": Ours(POST, None, "my session", anywhere=True),
    "console_sessions_end_others": Ours(POST, None),
    "console_second_factor": Ours(BOTH, None),
    "console_set_up": Ours(BOTH, None),
    "console_jobs": Ours(GET, None),
    "console_job": Ours(GET, None, "my work", anywhere=True),
    "console_job_stop": Ours(POST, None, "my work", anywhere=True),
    "console_job_file": Ours(GET, None, "my file", anywhere=True),
    "console_figures": Ours(GET, A.FIGURES),
    "console_figures_send": Ours(BOTH, A.FIGURES),
    "console_figures_layout": Ours(BOTH, A.FIGURES, "my upload"),
    "console_figures_file": Ours(GET, A.FIGURES, "figures"),
    "console_figures_approve": Ours(POST, A.FIGURES, "figures"),
    "console_figures_turn_down": Ours(POST, A.FIGURES, "figures"),
    "console_figures_ask_withdrawal": Ours(POST, A.FIGURES, "figures"),
    "console_figures_keep": Ours(POST, A.FIGURES, "figures"),
    "console_figures_withdraw": Ours(POST, A.FIGURES, "figures"),
    "console_figures_go_on": Ours(POST, A.FIGURES, "figures"),
    "console_figures_differences": Ours(GET, A.FIGURES, "figures"),
    "console_figures_report": Ours(POST, A.FIGURES, "figures"),
    "console_reviews": Ours(GET, REVIEW),
    "console_review": Ours(GET, A.REVIEW_1, "review 1"),
    "console_review_decide": Ours(POST, REVIEW, "review 1"),
    "console_writing": Ours(GET, A.WRITE),
    "console_write": Ours(GET, A.WRITE),
    "console_article_days": Ours(GET, A.WRITE),
    "console_article_statistics": Ours(GET, (A.WRITE, *REVIEW), "article"),
    "console_article_withdraw": Ours(BOTH, A.WRITE, "article"),
    "console_article_emergency": Ours(BOTH, tuple(Ability), "article"),
    "console_feeds": Ours(GET, A.WRITE),
    "console_feed_add": Ours(POST, A.WRITE),
    "console_feed_link": Ours(POST, A.WRITE),
    "console_feed_fetch": Ours(POST, A.WRITE, "feed"),
    "console_feed_remove": Ours(POST, A.WRITE, "feed"),
    "console_rosters": Ours(GET, A.LOOK),
    "console_roster_export": Ours(POST, A.LOOK),
    "console_backbones": Ours(POST, A.ROSTERS),
    "console_roster_send": Ours(BOTH, A.ROSTERS),
    "console_roster_template": Ours(GET, A.ROSTERS),
    "console_roster_file": Ours(GET, A.ROSTERS, "my roster", anywhere=True),
    "console_roster_enter": Ours(POST, A.ROSTERS, "my roster", anywhere=True),
    "console_roster_refused": Ours(GET, A.ROSTERS, "my roster", anywhere=True),
    "console_person": Ours(GET, A.LOOK, "person"),
    "console_move": Ours(POST, A.ROSTERS, "person"),
    "console_call_off_move": Ours(POST, A.ROSTERS, "person"),
    "console_merge": Ours(POST, A.ROSTERS, "person"),
    "console_undo_merge": Ours(POST, A.ROSTERS, "person"),
    "console_units": Ours(GET, A.LOOK),
    "console_campaigns": Ours(GET, A.LOOK),
    "console_campaign": Ours(GET, A.LOOK, "campaign"),
    "console_campaign_new": Ours(BOTH, A.CAMPAIGNS),
    "console_notices": Ours(BOTH, A.CAMPAIGNS),
    "console_notice_begin": Ours(POST, A.CAMPAIGNS),
    "console_campaign_edit": Ours(POST, A.CAMPAIGNS, "campaign"),
    "console_draft": Ours(BOTH, A.CAMPAIGNS, "draft"),
    "console_draft_publish": Ours(BOTH, A.CAMPAIGNS, "draft"),
    "console_draft_drop": Ours(POST, A.CAMPAIGNS, "draft"),
    "console_draft_file": Ours(GET, A.CAMPAIGNS, "draft"),
    "console_draft_try": Ours(BOTH, A.CAMPAIGNS, "draft"),
    "console_trial": Ours(GET, A.CAMPAIGNS, "my trial", anywhere=True),
    "console_papers": Ours(GET, A.CAMPAIGNS),
    "console_paper_new": Ours(BOTH, A.CAMPAIGNS),
    "console_paper_organs": Ours(BOTH, A.CAMPAIGNS),
    "console_paper_hearings": Ours(BOTH, A.CAMPAIGNS, "campaign"),
    "console_paper": Ours(BOTH, A.CAMPAIGNS, "paper"),
    "console_paper_file": Ours(GET, A.CAMPAIGNS, "paper"),
    "console_campaign_memo": Ours(GET, A.LOOK, "campaign"),
    "console_unit": Ours(GET, A.LOOK, "unit"),
    "console_unit_add": Ours(BOTH, A.ROSTERS),
    "console_unit_rename": Ours(POST, A.ROSTERS, "unit"),
    "console_unit_call_off": Ours(POST, A.ROSTERS, "unit"),
    "console_unit_close": Ours(POST, A.ROSTERS, "unit"),
    "console_counter": Ours(BOTH, A.COUNTER),
    "console_counter_entry": Ours(GET, A.COUNTER, "my entry"),
    "console_counter_code": Ours(POST, A.COUNTER, "my entry"),
    "console_counter_confirm": Ours(POST, A.COUNTER, "my entry"),
    "console_counter_drop": Ours(POST, A.COUNTER, "my entry"),
    "console_counter_form": Ours(GET, A.COUNTER, "my entry"),
    "console_announcements": Ours(GET, A.ANNOUNCE),
    "console_announcement_write": Ours(BOTH, A.ANNOUNCE),
    "console_announcement_send": Ours(POST, A.ANNOUNCE),
    "console_announcement": Ours(GET, A.ANNOUNCE, "announcement"),
    "console_announcement_go_on": Ours(POST, A.ANNOUNCE, "announcement"),
    "console_announcement_close": Ours(POST, A.ANNOUNCE, "announcement"),
    "console_rounds": Ours(GET, A.ROUNDS),
    "console_round": Ours(GET, A.ROUNDS, "award"),
    "console_round_step": Ours(POST, A.ROUNDS, "award"),
    "console_round_revoke": Ours(POST, A.ROUNDS, "award"),
    "console_objection": Ours(BOTH, A.ROUNDS, "award"),
    "console_objection_file": Ours(BOTH, A.COUNTER, "award"),
    "console_round_person": Ours(GET, A.ROUNDS, "award"),
    "console_payouts": Ours(GET, A.PAY),
    "console_payout": Ours(GET, A.PAY, "payout"),
    "console_payout_batch": Ours(POST, A.PAY, "payout"),
    "console_payout_roster": Ours(POST, A.PAY, "payout"),
    "console_payout_close": Ours(POST, A.PAY, "payout"),
    "console_payout_answer": Ours(BOTH, A.PAY, "payout"),
    "console_payout_apply": Ours(BOTH, A.PAY, "my answer"),
    "console_payout_line": Ours(GET, A.PAY, "payout"),
    "console_payout_act": Ours(POST, A.PAY, "payout"),
    "console_payout_file": Ours(POST, A.PAY, "payout"),
    "console_certificates": Ours(GET, A.ROUNDS),
    "console_round_certificates": Ours(GET, A.ROUNDS, "award"),
    "console_certificates_issue": Ours(POST, A.ROUNDS, "award"),
    "console_certificates_print": Ours(POST, A.ROUNDS, "award"),
    "console_certificates_organ": Ours(POST, A.ROUNDS, "award"),
    "console_certificate_paper": Ours(GET, A.ROUNDS, "award"),
    "console_certificate_anew": Ours(POST, A.ROUNDS, "award"),
    "console_clubs": Ours(GET, A.CLUBS),
    "console_club": Ours(GET, A.CLUBS, "club"),
    "console_club_picture": Ours(GET, A.CLUBS, "club"),
    "console_club_open": Ours(POST, A.CLUBS, "club"),
    "console_club_refuse": Ours(POST, A.CLUBS, "club"),
    "console_club_close": Ours(POST, A.CLUBS, "club"),
    "console_posts": Ours(GET, A.CLUBS),
    "console_posts_stand": Ours(POST, A.CLUBS),
    "console_post": Ours(GET, A.CLUBS, "club"),
    "console_post_judge": Ours(POST, A.CLUBS, "club"),
    "console_post_author": Ours(POST, A.CLUBS, "club"),
    "console_post_picture": Ours(GET, A.CLUBS, "club"),
    "console_comments": Ours(GET, A.CLUBS),
    "console_comments_stand": Ours(POST, A.CLUBS),
    "console_comment": Ours(GET, A.CLUBS, "club"),
    "console_comment_judge": Ours(POST, A.CLUBS, "club"),
    "console_comment_author": Ours(POST, A.CLUBS, "club"),
    "console_words": Ours(GET, tuple(A)),
    "console_words_add": Ours(POST, tuple(A)),
    "console_word_change": Ours(POST, tuple(A), "club"),
    "console_word_drop": Ours(POST, tuple(A), "club"),
    "console_signals": Ours(GET, A.SIGNALS),
    "console_signal": Ours(GET, A.SIGNALS, "signal"),
    "console_signal_decide": Ours(POST, A.SIGNALS, "signal"),
    "console_site": Ours(GET, A.SITE),
    "console_turn": Ours(POST, A.SITE, form=(("switch", "clubs"),)),
    "console_points_site": Ours(GET, A.SITE),
    "console_points_expiry": Ours(POST, A.SITE),
    "console_points_levels": Ours(POST, A.SITE),
    "console_points_badges": Ours(POST, A.SITE),
    "console_mall": Ours(GET, A.MALL),
    "console_mall_item_new": Ours(BOTH, A.MALL),
    "console_mall_item": Ours(GET, A.MALL, "mall"),
    "console_mall_item_edit": Ours(BOTH, A.MALL, "mall"),
    "console_mall_pictures": Ours(POST, A.MALL, "mall", (("drop", "1"),)),
    "console_mall_sale": Ours(POST, A.MALL, "mall"),
    "console_mall_receive": Ours(POST, A.MALL, "mall", (("amount", "1"),)),
    "console_mall_codes": Ours(BOTH, A.MALL, "mall voucher"),
    "console_mall_codes_keep": Ours(BOTH, A.MALL, "my codes"),
    "console_mall_stock_taking": Ours(BOTH, A.MALL),
    "console_mall_places": Ours(GET, A.MALL),
    "console_mall_place_new": Ours(BOTH, A.MALL),
    "console_mall_place": Ours(BOTH, A.MALL, "mall"),
    "console_mall_orders": Ours(GET, (A.MALL, A.HAND_OVER)),
    "console_mall_ready": Ours(POST, (A.MALL, A.HAND_OVER)),
    "console_mall_supplier": Ours(POST, A.MALL),
    "console_mall_order": Ours(GET, (A.MALL, A.HAND_OVER), "mall"),
    "console_mall_order_act": Ours(POST, (A.MALL, A.HAND_OVER), "mall", (("act", "ready"),)),
    "console_mall_order_address": Ours(POST, A.MALL, "mall delivery"),
    "console_pick_up": Ours(BOTH, A.HAND_OVER),
    "console_hand_over": Ours(BOTH, A.HAND_OVER, "mall"),
    "console_home": Ours(GET, None),
    "console_login": Ours(BOTH, None),
    "console_logout": Ours(BOTH, None),
    "console_account": Ours(BOTH, None),
}
# The scope each role is tried with: one that holds the town of VILLAGE, and one that does not.
INSIDE = {
    Role.OPERATOR: "",
    Role.CITY_OFFICER: "4306",
    Role.COUNTY_OFFICER: COUNTY,
    Role.TOWN_CLERK: TOWN,
    Role.UNIT_CLERK: VILLAGE,
    Role.AUDITOR: COUNTY,
}
OUTSIDE = {
    Role.OPERATOR: OTHER_COUNTY,
    Role.CITY_OFFICER: FAR_CITY,
    Role.COUNTY_OFFICER: OTHER_COUNTY,
    Role.TOWN_CLERK: FAR_TOWN,
    Role.UNIT_CLERK: FAR_VILLAGE,
    Role.AUDITOR: OTHER_COUNTY,
}
# Articles belong to the whole site; these roles have no other scope.
WHOLE_SITE = frozenset(Role) - frozenset(INSIDE)


def having(*abilities: Ability) -> frozenset[Role]:
    """The roles with any of these abilities."""
    return frozenset(role for role in Role if ABILITIES[role] & set(abilities))


EVERYBODY = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()
WRITERS = having(A.WRITE)
READERS = having(A.WRITE, A.REVIEW_1, A.REVIEW_2, A.REVIEW_3)
# Of Wagtail's own addresses: which roles, of the whole site, may get anything but a no there.
WAGTAILS: tuple[tuple[str, frozenset[Role]], ...] = (
    ("wagtailadmin_home", EVERYBODY),
    ("wagtailadmin_dismissibles", EVERYBODY),
    ("wagtailadmin_sprite", EVERYBODY),
    ("wagtailadmin_javascript_catalog", EVERYBODY),
    ("wagtailadmin_login", EVERYBODY),
    ("wagtailadmin_logout", EVERYBODY),
    ("wagtailadmin_account", EVERYBODY),
    # People, groups and settings are the site's own business, on its own pages.
    ("wagtailusers_*", NOBODY),
    ("wagtailsettings:*", NOBODY),
    ("wagtailadmin_password_reset*", NOBODY),
    ("wagtailadmin_error_test", NOBODY),
    ("wagtailadmin_collections:*", NOBODY),
    ("wagtailadmin_workflows:task_cho*", READERS),
    ("wagtailadmin_workflows:*", NOBODY),
    ("wagtailadmin_tag_*", READERS),
    # Who writes articles, and who reviews them. What a reviewer may do with one article its state decides.
    ("wagtailadmin_*", READERS),
    ("wagtail_bulk_action", READERS),
    ("wagtailembeds:*", READERS),
    ("wagtailimages*", READERS),
    ("wagtailsnippets*", READERS),
    ("wagtailsnippetchoosers*", READERS),
    ("wagtaildocs*", NOBODY),
    ("", EVERYBODY),  # Wagtail's 404 page
)


def wagtails_roles(name: str) -> frozenset[Role] | None:
    """Who may do something at an address of Wagtail's; None when the table says nothing of it."""
    return next((roles for pattern, roles in WAGTAILS if fnmatchcase(name, pattern)), None)
