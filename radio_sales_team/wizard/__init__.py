from . import radio_take_call
from . import radio_take_call_caller
from . import radio_take_call_next
from . import radio_take_call_hand_over
from . import radio_take_call_signal
from . import radio_hand_over
from . import radio_handover_answer
from . import radio_signal_dismiss
