/** Where a batch goes: straight to the queue, or to a topic that hands it to the queue of every reader. */
import { NotFoundException, PublishBatchCommand, type SNSClient } from "@aws-sdk/client-sns";
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { MissingError } from "./client.js";

export interface Entry {
  readonly id: string;
  readonly text: string;
  readonly group?: string;
  readonly deduplicationId?: string | undefined;
  readonly delaySeconds?: number | undefined;
}

export interface Failure {
  readonly Id: string | undefined;
  readonly SenderFault: boolean | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
}

export interface Destination {
  readonly maxBytes: number;
  send(batch: readonly Entry[]): Promise<readonly Failure[]>;
}

export function toQueue(client: SQSClient, url: string): Destination {
  return {
    maxBytes: 1_048_576, // of one batch: docs.aws.amazon.com, "Amazon SQS message quotas"
    async send(batch) {
      const entries = batch.map((entry) => ({
        MessageBody: entry.text,
        DelaySeconds: entry.delaySeconds,
        ...identity(entry),
      }));
      const { Failed: failed = [] } = await client.send(
        new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }),
      );
      return failed;
    },
  };
}

/** What a topic takes in one batch until its MaximumMessageSize is raised: API reference of Amazon SNS, PublishBatch. */
export const TOPIC_BYTES = 262_144;

export function toTopic(client: SNSClient, arn: string, mostBytes: number): Destination {
  return {
    maxBytes: Math.max(TOPIC_BYTES, mostBytes),
    async send(batch) {
      const entries = batch.map((entry) => ({ Message: entry.text, ...identity(entry) }));
      try {
        const { Failed: failed = [] } = await client.send(
          new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries: entries }),
        );
        return failed;
      } catch (error) {
        if (!(error instanceof NotFoundException)) throw error;
        throw new MissingError(`no such topic: ${arn} (make queues makes it)`, { cause: error });
      }
    },
  };
}

function identity({ id, group, deduplicationId }: Entry) {
  return { Id: id, MessageGroupId: group, MessageDeduplicationId: deduplicationId };
}
