#!/bin/sh
# Fetches the wheels that Python needs in the browser into .cache/browser-wheels; each is compared with its hash.
#   deploy/browser-wheels.sh
# Needs Python with pip or venv ($PYTHON, else python3). Nothing of it is installed or run here. Nothing is fetched twice.
set -eu
cd "$(dirname "$0")/.."
wheels=.cache/browser-wheels
cmp -s frontend/requirements-browser.txt "$wheels/requirements.txt" && exit 0
new=$wheels.$$
python=${PYTHON:-python3}
trap 'rm -rf "$new" "$new.venv"' EXIT
mkdir -p "$new"
# Debian's Python has no pip of its own.
if ! "$python" -m pip --version > /dev/null 2>&1; then
    "$python" -m venv "$new.venv"
    python=$new.venv/bin/python
fi
# For the Python that Pyodide is; of wheels with a compiled part, any system's will do: that part is left out.
"$python" -m pip download -qq --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
    --implementation cp --python-version 3.14 --abi cp314 --platform manylinux2014_x86_64 \
    --requirement frontend/requirements-browser.txt --dest "$new"
cp frontend/requirements-browser.txt "$new/requirements.txt"
rm -rf "$wheels"
mv "$new" "$wheels"
