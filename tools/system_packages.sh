#!/usr/bin/env bash
# Check the system libraries a command needs; install what is missing where that is
# allowed, otherwise say the exact command that does.  Usage: system_packages.sh venv|run|test
set -euo pipefail
# ldconfig lies where an ordinary user of Debian does not look.
PATH=$PATH:/usr/sbin:/sbin

missing=()

need_library() { # library file name, package
    ldconfig -p | grep -q "$1" || missing+=("$2")
}

need_command() { # command, package
    command -v "$1" >/dev/null || missing+=("$2")
}

python=$(command -v python3.11 || command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed. On Debian 12: apt-get install python3 python3-venv" >&2
    exit 1
fi
if [ "$1" = venv ]; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
else
    need_library libpango-1.0.so.0 libpango-1.0-0
    need_library libpangoft2-1.0.so.0 libpangoft2-1.0-0
    need_library libharfbuzz-subset.so.0 libharfbuzz-subset0
    ls /usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc >/dev/null 2>&1 \
        || [ -n "${REPORT_FONT_DIR:-}" ] || missing+=(fonts-noto-cjk)
    if [ "$1" = test ]; then
        need_command chromium chromium
    fi
fi

[ ${#missing[@]} -eq 0 ] && exit 0

install="apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo)
else
    echo "These system packages are missing: ${missing[*]}" >&2
    echo "Install them as root with:" >&2
    echo "  apt-get update && $install" >&2
    exit 1
fi
echo "Installing ${missing[*]} …"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" $install -qq >/dev/null
