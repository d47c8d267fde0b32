from . import test_clock
from . import test_escalation
from . import test_first_contact
from . import test_inquiry
from . import test_mail_gateway
from . import test_response_tour
from . import test_working_time
