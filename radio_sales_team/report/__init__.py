from . import crm_lead
from . import digest_digest
from . import radio_handover
from . import radio_report_mixin
from . import radio_response_report
from . import radio_value_report
from . import radio_win_report
from . import radio_evaluation
