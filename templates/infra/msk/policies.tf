# Attach these to the roles that your producers and consumers run with. They count with IAM only: other ways to sign in
# are not asked for a policy, and are held by Kafka's own ACLs instead.

locals {
  of_cluster = local.cluster.arn
  of_topics  = { for topic in [var.topic, var.dead_letter_topic] : topic => "${replace(local.of_cluster, ":cluster/", ":topic/")}/${topic}" }
  of_groups  = "${replace(local.of_cluster, ":cluster/", ":group/")}/${var.consumer_group}*"
}

resource "aws_iam_policy" "producer" {
  count = local.is_iam ? 1 : 0

  name   = "${var.name}-kafka-producer"
  policy = data.aws_iam_policy_document.producer.json
}

data "aws_iam_policy_document" "producer" {
  statement {
    actions   = ["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"]
    resources = [local.of_cluster]
  }

  statement {
    actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
    resources = [local.of_topics[var.topic]]
  }
}

resource "aws_iam_policy" "consumer" {
  count = local.is_iam ? 1 : 0

  name   = "${var.name}-kafka-consumer"
  policy = data.aws_iam_policy_document.consumer.json
}

data "aws_iam_policy_document" "consumer" {
  statement {
    actions   = ["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"]
    resources = [local.of_cluster]
  }

  statement {
    actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"]
    resources = [local.of_topics[var.topic]]
  }

  statement {
    actions   = ["kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"]
    resources = [local.of_groups]
  }

  # The consumer sets failing records aside itself, with the reason.
  statement {
    actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
    resources = [local.of_topics[var.dead_letter_topic]]
  }
}

# The bridge reads as a group of its own, sets unsendable records aside, and fills the queue, which lies in the cluster's
# account and Region.
resource "aws_iam_policy" "bridge" {
  count = local.is_iam && var.bridge != null ? 1 : 0

  name   = "${var.name}-bridge"
  policy = data.aws_iam_policy_document.bridge[0].json
}

data "aws_iam_policy_document" "bridge" {
  count = var.bridge == null ? 0 : 1

  statement {
    actions   = ["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"]
    resources = [local.of_cluster]
  }

  statement {
    actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"]
    resources = [local.of_topics[var.topic]]
  }

  statement {
    actions   = ["kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"]
    resources = ["${replace(local.of_cluster, ":cluster/", ":group/")}/${var.bridge.group}"]
  }

  statement {
    actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
    resources = [local.of_topics[var.dead_letter_topic]]
  }

  statement {
    actions   = ["sqs:SendMessage", "sqs:GetQueueUrl"]
    resources = ["${replace(regex("^arn:[^:]+:kafka:[^:]+:[^:]+:", local.of_cluster), ":kafka:", ":sqs:")}${var.bridge.queue_name}"]
  }
}

# Whoever runs `make topics` needs this once.
resource "aws_iam_policy" "topics" {
  count = local.is_iam ? 1 : 0

  name   = "${var.name}-kafka-topics"
  policy = data.aws_iam_policy_document.topics.json
}

data "aws_iam_policy_document" "topics" {
  statement {
    actions   = ["kafka-cluster:Connect"]
    resources = [local.of_cluster]
  }

  statement {
    actions = [
      "kafka-cluster:CreateTopic",
      "kafka-cluster:DescribeTopic",
      "kafka-cluster:DescribeTopicDynamicConfiguration",
      "kafka-cluster:AlterTopicDynamicConfiguration",
    ]
    resources = values(local.of_topics)
  }
}
