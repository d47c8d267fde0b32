from . import test_money_received
from . import test_order_booking
from . import test_order_commission
from . import test_order_commission_life
from . import test_order_commission_oracle
from . import test_order_commission_win
