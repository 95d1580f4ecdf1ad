"""FastAPI with a model of the questions and orjson writing the answer itself, past FastAPI's own encoder."""

from typing import Any

import orjson
from fastapi import FastAPI, Response
from pydantic import create_model

from bench.servers.engine import answer
from bench.servers.model import fields

Answers: Any = create_model("Answers", **fields())
application = FastAPI(docs_url=None, openapi_url=None)


@application.post("/api/v1/recommendations")
async def recommend(answers: Answers, explain: str = "summary") -> Response:
    """The one address."""
    document = answer(answers.model_dump(exclude_unset=True), explain)
    return Response(orjson.dumps(document), media_type="application/json")
