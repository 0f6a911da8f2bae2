"""Who may do what with an article in Wagtail's own pages."""

from wagtail.models import PagePermissionTester


class ReviewedPermissions(PagePermissionTester):
    """As Wagtail has it, but nobody publishes or withdraws: the review publishes, our own page withdraws.

    It holds for every address that asks: the editor, lists, copies, revisions and Wagtail's API.
    """

    def can_publish(self) -> bool:
        """Nobody may publish past the review."""
        return False

    can_publish_subpage = can_unpublish = can_unschedule = can_reorder_children = can_publish
    can_set_view_restrictions = can_move = can_publish

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """As Wagtail has it, for drafts alone: entries of the ledger name what was ever published."""
        published = self.page.first_published_at is not None or self.page.depth <= 2
        return not published and bool(super().can_delete(ignore_bulk))
