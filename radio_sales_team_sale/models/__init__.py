from . import product_template
from . import radio_booking
from . import sale_order
from . import sale_order_booking
from . import sale_order_line
