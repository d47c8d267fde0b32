from . import response
from . import handover
from . import upsell
