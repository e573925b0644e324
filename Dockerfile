# The page with its models inside: docker build -t dateline . ; compose.yaml runs it beside a Chroma server.
FROM python:3.11-slim-bookworm AS installed
WORKDIR /build
COPY pyproject.toml constraints.txt README.md LICENSE app.py ./
COPY corpus corpus
COPY indexer indexer
COPY chat chat
COPY web web
COPY eval eval
RUN python -m venv /opt/dateline \
    && /opt/dateline/bin/python -m pip install --no-cache-dir -c constraints.txt '.[local-llm,fast]'

FROM python:3.11-slim-bookworm
# OpenVINO and torch compute with OpenMP.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1=12.2.* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home dateline \
    && install -d -o dateline /data
COPY --from=installed /opt/dateline /opt/dateline
# The file system may be read-only: everything that is written goes to /data and /tmp.
ENV PATH=/opt/dateline/bin:$PATH \
    DATELINE_DATA=/data \
    HOME=/tmp \
    GRADIO_TEMP_DIR=/tmp/gradio \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
CMD ["dateline", "--host", "0.0.0.0"]
