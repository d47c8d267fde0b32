# The virtual environments: one that runs Odoo and the tests, one for linting.
# shellcheck shell=bash

python_label() { echo "Python packages for Odoo and tests"; }
python_key() { hash_of "$DEV/requirements-odoo.txt" "$DEV/requirements-test.txt"; }
python_ready() { stamp_is python "$(python_key)" && [[ -x $VENV/bin/python ]] && venv_knows_odoo; }
python_make() {
    if ! stamp_is python "$(python_key)" || [[ ! -x $VENV/bin/python ]]; then
        venv_make "$VENV" "$(python_key)" -r "$DEV/requirements-odoo.txt" -r "$DEV/requirements-test.txt"
        stamp python "$(python_key)"
    fi
    venv_knows_odoo || odoo_path >"$(venv_pth)" ||
        die "Odoo is not there yet: dev/setup odoo"
}

lint_label() { echo "Linters"; }
lint_key() { hash_of "$DEV/requirements-lint.txt"; }
lint_ready() { stamp_is lint "$(lint_key)" && [[ -x $VENV_LINT/bin/python ]]; }
lint_make() {
    venv_make "$VENV_LINT" "$(lint_key)" -r "$DEV/requirements-lint.txt"
    stamp lint "$(lint_key)"
}

# An ODOO_HOME goes first by PYTHONPATH (see lib.sh), so the link is for ours.
venv_pth() { printf '%s\n' "$(echo "$VENV"/lib/python3*/site-packages)/odoo-home.pth"; }
venv_knows_odoo() {
    [[ -z ${ODOO_HOME:-} ]] || return 0
    local pth
    pth=$(venv_pth)
    [[ -f $pth && $(<"$pth") == "$(odoo_path)" ]]
}

# A virtual environment cannot be moved, so each is built where it stays, named
# by its inputs, and a link is turned to it when it is complete.
venv_make() {
    local link=$1 dir=$1-$2 python
    shift 2
    if [[ ! -x $dir/bin/pip ]]; then
        rm -rf "$dir"
        python=$(find_python)
        if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            logged venv "$python" -m venv "$dir" || die "no virtual environment in $dir"
        else
            logged venv "$python" -m virtualenv "$dir" || die "no virtual environment in $dir"
        fi
    fi
    logged pip "$dir/bin/pip" install --prefer-binary "$@" ||
        die "Python packages could not be installed: check network, disk and the lines above, then run it again"
    ln -sfn "$(basename "$dir")" "$link.new"
    mv -T "$link.new" "$link"
    # Those of older inputs are of no use any more.
    local old
    for old in "$link"-*; do
        [[ $old == "$dir" || $old == "$VENV_LINT"* && $link == "$VENV" ]] || rm -rf "$old"
    done
}

# Odoo 19 runs on 3.10 and later; gevent as pinned does not build on 3.13.
# Debian's Python often comes without venv, so one that has it goes first.
find_python() {
    local candidate version found="" bare=""
    for candidate in ${PYTHON:+"$PYTHON"} python3.12 python3.11 python3.10 python3 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1{2,1,0}.*/bin/python3; do
        # Shims of version managers exist without anything behind them.
        version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        if [[ $version != 3.1[012] ]]; then
            found+=" $version"
        elif "$candidate" -c 'import ensurepip, venv' 2>/dev/null || "$candidate" -c 'import virtualenv' 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        else
            bare=$candidate
        fi
    done
    [[ -z $bare ]] || die "$bare cannot make virtual environments: apt install python3-venv (as root), or $bare -m pip install --user virtualenv"
    die "Python 3.10, 3.11 or 3.12 is needed, found:${found:- none}. Install one (Debian 12: apt install python3 python3-venv) or set PYTHON"
}
