package messaging

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/messaging/internal/settings"
)

const requestAttempts = 5

func awsConfig(ctx context.Context, s settings.Settings) (aws.Config, error) {
	// A long poll is silent for its whole wait, and each worker has one open, and one to extend what it has in hand.
	caller := awshttp.NewBuildableClient().
		WithTimeout(time.Duration(s.WaitTimeSeconds+10) * time.Second).
		WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = 2*s.WorkerCount + 1 })
	options := []func(*config.LoadOptions) error{
		config.WithRegion(s.Region),
		config.WithRetryMaxAttempts(requestAttempts),
		config.WithHTTPClient(caller),
	}
	if s.EndpointURL != nil {
		options = append(options, config.WithBaseEndpoint(*s.EndpointURL))
		if strings.HasPrefix(*s.EndpointURL, "http://") {
			// Not AWS, and not encrypted: a local server must not be shown anybody's real keys.
			local := credentials.NewStaticCredentialsProvider("local", "local", "")
			options = append(options, config.WithCredentialsProvider(local))
		}
	}
	return config.LoadDefaultConfig(ctx, options...)
}

func newSQS(ctx context.Context, s settings.Settings) (*sqs.Client, error) {
	found, err := awsConfig(ctx, s)
	return sqs.NewFromConfig(found), err
}

func newSNS(ctx context.Context, s settings.Settings) (*sns.Client, error) {
	found, err := awsConfig(ctx, s)
	return sns.NewFromConfig(found), err
}

func queueURL(ctx context.Context, client *sqs.Client, name string) (string, error) {
	found, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	var isMissing *types.QueueDoesNotExist
	if errors.As(err, &isMissing) {
		return "", fmt.Errorf("no such queue: %s (make queues creates it)", name)
	}
	if err != nil {
		return "", err
	}
	return *found.QueueUrl, nil
}

func queueARN(ctx context.Context, client *sqs.Client, url string) (string, error) {
	asked := []types.QueueAttributeName{types.QueueAttributeNameQueueArn}
	found, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: asked})
	if err != nil {
		return "", err
	}
	return found.Attributes[string(types.QueueAttributeNameQueueArn)], nil
}
