package messaging;

import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** One queue, and the client that reaches it. */
record Queue(SqsClient sqs, String url) {
  static Queue named(SqsClient sqs, String name) {
    try {
      return new Queue(sqs, sqs.getQueueUrl(request -> request.queueName(name)).queueUrl());
    } catch (QueueDoesNotExistException error) {
      throw new MissingException("no such queue: " + name + " (make queues creates it)");
    }
  }

  Map<QueueAttributeName, String> attributes(QueueAttributeName... names) {
    return sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(names))
        .attributes();
  }

  String arn() {
    return attributes(QueueAttributeName.QUEUE_ARN).get(QueueAttributeName.QUEUE_ARN);
  }
}
