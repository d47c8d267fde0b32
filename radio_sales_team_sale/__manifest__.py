{
    "name": "Radio Sales Team: Orders",
    "summary": "Bookings and commission from orders, quotations as contacts",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "Radio Sales Team contributors",
    "depends": ["radio_sales_team", "sale_crm"],
    "data": [
        "views/product_views.xml",
        "views/radio_commission_views.xml",
        "views/res_partner_views.xml",
        "views/sale_order_views.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
