"""Who may see a post: the sentence that the room's one question to the database says in SQL."""

from typing import NamedTuple

from kepu.clubs.rules.values import MANAGING, ClubState, PostState, Role, Showing


class Post(NamedTuple):
    """What decides who sees a post. `for_members`: it was written while the club was for members only."""

    state: PostState
    club_state: ClubState
    showing: Showing
    for_members: bool = False


def may_see(post: Post, *, role: Role | None, is_author: bool = False, is_staff: bool = False) -> bool:
    """Whether somebody sees a post. `role`: theirs in the club now, None for whoever is no member now.

    Nobody sees what its author deleted. Authors and the staff of the division see all else; managers
    what is in their open club; members what is shown there; the public what is shown there and was, and still
    is, for everybody.
    """
    if post.state is PostState.DELETED:
        return False
    if is_author or is_staff:
        return True
    if post.club_state is not ClubState.OPEN:
        return False
    if role in MANAGING:
        return True
    if post.state is not PostState.SHOWN:
        return False
    return role is not None or is_public(post)


def is_public(post: Post) -> bool:
    """Whether anybody at all may see a post: what it takes for it to earn."""
    return (
        post.state is PostState.SHOWN
        and post.club_state is ClubState.OPEN
        and post.showing is not Showing.MEMBERS
        and not post.for_members
    )


def first_state(showing: Showing, *, is_manager: bool, is_held: bool) -> PostState:
    """The state of a new post by its club's rule; a word that holds it back comes before the rule.

    A manager's own post waits for no manager.
    """
    if is_held:
        return PostState.HELD
    if showing is Showing.APPROVED and not is_manager:
        return PostState.WAITING
    return PostState.SHOWN
