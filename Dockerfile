# Two steps: the first one may need a compiler (on ARM one package is built), the image that runs has none.
FROM python:3.12-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv
COPY requirements.txt requirements-ocr.txt requirements-providers.txt ./
RUN /opt/venv/bin/python -m pip install --no-cache-dir --retries 10 \
    -r requirements.txt -r requirements-ocr.txt -r requirements-providers.txt \
    && /opt/venv/bin/python -m pip uninstall -y pip

# No VOLUME (Railway takes none) and no USER: hosts hand over volumes that belong to root, so the start gives the data
# folder to uid 1000 and becomes it. With --user 1000:1000 it never is anybody else.
FROM python:3.12-slim-bookworm
RUN useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin answerbook \
    && mkdir /app /data && chown answerbook:answerbook /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ANSWERBOOK_DATA=/data \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_HEADLESS=true
EXPOSE 8501
# Whether the process answers, not whether its database does: what starts unhealthy containers anew would mend nothing.
HEALTHCHECK --interval=10s --timeout=6s --start-period=90s --retries=6 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8501') + '/api/alive', timeout=5)"]
CMD ["python", "hosting/start.py"]
