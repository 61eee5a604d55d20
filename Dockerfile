# The product's image: web, worker, loader, beat and the migration all run from it (see docker-compose.yml).
# Debian, because the packages are manylinux wheels, which musl can't load.
FROM python:3.13-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /opt/weige \
 && /opt/weige/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary=:all: \
    -r requirements.txt

FROM python:3.13-slim-bookworm
ENV PATH=/opt/weige/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=governance.settings MEDIA_ROOT=/srv/media
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin weige \
 && install -d -o weige -g weige /srv/media /var/lib/weige
COPY --from=packages /opt/weige /opt/weige
WORKDIR /app
COPY . .
# Nobody may write here later, and without compiled files each start would compile what it imports.
RUN python -m compileall -q .
# Settings want secrets even to collect static files. These live for this one command and open nothing.
RUN SECRET_KEY=$(head -c 48 /dev/urandom | base64 -w0) FIELD_KEYS=build:$(head -c 32 /dev/urandom | base64 -w0) \
    DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost/0 ALLOWED_HOSTS=localhost \
    python manage.py collectstatic --noinput --verbosity 0
USER weige
EXPOSE 8000
# Whoever listens on a container's port is its own network; a proxy in front ends TLS.
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "1", "--no-ws", "--log-level", "warning", "governance.wsgi:application"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-m", "governance.healthcheck", "web"]
