locals {
  # A standard queue that is sent to directly delays a message by what its sender asks; else all wait alike.
  delay_seconds = var.fifo || var.topic_name != null ? var.delay_seconds : 0

  # The provider takes either this or a key.
  sqs_managed_sse = var.kms_key_arn == null ? true : null
}

resource "aws_sqs_queue" "dead_letters" {
  for_each = var.queues

  name                      = each.value.dead_letter_queue_name
  fifo_queue                = var.fifo
  message_retention_seconds = var.dead_letter_retention_seconds
  max_message_size          = var.max_message_bytes
  sqs_managed_sse_enabled   = local.sqs_managed_sse
  kms_master_key_id         = var.kms_key_arn
}

resource "aws_sqs_queue" "main" {
  for_each = var.queues

  name                        = each.value.queue_name
  fifo_queue                  = var.fifo
  content_based_deduplication = var.fifo ? var.content_based_deduplication : null
  deduplication_scope         = var.high_throughput_fifo ? "messageGroup" : null
  fifo_throughput_limit       = var.high_throughput_fifo ? "perMessageGroupId" : null
  max_message_size            = var.max_message_bytes
  visibility_timeout_seconds  = var.visibility_timeout_seconds
  message_retention_seconds   = var.message_retention_seconds
  receive_wait_time_seconds   = var.wait_time_seconds
  delay_seconds               = local.delay_seconds
  sqs_managed_sse_enabled     = local.sqs_managed_sse
  kms_master_key_id           = var.kms_key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters[each.key].arn
    maxReceiveCount     = var.max_receive_count
  })
}

# Nobody else's failures may end up among ours.
resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  for_each = var.queues

  queue_url = aws_sqs_queue.dead_letters[each.key].id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.main[each.key].arn]
  })
}
