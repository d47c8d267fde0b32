import json


def migrate(cr, version):
    """What was won in the minute before upgrading is kept in another form. Its bookings
    and signals were written when it was won."""
    cr.execute("SELECT id, pending FROM radio_commission_deal WHERE pending ? 'people'")
    for deal_id, pending in cr.fetchall():
        if not isinstance(pending["people"], list):
            continue
        staff = pending["staff_ids"]
        pending["helpers"] = [
            [None, role_id, user_id, None, user_id in staff]
            for role_id, user_ids in pending["people"]
            for user_id in user_ids
        ]
        pending["people"] = {"roles": {}, "seller": [], "first_contact": []}
        pending["agency_id"] = False
        pending["win"] = False
        cr.execute(
            "UPDATE radio_commission_deal SET pending = %s WHERE id = %s",
            [json.dumps(pending), deal_id],
        )
