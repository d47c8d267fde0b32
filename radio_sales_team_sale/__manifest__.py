{
    "name": "Radio Sales Team: Orders",
    "summary": "Bookings from confirmed orders, quotations as contacts",
    "version": "19.0.0.1.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "Radio Sales Team contributors",
    "depends": ["radio_sales_team", "sale_crm"],
    "data": [
        "views/product_views.xml",
        "views/sale_order_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
}
