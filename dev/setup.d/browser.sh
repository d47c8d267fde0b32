# A browser for the tours: whichever Odoo's test runner finds on the PATH.
# shellcheck shell=bash

browser_label() { echo "Browser"; }
browser_ready() {
    local name
    # The names that odoo/tests/common.py looks for.
    for name in google-chrome chromium chromium-browser google-chrome-stable; do
        have "$name" && return 0
    done
    return 1
}
browser_make() {
    if ((EUID == 0)) && have apt-get; then
        export DEBIAN_FRONTEND=noninteractive
        logged apt-browser apt_install chromium && browser_ready && return
    fi
    say "  no browser here: tests go on, tours are skipped (install chromium to run them)"
}
