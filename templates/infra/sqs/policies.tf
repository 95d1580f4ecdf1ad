# Attach these to the roles that your producers and consumers run with: each allows what the project does, no more.

resource "aws_iam_policy" "producer" {
  name   = "${var.name}-queue-producer"
  policy = data.aws_iam_policy_document.producer.json
}

data "aws_iam_policy_document" "producer" {
  dynamic "statement" {
    for_each = aws_sns_topic.events

    content {
      actions   = ["sns:Publish"]
      resources = [statement.value.arn]
    }
  }

  # With a topic the queue is only asked for its account and Region, of which the topic's ARN is made.
  dynamic "statement" {
    for_each = aws_sqs_queue.main

    content {
      actions   = ["sqs:GetQueueUrl", var.topic_name == null ? "sqs:SendMessage" : "sqs:GetQueueAttributes"]
      resources = [statement.value.arn]
    }
  }

  # With a key of yours, who sends needs both.
  dynamic "statement" {
    for_each = var.kms_key_arn[*]

    content {
      actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_policy" "consumer" {
  for_each = var.queues

  name   = "${var.name}-queue-consumer-${each.key}"
  policy = data.aws_iam_policy_document.consumer[each.key].json
}

data "aws_iam_policy_document" "consumer" {
  for_each = var.queues

  statement {
    actions = [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueUrl",
      "sqs:GetQueueAttributes",
    ]
    resources = [aws_sqs_queue.main[each.key].arn]
  }

  # The consumer sets failing messages aside itself, with the reason.
  statement {
    actions   = ["sqs:SendMessage", "sqs:GetQueueUrl"]
    resources = [aws_sqs_queue.dead_letters[each.key].arn]
  }

  # With a key of yours, the one is for setting aside, the other for receiving.
  dynamic "statement" {
    for_each = var.kms_key_arn[*]

    content {
      actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
      resources = [statement.value]
    }
  }
}
