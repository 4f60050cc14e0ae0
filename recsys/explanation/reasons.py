"""One plain line per product: the strongest parts of its score, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SHARE_WORTH_SAYING: Final = 0.2  # a part below a fifth of the score is no reason for the product to be there


def reason(parts: Mapping[str, float], facts: Mapping[str, float], words: Mapping[str, str]) -> str:
    """The one-line reason of a product.

    `parts` are the named parts of its score; `facts` the figures behind them (`times`, `days_ago`, `cosine`, `buyers`,
    `households`); `words` the phrases behind them (`matched`, `like`, `feedback`, and
    `own` when it was picked itself). At most two parts are named, the larger first.
    """
    total = sum(value for value in parts.values() if value > 0)
    strong = sorted((n for n, v in parts.items() if v > 0 and v >= SHARE_WORTH_SAYING * total), key=lambda n: -parts[n])
    said = [phrase for name in strong if (phrase := _phrase(name, facts, words))]
    line = " \u00b7 ".join(said[:2]) or _phrase("popular", facts, words)
    return line[:1].upper() + line[1:]


def habit(parts: Mapping[str, float], facts: Mapping[str, float]) -> str:
    """Why a shopper's habits speak for a product: the larger of what was bought before and what fits the taste."""
    bought = parts.get("repeat", 0.0) >= parts.get("taste", 0.0)
    return (bought and _phrase("repeat", facts, {})) or _phrase("taste", facts, {})


def _phrase(name: str, facts: Mapping[str, float], words: Mapping[str, str]) -> str:
    match name:
        case "words":
            return f"has {words['matched']}" if words.get("matched") else ""
        case "meaning":
            return f"close in meaning to the query ({facts.get('cosine_query', 0.0):.2f} of 1)"
        case "repeat" | "due" if facts.get("times", 0) == 0:
            return ""  # the learned order may know the kind of product; nothing to say of this one
        case "languages":
            return "close in meaning to the query, across languages"
        case "kind":
            return "the kind of product asked for"
        case "due":
            return "about due again"
        case "others":
            return "bought by households like this one"
        case "together":
            return "goes with what they buy"
        case "price":
            return "in their range of prices"
        case "repeat":
            times, days = int(facts.get("times", 0)), int(facts.get("days_ago", 0))
            return f"bought {_times(times)}, last {_days(days)}"
        case "taste" if facts.get("times", 0) > 0:
            return "fits what they buy"  # it is what they buy: no other product is the reason
        case "taste":
            return f"like the {_inside(words['like'])} they buy" if words.get("like") else "fits the household's taste"
        case "feedback" if words.get("own"):
            return "you picked it"
        case "feedback":
            return (
                f"close to what you picked: {_inside(words['feedback'])}"
                if words.get("feedback")
                else "moved by your feedback"
            )
        case "popular":
            return f"bought by {int(facts.get('buyers', 0)):,} of {int(facts.get('households', 0)):,} households"
    return ""


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def _days(n: int) -> str:
    return {0: "on the last day", 1: "a day ago"}.get(n, f"{n} days ago")


def _inside(name: str) -> str:
    """A product's name as it reads inside a sentence: lower case first letter, unless it is an acronym."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
