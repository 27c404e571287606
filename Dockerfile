# The production parts in one image: `klyngeflow worker`, `web`, `migrate`, `recover`, `rebuild`. See docker-compose.yml.
#
# To have the very same base each time, name it by digest: --build-arg PYTHON_IMAGE=python:3.12-slim@sha256:…

ARG PYTHON_IMAGE=python:3.12-slim

FROM ${PYTHON_IMAGE} AS built
WORKDIR /build
RUN python -m venv /klyngeflow
ENV PATH=/klyngeflow/bin:$PATH
# What runs, in the versions the tests run with, and what builds it, which does not come along.
COPY requirements-image.lock .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-image.lock
COPY . .
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
 && pip uninstall --yes --quiet hatchling pathspec pluggy trove-classifiers \
 && cd /klyngeflow/lib/python*/site-packages && rm -rf pandas/tests numpy/*/tests \
 && find babel/locale-data -name '*.dat' ! -name 'root.dat' ! -name 'da*.dat' ! -name 'en*.dat' -delete \
 && pip uninstall --yes --quiet pip setuptools

FROM ${PYTHON_IMAGE}
COPY --from=built /klyngeflow /klyngeflow
COPY --chmod=755 deploy/with-secrets.sh /klyngeflow/bin/with-secrets
ENV PATH=/klyngeflow/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --no-create-home klyngeflow
USER 10001
WORKDIR /tmp
ENTRYPOINT ["with-secrets"]
CMD ["klyngeflow", "--help"]
