# `terraform test`: nothing is made, the provider is a stand-in. What AWS would answer is given where a value is read.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\": \"2012-10-17\", \"Statement\": []}" }
  }

  mock_data "aws_lambda_function" {
    defaults = { role = "arn:aws:iam::123456789012:role/service/mails" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:123456789012:jobs" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:123456789012:events" }
  }

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/jobs" }
  }
}

variables {
  own_key        = false
  topic_name     = "events"
  function_names = {}
  queues = {
    one = { queue_name = "one", dead_letter_queue_name = "one-dead" }
  }
}

run "without_a_key_of_yours_aws_has_the_keys" {
  assert {
    condition = alltrue([
      for queue in [aws_sqs_queue.main["one"], aws_sqs_queue.dead_letters["one"]] :
      queue.sqs_managed_sse_enabled && queue.kms_master_key_id == null
    ])
    error_message = "Queues are encrypted with SQS's own keys."
  }

  assert {
    condition     = aws_sns_topic.events[0].kms_master_key_id == "alias/aws/sns"
    error_message = "The topic is encrypted with the AWS managed key of SNS."
  }
}

run "a_key_of_yours_encrypts_everything_and_both_roles_may_use_it" {
  variables {
    own_key     = true
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/yours"
  }

  assert {
    condition = alltrue([
      for each in [aws_sqs_queue.main["one"], aws_sqs_queue.dead_letters["one"], aws_sns_topic.events[0]] :
      each.kms_master_key_id == var.kms_key_arn
    ])
    error_message = "Queue, dead-letter queue and topic are encrypted with the key."
  }

  assert {
    condition = alltrue([
      for policy in [data.aws_iam_policy_document.producer, data.aws_iam_policy_document.consumer["one"]] :
      [for each in policy.statement : sort(each.actions) if contains(each.resources, var.kms_key_arn)] ==
      [tolist(["kms:Decrypt", "kms:GenerateDataKey"])]
    ])
    error_message = "Who sends or receives may use the key."
  }
}

run "a_key_that_was_asked_for_is_not_forgotten" {
  command = plan

  variables {
    own_key = true
  }

  expect_failures = [var.kms_key_arn]
}

run "an_alias_of_a_key_is_refused" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:alias/yours"
  }

  expect_failures = [var.kms_key_arn]
}

run "a_message_that_reaches_no_queue_wakes_somebody" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.undelivered[0].dimensions == tomap({ TopicName = "events" })
    error_message = "The topic's failed deliveries are watched."
  }
}

run "what_the_topic_cannot_deliver_is_set_aside" {
  assert {
    condition     = jsondecode(aws_sns_topic_subscription.queue["one"].redrive_policy).deadLetterTargetArn == aws_sqs_queue.dead_letters["one"].arn
    error_message = "It goes to the dead-letter queue of the reader that lacks it."
  }

  assert {
    condition = { for name, policy in aws_sqs_queue_policy.topic_may_send : name => policy.queue_url } == {
      one = aws_sqs_queue.main["one"].id, one-dead-letters = aws_sqs_queue.dead_letters["one"].id
    }
    error_message = "The topic may send to both."
  }
}

run "what_is_to_be_replayed_is_archived" {
  command = plan

  variables {
    fifo               = true
    topic_name         = "events.fifo"
    topic_archive_days = 90
  }

  assert {
    condition     = jsondecode(aws_sns_topic.events[0].archive_policy) == { MessageRetentionPeriod = "90" }
    error_message = "The topic keeps what was published for 90 days."
  }
}

run "an_archive_can_be_ended" {
  command = plan

  variables {
    fifo               = true
    topic_name         = "events.fifo"
    topic_archive_days = 0
  }

  assert {
    condition     = aws_sns_topic.events[0].archive_policy == "{}"
    error_message = "An empty policy ends it."
  }
}

run "without_a_topic_there_are_no_deliveries" {
  command = plan

  variables {
    topic_name = null
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.undelivered) == 0
    error_message = "Nothing is watched that is not there."
  }
}

run "without_a_function_nothing_is_mapped" {
  command = plan

  assert {
    condition     = length(aws_lambda_event_source_mapping.queue) + length(aws_iam_role_policy_attachment.function) == 0
    error_message = "The project's consumer polls."
  }
}

run "a_function_is_handed_the_queue_and_may_poll_it" {
  variables {
    batch_size     = 7
    function_names = { one = "mails" }
  }

  assert {
    condition = [
      for each in aws_lambda_event_source_mapping.queue :
      [each.event_source_arn, each.function_name, each.batch_size, each.function_response_types]
    ] == [[aws_sqs_queue.main["one"].arn, "mails", 7, toset(["ReportBatchItemFailures"])]]
    error_message = "It gets what its reader's queue has, and only what it returns comes again."
  }

  assert {
    condition = [for each in aws_iam_role_policy_attachment.function : [each.role, each.policy_arn]] == [
      ["mails", aws_iam_policy.consumer["one"].arn]
    ]
    error_message = "Its role has the consumer's policy."
  }
}

run "a_function_of_no_reader_is_refused" {
  command = plan

  variables {
    function_names = { two = "mails" }
  }

  expect_failures = [var.function_names]
}

run "a_function_that_may_run_for_longer_than_it_is_lent_messages_is_refused" {
  command = plan

  variables {
    function_names             = { one = "mails" }
    visibility_timeout_seconds = 60
  }

  override_data {
    target = data.aws_lambda_function.consumer["one"]
    values = { role = "arn:aws:iam::123456789012:role/mails", timeout = 11 }
  }

  expect_failures = [aws_lambda_event_source_mapping.queue]
}
