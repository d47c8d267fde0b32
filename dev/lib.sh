# Shared by the scripts in dev/. Source it, do not run it.
# shellcheck shell=bash disable=SC2034  # what looks unused is used by those

set -euo pipefail
umask 022

ROOT=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
DEV=$ROOT/dev

# Everything that is downloaded or built lives outside the checkout.
# As root it lives in /var/cache: PostgreSQL refuses root, and the user that
# runs it instead must be able to reach the folder.
if [[ -z ${RADIO_CACHE:-} ]]; then
    if ((EUID == 0)); then
        RADIO_CACHE=/var/cache/radio_sales_team
    else
        RADIO_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/radio_sales_team
    fi
fi
[[ $RADIO_CACHE == /* ]] || RADIO_CACHE=$PWD/$RADIO_CACHE
export RADIO_CACHE

# One checkout, one number: several checkouts share a cache and a server.
CHECKOUT=$(printf %s "$ROOT" | sha256sum)
CHECKOUT=${CHECKOUT:0:8}
RUN=$RADIO_CACHE/run/$CHECKOUT
STAMPS=$RADIO_CACHE/stamps
LOGS=$RADIO_CACHE/log
ODOO_ROOT=$RADIO_CACHE/odoo
VENV=$RADIO_CACHE/venv
VENV_LINT=$RADIO_CACHE/venv-lint
PGDIR=$RADIO_CACHE/pg
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore

say() { printf '%s\n' "$*" >&2; }
die() {
    say "error: $*"
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# hash_of FILE... : one short key for the content of all of them
hash_of() { cat "$@" | sha256sum | cut -c1-16; }

# A step is done when its stamp holds the key of its inputs.
stamp_is() { [[ -f $STAMPS/$1 && $(<"$STAMPS/$1") == "$2" ]]; }
stamp() {
    mkdir -p "$STAMPS"
    printf '%s\n' "$2" >"$STAMPS/$1.new"
    mv "$STAMPS/$1.new" "$STAMPS/$1"
}

# logged NAME COMMAND... : output goes to a file, shown only when it fails
logged() {
    local log=$LOGS/$1.log
    shift
    mkdir -p "$LOGS"
    if ! "$@" >"$log" 2>&1; then
        tail -n 15 "$log" | sed 's/^/  | /' >&2
        say "  the whole log: $log"
        return 1
    fi
}

# The folder that holds the package "odoo", and the folders with its addons.
odoo_path() {
    local dir
    for dir in ${ODOO_HOME:+"$ODOO_HOME" "$ODOO_HOME/usr/lib/python3/dist-packages"} \
        ${ODOO_HOME:-"$ODOO_ROOT" "$ODOO_ROOT/usr/lib/python3/dist-packages"}; do
        if [[ -f $dir/odoo/release.py ]]; then
            printf '%s\n' "$dir"
            return
        fi
    done
    return 1
}
addons_path() {
    local odoo paths
    odoo=$(odoo_path)
    paths=$odoo/odoo/addons
    # A checkout of Odoo has most addons beside the package; Debian has them in it.
    [[ ! -f $odoo/addons/crm/__manifest__.py || -f $odoo/odoo/addons/crm/__manifest__.py ]] || paths+=,$odoo/addons
    printf '%s,%s\n' "$paths" "$ROOT"
}
odoo_version() { sed -n 's/^version_info = (\([0-9]*\), \([0-9]*\).*/\1.\2/p' "$(odoo_path)/odoo/release.py"; }

# A port of the loopback interface that nobody listens on.
free_port() {
    "$VENV/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# shellcheck source=dev/pg.sh
. "$DEV/pg.sh"

# ready STEP... : set up (nothing to do costs nothing), server up, paths set.
ready() {
    "$DEV/setup" "$@"
    pg_start
    if [[ -n ${ODOO_HOME:-} ]]; then
        PYTHONPATH=$(odoo_path)${PYTHONPATH:+:$PYTHONPATH}
        export PYTHONPATH
    fi
}

# Odoo's options as a file, one for each checkout because of the addons path.
# Server, user and password come from the PG* variables.
export_odoo_rc() {
    mkdir -p "$RUN"
    odoo_options >"$RUN/odoo.conf.$$"
    mv "$RUN/odoo.conf.$$" "$RUN/odoo.conf"
    export ODOO_RC=$RUN/odoo.conf
}
odoo_options() {
    cat <<CONF
[options]
addons_path = $(addons_path)
data_dir = $RADIO_CACHE
# Nobody manages databases by the web here: dev/newdb, dev/psql.
list_db = False
admin_passwd = $(</proc/sys/kernel/random/uuid)
# Everything listens on this machine alone, as passwords are trivial.
http_interface = 127.0.0.1
CONF
}

# What marks a database as made by this checkout (a comment on it).
checkout_mark() { printf 'radio_sales_team checkout %s\n' "$ROOT"; }

# apt_install PACKAGE... : as root; lists are fetched where they are missing
apt_install() {
    apt-get update -q && apt-get install -y -q --no-install-recommends "$@"
}

# our_addons: the addons of this checkout, or those named in ADDONS
our_addons() {
    local manifest
    if [[ -n ${ADDONS:-} ]]; then
        tr -s ', ' '\n' <<<"$ADDONS"
        return
    fi
    for manifest in "$ROOT"/*/__manifest__.py; do
        [[ ! -f $manifest ]] || basename "$(dirname "$manifest")"
    done
}

# end_process PIDFILE WORD: ends what PIDFILE names, if its command line still
# holds WORD (the number may belong to somebody else by now).
end_process() {
    local pid i
    [[ -f $1 ]] || return 0
    pid=$(<"$1")
    if [[ -n $pid ]] && grep -qsaF "$2" "/proc/$pid/cmdline"; then
        kill "$pid" 2>/dev/null || true
        for ((i = 0; i < 100; i++)); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null || true
    fi
    rm -f "$1"
}
# demo_stop RUN_FOLDER
demo_stop() {
    end_process "$1/odoo.pid" "$1/demo.conf"
    end_process "$1/sink.pid" mail_sink.py
    rm -f "$1/demo.env"
}
