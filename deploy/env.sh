#!/bin/sh
# Prints a filled-in .env: the address, fresh secrets, the first admin. Everything else keeps its default.
#   deploy/env.sh https://backup.example.org [admin [admin@example.org [/folder/of/the/data]]] > .env
set -eu
url=${1:?the address people will type, such as https://backup.example.org}
case $url in https://*) ;; *) echo "The address begins with https://" >&2; exit 1 ;; esac
random() { head -c "$1" /dev/urandom | base64 | tr -d '\n=+/'; }
password=
# It is taken once, by the first `setup`; afterwards it is changed in the account's own pages.
[ -z "${2:-}" ] || password=$(random 18)
sed -e "s|^BACKUPWEB_URL=.*|BACKUPWEB_URL=$url|" \
    -e "s|^BACKUPWEB_SECRET_KEY=.*|BACKUPWEB_SECRET_KEY=$(random 48)|" \
    -e "s|^BACKUPWEB_SECRET_KEY_FILE=.*|BACKUPWEB_SECRET_KEY_FILE=|" \
    -e "s|^BACKUPWEB_ADMIN_NAME=.*|BACKUPWEB_ADMIN_NAME=${2:-}|" \
    -e "s|^BACKUPWEB_ADMIN_EMAIL=.*|BACKUPWEB_ADMIN_EMAIL=${3:-}|" \
    -e "s|^BACKUPWEB_DATA=.*|BACKUPWEB_DATA=${4:-/data}|" \
    -e "s|^BACKUPWEB_ADMIN_PASSWORD=.*|BACKUPWEB_ADMIN_PASSWORD=$password|" \
    "$(dirname "$0")/../.env.example"
