"""Odoo's command line as a file: its workers start their like by this name."""

from odoo.cli.command import main

if __name__ == "__main__":
    main()
