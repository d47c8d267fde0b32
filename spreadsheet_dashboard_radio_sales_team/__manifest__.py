{
    "name": "Radio Sales Team: Dashboard",
    "summary": "Response, signals and revenue on one screen",
    "version": "19.0.1.1.0",
    "category": "Productivity/Dashboard",
    "license": "LGPL-3",
    "author": "Radio Sales Team contributors",
    "depends": ["radio_sales_team", "spreadsheet_dashboard"],
    "data": ["data/dashboards.xml"],
    "images": ["static/description/dashboard.png"],
    "auto_install": True,
}
