"""How scheduled actions work through what is due."""

import logging

from psycopg2.errors import UniqueViolation

from odoo.exceptions import LockError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100

# What another worker's or a user's change in the same moment looks like.
CONFLICTS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, LockError, UniqueViolation)
MAX_CONFLICTS = 20


def run_in_batches(env, get_due, process):
    """Work through what is due, each batch in its own transaction.

    Rows that another worker holds are left to it; where a row changed under our feet,
    the batch is rolled back and looked at again, because a scheduled action that fails
    is not tried again by Odoo.

    :param get_due: function that returns the next records that are due, at most
        ``BATCH_SIZE``, without those whose ids it is given.
    :param process: function that deals with the records that could be locked.
    :return: how many records were dealt with.
    """
    left_alone = set()
    done = conflicts = 0
    while True:
        env["ir.cron"]._commit_progress()
        # what was read for the last batch is not needed any more
        env.invalidate_all()
        try:
            due = get_due(left_alone)
            records = due.try_lock_for_update()
            _process_safely(env, process, records)
            env.flush_all()
        except CONFLICTS:
            env.cr.rollback()
            conflicts += 1
            if conflicts > MAX_CONFLICTS:
                raise  # nobody changes that much: it is our own fault
            continue
        conflicts = 0
        if not due:
            return done
        done += len(records)
        # what another worker holds is its own, what is still due would be for ever
        left_alone.update(due.ids)
        if not env["ir.cron"]._commit_progress(len(records)):
            # Time is over. Odoo comes back at once only where it knows of a rest.
            env["ir.cron"]._commit_progress(remaining=len(get_due(left_alone)))
            return done


def _process_safely(env, process, records):
    """Deal with a batch; where that fails, one by one, so that a bad record is logged
    and set aside, and stops no other."""
    if not records:
        return
    try:
        with env.cr.savepoint():
            process(records)
    except CONFLICTS:
        raise
    except Exception:
        if len(records) > 1:
            for record in records:
                _process_safely(env, process, record)
            return
        _logger.exception("%s cannot be dealt with, and is set aside", records)
