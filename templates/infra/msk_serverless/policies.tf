# Attach these to the roles that your producers and consumers run with.

locals {
  of_cluster = local.cluster_arn
  of_topics  = { for topic in [var.topic, var.dead_letter_topic] : topic => "${replace(local.of_cluster, ":cluster/", ":topic/")}/${topic}" }
  of_groups  = "${replace(local.of_cluster, ":cluster/", ":group/")}/${var.consumer_group}*"
}

resource "aws_iam_policy" "producer" {
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

# Whoever runs `make topics` needs this once.
resource "aws_iam_policy" "topics" {
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
