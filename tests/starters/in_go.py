"""Go's row: one binary of the project and its handler, built once. Go's own caches keep what it is built from."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.brokers.cache import built_once, key_of
from tests.starters.language import TASKS, Handler, Language

_RECORDING = """\
// Package handler records what it has done, in a file that outlives the process.
package handler

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"time"

	"example.com/messaging/internal/messaging"
)

// Handle fails on "poison", else it sleeps and leaves a line.
func Handle(_ context.Context, message messaging.Message) error {
	if string(message.CONTENT) == `"poison"` {
		return errors.New("cannot be done")
	}
	seconds, _ := strconv.ParseFloat(os.Getenv("HANDLER_SECONDS"), 64)
	time.Sleep(time.Duration(seconds * float64(time.Second)))
	line, err := json.Marshal(map[string]any{"group": message.GROUP, "content": message.CONTENT, "pid": os.Getpid()})
	if err != nil {
		return err
	}
	file, err := os.OpenFile("handled.jsonl", os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.Write(append(line, '\\n'))
	return err
}
"""
_HANDLER = "internal/handler/handler.go"
_SETTINGS = {"CGO_ENABLED": "0", "GOFLAGS": "-trimpath"}  # as the Makefile has them, or nothing would be built once


def _handler(content: str, group: str) -> Handler:
    return Handler(path=_HANDLER, source=_RECORDING.replace("CONTENT", content).replace("GROUP", group))


def _build(starter: str, folder: Path) -> None:
    sources = sorted([*folder.rglob("*.go"), folder / "go.mod", folder / "go.sum"])
    shutil.copytree(built_once(key_of(starter, *sources), lambda place: _compile(place, folder)), folder / "bin")


def _compile(place: Path, folder: Path) -> None:
    command = ("go", "build", "-o", f"{place}/", "./cmd/...")
    subprocess.run(command, cwd=folder, env={**os.environ, **_SETTINGS}, check=True, timeout=600)


_BRIDGED = ("consume", "reachable")
_COMMANDS = {task: ("bin/messaging", task) for task in TASKS}

GO = Language(
    tools={"go": "Go 1.26 or newer (golang.org/dl)"},
    handlers={"kafka": _handler("Value", "Key"), "sqs": _handler("Body", "Group")},
    set_up=_build,
    commands={"kafka": _COMMANDS, "sqs": _COMMANDS, "bridge": {task: ("bin/bridge", task) for task in _BRIDGED}},
    environment={},
)
