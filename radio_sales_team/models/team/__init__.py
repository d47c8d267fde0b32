from . import radio_team_target
from . import radio_bonus_pool
from . import radio_bonus_member
from . import radio_commission_audit
