from . import response
from . import handover
from . import upsell
from . import commission
from . import team
