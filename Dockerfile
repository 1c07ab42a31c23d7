# The site as one container: browser's side, Python with hashes, and an image that can neither build nor install.
#   docker build --tag backupweb .
# Python: the newest for which every pinned package has wheels and names it. Node only builds; nothing of it is shipped.
ARG PYTHON=3.13
ARG NODE=20

# ---------------------------------------------------------------- Python's wheels for the browser, with their hashes
FROM docker.io/library/python:${PYTHON}-slim-bookworm AS wheels
WORKDIR /src
COPY deploy/browser-wheels.sh deploy/
COPY frontend/requirements-browser.txt frontend/
RUN deploy/browser-wheels.sh

# ---------------------------------------------------------------- the browser's side
FROM docker.io/library/node:${NODE}-bookworm-slim AS browser
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY deploy/browser-wheels.sh deploy/
COPY --from=wheels /src/.cache .cache
COPY frontend frontend
RUN npx vite build --config frontend/vite.config.ts --logLevel warn

# ---------------------------------------------------------------- Python, translations, collected files
FROM docker.io/library/python:${PYTHON}-slim-bookworm AS program
WORKDIR /src
COPY . .
COPY --from=browser /src/frontend/dist frontend/dist
RUN deploy/program.sh --browser-built /opt/backupweb

# ---------------------------------------------------------------- what runs
FROM docker.io/library/python:${PYTHON}-slim-bookworm
RUN pip uninstall --yes --quiet --root-user-action ignore pip \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin backupweb \
    && install --directory --mode 700 --owner backupweb --group backupweb /data
# Owned by root: the process cannot change its own program, whether the root file system is read-only or not.
COPY --from=program /opt/backupweb /opt/backupweb
WORKDIR /opt/backupweb
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 BACKUPWEB_MODE=production BACKUPWEB_DATA=/data
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/opt/backupweb/.venv/bin/python", "-m", "backupweb.ops.probe"]
# `docker run … backupweb setup`, `… invite`, `… doctor`: every command of manage.py.
ENTRYPOINT ["/opt/backupweb/.venv/bin/python", "manage.py"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
