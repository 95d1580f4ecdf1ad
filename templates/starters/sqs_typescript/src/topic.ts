/** The SNS topic of the project: made here, and let send to the queue. Another reader is another queue on it. */
import { isDeepStrictEqual } from "node:util";
import { CreateTopicCommand, SetTopicAttributesCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, SetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { queueArn, required, snsClient } from "./client.js";
import { TOPIC_BYTES } from "./destinations.js";
import { log } from "./log.js";
import type { Settings } from "./settings.js";

/** The topic lies beside the queue, in the same account and Region. */
export async function topicArn(client: SQSClient, url: string, name: string): Promise<string> {
  const [partition, , region, account] = (await queueArn(client, url)).split(":").slice(1);
  return ["arn", partition, "sns", region, account, name].join(":");
}

/** Safe to run again. The queue gets messages as they were published, without SNS's envelope around them. */
export async function subscribe(
  sqs: SQSClient,
  url: string,
  name: string,
  settings: Settings,
): Promise<void> {
  const sns = snsClient(settings);
  const created = await sns.send(new CreateTopicCommand({ Name: name, Attributes: attributesOf(settings) }));
  const topic = required(created.TopicArn, "topic ARN");
  if (settings.max_message_bytes > TOPIC_BYTES) {
    const most = {
      AttributeName: "MaximumMessageSize",
      AttributeValue: String(settings.max_message_bytes),
    };
    await sns.send(new SetTopicAttributesCommand({ TopicArn: topic, ...most }));
  }
  const queue = await queueArn(sqs, url);
  await letSend(sqs, url, topic, queue);
  const raw = { RawMessageDelivery: "true" };
  await sns.send(
    new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint: queue, Attributes: raw }),
  );
  sns.destroy();
  log.info({ topic, queue }, "subscribed");
}

function attributesOf(settings: Settings): Record<string, string> {
  if (!settings.fifo) return {};
  return {
    FifoTopic: "true",
    ContentBasedDeduplication: String(settings.content_based_deduplication),
    ...(settings.high_throughput_fifo && { FifoThroughputScope: "MessageGroup" }),
  };
}

/** The queue's policy lets this topic send, and nothing else that was not let before. */
async function letSend(sqs: SQSClient, url: string, topic: string, queue: string): Promise<void> {
  const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["Policy"] });
  const found = (await sqs.send(asked)).Attributes?.Policy ?? '{"Version": "2012-10-17", "Statement": []}';
  const policy = JSON.parse(found) as { Statement: { Condition?: unknown }[] };
  const statement = {
    Effect: "Allow",
    Principal: { Service: "sns.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queue,
    Condition: { ArnEquals: { "aws:SourceArn": topic } },
  };
  if (policy.Statement.some(({ Condition }) => isDeepStrictEqual(Condition, statement.Condition))) return;
  policy.Statement.push(statement);
  const attributes = { Policy: JSON.stringify(policy) };
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));
}
