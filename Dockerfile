# The production parts in one image: `klyngeflow worker`, `web`, `migrate`, `recover`, `rebuild`. See docker-compose.yml.

FROM python:3.12-slim AS built
WORKDIR /build
RUN python -m venv /klyngeflow
ENV PATH=/klyngeflow/bin:$PATH
# The lock is the one the tests run with, tools included: what was tested is what runs.
COPY requirements.lock .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.12-slim
COPY --from=built /klyngeflow /klyngeflow
COPY --chmod=755 deploy/with-secrets.sh /klyngeflow/bin/with-secrets
ENV PATH=/klyngeflow/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --uid 10001 --no-create-home klyngeflow
USER 10001
WORKDIR /tmp
ENTRYPOINT ["with-secrets"]
CMD ["klyngeflow", "--help"]
