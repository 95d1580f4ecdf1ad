"""Java's row: classes and jars that Maven has built once for each handler, run by the JVM itself."""

import shutil
import subprocess
from pathlib import Path

from tests.brokers.cache import built_once, key_of
from tests.starters.language import Handler, Language

_RECORDING = """\
package messaging;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Records what it has done, in a file that outlives the process. */
public final class Handler implements Handle {{
  @Override
  public void handle(Message message) throws Exception {{
    if (message.{content}().asText().equals("poison")) {{
      throw new IllegalArgumentException("cannot be done");
    }}
    String seconds = System.getenv().getOrDefault("HANDLER_SECONDS", "0");
    Thread.sleep((long) (1000 * Double.parseDouble(seconds)));
    Map<String, Object> line = new HashMap<>();
    line.put("group", message.{group}());
    line.put("content", message.{content}());
    line.put("pid", ProcessHandle.current().pid());
    byte[] written = (Json.MAPPER.writeValueAsString(line) + "\\n").getBytes(StandardCharsets.UTF_8);
    Files.write(
        Path.of("handled.jsonl"), written, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }}
}}
"""
_HANDLER = "src/main/java/messaging/Handler.java"
_SMALL = ("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")  # starts in half the time


def _attach_build(starter: str, folder: Path) -> None:
    """The classes are copied, as make may compile them anew; the jars are shared."""
    sources = sorted(path for path in (folder / "src" / "main").rglob("*") if path.is_file())
    built = built_once(key_of(starter, folder / "pom.xml", *sources), lambda place: _build(place, folder))
    target = folder / "target"
    shutil.copytree(built / "classes", target / "classes")
    (target / "lib").symlink_to(built / "lib")
    (target / "built").touch()  # make would build once more if the sources looked newer


def _build(place: Path, folder: Path) -> None:
    maven = ("mvn", "-q", "-B", "-Dmaven.test.skip=true", "package")
    subprocess.run(maven, cwd=folder, check=True, timeout=600, stdout=subprocess.DEVNULL)
    for part in ("classes", "lib"):
        shutil.move(folder / "target" / part, place / part)
    shutil.rmtree(folder / "target")


def _programs(package: str, **programs: str) -> dict[str, tuple[str, ...]]:
    java = ("java", *_SMALL, "-cp", "target/classes:target/lib/*")
    return {task: (*java, f"{package}.{program}") for task, program in programs.items()}


def _commands(create: str) -> dict[str, tuple[str, ...]]:
    own = {"create": create, "send": "SendSamples", "consume": "Consumer"}
    return _programs("messaging", **own, bench="Bench", reachable="Reachable")


JAVA = Language(
    tools={
        "java": "a Java development kit, 17 or newer (Debian: apt-get install openjdk-17-jdk-headless)",
        "javac": "a Java development kit, 17 or newer (Debian: apt-get install openjdk-17-jdk-headless)",
        "mvn": "Apache Maven, 3.8 or newer (Debian: apt-get install maven)",
    },
    handlers={
        "kafka": Handler(path=_HANDLER, source=_RECORDING.format(content="value", group="key")),
        "sqs": Handler(path=_HANDLER, source=_RECORDING.format(content="body", group="group")),
    },
    set_up=_attach_build,
    commands={
        "kafka": _commands("Topics"),
        "sqs": _commands("Queues"),
        "bridge": _programs("bridge", consume="Bridge", reachable="Reachable"),
    },
    environment={},
)
