"""One JSON object a line on standard error: log.info("handled", extra={"fields": {"key": ...}})."""

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up_logs(level: int = logging.INFO) -> None:
    output = logging.StreamHandler()
    output.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[output], force=True)
    logging.getLogger("kafka").setLevel(logging.ERROR)
    logging.getLogger("botocore").setLevel(logging.WARNING)
