# One image for every process of Baton; the command says which: `worker POOL...`, `api`, `migrate`.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md ./
RUN pip install --no-cache-dir "$(grep '^uv==' requirements.lock)" && uv venv /opt/baton
ENV VIRTUAL_ENV=/opt/baton UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
# Dependencies first: their layer is built again only when the lock changes. What only development needs stays out.
RUN uv pip compile --quiet --constraint requirements.lock pyproject.toml --output-file /tmp/runtime.lock \
    && uv pip sync --no-cache /tmp/runtime.lock
COPY domain domain
COPY store store
COPY integrations integrations
COPY activities activities
COPY workflows workflows
COPY gateway gateway
COPY workers workers
COPY api api
COPY cli cli
RUN uv pip install --no-cache --no-deps .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin baton
COPY --from=build /opt/baton /opt/baton
ENV PATH=/opt/baton/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BATON_LOG_FORMAT=json \
    BATON_HOST=0.0.0.0 \
    BATON_SMTP_LISTEN_HOST=0.0.0.0
USER 10001
WORKDIR /tmp
EXPOSE 8000 2525
STOPSIGNAL SIGTERM
ENTRYPOINT ["baton"]
CMD ["--help"]
