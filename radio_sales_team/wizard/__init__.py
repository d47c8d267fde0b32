from . import radio_take_call
from . import radio_take_call_caller
from . import radio_take_call_next
