# The API and the worker are the same image with another command: `serve` (the default), `worker`, `migrate`.
ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/werkstatt
# Libraries change seldom and the source often, so they are layers of their own.
COPY requirements.run.lock /build/
RUN /opt/werkstatt/bin/pip install --require-hashes --requirement /build/requirements.run.lock \
    && /opt/werkstatt/bin/pip install 'setuptools>=77'
COPY pyproject.toml README.md LICENSE /build/
COPY app /build/app
COPY channels /build/channels
COPY bot /build/bot
COPY booking_core /build/booking_core
COPY migrations /build/migrations
RUN /opt/werkstatt/bin/pip install --no-deps --no-build-isolation /build \
    && /opt/werkstatt/bin/pip uninstall --yes setuptools pip \
    && python -m compileall -q /opt/werkstatt

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="werkstatt-bot" org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin werkstatt
COPY --from=build /opt/werkstatt /opt/werkstatt
ENV PATH=/opt/werkstatt/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /opt/werkstatt
EXPOSE 8000
# For the worker this is replaced where it is deployed: it has no port.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["werkstatt"]
CMD ["serve", "--host", "0.0.0.0"]
