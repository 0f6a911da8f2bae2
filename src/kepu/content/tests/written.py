"""Articles for tests, as an editor would write them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kepu.content import blocks, models, writes
from kepu.content.rules import Quiz
from kepu.people.models import StaffScope

AT = datetime(2021, 6, 21, 1, tzinfo=UTC)
QUIZ = Quiz("先做什么？", ("打120", "睡一觉"), 0, "先求救。")


def article(title: str, *, topic: str = "health", age: int = 0, live: bool = True, **fields: Any) -> Any:
    """A stored article, published `age` days before `AT`."""
    writes.prepare_content()
    page = models.ArticlePage(
        title=title,
        topic=models.Topic.objects.get(slug=topic),
        live=live,
        **{
            "first_published_at": AT - timedelta(days=age),
            "summary": "摘要",
            "author": "编辑",
            "source": "原创",
            "body": [{"type": "text", "value": "<p>正文</p>"}, blocks.stored_quiz(QUIZ)],
            "references": [{"type": "reference", "value": {"title": "指南", "publisher": "卫生院"}}],
        }
        | fields,
    )
    return models.ArticleIndex.objects.get().add_child(instance=page)


def scoped(account: Any, *groups: str) -> None:
    """The account holds the roles that go with these of Wagtail's groups, for the whole site."""
    roles = {"Editors": "editor", **{f"Reviewers {step}": f"reviewer_{step}" for step in (1, 2, 3)}}
    for group in groups:
        StaffScope.objects.create(account=account, role=roles[group], division="", granted_at=AT)
