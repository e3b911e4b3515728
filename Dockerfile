FROM python:3.13-slim AS packages
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements-production.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-production.txt

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin kissanmitra
COPY --from=packages /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 KISSANMITRA_DEMO=0 HOST=0.0.0.0 PORT=8000
WORKDIR /srv/kissanmitra
COPY . .
# A volume mounted here takes over its owner.
RUN mkdir var && chown kissanmitra: var
USER kissanmitra
EXPOSE 8000
CMD ["bin/web", "--workers", "2"]
