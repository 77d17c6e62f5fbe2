"""A slip in a name, a type, a number of arguments, a grouping is marked where it is, if a run refuses it."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from idioms import idioms, opened
from semantic_mutants import semantic_mutants

from tests.differential.random_queries import Maker
from tests.differential.used_database import UsedDatabase
from tests.hunts import rounds
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.errors import ThanoSQLError

#: Share of them that is marked, of all kinds together; values that do not fit a type are told by running only.
WANTED = 0.95


def emptied(session):
    """The session with its tables empty: what it refuses now it refuses without looking at rows."""
    for name in list(session.catalog.tables):
        session.run(f'DELETE FROM "{name}"', emit=lambda result: None)
    return session


def chosen(cells, catalog, count, seed=1):
    """So many mutants of each kind, as far as there are."""
    by_kind = defaultdict(list)
    for cell in cells:
        for mutant in semantic_mutants(cell, catalog):
            by_kind[mutant.kind].append(mutant)
    for found in by_kind.values():
        Random(seed).shuffle(found)
    return [mutant for found in by_kind.values() for mutant in found[:count]]


def refusal(session, cell):
    """The code of what a run says against a cell; None if it runs."""
    try:
        session.run(cell, emit=lambda result: None)
    except ThanoSQLError as error:
        return error.code
    return None


def measure(session, mutants):
    """Of each kind how many a run refuses, how many of those are marked at their place, and the others."""
    refused, marked, missed = Counter(), Counter(), []
    for mutant in mutants:
        found = diagnose(Document(mutant.text, session.catalog, folder=session.working_folder))
        code = refusal(session, mutant.text)
        assert code != "TS900", mutant.text
        if code is None:
            continue
        refused[mutant.kind] += 1
        if any(
            mark.span.start < place.end and place.start < mark.span.end
            for mark in found
            for place in mutant.spans
        ):
            marked[mutant.kind] += 1
        else:
            missed.append((mutant.kind, mutant.text, [mark.message for mark in found]))
    return refused, marked, missed


def hold(refused, marked, missed, least):
    rates = {kind: f"{marked[kind]} of {count}" for kind, count in refused.items()}
    print(f"\n{marked.total()} of {refused.total()} marked: {rates}")
    assert refused.total() >= least
    assert marked.total() >= WANTED * refused.total(), missed


def plain_idioms():
    """Those that neither read earlier results nor have open parameters."""
    return [cell for cell in idioms() if "$" not in cell and " _ " not in cell]


def test_slips_in_idioms_are_marked_where_they_are(tmp_path):
    session = emptied(opened(tmp_path))
    hold(*measure(session, chosen(plain_idioms(), session.catalog, 15)), least=60)
    session.close()


class Keeping(UsedDatabase):
    """A database whose views stay: queries over them are run later."""

    def drop_oldest_views(self):
        pass


@pytest.mark.hunt
def test_slips_in_random_queries_are_marked_where_they_are(tmp_path):
    database = Keeping(tmp_path, Random(4))
    maker = Maker(database, Random(4))
    cells = [maker.written(maker.query().sql)[0] for _ in range(rounds(25, 60))]
    session = emptied(database.ours.session)
    hold(*measure(session, chosen(cells, session.catalog, rounds(10, 100))), least=40)
    database.close()


@pytest.mark.e2e
def test_over_a_thousand_slips_are_marked_where_they_are(tmp_path):
    session = emptied(opened(tmp_path))
    hold(*measure(session, chosen(plain_idioms(), session.catalog, 300)), least=1000)
    session.close()
