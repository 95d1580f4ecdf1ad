FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /srv/advisor

COPY requirements.txt ./
RUN pip install -r requirements.txt

COPY manage.py ./
COPY advisor advisor
COPY rules rules
COPY templates templates
RUN python -m compileall -q advisor

USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 2).close()"]

# A body that was promised and does not come holds a thread until its connection ends, so there are many; and a stop would
# wait for it.
# Inside a container every address is the container's own; what reaches it is for `docker run -p` to say.
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--blocking-threads", "64", "--workers-kill-timeout", "30", "--no-ws", "--log-level", "warning", "advisor.wsgi:application"]
