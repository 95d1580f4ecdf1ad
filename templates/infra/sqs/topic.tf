# Fan-out: the topic copies each message into every queue. Without a topic_name nothing here is made. Terraform's AWS
# provider (5.100) does not know MaximumMessageSize: above 256 KiB the README has one more command.

resource "aws_sns_topic" "events" {
  count = var.topic_name == null ? 0 : 1

  name                        = var.topic_name
  fifo_topic                  = var.fifo
  content_based_deduplication = var.fifo ? var.content_based_deduplication : null
  fifo_throughput_scope       = var.high_throughput_fifo ? "MessageGroup" : null
  kms_master_key_id           = coalesce(var.kms_key_arn, "alias/aws/sns")

  # What readers replay from. An empty policy switches it off; the provider does not let it be null again.
  archive_policy = var.topic_archive_days == null ? null : jsonencode({
    for days in [var.topic_archive_days] : "MessageRetentionPeriod" => tostring(days) if days > 0
  })
}

resource "aws_sns_topic_subscription" "queue" {
  for_each = var.topic_name == null ? {} : var.queues

  topic_arn            = aws_sns_topic.events[0].arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.main[each.key].arn
  raw_message_delivery = true # the queue gets what was sent, not a JSON envelope around it

  # What cannot be delivered is not dropped.
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters[each.key].arn })

  depends_on = [aws_sqs_queue_policy.topic_may_send]
}

locals {
  fed_by_topic = var.topic_name == null ? {} : merge(
    aws_sqs_queue.main, { for reader, queue in aws_sqs_queue.dead_letters : "${reader}-dead-letters" => queue }
  )
}

resource "aws_sqs_queue_policy" "topic_may_send" {
  for_each = local.fed_by_topic

  queue_url = each.value.id
  policy    = data.aws_iam_policy_document.topic_may_send[each.key].json
}

data "aws_iam_policy_document" "topic_may_send" {
  for_each = local.fed_by_topic

  statement {
    actions   = ["sqs:SendMessage"]
    resources = [each.value.arn]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.events[0].arn]
    }
  }
}
