"""Writing a post, one post with its comments, and what its author and the managers do with it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.clubs import labels, reads, writes
from kepu.clubs.forms import CommentForm, PostForm, ReportForm, event_of, sent_pictures
from kepu.clubs.pages.clubs import SIZE, START_MAX
from kepu.clubs.pages.visitors import account_of, answered, part_only, viewer_of
from kepu.clubs.reads import FeedPost
from kepu.clubs.rules import ClubState, Refused
from kepu.content import reads as content
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.ui.off import part_of

ARTICLES = 10
COMMENTS = 30
NUMBER_MAX = 2**62


@part_of("clubs")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def write_page(request: HttpRequest, club: int) -> HttpResponse:
    """Write a post; what was typed is kept when it is refused. Pictures must then be chosen again."""
    head = reads.club(club, viewer_of(request))
    if head is None or head.role is None or head.state is not ClubState.OPEN:
        raise Http404
    wanted = whole_number(request.GET.get("article") or request.POST.get("article"), 0, NUMBER_MAX, 0)
    articles = _articles(account_of(request), wanted)
    shown: dict[str, Any] = {"head": head, "showing": labels.SHOWING[head.rule.showing]}
    if request.method != "POST":
        form = PostForm(articles, initial={"article": wanted or ""})
        return render(request, "clubs/write.html", shown | {"form": form})
    form = PostForm(articles, request.POST, request.FILES)
    if form.is_valid():
        sent = sent_pictures(request.FILES.getlist("pictures"))
        made: int | Refused = sent if isinstance(sent, Refused) else 0
        if not isinstance(sent, Refused):
            draft = form.draft(request.POST.get("event_id", ""), sent)
            made = writes.write_post(club, account_of(request), draft, clock.now())
        if not isinstance(made, Refused):
            return redirect(f"/clubs/posts/{made}/")
        form.refuse(made)
    return render(request, "clubs/write.html", shown | {"form": form}, status=422)


@part_of("clubs")
@require_http_methods(["GET", "HEAD", "POST"])
def post_page(request: HttpRequest, post: int) -> HttpResponse:
    """One post with its comments; a comment sent here stands under it. At most 17 queries."""
    shown = _post(request, post)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return _sign_in_first(request, post)
        if form.is_valid():
            event_id = event_of(request.POST.get("event_id", ""))
            text = form.cleaned_data["text"]
            made = writes.write_comment(post, account_of(request), text, event_id, clock.now())
            if not isinstance(made, Refused):
                return redirect(f"/clubs/posts/{post}/#comments")
            form.refuse(made)
    page = reads.comments(post, viewer_of(request), start, COMMENTS)
    more = f"/clubs/posts/{post}/?start={page.next_start}" if page.next_start else ""
    context = {"post": shown, "comments": page.rows, "more": more, "form": form, "whole": True}
    context["state"] = labels.POST_STATES[shown.state]
    context["held"] = labels.HELD[shown.held] if shown.held else ""
    template = "clubs/_comments.html" if part_only(request) else "clubs/post.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


@part_of("clubs")
@require_POST
def like_page(request: HttpRequest, post: int) -> HttpResponse:
    """The post is liked, or no longer with `wanted` 0; asked again it stays so."""
    if not request.user.is_authenticated:
        return _sign_in_first(request, post)
    _post(request, post)
    account, refused = account_of(request), None
    if request.POST.get("wanted") == "0":
        writes.unlike_post(post, account, clock.now())
    else:
        refused = writes.like_post(post, account, clock.now())
    if request.headers.get("HX-Request") == "true":
        said = reads.refusal_text(refused) if refused is not None else ""
        return render(request, "clubs/_like.html", {"post": _post(request, post), "said": said})
    return answered(request, refused, f"/clubs/posts/{post}/#like-{post}")


@part_of("clubs")
@require_POST
@login_required
def change_page(request: HttpRequest, post: int) -> HttpResponse:
    """What the author or a manager does with a post: `deed` names it."""
    shown, by, now = _post(request, post), account_of(request), clock.now()
    deed, reason = request.POST.get("deed", ""), request.POST.get("reason", "")
    here, club = f"/clubs/posts/{post}/", f"/clubs/{shown.club}/"
    if deed == "approve":
        done = gettext("The post is shown now.")
        return answered(request, writes.approve_post(post, by, now), f"{club}waiting/", done)
    if deed in ("pin", "unpin"):
        return answered(request, writes.pin_post(post, by, now, wanted=deed == "pin"), here)
    if deed == "remove":
        done = gettext("Removed. The author sees the reason.")
        return answered(request, writes.remove_post(post, by, reason, now), here, done)
    if deed == "delete":
        refused = writes.delete_post(post, by, now)
        return answered(request, refused, here if refused else club, gettext("Deleted."))
    if deed == "review":
        done = gettext("Asked. Staff look at it again, and you get a message.")
        return answered(request, writes.ask_review(post, by, reason, now), here, done)
    raise Http404


@part_of("clubs")
@require_POST
@login_required
def comment_page(request: HttpRequest, comment: int) -> HttpResponse:
    """A comment is deleted by its author, or removed by a manager with a reason."""
    post = reads.comment_post(comment)
    if post is None:
        raise Http404
    by, now, to = account_of(request), clock.now(), f"/clubs/posts/{post}/#comments"
    if request.POST.get("deed") == "remove":
        _post(request, post)
        refused = writes.remove_comment(comment, by, request.POST.get("reason", ""), now)
        return answered(request, refused, to, gettext("Removed. The author sees the reason."))
    # What is one's own may go though one sees the post no more.
    if reads.post(post, viewer_of(request)) is None:
        to = "/clubs/"
    return answered(request, writes.delete_comment(comment, by, now), to, gettext("Deleted."))


@part_of("clubs")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_page(request: HttpRequest, post: int) -> HttpResponse:
    """Tell the staff what is wrong with a post, or with one of its comments (`comment`)."""
    shown = _post(request, post)
    comment = whole_number(request.POST.get("comment") or request.GET.get("comment"), 0, NUMBER_MAX, 0)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        words, now = form.cleaned_data["words"], clock.now()
        refused = writes.report(post, account_of(request), form.chosen(), words, now, comment=comment)
        if refused is None:
            messages.success(request, gettext("Thank you. Staff will look at it."))
            return redirect(f"/clubs/{shown.club}/")
        form.refuse(refused)
    status = 422 if form.is_bound else 200
    return render(
        request, "clubs/report.html", {"form": form, "post": shown, "comment": comment}, status=status
    )


@part_of("clubs")
@require_safe
@login_required
def waiting_page(request: HttpRequest, club: int) -> HttpResponse:
    """What waits for a manager of the club, the oldest first."""
    head = reads.club(club, viewer_of(request))
    if head is None or not head.manages:
        raise Http404
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.waiting_posts(club, viewer_of(request), start, SIZE)
    more = f"/clubs/{club}/waiting/?start={page.next_start}" if page.next_start else ""
    context = {"head": head, "posts": page.rows, "more": more, "in_club": True}
    template = "clubs/_posts.html" if part_only(request) else "clubs/waiting.html"
    return render(request, template, context)


@part_of("clubs")
@require_safe
@login_required
def mine_page(request: HttpRequest) -> HttpResponse:
    """What I wrote, with what became of it."""
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.my_posts(account_of(request), start, SIZE)
    more = f"/clubs/mine/?start={page.next_start}" if page.next_start else ""
    template = "clubs/_posts.html" if part_only(request) else "clubs/mine.html"
    return render(request, template, {"posts": page.rows, "more": more})


def _post(request: HttpRequest, post: int) -> FeedPost:
    shown = reads.post(post, viewer_of(request))
    if shown is None:
        raise Http404
    return shown


def _articles(account: int, wanted: int) -> list[tuple[int, str]]:
    """What may go with a post: the one asked for, what I saved, what is new."""
    cards = list(content.cards([wanted]).values()) if wanted else []
    cards += [*content.saved(account, 0, ARTICLES).rows, *content.articles(size=ARTICLES).rows]
    return list({card.id: (card.id, card.title) for card in cards}.values())


def _sign_in_first(request: HttpRequest, post: int) -> HttpResponse:
    to = f"{settings.LOGIN_URL}?{urlencode({'next': f'/clubs/posts/{post}/'})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": to})
    return redirect(to)
