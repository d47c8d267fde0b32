from . import response
from . import handover
