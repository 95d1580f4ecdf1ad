# What the workload decided is in terraform.tfvars.json, its reasons in the project's settings.json.
# What only you know has no value there: kms_key_arn, if you have a key of your own; function_names, if you have functions.

variable "name" {
  description = "Begins the name of everything made here that is not a queue or a topic."
  type        = string
}

variable "region" {
  type = string
}

variable "topic_name" {
  description = "An SNS topic that copies each message into every queue; null where producers send to the queue."
  type        = string
  default     = null
}

variable "topic_archive_days" {
  description = "A FIFO topic keeps what was published for so many days, for readers to replay; null makes no archive, 0 ends one."
  type        = number
  default     = null
}

variable "queues" {
  description = "One queue for each system that reads, each with a dead-letter queue of its own."
  type = map(object({
    queue_name             = string
    dead_letter_queue_name = string
  }))

  validation {
    condition     = var.topic_name != null || length(var.queues) == 1
    error_message = "Several queues need a topic that copies messages into them."
  }
}

variable "fifo" {
  type = bool
}

variable "content_based_deduplication" {
  type = bool
}

variable "high_throughput_fifo" {
  type = bool
}

variable "max_message_bytes" {
  description = "The largest message that a queue takes. Above 262144 Terraform's AWS provider must be 6.8.0 or later."
  type        = number
}

variable "visibility_timeout_seconds" {
  type = number
}

variable "message_retention_seconds" {
  type = number
}

variable "dead_letter_retention_seconds" {
  type = number

  validation {
    condition     = var.dead_letter_retention_seconds >= var.message_retention_seconds
    error_message = "A message's age counts from its first sending, so the dead-letter queue must keep it at least as long."
  }
}

variable "wait_time_seconds" {
  type = number
}

variable "delay_seconds" {
  description = "The longest delay of a message; of every message where the queue is FIFO or fed by a topic."
  type        = number
}

variable "max_receive_count" {
  type = number
}

variable "batch_size" {
  description = "Lambda hands so many messages to a function at once, at most."
  type        = number
}

variable "function_names" {
  description = "The Lambda function that consumes, for each reader in queues that has one; none where the project's consumer polls."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.function_names), keys(var.queues))) == 0
    error_message = "Name the readers as in queues, such as reader-1."
  }
}

variable "own_key" {
  description = "Encryption with a key of your own was asked for."
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = "The KMS key, not its alias, that queues and topic are encrypted with; null leaves the keys to AWS."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn != null || !var.own_key
    error_message = "Encryption with a key of your own was asked for: give kms_key_arn."
  }

  # An alias is taken by AWS too, but in a policy it allows nothing.
  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "Give the ARN of the key itself, arn:aws:kms:<region>:<account>:key/..., not that of an alias."
  }
}

variable "alarm_age_seconds" {
  description = "The oldest message is older than this: consumers do not keep up."
  type        = number
}

variable "alarm_in_flight_messages" {
  description = "So many messages are received and not yet deleted: near the quota, at which receives return nothing."
  type        = number
}

variable "alarm_topic_arn" {
  description = "An SNS topic that tells the people on call; null makes alarms that only show."
  type        = string
  default     = null
}
