from . import test_order_booking
