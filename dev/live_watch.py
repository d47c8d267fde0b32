"""Others work while an addon is installed: what they meet, how long they wait."""

import threading
import time
from collections import namedtuple

import psycopg2

# Tables that everybody reads and writes all day.
BUSY = (
    "calendar_event",
    "crm_lead",
    "crm_team",
    "mail_activity",
    "mail_message",
    "res_company",
    "res_partner",
    "res_users",
    "sale_order",
)
# What keeps others from reading, and what keeps them from writing.
NO_READING = {"AccessExclusiveLock"}
NO_WRITING = {"ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", *NO_READING}

Watched = namedtuple("Watched", "seconds locks read_wait write_wait stopped")


class Watch:
    """While this block runs, look at the locks ten times a second, and read and write
    a lead as somebody at work does.

    :ivar result: ``Watched``: seconds of the block; longest time of each lock by table
        and mode; longest wait of a reader and of a writer, in seconds; who of these
        could not go on, as their waits are not known then.
    """

    def __init__(self, database):
        self.database = database
        self.result = None
        self._over = threading.Event()
        self._since, self._longest = {}, {}
        self._waits = {"read": 0, "write": 0}

    def __enter__(self):
        work = [
            (self._look_at_locks, ()),
            (self._work, ("read", "SELECT name FROM crm_lead ORDER BY id LIMIT 1")),
            (
                self._work,
                (
                    "write",
                    "UPDATE crm_lead SET expected_revenue = expected_revenue "
                    "WHERE id = (SELECT min(id) FROM crm_lead)",
                ),
            ),
        ]
        self._threads = [
            threading.Thread(target=do, args=args, name=(*args, "locks")[0])
            for do, args in work
        ]
        for thread in self._threads:
            thread.start()
        self._start = time.monotonic()
        return self

    def __exit__(self, *error):
        seconds = time.monotonic() - self._start
        stopped = [one.name for one in self._threads if not one.is_alive()]
        self._over.set()
        for thread in self._threads:
            thread.join()
        self.result = Watched(
            seconds,
            self._longest,
            self._waits["read"],
            self._waits["write"],
            stopped,
        )

    def _connect(self):
        connection = psycopg2.connect(dbname=self.database)
        connection.autocommit = True
        return connection

    def _look_at_locks(self):
        connection = self._connect()
        cursor = connection.cursor()
        while not self._over.wait(0.1):
            cursor.execute(
                """SELECT pid, relation::regclass::text, mode FROM pg_locks
                   WHERE locktype = 'relation' AND granted AND mode = ANY(%s)
                     AND database = (SELECT oid FROM pg_database
                                     WHERE datname = current_database())
                     AND relation::regclass::text = ANY(%s)""",
                (list(NO_WRITING), list(BUSY)),
            )
            self._note(set(cursor.fetchall()), time.monotonic())
        connection.close()

    def _note(self, held, now):
        for lock in set(self._since) - held:
            del self._since[lock]
        for lock in held:
            seconds = now - self._since.setdefault(lock, now)
            _pid, table, mode = lock
            key = (table, mode)
            self._longest[key] = max(self._longest.get(key, 0), seconds)

    def _work(self, kind, sql):
        connection = self._connect()
        cursor = connection.cursor()
        while not self._over.wait(0.2):
            start = time.monotonic()
            cursor.execute(sql)
            self._waits[kind] = max(self._waits[kind], time.monotonic() - start)
        connection.close()


def longest(watched, modes=NO_READING, table=None):
    """The longest time for which a lock of these modes was held on a table, of all busy
    ones where none is named."""
    return max(
        (
            seconds
            for (name, mode), seconds in watched.locks.items()
            if mode in modes and table in (None, name)
        ),
        default=0,
    )
