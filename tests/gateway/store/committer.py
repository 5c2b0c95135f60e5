"""A process of its own that commits pages in a loop until it is done or killed. Arguments: URL, folder of `pages.py`.

It goes on from the stored cursor, as a pull does, and prints a line for every page that is committed.
"""

import importlib
import sys

import orjson

from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.store import datasets
from gateway.store.database import open_database

PAGES, SIZE = 30, 20


def main(url: str, folder: str) -> None:
    sys.path.insert(0, folder)
    pages = importlib.import_module("pages")
    database = open_database(url)
    with database.read() as conn:
        cursor = datasets.cursor(conn, "js", "manifests")
    if cursor is None:
        pages.prepare(database)
    for number in range(orjson.loads(cursor)["page"] if cursor else 0, PAGES):
        # Every second page corrects the one before it.
        first = number // 2 * SIZE
        drafts = [
            pages.draft(str(key), pages.content(str(number + 1), no=f"202632{key:08d}"), newer=f"{number:03d}")
            for key in range(first, first + SIZE)
        ]
        page = pages.page(
            *drafts, pages.damaged(f"broken {number}"), body=str(number).encode(), cursor=f'{{"page":{number + 1}}}'
        )
        commit_page(database, page, pages.clock(number), targets=(Target("national"),))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
