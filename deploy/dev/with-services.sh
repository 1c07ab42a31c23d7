#!/usr/bin/env bash
# Runs a command beside a PostgreSQL and a Redis of its own, empty, on free ports, gone afterwards.
#   deploy/dev/with-services.sh pytest tests/backups
set -euo pipefail
here=$(dirname "$0")
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || "$here/debian.sh" postgresql
command -v redis-server >/dev/null || "$here/debian.sh" redis-server
bin=$(dirname "$(compgen -G "/usr/lib/postgresql/*/bin/initdb" | sort -V | tail -1)")
# In memory where there is enough: between two tests all tables are emptied, and that is many small files.
scratch=${TMPDIR:-/tmp}
[ "$(df --output=avail --block-size=1M /dev/shm 2>/dev/null | tail -1)" -gt 2048 ] 2>/dev/null && scratch=/dev/shm
folder=$(mktemp -d -p "$scratch")
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
pg_port=$(free_port) redis_port=$(free_port)

# PostgreSQL refuses to run as root.
as_postgres=()
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as_postgres=(runuser -u postgres --)
fi
cd "$folder"
"${as_postgres[@]}" "$bin/initdb" --pgdata "$folder/pg" --auth trust --username backupweb --encoding UTF8 --no-locale --no-sync >/dev/null
"${as_postgres[@]}" "$bin/pg_ctl" --pgdata "$folder/pg" --wait --silent --log "$folder/pg.log" \
    --options "-k $folder -h 127.0.0.1 -p $pg_port -c fsync=off -c full_page_writes=off -c synchronous_commit=off" start
# A database for the tests, and one for each site that they start.
redis-server --bind 127.0.0.1 --port "$redis_port" --save "" --appendonly no --databases 4096 >/dev/null &
redis=$!
# shellcheck disable=SC2329  # the trap calls it
finish() {
    kill "$redis" 2>/dev/null || true
    "${as_postgres[@]}" "$bin/pg_ctl" --pgdata "$folder/pg" --mode immediate --silent stop || true
    rm -rf "$folder"
}
trap finish EXIT
cd "$OLDPWD"
export DATABASE_URL="postgres://backupweb@127.0.0.1:$pg_port/postgres" BACKUPWEB_REDIS_URL="redis://127.0.0.1:$redis_port/0"
"$@"
