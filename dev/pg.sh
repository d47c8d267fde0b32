# The development server: where it is, who runs it, starting and stopping it.
# Sourced by lib.sh.
# shellcheck shell=bash

# Our own socket in PGHOST comes from the script that called this one.
pg_is_given() {
    [[ -n ${PGHOST:-}${PGHOSTADDR:-}${PGPORT:-}${PGSERVICE:-} && ${PGHOST:-} != "$(pg_socket)" ]]
}

# PostgreSQL refuses to run as root, so root hands it to another user.
pg_owner() { if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi; }
pg_as() (
    if ((EUID != 0)); then
        exec "$@"
    fi
    cd /
    if command -v runuser >/dev/null 2>&1; then
        exec runuser -u "$(pg_owner)" -- "$@"
    fi
    exec setpriv --reuid "$(pg_owner)" --regid "$(id -g "$(pg_owner)")" --clear-groups "$@"
)

# A socket's path may have 107 bytes; deep caches get a folder in /tmp.
pg_socket() {
    if ((${#PGDIR} < 80)); then
        echo "$PGDIR"
    else
        echo "/tmp/radio_sales_team-$EUID-$(printf %s "$PGDIR" | sha256sum | cut -c1-8)"
    fi
}

# pg_start: the server runs and PG* variables point to it when it returns.
pg_start() {
    pg_is_given && return
    local socket bin
    socket=$(pg_socket)
    export PGHOST=$socket PGPORT=5432 PGUSER=odoo
    bin=$(<"$STAMPS/postgres")
    PATH=$PATH:$bin
    "$bin/pg_isready" -q && return
    flock -o "$RADIO_CACHE/pg.lock" bash -c '. "$1"; pg_start_locked "$2"' bash "$DEV/lib.sh" "$bin" ||
        die "PostgreSQL does not start, see $LOGS/postgres.log"
}
pg_start_locked() {
    local bin=$1 socket
    socket=$(pg_socket)
    PGHOST=$socket "$bin/pg_isready" -q && return
    mkdir -p "$LOGS"
    [[ -d $socket ]] || { mkdir -m 700 "$socket" && { ((EUID)) || chown "$(pg_owner)" "$socket"; }; }
    # pg_ctl sees by itself when postmaster.pid is a leftover; the log belongs
    # to whoever runs the server.
    ((EUID)) || { touch "$LOGS/postgres.log" && chown "$(pg_owner)" "$LOGS/postgres.log"; }
    # After a crash the old one's children may need a moment to be gone.
    local i
    for ((i = 0; i < 5; i++)); do
        pg_as "$bin/pg_ctl" start -w -t 60 -s -D "$PGDIR/data" -l "$LOGS/postgres.log" \
            </dev/null >/dev/null 2>&1 && return
        sleep 1
    done
    return 1
}
pg_stop() {
    [[ -f $STAMPS/postgres && -d $PGDIR/data ]] || return 0
    local bin
    bin=$(<"$STAMPS/postgres")
    pg_as "$bin/pg_ctl" status -D "$PGDIR/data" >/dev/null 2>&1 || return 0
    pg_as "$bin/pg_ctl" stop -m fast -s -w -D "$PGDIR/data"
}
# pg_restart fast|immediate : immediate is as if the machine had lost its power
pg_restart() {
    pg_is_given && die "a server of your own is not restarted"
    local bin
    bin=$(<"$STAMPS/postgres")
    pg_as "$bin/pg_ctl" stop -m "$1" -s -w -D "$PGDIR/data"
    pg_start
}
