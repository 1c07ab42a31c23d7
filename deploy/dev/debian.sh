#!/bin/sh
# Installs Debian packages by name, as root or through sudo; says what to do where neither is possible.
set -eu
if [ "$(id -u)" = 0 ]; then run=""; elif command -v sudo >/dev/null; then run="sudo"; else
    echo "Please install: $*   (apt-get install $*)" >&2
    exit 1
fi
# Two at once would refuse each other.
exec 9<"$0"
flock 9
$run apt-get update -qq
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends "$@" >/dev/null
