/** What the bridge needs and the projects beside it make. */
import { Admin } from "@platformatic/kafka";
import { connection, MissingError } from "./connection.js";
import type { Settings } from "./settings.js";

/** A bridge from a topic that is not there would wait for ever, and in silence. */
export async function requireTopics(settings: Settings): Promise<void> {
  const admin = new Admin(connection(settings));
  try {
    const existing = await admin.listTopics();
    const missing = [settings.topic, settings.dead_letter_topic].filter((topic) => !existing.includes(topic));
    if (missing.length > 0)
      throw new MissingError(`no such topic: ${missing.join(", ")} (make topics, in the Kafka project)`);
  } finally {
    await admin.close();
  }
}
