"""Count the worklists for the home page: for each a number, a sentence, and a link to exactly these rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet, Value
from django.utils.timesince import timesince

from backoffice.home.card_texts import CARD_TEXTS, CardText
from backoffice.home.links import ChangelistLinks
from core.worklists import Worklist


@dataclass(frozen=True)
class Card:
    """Represent one worklist on the home page."""

    name: str
    title: str
    number: int
    text: str
    tone: str
    url: str


def cards(links: ChangelistLinks) -> list[Card]:
    """Return a card for each worklist of the changelists that the user may see, counted with one query."""
    card_texts = [card_text for card_text in CARD_TEXTS if links.can_view(card_text.model)]
    counts = _count(links, card_texts)
    return [_card(card_text, counts.get(card_text.worklist.name, {}), links) for card_text in card_texts]


def _count(links: ChangelistLinks, card_texts: Sequence[CardText]) -> dict[str, dict[str, Any]]:
    """Return by worklist: `count` of rows, `urgent` ones among them, `oldest` creation; nothing for an empty one."""
    rows = {model: links.rows(model) for model in {card_text.model for card_text in card_texts}}
    counts = [_counted(rows[card_text.model], card_text.worklist) for card_text in card_texts]
    if not counts:
        return {}
    union = counts[0].union(*counts[1:], all=True) if counts[1:] else counts[0]
    return {row["worklist"]: row for row in union}


def _counted(rows: QuerySet, worklist: Worklist) -> QuerySet:
    grouped = rows.filter(worklist.rows()).values(worklist=Value(worklist.name))
    return grouped.annotate(count=Count("pk"), urgent=Count("pk", filter=worklist.urgent()), oldest=Min("created_at"))


def _card(card_text: CardText, counts: dict[str, Any], links: ChangelistLinks) -> Card:
    number, urgent = counts.get("count", 0), counts.get("urgent", 0)
    text = card_text.urgent if urgent else card_text.waiting if number else card_text.none
    return Card(
        name=card_text.worklist.name,
        title=card_text.title,
        number=number,
        text=text.format(age=_age(counts.get("oldest")), urgent=urgent),
        tone="bad" if urgent else "waiting" if number else "quiet",
        url=links.url(card_text.model, worklist=card_text.worklist.name),
    )


def _age(oldest: datetime | None) -> str:
    return timesince(oldest, depth=1) if oldest else ""
