#!/bin/sh
# Puts the program together in a folder, from a checkout: the same for an image and for a machine without containers.
#   deploy/program.sh [--browser-built] /opt/backupweb
# Needs Python 3.11 or newer with venv ($PYTHON, else python3) and, unless the browser's side is built, Node 20.
# What is at that place stays beside it as …/backupweb.old. Everything that is downloaded is compared with its hash.
set -eu
built=no
[ "${1:-}" = --browser-built ] && { built=yes; shift; }
target=${1:?the folder to put the program into}
source=$(cd "$(dirname "$0")/.." && pwd)
cd "$source"

if [ $built = no ]; then
    npm ci --no-audit --no-fund --ignore-scripts
    npx vite build --config frontend/vite.config.ts --logLevel warn
fi
[ -f frontend/dist/manifest.json ] || { echo "The browser's side is not built." >&2; exit 1; }

new=$target.new tools=$(mktemp -d)
trap 'rm -rf "$tools" "$new"' EXIT
rm -rf "$new"
mkdir -p "$new/frontend"
"${PYTHON:-python3}" -m venv "$tools"
"${PYTHON:-python3}" -m venv --without-pip "$new/.venv"
# Wheels only: nothing that is downloaded runs before its hash was compared, and nothing needs a compiler.
pip="$tools/bin/pip -qq --disable-pip-version-check --no-cache-dir"
$pip --python "$new/.venv/bin/python" install --require-hashes --only-binary :all: --requirement requirements.txt
sed -n '/^babel==/,/# via/p' requirements-dev.txt > "$tools/babel.txt"
$pip install --require-hashes --only-binary :all: --requirement "$tools/babel.txt"

cp -R manage.py backupweb templates LICENSE "$new/"
cp -R frontend/dist "$new/frontend/dist"
cd "$new"
find backupweb -name __pycache__ -type d -prune -exec rm -rf {} +
for texts in backupweb/locale/*/LC_MESSAGES/django.po; do
    # It takes "80 % of" for a format and complains, but writes it.
    "$tools/bin/python" -m babel.messages.frontend --quiet compile --input-file "$texts" --output-file "${texts%.po}.mo" \
        2> /dev/null
    test -s "${texts%.po}.mo"
done
BACKUPWEB_MODE=development BACKUPWEB_DATA="$tools/data" .venv/bin/python manage.py collectstatic --noinput --verbosity 0
.venv/bin/python -m compileall -q .venv/lib backupweb || true  # templates of packages that are no Python
chmod -R go+rX,go-w .

cd /
rm -rf "$target.old"
[ ! -e "$target" ] || mv "$target" "$target.old"
mv "$new" "$target"
