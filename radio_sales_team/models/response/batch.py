"""Batches of records for scheduled actions: locked, isolated, set aside on failure.
Messages in savepoints of their own, so that one that fails stops nothing else."""

import logging

from psycopg2 import errors

from odoo import fields
from odoo.exceptions import ConcurrencyError, LockError

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100

# Raised where another worker or user changes the same rows at the same moment.
CONFLICTS = (
    ConcurrencyError,
    LockError,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.SerializationFailure,
)
MAX_CONFLICTS = 20


def run_in_batches(model, get_due, process, cron):
    """Process due records in batches, each in its own transaction.

    Rows that another worker has locked are left to it. On a conflict the batch is
    rolled back and read again, since Odoo does not retry scheduled actions. A record
    that cannot be processed is set aside (``radio.processing.failure``).

    :param model: empty recordset of the model whose records are processed.
    :param get_due: function that returns the next due records, at most ``BATCH_SIZE``,
        without those whose ids it is given.
    :param process: function that processes the records that could be locked.
    :param cron: XML id of the scheduled action, which retries what has failed.
    :return: number of records that were processed.
    """
    env, started_at = model.env, fields.Datetime.now()
    excluded_ids = None
    done = conflicts = 0
    while True:
        env["ir.cron"]._commit_progress()
        # records of the last batch are not needed any more
        env.invalidate_all()
        failures = env["radio.processing.failure"]
        if excluded_ids is None:
            excluded_ids = failures._get_postponed_ids(model, cron)
        try:
            due = get_due(excluded_ids)
            records = due.try_lock_for_update(allow_referencing=True)
            process_safely(process, records, cron)
            env.flush_all()
        except CONFLICTS:
            env.cr.rollback()
            conflicts += 1
            if conflicts > MAX_CONFLICTS:
                raise  # other users do not change that much: a bug
            continue
        conflicts = 0
        if not due:
            failures._delete_obsolete(model, cron, started_at)
            return done
        done += len(records)
        # locked by another worker, or still due although processed
        excluded_ids.update(due.ids)
        if not env["ir.cron"]._commit_progress(len(records)):
            # Time is over. Odoo only comes back at once if it knows of a rest.
            env["ir.cron"]._commit_progress(remaining=len(get_due(excluded_ids)))
            return done


def process_safely(process, records, cron):
    """Process records together; if that fails, one by one, and set aside those that
    fail, so that one bad record does not block the others.

    :param process: function that processes records.
    :param cron: see :func:`run_in_batches`.
    """
    if not records:
        return
    failures = records.env["radio.processing.failure"]
    # write pending changes first, so that their errors are not taken for these records'
    records.env.flush_all()
    try:
        with records.env.cr.savepoint():
            process(records)
    except CONFLICTS:
        raise
    except Exception as error:
        if len(records) > 1:
            for record in records:
                process_safely(process, record, cron)
            return
        _logger.exception("%s: %s failed and is set aside", cron, records)
        failures._postpone(records, cron, error)
    else:
        failures._resolve(records, cron)


def post_safely(env, post, **values):
    """Post a message in a savepoint; if that fails, log the error and go on.

    :param post: method that posts a message, for example ``record.message_post``.
    :param values: its keyword arguments.
    """
    # write pending changes first, so that their errors are not taken for a message's
    env.flush_all()
    try:
        with env.cr.savepoint():
            post(**values)
    except CONFLICTS:
        raise
    except Exception:
        _logger.exception("%s: a message could not be posted", post)
